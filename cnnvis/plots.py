"""Pictures of maps, kernels, photographs and training runs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter
from torch import Tensor, nn

from cnnvis.images import Array, Scale, as_array, as_maps, diagnose, limits, rescale
from cnnvis.tiles import (
    FAINT,
    INK,
    Room,
    add_colorbar,
    cross_out,
    draw_mosaic,
    frame,
    new_axes,
    number,
    write_values,
)
from cnnvis.training import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SEQUENTIAL = "viridis"
DIVERGING = "RdBu_r"
FIRST, SECOND = "#0b5fa5", "#c4560f"


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
    blank = diagnose(array)
    ax, corners = _draw_maps(
        array,
        scale=scale,
        signed=signed,
        cmap=cmap,
        colorbar=colorbar,
        columns=columns,
        labels=labels,
        title=title,
        ax=ax,
        room=Room(bottom=0.35 if any(blank) else 0.1),
    )
    cross_out(ax, blank, corners, array.shape[1:])
    return ax


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
    # A constant kernel is a blur, and nothing is wrong with it.
    blank = ["" if word == "constant" else word for word in diagnose(flat)]
    edge = 0.1 if channels == 1 else 0.6
    ax, corners = _draw_maps(
        flat,
        scale=scale,
        signed=True,
        cmap=None,
        colorbar=colorbar,
        columns=columns if channels == 1 else channels,
        labels=labels,
        title=title,
        ax=ax,
        room=Room(left=edge, bottom=edge + 0.25 * any(blank)),
    )
    if channels > 1:
        number(ax.yaxis, "filter", corners[::channels, 0] + (height - 1) / 2)
        number(ax.xaxis, "input channel", corners[:channels, 1] + (width - 1) / 2)
    cross_out(ax, blank, corners, (height, width))
    if values:
        write_values(ax, flat, corners)
    return ax


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
    colors = {"fill": fill, "cmap": "gray", "vmin": 0, "vmax": 1}
    return draw_mosaic(shown, columns, labels, title, ax, room=Room(), **colors)[0]


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
    ax = ax or new_axes(8, 3.4)
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
    ax = ax or new_axes(6.4, 5.4)
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
    add_colorbar(ax, label="mistakes")
    return ax


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


def _draw_maps(array, *, scale, signed, cmap, colorbar, room, **how) -> tuple["Axes", np.ndarray]:
    """What `plot_maps` and `plot_kernels` share; returns the axes and each map's corner."""
    shown, (lowest, highest) = _scaled(array, scale, signed)
    cmap = cmap or (DIVERGING if signed else SEQUENTIAL)
    room = room._replace(right=0.85) if colorbar else room
    ax, corners = draw_mosaic(shown, room=room, cmap=cmap, vmin=lowest, vmax=highest, **how)
    if signed:
        frame(ax, corners, array.shape[1:])
    if colorbar:
        add_colorbar(ax, per_map=isinstance(scale, str) and scale == "map", signed=signed)
    return ax, corners
