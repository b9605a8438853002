"""One pass over an image set in batches, by one process or by several that share the work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import torch
import torch.distributed
from torch import Tensor, nn

from cnnvis.data.image_set import ImageSet
from cnnvis.layers.checks import check_whole
from cnnvis.layers.hooks import Layers, eval_mode, recording
from cnnvis.layers.inputs import Preprocess, batches
from cnnvis.layers.outputs import as_maps, no_maps

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


def images_of(images: ImageSet | Tensor, batch_size: int = 1) -> Tensor:
    """The images as one tensor.

    Raises:
        TypeError: If they are neither an `ImageSet` nor a tensor (N, C, H, W), or ``batch_size``
            is no whole number.
        ValueError: If there are none, or ``batch_size`` is below 1.
    """
    images = images.images if isinstance(images, ImageSet) else images
    if not isinstance(images, Tensor) or images.dim() != 4:
        what = tuple(images.shape) if isinstance(images, Tensor) else type(images).__name__
        raise TypeError(
            f"images must be an ImageSet or a tensor (N, C, H, W); got {what}. Of a NumPy array "
            "take torch.from_numpy(array), of a single image image[None]."
        )
    check_whole(batch_size=batch_size)
    if len(images) == 0 or batch_size < 1:
        raise ValueError(
            "a pass needs at least one image and a batch_size of at least 1; got "
            f"{len(images)} images and batch_size={batch_size}."
        )
    return images


def over_batches(
    model: nn.Module,
    layers: Layers,
    images: Tensor,
    keep: Callable[[Tensor], Any],
    part: Callable[[str, Any, int], Part],
    join: Callable[[Part, Part], Part],
    *,
    batch_size: int,
    preprocess: Preprocess | None = None,
    share: Share = Share(),
) -> dict[str, Part]:
    """Run a model over images once and join, layer by layer, what each batch gives.

    The model runs in evaluation mode and in inference mode, and is left as it was.

    Args:
        model: Any module.
        layers: As for `capture`.
        images: Tensor (N, C, H, W), as `images_of` gives it.
        keep: Called with a layer's maps (N, C, H, W) as soon as it has put them out.
        part: Called with the layer's name, what ``keep`` returned, and the position of the batch's
            first image, when the batch has run; returns what is joined.
        join: Makes one part of two, the earlier batch's first.
        batch_size: Images at a time.
        preprocess: As for `model_input`.
        share: The batches that this process runs.

    Returns:
        dict[str, Part]: By layer name, in running order, of all processes.

    Raises:
        TypeError: As `capture` and `preprocessed`.
        ValueError: As `capture` and `preprocessed`, and if a layer's output is no maps.
    """

    def kept(output: Tensor) -> _Kept | None:
        maps = as_maps(output)
        return None if maps is None else _Kept(keep(maps))

    found: dict[str, Part] = {}
    starts = share.starts(len(images), batch_size)
    with recording(model, layers, kept) as outputs, eval_mode(model), torch.inference_mode():
        for start, batch in batches(model, images, batch_size, preprocess, starts):
            model(batch)
            for name, output in outputs.items():
                if not isinstance(output, _Kept):
                    raise no_maps(name)
                new = part(name, output.value, start)
                found[name] = join(found[name], new) if name in found else new
    return share.merged(found, join)


class _Kept(NamedTuple):
    value: Any
