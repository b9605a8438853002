"""From tensors to images: rescaling, tiling and telling blank maps apart. No drawing here."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from torch import Tensor, nn

Array = Tensor | np.ndarray
Scale = Literal["map", "layer", "all"]


def as_array(values: Array, *, what: str = "maps") -> np.ndarray:
    """A NumPy array of floats with the same values.

    Args:
        values: Tensor or array of any shape, on any device, of any real dtype.
        what: What an error message calls it.

    Returns:
        float32 array (float64 stays float64). It may share memory with ``values``.

    Raises:
        TypeError: If ``values`` is neither tensor nor array, or doesn't hold real numbers.
    """
    if isinstance(values, Tensor) and not values.is_complex():
        values = values.detach().cpu()
        values = (values if values.dtype.is_floating_point else values.float()).to_dense()
        values = (values if values.element_size() >= 4 else values.float()).numpy()
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiub":
        got = getattr(values, "dtype", type(values).__name__)
        raise TypeError(f"{what} must be a tensor or NumPy array of real numbers; got {got}.")
    return values if values.dtype in (np.float32, np.float64) else values.astype(np.float32)


def as_maps(maps: Array) -> np.ndarray:
    """The maps of one image at one layer, as an array.

    Args:
        maps: Tensor or array (C, H, W), or (1, C, H, W) as a layer gives it for one image.

    Returns:
        Float array (C, H, W).

    Raises:
        TypeError: If ``maps`` holds no real numbers.
        ValueError: If it has another number of dimensions, more than one image, or no values.
    """
    array = as_array(maps)
    if array.ndim == 4 and len(array) == 1:
        array = array[0]
    if array.ndim != 3:
        hint = {
            2: "For a single map use maps[None].",
            4: "Choose one image with maps[0], or one channel of every image with maps[:, 0].",
        }.get(array.ndim, "Convolutions and poolings give such maps; linear layers don't.")
        raise ValueError(
            f"maps must have the shape (channels, height, width); got {array.shape}. {hint}"
        )
    if array.size == 0:
        raise ValueError(f"maps must hold at least one value; got the shape {array.shape}.")
    return array


def as_kernels(layer: nn.Module | Array) -> np.ndarray:
    """The weight of a convolution, as an array.

    Args:
        layer: A convolution, or its weight (filters, input channels, height, width).

    Returns:
        Float array (filters, input channels, height, width).

    Raises:
        TypeError: If ``layer`` is neither a module nor an array of real numbers.
        ValueError: If the layer has no kernels, like a ReLU or a pooling, or the weight has
            another number of dimensions or no values.
    """
    weight = layer
    if isinstance(layer, nn.Module):
        weight = getattr(layer, "weight", None)
        if not isinstance(weight, Tensor) or weight.dim() < 3:
            raise ValueError(
                f"only convolutions have kernels; {type(layer).__name__} has none. Its output is "
                "drawn by plot_maps; the kernels behind it belong to the convolution before it."
            )
    array = as_array(weight, what="kernels")
    if array.ndim != 4 or array.size == 0:
        raise ValueError(
            "kernels must have the shape (filters, input channels, height, width); got "
            f"{array.shape}. Of other convolutions choose a slice of the weight."
        )
    # A transposed convolution keeps its weight the other way round.
    return array.swapaxes(0, 1) if isinstance(layer, nn.ConvTranspose2d) else array


def limits(maps: Array, *, scale: Scale = "layer", signed: bool = False) -> np.ndarray:
    """The lowest and highest value that each map is scaled between.

    Args:
        maps: Maps (C, H, W) of one layer.
        scale: ``"map"`` for a range of each map's own; ``"layer"`` or ``"all"`` for one range.
        signed: Make the range symmetric, so that zero lies in its middle.

    Returns:
        Float array (2, C): row 0 the lowest, row 1 the highest. NaN and infinite values
        don't count; a map without any other value gets the range 0 to 0.

    Raises:
        ValueError: If ``scale`` is none of the three.
    """
    _check_scale(scale)
    array = as_maps(maps)
    finite = np.isfinite(array)
    if not finite.all():
        array = np.where(finite, array, np.nan)
    flat = array.reshape(len(array), -1)
    ends = np.stack([np.fmin.reduce(flat, axis=1), np.fmax.reduce(flat, axis=1)])
    if scale != "map":
        ends = np.stack(
            [np.fmin.reduce(ends[0], keepdims=True), np.fmax.reduce(ends[1], keepdims=True)]
        )
        ends = np.repeat(ends, len(array), axis=1)
    ends = np.nan_to_num(ends)
    if signed:
        top = np.abs(ends).max(axis=0)
        ends = np.stack([-top, top])
    return ends


def rescale(
    maps: Array | Sequence[Array], *, scale: Scale = "map", signed: bool = False
) -> np.ndarray | list[np.ndarray]:
    """Bring maps into the range from 0 to 1, or from -1 to 1 if they are signed.

    Args:
        maps: Maps (C, H, W) of one layer, or a list of such arrays, one for each layer.
        scale: What shares a range: ``"map"``, every map has its own; ``"layer"``, the maps of a
            layer share one; ``"all"``, those of all layers do.
        signed: Keep zero at zero and divide by the largest magnitude, for values of both signs.

    Returns:
        Float array of the shape of ``maps``, or a list of such arrays. NaN stays NaN,
        infinities become NaN, and a map whose range is empty becomes 0.

    Raises:
        TypeError: If ``maps`` holds no real numbers.
        ValueError: If a shape or ``scale`` is none of those above.

    Example:
        >>> rescale(torch.tensor([[[0.0, 1.0], [2.0, 4.0]]])).max()
        np.float32(1.0)
    """
    several = isinstance(maps, Sequence)
    layers = [as_maps(layer) for layer in (maps if several else [maps])]
    if not layers:
        raise ValueError("a list of layers must hold at least one; got an empty list.")
    ends = [limits(layer, scale=scale, signed=signed) for layer in layers]
    if scale == "all":
        lowest = min(end[0].min() for end in ends)
        highest = max(end[1].max() for end in ends)
        ends = [np.tile([[lowest], [highest]], len(layer)) for layer in layers]
    scaled = [_between(layer, *end, signed) for layer, end in zip(layers, ends, strict=True)]
    return scaled if several else scaled[0]


def mosaic(
    maps: Array | Sequence[Array],
    *,
    columns: int | None = None,
    gap: int | tuple[int, int] = 1,
    fill: float = math.nan,
) -> np.ndarray:
    """Tile maps into one image, row by row.

    Args:
        maps: Maps (C, H, W), colour images (C, 3, H, W), or a list of maps (H, W) whose sizes
            may differ: smaller ones stand in the middle of their cell.
        columns: Number of maps in a row. By default the mosaic comes out roughly square.
        gap: Pixels between the maps, or two numbers: between rows and between columns.
        fill: Value of the lines and of spare cells. NaN, the default, is left blank when drawn.

    Returns:
        Float array (rows × (H + gap) - gap, columns × (W + gap) - gap), with a last axis
        of 3 for colour.

    Raises:
        TypeError: If ``maps`` holds no real numbers.
        ValueError: If there are no maps, or a shape, ``columns`` or ``gap`` doesn't fit.

    Example:
        >>> mosaic(torch.zeros(10, 28, 28), columns=5, gap=2).shape
        (58, 148)
    """
    stack = _same_size(maps, fill) if isinstance(maps, Sequence) else as_array(maps)
    colour = stack.ndim == 4 and stack.shape[1] == 3
    if stack.ndim != 3 and not colour:
        raise ValueError(
            "mosaic takes maps (C, H, W), colour images (C, 3, H, W) or a list of maps (H, W); "
            f"got the shape {stack.shape}. Choose one image with maps[0], or one channel of "
            "every image with maps[:, 0]."
        )
    if stack.size == 0:
        raise ValueError(f"mosaic needs at least one value; got the shape {stack.shape}.")
    columns, rows = grid_shape(len(stack), columns)
    gaps = np.atleast_1d(gap)
    if gaps.shape not in ((1,), (2,)) or gaps.dtype.kind not in "iu" or gaps.min() < 0:
        raise ValueError(
            f"gap must be 0 or more pixels; got {gap}. Give one whole number, or two: between rows "
            "and between columns."
        )
    down, across = gaps[0], gaps[-1]
    stack = np.moveaxis(stack, 1, -1) if colour else stack
    count, height, width, *depth = stack.shape
    tall, wide = height + down, width + across
    canvas = np.full((rows * columns, tall, wide, *depth), fill, dtype=stack.dtype)
    canvas[:count, :height, :width] = stack
    canvas = canvas.reshape(rows, columns, *canvas.shape[1:]).swapaxes(1, 2)
    canvas = canvas.reshape(rows * tall, columns * wide, *depth)
    return canvas[: rows * tall - down, : columns * wide - across]


def grid_shape(count: int, columns: int | None = None) -> tuple[int, int]:
    """Columns and rows of a mosaic of ``count`` maps, roughly square by default.

    Raises:
        ValueError: If ``columns`` is below 1.
    """
    if columns is None:
        columns = math.ceil(math.sqrt(count))
    if columns < 1:
        raise ValueError(f"columns must be 1 or more; got {columns}. None chooses for you.")
    columns = min(columns, count)
    return columns, math.ceil(count / columns)


def diagnose(maps: Array) -> list[str]:
    """What is wrong with each map, if anything.

    Args:
        maps: Maps (C, H, W).

    Returns:
        One word for each map: ``""`` where it shows something, ``"zero"`` where every value
        is 0, ``"constant"`` where every value is the same, ``"NaN"`` where a value is NaN or
        infinite. A map of a single pixel is never called constant.
    """
    array = as_maps(maps)
    flat = array.reshape(len(array), -1)
    broken = ~np.isfinite(flat).all(axis=1)
    zero = ~flat.any(axis=1)
    constant = (flat == flat[:, :1]).all(axis=1) & (flat.shape[1] > 1)
    words = np.select([broken, zero, constant], ["NaN", "zero", "constant"], "")
    return words.tolist()


def _check_scale(scale: str) -> None:
    if scale not in ("map", "layer", "all"):
        raise ValueError(f'scale must be "map", "layer" or "all"; got {scale!r}.')


def _between(
    layer: np.ndarray, lowest: np.ndarray, highest: np.ndarray, signed: bool
) -> np.ndarray:
    start = np.zeros_like(lowest) if signed else lowest
    span = highest - start
    span = np.where(span > 0, span, 1)
    scaled = (layer - start.astype(layer.dtype)[:, None, None]) / span.astype(layer.dtype)[
        :, None, None
    ]
    return np.where(np.isfinite(scaled), scaled, np.nan)


def _same_size(maps: Sequence[Array], fill: float) -> np.ndarray:
    arrays = [as_array(one) for one in maps]
    if not arrays or any(one.ndim != 2 or one.size == 0 for one in arrays):
        shapes = [one.shape for one in arrays]
        raise ValueError(
            f"a list of maps must hold at least one map, each of shape (H, W); got {shapes}."
        )
    height = max(one.shape[0] for one in arrays)
    width = max(one.shape[1] for one in arrays)
    stack = np.full((len(arrays), height, width), fill, dtype=np.result_type(*arrays))
    for cell, one in zip(stack, arrays, strict=True):
        top, left = (height - one.shape[0]) // 2, (width - one.shape[1]) // 2
        cell[top : top + one.shape[0], left : left + one.shape[1]] = one
    return stack
