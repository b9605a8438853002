"""Figures show what they should, seen through their artists and, where it counts, their pixels."""

import math

import matplotlib
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from PIL import Image
from torch import nn

from cnnvis.arrays import diagnose
from cnnvis.models.architectures import SmallCNN
from cnnvis.plots.maps import (
    plot_images,
    plot_kernels,
    plot_maps,
)
from cnnvis.plots.save import figure_text, save_figure
from cnnvis.plots.training import plot_confusion, plot_history
from cnnvis.training.loop import History

matplotlib.use("Agg")
from matplotlib import pyplot as plt

pytestmark = [
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # within older libraries
]
fast = settings(max_examples=25, deadline=None, derandomize=True, database=None)
NAN, INF = math.nan, math.inf


@pytest.fixture(autouse=True)
def _no_figure_stays(monkeypatch):
    monkeypatch.delenv("CNNVIS_SITE_BUILD", raising=False)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        yield
    plt.close("all")


@pytest.fixture
def maps():
    """Ten maps of 4×6, all positive."""
    return torch.rand(10, 4, 6, generator=torch.Generator().manual_seed(0)) + 0.1


@pytest.fixture
def history():
    return History(
        32,
        step_loss=[2.0, 1.5, 1.0, 0.5],
        step_accuracy=[0.1, 0.4, 0.6, 0.9],
        train_loss=[2.3, 0.9, 0.4],
        train_accuracy=[0.1, 0.7, 0.8],
        test_loss=[2.2, 1.0, 0.6],
        test_accuracy=[0.2, 0.6, 0.7],
    )


def shown(ax):
    """The values behind the image, NaN where it is blank."""
    return np.ma.filled(ax.images[0].get_array().astype(float), NAN)


def pitch(total, side, count):
    return side if count == 1 else (total - side) // (count - 1)


def tiles(ax, count, height, width, columns=None):
    """The maps as they stand in the image, and the image without them."""
    image = shown(ax).copy()
    columns = min(columns or math.ceil(math.sqrt(count)), count)
    down = pitch(image.shape[0], height, math.ceil(count / columns))
    across = pitch(image.shape[1], width, columns)
    found = []
    for at in range(count):
        top, left = at // columns * down, at % columns * across
        place = np.s_[top : top + height, left : left + width]
        found.append(image[place].copy())
        image[place] = NAN
    return np.stack(found), image


def crosses(ax):
    """The ends of the lines across maps."""
    lines = [line for one in ax.collections for line in one.get_segments() if len(line) == 2]
    assert all((line[0] != line[1]).all() for line in lines), "each runs from corner to corner"
    return lines


def note(ax):
    return next((text.get_text() for text in ax.texts if "crossed out" in text.get_text()), "")


def texts(ax):
    return [text.get_text() for text in ax.texts if "crossed out" not in text.get_text()]


def pixels(ax):
    ax.figure.canvas.draw()
    return np.asarray(ax.figure.canvas.buffer_rgba())


def colour_at(ax, row, column):
    """The colour on the screen at a position of the image, red, green and blue from 0 to 1."""
    screen = pixels(ax)
    across, up = ax.transData.transform((column, row))
    return screen[len(screen) - 1 - int(up), int(across), :3] / 255


def bar(ax):
    """The axes of the colour bar, if there is one."""
    return ax.child_axes[0] if ax.child_axes else None


def ticks(bar):
    bar.figure.canvas.draw()
    return [label.get_text() for label in bar.get_yticklabels()]


# plot_maps


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


def test_513_maps_with_dead_constant_and_broken_ones():
    maps = np.random.default_rng(0).normal(size=(513, 3, 5))
    maps[::50], maps[7], maps[99], maps[512, 1, 1], maps[511, 0, 0] = 0, 0.3, -2, NAN, INF
    ax = plot_maps(maps)
    assert len(crosses(ax)) == 11 + 4
    assert note(ax) == (
        "crossed out, zero: 0, 50, 100, 150, 200, 250, 300, 350 and 3 more; "
        "constant: 7, 99; NaN: 511, 512"
    )
    found, _ = tiles(ax, *maps.shape)
    np.testing.assert_array_equal(np.isnan(found), ~np.isfinite(maps))
    pixels(ax)


