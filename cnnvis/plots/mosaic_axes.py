"""Mosaics on axes: what the images of maps, of kernels and of photographs share."""

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from cnnvis.arrays import grid_shape, mosaic

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEXT_COLOR, LINE_COLOR, CROSS_COLOR = "#222222", "#b8b8b8", "#d62728"
# Between maps, and for each line of a label: shares of a map's side.
GAP, LABEL_LINE = 0.08, 0.14
WIDEST, TALLEST = 8, 9.5  # inches, of a new figure


class Margins(NamedTuple):
    """Inches around a mosaic in a figure of its own."""

    left: float = 0.1
    right: float = 0.1
    top: float = 0.1
    bottom: float = 0.1


def draw_mosaic(
    stack: np.ndarray,
    columns: int | None,
    labels: Sequence[str] | None,
    title: str | None,
    ax: "Axes | None",
    *,
    margins: Margins,
    fill: float = np.nan,
    **colors,
) -> tuple["Axes", np.ndarray]:
    """Draw maps (C, H, W) or colour images (C, 3, H, W) as one image.

    Returns:
        The axes, and the row and column of each map's first pixel, an int array (C, 2).

    Raises:
        ValueError: If there are more or fewer labels than maps.
    """
    if labels is not None and len(labels) != len(stack):
        raise ValueError(f"labels must be as many as the maps, {len(stack)}; got {len(labels)}.")
    lines = 0 if labels is None else max(str(label).count("\n") + 1 for label in labels)
    height, width = stack.shape[-2:]
    side = max(height, width)
    # Of a tiny kernel a pixel is so large that each line of a label needs a whole one.
    down = max(1, lines, round(side * (GAP + LABEL_LINE * lines)))
    across = max(1, round(side * GAP))
    tiles = mosaic(stack, columns=columns, gap=(down, across), fill=fill)
    if ax is None:
        top = margins.top + 0.16 * lines + (0.3 if title else 0)
        ax = _fitting_axes(tiles.shape[1] / tiles.shape[0], margins._replace(top=top))
    ax.imshow(tiles, interpolation="nearest", **colors)
    ax.set_axis_off()
    if title:
        ax.set_title(title, pad=6 + 11 * lines)
    row, column = np.divmod(np.arange(len(stack)), grid_shape(len(stack), columns)[0])
    corners = np.stack([row * (height + down), column * (width + across)], axis=1)
    for text, (y, x) in zip(labels if lines else (), corners, strict=False):
        ax.text(x + (width - 1) / 2, y - 0.5, text, ha="center", va="bottom", fontsize=9)
    return ax, corners


def new_axes(width: float, height: float) -> "Axes":
    """Axes of a new figure of the size given, in inches."""
    from matplotlib import pyplot as plt  # kept out of `import cnnvis`, which needs no window

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def _fitting_axes(ratio: float, margins: Margins) -> "Axes":
    """Axes of a new figure that a mosaic of this width by height fills, but for ``margins``.

    Placed by hand: a layout engine would draw the mosaic a second time to find its size.
    """
    from matplotlib import pyplot as plt

    across, down = margins.left + margins.right, margins.top + margins.bottom
    width = min(WIDEST - across, (TALLEST - down) * ratio)
    total = width + across, max(width / ratio, 0.2) + down
    figure = plt.figure(figsize=total, layout="none")
    start = margins.left / total[0], margins.bottom / total[1]
    return figure.add_axes((*start, width / total[0], 1 - down / total[1]))


def draw_frames(ax, corners: np.ndarray, shape: tuple[int, int]) -> None:
    """A thin line around each map, which would melt into the page where its values are near 0."""
    unit = np.array([(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)]) * shape[::-1] - 0.5
    frames = unit + corners[:, None, ::-1]
    ax.add_collection(
        LineCollection(frames, colors=LINE_COLOR, linewidths=0.5, clip_on=False), autolim=False
    )


