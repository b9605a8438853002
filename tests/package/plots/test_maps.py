"""Feature maps and kernels are drawn as they are, seen through the artists and the pixels."""

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from package.plots.artists import bar, crosses, note, pitch, pixels, shown, texts, ticks, tiles
from torch import nn

from cnnvis.models.architectures import SmallCNN
from cnnvis.plots.maps import plot_kernels, plot_maps

pytestmark = [
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # within older libraries
]
NAN, INF = np.nan, np.inf


def test_every_map_is_drawn_with_its_own_values(maps):
    before = maps.clone()
    ax = plot_maps(maps)
    found, rest = tiles(ax, *maps.shape)
    np.testing.assert_array_equal(found, maps.numpy())
    assert np.isnan(rest).all()
    assert torch.equal(maps, before)
    assert crosses(ax) == []
    assert note(ax) == ""


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 5, 5), (2, 1, 9), (7, 13, 2), (512, 1, 2)])
def test_any_number_of_maps_of_any_shape(shape):
    maps = np.random.default_rng(0).random(shape)
    ax = plot_maps(maps)
    found, rest = tiles(ax, *shape)
    np.testing.assert_array_equal(found, maps)
    assert np.isnan(rest).all()
    pixels(ax)


def test_dead_kernels_of_many_channels_are_counted():
    weight = torch.randn(4, 3, 3, 3)
    weight[2, 1:] = 0
    assert note(plot_kernels(weight)) == "crossed out, zero: 2 of 12"


def test_the_layer_shares_one_scale(maps):
    ax = plot_maps(maps)
    assert ax.images[0].get_clim() == (maps.min().item(), maps.max().item())


def test_each_map_may_have_its_own_scale(maps):
    maps[2] *= 1000
    ax = plot_maps(maps, scale="map")
    found, _ = tiles(ax, *maps.shape)
    assert ax.images[0].get_clim() == (0, 1)
    np.testing.assert_array_equal(found.min(axis=(1, 2)), 0)
    np.testing.assert_array_equal(found.max(axis=(1, 2)), 1)
    assert ticks(bar(ax)) == ["min", "max"]


def test_each_signed_map_keeps_its_zero_in_the_middle():
    maps = torch.tensor([[[-4.0, 0.0, 2.0]], [[0.0, 0.1, 0.2]]])
    ax = plot_maps(maps, scale="map", columns=1)
    found, _ = tiles(ax, 2, 1, 3, columns=1)
    np.testing.assert_allclose(found[:, 0], [[-1, 0, 0.5], [0, 0.5, 1]])
    assert ax.images[0].get_clim() == (-1, 1)
    assert ticks(bar(ax)) == ["-max", "0", "max"]


def test_two_numbers_are_a_scale_to_share_with_others(maps):
    one, other = plot_maps(maps, scale=(-3, 7.5)), plot_maps(maps * 2, scale=(-3, 7.5))
    assert one.images[0].get_clim() == other.images[0].get_clim() == (-3, 7.5)
    np.testing.assert_array_equal(tiles(one, *maps.shape)[0], maps.numpy())


@pytest.mark.parametrize("value", [0.0, 5.0, -5.0, 1e10])
def test_a_scale_of_equal_maps_has_two_ends(value):
    ax = plot_maps(np.full((2, 3, 3), value))
    low, high = ax.images[0].get_clim()
    assert low <= value <= high
    pixels(ax)


def test_two_equal_numbers_are_a_scale_as_those_of_dead_layers_are():
    low, high = plot_maps(np.zeros((2, 3, 3)), scale=(0.0, 0.0)).images[0].get_clim()
    assert low == 0 < high


@pytest.mark.parametrize(
    "scale",
    ["maps", "", None, 3, (1.0, 0.0), (NAN, 1.0), (0.0, INF), (-INF, 0.0), (1.0,), (0.0, 1.0, 2.0)],
)
def test_a_scale_that_is_none(scale, maps):
    with pytest.raises((ValueError, TypeError), match=r"scale must be .*got"):
        plot_maps(maps, scale=scale)


def test_colours_are_centred_on_zero_where_there_is_a_sign(maps):
    ax = plot_maps(maps - 0.3)
    low, high = ax.images[0].get_clim()
    assert -low == high == pytest.approx((maps - 0.3).abs().max().item())
    assert ax.images[0].get_cmap().name == "RdBu_r"
    assert plot_maps(maps).images[0].get_cmap().name == "viridis"


@pytest.mark.parametrize("scale", ["map", "layer"])
def test_the_sign_may_be_chosen(maps, scale):
    unsigned = plot_maps(maps - 0.3, signed=False, scale=scale).images[0]
    assert unsigned.get_cmap().name == "viridis"
    signed = plot_maps(maps, signed=True, scale=scale).images[0]
    assert signed.get_cmap().name == "RdBu_r"
    assert signed.get_clim()[0] == -signed.get_clim()[1]


