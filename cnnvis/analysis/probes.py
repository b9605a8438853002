"""How layers place the images: principal components, and what a linear probe reads off."""

import operator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnvis.analysis.batches import images_of, over_batches
from cnnvis.data.image_set import ImageSet
from cnnvis.layers.checks import check_image_set, check_numbers, check_tensors, check_whole
from cnnvis.layers.hooks import Layers
from cnnvis.layers.inputs import Preprocess


def layer_features(
    model: nn.Module,
    layers: Layers,
    images: ImageSet | Tensor,
    *,
    side: int = 2,
    batch_size: int = 500,
    preprocess: Preprocess | None = None,
) -> dict[str, Tensor]:
    """What layers put out for each image, every map shrunk to a few means.

    The model runs over all images once, in evaluation mode and without gradients, and is left
    as it was. All that is kept of a layer are C × side × side numbers an image.

    Args:
        model: Any module.
        layers: As for `capture`: names, module types, or ``None`` for every leaf.
        images: As for `top_patches`.
        side: Maps that are higher or wider are averaged down to this number of units.
        batch_size: Images at a time.
        preprocess: As for `top_patches`.

    Returns:
        dict[str, Tensor]: By layer name, in running order: float32 (N, C·H·W) of the shrunk maps,
        on the CPU.

    Raises:
        TypeError: If ``images`` is neither an `ImageSet` nor a tensor (N, C, H, W), or another
            argument is of the wrong kind.
        ValueError: If there are no images, a number isn't positive, a layer's output isn't
            maps (N, C, H, W) or rows (N, C), or ``preprocess`` doesn't return a tensor of as
            many images.
    """
    check_whole(side=side)
    if side < 1:
        raise ValueError(f"side must be at least 1; got {side}.")

    def shrunk(maps: Tensor) -> Tensor:
        size = [min(side, extent) for extent in maps.shape[2:]]
        return F.adaptive_avg_pool2d(maps.float(), size).flatten(1).cpu()

    found = over_batches(
        model,
        layers,
        images_of(images, batch_size),
        shrunk,
        lambda _, rows, __: [rows],
        operator.iadd,
        batch_size=batch_size,
        preprocess=preprocess,
    )
    return {name: torch.cat(parts) for name, parts in found.items()}


def layer_probes(
    model: nn.Module,
    layers: Layers,
    train: ImageSet,
    test: ImageSet,
    *,
    side: int = 2,
    batch_size: int = 500,
    preprocess: Preprocess | None = None,
) -> dict[str, float]:
    """How well a linear classifier reads the class off each of several layers.

    Args:
        model: Any module.
        layers: As for `capture`.
        train: The images from which the probes learn.
        test: The images on which they are measured.
        side: As for `layer_features`. A probe of few features can't do what one of many can:
            compare layers at the same ``side``, and mind their number of channels.
        batch_size: Images at a time.
        preprocess: As for `top_patches`.

    Returns:
        dict[str, float]: By layer name, in running order: accuracy on ``test``, 0 to 1, as of
        `linear_probe`.

    Raises:
        TypeError: If ``train`` or ``test`` isn't an `ImageSet`, or as `layer_features`.
        ValueError: As `layer_features`.
    """
    check_image_set("train", train)
    check_image_set("test", test)
    known, asked = (
        layer_features(model, layers, part, side=side, batch_size=batch_size, preprocess=preprocess)
        for part in (train, test)
    )
    return {
        name: linear_probe(known[name], train.labels, asked[name], test.labels) for name in known
    }


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
        TypeError: If one of the four is no tensor, or ``penalty`` no number.
        ValueError: If the numbers of features, or of images and labels, don't fit.
    """
    check_tensors(train=train, train_labels=train_labels, test=test, test_labels=test_labels)
    check_numbers(penalty=penalty)
    if train.shape[1:] != test.shape[1:] or len(train) != len(train_labels):
        raise ValueError(
            "linear_probe needs the same features of training and test images, and a label for "
            f"each; got {tuple(train.shape)} with {len(train_labels)} labels, and "
            f"{tuple(test.shape)} with {len(test_labels)}."
        )
    from sklearn.linear_model import RidgeClassifier

    train, test = (part.detach().flatten(1).float().cpu() for part in (train, test))
    labels, true_labels = (one.cpu().numpy() for one in (train_labels, test_labels))
    centre = train.mean(dim=0)
    size = (train - centre).square().sum(dim=1).mean().sqrt().clamp(min=1e-12)
    train, test = ((part - centre) / size for part in (train, test))
    probe = RidgeClassifier(alpha=penalty * len(train)).fit(train.numpy(), labels)
    return float(probe.score(test.numpy(), true_labels))


@dataclass(frozen=True)
class Projection:
    """Images as points along the directions in which they differ most.

    Attributes:
        points: float32 (N, D): place of each image along each of D directions, the centre of
            all at 0.
        explained_variance_ratio: float32 (D,): share of all variance that lies along each
            direction, falling.
    """

    points: Tensor
    explained_variance_ratio: Tensor

    def __repr__(self) -> str:
        shares = ", ".join(f"{share:.0%}" for share in self.explained_variance_ratio)
        return f"Projection({len(self.points)} images, shares of the variance {shares})"


def project_features(features: Tensor, dimensions: int = 2) -> Projection:
    """Place images on a plane, or in a space, by their principal components.

    Two images to which a layer responds alike lie close together. What the directions leave out
    may part images that seem close: look at ``explained_variance_ratio``.

    Args:
        features: Float tensor (N, ...): what a layer puts out for each image.
        dimensions: Number of directions D.

    Returns:
        Projection: The points, and how much of the variance they show.

    Raises:
        TypeError: If ``features`` is no tensor, or ``dimensions`` no whole number.
        ValueError: If there are fewer images or fewer features than directions.
    """
    check_tensors(features=features)
    check_whole(dimensions=dimensions)
    rows = features.detach().flatten(1).float().cpu()
    if not 1 <= dimensions <= min(rows.shape):
        raise ValueError(
            "project_features needs at least as many images and features as dimensions, and at "
            f"least one; got features {tuple(features.shape)} and dimensions={dimensions}."
        )
    from sklearn.decomposition import PCA

    analysis = PCA(dimensions, random_state=0)
    points = analysis.fit_transform(rows.numpy())
    return Projection(
        torch.from_numpy(points).float(),
        torch.from_numpy(analysis.explained_variance_ratio_).float(),
    )
