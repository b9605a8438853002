"""What a layer's output keeps of the image: how much a shift changes it, how alike they look."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnvis.analysis.batches import images_of
from cnnvis.data.image_set import ImageSet
from cnnvis.layers.checks import check_module, check_tensors, check_whole
from cnnvis.layers.hooks import Layers, capture, eval_mode
from cnnvis.layers.inputs import Preprocess, as_floats, preprocessed


def shift_sensitivity(
    model: nn.Module,
    layers: Layers,
    images: ImageSet | Tensor,
    *,
    shift: int = 1,
    preprocess: Preprocess | None = None,
) -> dict[str, float]:
    """How much the outputs of layers change when the image moves by a few pixels.

    Images are moved right, left, down and up, with zeros moving in. The mean squared change of a
    layer's output is divided by what two different images differ by in the mean: 0 means that
    the layer doesn't notice, 1 that a moved image is to it like another image. What the model is
    given, measured alike, goes by the name ``"input"``.

    Args:
        model: Any module.
        layers: As for `capture`.
        images: An `ImageSet`, or a tensor (N, C, H, W), as for `top_patches`: two images or more.
            They run in one batch, of which the outputs of all chosen layers are held twice.
        shift: Pixels of ``images``.
        preprocess: As for `top_patches`; it is given the images when they have been moved.

    Returns:
        dict[str, float]: By layer name, in running order, after ``"input"``; NaN for a layer that
        puts out the same for all images.

    Raises:
        TypeError: If an argument is of the wrong kind.
        ValueError: If there are fewer than two images, ``shift`` isn't smaller than them, a
            layer puts out something else than one tensor, or ``preprocess`` doesn't return a
            tensor of as many images.
    """
    check_module(model)
    check_whole(shift=shift)
    images = images_of(images)
    if len(images) < 2 or not 0 < shift < min(images.shape[2:]):
        raise ValueError(
            "shift_sensitivity needs two images or more, and a shift from 1 to less than their "
            f"side; got {tuple(images.shape)} and shift={shift}."
        )
    images = as_floats(model, images)
    before = _outputs(model, layers, preprocessed(images, preprocess))
    changes = dict.fromkeys(before, 0.0)
    steps = [(0, shift), (0, -shift), (shift, 0), (-shift, 0)]
    for step in steps:
        after = _outputs(model, layers, preprocessed(_moved(images, *step), preprocess))
        for name in changes:
            changes[name] += (after[name] - before[name]).square().sum(1).mean().item()
    return {
        name: change / len(steps) / (_mean_distance(before[name]) or math.nan)
        for name, change in changes.items()
    }


def map_correlation(maps: Tensor, images: Tensor) -> Tensor:
    """How much each map looks like the image that it was made from.

    Args:
        maps: Float tensor (N, C, H, W).
        images: Float tensor (N, 1, H', W'), shrunk to the maps' size by averaging.

    Returns:
        Float tensor (N, C): the correlation of each map with its image, -1 to 1; 0 where one of
        the two is constant.

    Raises:
        TypeError: If one of the two is no tensor.
        ValueError: If a shape doesn't fit.
    """
    check_tensors(maps=maps, images=images)
    if maps.dim() != 4 or images.dim() != 4 or images.shape[:2] != (len(maps), 1):
        raise ValueError(
            "map_correlation needs maps (N, C, H, W) and as many images (N, 1, H, W); got "
            f"{tuple(maps.shape)} and {tuple(images.shape)}. Of colour images take the mean "
            "over the channels."
        )
    small = F.adaptive_avg_pool2d(images, maps.shape[2:])
    maps, small = (_departures(one.flatten(2)) for one in (maps, small))
    return F.cosine_similarity(maps, small, dim=2)


def _outputs(model: nn.Module, layers: Layers, images: Tensor) -> dict[str, Tensor]:
    with capture(model, layers) as outputs, eval_mode(model), torch.no_grad():
        model(images.clone())  # the model may write into its input
    for name, one in outputs.items():
        if not isinstance(one, Tensor):
            raise ValueError(
                f"the output of {name!r} must be one tensor, to be compared with that for a moved "
                f"image; got {type(one).__name__}. Name the layers to measure."
            )
    named = {"input": images, **outputs}
    return {name: one.flatten(1).float() for name, one in named.items()}


def _moved(images: Tensor, down: int, right: int) -> Tensor:
    """Images moved by some pixels, zeros moving in."""
    height, width = images.shape[2:]
    padded = F.pad(images, (max(right, 0), max(-right, 0), max(down, 0), max(-down, 0)))
    top, left = max(-down, 0), max(-right, 0)
    return padded[..., top : top + height, left : left + width]


def _mean_distance(rows: Tensor) -> float:
    """Mean squared distance between two different rows."""
    count = len(rows)
    return 2 * (rows - rows.mean(dim=0)).square().sum().item() / (count - 1)


def _departures(rows: Tensor) -> Tensor:
    """How far each row's values lie from its mean; 0 where no more than rounding parts them."""
    rows = rows.float()
    apart = rows - rows.mean(dim=2, keepdim=True)
    rounding = 8 * torch.finfo(rows.dtype).eps * rows.abs().amax(dim=2, keepdim=True)
    return apart.masked_fill(apart.abs().amax(dim=2, keepdim=True) <= rounding, 0)
