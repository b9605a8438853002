"""What the channels of layers do over a whole image set, counted in one pass."""

from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn

from cnnvis.analysis.batches import Share, images_of, over_batches
from cnnvis.analysis.selectivity import selectivity_of_means
from cnnvis.data.image_set import ImageSet
from cnnvis.layers.hooks import Layers
from cnnvis.layers.inputs import Preprocess


@dataclass(frozen=True)
class ChannelStatistics:
    """What each channel of a layer did over an image set.

    A unit is active where its value is above 0.

    Attributes:
        class_means: float64 (K, C): mean activation over all units and all images of a class;
            NaN for a class without images.
        class_counts: int64 (K,): images of each class.
        active_units: float64 (C,): share of the units that are active, over all images, 0 to 1.
        active_images: float64 (C,): share of the images on which a unit is active, 0 to 1.
        highest: float32 (C,): highest value of any unit on any image.
        lowest: float32 (C,): lowest value, likewise.
    """

    class_means: Tensor
    class_counts: Tensor
    active_units: Tensor
    active_images: Tensor
    highest: Tensor
    lowest: Tensor

    @property
    def means(self) -> Tensor:
        """Mean activation over all units and images, float64 (C,)."""
        present = self.class_counts > 0
        weights = self.class_counts[present].double() / self.class_counts.sum()
        return weights @ self.class_means[present]

    @property
    def sparsity(self) -> Tensor:
        """Share of the units that aren't active, float64 (C,), 0 to 1."""
        return 1 - self.active_units

    @property
    def dead(self) -> Tensor:
        """Which channels were never active, bool (C,)."""
        return self.highest <= 0

    @property
    def selectivity(self) -> Tensor:
        """The index of `class_selectivity`, float64 (C,), 0 to 1; NaN for a channel that is dead.

        Raises:
            ValueError: If an activation was negative, or images of fewer than two classes came.
        """
        if (self.lowest < 0).any():
            raise ValueError(
                "selectivity needs activations that aren't negative, such as a ReLU's; the lowest "
                f"is {self.lowest.min():.3g}. Choose the layer behind the ReLU."
            )
        present = self.class_counts > 0
        if present.sum() < 2:
            raise ValueError(
                "selectivity needs images of two classes or more; got "
                f"{present.sum()}. Give channel_statistics an ImageSet with labels."
            )
        return selectivity_of_means(self.class_means[present])

    def __repr__(self) -> str:
        classes, channels = self.class_means.shape
        return (
            f"ChannelStatistics({channels} channels, {self.class_counts.sum()} images of "
            f"{classes} {'class' if classes == 1 else 'classes'}, {self.dead.sum()} dead)"
        )


def channel_statistics(
    model: nn.Module,
    layers: Layers,
    images: ImageSet | Tensor,
    *,
    batch_size: int = 500,
    preprocess: Preprocess | None = None,
    distributed: bool = False,
) -> dict[str, ChannelStatistics]:
    """Count, over a whole image set, how strongly, how often and for which class channels respond.

    The model runs over all images once, in evaluation mode and without gradients, and is left
    as it was. Memory doesn't grow with the set: sums are kept, in double precision, and no maps.

    Args:
        model: Any module.
        layers: As for `capture`: names, module types, or ``None`` for every leaf.
        images: As for `top_patches`. Images without labels count as one class.
        batch_size: Images at a time.
        preprocess: As for `top_patches`.
        distributed: As for `top_patches`. Sums of several processes differ from those of one by
            rounding at most; counts and extremes don't differ.

    Returns:
        dict[str, ChannelStatistics]: By layer name, in running order. A layer whose output is a
        row of numbers, (N, C), counts as maps of one unit.

    Raises:
        TypeError: If ``images`` is neither an `ImageSet` nor a tensor (N, C, H, W), or another
            argument is of the wrong kind.
        ValueError: If there are no images, ``batch_size`` isn't positive, a layer's output has
            no channels, ``preprocess`` doesn't return a tensor of as many images, or
            ``distributed`` is asked for without a process group.
    """
    pixels, share = images_of(images, batch_size), Share.of_this_process(distributed)
    labelled = isinstance(images, ImageSet)
    labels = images.labels if labelled else torch.zeros(len(images), dtype=torch.int64)
    classes = len(images.classes) if labelled else 1

    def part(_: str, summary: _Summary, start: int) -> _Sums:
        return _Sums.of(summary, labels[start : start + len(summary.mean)], classes)

    sums = over_batches(
        model,
        layers,
        pixels,
        _summary,
        part,
        _Sums.with_,
        batch_size=batch_size,
        preprocess=preprocess,
        share=share,
    )
    return {name: one.statistics() for name, one in sums.items()}


@dataclass(frozen=True)
class _Summary:
    """Of each image and channel, (N, C): mean, share of active units, highest, lowest."""

    mean: Tensor
    active: Tensor
    highest: Tensor
    lowest: Tensor


def _summary(maps: Tensor) -> _Summary:
    maps = maps.float()
    return _Summary(
        mean=maps.mean(dim=(2, 3)).cpu(),
        active=(maps > 0).float().mean(dim=(2, 3)).cpu(),
        highest=maps.amax(dim=(2, 3)).cpu(),
        lowest=maps.amin(dim=(2, 3)).cpu(),
    )


@dataclass(frozen=True)
class _Sums:
    """Sums over images: by class (K, C), over all (C,); and the extremes (C,)."""

    strength: Tensor
    counts: Tensor
    units: Tensor
    images: Tensor
    highest: Tensor
    lowest: Tensor

    @classmethod
    def of(cls, batch: _Summary, labels: Tensor, classes: int) -> "_Sums":
        strength = torch.zeros(classes, batch.mean.shape[1], dtype=torch.float64)
        return cls(
            strength=strength.index_add_(0, labels.cpu(), batch.mean.double()),
            counts=labels.cpu().bincount(minlength=classes),
            units=batch.active.double().sum(dim=0),
            images=(batch.highest > 0).sum(dim=0),
            highest=batch.highest.amax(dim=0),
            lowest=batch.lowest.amin(dim=0),
        )

    def with_(self, other: "_Sums") -> "_Sums":
        joined = {
            "highest": torch.maximum(self.highest, other.highest),
            "lowest": torch.minimum(self.lowest, other.lowest),
        }
        for field in fields(self):
            if field.name not in joined:
                joined[field.name] = getattr(self, field.name) + getattr(other, field.name)
        return _Sums(**joined)

    def statistics(self) -> ChannelStatistics:
        total = self.counts.sum()
        return ChannelStatistics(
            class_means=self.strength / self.counts[:, None],
            class_counts=self.counts.clone(),  # from inference mode, it couldn't be written into
            active_units=self.units / total,
            active_images=self.images.double() / total,
            highest=self.highest.clone(),
            lowest=self.lowest.clone(),
        )