def draw_boxes(ax, boxes: np.ndarray, corners: np.ndarray, width: float = 1.8) -> None:
    """A bright frame around a part of each image: boxes (N, 2, 2), rows then columns."""
    (top, bottom), (left, right) = boxes.transpose(1, 2, 0) + np.array([[[-0.5], [0.5]]])
    ring = np.array([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
    lines = ring.transpose(2, 0, 1) + corners[:, None, ::-1]
    for points, color in ((2 * width, "black"), (width, "#ffb000")):  # seen on dark and on light
        ax.add_collection(
            LineCollection(lines, colors=color, linewidths=points, clip_on=False), autolim=False
        )


def cross_out(
    ax,
    words: list[str],
    corners: np.ndarray,
    shape: tuple[int, int],
    names: Sequence[str] | None = None,
) -> None:
    """A line across each map that shows nothing; below, which (or how many) they are, and why.

    Args:
        ax: Axes with a mosaic of maps.
        words: What `diagnose` says of each map.
        corners: Row and column of each map's first pixel.
        shape: Height and width of a map.
        names: What each map is called; without them those crossed out are counted.
    """
    blank = [at for at, word in enumerate(words) if word]
    if not blank:
        return
    height, width = shape
    lines = [
        [(column - 0.5, row + height - 0.5), (column + width - 0.5, row - 0.5)]
        for row, column in corners[blank]
    ]
    ax.add_collection(LineCollection(lines, colors=CROSS_COLOR, linewidths=1.5), autolim=False)
    notes = []
    for word in ("zero", "constant", "NaN"):
        which = [at for at in blank if words[at] == word]
        more = f" and {len(which) - 8} more" if len(which) > 8 else ""
        if which and len(words) == 1:
            notes.append(word)
        elif which and names is None:
            notes.append(f"{word}: {len(which)} of {len(words)}")
        elif which:
            notes.append(f"{word}: {', '.join(names[at] for at in which[:8])}{more}")
    below = -36 if ax.axison else -4  # points, to leave the numbers of rows and columns room
    ax.annotate(
        "crossed out, " + "; ".join(notes),
        (0, 0),
        (0, below),
        xycoords="axes fraction",
        textcoords="offset points",
        va="top",
        fontsize=9,
        color=CROSS_COLOR,
    )


def as_colormap(cmap: str | Colormap | None, default: str) -> Colormap:
    """The colour map asked for, or the default.

    Raises:
        TypeError: If ``cmap`` is neither a name nor a colour map.
        ValueError: If Matplotlib knows no colour map of that name.
    """
    if isinstance(cmap, Colormap):
        return cmap
    if cmap is not None and not isinstance(cmap, str):
        raise TypeError(
            "cmap must be the name of a colour map of Matplotlib, or a Colormap; got "
            f"{type(cmap).__name__}. Try 'viridis'."
        )
    if cmap is not None and cmap not in colormaps:
        near = difflib.get_close_matches(cmap, list(colormaps), n=3, cutoff=0.5)
        raise ValueError(
            f"cmap must be a colour map of Matplotlib; got {cmap!r}. Try "
            f"{' or '.join(map(repr, near or ['viridis']))}."
        )
    return colormaps[cmap or default]


def readable_on(colors: np.ndarray, *, dark: float | np.ndarray) -> np.ndarray:
    """The colour of text upon colours: white where their luminance is below ``dark``.

    Args:
        colors: Red, green, blue and opacity, floats 0 to 1, (..., 4).
        dark: A relative luminance, from 0 for black to 1 for white, or one for each.

    Returns:
        Array (...) of colours by name.
    """
    rgb = colors[..., :3]
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.where(light @ (0.2126, 0.7152, 0.0722) < dark, "white", TEXT_COLOR)


def add_colorbar(ax, *, per_map: bool = False, signed: bool = False, label: str = "") -> None:
    """Add a bar as high as the axes; where each map has its own scale it names the ends alone."""
    beside = ax.inset_axes([1, 0, 1, 1])
    beside.set_axes_locator(_beside(ax))
    bar = ax.figure.colorbar(ax.images[-1], cax=beside, label=label)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=2, labelsize=9)
    if not per_map:
        bar.ax.yaxis.set_major_locator(MaxNLocator(4, integer=bool(label)))
    elif signed:
        bar.set_ticks([-1, 0, 1], labels=["-max", "0", "max"])
    else:
        bar.set_ticks([0, 1], labels=["min", "max"])


def _beside(ax: "Axes"):
    """Where a colour bar stands: 0.16 inches wide, 0.1 to the right of the axes."""

    def locate(_, renderer) -> Bbox:
        inch, box = ax.figure.dpi, ax.get_window_extent(renderer)
        bar = Bbox.from_bounds(box.x1 + 0.1 * inch, box.y0, 0.16 * inch, box.height)
        return bar.transformed(ax.figure.transFigure.inverted())

    return locate


def number_axis(axis, name: str, centres: np.ndarray) -> None:
    """Number the rows or columns of a mosaic of kernels, every one or every few."""
    every = max(1, len(centres) // 16)
    axis.axes.set_axis_on()
    axis.axes.spines[:].set_visible(False)
    axis.set_ticks(centres[::every], range(0, len(centres), every))
    axis.set_tick_params(length=0, labelsize=9)
    axis.set_label_text(name)


def write_values(ax, kernels: np.ndarray, corners: np.ndarray) -> None:
    """Write each weight into its cell, dark on light and light on dark."""
    image = ax.images[-1]
    values = image.get_array()
    # Luminances of RdBu_r at 0.15 and 0.85 of its range.
    dark = np.where(np.ma.filled(image.norm(values), 0) < 0.5, 0.188, 0.15)
    colors = readable_on(image.to_rgba(values), dark=dark)
    for kernel, (row, column) in zip(kernels, corners, strict=True):
        for (down, across), value in np.ndenumerate(kernel):
            y, x = row + down, column + across
            ink = colors[y, x]
            ax.text(x, y, _short(value), ha="center", va="center", color=ink, fontsize=9)


def _short(value: float) -> str:
    """A number with two decimals at most, as one would write it."""
    text = np.format_float_positional(value, precision=2, trim="-")
    return "0" if text == "-0" else text.replace("-", "−")