@fast
@given(st.data(), st.integers(1, 30), st.integers(1, 5), st.integers(1, 5))
def test_each_blank_map_and_no_other_is_crossed_out(data, count, height, width):
    maps = np.random.default_rng(0).normal(size=(count, height, width))
    for at in range(count):
        kind = data.draw(st.sampled_from(["fine", 0.0, 3.0, NAN, INF]))
        maps[at] = maps[at] if kind == "fine" else kind
    scale = data.draw(st.sampled_from(["map", "layer", (-1.0, 1.0)]))
    ax = plot_maps(maps, scale=scale, columns=data.draw(st.none() | st.integers(1, 9)))
    words = diagnose(maps)
    assert len(crosses(ax)) == sum(map(bool, words))
    assert (note(ax) != "") == any(words)
    for word in ("zero", "constant", "NaN"):
        assert (word in note(ax)) == (word in words)
    plt.close("all")


def test_crosses_run_over_the_maps_they_mark(maps):
    maps[3], maps[8] = 0, 5
    ax = plot_maps(maps, columns=4)
    image = shown(ax)
    down, across = pitch(image.shape[0], 4, 3), pitch(image.shape[1], 6, 4)
    corners = [(0, 3 * across), (2 * down, 0)]
    ends = [[[left - 0.5, top + 4 - 0.5], [left + 6 - 0.5, top - 0.5]] for top, left in corners]
    np.testing.assert_allclose(crosses(ax), ends)
    assert note(ax) == "crossed out, zero: 3; constant: 8"


def test_blank_maps_go_by_their_labels_if_these_are_numbers(maps):
    maps[3] = 0
    numbers = [str(100 + at) for at in range(len(maps))]
    assert note(plot_maps(maps, labels=numbers)) == "crossed out, zero: 103"
    both = [f"{number}\nedge" for number in numbers]
    assert note(plot_maps(maps, labels=both)) == "crossed out, zero: 103"
    words = ["edge"] * len(maps)
    assert note(plot_maps(maps, labels=words)) == "crossed out, zero: 3"


def test_dead_kernels_of_many_channels_are_counted():
    weight = torch.randn(4, 3, 3, 3)
    weight[2, 1:] = 0
    assert note(plot_kernels(weight)) == "crossed out, zero: 2 of 12"


@pytest.mark.parametrize(("count", "end"), [(8, ", 7"), (9, ", 7 and 1 more")])
def test_long_lists_of_blank_maps_are_cut_short(count, end):
    assert note(plot_maps(np.zeros((count, 2, 2)))).endswith(end)


@pytest.mark.parametrize(
    ("value", "word"), [(0.0, "zero"), (2.0, "constant"), (NAN, "NaN"), (-INF, "NaN")]
)
@pytest.mark.parametrize("scale", ["map", "layer", (0, 1)])
def test_a_single_blank_map_is_marked_without_its_number(value, word, scale):
    ax = plot_maps(np.full((1, 3, 3), value), scale=scale)
    assert note(ax) == f"crossed out, {word}"
    pixels(ax)


def test_spare_cells_and_gaps_are_blank_and_never_black(maps):
    ax = plot_maps(maps * 0 + torch.arange(24.0).reshape(4, 6), columns=4)
    height, width = shown(ax).shape
    ends = plt.get_cmap("viridis")([0.0, 1.0])[:, :3]
    np.testing.assert_array_equal(colour_at(ax, height - 2, width - 2), 1)
    np.testing.assert_array_equal(colour_at(ax, 0, 6), 1)
    np.testing.assert_allclose(colour_at(ax, 0, 0), ends[0], atol=0.01)
    np.testing.assert_allclose(colour_at(ax, 3, 5), ends[1], atol=0.01)


