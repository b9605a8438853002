"""From tensors to images: rescaling, tiling and telling blank maps apart. No drawing here."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from torch import Tensor

Array = Tensor | np.ndarray
Scale = Literal["map", "layer"] | tuple[float, float]


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


def as_scale(scale: Scale) -> Scale:
    """A scale that has been checked; two numbers come back as floats.

    Raises:
        TypeError: If ``scale`` is neither a word nor a pair.
        ValueError: If it is another word, or the pair isn't finite or in order.
    """
    rule = f'scale must be "map", "layer" or two numbers, the lower first; got {scale!r}.'
    if isinstance(scale, str):
        if scale not in ("map", "layer"):
            raise ValueError(f"{rule} To compare layers, give each the same pair, as (0, 4).")
        return scale
    if not isinstance(scale, Sequence | Array):
        raise TypeError(rule)
    ends = np.asarray(scale)
    if ends.shape != (2,) or ends.dtype.kind not in "fiu":
        raise ValueError(rule)
    if not -np.inf < ends[0] <= ends[1] < np.inf:
        raise ValueError(rule)
    return float(ends[0]), float(ends[1])


def limits(maps: Array, *, scale: Scale = "layer", signed: bool = False) -> np.ndarray:
    """The lowest and highest value that each map is scaled between.

    Args:
        maps: Maps (C, H, W) of one layer.
        scale: ``"map"`` for a range of each map's own; ``"layer"`` for one range of all; or that
            range, as two numbers.
        signed: Make the range symmetric, so that zero lies in its middle.

    Returns:
        Float array (2, C): row 0 the lowest, row 1 the highest. NaN and infinite values
        don't count; a map without any other value gets the range 0 to 0.

    Raises:
        TypeError: If ``maps`` holds no real numbers, or ``scale`` is neither a word nor a pair.
        ValueError: If ``scale`` is none of the three.
    """
    scale, array = as_scale(scale), as_maps(maps)
    ends = _ends(array) if isinstance(scale, str) else np.array(scale)[:, None]
    if scale == "layer":
        ends = np.stack(
            [np.fmin.reduce(ends[0], keepdims=True), np.fmax.reduce(ends[1], keepdims=True)]
        )
    ends = np.nan_to_num(np.broadcast_to(ends, (2, len(array))))
    if signed:
        top = np.abs(ends).max(axis=0)
        ends = np.stack([-top, top])
    return ends


def rescale(maps: Array, *, scale: Scale = "layer", signed: bool = False) -> Array:
    """Bring maps into the range from 0 to 1, or from -1 to 1 if they are signed.

    Args:
        maps: Maps (C, H, W) of one layer.
        scale: What becomes the range: ``"layer"``, from the lowest to the highest value of all
            maps, so that their strengths compare; ``"map"``, each map's own values, so that weak
            ones are seen; or two numbers, beyond which values are cut off, to share a range
            between layers.
        signed: Keep zero at zero and divide by the largest magnitude, for values of both signs.

    Returns:
        Tensor or array, as ``maps`` is, of its shape and on its device; float32, or float64 if
        it was. NaN stays NaN, infinities become NaN, and a map whose range is empty becomes 0.

    Raises:
        TypeError: If ``maps`` holds no real numbers, or ``scale`` is neither a word nor a pair.
        ValueError: If a shape or ``scale`` is none of those above.

    Example:
        >>> rescale(torch.tensor([[[0.0, 1.0], [2.0, 4.0]]])).max()
        tensor(1.)
    """
    array = as_maps(maps)
    lowest, highest = limits(array, scale=scale, signed=signed).astype(array.dtype)[..., None, None]
    start = np.zeros_like(lowest) if signed else lowest
    span = highest - start
    scaled = (array - start) / np.where(span > 0, span, 1)
    scaled = np.where(np.isfinite(scaled), scaled, np.nan)
    if not isinstance(scale, str):
        scaled = scaled.clip(-1 if signed else 0, 1)
    return _like(maps, scaled)


def mosaic(
    maps: Array | Sequence[Array],
    *,
    columns: int | None = None,
    gap: int | tuple[int, int] = 1,
    fill: float = math.nan,
) -> Array:
    """Tile maps into one image, row by row.

    Args:
        maps: Maps (C, H, W), colour images (C, 3, H, W), or a list of maps (H, W) whose sizes
            may differ: smaller ones stand in the middle of their cell.
        columns: Number of maps in a row. By default the mosaic comes out roughly square.
        gap: Pixels between the maps, or two numbers: between rows and between columns.
        fill: Value of the lines and of spare cells. NaN, the default, is left blank when drawn.

    Returns:
        Tensor or array, as ``maps`` or the first of the list is: floats
        (rows × (H + gap) - gap, columns × (W + gap) - gap), with a last axis of 3 for colour.

    Raises:
        TypeError: If ``maps`` holds no real numbers, or ``columns`` or ``gap`` no whole ones.
        ValueError: If there are no maps, or a shape, ``columns`` or ``gap`` doesn't fit.

    Example:
        >>> mosaic(torch.zeros(10, 28, 28), columns=5, gap=2).shape
        torch.Size([58, 148])
    """
    several = isinstance(maps, Sequence)
    stack = _same_size(maps, fill) if several else as_array(maps)
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
    down, across = _gaps(gap)
    stack = np.moveaxis(stack, 1, -1) if colour else stack
    count, height, width, *depth = stack.shape
    tall, wide = height + down, width + across
    canvas = np.full((rows * columns, tall, wide, *depth), fill, dtype=stack.dtype)
    canvas[:count, :height, :width] = stack
    canvas = canvas.reshape(rows, columns, *canvas.shape[1:]).swapaxes(1, 2)
    canvas = canvas.reshape(rows * tall, columns * wide, *depth)
    canvas = canvas[: rows * tall - down, : columns * wide - across]
    return _like(maps[0] if several else maps, canvas)


def grid_shape(count: int, columns: int | None = None) -> tuple[int, int]:
    """Columns and rows of a mosaic of ``count`` maps, roughly square by default.

    Raises:
        TypeError: If ``columns`` is no whole number.
        ValueError: If it is below 1.
    """
    if columns is None:
        columns = math.ceil(math.sqrt(count))
    if not isinstance(columns, int | np.integer):
        raise TypeError(f"columns must be a whole number; got {columns!r}. None chooses for you.")
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


def _ends(array: np.ndarray) -> np.ndarray:
    """The lowest and highest finite value of each map, NaN where there is none: (2, C)."""
    finite = np.isfinite(array)
    if not finite.all():
        array = np.where(finite, array, np.nan)
    flat = array.reshape(len(array), -1)
    return np.stack([np.fmin.reduce(flat, axis=1), np.fmax.reduce(flat, axis=1)])


def _like(original: Array, array: np.ndarray) -> Array:
    """The array as it is, or as a tensor where the original is one, on its device."""
    return torch.from_numpy(array).to(original.device) if isinstance(original, Tensor) else array


def _gaps(gap: int | tuple[int, int]) -> tuple[int, int]:
    """Pixels between rows and between columns."""
    gaps = np.atleast_1d(gap)
    whole = gaps.dtype.kind in "iu"
    if gaps.shape not in ((1,), (2,)) or not whole or gaps.min() < 0:
        raise (ValueError if whole else TypeError)(
            f"gap must be 0 or more pixels; got {gap}. Give one whole number, or two: between rows "
            "and between columns."
        )
    return int(gaps[0]), int(gaps[-1])


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
