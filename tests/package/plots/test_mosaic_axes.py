"""What mosaics share: places, crosses, labels, colour bars, the size of a new figure."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from package.plots.artists import (
    bar,
    colour_at,
    crosses,
    note,
    pitch,
    pixels,
    shown,
    texts,
    ticks,
    tiles,
)

from cnnvis.arrays import diagnose
from cnnvis.plots.images import plot_images
from cnnvis.plots.maps import plot_kernels, plot_maps

pytestmark = [
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # within older libraries
]
fast = settings(max_examples=25, deadline=None, derandomize=True, database=None)
NAN, INF = np.nan, np.inf


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


def test_maps_that_melt_into_the_page_near_zero_are_framed(maps):
    def frames(ax):
        return [one for each in ax.collections for one in each.get_segments() if len(one) == 5]

    assert frames(plot_maps(maps)) == []
    found = frames(plot_maps(maps, signed=True))
    assert len(found) == 10
    np.testing.assert_array_equal(found[0].min(axis=0), [-0.5, -0.5])
    np.testing.assert_array_equal(found[0].max(axis=0), [5.5, 3.5])


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


def test_boxes_are_drawn_where_they_are():
    axes = plot_images(
        np.zeros((2, 1, 10, 10)), boxes=np.array([[[1, 3], [2, 6]], [[0, 9], [0, 9]]]), columns=2
    )
    segments = axes.collections[0].get_segments()
    assert segments[0].min(0).tolist() == [1.5, 0.5]
    assert segments[0].max(0).tolist() == [6.5, 3.5]
    assert np.ptp(segments[1], axis=0).tolist() == [10, 10]
    assert segments[1].min(0)[0] > 10
