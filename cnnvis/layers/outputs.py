"""What a layer puts out: tensors within containers, and the order of maps."""

from collections.abc import Callable, Sequence
from copy import copy as shallow_copy
from typing import Any

import numpy as np
from torch import Tensor

from cnnvis.arrays import as_array


def map_tensors(keep: Callable[[Tensor], Any], output: Any) -> Any:
    """The output with every tensor replaced, in the same shape of container."""
    if isinstance(output, Tensor):
        return keep(output)
    if isinstance(output, dict):
        kept = shallow_copy(output)
        for key, value in output.items():
            kept[key] = map_tensors(keep, value)
        return kept
    if isinstance(output, tuple | list):
        parts = [map_tensors(keep, part) for part in output]
        return type(output)(*parts) if hasattr(output, "_fields") else type(output)(parts)
    return output


def as_maps(output: Tensor) -> Tensor | None:
    """A layer's output as maps (N, C, H, W), rows (N, C) as maps of one unit; else ``None``."""
    if output.dim() not in (2, 4) or not output.is_floating_point():
        return None
    return output[..., None, None] if output.dim() == 2 else output


def no_maps(name: str) -> ValueError:
    """The error for a layer whose output `as_maps` doesn't know."""
    return ValueError(
        f"the output of {name!r} must be one float tensor, (N, C, H, W) or (N, C). Choose a layer "
        "whose row in layer_table shows such a shape."
    )


def as_spatial(output: Any, size: tuple[int, int], name: str) -> np.ndarray:
    """What a layer puts out for one image, as maps.

    Outputs whose channels come last, and tokens of a transformer (with or without a class token,
    which is dropped), are recognised by the image's proportions and brought into order.

    Args:
        output: What `capture` has recorded.
        size: Height and width of the image.
        name: The layer, for messages.

    Returns:
        Float array (C, H, W).

    Raises:
        ValueError: If it is nothing of the kind.
    """
    if not isinstance(output, Tensor):
        kind = type(output).__name__
        raise ValueError(
            f"maps are drawn of one tensor; {name} puts out a {kind}. Choose a layer within it."
        )
    array = as_array(output)
    alone = array.size > 0 and array.shape[:1] == (1,)
    if array.ndim == 4 and alone:
        last = not _alike(array.shape[2:], size) and _alike(array.shape[1:3], size)
        return np.moveaxis(array[0], 2, 0) if last else array[0]
    if array.ndim == 3 and alone:
        for patches in (array.shape[1], array.shape[1] - 1):
            height = max(1, round((patches * size[0] / size[1]) ** 0.5))
            if height * (patches // height) == patches > 0 and _alike(
                (height, patches // height), size
            ):
                return array[0, -patches:].T.reshape(-1, height, patches // height)
    raise ValueError(
        f"maps have a height and a width; {name} puts out {'×'.join(map(str, array.shape))}. "
        "Convolutions, poolings and the layers between them give maps; fully connected ones don't."
    )


def _alike(shape: Sequence[int], size: tuple[int, int]) -> bool:
    """Whether a map may be of an image of that size: the same proportions, up to rounding."""
    height, width = shape
    return abs(height - width * size[0] / size[1]) <= 1 + 0.1 * height
