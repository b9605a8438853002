"""The layer table lists what runs, as it runs, and leaves the model as it was."""

import random
from collections import OrderedDict

import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup
from torch import nn
from torchvision import models

from cnnvis.layers.table import Layer, LayerTable, layer_table
from cnnvis.models.architectures import SmallCNN


@pytest.fixture(scope="module")
def table():
    return layer_table(SmallCNN(widths=(2, 4, 6)), torch.rand(2, 1, 28, 20))


class Squeeze(nn.Module):
    """A convolution, then each channel times a share that depends on the whole image."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Conv2d(4, 4, 1)
        self.gate = nn.Sigmoid()
        self.act = nn.ReLU()

    def forward(self, x):
        x = self.conv(x)
        return self.act(x * self.gate(self.fc(self.pool(x))))


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.wide, self.narrow = nn.Conv2d(1, 2, 5, padding=2), nn.Conv2d(1, 2, 1)
        self.after = nn.Conv2d(5, 3, 3)

    def forward(self, x):
        return self.after(torch.cat([x, self.narrow(x), self.wide(x)], dim=1))


class Unknown(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.act, self.last = nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Conv2d(2, 2, 1)

    def forward(self, x):
        return self.last(self.act(torch.fft.fft2(self.conv(x)).real))


# What it lists


def test_layers_stand_in_running_order_with_their_shapes(table):
    assert [(row.name, row.kind, row.shape) for row in table] == [
        ("conv1", "Conv2d", (2, 2, 28, 20)),
        ("relu1", "ReLU", (2, 2, 28, 20)),
        ("pool1", "MaxPool2d", (2, 2, 14, 10)),
        ("conv2", "Conv2d", (2, 4, 14, 10)),
        ("relu2", "ReLU", (2, 4, 14, 10)),
        ("pool2", "MaxPool2d", (2, 4, 7, 5)),
        ("conv3", "Conv2d", (2, 6, 7, 5)),
        ("relu3", "ReLU", (2, 6, 7, 5)),
        ("pool3", "MaxPool2d", (2, 6, 3, 2)),
        ("squeeze", "AdaptiveAvgPool2d", (2, 6, 3, 3)),
        ("fc", "Linear", (2, 10)),
    ]


def test_running_order_is_not_the_order_of_definition():
    class Backwards(nn.Module):
        def __init__(self):
            super().__init__()
            self.second, self.first = nn.ReLU(), nn.Conv2d(1, 1, 1)
            self.unused = nn.Conv2d(1, 1, 1)

        def forward(self, x):
            return self.second(self.first(x))

    table = layer_table(Backwards(), torch.rand(1, 1, 4, 4))
    assert [row.name for row in table] == ["first", "second"]


@pytest.mark.parametrize(
    "build", [models.resnet18, models.squeezenet1_1, models.mobilenet_v3_small, models.densenet121]
)
def test_parameters_add_up_to_the_model_s(build):
    model = build(weights=None)
    table = layer_table(model, torch.rand(1, 3, 64, 64))
    assert sum(row.parameters for row in table) == sum(p.numel() for p in model.parameters())
    assert all(row.receptive_field is not None for row in table), "a field was lost"
    sizes = [row.receptive_field.size[0] for row in table if row.kind == "Conv2d"]
    assert sizes[0] == 7 if build in (models.resnet18, models.densenet121) else 3


def test_a_second_run_has_a_row_of_its_own_and_no_parameters():
    shared = nn.Conv2d(1, 1, 3)
    table = layer_table(nn.Sequential(shared, nn.ReLU(), shared), torch.rand(1, 1, 9, 9))
    assert [row.name for row in table] == ["0", "1", "0#2"]
    assert [row.parameters for row in table] == [10, 0, 0]
    assert [row.receptive_field.size for row in table] == [(3, 3), (3, 3), (5, 5)]
    assert table["0#2"].shape == (1, 1, 5, 5)


def test_outputs_that_are_no_single_tensor_have_no_shape():
    class Recurrent(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.lstm = nn.Conv2d(1, 2, 1), nn.LSTM(4, 3)

        def forward(self, x):
            return self.lstm(self.conv(x)[0])[0]

    row = layer_table(Recurrent(), torch.rand(1, 1, 5, 4))["lstm"]
    assert (row.shape, row.receptive_field) == (None, None)
    assert row.cells() == ("lstm", "LSTM", "–", "108", "unknown", "–")


def test_a_model_that_is_a_leaf():
    table = layer_table(nn.Conv2d(1, 2, 3), torch.rand(1, 1, 8, 8))
    assert [row.name for row in table] == [""]
    assert table[0].cells() == ("(the model)", "Conv2d", "1×2×6×6", "20", "3×3", "1×1")


def test_squeeze_and_excitation_sees_the_whole_image():
    table = layer_table(Squeeze(), torch.rand(1, 1, 9, 9))
    fields = {row.name: str(row.receptive_field) for row in table}
    assert fields == {
        "conv": "3×3",
        "pool": "whole image",
        "fc": "whole image",
        "gate": "whole image",
        "act": "whole image",
    }


def test_what_every_unit_shares_has_no_stride():
    table = layer_table(Squeeze(), torch.rand(1, 1, 9, 9))
    assert [row.cells()[5] for row in table] == ["1×1", "–", "–", "–", "–"]


def test_branches_that_join_see_what_the_widest_sees():
    table = layer_table(Branches(), torch.rand(1, 1, 9, 9))
    assert [str(row.receptive_field) for row in table] == ["1×1", "5×5", "7×7"]
    assert table["after"].receptive_field.start == (-2, -2)


def test_the_first_dense_block_of_densenet_widens_by_its_kernels():
    table = layer_table(models.densenet121(weights=None), torch.rand(1, 3, 64, 64))
    block = [row for row in table if row.name.startswith("features.denseblock1.")]
    sizes = [row.receptive_field.size[0] for row in block if row.name.endswith("conv2")]
    assert sizes == [11 + 8 * (1 + at) for at in range(6)]
    assert {row.receptive_field.stride for row in block} == {(4, 4)}


def test_what_cannot_be_followed_is_called_unknown():
    table = layer_table(Unknown(), torch.rand(1, 1, 9, 9))
    assert [row.cells()[4:] for row in table] == [
        ("3×3", "1×1"),
        ("unknown", "–"),
        ("unknown", "–"),
    ]


def test_a_name_may_hold_a_hash():
    model = nn.Sequential(OrderedDict([("conv#1", nn.Conv2d(1, 1, 1))]))
    assert layer_table(model, torch.rand(1, 1, 4, 4))["conv#1"].parameters == 2


def test_the_example_may_be_of_another_type():
    table = layer_table(SmallCNN().double(), torch.rand(1, 1, 9, 9).double())
    assert table["conv3"].receptive_field.size == (18, 18)


# The table


def test_rows_by_position_slice_and_name(table):
    assert len(table) == 11
    assert table[0] is table["conv1"] is next(iter(table))
    assert table[-1].name == "fc"
    part = table[3:9:3]
    assert isinstance(part, LayerTable)
    assert [row.name for row in part] == ["conv2", "conv3"]
    assert table["conv2"] in table
    assert isinstance(table["conv2"], Layer)
    with pytest.raises(KeyError, match=r"no layer 'conv9'; it has conv1, relu1, .*fc"):
        table["conv9"]
    with pytest.raises(IndexError):
        table[11]


def test_it_prints_as_aligned_columns(table):
    assert repr(table[:3]) == "\n".join(
        [
            "layer  kind       output shape  parameters  receptive field  stride",
            "─────  ─────────  ────────────  ──────────  ───────────────  ──────",
            "conv1  Conv2d     2×2×28×20     20          3×3              1×1",
            "relu1  ReLU       2×2×28×20     –           3×3              1×1",
            "pool1  MaxPool2d  2×2×14×10     –           4×4              2×2",
        ]
    )
    assert str(table) == repr(table)


def test_an_empty_table_prints_its_heads(table):
    assert repr(table[:0]).splitlines()[0].split("  ")[0] == "layer"
    assert len(repr(table[:0]).splitlines()) == 2


def test_large_numbers_are_grouped():
    row = layer_table(nn.Linear(100, 1000), torch.rand(1, 100))[0]
    assert row.cells()[3] == "101,000"


def test_its_html_says_the_same(table):
    page = BeautifulSoup(table._repr_html_(), "html.parser")
    heads = page.select("table.cnnvis-layers > thead > tr > th[scope=col]")
    assert [head.text for head in heads] == list(LayerTable.HEADS)
    rows = page.select("tbody > tr")
    assert [tuple(cell.text for cell in row.select("th, td")) for row in rows] == [
        row.cells() for row in table
    ]
    assert all(len(row.select("th[scope=row]")) == 1 for row in rows)


def test_its_html_is_escaped():
    model = nn.Sequential(OrderedDict([("<b>&", nn.ReLU())]))
    text = layer_table(model, torch.rand(1, 1, 4, 4))._repr_html_()
    assert "&lt;b&gt;&amp;" in text
    assert "<b>" not in text


# No trace


def test_the_model_is_left_as_it_was():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Dropout(), nn.ReLU(True))
    model[2].eval()
    model(torch.rand(4, 1, 8, 8)).sum().backward()
    modes = [module.training for module in model.modules()]
    state = {name: value.clone() for name, value in model.state_dict().items()}
    gradients = [one.grad.clone() for one in model.parameters()]
    draws = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    example = torch.rand(4, 1, 8, 8, generator=torch.Generator().manual_seed(0)) - 0.5
    before = example.clone()
    layer_table(model, example)
    assert [module.training for module in model.modules()] == modes
    assert all(torch.equal(state[name], value) for name, value in model.state_dict().items())
    assert all(torch.equal(a, b.grad) for a, b in zip(gradients, model.parameters(), strict=True))
    assert torch.equal(torch.get_rng_state(), draws[0])
    np.testing.assert_array_equal(np.random.get_state()[1], draws[1])  # noqa: NPY002
    assert random.getstate() == draws[2]
    assert torch.equal(example, before)
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())


class Noisy(nn.Module):
    """Draws random numbers in evaluation mode too."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1)

    def forward(self, x):
        return self.conv(x + torch.randn_like(x))