def test_another_colour_map(maps):
    assert plot_maps(maps, cmap="magma").images[0].get_cmap().name == "magma"


@pytest.mark.parametrize(
    "turn",
    [
        lambda maps: maps.numpy(),
        lambda maps: maps[None],
        lambda maps: maps.double(),
        lambda maps: maps.requires_grad_(),
        lambda maps: (
            maps.contiguous(memory_format=torch.channels_last) if maps.dim() == 4 else maps
        ),
    ],
)
def test_the_same_figure_from_each_kind_of_array(maps, turn):
    expected = pixels(plot_maps(maps.clone(), title="maps"))
    np.testing.assert_array_equal(pixels(plot_maps(turn(maps), title="maps")), expected)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.bool, torch.float16, torch.bfloat16])
def test_maps_of_other_types(dtype):
    maps = torch.tensor([[[0, 1], [1, 0]]]).to(dtype)
    ax = plot_maps(maps)
    assert shown(ax).tolist() == [[0, 1], [1, 0]]
    assert ax.images[0].get_clim() == (0, 1)


@pytest.mark.parametrize("shape", [(4, 4), (2, 3, 4, 4, 4), (10,), (0, 3, 3), (2, 0, 3, 3)])
def test_maps_of_a_wrong_shape(shape):
    with pytest.raises(ValueError, match=r"maps must .*got"):
        plot_maps(torch.zeros(shape))
    assert plt.get_fignums() == []


def test_maps_of_a_wrong_kind():
    with pytest.raises(TypeError, match="maps must be a tensor or NumPy array"):
        plot_maps([[1.0, 2.0]])


def test_kernels_of_one_input_channel_fill_a_grid():
    layer = SmallCNN(widths=(6, 2, 2)).conv1
    ax = plot_kernels(layer)
    found, rest = tiles(ax, 6, 3, 3)
    np.testing.assert_array_equal(found, layer.weight[:, 0].detach().numpy())
    assert np.isnan(rest).all()
    assert not ax.axison
    low, high = ax.images[0].get_clim()
    assert -low == high == pytest.approx(layer.weight.abs().max().item())
    assert ax.images[0].get_cmap().name == "RdBu_r"


def test_depthwise_kernels_fill_a_grid():
    ax = plot_kernels(nn.Conv2d(6, 6, 3, groups=6), columns=2)
    assert shown(ax).shape[0] > shown(ax).shape[1]
    assert not ax.axison


def test_with_more_input_channels_rows_are_filters_and_columns_their_inputs():
    layer = nn.Conv2d(3, 5, (3, 2))
    ax = plot_kernels(layer)
    found, _ = tiles(ax, 15, 3, 2, columns=3)
    weight = layer.weight.detach().numpy()
    np.testing.assert_array_equal(found.reshape(5, 3, 3, 2), weight)
    assert ax.axison
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("input channel", "filter")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "1", "2"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0", "1", "2", "3", "4"]
    rows = ax.get_yticks()
    for row, one in zip(rows, weight, strict=True):
        np.testing.assert_array_equal(shown(ax)[int(row), :2], one[0, 1])
    np.testing.assert_allclose(np.diff(ax.get_xticks()), pitch(shown(ax).shape[1], 2, 3))


def test_many_rows_are_numbered_every_few():
    ax = plot_kernels(np.random.default_rng(0).normal(size=(64, 2, 3, 3)))
    assert [label.get_text() for label in ax.get_yticklabels()][:3] == ["0", "4", "8"]
    assert len(ax.get_yticks()) == 16


def test_the_weight_alone_gives_the_same_figure():
    layer = nn.Conv2d(2, 3, 3)
    expected = pixels(plot_kernels(layer, title="kernels"))
    for weight in (layer.weight, layer.weight.detach().numpy()):
        np.testing.assert_array_equal(pixels(plot_kernels(weight, title="kernels")), expected)


def test_each_kernel_may_have_its_own_scale():
    weight = torch.tensor([1.0, 10.0]).reshape(2, 1, 1, 1) * torch.tensor([[-1.0, 0.5]])
    ax = plot_kernels(weight, scale="map", columns=1)
    found, _ = tiles(ax, 2, 1, 2, columns=1)
    np.testing.assert_allclose(found[:, 0], [[-1, 0.5], [-1, 0.5]])


def test_a_scale_of_two_numbers():
    assert plot_kernels(nn.Conv2d(1, 2, 3), scale=(-2, 2)).images[0].get_clim() == (-2, 2)


def test_constant_kernels_are_blurs_and_fine_but_dead_and_broken_ones_are_not():
    weight = torch.randn(5, 1, 3, 3)
    weight[1], weight[2], weight[4, 0, 1, 1] = 1 / 9, 0, NAN
    ax = plot_kernels(weight)
    assert len(crosses(ax)) == 2
    assert note(ax) == "crossed out, zero: 2; NaN: 4"


