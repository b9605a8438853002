"""The patches of images to which the units of a layer respond most."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from cnnvis.analysis.batches import Share, images_of, over_batches
from cnnvis.data.image_set import ImageSet
from cnnvis.layers.checks import check_module, check_whole
from cnnvis.layers.hooks import Layers
from cnnvis.layers.inputs import Preprocess, model_input
from cnnvis.layers.receptive_fields import ReceptiveField
from cnnvis.layers.table import fields_of


@dataclass(frozen=True)
class Patches:
    """Where each channel of a layer responds most: at most one patch of each image.

    Attributes:
        values: float32 (C, K): the responses, of each channel the highest first.
        images: int64 (C, K): positions of the images among those searched.
        boxes: int64 (C, K, 2, 2): first and last row, then first and last column, of the receptive
            field of the responding unit, cut at the image's edges.
        receptive_field: The receptive field of the layer's units.
    """

    values: Tensor
    images: Tensor
    boxes: Tensor
    receptive_field: ReceptiveField

    def __repr__(self) -> str:
        channels, count = self.values.shape
        return f"Patches({channels} channels, {count} each, receptive field {self.receptive_field})"


def top_patches(
    model: nn.Module,
    layers: Layers,
    images: ImageSet | Tensor,
    *,
    count: int = 9,
    batch_size: int = 500,
    preprocess: Preprocess | None = None,
    distributed: bool = False,
) -> dict[str, Patches]:
    """Search images for the patches to which each channel of a layer responds most.

    The model runs over all images once, in evaluation mode and without gradients, however many
    layers are asked for, and is left as it was. Looking at a unit through the images that drive
    it follows Zeiler and Fergus (2014, https://doi.org/10.1007/978-3-319-10590-1_53).

    Args:
        model: Any module.
        layers: As for `capture`: names, module types, or ``None`` for every leaf.
        images: An `ImageSet`, or a uint8 tensor (N, C, H, W), handed to the model as floats from
            0 to 1, of its weights' dtype; or a float tensor (N, C, H, W) such as the model takes.
            Only a batch at a time goes to the model's device.
        count: Patches of each channel; fewer if there are fewer images.
        batch_size: Images at a time.
        preprocess: Makes of float images (N, C, H, W), on the model's device and of its dtype,
            what the model takes; for example ``weights.transforms()`` of a torchvision model, or
            ``torchvision.transforms.v2.Normalize(mean, std)``, where the model takes other values
            than those from 0 to 1. Where it changes the images' size, boxes and receptive fields
            are in pixels of the preprocessed images: draw the patches on those.
        distributed: Whether to share the batches with the other processes of
            ``torch.distributed``. All of them must call this alike; all get the whole result.

    Returns:
        dict[str, Patches]: By layer name, in running order. A layer whose output is a row of
        numbers, (N, C), counts as maps of one unit that sees the whole image.

    Raises:
        TypeError: If ``images`` is neither of the two, or another argument is of the wrong kind.
        ValueError: If there are no images, a number isn't positive, a layer's output or
            receptive field isn't one whose place in the image is known, ``preprocess`` doesn't
            return a tensor of as many images, or ``distributed`` is asked for without a process
            group.
    """
    check_module(model)
    check_whole(count=count)
    if count < 1:
        raise ValueError(f"count must be at least 1; got {count}.")
    images, share = images_of(images, batch_size), Share.of_this_process(distributed)
    fields = fields_of(model, layers, model_input(model, images[:1], preprocess))

    def part(name: str, peaks: _Peaks, start: int) -> _Peaks:
        _check_field(name, fields[name])
        return peaks._replace(images=peaks.images + start)

    best = over_batches(
        model,
        layers,
        images,
        _Highest(count),
        part,
        lambda one, other: one.or_higher(other, count),
        batch_size=batch_size,
        preprocess=preprocess,
        share=share,
    )
    return {name: _located(peaks, fields[name]) for name, peaks in best.items()}


class _Peaks(NamedTuple):
    """The highest responses so far, each tensor (C, K): value, image, and place in the map."""

    values: Tensor
    images: Tensor
    places: Tensor
    width: int

    def or_higher(self, other: "_Peaks", count: int) -> "_Peaks":
        """The highest of both; of equal ones, those of the earlier images."""
        values, images, places = (torch.cat(pair, 1) for pair in zip(self[:3], other[:3]))  # noqa: B905
        # Sorted by image first, so that the stable sort by value leaves ties in their order.
        by_image = images.argsort(dim=1)
        by_value = values.gather(1, by_image).argsort(dim=1, descending=True, stable=True)
        order = by_image.gather(1, by_value)[:, :count]
        return _Peaks(*(one.gather(1, order) for one in (values, images, places)), self.width)


class _Highest:
    """Keeps, of a layer's maps, each channel's highest values and where they are."""

    def __init__(self, count: int):
        self.count = count

    def __call__(self, maps: Tensor) -> _Peaks:
        # The highest value of every map is cheap to find; its place is sought only for winners.
        values = maps.amax(dim=(2, 3)).float().T.contiguous()
        order = values.argsort(dim=1, descending=True, stable=True)[:, : self.count]
        channels = torch.arange(maps.shape[1], device=maps.device)[:, None]
        places = maps[order, channels].flatten(2).argmax(dim=2)
        return _Peaks(values.gather(1, order).cpu(), order.cpu(), places.cpu(), maps.shape[3])


def _check_field(name: str, field: ReceptiveField | None) -> None:
    if field is None:
        raise ValueError(
            f"the receptive field of {name!r} is unknown, so its patches can't be placed. Choose "
            "a layer with a field in layer_table, or record it with capture."
        )


def _located(peaks: _Peaks, field: ReceptiveField) -> Patches:
    rows, columns = peaks.places // peaks.width, peaks.places % peaks.width
    units = torch.stack([rows, columns], dim=-1)  # (C, K, 2)
    boxes = [[field.box(*unit) for unit in channel] for channel in units.tolist()]
    # Clones, since what comes from inference mode can't be written into, or used with gradients.
    return Patches(peaks.values.clone(), peaks.images.clone(), torch.tensor(boxes), field)