def test_nan_within_a_map_is_blank():
    maps = np.arange(16.0).reshape(1, 4, 4)
    maps[0, 2, 1] = NAN
    ax = plot_maps(np.concatenate([maps] * 3), colorbar=False)
    assert np.isnan(shown(ax)[2, 1])
    assert shown(ax)[3, 3] == 15


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


def test_maps_that_melt_into_the_page_near_zero_are_framed(maps):
    def frames(ax):
        return [one for each in ax.collections for one in each.get_segments() if len(one) == 5]

    assert frames(plot_maps(maps)) == []
    found = frames(plot_maps(maps, signed=True))
    assert len(found) == 10
    np.testing.assert_array_equal(found[0].min(axis=0), [-0.5, -0.5])
    np.testing.assert_array_equal(found[0].max(axis=0), [5.5, 3.5])


def test_another_colour_map(maps):
    assert plot_maps(maps, cmap="magma").images[0].get_cmap().name == "magma"


@pytest.mark.parametrize("columns", [1, 3, 10, 99])
def test_the_number_of_columns(maps, columns):
    found, _ = tiles(plot_maps(maps, columns=columns), *maps.shape, columns=columns)
    np.testing.assert_array_equal(found, maps.numpy())


def test_labels_stand_centred_above_their_maps(maps):
    ax = plot_maps(maps, labels=[f"map {at}" for at in range(10)], columns=4)
    found, _ = tiles(ax, *maps.shape, columns=4)
    np.testing.assert_array_equal(found, maps.numpy())
    down, across = pitch(shown(ax).shape[0], 4, 3), pitch(shown(ax).shape[1], 6, 4)
    assert texts(ax) == [f"map {at}" for at in range(10)]
    for at, text in enumerate(ax.texts):
        assert text.get_position() == (at % 4 * across + 2.5, at // 4 * down - 0.5)
        assert (text.get_ha(), text.get_va()) == ("center", "bottom")


def test_labels_of_more_lines_get_more_room():
    maps = torch.rand(4, 20, 20)
    heights = [
        shown(plot_maps(maps, labels=labels)).shape[0]
        for labels in (None, ["a"] * 4, ["a", "a\nb", "a", "a"])
    ]
    assert heights[0] < heights[1] < heights[2]


def test_labels_of_two_lines_stay_clear_of_the_kernels_above():
    kernels = torch.randn(16, 1, 3, 3)
    axes = plot_kernels(kernels, columns=8, labels=["edge\n30° 0.88"] * 16)
    axes.figure.draw_without_rendering()
    label = axes.texts[8].get_window_extent()
    bottom_of_first_row = axes.transData.transform((0, 2.5))[1]
    assert label.y1 <= bottom_of_first_row + 1


@pytest.mark.parametrize("labels", [np.array(["a", "b"]), ("a", "b")])
def test_labels_may_come_from_numpy(labels):
    assert texts(plot_maps(torch.rand(2, 3, 3), labels=labels)) == ["a", "b"]


@pytest.mark.parametrize("labels", [[], ["a"], ["a"] * 11])
def test_labels_must_be_as_many_as_the_maps(maps, labels):
    with pytest.raises(ValueError, match=f"as many as the maps, 10; got {len(labels)}"):
        plot_maps(maps, labels=labels)


def test_a_colour_bar_unless_it_is_not_wanted(maps):
    assert bar(plot_maps(maps)) is not None
    assert bar(plot_maps(maps, colorbar=False)) is None


def test_the_colour_bar_tells_the_values(maps):
    ax = plot_maps(maps, scale=(0, 8))
    assert ticks(bar(ax)) == ["0", "2", "4", "6", "8"]
    assert bar(ax).get_ylim() == (0, 8)


def test_given_axes_are_used(maps):
    figure, (left, right) = plt.subplots(1, 2)
    assert plot_maps(maps, ax=right) is right
    assert len(right.images) == 1
    assert not left.images
    assert plt.get_fignums() == [figure.number]


def test_without_axes_there_is_a_new_figure(maps):
    first, second = plot_maps(maps), plot_maps(maps)
    assert first.figure is not second.figure
    assert len(plt.get_fignums()) == 2


@pytest.mark.parametrize("shape", [(1, 1, 300), (3, 400, 2), (64, 28, 28), (300, 1, 1)])
def test_new_figures_fit_on_a_page(shape):
    width, height = plot_maps(np.random.default_rng(0).random(shape)).figure.get_size_inches()
    assert width <= 8
    assert 0.3 < height <= 9.5


@pytest.mark.parametrize("shape", [(64, 28, 28), (1, 8, 8), (3, 400, 2), (3, 1, 300)])
@pytest.mark.parametrize("factor", [1e-5, 1, 1e5])
def test_nothing_is_cut_off_at_the_edge_of_a_new_figure(shape, factor):
    maps = (np.random.default_rng(0).random(shape) - 0.5) * factor
    maps[-1] = 0
    figure = plot_maps(maps, labels=["a\nb"] * shape[0], title="maps").figure
    figure.canvas.draw()
    drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    assert min(drawn.x0, drawn.y0) >= -0.01
    assert drawn.x1 <= width + 0.01
    assert drawn.y1 <= height + 0.01


def test_titles(maps):
    assert plot_maps(maps, title="conv1").get_title() == "conv1"
    assert plot_maps(maps).get_title() == ""


def test_axes_without_numbers(maps):
    assert not plot_maps(maps).axison


def test_pixels_are_not_smoothed(maps):
    assert plot_maps(maps).images[0].get_interpolation() == "nearest"


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


# plot_kernels


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


# plot_images


def test_grey_images():
    images = torch.rand(5, 1, 4, 3)
    ax = plot_images(images)
    found, rest = tiles(ax, 5, 4, 3)
    np.testing.assert_array_equal(found, images[:, 0].numpy())
    assert np.isnan(rest).all()
    assert ax.images[0].get_clim() == (0, 1)
    assert ax.images[0].get_cmap().name == "gray"


def test_colour_images_on_white():
    images = torch.rand(3, 3, 4, 3)
    ax = plot_images(images, columns=2)
    image = shown(ax)
    down, across = pitch(image.shape[0], 4, 2), pitch(image.shape[1], 3, 2)
    np.testing.assert_allclose(image[down : down + 4, :3], images[2].permute(1, 2, 0).numpy())
    assert (image[down:, across:] == 1).all()
    np.testing.assert_array_equal(colour_at(ax, down + 1, across + 1), 1)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.int64, torch.int16])
