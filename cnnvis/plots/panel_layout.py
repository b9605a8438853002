"""Panels of layers below each other, beside the image that they are of."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cnnvis.arrays import Scale, rescale
from cnnvis.plots.images import plot_images
from cnnvis.plots.layer_panels import LayerPanel
from cnnvis.plots.maps import plot_kernels, plot_maps

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

# Inches: width of the image, gap beside it, colour bar and margin; then what lies above and below.
IMAGE_WIDTH, GAP, COLORBAR, MARGIN = 2.3, 0.35, 0.85, 0.25
TITLE, HEADING, NOTE, AXIS, SPACE = 0.55, 0.62, 0.3, 0.6, 0.12
NARROW, WIDE, TALLEST = 5.3, 8.5, 10.0
MANY = 36  # maps, from which panels are wide


def draw_panels(
    figure: "Figure",
    panels: Sequence[LayerPanel],
    title: str,
    image: np.ndarray | None = None,
    scale: Scale = "layer",
    cmap: "Colormap | None" = None,
) -> None:
    """Draw panels below each other, beside the image that they are of, if there is one.

    Args:
        figure: An empty figure, which gets another size.
        panels: What to draw.
        title: Title of the figure.
        image: Float array (1, 1, H, W) or (1, 3, H, W), values 0 to 1.
        scale: As for `plot_maps`.
        cmap: As for `plot_maps`.
    """
    figure.set_layout_engine("none")
    width = NARROW if max(len(panel.values) for panel in panels) <= MANY else WIDE
    drawn = []
    for panel in panels:
        ax = figure.add_axes((0, 0, 1, 1))
        _draw_panel(panel, ax, width, len(panels) > 1, scale, cmap)
        drawn.append(ax)
    shown = None
    if image is not None:
        shown = figure.add_axes((0, 0, 1, 1))
        plot_images(image, ax=shown, title=f"the input, {image.shape[2]}×{image.shape[3]}")
    _arrange(figure, title, panels, drawn, shown, width)


def _draw_panel(
    panel: LayerPanel, ax: "Axes", wide: float, several: bool, scale: Scale, cmap
) -> None:
    count, *_, height, width = panel.values.shape
    columns = _columns(count, width / height, 3.6 if several else 1.1)
    labels = [str(number) for number in panel.numbers] if wide / columns >= 0.4 else None
    if panel.values.ndim == 3:
        signed = None if isinstance(scale, str) else scale[0] < 0  # alike in every panel
        how = {"scale": scale, "cmap": cmap, "signed": signed}
        plot_maps(panel.values, columns=columns, labels=labels, ax=ax, **how)
    elif panel.colour:
        plot_images(_in_colour(panel.values), columns=columns, labels=labels, ax=ax)
    elif panel.values.shape[1] == 1:
        how = {"scale": scale, "cmap": cmap}
        plot_kernels(panel.values, columns=columns, labels=labels, ax=ax, **how)
    else:
        plot_kernels(panel.values, scale=scale, cmap=cmap, ax=ax)
        every = max(1, count // 16)
        ax.set_yticks(ax.get_yticks(), [str(number) for number in panel.numbers[::every]])
        return
    inches = wide * max(height, width) / ax.images[0].get_array().shape[1]
    for label in ax.texts[: len(labels or ())]:  # small above small maps, clear of the row above
        label.set_fontsize(min(9, max(5, 0.16 * 72 * inches)))


def _in_colour(kernels: np.ndarray) -> np.ndarray:
    """Kernels (n, 3, H, W) as images, grey where they are 0."""
    count, _, height, width = kernels.shape
    flat = rescale(kernels.reshape(count, 3 * height, width), scale="map", signed=True)
    return np.nan_to_num(flat.reshape(kernels.shape)) / 2 + 0.5


def _arrange(figure, title, panels, drawn, shown, wide) -> None:
    """Give the figure and its axes their size, once it is known what is in them."""
    left = MARGIN + (IMAGE_WIDTH + GAP if shown is not None else 0.35)
    # Many filters of few input channels, and maps that are tall and thin, would grow too high.
    heights = [min(wide / _ratio(ax), TALLEST) for ax in drawn]
    below = [
        AXIS if ax.axison else NOTE if panel.crosses_out() else SPACE
        for panel, ax in zip(panels, drawn, strict=True)
    ]
    body = sum(heights) + sum(below) + HEADING * len(drawn)
    image_height = 0.0
    if shown is not None:
        image_height = min(IMAGE_WIDTH / _ratio(shown), max(body - 0.4, 4.0))
    total = left + wide + COLORBAR, TITLE + max(body, image_height + 0.6)
    figure.set_size_inches(total)
    size = min(
        13, 110 * (total[0] - 2 * MARGIN) / max(1, len(title))
    )  # a letter is some 0.65 as wide
    _write(figure, MARGIN, 0.2, title, fontsize=size, fontweight="bold")
    if shown is not None:
        width = min(IMAGE_WIDTH, image_height * _ratio(shown))
        _place(shown, MARGIN, TITLE + HEADING - 0.18, width, image_height)
    y = TITLE
    for panel, ax, height, under in zip(panels, drawn, heights, below, strict=True):
        _write(figure, left, y + 0.02, panel.heading, fontsize=9.5)
        _place(ax, left, y + HEADING, min(wide, height * _ratio(ax)), height)
        y += HEADING + height + under


def _write(figure: "Figure", x: float, y: float, text: str, **style) -> None:
    """A text whose upper left corner lies x inches from the left and y from the top."""
    width, height = figure.get_size_inches()
    style |= {"va": "top", "parse_math": False}  # a file's name may have dollar signs
    figure.text(x / width, 1 - y / height, text, **style)


def _place(ax: "Axes", x: float, y: float, width: float, height: float) -> None:
    """Axes whose upper left corner lies x inches from the left and y from the top."""
    across, down = ax.figure.get_size_inches()
    ax.set_position((x / across, 1 - (y + height) / down, width / across, height / down))


def _ratio(ax: "Axes") -> float:
    """Width by height of the image that axes show."""
    height, width = ax.images[0].get_array().shape[:2]
    return width / height


def _columns(count: int, ratio: float, target: float) -> int:
    """Columns that bring a grid near a ratio of width to height and leave few cells spare.

    Args:
        count: How many cells are filled.
        ratio: Width by height of a cell.
        target: Width by height that the grid should have.
    """

    def badness(columns: int) -> float:
        rows = math.ceil(count / columns)
        return abs(math.log(columns * ratio / rows / target)) + 3 * (1 - count / rows / columns)

    return min(range(1, count + 1), key=badness)
