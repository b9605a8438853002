"""What a figure shows of a layer: maps or kernels chosen for drawing, and their heading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cnnvis.arrays import diagnose
from cnnvis.plots.maps import blank_kernels

Channels = int | Literal["all"] | Sequence[int]

MOST_INPUTS = 16


@dataclass(frozen=True, eq=False)
class LayerPanel:
    """Maps or kernels of one layer, chosen for drawing.

    Attributes:
        layer: The layer's name.
        heading: What is drawn, in a line or two.
        values: Maps (n, H, W), or kernels (n, C, H, W).
        numbers: The channel or filter that each is.
        blank: How many of the layer's maps show nothing.
        colour: Whether the three channels of a kernel are drawn as one colour.
    """

    layer: str
    heading: str
    values: np.ndarray
    numbers: tuple[int, ...]
    blank: int = 0
    colour: bool = False

    def crosses_out(self) -> bool:
        """Whether something drawn shows nothing, which a line below the panel tells."""
        if self.colour:
            return False
        if self.values.ndim == 3:
            return any(diagnose(self.values))
        return any(blank_kernels(self.values.reshape(-1, *self.values.shape[2:])))


def panel_of_maps(layer: str, kind: str, maps: np.ndarray, channels: Channels = 16) -> LayerPanel:
    """Choose maps of a layer.

    Args:
        layer: Its name.
        kind: Its class, for the heading.
        maps: Float array (C, H, W).
        channels: How many, those whose values vary most over the image (by standard deviation)
            first, those that show nothing left out where possible; ``"all"``; or numbers.

    Returns:
        LayerPanel: The maps and their heading.

    Raises:
        ValueError: If a number isn't that of a channel.
    """
    count = len(maps)
    blank = np.array([bool(word) for word in diagnose(maps)])
    numbers = as_numbers(channels, count, layer)
    words = f"{'all ' if len(numbers) == count and count > 1 else ''}{_counted(count, 'channel')}"
    if len(numbers) < count:
        words = f"{len(numbers)} of {words}"
    if isinstance(channels, int) and channels < count and not blank.all():
        numbers = _most_varied(maps, blank, channels)
        most = "that are strongest" if maps[0].size == 1 else "that vary most"
        words = f"the {len(numbers)} of {_counted(count, 'channel')} {most}"
    if blank.any():
        words += f"; {blank.sum()} show{'' if blank.sum() > 1 else 's'} nothing"
    heading = f"{layer or 'output'} · {kind}\n{maps.shape[1]}×{maps.shape[2]}, {words}"
    return LayerPanel(layer, heading, maps[numbers], tuple(numbers), int(blank.sum()))


def panel_of_kernels(
    layer: str,
    kind: str,
    kernels: np.ndarray,
    channels: Channels = 16,
    *,
    reads_image: bool = False,
) -> LayerPanel:
    """Choose filters of a layer, the first ones if ``channels`` is a number.

    Args:
        layer: Its name.
        kind: Its class, for the heading.
        kernels: Float array (filters, C, H, W).
        channels: How many filters, ``"all"``, or their numbers.
        reads_image: Whether the layer's input is the image, so that three input channels are
            red, green and blue.

    Returns:
        LayerPanel: The kernels and their heading; of many input channels the first sixteen.

    Raises:
        ValueError: If a number isn't that of a filter.
    """
    count, inputs, height, width = kernels.shape
    numbers = as_numbers(channels, count, layer, what="filter")
    words = f"{len(numbers)} of {_counted(count, 'filter')}"
    colour = reads_image and inputs == 3
    if colour:
        words += ", red, green and blue at once, grey is 0, each scaled by itself"
    elif inputs > MOST_INPUTS:
        words += f", their first {MOST_INPUTS} of {inputs} input channels"
        kernels = kernels[:, :MOST_INPUTS]
    heading = f"{layer or 'the model'} · {kind}\n{height}×{width}, {words}"
    return LayerPanel(layer, heading, kernels[numbers], tuple(numbers), colour=colour)


def as_numbers(channels: Channels, count: int, layer: str, what: str = "channel") -> list[int]:
    """The numbers of the channels or filters asked for.

    Raises:
        TypeError: If ``channels`` is neither a number, ``"all"`` nor a list of numbers.
        ValueError: If there are none, or a number isn't below ``count``.
    """
    rule = f'channels must be how many, "all", or their numbers, as [3, 17]; got {channels!r}.'
    if isinstance(channels, str):
        if channels != "all":
            raise ValueError(rule)
        return list(range(count))
    if isinstance(channels, int):
        if channels < 1:
            raise ValueError(rule)
        return list(range(min(channels, count)))
    if not isinstance(channels, Iterable):
        raise TypeError(rule)
    numbers = list(channels)
    if not all(isinstance(number, int | np.integer) for number in numbers):
        raise TypeError(rule)
    if not numbers:
        raise ValueError(rule)
    if wrong := [number for number in numbers if not 0 <= number < count]:
        raise ValueError(
            f"{what}s of {layer or 'the model'} are numbered from 0 to {count - 1}; got {wrong[0]}."
        )
    return [int(number) for number in numbers]


def _most_varied(maps: np.ndarray, blank: np.ndarray, count: int) -> list[int]:
    """Numbers of the maps that vary most over the image, or of the largest single values."""
    with np.errstate(invalid="ignore"):
        strength = maps.std(axis=(1, 2), dtype=np.float64)
    if maps[0].size == 1:
        strength = np.abs(maps[:, 0, 0])
    order = np.argsort(np.where(blank, -1.0, strength), kind="stable")[::-1]
    return [int(at) for at in order[:count] if not blank[at]]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