def test_weights_are_written_into_their_cells():
    kernel = torch.tensor([[[[-1.0, 0.25, 0.126], [0.0, 10.0, -0.001]]]])
    ax = plot_kernels(kernel, values=True)
    assert texts(ax) == ["−1", "0.25", "0.13", "0", "10", "0"]
    assert [text.get_position() for text in ax.texts] == [
        (column, row) for row in range(2) for column in range(3)
    ]
    assert texts(plot_kernels(kernel)) == []


def test_weights_are_written_in_ink_that_can_be_read():
    ax = plot_kernels(torch.tensor([[[[-1.0, 0.0, 1.0, 0.2]]]]), values=True)
    assert [to_hex(text.get_color()) for text in ax.texts] == [
        "#ffffff",
        "#222222",
        "#ffffff",
        "#222222",
    ]


def test_weights_are_the_true_ones_whatever_the_scale():
    weight = torch.tensor([[[[2.0, 4.0]]], [[[0.5, 0.25]]]])
    assert texts(plot_kernels(weight, values=True, scale="map")) == ["2", "4", "0.5", "0.25"]


@pytest.mark.parametrize("broken", [NAN, INF, -INF])
def test_weights_that_are_broken_are_written_too(broken):
    ax = plot_kernels(torch.tensor([[[[broken, 1.0]]]]), values=True)
    assert texts(ax)[1] == "1"
    assert len(texts(ax)) == 2
    pixels(ax)


def test_labels_titles_and_axes_of_kernels():
    _, ax = plt.subplots()
    layer = nn.Conv2d(1, 2, 3)
    assert plot_kernels(layer, labels=["a", "b"], title="t", colorbar=False, ax=ax) is ax
    assert texts(ax) == ["a", "b"]
    assert ax.get_title() == "t"
    assert bar(ax) is None
    assert bar(plot_kernels(layer)) is not None
    with pytest.raises(ValueError, match="as many as the maps, 2; got 1"):
        plot_kernels(layer, labels=["a"])


@pytest.mark.parametrize(
    "layer",
    [nn.ReLU(), nn.MaxPool2d(2), nn.BatchNorm2d(3), nn.Linear(3, 4), nn.Sequential(), SmallCNN()],
)
def test_layers_without_kernels_are_explained(layer):
    name = type(layer).__name__
    with pytest.raises(ValueError, match=f"only convolutions have kernels; {name} has"):
        plot_kernels(layer)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("layer", [nn.Conv1d(2, 5, 3), nn.Conv3d(2, 5, 3)])
def test_convolutions_with_other_axes_are_not_said_to_have_no_kernels(layer):
    with pytest.raises(ValueError, match=r"kernels .*got") as caught:
        plot_kernels(layer)
    assert "has none" not in str(caught.value)


def test_a_transposed_convolution_is_numbered_by_its_own_filters():
    """Its weight is laid out the other way round: (input channels, filters, height, width)."""
    layer = nn.ConvTranspose2d(2, 5, 3)
    ax = plot_kernels(layer)
    assert len(ax.get_yticks()) == 5
    found, _ = tiles(ax, 10, 3, 3, columns=2)
    np.testing.assert_array_equal(found[1], layer.weight[1, 0].detach().numpy())


@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3), (1, 2, 3, 4, 5), (0, 1, 3, 3), (2, 1, 0, 3)])
def test_weights_of_a_wrong_shape(shape):
    with pytest.raises(ValueError, match=r"kernels must have the shape .*got \("):
        plot_kernels(torch.zeros(shape))


@pytest.mark.parametrize("layer", ["conv1", None, [[1.0]], nn.Conv2d])
def test_what_is_neither_layer_nor_weight(layer):
    with pytest.raises(TypeError, match=r"kernels must be .*got"):
        plot_kernels(layer)


def test_maps_of_several_images_are_rows():
    maps = torch.rand(3, 4, 5, 5) + 1
    maps[1, 2] = 0
    axes = plot_maps(maps, labels=list("abcd"))
    assert [text for text in texts(axes) if text] == list("abcd")
    assert axes.texts[-1].get_text() == "crossed out, zero: 1 of 12"
    tiles = axes.images[0].get_array()
    one_row = [plot_maps(row, columns=4).images[0].get_array() for row in maps]
    assert tiles.shape[1] == one_row[0].shape[1]
    np.testing.assert_array_equal(tiles[-5:], one_row[2][-5:])


@pytest.mark.parametrize(
    ("options", "message"),
    [({"columns": 3}, "their 4 channels"), ({"labels": ["a"] * 8}, "the channels, 4; got 8")],
)
def test_maps_of_several_images_leave_no_choice_of_columns(options, message):
    with pytest.raises(ValueError, match=message):
        plot_maps(torch.rand(2, 4, 5, 5), **options)