def test_integers_reach_from_0_to_255(channels, dtype):
    images = torch.tensor([0, 51, 255]).to(dtype).reshape(1, 1, 1, 3).expand(1, channels, 1, 3)
    for one in (images, images.numpy()):
        image = shown(plot_images(one)).reshape(3, -1)
        np.testing.assert_allclose(image, [[0.0] * channels, [0.2] * channels, [1.0] * channels])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_floats_reach_from_0_to_1(dtype):
    images = torch.tensor([0, 0.25, 1]).to(dtype).reshape(1, 1, 1, 3)
    np.testing.assert_allclose(shown(plot_images(images)), [[0, 0.25, 1]])


@pytest.mark.parametrize(
    ("images", "reach"),
    [
        (torch.tensor([-0.5, 1.0]), "-0.5 to 1"),
        (torch.tensor([0.0, 1.5]), "0 to 1.5"),
        (torch.tensor([0.0, 255.0]), "0 to 255"),
        (torch.tensor([0, 300]), "0 to 300"),
        (torch.tensor([-1, 255]), "-1 to 255"),
        (torch.tensor([0.5, NAN]), "nan"),
    ],
)
def test_images_out_of_range(images, reach):
    with pytest.raises(ValueError, match=f"between 0 and 1, or .*these reach from .*{reach}"):
        plot_images(images.reshape(1, 1, 1, 2))


