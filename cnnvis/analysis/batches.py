"""One pass over an image set in batches, by one process or by several that share the work."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import torch
import torch.distributed
from torch import Tensor, nn

from cnnvis.data.image_set import ImageSet

if torch.distributed.is_available():
    # Its functions keep, as a default argument, the process group that exists when it is imported.
    # PyTorch imports it late, on its own: that group's threads would outlive the program's end.
    import torch.distributed.nn

Part = TypeVar("Part")


@dataclass(frozen=True)
class Share:
    """The batches that fall to one of several processes.

    Whole batches are dealt out in turn, the same ones that a single process would run: a result
    that depends on the other images of its batch, if only in the last digit, stays the same.

    Attributes:
        rank: Number of this process, from 0.
        world: Number of processes.
    """

    rank: int = 0
    world: int = 1

    @classmethod
    def of_this_process(cls, distributed: bool) -> "Share":
        """Everything, or with ``distributed`` what ``torch.distributed`` says is this one's.

        Raises:
            ValueError: If ``distributed`` is asked for and no process group is there.
        """
        if not distributed:
            return cls()
        if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
            raise ValueError(
                "distributed=True needs a process group, and there is none. Start the program "
                "with torchrun and call torch.distributed.init_process_group() first; or leave "
                "distributed out to run in this process alone."
            )
        return cls(torch.distributed.get_rank(), torch.distributed.get_world_size())

    def starts(self, count: int, batch_size: int) -> range:
        """Positions of the first images of this process's batches."""
        return range(self.rank * batch_size, count, self.world * batch_size)

    def merged(self, mine: dict[str, Part], join: Callable[[Part, Part], Part]) -> dict[str, Part]:
        """What all processes found by name, joined in their order; every process gets all."""
        parts = [mine] * self.world
        if self.world > 1:
            torch.distributed.all_gather_object(parts, mine)
        found: dict[str, Part] = {}
        for name, one in (item for part in parts for item in part.items()):
            found[name] = join(found[name], one) if name in found else one
        return found


def images_of(images: ImageSet | Tensor, batch_size: int) -> Tensor:
    """The images as one tensor.

    Raises:
        TypeError: If they are neither an `ImageSet` nor a tensor (N, C, H, W).
        ValueError: If there are none, or ``batch_size`` is below 1.
    """
    images = images.images if isinstance(images, ImageSet) else images
    if not isinstance(images, Tensor) or images.dim() != 4:
        what = tuple(images.shape) if isinstance(images, Tensor) else type(images).__name__
        raise TypeError(f"images must be an ImageSet or a tensor (N, C, H, W); got {what}.")
    if len(images) == 0 or batch_size < 1:
        raise ValueError(
            "a pass needs at least one image and a batch_size of at least 1; got "
            f"{len(images)} images and batch_size={batch_size}."
        )
    return images


def batches(
    model: nn.Module, images: Tensor, batch_size: int, share: Share = Share()
) -> Iterator[tuple[int, Tensor]]:
    """Batch by batch, where its first image stands and the images as the model takes them.

    Only a batch at a time becomes floats and goes to the model's device.
    """
    for start in share.starts(len(images), batch_size):
        yield start, as_floats(model, images[start : start + batch_size])


def as_floats(model: nn.Module, images: Tensor) -> Tensor:
    """Images on the model's device, uint8 ones as floats from 0 to 1 of the weights' dtype."""
    parameter = next(model.parameters(), None)
    images = images if parameter is None else images.to(parameter.device)
    if images.dtype != torch.uint8:
        return images
    known = parameter is not None and parameter.is_floating_point()
    return (images.float() / 255).to(parameter.dtype if known else torch.float32)


def as_maps(output: Tensor) -> Tensor | None:
    """A layer's output as maps (N, C, H, W), rows (N, C) as maps of one unit; else ``None``."""
    if output.dim() not in (2, 4) or not output.is_floating_point():
        return None
    return output[..., None, None] if output.dim() == 2 else output


def no_maps(name: str) -> ValueError:
    """The error for a layer whose output `as_maps` doesn't know."""
    return ValueError(
        f"the output of {name!r} must be one float tensor, (N, C, H, W) or (N, C). Choose a layer "
        "whose row in layer_table shows such a shape."
    )
