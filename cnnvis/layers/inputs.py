"""Images as a model takes them: where its weights are, floats of their dtype, preprocessed."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import torch
from torch import Tensor, nn

from cnnvis.layers.checks import check_preprocess

Preprocess = Callable[[Tensor], Tensor]


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
        images: uint8 tensor (N, C, H, W), which is divided by 255; or a float tensor, whose
            values stay. Other integers keep their dtype.

    Returns:
        Tensor (N, C, H, W): ``images`` itself where nothing is to be changed.
    """
    weight = first_weight(model)
    device = images.device if weight is None else weight.device
    images = images.to(device)
    if images.dtype == torch.uint8:
        return images.float().div_(255).to(torch.float32 if weight is None else weight.dtype)
    return images.to(weight.dtype) if weight is not None and images.is_floating_point() else images


def preprocessed(images: Tensor, preprocess: Preprocess | None) -> Tensor:
    """What ``preprocess`` makes of float images, checked.

    Args:
        images: Float tensor (N, C, H, W).
        preprocess: A function of them, or ``None`` to leave them as they are.

    Returns:
        Tensor (N, ...), through which gradients flow if they do through ``preprocess``.

    Raises:
        TypeError: If ``preprocess`` is no function.
        ValueError: If it returns anything but a tensor of as many images.
    """
    check_preprocess(preprocess)
    if preprocess is None:
        return images
    given = preprocess(images)
    if not isinstance(given, Tensor) or given.shape[:1] != images.shape[:1]:
        what = tuple(given.shape) if isinstance(given, Tensor) else type(given).__name__
        raise ValueError(
            f"preprocess must return a tensor of as many images as it is given, {len(images)}; "
            f"got {what}. It is called with a whole batch (N, C, H, W), not image by image."
        )
    return given


def model_input(model: nn.Module, images: Tensor, preprocess: Preprocess | None = None) -> Tensor:
    """What a model is given for images: `as_floats` of them, then `preprocessed`.

    Args:
        model: Any module.
        images: uint8 or float tensor (N, C, H, W).
        preprocess: A function of the float images, on the model's device and of its dtype, that
            gives what the model takes, such as ``weights.transforms()`` of a torchvision model.

    Returns:
        Tensor (N, ...). It may be ``images`` itself: a model that writes into its input has to be
        given a copy.

    Raises:
        TypeError: As `preprocessed`.
        ValueError: As `preprocessed`.
    """
    return preprocessed(as_floats(model, images), preprocess)


def batches(
    model: nn.Module,
    images: Tensor,
    batch_size: int,
    preprocess: Preprocess | None = None,
    starts: Iterable[int] | None = None,
) -> Iterator[tuple[int, Tensor]]:
    """Batch by batch, where its first image stands and the `model_input` of its images.

    Only a batch at a time becomes floats and goes to the model's device.

    Args:
        model: Any module.
        images: uint8 or float tensor (N, C, H, W).
        batch_size: Images at a time.
        preprocess: As for `model_input`.
        starts: Positions of the first images of batches; by default of all.
    """
    for start in range(0, len(images), batch_size) if starts is None else starts:
        yield start, model_input(model, images[start : start + batch_size], preprocess)
