"""The wrong kind of argument is a TypeError that says what would work."""

import operator
from numbers import Real
from typing import Any

from torch import Tensor, nn

from cnnvis.data.image_set import ImageSet


def check_module(model: Any) -> None:
    """Refuse what is no module.

    Raises:
        TypeError: If it isn't one.
    """
    if not isinstance(model, nn.Module):
        what = f"the class {model.__name__}" if isinstance(model, type) else type(model).__name__
        raise TypeError(
            f"model must be a torch.nn.Module; got {what}. Of a class make an object, and wrap a "
            "function in a module whose forward method calls it."
        )


def check_preprocess(preprocess: Any) -> None:
    """Refuse what can't be called with images.

    Raises:
        TypeError: If ``preprocess`` is neither ``None`` nor a function.
    """
    if preprocess is not None and (not callable(preprocess) or isinstance(preprocess, type)):
        raise TypeError(
            "preprocess must be a function of float images (N, C, H, W) from 0 to 1; got "
            f"{preprocess!r}. For a mean and a standard deviation take "
            "torchvision.transforms.v2.Normalize(mean, std)."
        )


def check_image_set(name: str, images: Any) -> None:
    """Refuse images without labels.

    Args:
        name: What the argument is called.
        images: The argument.

    Raises:
        TypeError: If it is no `ImageSet`.
    """
    if not isinstance(images, ImageSet):
        raise TypeError(
            f"{name} must be an ImageSet, since labels are needed; got {type(images).__name__}. "
            "cnnvis.load gives one, and cnnvis.ImageSet makes one of tensors."
        )


def check_tensors(**values: Any) -> None:
    """Refuse what is no tensor, by the arguments' names.

    Raises:
        TypeError: If one isn't a tensor.
    """
    for name, value in values.items():
        if not isinstance(value, Tensor):
            raise TypeError(
                f"{name} must be a tensor; got {type(value).__name__}. Of a list or a NumPy array "
                "torch.as_tensor makes one."
            )


def check_whole(**values: Any) -> None:
    """Refuse what is no whole number, by the arguments' names.

    Raises:
        TypeError: If one isn't.
    """
    for name, value in values.items():
        try:
            operator.index(value)
        except TypeError:
            raise TypeError(
                f"{name} must be a whole number; got {value!r}. int rounds down to one."
            ) from None


def check_numbers(**values: Any) -> None:
    """Refuse what is no real number, by the arguments' names.

    Raises:
        TypeError: If one isn't.
    """
    for name, value in values.items():
        if not isinstance(value, Real):
            raise TypeError(
                f"{name} must be a number; got {value!r}. float makes one of a text or a tensor."
            )


def check_functions(**values: Any) -> None:
    """Refuse what can't be called, by the arguments' names; ``None`` passes.

    Raises:
        TypeError: If one is neither ``None`` nor callable.
    """
    for name, value in values.items():
        if value is not None and not callable(value):
            raise TypeError(
                f"{name} must be a function or another callable; got {type(value).__name__}. "
                "The reference says what it is called with."
            )