def test_random_numbers_that_the_model_draws_are_given_back():
    model, example = Noisy(), torch.rand(1, 1, 4, 4)
    before = torch.get_rng_state()
    layer_table(model, example)
    assert torch.equal(torch.get_rng_state(), before)


def test_gradients_are_not_followed_and_stay_enabled():
    seen = []
    model = nn.Sequential(nn.Conv2d(1, 1, 1))
    model[0].register_forward_hook(lambda _, __, output: seen.append(output.requires_grad))
    layer_table(model, torch.rand(1, 1, 4, 4))
    assert seen == [False]
    assert torch.is_grad_enabled()


# Errors


def test_a_model_that_fails_is_answered_with_the_last_layer():
    model = nn.Sequential(OrderedDict(conv=nn.Conv2d(1, 2, 3), act=nn.ReLU(), fc=nn.Linear(7, 2)))
    model.train()
    with pytest.raises(RuntimeError, match=r"shape \(1, 1, 9, 8\); 'act' was the last") as caught:
        layer_table(model, torch.rand(1, 1, 9, 8))
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert str(caught.value.__cause__) in str(caught.value)
    assert model.training
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())


def test_a_model_that_fails_at_once():
    with pytest.raises(RuntimeError, match=r"shape \(1, 3, 9, 9\); no layer ran"):
        layer_table(SmallCNN(), torch.rand(1, 3, 9, 9))


@pytest.mark.parametrize("example", [None, np.zeros((1, 1, 9, 9)), (1, 1, 9, 9), [torch.rand(1)]])
def test_an_example_that_is_no_tensor(example):
    with pytest.raises(TypeError, match=r"example must be a tensor \(N, C, H, W\); got"):
        layer_table(SmallCNN(), example)


def test_what_is_no_model():
    with pytest.raises(TypeError, match=r"torch\.nn\.Module; got str"):
        layer_table("resnet18", torch.rand(1, 3, 9, 9))
