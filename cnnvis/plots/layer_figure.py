"""One figure: an image, and beside it what layers of a network make of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from torch import Tensor

from cnnvis.arrays import diagnose, limits, rescale
from cnnvis.plots.maps import plot_images, plot_kernels, plot_maps

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Choice = int | Literal["all"] | tuple[int, ...]

MOST_INPUTS = 16
_LEFT, _GAP, _BAR, _EDGE = 2.3, 0.35, 0.85, 0.25  # inches
_HEAD, _TITLE, _NOTE = 0.55, 0.62, 0.3


@dataclass(frozen=True, eq=False)
class Panel:
    """Maps or kernels of one layer, chosen for drawing.

    Attributes:
        layer: The layer's name.
        heading: What is drawn, in a line or two.
        values: Maps (n, H, W), or kernels (n, C, H, W).
        numbers: The channel or filter that each is.
        blank: How many of the layer's maps show nothing.
        colour: Whether the three channels of a kernel are drawn as one colour.
    """

    layer: str
    heading: str
    values: np.ndarray
    numbers: tuple[int, ...]
    blank: int = 0
    colour: bool = False


def maps_panel(layer: str, kind: str, maps: np.ndarray, choice: Choice = 16) -> Panel:
    """Choose maps of a layer.

    Args:
        layer: Its name.
        kind: Its class, for the heading.
        maps: Float array (C, H, W).
        choice: How many, those whose values vary most over the image (by standard deviation)
            first, those that show nothing left out where possible; ``"all"``; or numbers.

    Returns:
        Panel: The maps and their heading.

    Raises:
        ValueError: If a number isn't that of a channel.
    """
    count = len(maps)
    blank = np.array([bool(word) for word in diagnose(maps)])
    numbers = chosen(choice, count, layer)
    words = f"{'all ' if len(numbers) == count and count > 1 else ''}{_counted(count, 'channel')}"
    if len(numbers) < count:
        words = f"{len(numbers)} of {words}"
    if isinstance(choice, int) and choice < count:
        with np.errstate(invalid="ignore"):
            strength = maps.std(axis=(1, 2), dtype=np.float64)
        if maps[0].size == 1:
            strength = np.abs(maps[:, 0, 0])
        order = np.argsort(np.where(blank, -1.0, strength), kind="stable")[::-1]
        if not blank.all():
            numbers = [int(at) for at in order[:choice] if not blank[at]]
            most = "that are strongest" if maps[0].size == 1 else "that vary most"
            words = f"the {len(numbers)} of {_counted(count, 'channel')} {most}"
    if blank.any():
        words += f"; {blank.sum()} show{'' if blank.sum() > 1 else 's'} nothing"
    heading = f"{layer or 'output'} · {kind}\n{maps.shape[1]}×{maps.shape[2]}, {words}"
    return Panel(layer, heading, maps[list(numbers)], tuple(numbers), int(blank.sum()))


def kernels_panel(
    layer: str, kind: str, kernels: np.ndarray, choice: Choice = 16, *, reads_image: bool = False
) -> Panel:
    """Choose filters of a layer, the first ones if ``choice`` is a number.

    Args:
        layer: Its name.
        kind: Its class, for the heading.
        kernels: Float array (filters, C, H, W).
        choice: How many filters, ``"all"``, or their numbers.
        reads_image: Whether the layer's input is the image, so that three input channels are
            red, green and blue.

    Returns:
        Panel: The kernels and their heading; of many input channels the first sixteen.

    Raises:
        ValueError: If a number isn't that of a filter.
    """
    count, inputs, height, width = kernels.shape
    numbers = chosen(choice, count, layer, what="filter")
    words = f"{len(numbers)} of {_counted(count, 'filter')}"
    colour = reads_image and inputs == 3
    if colour:
        words += ", red, green and blue at once, grey is 0, each scaled by itself"
    elif inputs > MOST_INPUTS:
        words += f", their first {MOST_INPUTS} of {inputs} input channels"
        kernels = kernels[:, :MOST_INPUTS]
    heading = f"{layer or 'the model'} · {kind}\n{height}×{width}, {words}"
    return Panel(layer, heading, kernels[list(numbers)], tuple(numbers), colour=colour)


def chosen(choice: Choice, count: int, layer: str, what: str = "channel") -> list[int]:
    """The numbers that a choice means.

    Raises:
        ValueError: If a number isn't below ``count``.
    """
    if choice == "all":
        return list(range(count))
    if isinstance(choice, int):
        return list(range(min(choice, count)))
    if wrong := [number for number in choice if not 0 <= number < count]:
        raise ValueError(
            f"{what}s of {layer or 'the model'} are numbered from 0 to {count - 1}; got {wrong[0]}."
        )
    return list(choice)


def draw_sheet(
    panels: Sequence[Panel],
    title: str,
    image: Tensor | None = None,
    scale: Literal["map", "layer", "all"] = "layer",
) -> "Figure":
    """Draw panels below each other, beside the image that they are of, if there is one.

    Args:
        panels: What to draw.
        title: Title of the figure.
        image: Float tensor (1, 1, H, W) or (1, 3, H, W), values 0 to 1.
        scale: What shares a colour scale: each map, a layer, or all layers.

    Returns:
        Figure: A new figure.
    """
    from matplotlib.figure import Figure  # not pyplot's: it needs no window and no closing

    figure = Figure(layout="none")
    most = max(len(panel.values) for panel in panels)
    wide = 5.3 if most <= 36 else 8.5
    grey = [panel for panel in panels if not panel.colour]
    shared = _shared(grey) if scale == "all" and grey else None
    drawn = [
        _draw(panel, figure.add_axes((0, 0, 1, 1)), wide, len(panels), scale, shared)
        for panel in panels
    ]
    _fit_labels(drawn, panels, wide)
    shown = figure.add_axes((0, 0, 1, 1)) if image is not None else None
    if shown is not None:
        size = f"{image.shape[2]}×{image.shape[3]}"
        plot_images(image, ax=shown, title=f"the input, {size}")
    _arrange(figure, title, panels, drawn, shown, wide)
    return figure


def _draw(panel: Panel, ax, wide: float, several: int, scale, shared) -> "Axes":
    count, *_, height, width = panel.values.shape
    columns = _columns(count, width / height, 3.6 if several > 1 else 1.1)
    cell = wide / columns
    labels = [str(number) for number in panel.numbers] if cell >= 0.4 else None
    scale = scale if shared is None else shared
    if panel.values.ndim == 3:
        signed = None if shared is None else shared[0] < 0
        return plot_maps(
            panel.values, scale=scale, signed=signed, columns=columns, labels=labels, ax=ax
        )
    if panel.colour:
        flat = rescale(panel.values.reshape(count, 3 * height, width), signed=True)
        colour = np.nan_to_num(flat.reshape(panel.values.shape)) / 2 + 0.5
        return plot_images(colour, columns=columns, labels=labels, ax=ax)
    if panel.values.shape[1] == 1:
        return plot_kernels(panel.values, scale=scale, columns=columns, labels=labels, ax=ax)
    plot_kernels(panel.values, scale=scale, ax=ax)
    ticks = ax.get_yticks()
    every = max(1, count // 16)
    ax.set_yticks(ticks, [str(number) for number in panel.numbers[::every]])
    return ax


def _arrange(figure, title, panels, drawn, shown, wide) -> None:
    """Give the figure and its axes their size, once it is known what is in them."""
    left = _EDGE + (_LEFT + _GAP if shown is not None else 0.35)
    heights = [wide / _ratio(ax) for ax in drawn]
    widths = [wide] * len(drawn)
    for at, height in enumerate(heights):
        if height > 10:  # many filters of few input channels, or maps that are tall and thin
            heights[at], widths[at] = 10.0, wide * 10 / height
    below = [0.6 if ax.axison else _NOTE if _has_note(ax) else 0.12 for ax in drawn]
    body = sum(heights) + sum(below) + _TITLE * len(drawn)
    portrait = 0.0
    if shown is not None:
        portrait = min(_LEFT / _ratio(shown), max(body - 0.4, 4.0))
    total = left + wide + _BAR, _HEAD + max(body, portrait + 0.6)
    figure.set_size_inches(total)

    def place(ax, x, y, width, height):
        ax.set_position(
            (x / total[0], 1 - (y + height) / total[1], width / total[0], height / total[1])
        )

    words = {"va": "top", "parse_math": False}  # a file's name may have dollar signs
    size = min(13, 110 * (total[0] - 2 * _EDGE) / len(title))  # a letter is some 0.65 as wide
    figure.text(
        _EDGE / total[0], 1 - 0.2 / total[1], title, fontsize=size, fontweight="bold", **words
    )
    y = _HEAD
    if shown is not None:
        width = min(_LEFT, portrait * _ratio(shown))
        place(shown, _EDGE, y + _TITLE - 0.18, width, portrait)
    for panel, ax, height, width, under in zip(panels, drawn, heights, widths, below, strict=True):
        figure.text(
            left / total[0], 1 - (y + 0.02) / total[1], panel.heading, fontsize=9.5, **words
        )
        place(ax, left, y + _TITLE, width, height)
        y += _TITLE + height + under


def _fit_labels(drawn: Sequence["Axes"], panels: Sequence[Panel], wide: float) -> None:
    """Small numbers above small maps, so that they don't touch the row above."""
    for panel, ax in zip(panels, drawn, strict=True):
        height, width = panel.values.shape[-2:]
        inches = wide * max(height, width) / ax.images[0].get_array().shape[1]
        for text in ax.texts:
            if text.get_text().isdecimal():
                text.set_fontsize(min(9, max(5, 0.16 * 72 * inches)))


def _ratio(ax: "Axes") -> float:
    """Width by height of the image that axes show."""
    height, width = ax.images[0].get_array().shape[:2]
    return width / height


def _has_note(ax: "Axes") -> bool:
    """Whether maps are crossed out, which a line below tells."""
    return any("crossed out" in text.get_text() for text in ax.texts)


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


def _shared(panels: Sequence[Panel]) -> tuple[float, float]:
    """The lowest and highest value of all panels; symmetric for kernels, or if any is negative."""
    stacks = [panel.values.reshape(-1, *panel.values.shape[-2:]) for panel in panels]
    ends = np.concatenate([limits(stack)[:, :1] for stack in stacks], axis=1)
    low, high = float(ends[0].min()), float(ends[1].max())
    symmetric = low < 0 or panels[0].values.ndim == 4
    return (-max(-low, high), max(-low, high)) if symmetric else (low, high)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
