"""A figure of layers, from any model and an image."""

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from torch import nn

from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import Source
from cnnvis.layers.hooks import capture
from cnnvis.plots.layer_figure import layer_figure, panels_of
from cnnvis.plots.save import save_figure


@pytest.fixture
def model():
    """One image in colour in, an in-place ReLU and a block within."""
    torch.manual_seed(0)
    block = nn.Sequential(nn.Conv2d(4, 6, 3), nn.ReLU(inplace=True))
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), block, nn.Flatten())


@pytest.fixture
def image():
    return torch.rand(1, 3, 12, 10, generator=torch.Generator().manual_seed(0))


def shown(figure):
    """The values of each image in a figure, NaN where it is blank."""
    return [np.ma.filled(ax.images[0].get_array(), np.nan) for ax in figure.axes if ax.images]


def test_the_maps_of_each_layer_and_the_image(model, image):
    before = image.clone()
    fig = layer_figure(model, ["0", "2"], image, channels="all")
    with capture(model, ["0", "2"]) as maps, torch.no_grad():
        model(image.clone())
    first, second, beside = shown(fig)
    np.testing.assert_array_equal(first[:10, :8], maps["0"][0, 0])
    np.testing.assert_array_equal(second[:8, :6], maps["2"][0, 0])
    np.testing.assert_allclose(beside, image[0].permute(1, 2, 0))
    assert torch.equal(image, before)
    assert [panel.layer for panel in panels_of(fig)] == ["0", "2"]
    assert [text.get_text() for text in fig.texts] == [
        "Sequential",
        "0 · Conv2d\n10×8, all 4 channels",
        "2 · Sequential\n8×6, all 6 channels; 1 shows nothing",
    ]


def test_a_model_is_left_as_it_was(image):
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout()).train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    layer_figure(model, "1", image)
    assert all(module.training for module in model.modules())
    assert not any(module._forward_hooks for module in model.modules())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert model[0].weight.grad is None


def test_preprocess_is_for_the_model_and_not_for_the_eye(model, image):
    fig = layer_figure(model, "0", image, channels=[1], preprocess=lambda one: 2 * one[..., 1:, :])
    expected = model[0](2 * image[..., 1:, :])[0, 1].detach()
    values, beside = shown(fig)
    np.testing.assert_allclose(values, expected, atol=1e-6)
    assert beside.shape == (12, 10, 3)


def test_bytes_and_image_sets_of_one_image(model, image):
    images = (image * 255).byte()
    expected = shown(layer_figure(model, "0", images.float() / 255))
    source = Source("noise", "Noise", "origin", "licence", "citation")
    one = ImageSet(images, torch.tensor([0]), ("a",), source)
    for given in (images, one):
        for found, wanted in zip(shown(layer_figure(model, "0", given)), expected, strict=True):
            np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_kernels_need_no_image(model):
    fig = layer_figure(model, ["0", "2.0"], kernels=True, channels=2, cmap="PiYG")
    colour, grey = panels_of(fig)
    assert (colour.colour, grey.colour) == (True, False)
    assert len(shown(fig)) == 2
    assert fig.axes[1].images[0].get_cmap().name == "PiYG"
    with pytest.raises(ValueError, match="only convolutions have kernels; ReLU has none"):
        layer_figure(model, "1", kernels=True)


def test_colours_and_scale_are_the_callers(model, image):
    fig = layer_figure(model, ["0", "2"], image, cmap="magma", scale=(-1, 2), title="ours")
    drawn = [ax.images[0] for ax in fig.axes if ax.images][:2]
    assert [one.get_clim() for one in drawn] == [(-1, 2)] * 2
    assert [one.get_cmap().name for one in drawn] == ["magma"] * 2
    assert fig.texts[0].get_text() == "ours"


def test_the_figure_is_pyplots_unless_one_is_given(model, image, tmp_path):
    fig = layer_figure(model, "0", image)
    assert plt.get_fignums() == [fig.number]
    assert save_figure(fig, "layers", "Four maps.", folder=tmp_path).is_file()
    own = Figure()
    assert layer_figure(model, "0", image, fig=own) is own
    assert plt.get_fignums() == [fig.number]
    assert panels_of(plt.figure()) == ()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"model": nn.Conv2d}, TypeError, "model must be a torch.nn.Module; got"),
        ({"layers": 3}, TypeError, "layers must be names, as in .*got 3"),
        ({"layers": [nn.ReLU]}, TypeError, "layers must be names"),
        ({"layers": nn.Sequential(nn.ReLU())}, TypeError, "layers must be names"),
        ({"layers": []}, ValueError, "1 layer at least and 24 layers at most; got 0"),
        ({"layers": ["0"] * 25}, ValueError, "24 layers at most; got 25"),
        ({"layers": "conv9"}, ValueError, "no layer named 'conv9'"),
        ({"layers": "0#2"}, ValueError, "0#2 puts out nothing in this model"),
        ({"layers": "3"}, ValueError, "3 puts out 1×288. Convolutions"),
        ({"images": None}, TypeError, "images must be a tensor .*got NoneType.*kernels=True"),
        ({"images": [1]}, TypeError, "images must be a tensor .*got list"),
        ({"images": torch.rand(2, 3, 9, 9)}, ValueError, r"of one image; got 2.*images\[:1\]"),
        (
            {"images": torch.rand(3, 9, 9)},
            ValueError,
            r"must have the shape .*image\[None\]",
        ),
        ({"images": torch.rand(1, 3, 9, 9) - 2}, ValueError, "between 0 and 1.*to preprocess="),
        (
            {"images": torch.rand(1, 3, 2, 2)},
            RuntimeError,
            "fails on an input of 1×3×2×2",
        ),
        ({"channels": [4]}, ValueError, "channels of 0 are numbered from 0 to 3; got 4"),
        ({"channels": "some"}, ValueError, "channels must be"),
        ({"channels": None}, TypeError, "channels must be"),
        ({"scale": "all"}, ValueError, "scale must be"),
        ({"scale": 3}, TypeError, "scale must be"),
        ({"cmap": "viridi"}, ValueError, "cmap must be .*'viridis'"),
        ({"preprocess": "no"}, TypeError, "preprocess must be"),
        ({"preprocess": lambda one: one[0]}, ValueError, "preprocess must return"),
    ],
)
def test_what_cannot_be_drawn(model, image, change, error, message):
    arguments = {"model": model, "layers": "0", "images": image} | change
    with pytest.raises(error, match=message):
        layer_figure(**arguments)
    assert plt.get_fignums() == []
