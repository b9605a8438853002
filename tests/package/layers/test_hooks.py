"""What capture records is right whatever the model does to it, and nothing stays behind."""

import gc
import weakref
from collections import OrderedDict, namedtuple
from functools import partial

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torchvision import models

from cnnvis.layers.hooks import Activations, capture, eval_mode

Pair = namedtuple("Pair", ["first", "second"])
HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_forward_hooks_always_called")


def hook_counts(model):
    return {
        (name, kind): len(getattr(module, kind))
        for name, module in model.named_modules()
        for kind in HOOKS
    }


class Model(nn.Module):
    """Modules by name, run by a function of the model and its input."""

    def __init__(self, run, **parts):
        super().__init__()
        self.run = run
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        return self.run(self, x)


def conv(inputs=1, outputs=3, **options):
    return nn.Conv2d(inputs, outputs, 3, padding=1, **options)


@pytest.fixture
def images():
    return torch.randn(2, 1, 5, 8, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def net():
    """Two convolutions that share one in-place ReLU."""
    return Model(
        lambda m, x: m.relu(m.conv2(m.relu(m.conv1(x)))),
        conv1=conv(),
        conv2=conv(3, 4),
        relu=nn.ReLU(inplace=True),
    )


class Breaking(nn.Module):
    """Convolution, ReLU, then an error as long as ``broken`` is true, then another ReLU."""

    def __init__(self):
        super().__init__()
        self.conv, self.relu, self.late = conv(), nn.ReLU(), nn.ReLU()
        self.broken = True

    def forward(self, x):
        x = self.relu(self.relu(self.conv(x)))
        if self.broken:
            raise RuntimeError("broken")
        return self.late(x)


# What is recorded


def test_values_are_right_under_in_place_relus(net, images):
    with capture(net) as maps:
        result = net(images)
    first = F.conv2d(images, net.conv1.weight, net.conv1.bias, padding=1)
    second = F.conv2d(first.relu(), net.conv2.weight, net.conv2.bias, padding=1)
    torch.testing.assert_close(maps["conv1"], first)
    torch.testing.assert_close(maps["relu"], first.relu())
    torch.testing.assert_close(maps["conv2"], second)
    torch.testing.assert_close(maps["relu#2"], second.relu())
    assert (maps["conv1"] < 0).any()
    assert list(maps) == ["conv1", "relu", "conv2", "relu#2"]
    assert torch.equal(maps["relu#2"], result)


@pytest.mark.parametrize(
    "then",
    [F.relu_, lambda x: F.relu(x, inplace=True), lambda x: x.mul_(0), lambda x: x.add_(1).exp_()],
)
def test_values_are_right_under_functional_in_place_calls(then, images):
    model = Model(lambda m, x: then(m.conv(x)), conv=conv())
    with torch.no_grad(), capture(model, "conv") as maps:
        model(images)
    expected = F.conv2d(images, model.conv.weight, model.conv.bias, padding=1)
    torch.testing.assert_close(maps["conv"], expected)


@pytest.mark.parametrize("shape", [(1, 1, 7, 3), (3, 2, 1, 9), (2, 5, 6, 6)])
def test_any_batch_channels_and_shape(shape):
    model = nn.Sequential(conv(shape[1], 4), nn.ReLU())
    with capture(model, ["0"]) as maps:
        model(torch.randn(shape))
    assert maps["0"].shape == (shape[0], 4, *shape[2:])


def test_copies_are_detached_and_stand_alone(net, images):
    with capture(net) as maps:
        result = net(images)
    assert not any(kept.requires_grad for kept in maps.values())
    before = result.detach().clone()
    maps["relu#2"].zero_()
    assert torch.equal(result, before)


def test_live_tensors_carry_gradients(images):
    model = Model(lambda m, x: m.fc(m.conv(x).relu().flatten(1)), conv=conv(), fc=nn.Linear(120, 2))
    with capture(model, "conv", copy=False) as maps:
        logits = model(images)
    (gradient,) = torch.autograd.grad(logits[:, 0].sum(), maps["conv"])
    kernel = model.fc.weight[0].reshape(1, 3, 5, 8)
    torch.testing.assert_close(gradient, kernel * (maps["conv"] > 0))


def test_parameter_gradients_are_untouched_and_still_flow(net, images):
    net(images).sum().backward()
    before = [one.grad.clone() for one in net.parameters()]
    with capture(net):
        result = net(images)
    assert all(torch.equal(a, b.grad) for a, b in zip(before, net.parameters(), strict=True))
    net.zero_grad()
    result.sum().backward()
    for a, b in zip(before, net.parameters(), strict=True):
        torch.testing.assert_close(a, b.grad)


def test_the_result_is_that_of_the_bare_model(net, images):
    expected = net(images)
    with capture(net):
        assert torch.equal(net(images), expected)


@pytest.mark.parametrize("wrap", [torch.no_grad, torch.inference_mode, torch.enable_grad])
def test_under_every_gradient_mode(wrap, net, images):
    with wrap(), capture(net) as maps:
        net(images)
    assert (maps["conv1"] < 0).any()
    assert (maps["relu"] >= 0).all()
    assert not maps["conv1"].requires_grad


def test_a_bfloat16_model(net, images):
    net.bfloat16()
    with capture(net) as maps:
        net(images.bfloat16())
    assert maps["conv1"].dtype == torch.bfloat16
    assert (maps["conv1"] < 0).any()


def test_hooks_of_the_user_come_first(net, images):
    net.conv1.register_forward_hook(lambda module, inputs, output: output * 0 + 7)  # noqa: ARG005
    with capture(net, "conv1") as maps:
        net(images)
    assert (maps["conv1"] == 7).all()
    assert len(net.conv1._forward_hooks) == 1


# Passes and runs


def test_the_last_of_two_passes_stands(images):
    model = Model(
        lambda m, x: m.relu(m.relu(m.conv(x))) if m.twice else m.relu(m.conv(x)),
        conv=conv(),
        relu=nn.ReLU(),
    )
    model.twice = True
    with capture(model) as maps:
        model(images)
        assert list(maps) == ["conv", "relu", "relu#2"]
        model.twice = False
        model(images[:1])
    assert list(maps) == ["conv", "relu"]
    assert len(maps["conv"]) == 1


def test_runs_are_counted_anew_in_each_pass(net, images):
    with capture(net) as maps:
        for _ in range(3):
            net(images)
    assert list(maps) == ["conv1", "relu", "conv2", "relu#2"]


def test_runs_beyond_the_second_are_counted(images):
    model = Model(lambda m, x: m.act(m.act(m.act(x + 1) + 1) + 1), act=nn.Identity())
    with capture(model) as maps:
        model(images)
    assert list(maps) == ["act", "act#2", "act#3"]
    torch.testing.assert_close(maps["act#3"], images + 3)


def test_parts_that_run_outside_a_whole_pass(net, images):
    with capture(net) as maps:
        net.conv1(images)
        net.relu(images.clone())
        net.relu(images - 1)
        assert list(maps) == ["conv1", "relu"]
        assert torch.equal(maps["relu"], (images - 1).relu())
        net(images)
        assert list(maps) == ["conv1", "relu", "conv2", "relu#2"]
        net.conv1(images * 0)
        torch.testing.assert_close(maps["conv1"][0, :, 0, 0], net.conv1.bias.detach())


def test_the_recording_outlives_the_block_and_later_passes(net, images):
    with capture(net) as maps:
        net(images)
    before = maps["conv1"].clone()
    net(images * 2)
    assert torch.equal(maps["conv1"], before)


# Which layers


def test_none_records_every_leaf(images):
    inner = nn.Sequential(nn.ReLU(), nn.Sequential(nn.Identity()))
    model = nn.Sequential(OrderedDict(conv=conv(), inner=inner))
    with capture(model) as maps:
        model(images)
    assert list(maps) == ["conv", "inner.0", "inner.1.0"]


def test_layers_by_type_and_in_mixed_lists(net, images):
    def recorded(layers):
        with capture(net, layers) as maps:
            net(images)
        return list(maps)

    assert recorded(nn.Conv2d) == ["conv1", "conv2"]
    assert recorded([nn.ReLU, "conv2"]) == ["relu", "conv2", "relu#2"]
    assert recorded(nn.modules.conv._ConvNd) == ["conv1", "conv2"]
    assert recorded(["conv1", nn.Conv2d]) == ["conv1", "conv2"]
    assert recorded(name for name in ("conv2",)) == ["conv2"]
    assert recorded({"conv2"}) == ["conv2"]
    assert recorded("conv1") == ["conv1"]


def test_containers_can_be_recorded(images):
    model = nn.Sequential(OrderedDict(block=nn.Sequential(conv(), nn.ReLU(inplace=True))))
    with capture(model, ["block", "block.0"]) as maps:
        result = model(images)
    assert list(maps) == ["block.0", "block"]
    assert torch.equal(maps["block"], result)


def test_a_model_that_is_a_leaf(images):
    model = conv()
    with capture(model) as maps:
        result = model(images)
        model(images)
    assert list(maps) == [""]
    assert torch.equal(maps[""], result)
    assert len(model._forward_hooks) == 0


def test_a_module_with_two_names_goes_by_its_first(images):
    act = nn.ReLU()
    model = Model(lambda m, x: m.second(m.first(m.conv(x))), conv=conv(), first=act, second=act)
    for layers in (None, "first", "second", ["second", "first"], nn.ReLU):
        with capture(model, layers) as maps:
            model(images)
        assert [name for name in maps if name != "conv"] == ["first", "first#2"]


def test_a_shared_block_is_known_by_both_paths(images):
    block = nn.Sequential(nn.ReLU())
    model = nn.Sequential(OrderedDict(a=block, b=block))
    with capture(model, "b.0") as maps:
        model(images)
    assert list(maps) == ["a.0", "a.0#2"]


# Containers


def outputs(x):
    return {
        "tuple": (x, x + 1),
        "list": [x, [x + 1]],
        "dict": {"a": x, "b": {"c": (x,)}},
        "ordered": OrderedDict(z=x, a=x),
        "named": Pair(x, (x + 1, None)),
        "structseq": torch.max(x, dim=1),
        "mixed": (x, "word", 3, None),
    }


@pytest.mark.parametrize("kind", outputs(torch.zeros(1, 1)))
def test_containers_come_back_as_they_were(kind):
    x = torch.arange(12.0).reshape(3, 4).requires_grad_()
    model = Model(lambda m, x: m.part(x), part=Model(lambda m, x: outputs(x)[kind]))  # noqa: ARG005
    with capture(model, "part") as maps:
        given = model(x)
    compare(given, maps["part"], same=False)
    with capture(model, "part", copy=False) as maps:
        given = model(x)
    compare(given, maps["part"], same=True)


def compare(given, kept, *, same):
    assert type(given) is type(kept)
    if isinstance(given, torch.Tensor):
        assert torch.equal(given, kept)
        assert (given is kept) == same
        assert same or (given.data_ptr() != kept.data_ptr() and not kept.requires_grad)
    elif isinstance(given, dict):
        assert list(given) == list(kept)
        for key in given:
            compare(given[key], kept[key], same=same)
    elif isinstance(given, tuple | list):
        assert len(given) == len(kept)
        for one, other in zip(given, kept, strict=True):
            compare(one, other, same=same)
    else:
        assert given == kept


def test_recording_a_dictionary_does_not_change_the_model_s_own():
    model = Model(lambda m, x: m.part(x), part=Model(lambda m, x: {"out": x}))  # noqa: ARG005
    with capture(model, "part"):
        result = model(x := torch.ones(3))
    assert result["out"] is x


def test_recurrent_layers_and_packed_sequences():
    model = Model(lambda m, x: m.lstm(x), lstm=nn.LSTM(3, 4))
    packed = nn.utils.rnn.pack_sequence([torch.randn(4, 3), torch.randn(2, 3)])
    with capture(model) as maps:
        out, (hidden, cell) = model(packed)
    assert torch.equal(maps["lstm"][0].data, out.data)
    assert torch.equal(maps["lstm"][1][0], hidden)
    assert torch.equal(maps["lstm"][1][1], cell)


# No trace


def test_hooks_are_gone_after_the_block(net, images):
    before = hook_counts(net)
    with capture(net):
        assert sum(hook_counts(net).values()) > sum(before.values())
        net(images)
    assert hook_counts(net) == before


def test_hooks_of_others_stay(net):
    net.relu.register_forward_hook(lambda *_: None, always_call=True)
    net.conv1.register_forward_pre_hook(lambda *_: None)
    before = hook_counts(net)
    with capture(net):
        pass
    assert hook_counts(net) == before
    assert sum(before.values()) == 3


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_hooks_are_gone_after_an_exception_in_the_block(net, error):
    before = hook_counts(net)
    with pytest.raises(error), capture(net):
        raise error
    assert hook_counts(net) == before


def test_a_capture_that_is_never_entered_leaves_nothing(net):
    before = hook_counts(net)
    never = capture(net)
    assert hook_counts(net) == before
    del never


def test_a_refused_capture_leaves_nothing(net):
    before = hook_counts(net)
    with pytest.raises(ValueError, match="conv9"), capture(net, ["conv1", "conv9"]):
        pass
    assert hook_counts(net) == before


def test_a_model_that_raises_midway(images):
    model = Breaking()
    before = hook_counts(model)
    with pytest.raises(RuntimeError, match="broken"), capture(model) as maps:
        model(images)
    assert hook_counts(model) == before
    assert list(maps) == ["conv", "relu", "relu#2"]
    torch.testing.assert_close(maps["relu"], model.conv(images).relu().detach())


def test_a_pass_after_one_that_raised(images):
    model = Breaking()
    with capture(model) as maps:
        with pytest.raises(RuntimeError, match="broken"):
            model(images * 2)
        assert list(maps) == ["conv", "relu", "relu#2"]
        model.relu(images)  # no longer inside a pass: a run of its own
        assert torch.equal(maps["relu"], images.relu())
        assert "relu#3" not in maps
        model.broken = False
        model(images)
    assert list(maps) == ["conv", "relu", "relu#2", "late"]
    torch.testing.assert_close(maps["conv"], model.conv(images).detach())


def test_modes_and_random_numbers_stay(images):
    model = nn.Sequential(conv(), nn.BatchNorm2d(3), nn.Dropout(0.5), nn.ReLU())
    model[1].eval()
    modes = [module.training for module in model.modules()]
    torch.manual_seed(1)
    expected = model(images)
    after = torch.get_rng_state()
    torch.manual_seed(1)
    with capture(model) as maps:
        result = model(images)
    assert torch.equal(torch.get_rng_state(), after)
    assert [module.training for module in model.modules()] == modes
    assert torch.equal(result, expected)
    assert (maps["2"] == 0).any()


def test_the_model_is_freed_with_its_last_name(images):
    model = nn.Sequential(conv(), nn.ReLU())
    with capture(model) as maps:
        model(images)
    alive = weakref.ref(model)
    del model
    gc.collect()
    assert alive() is None
    assert maps["0"].shape == (2, 3, 5, 8)


# Nesting


def compiled(how, net, backend):
    if how == "wrapped":
        return torch.compile(net, backend=backend)
    if how == "in place":
        net.compile(backend=backend)
    else:
        net.forward = torch.compile(net.forward, backend=backend)
    return net


@pytest.mark.parametrize("how", ["wrapped", "in place", "its forward alone"])
def test_a_compiled_model_that_has_run(how, net, images):
    compilations = []

    def backend(graph, example):  # noqa: ARG001
        compilations.append(graph)
        return graph.forward

    expected = net(images)
    model = compiled(how, net, backend)
    model(images)
    before = len(compilations)
    prefix = "_orig_mod." if how == "wrapped" else ""
    with capture(model) as maps:
        model(images)
    assert list(maps) == [prefix + name for name in ("conv1", "relu", "conv2", "relu#2")]
    assert torch.allclose(maps[f"{prefix}relu#2"], expected)
    assert torch.allclose(model(images), expected)
    assert len(compilations) == before > 0, "the compiled code is kept and used again"


@pytest.mark.parametrize(
    ("layers", "recorded"),
    [
        ("conv1", ["conv1"]),
        ("conv2", ["conv2"]),
        (None, ["conv1", "relu", "conv2", "relu#2"]),
    ],
)
def test_nested_captures_of_the_same_and_of_other_layers(layers, recorded, net, images):
    before = hook_counts(net)
    with capture(net, ["conv1", "relu"]) as outer:
        with capture(net, layers) as inner:
            net(images)
            first = outer["conv1"]
        between = hook_counts(net)
        net(images * 2)
    assert hook_counts(net) == before
    assert sum(between.values()) > sum(before.values())
    assert list(outer) == ["conv1", "relu", "relu#2"]
    assert list(inner) == recorded
    if "conv1" in inner:
        assert torch.equal(inner["conv1"], first)
    torch.testing.assert_close(outer["conv1"], net.conv1(images * 2).detach())


def test_a_capture_of_a_part_inside_that_of_the_whole(images):
    model = nn.Sequential(OrderedDict(stem=conv(), block=nn.Sequential(conv(3, 3), nn.ReLU())))
    with capture(model) as outer, capture(model.block) as inner:
        model(images)
    assert list(outer) == ["stem", "block.0", "block.1"]
    assert list(inner) == ["0", "1"]
    assert torch.equal(outer["block.1"], inner["1"])


# Errors


@pytest.mark.parametrize(
    ("asked", "nearest"), [("conv3", "conv1"), ("Conv2", "conv2"), ("relu1", "relu")]
)
def test_an_unknown_name_is_answered_with_the_nearest(net, asked, nearest):
    with pytest.raises(ValueError, match=f"no layer named '{asked}'.*nearest.*'{nearest}'"):
        capture(net, asked).__enter__()


def test_an_unknown_name_is_answered_with_what_there_is(net):
    with pytest.raises(ValueError, match="Its layers are 'conv1', 'conv2', 'relu'"):
        capture(net, ["xyz"]).__enter__()


def test_a_long_list_of_layers_is_cut_short():
    model = nn.Sequential(*[nn.ReLU() for _ in range(40)])
    with pytest.raises(ValueError, match="and 28 more"):
        capture(model, "x").__enter__()


def test_a_type_that_the_model_lacks(net):
    with pytest.raises(ValueError, match=r"type MaxPool2d; its types are Conv2d, Model, ReLU"):
        capture(net, nn.MaxPool2d).__enter__()


@pytest.mark.parametrize("layers", [[1], [None], [int], int, 5, 1.5, nn.ReLU(), [nn.ReLU()]])
def test_layers_of_a_wrong_kind(net, layers):
    with pytest.raises(TypeError, match="layers must be names or module types"):
        capture(net, layers).__enter__()


@pytest.mark.parametrize("model", [F.relu, None, "resnet18", nn.ReLU])
def test_what_is_no_module(model):
    with pytest.raises(TypeError, match=r"torch\.nn\.Module; got"):
        capture(model).__enter__()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_scripted_module_is_refused(net, images):
    with pytest.raises(TypeError, match="Record the module that it was made from"):
        capture(torch.jit.trace(net, images)).__enter__()


def test_a_missing_activation_says_what_there_is(net, images):
    with capture(net, ["conv1"]) as maps:
        with pytest.raises(KeyError, match="run the model inside the `with` block first"):
            maps["conv1"]
        net(images)
    with pytest.raises(KeyError, match="recorded are 'conv1'; the nearest are 'conv1'"):
        maps["conv"]
    assert maps.get("conv") is None
    assert isinstance(maps, Activations)


# eval_mode


def test_eval_mode_restores_each_module():
    model = nn.Sequential(conv(), nn.BatchNorm2d(3), nn.Sequential(nn.Dropout()))
    model[1].eval()
    modes = {name: module.training for name, module in model.named_modules()}
    assert set(modes.values()) == {True, False}
    with eval_mode(model) as same:
        assert same is model
        assert not any(module.training for module in model.modules())
    assert {name: module.training for name, module in model.named_modules()} == modes


def test_eval_mode_restores_each_module_after_an_exception():
    model = nn.Sequential(nn.Dropout(), nn.ReLU())
    model[1].eval()
    with pytest.raises(ZeroDivisionError), eval_mode(model):
        raise ZeroDivisionError
    assert [module.training for module in model.modules()] == [True, True, False]


# Networks as torchvision builds them


@pytest.fixture(scope="module", params=["resnet18", "squeezenet1_1", "vgg11"])
def known(request):
    torch.manual_seed(0)
    return getattr(models, request.param)(weights=None).eval()


def reference(model, image, kind):
    """What plain hooks record, with copies taken at once."""
    found, handles = {}, []

    def keep(name, _, __, output):
        found[name] = output.clone()

    for name, module in model.named_modules():
        if isinstance(module, kind):
            handles.append(module.register_forward_hook(partial(keep, name)))
    model(image)
    for handle in handles:
        handle.remove()
    return found


def test_networks_of_torchvision(known):
    image = torch.rand(1, 3, 96, 64)
    before = hook_counts(known)
    with torch.no_grad():
        with capture(known, nn.Conv2d) as maps:
            result = known(image)
        expected = reference(known, image, nn.Conv2d)
        assert torch.equal(result, known(image))
    assert hook_counts(known) == before
    assert set(maps) == set(expected)
    assert len(maps) >= 8
    for name, value in maps.items():
        assert torch.equal(value, expected[name]), name
        assert (value < 0).any(), f"{name} was overwritten by a ReLU"


def test_the_relus_of_resnet_run_twice():
    model = models.resnet18(weights=None)
    with torch.no_grad(), capture(model, ["layer1.0.relu", nn.BatchNorm2d]) as maps:
        model(torch.rand(2, 3, 64, 64))
    first = ["bn1", "layer1.0.bn1", "layer1.0.relu", "layer1.0.bn2", "layer1.0.relu#2"]
    assert list(maps)[:5] == first
    assert (maps["layer1.0.relu#2"] >= 0).all()
    assert (maps["layer1.0.bn2"] < 0).any()
