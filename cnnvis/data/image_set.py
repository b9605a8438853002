"""Images with their labels in memory, and where they come from."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from cnnvis.data.registry import Source


@dataclass(frozen=True, eq=False, repr=False)
class ImageSet:
    """Images with their labels, held in memory.

    ``len(images)`` counts them, and ``images[:5]``, or any other index that a tensor of one
    dimension takes, is a smaller `ImageSet`; with a whole number it holds one image.

    Attributes:
        images: uint8, (N, C, H, W), 0 to 255.
        labels: int64, (N,), positions in ``classes``.
        classes: Names of the classes.
        source: Where the images come from.

    Raises:
        TypeError: If a field has another type or dtype.
        ValueError: If the shapes do not fit together, or a label has no class.
    """

    images: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    source: Source

    def __post_init__(self) -> None:
        _check_tensor("images", self.images, torch.uint8, "(N, C, H, W)")
        _check_tensor("labels", self.labels, torch.int64, "(N,)")
        if not (isinstance(self.classes, tuple) and all(isinstance(c, str) for c in self.classes)):
            raise TypeError(f"classes must be a tuple of names; got {self.classes!r}.")
        if not isinstance(self.source, Source):
            raise TypeError(f"source must be a Source; got {type(self.source).__name__}.")
        if len(self.labels) != len(self.images):
            raise ValueError(
                "images and labels must be equally many; "
                f"got {len(self.images)} images and {len(self.labels)} labels."
            )
        outside = self.labels[(self.labels < 0) | (self.labels >= len(self.classes))]
        if len(outside):
            raise ValueError(
                f"labels must be positions in classes, from 0 to {len(self.classes) - 1}; "
                f"got {outside[0].item()}."
            )

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: object) -> "ImageSet":
        chosen = torch.arange(len(self))[index].reshape(-1)
        return replace(self, images=self.images[chosen], labels=self.labels[chosen])

    def __repr__(self) -> str:
        role = "a stand-in" if self.source.is_stand_in else "the real set"
        return (
            f"ImageSet({self.source.name!r}, images {tuple(self.images.shape)}, "
            f"{len(self.classes)} classes, {role}: {self.source.title})"
        )


def _check_tensor(role: str, value: object, dtype: torch.dtype, shape: str) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(f"{role} must be a tensor; got {type(value).__name__}.")
    if value.dtype != dtype:
        raise TypeError(f"{role} must be {dtype}; got {value.dtype}.")
    if value.ndim != shape.count(",") + (not shape.endswith(",)")):
        raise ValueError(f"{role} must have the shape {shape}; got {tuple(value.shape)}.")
