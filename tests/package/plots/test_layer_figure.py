import io

import numpy as np
import pytest
import torch

from cnnvis.plots.layer_figure import draw_sheet, kernels_panel, maps_panel


def maps(strengths, side=6):
    grid = np.zeros((len(strengths), side, side), np.float32)
    grid[:, 0, 0] = strengths
    return grid


def test_those_that_vary_most_come_first():
    panel = maps_panel("relu1", "ReLU", maps([1, 5, 0, 3, 0, 2]), 3)
    assert panel.numbers == (1, 3, 5)
    assert np.array_equal(panel.values[:, 0, 0], [5, 3, 2])
    assert panel.blank == 2
    words = "the 3 of 6 channels that vary most; 2 show nothing"
    assert panel.heading == f"relu1 · ReLU\n6×6, {words}"


def test_a_large_but_even_map_is_not_strong():
    grid = maps([1, 2, 3])
    grid[0] += 100
    assert maps_panel("a", "A", grid, 1).numbers == (2,)


def test_blank_maps_are_left_out_unless_there_is_nothing_else():
    assert maps_panel("a", "A", maps([0, 0, 4, 0]), 3).numbers == (2,)
    assert maps_panel("a", "A", maps([0, 0, 0, 0]), 3).numbers == (0, 1, 2)
    broken = maps([1, np.nan, 4, 0])
    assert maps_panel("a", "A", broken, 3).numbers == (2, 0)


def test_single_values_by_their_strength():
    panel = maps_panel("pool", "P", np.array([1, -7, 0, 3], np.float32)[:, None, None], 2)
    assert panel.numbers == (1, 3)
    assert "that are strongest" in panel.heading


def test_all_and_chosen():
    assert maps_panel("a", "A", maps([1, 2, 3]), "all").numbers == (0, 1, 2)
    assert maps_panel("a", "A", maps([1, 2, 3]), 9).numbers == (0, 1, 2)
    panel = maps_panel("a", "A", maps([1, 2, 3]), (2, 0))
    assert panel.values[:, 0, 0].tolist() == [3, 1]
    with pytest.raises(ValueError, match="channels of a are numbered from 0 to 2; got 3"):
        maps_panel("a", "A", maps([1, 2, 3]), (0, 3))
    with pytest.raises(ValueError, match="filters of a are numbered from 0 to 3; got 4"):
        kernels_panel("a", "A", np.ones((4, 1, 3, 3)), (4,))


def image_on(ax):
    return np.ma.filled(ax.images[0].get_array(), np.nan)


def test_the_figure_holds_the_maps_and_the_input():
    grid = np.random.default_rng(0).random((2, 5, 5)).astype(np.float32)
    photo = torch.rand(1, 3, 10, 10)
    figure = draw_sheet([maps_panel("a", "A", grid, "all")], "a $title$_x$", photo, "layer")
    drawn, shown = sorted((ax for ax in figure.axes if ax.images), key=lambda ax: -ax.bbox.x0)[:2]
    assert np.allclose(image_on(drawn)[:5, :5], grid[0])
    assert np.allclose(image_on(shown), photo[0].permute(1, 2, 0))
    assert figure.texts[0].get_text() == "a $title$_x$"
    figure.savefig(io.BytesIO(), dpi=40)


def test_one_scale_for_all_layers():
    panels = [maps_panel("a", "A", maps([1, 2]), "all"), maps_panel("b", "B", maps([-8, 1]), "all")]

    def limits(scale):
        figure = draw_sheet(panels, "t", scale=scale)
        return [ax.images[0].get_clim() for ax in figure.axes if ax.images]

    assert limits("all") == [(-8, 8), (-8, 8)]
    assert limits("layer") == [(0, 2), (-8, 8)]
    assert limits("map") == [(0, 1), (-1, 1)]
    weights = [np.full((2, inputs, 3, 3), inputs, np.float32) for inputs in (1, 2, 3)]
    panels = [kernels_panel("c", "C", weight, reads_image=True) for weight in weights]
    assert limits("all") == [(-2, 2), (-2, 2), (0, 1)]
    assert limits("layer") == [(-1, 1), (-2, 2), (0, 1)]


def test_blank_maps_go_by_the_numbers_above_them():
    figure = draw_sheet([maps_panel("a", "A", maps([1, 2, 0, 4]), (3, 2))], "t")
    texts = [text.get_text() for ax in figure.axes for text in ax.texts]
    assert texts == ["3", "2", "crossed out, zero: 2"]


@pytest.mark.parametrize("count", [1, 2, 7, 16, 100, 512])
@pytest.mark.parametrize("shape", [(1, 1), (7, 7), (40, 10), (3, 90)])
@pytest.mark.parametrize("several", [1, 3])
def test_everything_lies_within_the_figure(count, shape, several):
    grid = np.random.default_rng(0).random((count, *shape)).astype(np.float32)
    panel = maps_panel("a", "A", grid, "all")
    figure = draw_sheet([panel] * several, "t" * 150, torch.rand(1, 1, *shape))
    figure.draw_without_rendering()
    page = figure.bbox
    for ax in figure.axes:
        box = ax.get_tightbbox()
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= page.x1 + 1
        assert box.y1 <= page.y1 + 1
    for text in figure.texts:
        assert text.get_window_extent().x1 <= page.x1
    assert max(figure.get_size_inches()) < 45


@pytest.mark.parametrize(("inputs", "colour"), [(1, 0), (3, 1), (3, 0), (8, 0), (64, 0)])
def test_kernels(inputs, colour):
    weight = np.random.default_rng(0).standard_normal((40, inputs, 3, 3)).astype(np.float32)
    panel = kernels_panel("conv", "Conv2d", weight, (30, 7), reads_image=colour)
    figure = draw_sheet([panel], "kernels")
    ax = next(ax for ax in figure.axes if ax.images)
    values = image_on(ax)[:3, :3]
    if colour:
        red = weight[30, :, :, :] / np.abs(weight[30]).max() / 2 + 0.5
        assert np.allclose(values, np.moveaxis(red, 0, -1), atol=1e-6)
        return
    assert np.allclose(values, weight[30, 0])
    if inputs > 1:
        assert [label.get_text() for label in ax.get_yticklabels()] == ["30", "7"]
        assert len(ax.get_xticks()) == min(inputs, 16)