@pytest.mark.parametrize("shape", [(4, 4), (1, 4, 4), (2, 4, 4, 4), (3, 4, 4, 1), (1, 1, 1, 4, 4)])
def test_images_of_a_wrong_shape(shape):
    with pytest.raises(ValueError, match=r"images must have the shape .*got .*image\[None\]"):
        plot_images(torch.zeros(shape))


@pytest.mark.parametrize("shape", [(0, 1, 4, 4), (2, 3, 0, 4)])
def test_no_images_at_all(shape):
    with pytest.raises(ValueError, match=r"images must .*got"):
        plot_images(torch.zeros(shape))


def test_black_and_white_images_may_be_of_booleans():
    images = torch.tensor([[False, True]])[None, None]
    np.testing.assert_array_equal(shown(plot_images(images)), [[0, 1]])


@pytest.mark.parametrize("images", [None, "cat.png", [torch.zeros(1, 4, 4)]])
def test_images_of_a_wrong_kind(images):
    with pytest.raises(TypeError, match="images must be a tensor or NumPy array"):
        plot_images(images)


def test_labels_titles_and_axes_of_images():
    _, ax = plt.subplots()
    images = torch.rand(2, 1, 4, 4)
    assert plot_images(images, labels=["cat", "dog"], title="pets", ax=ax) is ax
    assert texts(ax) == ["cat", "dog"]
    assert ax.get_title() == "pets"
    assert bar(ax) is None
    assert crosses(ax) == []
    with pytest.raises(ValueError, match="2; got 3"):
        plot_images(images, labels=["a"] * 3)


def test_images_are_not_changed():
    images = torch.full((2, 3, 4, 4), 255, dtype=torch.uint8)
    plot_images(images)
    assert (images == 255).all()


# plot_history


@pytest.mark.parametrize("what", ["loss", "accuracy"])
def test_a_history_is_drawn_by_step_and_by_epoch(history, what):
    ax = plot_history(history, what)
    steps, train, test = ax.lines
    np.testing.assert_allclose(steps.get_xdata(), [0.5, 1, 1.5, 2])
    np.testing.assert_array_equal(steps.get_ydata(), getattr(history, f"step_{what}"))
    np.testing.assert_array_equal(train.get_xdata(), [0, 1, 2])
    np.testing.assert_array_equal(train.get_ydata(), getattr(history, f"train_{what}"))
    np.testing.assert_array_equal(test.get_ydata(), getattr(history, f"test_{what}"))
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["each batch of 32", "train images", "test images"]
    assert ax.get_xlabel() == "epochs"
    assert what in ax.get_ylabel() or "entropy" in ax.get_ylabel()
    assert ax.get_yscale() == ("log" if what == "loss" else "linear")
    pixels(ax)


def test_train_and_test_differ_by_more_than_their_colour(history):
    _, train, test = plot_history(history).lines
    assert train.get_color() != test.get_color()
    assert train.get_marker() != test.get_marker()


def test_a_history_without_test_images(history):
    history.test_loss = history.test_accuracy = []
    ax = plot_history(history)
    assert len(ax.lines) == 2
    assert "test" not in str([text.get_text() for text in ax.get_legend().get_texts()])


def test_a_history_whose_steps_were_not_recorded(history):
    history.step_loss = []
    ax = plot_history(history)
    assert len(ax.lines) == 2
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["train images", "test images"]


def test_accuracy_is_a_percentage(history):
    ax = plot_history(history, "accuracy")
    pixels(ax)
    assert all(label.get_text().endswith("%") for label in ax.get_yticklabels())


def test_axes_of_a_history(history):
    figure, ax = plt.subplots()
    assert plot_history(history, ax=ax) is ax
    assert plot_history(history).figure is not figure


@pytest.mark.parametrize("what", ["losses", "", None])
def test_what_a_history_does_not_hold(history, what):
    with pytest.raises(ValueError, match='what must be "loss" or "accuracy"; got'):
        plot_history(history, what)


# plot_confusion


