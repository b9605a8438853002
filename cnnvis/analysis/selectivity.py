"""How much each channel of a layer keeps to one class."""

import torch
from torch import Tensor

from cnnvis.layers.checks import check_tensors


def class_selectivity(activations: Tensor, labels: Tensor) -> Tensor:
    """How much each channel keeps to one class.

    The selectivity index of Morcos et al. (2018, https://arxiv.org/abs/1803.06959): of a channel's
    mean activations by class, the highest h is set against the mean m of all others, as
    (h - m) / (h + m). It is 0 for a channel that responds to all classes alike, and 1 for one that
    responds to a single class. With few images of a class it comes out too high, also for noise:
    compare like with like.

    Args:
        activations: Float tensor (N, C, H, W) or (N, C), none negative, as behind a ReLU.
        labels: int64 tensor (N,).

    Returns:
        Float tensor (C,), 0 to 1; NaN for a channel that is never active.

    Raises:
        TypeError: If one of the two is no tensor.
        ValueError: If a shape doesn't fit, a value is negative, or there are fewer than two
            classes.
    """
    check_tensors(activations=activations, labels=labels)
    if activations.dim() not in (2, 4) or labels.shape != activations.shape[:1]:
        raise ValueError(
            "class_selectivity needs activations (N, C, H, W) or (N, C) and labels (N,); got "
            f"{tuple(activations.shape)} and {tuple(labels.shape)}."
        )
    if (activations < 0).any():
        raise ValueError(
            "class_selectivity needs activations that aren't negative, such as a ReLU's; the "
            f"lowest is {activations.min():.3g}. Choose the layer behind the ReLU."
        )
    classes = labels.unique()
    if len(classes) < 2:
        raise ValueError(f"class_selectivity needs two classes or more; got {len(classes)}.")
    strength = activations.flatten(2).mean(dim=2) if activations.dim() == 4 else activations
    means = torch.stack([strength[labels == one].mean(dim=0) for one in classes])
    return selectivity_of_means(means)


def selectivity_of_means(means: Tensor) -> Tensor:
    """The index of `class_selectivity`, from the mean activations of each class.

    Args:
        means: Float tensor (K, C), none negative, of two classes or more.

    Returns:
        Float tensor (C,), 0 to 1; NaN where all means are 0.
    """
    highest = means.amax(dim=0)
    others = (means.sum(dim=0) - highest) / (len(means) - 1)
    return (highest - others) / (highest + others)
