"""The weight of a convolution, as kernels."""

import numpy as np
from torch import Tensor, nn

from cnnvis.arrays import Array, as_array


def as_kernels(kernels: nn.Module | Array) -> np.ndarray:
    """The weight of a convolution, as an array.

    Args:
        kernels: A convolution, or its weight (filters, input channels, height, width).

    Returns:
        Float array (filters, input channels, height, width).

    Raises:
        TypeError: If ``kernels`` is neither a module nor an array of real numbers.
        ValueError: If the module has no kernels, like a ReLU or a pooling, or the weight has
            another number of dimensions or no values.
    """
    weight = kernels
    if isinstance(kernels, nn.Module):
        weight = getattr(kernels, "weight", None)
        if not isinstance(weight, Tensor) or weight.dim() < 3:
            raise ValueError(
                f"only convolutions have kernels; {type(kernels).__name__} has none. Its output is "
                "drawn by plot_maps; the kernels behind it belong to the convolution before it."
            )
    elif isinstance(kernels, str):
        raise TypeError(
            f"kernels must be a convolution or its weight; got the name {kernels!r}. Take the "
            f"module of that name: model.get_submodule({kernels!r})."
        )
    array = as_array(weight, what="kernels")
    if array.ndim != 4 or array.size == 0:
        raise ValueError(
            "kernels must have the shape (filters, input channels, height, width); got "
            f"{array.shape}. Of other convolutions choose a slice of the weight."
        )
    # A transposed convolution keeps its weight the other way round.
    return array.swapaxes(0, 1) if isinstance(kernels, nn.ConvTranspose2d) else array