@pytest.mark.parametrize("kind", [np.array, torch.tensor])
def test_a_confusion_matrix_colours_the_mistakes(kind):
    matrix = kind([[50, 2, 0], [0, 40, 10], [1, 0, 30]])
    ax = plot_confusion(matrix, ["a", "b", "c"])
    np.testing.assert_array_equal(shown(ax), [[NAN, 2, NAN], [NAN, NAN, 10], [1, NAN, NAN]])
    assert ax.images[0].get_clim() == (0, 10)
    counts = {text.get_position(): text.get_text() for text in ax.texts}
    assert counts == {
        (0, 0): "50",
        (1, 0): "2",
        (1, 1): "40",
        (2, 1): "10",
        (0, 2): "1",
        (2, 2): "30",
    }
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [label.get_text() for label in labels] == ["a", "b", "c"]
    assert bar(ax).get_ylabel() == "mistakes"


def test_dark_cells_have_light_numbers():
    ax = plot_confusion(np.array([[9, 10, 7], [1, 9, 5], [0, 0, 9]]), ["a", "b", "c"])
    colours = {text.get_text(): to_hex(text.get_color()) for text in ax.texts}
    light, dark = dict.fromkeys(["10", "7"], "#ffffff"), dict.fromkeys(["9", "1", "5"], "#222222")
    assert colours == light | dark


def test_large_counts_are_exact():
    ax = plot_confusion(np.array([[2**24 + 1, 1], [0, 3]]), ["a", "b"])
    assert ax.texts[0].get_text() == str(2**24 + 1)


def test_shares_are_no_counts():
    """A normalized matrix must not come out as an empty one."""
    with pytest.raises(ValueError, match="counts"):
        plot_confusion(np.array([[0.9, 0.1], [0.2, 0.8]]), ["a", "b"])


def test_counts_are_not_negative():
    with pytest.raises(ValueError, match="counts"):
        plot_confusion(np.array([[3, -1], [0, 2]]), ["a", "b"])


def test_a_confusion_matrix_without_mistakes():
    ax = plot_confusion(np.diag([3, 4]), ["a", "b"])
    assert np.isnan(shown(ax)).all()
    pixels(ax)


def test_axes_of_a_confusion_matrix():
    _, ax = plt.subplots()
    assert plot_confusion(np.eye(2), ["a", "b"], ax=ax) is ax
    assert plot_confusion(np.eye(2), ["a", "b"]) is not ax


@pytest.mark.parametrize(
    "matrix", [np.zeros((2, 2)), np.zeros((3, 2)), np.zeros(3), np.zeros((1, 3, 3))]
)
def test_a_confusion_matrix_of_a_wrong_shape(matrix):
    with pytest.raises(ValueError, match=r"matrix must be 3×3, like the classes; got \("):
        plot_confusion(matrix, ["a", "b", "c"])


def test_a_confusion_matrix_of_a_wrong_kind():
    with pytest.raises(TypeError, match="matrix must be a tensor or NumPy array"):
        plot_confusion([[1, 0], [0, 1]], ["a", "b"])


# save_figure


@pytest.fixture
def figure(maps):
    return plot_maps(maps).figure


def test_a_figure_is_written_with_its_description(figure, tmp_path):
    description = "Ten maps; the strongest is 3 – 40 % above the rest × 2."
    path = save_figure(
        figure, "conv1_maps", f" {description}\n", folder=tmp_path / "new" / "images"
    )
    assert path == tmp_path / "new" / "images" / "conv1_maps.png"
    with Image.open(path) as image:
        image.load()
        assert image.text["Description"] == description
        assert image.text["Title"] == "conv1_maps"
        width, height = image.size
    inches = figure.get_size_inches()
    assert (width, height) == pytest.approx(inches * 200, abs=2)


