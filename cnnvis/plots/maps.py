"""Feature maps and kernels, drawn."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from torch import nn

from cnnvis.arrays import (
    Array,
    Scale,
    as_array,
    as_maps,
    as_scale,
    diagnose,
    limits,
    rescale,
)
from cnnvis.layers.kernels import as_kernels
from cnnvis.plots.mosaic_axes import (
    Margins,
    add_colorbar,
    as_colormap,
    cross_out,
    draw_frames,
    draw_mosaic,
    number_axis,
    write_values,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

SEQUENTIAL = "viridis"
DIVERGING = "RdBu_r"


def plot_maps(
    maps: Array,
    *,
    scale: Scale = "layer",
    signed: bool | None = None,
    columns: int | None = None,
    labels: Sequence[str] | None = None,
    cmap: "str | Colormap | None" = None,
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
        cmap: A colour map of Matplotlib, by its name or itself, in place of the default.
        colorbar: Whether to draw the colour bar.
        title: Title of the axes.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        TypeError: If ``maps`` holds no real numbers, or ``scale``, ``columns`` or ``cmap`` is of
            the wrong kind.
        ValueError: If a shape, ``scale``, ``columns``, ``cmap`` or the number of labels doesn't
            fit.

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
        margins=Margins(bottom=0.35 if any(blank) else 0.1),
    )
    names = None if several else _numbers(labels, len(array))
    cross_out(ax, blank, corners, array.shape[1:], names)
    return ax


def plot_kernels(
    kernels: nn.Module | Array,
    *,
    scale: Scale = "layer",
    columns: int | None = None,
    values: bool = False,
    labels: Sequence[str] | None = None,
    cmap: "str | Colormap | None" = None,
    colorbar: bool = True,
    title: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the kernels of a convolution, in colours centred on zero.

    With one input channel the kernels fill a grid. With more, each row is a filter and each
    column the input channel that its kernel reads.

    Args:
        kernels: A convolution, or its weight (filters, input channels, height, width).
        scale: ``"layer"``, one scale for all kernels; ``"map"``, one for each; or two numbers.
        columns: Kernels in a row, where there is one input channel.
        values: Whether to write each weight into its cell.
        labels: A short text above each kernel.
        cmap: A colour map of Matplotlib, by its name or itself, in place of the default.
        colorbar: Whether to draw the colour bar.
        title: Title of the axes.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        TypeError: If ``kernels`` is neither a module nor an array of real numbers, or ``scale``,
            ``columns`` or ``cmap`` is of the wrong kind.
        ValueError: If the module has no kernels, like a ReLU or a pooling, or a shape, ``scale``,
            ``columns``, ``cmap`` or the number of labels doesn't fit.

    Example:
        >>> plot_kernels(model.conv1)
    """
    weight = as_kernels(kernels)
    _, channels, height, width = weight.shape
    flat = weight.reshape(-1, height, width)
    blank = blank_kernels(flat)
    edge = 0.1 if channels == 1 else 0.6
    ax, corners = _draw_maps(
        flat,
        scale=scale,
        signed=True,
        cmap=cmap,
        colorbar=colorbar,
        columns=columns if channels == 1 else channels,
        labels=labels,
        title=title,
        ax=ax,
        margins=Margins(left=edge, bottom=edge + 0.25 * any(blank)),
    )
    if channels > 1:
        number_axis(ax.yaxis, "filter", corners[::channels, 0] + (height - 1) / 2)
        number_axis(ax.xaxis, "input channel", corners[:channels, 1] + (width - 1) / 2)
    names = None if channels > 1 else _numbers(labels, len(flat))
    cross_out(ax, blank, corners, (height, width), names)
    if values:
        write_values(ax, flat, corners)
    return ax


def blank_kernels(kernels: np.ndarray) -> list[str]:
    """What `diagnose` says of kernels (n, H, W), but for the constant ones: these are blurs."""
    return ["" if word == "constant" else word for word in diagnose(kernels)]


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


def _scaled(
    array: np.ndarray, scale: Scale, signed: bool
) -> tuple[np.ndarray, tuple[float, float]]:
    """What to draw, and the values that get the first and the last colour."""
    if scale == "map":
        return rescale(array, scale="map", signed=signed), (-1.0 if signed else 0.0, 1.0)
    given = not isinstance(scale, str)
    lowest, highest = limits(array, scale=scale, signed=signed and not given)[:, 0]
    if lowest == highest:
        lowest, highest = (-1.0, 1.0) if signed else (lowest, lowest + 1)
    return np.where(np.isfinite(array), array, np.nan), (lowest, highest)


def _draw_maps(
    array, *, scale, signed, cmap, colorbar, margins, **how
) -> tuple["Axes", np.ndarray]:
    """What `plot_maps` and `plot_kernels` share; returns the axes and each map's corner."""
    scale = as_scale(scale)
    cmap = as_colormap(cmap, DIVERGING if signed else SEQUENTIAL)
    shown, (lowest, highest) = _scaled(array, scale, signed)
    margins = margins._replace(right=0.95) if colorbar else margins
    ax, corners = draw_mosaic(shown, margins=margins, cmap=cmap, vmin=lowest, vmax=highest, **how)
    if signed:
        draw_frames(ax, corners, array.shape[1:])
    if colorbar:
        add_colorbar(ax, per_map=scale == "map", signed=signed)
    return ax, corners
