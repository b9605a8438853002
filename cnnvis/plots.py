"""Pictures of maps, kernels and training runs: all of matplotlib is here."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.ticker import MaxNLocator, PercentFormatter
from torch import Tensor, nn

from cnnvis.images import (
    Array,
    Scale,
    as_array,
    as_maps,
    diagnose,
    grid_shape,
    limits,
    mosaic,
    rescale,
)
from cnnvis.training import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SEQUENTIAL = "viridis"
DIVERGING = "RdBu_r"
INK, FAINT, FIRST, SECOND, MARK = "#222222", "#b8b8b8", "#0b5fa5", "#c4560f", "#d62728"
MARGIN, LINE = 0.08, 0.14  # between maps, and for each line of a label: shares of a map's side


class FigureText(NamedTuple):
    """The words that belong to a figure.

    Attributes:
        name: File name without its ending.
        description: What the figure shows, for those who can't see it.
        caption: A longer text to stand below it, or ``None``.
    """

    name: str
    description: str
    caption: str | None


def plot_maps(
    maps: Array,
    *,
    scale: Scale | tuple[float, float] = "layer",
    signed: bool | None = None,
    columns: int | None = None,
    labels: Sequence[str] | None = None,
    cmap: str | None = None,
    colorbar: bool = True,
    title: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the feature maps of one picture at one layer, side by side.

    Maps that show nothing are crossed out and named below: all zero, constant, or with NaN.

    Args:
        maps: Feature maps (C, H, W), or (1, C, H, W).
        scale: What shares a colour scale: ``"layer"``, all maps, so that their strengths compare;
            ``"map"``, each map has its own, so that weak ones are seen; or two numbers, the lowest
            and the highest, to share a scale with other axes.
        signed: Centre the colours on zero; by default if any value is negative.
        columns: Maps in a row; by default roughly as many as rows.
        labels: A short text above each map.
        cmap: A matplotlib colour map, in place of the default.
        colorbar: Whether to draw the colour bar.
        title: Title of the axes.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        TypeError: If ``maps`` holds no real numbers.
        ValueError: If a shape, ``scale``, ``columns`` or the number of labels doesn't fit.

    Example:
        >>> with capture(model, "layer1.0.conv1") as maps:
        ...     model(image)
        >>> plot_maps(maps["layer1.0.conv1"])
    """
    array = as_maps(maps)
    signed = bool((array < 0).any()) if signed is None else signed
    ax, _ = _draw_maps(array, diagnose(array), scale, signed, columns, labels, cmap, colorbar, ax)
    return _titled(ax, title, labels)