def test_it_goes_to_the_folder_images_of_where_one_is(figure, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = save_figure(figure, "maps", "Maps.")
    assert (tmp_path / "images" / "maps.png").read_bytes() == path.read_bytes()
    assert not path.is_absolute()


def test_a_frame_of_a_strip_says_where_one_is(figure, tmp_path):
    save_figure(figure, "step_30", "Maps.", caption="step 30", strip="Steps", folder=tmp_path)
    assert figure_text(figure)[2:] == ("step 30", "Steps")
    with pytest.raises(ValueError, match="needs a caption, which says where one is; 'step_30'"):
        save_figure(figure, "step_30", "Maps.", strip="Steps", folder=tmp_path)


def test_an_older_file_is_replaced(figure, tmp_path):
    save_figure(figure, "maps", "Old.", folder=tmp_path)
    with Image.open(save_figure(figure, "maps", "New.", folder=str(tmp_path))) as image:
        assert image.text["Description"] == "New."


def test_the_words_stay_with_the_figure(figure, tmp_path):
    assert figure_text(figure) is None
    save_figure(figure, "maps", " Ten maps. ", caption="Longer.", folder=tmp_path)
    assert figure_text(figure) == ("maps", "Ten maps.", "Longer.", None)
    save_figure(figure, "maps", "Again.", folder=tmp_path)
    assert figure_text(figure).caption is None
    assert figure_text(plt.figure()) is None


def test_nothing_is_written_while_the_site_is_built(figure, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CNNVIS_SITE_BUILD", "1")
    assert save_figure(figure, "maps", "Ten maps.") is None
    assert save_figure(figure, "maps", "Ten maps.", folder="elsewhere") is None
    assert list(tmp_path.iterdir()) == []
    assert figure_text(figure) == ("maps", "Ten maps.", None, None)


@pytest.mark.parametrize("value", ["0", ""])
def test_other_values_of_the_variable_do_not_count(figure, tmp_path, monkeypatch, value):
    monkeypatch.setenv("CNNVIS_SITE_BUILD", value)
    assert save_figure(figure, "maps", "Ten maps.", folder=tmp_path).exists()


@pytest.mark.parametrize("building", ["0", "1"])
@pytest.mark.parametrize(
    "name", ["", "Maps", "my maps", "maps.png", "a/b", "../a", "maps-1", "größe", "maps\n"]
)
def test_names_that_do_not_fit(figure, tmp_path, monkeypatch, building, name):
    monkeypatch.setenv("CNNVIS_SITE_BUILD", building)
    with pytest.raises(ValueError, match=r"a-z, 0-9 and _ alone; got .*conv1_filters"):
        save_figure(figure, name, "Ten maps.", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert figure_text(figure) is None


@pytest.mark.parametrize("building", ["0", "1"])
@pytest.mark.parametrize("description", ["", "  \n", "x" * 251])
def test_descriptions_that_do_not_fit(figure, tmp_path, monkeypatch, building, description):
    monkeypatch.setenv("CNNVIS_SITE_BUILD", building)
    with pytest.raises(ValueError, match=r"1 to 250 characters; that of 'maps' has .*caption"):
        save_figure(figure, "maps", description, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert figure_text(figure) is None


def test_the_longest_description(figure, tmp_path):
    assert save_figure(figure, "maps_1", "x" * 250, folder=tmp_path).exists()


def test_boxes_are_drawn_where_they_are():
    axes = plot_images(
        np.zeros((2, 1, 10, 10)), boxes=np.array([[[1, 3], [2, 6]], [[0, 9], [0, 9]]]), columns=2
    )
    segments = axes.collections[0].get_segments()
    assert segments[0].min(0).tolist() == [1.5, 0.5]
    assert segments[0].max(0).tolist() == [6.5, 3.5]
    assert np.ptp(segments[1], axis=0).tolist() == [10, 10]
    assert segments[1].min(0)[0] > 10


@pytest.mark.parametrize(
    "boxes", [np.zeros((1, 2, 2)), np.full((2, 2, 2), 10), np.full((2, 2, 2), -1), np.zeros(2)]
)
def test_boxes_that_do_not_fit_are_refused(boxes):
    with pytest.raises(ValueError, match=r"boxes must have the shape \(2, 2, 2\)"):
        plot_images(np.zeros((2, 1, 10, 10)), boxes=boxes)


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
