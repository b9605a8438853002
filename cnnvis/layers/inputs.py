"""Images as a model takes them: where its weights are, floats of their dtype, preprocessed."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

Preprocess = Callable[[Tensor], Tensor]


def check_module(model: Any) -> None:
    """Refuse what is no module.

    Raises:
        TypeError: If it isn't one.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(
            f"model must be a torch.nn.Module; got {_kind(model)}. A function has no layers: "
            "make a module that calls it in its forward method."
        )


def check_preprocess(preprocess: Any) -> None:
    """Refuse what can't be called.

    Raises:
        TypeError: If ``preprocess`` is neither ``None`` nor a callable.
    """
    if preprocess is not None and (not callable(preprocess) or isinstance(preprocess, type)):
        raise TypeError(
            "preprocess must be a function of float images (N, C, H, W) from 0 to 1; got "
            f"{preprocess!r}. For a mean and a standard deviation give "
            "torchvision.transforms.v2.Normalize(mean, std)."
        )


def first_weight(model: nn.Module) -> Tensor | None:
    """The first parameter or buffer of a model that holds floats; ``None`` if there is none.

    Its device and dtype are those in which the model takes images.
    """
    weights = chain(model.parameters(), model.buffers())
    return next((one for one in weights if one.is_floating_point()), None)


def as_floats(model: nn.Module, images: Tensor) -> Tensor:
    """Images on the model's device, as floats of its weights' dtype.

    Args:
        model: Any module.
        images: uint8 tensor (N, C, H, W), which is divided by 255, or a float tensor, which keeps
            its values. Integers of other kinds keep their dtype.

    Returns:
        Tensor (N, C, H, W): the images themselves where nothing is to be changed.
    """
    weight = first_weight(model)
    device, dtype = (images.device, torch.float32) if weight is None else _place(weight)
    images = images.to(device)
    if images.dtype == torch.uint8:
        return images.float().div_(255).to(dtype)
    return images.to(dtype) if images.is_floating_point() and weight is not None else images


def model_input(model: nn.Module, images: Tensor, preprocess: Preprocess | None = None) -> Tensor:
    """What a model is given for images: `as_floats` of them, then preprocessed.

    Args:
        model: Any module.
        images: uint8 or float tensor (N, C, H, W).
        preprocess: A function of the float images, on the model's device and of its dtype, that
            gives what the model takes, such as ``weights.transforms()`` of a torchvision model.

    Returns:
        Tensor (N, ...), through which gradients flow back to float ``images``. It may share
        memory with them: a model that writes into its input has to be given a copy.

    Raises:
        TypeError: If ``preprocess`` can't be called.
        ValueError: If what it returns isn't a tensor of as many images.
    """
    check_preprocess(preprocess)
    images = as_floats(model, images)
    if preprocess is None:
        return images
    given = preprocess(images)
    if not isinstance(given, Tensor) or given.shape[:1] != images.shape[:1]:
        what = tuple(given.shape) if isinstance(given, Tensor) else type(given).__name__
        raise ValueError(
            f"preprocess must return a tensor of as many images as it was given, {len(images)}; "
            f"got {what}. It is called with the whole batch (N, C, H, W), not with single images."
        )
    return given


def _place(weight: Tensor) -> tuple[torch.device, torch.dtype]:
    return weight.device, weight.dtype


def _kind(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else type(value).__name__
