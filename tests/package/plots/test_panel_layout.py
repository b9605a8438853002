"""Panels below each other: every value in its place, nothing beyond the edge."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure

from cnnvis.plots.layer_panels import panel_of_kernels, panel_of_maps
from cnnvis.plots.panel_layout import draw_panels


def maps(strengths, side=6):
    grid = np.zeros((len(strengths), side, side), np.float32)
    grid[:, 0, 0] = strengths
    return grid


def figure_of(panels, title, image=None, scale="layer"):
    figure = Figure()
    draw_panels(figure, panels, title, image, scale)
    return figure


def image_on(ax):
    return np.ma.filled(ax.images[0].get_array(), np.nan)


def test_the_figure_holds_the_maps_and_the_input():
    grid = np.random.default_rng(0).random((2, 5, 5)).astype(np.float32)
    photo = np.random.default_rng(1).random((1, 3, 10, 10))
    figure = figure_of([panel_of_maps("a", "A", grid, "all")], "a $title$_x$", photo, "layer")
    drawn, shown = sorted((ax for ax in figure.axes if ax.images), key=lambda ax: -ax.bbox.x0)[:2]
    assert np.allclose(image_on(drawn)[:5, :5], grid[0])
    assert np.allclose(image_on(shown), np.moveaxis(photo[0], 0, -1))
    assert figure.texts[0].get_text() == "a $title$_x$"
    figure.savefig(io.BytesIO(), dpi=40)


def test_a_pair_is_one_scale_for_all_layers():
    panels = [
        panel_of_maps("a", "A", maps([1, 2]), "all"),
        panel_of_maps("b", "B", maps([-8, 1]), "all"),
    ]

    def limits(scale):
        figure = figure_of(panels, "t", scale=scale)
        return [ax.images[0].get_clim() for ax in figure.axes if ax.images]

    def colours(scale):
        figure = figure_of(panels, "t", scale=scale)
        return [ax.images[0].get_cmap().name for ax in figure.axes if ax.images]

    assert limits((-8, 8)) == [(-8, 8), (-8, 8)]
    assert limits("layer") == [(0, 2), (-8, 8)]
    assert limits("map") == [(0, 1), (-1, 1)]
    assert colours((-8, 8)) == ["RdBu_r", "RdBu_r"]
    assert colours((0, 8)) == ["viridis", "viridis"]
    assert colours("layer") == ["viridis", "RdBu_r"]
    weights = [np.full((2, inputs, 3, 3), inputs, np.float32) for inputs in (1, 2, 3)]
    panels = [panel_of_kernels("c", "C", weight, reads_image=True) for weight in weights]
    assert limits((-2, 2)) == [(-2, 2), (-2, 2), (0, 1)]
    assert limits("layer") == [(-1, 1), (-2, 2), (0, 1)]


def test_blank_maps_go_by_the_numbers_above_them():
    figure = figure_of([panel_of_maps("a", "A", maps([1, 2, 0, 4]), (3, 2))], "t")
    texts = [text.get_text() for ax in figure.axes for text in ax.texts]
    assert texts == ["3", "2", "crossed out, zero: 2"]


@pytest.mark.parametrize("count", [1, 2, 7, 16, 100, 512])
@pytest.mark.parametrize("shape", [(1, 1), (7, 7), (40, 10), (3, 90)])
@pytest.mark.parametrize("several", [1, 3])
def test_everything_lies_within_the_figure(count, shape, several):
    grid = np.random.default_rng(0).random((count, *shape)).astype(np.float32)
    panel = panel_of_maps("a", "A", grid, "all")
    figure = figure_of(
        [panel] * several, "t" * 150, np.random.default_rng(1).random((1, 1, *shape))
    )
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
    panel = panel_of_kernels("conv", "Conv2d", weight, (30, 7), reads_image=colour)
    figure = figure_of([panel], "kernels")
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
