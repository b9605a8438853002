"""Training images moved, turned, mirrored and partly covered, each batch anew."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnvis.layers.checks import check_numbers, check_whole


@dataclass(frozen=True)
class Augment:
    """Random changes that leave an image's class as it is; every image gets its own.

    Attributes:
        shift: Farthest move to each side, and up and down, in whole pixels.
        flip: Whether images are mirrored left to right, each with even odds.
        degrees: Largest rotation to either side; of an image that isn't square it is
            a slant as well.
        scale: How far height and width may change, each on its own: to between
            1 / (1 + ``scale``) and 1 / (1 - ``scale``) times what they are.
        shear: Largest slant, as sideways pixels per pixel of height in a square image.
        erase: Side of a square set to 0 somewhere in the image, in pixels; it may reach over
            the edge (cutout, DeVries and Taylor, 2017, https://arxiv.org/abs/1708.04552).
        padding_mode: What moves in from outside: ``"zeros"``, or ``"reflection"`` of the image.

    Raises:
        TypeError: If a field is of another type.
        ValueError: If a number is negative, ``scale`` isn't below 1, or
            ``padding_mode`` is another.
    """

    shift: int = 0
    flip: bool = False
    degrees: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    erase: int = 0
    padding_mode: str = "zeros"

    def __post_init__(self) -> None:
        check_whole(shift=self.shift, erase=self.erase)
        check_numbers(degrees=self.degrees, scale=self.scale, shear=self.shear)
        if not isinstance(self.flip, bool):
            raise TypeError(f"flip must be True or False; got {self.flip!r}.")
        for name in ("shift", "degrees", "scale", "shear", "erase"):
            if getattr(self, name) < 0:
                raise ValueError(
                    "shift, degrees, scale, shear and erase must not be negative; got "
                    f"{name}={getattr(self, name)}."
                )
        if self.scale >= 1:
            raise ValueError(f"scale must be below 1; got {self.scale}.")
        if self.padding_mode not in ("zeros", "reflection"):
            raise ValueError(
                f"padding_mode must be 'zeros' or 'reflection'; got {self.padding_mode!r}."
            )

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        """Change a batch.

        Args:
            images: Float tensor (N, C, H, W).
            generator: Source of the random draws, on the CPU.

        Returns:
            Float tensor (N, C, H, W), on the device and in the memory layout of the images.
        """
        grid = F.affine_grid(self._maps(images, generator), images.shape, align_corners=False)
        changed = F.grid_sample(images, grid, padding_mode=self.padding_mode, align_corners=False)
        if self.erase:
            changed = changed * _uncovered(images, self.erase, generator)
        layout = (
            torch.channels_last
            if images.is_contiguous(memory_format=torch.channels_last)
            else torch.contiguous_format
        )
        return changed.contiguous(memory_format=layout)

    def _maps(self, images: Tensor, generator: torch.Generator) -> Tensor:
        """For each image, the affine map (2, 3) from its new coordinates to its old ones."""
        count, _, height, width = images.shape

        def draw(most: float) -> Tensor:
            return (2 * torch.rand(count, generator=generator) - 1) * most

        angle = torch.deg2rad(draw(self.degrees))
        slant = draw(self.shear)
        wide, high = 1 + draw(self.scale), 1 + draw(self.scale)
        mirror = torch.ones(count)
        if self.flip:
            mirror = 1 - 2.0 * torch.randint(2, (count,), generator=generator)
        steps = torch.randint(-self.shift, self.shift + 1, (2, count), generator=generator)
        right, down = steps[0] * 2 / width, steps[1] * 2 / height
        cos, sin = angle.cos(), angle.sin()
        first = torch.stack([mirror * wide * cos, mirror * wide * (slant * cos - sin), right], 1)
        second = torch.stack([high * sin, high * (slant * sin + cos), down], 1)
        return torch.stack([first, second], dim=1).to(images.device)


def _uncovered(images: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """Float tensor (N, 1, H, W): 0 in a square of each image, 1 elsewhere."""
    count, _, height, width = images.shape

    def outside(length: int) -> Tensor:
        start = torch.randint(length, (count, 1), generator=generator) - side // 2
        places = torch.arange(length)
        return (places < start) | (places >= start + side)

    rows, columns = outside(height), outside(width)
    free = rows[:, None, :, None] | columns[:, None, None, :]
    return free.to(images)
