"""Images of maps, kernels and photographs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from torch import nn

from cnnvis.arrays import Array, Scale, as_array, as_kernels, as_maps, diagnose, limits, rescale
from cnnvis.plots.mosaic_axes import (
    Room,
    add_colorbar,
    cross_out,
    draw_mosaic,
    frame,
    number,
    outline,
    write_values,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SEQUENTIAL = "viridis"
DIVERGING = "RdBu_r"


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
    """Draw the feature maps of a layer side by side, of one image or of several.

    Maps that show nothing are crossed out and named below: all zero, constant, or with NaN. They
    are named by the numbers that their labels begin with, else by their positions.

    Args:
        maps: Feature maps (C, H, W) of one image; or (N, C, H, W), each image a row and each
            channel a column.
        scale: What shares a colour scale: ``"layer"``, all maps, so that their strengths compare;
            ``"map"``, each map has its own, so that weak ones are seen; or two numbers, the lowest
            and the highest, to share a scale with other axes.
        signed: Centre the colours on zero; by default if any value is negative.
        columns: Maps in a row, for one image; by default roughly as many as rows.
        labels: A short text above each map; of several images, one for each channel.
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
    array = as_array(maps)
    several = array.ndim == 4 and len(array) > 1
    if several:
        columns, labels = _one_row_each(array.shape, columns, labels)
    array = as_maps(array.reshape(-1, *array.shape[2:]) if several else array)
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
    names = None if several else _numbers(labels, len(array))
    cross_out(ax, blank, corners, array.shape[1:], names)
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
    weight = as_kernels(layer)
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
    names = None if channels > 1 else _numbers(labels, len(flat))
    cross_out(ax, blank, corners, (height, width), names)
    if values:
        write_values(ax, flat, corners)
    return ax


def plot_images(
    images: Array,
    *,
    boxes: Array | None = None,
    labels: Sequence[str] | None = None,
    columns: int | None = None,
    title: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw images side by side, grey or in colour.

    Args:
        images: (N, 1, H, W) or (N, 3, H, W): integers 0 to 255, or floats 0 to 1.
        boxes: Integers (N, 2, 2), a frame to draw on each image: its first and last row, then
            its first and last column, as in `Patches`.
        labels: A short text above each image.
        columns: Images in a row; by default roughly as many as rows.
        title: Title of the axes.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        TypeError: If ``images`` holds no real numbers.
        ValueError: If a shape, a value, ``columns``, ``boxes`` or the number of labels doesn't fit.
    """
    array = as_array(images, what="images")
    if array.ndim != 4 or array.shape[1] not in (1, 3):
        raise ValueError(
            "images must have the shape (N, 1, H, W) or (N, 3, H, W); got "
            f"{array.shape}. For a single image use image[None]."
        )
    if array.size == 0:
        raise ValueError(f"images must hold at least one pixel; got the shape {array.shape}.")
    top = 255 if "int" in str(images.dtype) else 1
    if not (array.min() >= 0 and array.max() <= top):
        raise ValueError(
            "images must lie between 0 and 1, or be integers from 0 to 255; these reach from "
            f"{array.min():.3g} to {array.max():.3g}. Undo the normalization, or use plot_maps."
        )
    array = array / top
    shown = array[:, 0] if array.shape[1] == 1 else array
    fill = 1.0 if shown.ndim == 4 else np.nan
    colors = {"fill": fill, "cmap": "gray", "vmin": 0, "vmax": 1}
    ax, corners = draw_mosaic(shown, columns, labels, title, ax, room=Room(), **colors)
    if boxes is not None:
        outline(ax, _as_boxes(boxes, array.shape), corners)
    return ax


def _one_row_each(shape: tuple[int, ...], columns: int | None, labels) -> tuple[int, list | None]:
    """Columns and labels of a grid in which each image has a row and each channel a column."""
    images, channels = shape[:2]
    if columns not in (None, channels):
        raise ValueError(
            f"columns of several images are their {channels} channels; got columns={columns}. "
            "Leave it out, or draw one image: maps[0]."
        )
    if labels is None:
        return channels, None
    if len(labels) != channels:
        raise ValueError(f"labels must be as many as the channels, {channels}; got {len(labels)}.")
    return channels, [*labels, *[""] * (channels * (images - 1))]


def _numbers(labels: Sequence[str] | None, count: int) -> Sequence[str]:
    """The numbers that stand above maps, or else those of their positions."""
    positions = [str(at) for at in range(count)]
    lines = [str(label).partition("\n")[0] for label in (positions if labels is None else labels)]
    return lines if all(line.isdecimal() for line in lines) else positions


def _as_boxes(boxes: Array, shape: tuple[int, ...]) -> np.ndarray:
    array = as_array(boxes, what="boxes")
    fits = array.shape == (shape[0], 2, 2)
    if not fits or (array < 0).any() or (array >= np.array([[shape[2]], [shape[3]]])).any():
        raise ValueError(
            f"boxes must have the shape ({shape[0]}, 2, 2) and lie within the images of "
            f"{shape[2]}×{shape[3]} pixels; got {array.shape}"
            + (f" with values from {array.min():g} to {array.max():g}." if array.size else ".")
        )
    return array


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
    room = room._replace(right=0.95) if colorbar else room
    ax, corners = draw_mosaic(shown, room=room, cmap=cmap, vmin=lowest, vmax=highest, **how)
    if signed:
        frame(ax, corners, array.shape[1:])
    if colorbar:
        add_colorbar(ax, per_map=isinstance(scale, str) and scale == "map", signed=signed)
    return ax, corners
