"""How layers place the images: principal components, and what a linear probe reads off."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnvis.analysis.batches import as_maps, batches, images_of, no_maps
from cnnvis.analysis.selectivity import linear_probe
from cnnvis.data.image_set import ImageSet
from cnnvis.layers.hooks import Layers, eval_mode, recording


def layer_features(
    model: nn.Module,
    layers: Layers,
    images: ImageSet | Tensor,
    *,
    side: int = 2,
    batch_size: int = 500,
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

    Returns:
        dict[str, Tensor]: By layer name, in running order: float32 (N, C·H·W) of the shrunk maps,
        on the CPU.

    Raises:
        TypeError: If ``images`` is neither an `ImageSet` nor a tensor (N, C, H, W).
        ValueError: If there are no images, a number isn't positive, or a layer's output isn't
            maps (N, C, H, W) or rows (N, C).
    """
    if side < 1:
        raise ValueError(f"side must be at least 1; got {side}.")
    images = images_of(images, batch_size)

    def shrunk(output: Tensor) -> Tensor | None:
        maps = as_maps(output)
        if maps is None:
            return None
        size = [min(side, extent) for extent in maps.shape[2:]]
        return F.adaptive_avg_pool2d(maps.float(), size).flatten(1).cpu()

    found: dict[str, list[Tensor]] = {}
    with recording(model, layers, shrunk) as outputs, eval_mode(model), torch.inference_mode():
        for _, batch in batches(model, images, batch_size):
            model(batch)
            for name, output in outputs.items():
                if not isinstance(output, Tensor):
                    raise no_maps(name)
                found.setdefault(name, []).append(output)
    return {name: torch.cat(parts) for name, parts in found.items()}


def layer_probes(
    model: nn.Module,
    layers: Layers,
    train: ImageSet,
    test: ImageSet,
    *,
    side: int = 2,
    batch_size: int = 500,
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

    Returns:
        dict[str, float]: By layer name, in running order: accuracy on ``test``, 0 to 1, as of
        `linear_probe`.

    Raises:
        TypeError: If ``train`` or ``test`` isn't an `ImageSet`.
        ValueError: As `layer_features`.
    """
    for given in (train, test):
        if not isinstance(given, ImageSet):
            raise TypeError(
                "layer_probes needs two ImageSets, since probes learn from labels; got "
                f"{type(given).__name__}."
            )
    known, asked = (
        layer_features(model, layers, part, side=side, batch_size=batch_size)
        for part in (train, test)
    )
    return {
        name: linear_probe(known[name], train.labels, asked[name], test.labels) for name in known
    }


@dataclass(frozen=True)
class Placement:
    """Images as points along the directions in which they differ most.

    Attributes:
        points: float32 (N, D): place of each image along each of D directions, the centre of
            all at 0.
        shares: float32 (D,): share of all variance that lies along each direction, falling.
    """

    points: Tensor
    shares: Tensor

    def __repr__(self) -> str:
        shares = ", ".join(f"{share:.0%}" for share in self.shares)
        return f"Placement({len(self.points)} images, shares of the variance {shares})"


def place_images(features: Tensor, dimensions: int = 2) -> Placement:
    """Place images on a plane, or in a space, by their principal components.

    Two images that a layer answers alike lie close together. What the directions leave out may
    part images that seem close: look at ``shares``.

    Args:
        features: Float tensor (N, ...): what a layer puts out for each image.
        dimensions: Number of directions D.

    Returns:
        Placement: The points, and how much of the variance they show.

    Raises:
        ValueError: If there are fewer images or fewer features than directions.
    """
    rows = features.detach().flatten(1).float().cpu()
    if not 1 <= dimensions <= min(rows.shape):
        raise ValueError(
            "place_images needs at least as many images and features as dimensions, and at "
            f"least one; got features {tuple(features.shape)} and dimensions={dimensions}."
        )
    from sklearn.decomposition import PCA

    analysis = PCA(dimensions, random_state=0)
    points = analysis.fit_transform(rows.numpy())
    return Placement(
        torch.from_numpy(points).float(),
        torch.from_numpy(analysis.explained_variance_ratio_).float(),
    )
