"""The patches of pictures to which the units of a layer respond most."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from cnnvis.data import ImageSet
from cnnvis.features import layer_table
from cnnvis.fields import ReceptiveField
from cnnvis.hooks import Layers, eval_mode, recording


@dataclass(frozen=True)
class Patches:
    """Where each channel of a layer responds most: at most one patch of each picture.

    Attributes:
        values: float32 (C, K): the responses, of each channel the highest first.
        pictures: int64 (C, K): positions of the pictures among those searched.
        boxes: int64 (C, K, 2, 2): first and last row, then first and last column, of the receptive
            field of the responding unit, cut at the picture's edges.
        field: The receptive field of the layer's units.
    """

    values: Tensor
    pictures: Tensor
    boxes: Tensor
    field: ReceptiveField

    def __repr__(self) -> str:
        channels, count = self.values.shape
        return f"Patches({channels} channels, {count} each, receptive field {self.field})"


def top_patches(
    model: nn.Module,
    layers: Layers,
    pictures: ImageSet | Tensor,
    *,
    count: int = 9,
    batch_size: int = 500,
) -> dict[str, Patches]:
    """Search pictures for the patches to which each channel of a layer responds most.

    The model runs over all pictures once, in evaluation mode and without gradients, however many
    layers are asked for, and is left as it was. Looking at a unit through the pictures that drive
    it follows Zeiler and Fergus (2014, https://doi.org/10.1007/978-3-319-10590-1_53).

    Args:
        model: Any module.
        layers: As for `capture`: names, module types, or ``None`` for every leaf.
        pictures: An `ImageSet`, handed to the model as floats from 0 to 1, or a float tensor
            (N, C, H, W) such as the model takes.
        count: Patches of each channel; fewer if there are fewer pictures.
        batch_size: Pictures at a time.

    Returns:
        dict[str, Patches]: By layer name, in running order. A layer whose output is a row of
        numbers, (N, C), counts as maps of one unit that sees the whole picture.

    Raises:
        TypeError: If ``pictures`` is neither of the two.
        ValueError: If there are no pictures, a number isn't positive, or a layer's output or
            receptive field isn't one whose place in the picture is known.
    """
    images = pictures.images if isinstance(pictures, ImageSet) else pictures
    _check(images, count, batch_size)
    fields = {row.name: row.field for row in layer_table(model, _floats(images[:1]))}
    best: dict[str, _Peaks] = {}
    keep = _Highest(count)
    with recording(model, layers, keep) as outputs, eval_mode(model), torch.inference_mode():
        for start in range(0, len(images), batch_size):
            model(_floats(images[start : start + batch_size]))
            for name, peaks in outputs.items():
                peaks = _checked(name, peaks, fields[name]).later(start)
                best[name] = best[name].or_higher(peaks, count) if name in best else peaks
    return {name: _located(peaks, fields[name]) for name, peaks in best.items()}


class _Peaks(NamedTuple):
    """The highest responses so far, each tensor (K, C): value, picture, and place in the map."""

    values: Tensor
    pictures: Tensor
    places: Tensor
    width: int

    def later(self, start: int) -> "_Peaks":
        return self._replace(pictures=self.pictures + start)

    def or_higher(self, other: "_Peaks", count: int) -> "_Peaks":
        """The highest of both; of equal ones, those of the earlier pictures."""
        values, pictures, places = (torch.cat(pair) for pair in zip(self[:3], other[:3]))  # noqa: B905
        order = values.argsort(dim=0, descending=True, stable=True)[:count]
        return _Peaks(*(one.gather(0, order) for one in (values, pictures, places)), self.width)


class _Highest:
    """Keeps, of a layer's output, each channel's highest values and where they are."""

    def __init__(self, count: int):
        self.count = count

    def __call__(self, output: Tensor) -> _Peaks | None:
        if output.dim() not in (2, 4) or not output.is_floating_point():
            return None
        maps = output[..., None, None] if output.dim() == 2 else output
        # The highest value of every map is cheap to find; its place is sought only for winners.
        values = maps.amax(dim=(2, 3)).float()
        order = values.argsort(dim=0, descending=True, stable=True)[: self.count]
        channels = torch.arange(maps.shape[1], device=maps.device)
        places = maps[order, channels].flatten(2).argmax(dim=2)
        return _Peaks(values.gather(0, order).cpu(), order.cpu(), places.cpu(), maps.shape[3])


def _check(images: Tensor, count: int, batch_size: int) -> None:
    if not isinstance(images, Tensor) or images.dim() != 4:
        what = tuple(images.shape) if isinstance(images, Tensor) else type(images).__name__
        raise TypeError(f"pictures must be an ImageSet or a tensor (N, C, H, W); got {what}.")
    if len(images) == 0 or count < 1 or batch_size < 1:
        raise ValueError(
            "top_patches needs a picture, and a count and batch_size of at least 1; got "
            f"{len(images)} pictures, count={count}, batch_size={batch_size}."
        )


def _floats(images: Tensor) -> Tensor:
    return images.float() / 255 if images.dtype == torch.uint8 else images


def _checked(name: str, peaks: object, field: ReceptiveField | None) -> _Peaks:
    if not isinstance(peaks, _Peaks):
        raise ValueError(
            f"the output of {name!r} must be one float tensor, (N, C, H, W) or (N, C), to have "
            "patches. Choose a layer whose row in layer_table shows such a shape."
        )
    if field is None:
        raise ValueError(
            f"the receptive field of {name!r} is unknown, so its patches can't be placed. Choose "
            "a layer with a field in layer_table, or record it with capture."
        )
    return peaks


def _located(peaks: _Peaks, field: ReceptiveField) -> Patches:
    rows, columns = peaks.places // peaks.width, peaks.places % peaks.width
    units = torch.stack([rows, columns], dim=-1).transpose(0, 1)  # (C, K, 2)
    boxes = [[field.box(*unit) for unit in channel] for channel in units.tolist()]
    return Patches(peaks.values.T, peaks.pictures.T, torch.tensor(boxes), field)
