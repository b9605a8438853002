"""What a layer's output knows of the class, and what it forgets of the place."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnvis.layers.hooks import Layers, capture, eval_mode


def class_selectivity(activations: Tensor, labels: Tensor) -> Tensor:
    """How much each channel keeps to one class.

    The selectivity index of Morcos et al. (2018, https://arxiv.org/abs/1803.06959): of a channel's
    mean activations by class, the highest h is set against the mean m of all others, as
    (h - m) / (h + m). It is 0 for a channel that answers to all classes alike, and 1 for one that
    answers to a single class. With few images of a class it comes out too high, also for noise:
    compare like with like.

    Args:
        activations: Float tensor (N, C, H, W) or (N, C), none negative, as behind a ReLU.
        labels: int64 tensor (N,).

    Returns:
        Float tensor (C,), 0 to 1; NaN for a channel that never answers.

    Raises:
        ValueError: If a shape doesn't fit, a value is negative, or there are fewer than two
            classes.
    """
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


def shift_sensitivity(
    model: nn.Module, images: Tensor, layers: Layers = None, *, shift: int = 1
) -> dict[str, float]:
    """How much the outputs of layers change when the image moves by a few pixels.

    Images are moved right, left, down and up, with zeros moving in. The mean squared change of a
    layer's output is divided by what two different images differ by in the mean: 0 means that
    the layer doesn't notice, 1 that a moved image is to it like another image. The image
    itself, measured alike, goes by the name ``"input"``.

    Args:
        model: Any module.
        images: Float tensor (N, C, H, W), two images or more. They run in one batch, of which
            the outputs of all chosen layers are held twice.
        layers: As for `capture`.
        shift: Pixels.

    Returns:
        dict[str, float]: By layer name, in running order, after ``"input"``; NaN for a layer that
        puts out the same for all images.

    Raises:
        ValueError: If there are fewer than two images, ``shift`` isn't smaller than them, or a
            layer puts out something else than one tensor.
    """
    if len(images) < 2 or not 0 < shift < min(images.shape[2:]):
        raise ValueError(
            "shift_sensitivity needs two images or more, and a shift from 1 to less than their "
            f"side; got {tuple(images.shape)} and shift={shift}."
        )
    before = _outputs(model, images, layers)
    changes = dict.fromkeys(before, 0.0)
    steps = [(0, shift), (0, -shift), (shift, 0), (-shift, 0)]
    for step in steps:
        after = _outputs(model, _moved(images, *step), layers)
        for name in changes:
            changes[name] += (after[name] - before[name]).square().sum(1).mean().item()
    return {
        name: change / len(steps) / (_mean_distance(before[name]) or math.nan)
        for name, change in changes.items()
    }


def map_likeness(maps: Tensor, images: Tensor) -> Tensor:
    """How much each map looks like the image that it was made from.

    Args:
        maps: Float tensor (N, C, H, W).
        images: Float tensor (N, 1, H', W'), shrunk to the maps' size by averaging.

    Returns:
        Float tensor (N, C): the correlation of each map with its image, -1 to 1; 0 where one of
        the two is constant.

    Raises:
        ValueError: If a shape doesn't fit.
    """
    if maps.dim() != 4 or images.dim() != 4 or images.shape[:2] != (len(maps), 1):
        raise ValueError(
            "map_likeness needs maps (N, C, H, W) and as many images (N, 1, H, W); got "
            f"{tuple(maps.shape)} and {tuple(images.shape)}. Of colour images take the mean "
            "over the channels."
        )
    small = F.adaptive_avg_pool2d(images, maps.shape[2:])
    maps, small = (_departures(one.flatten(2)) for one in (maps, small))
    return F.cosine_similarity(maps, small, dim=2)


def linear_probe(
    train: Tensor, train_labels: Tensor, test: Tensor, test_labels: Tensor, *, penalty: float = 1e-4
) -> float:
    """How well a linear classifier reads the class off a layer's outputs.

    Probes after Alain and Bengio (2017, https://arxiv.org/abs/1610.01644); here by ridge
    regression on the classes, which has one solution and needs no tuning of steps. Features are
    centred, and scaled by one common factor, on the training images.

    Args:
        train: Float tensor (N, ...): the layer's outputs for the training images.
        train_labels: int64 tensor (N,).
        test: Float tensor (M, ...): the same layer's outputs for test images.
        test_labels: int64 tensor (M,).
        penalty: Strength of the ridge, as a share of the features' total variance.

    Returns:
        float: Accuracy on the test images, 0 to 1.

    Raises:
        ValueError: If the numbers of features, or of images and labels, don't fit.
    """
    if train.shape[1:] != test.shape[1:] or len(train) != len(train_labels):
        raise ValueError(
            "linear_probe needs the same features of training and test images, and a label for "
            f"each; got {tuple(train.shape)} with {len(train_labels)} labels, and "
            f"{tuple(test.shape)} with {len(test_labels)}."
        )
    from sklearn.linear_model import RidgeClassifier

    train, test = (part.detach().flatten(1).float().cpu() for part in (train, test))
    labels, answers = (torch.as_tensor(one).cpu().numpy() for one in (train_labels, test_labels))
    centre = train.mean(dim=0)
    size = (train - centre).square().sum(dim=1).mean().sqrt().clamp(min=1e-12)
    train, test = ((part - centre) / size for part in (train, test))
    probe = RidgeClassifier(alpha=penalty * len(train)).fit(train.numpy(), labels)
    return float(probe.score(test.numpy(), answers))


def _outputs(model: nn.Module, images: Tensor, layers: Layers) -> dict[str, Tensor]:
    with capture(model, layers) as outputs, eval_mode(model), torch.no_grad():
        model(images)
    for name, one in outputs.items():
        if not isinstance(one, Tensor):
            raise ValueError(
                f"the output of {name!r} must be one tensor, to be compared with that for a moved "
                f"image; got {type(one).__name__}. Name the layers to measure."
            )
    named = {"input": images, **outputs}
    return {name: one.flatten(1).float() for name, one in named.items()}


def _departures(rows: Tensor) -> Tensor:
    """How far each row's values lie from its mean; 0 where no more than rounding parts them."""
    rows = rows.float()
    apart = rows - rows.mean(dim=2, keepdim=True)
    rounding = 8 * torch.finfo(rows.dtype).eps * rows.abs().amax(dim=2, keepdim=True)
    return apart.masked_fill(apart.abs().amax(dim=2, keepdim=True) <= rounding, 0)


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