def plot_kernels(
    layer: nn.Module | Array,
    *,
    scale: Scale | tuple[float, float] = "layer",
    columns: int | None = None,
    values: bool = False,
    labels: Sequence[str] | None = None,
    colorbar: bool = True,
    title: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the kernels of a convolution, in colours centred on zero.

    With one input channel the kernels fill a grid. With more, each row is a filter and each
    column the input channel that its kernel reads.

    Args:
        layer: A convolution, or its weight (filters, input channels, height, width).
        scale: ``"layer"``, one scale for all kernels; ``"map"``, one for each; or two numbers.
        columns: Kernels in a row, where there is one input channel.
        values: Whether to write each weight into its cell.
        labels: A short text above each kernel.
        colorbar: Whether to draw the colour bar.
        title: Title of the axes.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        TypeError: If ``layer`` is neither a module nor an array.
        ValueError: If the layer has no kernels, like a ReLU or a pooling.
    """
    weight = _kernels(layer)
    _, channels, height, width = weight.shape
    flat = weight.reshape(-1, height, width)
    columns = columns if channels == 1 else channels
    # A constant kernel is a blur, and nothing is wrong with it.
    blank = ["" if word == "constant" else word for word in diagnose(flat)]
    ax, corners = _draw_maps(flat, blank, scale, True, columns, labels, None, colorbar, ax)
    if channels > 1:
        _number(ax.yaxis, "filter", corners[::channels, 0] + (height - 1) / 2)
        _number(ax.xaxis, "input channel", corners[:channels, 1] + (width - 1) / 2)
    if values:
        _write_values(ax, flat, corners)
    return _titled(ax, title, labels)


def plot_pictures(
    pictures: Array,
    *,
    labels: Sequence[str] | None = None,
    columns: int | None = None,
    title: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw pictures side by side, grey or in colour.

    Args:
        pictures: (N, 1, H, W) or (N, 3, H, W): integers 0 to 255, or floats 0 to 1.
        labels: A short text above each picture.
        columns: Pictures in a row; by default roughly as many as rows.
        title: Title of the axes.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        TypeError: If ``pictures`` holds no real numbers.
        ValueError: If a shape, a value, ``columns`` or the number of labels doesn't fit.
    """
    array = as_array(pictures, what="pictures")
    if array.ndim != 4 or array.shape[1] not in (1, 3):
        raise ValueError(
            "pictures must have the shape (N, 1, H, W) or (N, 3, H, W); got "
            f"{array.shape}. For a single picture use picture[None]."
        )
    if array.size == 0:
        raise ValueError(f"pictures must hold at least one pixel; got the shape {array.shape}.")
    if "float" not in str(pictures.dtype):
        array = array / 255
    if not (array.min() >= 0 and array.max() <= 1):
        raise ValueError(
            "pictures must lie between 0 and 1, or be integers from 0 to 255; these reach from "
            f"{array.min():.3g} to {array.max():.3g}. Undo the normalization, or use plot_maps."
        )
    shown = array[:, 0] if array.shape[1] == 1 else array
    fill = 1.0 if shown.ndim == 4 else np.nan
    ax, _ = _draw_mosaic(shown, columns, labels, ax, fill=fill, cmap="gray", vmin=0, vmax=1)
    return _titled(ax, title, labels)


def plot_history(history: History, what: str = "loss", *, ax: "Axes | None" = None) -> "Axes":
    """Draw the loss or the accuracy of a training run, step by step and epoch by epoch.

    Args:
        history: What `fit` returned.
        what: ``"loss"``, on a logarithmic axis, or ``"accuracy"``.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        ValueError: If ``what`` is neither of the two.
    """
    if what not in ("loss", "accuracy"):
        raise ValueError(f'what must be "loss" or "accuracy"; got {what!r}.')
    ax = ax or _new_axes(8, 3.4)
    steps = getattr(history, f"step_{what}")
    epochs = np.arange(1, len(steps) + 1) / max(len(steps), 1) * history.epochs
    ax.plot(epochs, steps, color=FAINT, linewidth=0.8, label=f"each batch of {history.batch_size}")
    for name, color, marker in (("train", FIRST, "o"), ("test", SECOND, "s")):
        after = getattr(history, f"{name}_{what}")
        if after:
            ax.plot(range(len(after)), after, marker + "-", color=color, label=f"{name} pictures")
    ax.set_xlabel("epochs")
    ax.set_xlim(-0.02 * history.epochs, 1.02 * history.epochs)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if what == "loss":
        ax.set_ylabel("cross-entropy (nats)")
        ax.set_yscale("log")
    else:
        ax.set_ylabel("accuracy")
        ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.grid(color="#e6e6e6")
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    return ax


def plot_confusion(matrix: Array, classes: Sequence[str], *, ax: "Axes | None" = None) -> "Axes":
    """Draw a confusion matrix, with the colours kept for the mistakes.

    Args:
        matrix: Counts (K, K): rows are true classes, columns predictions, as
            `sklearn.metrics.confusion_matrix` gives them.
        classes: Names of the K classes.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        TypeError: If ``matrix`` holds no real numbers.
        ValueError: If ``matrix`` isn't K by K, or doesn't hold counts.
    """
    as_array(matrix, what="matrix")
    counts, count = np.asarray(matrix), len(classes)
    if counts.shape != (count, count):
        raise ValueError(f"matrix must be {count}×{count}, like the classes; got {counts.shape}.")
    if (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ValueError("matrix must hold counts, whole numbers; got shares or negative numbers.")
    counts = counts.astype(np.int64)
    mistakes = np.where(np.eye(count, dtype=bool) | (counts == 0), np.nan, counts)
    ax = ax or _new_axes(6.4, 5.4)
    ax.imshow(mistakes, cmap="Oranges", vmin=0, vmax=np.nanmax(mistakes, initial=1))
    dark = mistakes > 0.6 * np.nanmax(mistakes, initial=1)
    for row, column in np.ndindex(counts.shape):
        if counts[row, column]:
            color = "white" if dark[row, column] else INK
            ax.text(
                column, row, counts[row, column], ha="center", va="center", fontsize=9, color=color
            )
    ax.set_xticks(range(count), classes, rotation=0 if max(map(len, classes)) < 3 else 45)
    ax.set_yticks(range(count), classes)
    ax.set_xlabel("predicted")
    ax.set_ylabel("true")
    ax.tick_params(length=0)
    _add_colorbar(ax, label="mistakes")
    return ax


def save_figure(
    fig: "Figure",
    name: str,
    description: str,
    *,
    caption: str | None = None,
    folder: str | Path = "images",
) -> Path | None:
    """Give a figure its name and its description, and write it as ``folder/name.png``.

    The description goes into the file as well. While the site is built (the environment variable
    ``CNNVIS_SITE_BUILD`` is ``1``) nothing is written: the page takes the words from the figure.

    Args:
        fig: The figure.
        name: File name without its ending: lower-case letters, digits and underscores.
        description: What the figure shows and at least one finding, in at most 250 characters.
        caption: A longer text to stand below the figure on a page.
        folder: Where the file goes; made if it isn't there.

    Returns:
        Path | None: The file written, if any.

    Raises:
        ValueError: If the name or the description doesn't fit.
    """
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise ValueError(
            f"a figure's name is made of a-z, 0-9 and _ alone; got {name!r}. "
            "Try one like 'conv1_filters', without a folder or an ending."
        )
    if not 0 < len(description.strip()) <= 250:
        raise ValueError(
            f"a description has 1 to 250 characters; that of {name!r} has "
            f"{len(description.strip())}. Longer texts go to the caption."
        )
    fig._cnnvis_text = FigureText(name, description.strip(), caption)
    if os.environ.get("CNNVIS_SITE_BUILD") == "1":
        return None
    path = Path(folder) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, dpi=200, metadata={"Title": name, "Description": description.strip()})
    return path


def figure_text(fig: "Figure") -> FigureText | None:
    """The words that `save_figure` left on a figure, or ``None`` if there are none."""
    return getattr(fig, "_cnnvis_text", None)


def _new_axes(width: float, height: float) -> "Axes":
    from matplotlib import pyplot as plt  # kept out of `import cnnvis`, which needs no window

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def _kernels(layer: nn.Module | Array) -> np.ndarray:
    """The weight of a convolution, as an array (filters, input channels, height, width)."""
    weight = layer
    if isinstance(layer, nn.Module):
        weight = getattr(layer, "weight", None)
        if not isinstance(weight, Tensor) or weight.dim() < 3:
            raise ValueError(
                f"only convolutions have kernels to draw; {type(layer).__name__} has none. Its "
                "output is drawn by plot_maps; the kernels behind it belong to the convolution "
                "before it."
            )
    array = as_array(weight, what="kernels")
    if array.ndim != 4 or array.size == 0:
        raise ValueError(
            "kernels must have the shape (filters, input channels, height, width); got "
            f"{array.shape}. Of other convolutions choose a slice of the weight."
        )
    # A transposed convolution keeps its weight the other way round.
    return array.swapaxes(0, 1) if isinstance(layer, nn.ConvTranspose2d) else array


def _scaled(array: np.ndarray, scale, signed: bool) -> tuple[np.ndarray, tuple[float, float]]:
    """What to draw, and the values that get the first and the last colour."""
    if isinstance(scale, str) and scale == "map":
        return rescale(array, scale="map", signed=signed), (-1.0 if signed else 0.0, 1.0)
    if isinstance(scale, str):
        lowest, highest = limits(array, scale=scale, signed=signed)[:, 0]
    else:
        lowest, highest = _pair(scale)
    if lowest == highest:
        lowest, highest = (-1.0, 1.0) if signed else (lowest, lowest + 1)
    return np.where(np.isfinite(array), array, np.nan), (lowest, highest)


def _pair(scale) -> tuple[float, float]:
    ends = np.asarray(scale)
    if (
        ends.shape != (2,)
        or ends.dtype.kind not in "fiu"
        or not -np.inf < ends[0] <= ends[1] < np.inf
    ):
        raise ValueError(
            'scale must be "map", "layer" or "all", or two numbers, the lower first; '
            f"got {scale!r}."
        )
    return float(ends[0]), float(ends[1])


def _draw_maps(array, blank, scale, signed, columns, labels, cmap, colorbar, ax):
    """What `plot_maps` and `plot_kernels` share; returns the axes and each map's corner."""
    shown, (lowest, highest) = _scaled(array, scale, signed)
    cmap = cmap or (DIVERGING if signed else SEQUENTIAL)
    ax, corners = _draw_mosaic(shown, columns, labels, ax, cmap=cmap, vmin=lowest, vmax=highest)
    if signed:
        _frame(ax, corners, array.shape[1:])
    _cross_out(ax, blank, corners, array.shape[1:])
    if colorbar:
        _add_colorbar(ax, per_map=scale == "map", signed=signed)
    return ax, corners


def _titled(ax: "Axes", title: str | None, labels) -> "Axes":
    if title:
        ax.set_title(title, pad=16 if labels is not None else None)
    return ax


def _gaps(height: int, width: int, labels) -> tuple[int, int]:
    """Pixels between rows and between columns of a mosaic."""
    side = max(height, width)
    lines = 0 if labels is None else max((str(one).count("\n") + 1 for one in labels), default=0)
    return max(1, round(side * (MARGIN + LINE * lines))), max(1, round(side * MARGIN))


def _corners(count: int, columns: int | None, height: int, width: int, labels) -> np.ndarray:
    """Row and column of the first pixel of each map in its mosaic, an int array (count, 2)."""
    down, across = _gaps(height, width, labels)
    row, column = np.divmod(np.arange(count), grid_shape(count, columns)[0])
    return np.stack([row * (height + down), column * (width + across)], axis=1)


def _draw_mosaic(stack, columns, labels, ax, *, fill=np.nan, **colors) -> tuple["Axes", np.ndarray]:
    if labels is not None and len(labels) != len(stack):
        raise ValueError(f"labels must be as many as the maps, {len(stack)}; got {len(labels)}.")
    height, width = stack.shape[-2:]
    tiles = mosaic(stack, columns=columns, gap=_gaps(height, width, labels), fill=fill)
    if ax is None:
        across = 7.2
        down = across * tiles.shape[0] / tiles.shape[1]
        if down > 9:
            across, down = across * 9 / down, 9
        ax = _new_axes(across + 0.8, down + 0.5)
    ax.imshow(tiles, interpolation="nearest", **colors)
    ax.set_axis_off()
    corners = _corners(len(stack), columns, height, width, labels)
    for text, (row, column) in zip(labels if labels is not None else (), corners, strict=False):
        ax.text(column + (width - 1) / 2, row - 0.5, text, ha="center", va="bottom", fontsize=9)
    return ax, corners


def _frame(ax, corners: np.ndarray, shape: tuple[int, int]) -> None:
    """A thin line around each map, which would melt into the page where its values are near 0."""
    unit = np.array([(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)]) * shape[::-1] - 0.5
    frames = unit + corners[:, None, ::-1]
    ax.add_collection(
        LineCollection(frames, colors=FAINT, linewidths=0.5, clip_on=False), autolim=False
    )


def _cross_out(ax, words: list[str], corners: np.ndarray, shape: tuple[int, int]) -> None:
    """A line across each map that shows nothing, and below, which maps those are and why."""
    blank = [at for at, word in enumerate(words) if word]
    if not blank:
        return
    height, width = shape
    lines = [
        [(column - 0.5, row + height - 0.5), (column + width - 0.5, row - 0.5)]
        for row, column in corners[blank]
    ]
    ax.add_collection(LineCollection(lines, colors=MARK, linewidths=1.5), autolim=False)
    notes = []
    for word in ("zero", "constant", "NaN"):
        which = [str(at) for at in blank if words[at] == word]
        more = f" and {len(which) - 8} more" if len(which) > 8 else ""
        if which:
            notes.append(f"{word}: {', '.join(which[:8])}{more}" if len(words) > 1 else word)
    ax.text(
        0,
        -0.02,
        "crossed out, " + "; ".join(notes),
        transform=ax.transAxes,
        va="top",
        fontsize=9,
        color=MARK,
    )


def _add_colorbar(ax, *, per_map: bool = False, signed: bool = False, label: str = "") -> None:
    bar = ax.figure.colorbar(ax.images[-1], cax=ax.inset_axes([1.02, 0, 0.025, 1]), label=label)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=2, labelsize=9)
    if not per_map:
        bar.ax.yaxis.set_major_locator(MaxNLocator(4, integer=bool(label)))
    elif signed:
        bar.set_ticks([-1, 0, 1], labels=["-max", "0", "max"])
    else:
        bar.set_ticks([0, 1], labels=["min", "max"])


def _number(axis, name: str, centres: np.ndarray) -> None:
    """Number the rows or columns of a mosaic of kernels, every one or every few."""
    every = max(1, len(centres) // 16)
    axis.axes.set_axis_on()
    axis.axes.spines[:].set_visible(False)
    axis.set_ticks(centres[::every], range(0, len(centres), every))
    axis.set_tick_params(length=0, labelsize=9)
    axis.set_label_text(name)


def _write_values(ax, kernels: np.ndarray, corners: np.ndarray) -> None:
    image = ax.images[-1]
    shade = np.ma.filled(np.abs(image.norm(image.get_array()) - 0.5), 0)
    for kernel, (row, column) in zip(kernels, corners, strict=True):
        for (down, across), value in np.ndenumerate(kernel):
            y, x = row + down, column + across
            color = "white" if shade[y, x] > 0.35 else INK
            ax.text(x, y, _short(value), ha="center", va="center", color=color, fontsize=9)


def _short(value: float) -> str:
    """A number with two decimals at most, as one would write it."""
    text = np.format_float_positional(value, precision=2, trim="-")
    return "0" if text == "-0" else text.replace("-", "−")
