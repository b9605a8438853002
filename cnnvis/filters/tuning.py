"""What a filter responds to: gratings, edges, lines, corners and spots at every angle."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import torch
from torch import Tensor, nn

from cnnvis.arrays import Array
from cnnvis.filters.ideal_kernels import PixelGrid, Profile, frequencies, grating, quadrant, soft
from cnnvis.filters.roles import checked_kernels, principal_patterns

SHAPES = ("plain", "edge", "line", "corner", "spot")
PHASES = range(0, 360, 30)
_ANGLES = np.arange(0, 360, 5)


@dataclass(frozen=True)
class Tuning:
    """The responses of filters to drawn stimuli.

    Stimuli are as large as the kernel and all have the same contrast, measured as root mean
    square; all but the plain one have a mean of zero. Filters count as having length 1. So a
    response of 1 is the most that any stimulus of this contrast could cause. Negative responses
    are cut to 0, as a ReLU does.

    Attributes:
        angles: float64 (A,): 0 to 355 degrees, as in `Role`: the direction in which stripes and
            lines run; an edge is bright to the left of it; a corner opens that way.
        curves: For ``"grating"``, ``"edge"``, ``"line"`` and ``"corner"`` a float64 tensor
            (filters, A): the largest response at each angle, over positions and widths and, but
            for the edge, whose angle tells it, over bright and dark ones. Gratings have the
            filter's preferred frequency, at all phases.
        best: For these four, ``"spot"`` and ``"plain"`` (one brightness, light or dark) a float64
            tensor (filters,): the largest response of all.
        frequency: float64 (filters,): the grating preferred, in cycles per pixel.
    """

    angles: Tensor
    curves: Mapping[str, Tensor]
    best: Mapping[str, Tensor]
    frequency: Tensor

    @property
    def preferred(self) -> list[str]:
        """The shape that each filter responds to most, ``"none"`` if it responds to nothing.

        Gratings don't take part: through a small window they look like edges or lines.
        """
        responses = torch.stack([self.best[name] for name in SHAPES])
        return [
            SHAPES[at] if largest > 0 else "none"
            for largest, at in zip(*(one.tolist() for one in responses.max(dim=0)), strict=True)
        ]

    @property
    def selectivity(self) -> Tensor:
        """How much the angle of a grating matters, float64 (filters,) from 0 to 1.

        The response at the best angle less that at right angles to it, over the sum of the two.
        """
        curve = self.curves["grating"]
        high, peak = curve.max(dim=1)
        across = (peak + len(self.angles) // 4) % len(self.angles)
        low = curve.gather(1, across[:, None])[:, 0]
        return (high - low) / torch.where(high + low > 0, high + low, 1)

    def preferred_angle(self, stimulus: str) -> Tensor:
        """The angle at which each filter responds most to a stimulus.

        Args:
            stimulus: ``"grating"``, ``"edge"``, ``"line"`` or ``"corner"``.

        Returns:
            float64 tensor (filters,): degrees, below 180 for gratings and lines, below 360 for
            edges and corners.

        Raises:
            TypeError: If ``stimulus`` is no text.
            ValueError: If it is none of these.
        """
        if not isinstance(stimulus, str):
            raise TypeError(f"stimulus must be a text such as 'edge'; got {stimulus!r}.")
        if stimulus not in self.curves:
            raise ValueError(
                f"stimulus must be one of {', '.join(map(repr, self.curves))}; got {stimulus!r}. "
                "A spot and a plain field have no angle."
            )
        turn = 180 if stimulus in ("grating", "line") else 360
        return self.angles[self.curves[stimulus].argmax(dim=1)] % turn


def filter_responses(filters: nn.Module | Array) -> Tuning:
    """Show each filter of a convolution drawn stimuli of every angle, and record its responses.

    One unit is looked at, and the stimuli fill its receptive field. A filter with several input
    channels is judged by its principal pattern, as in `filter_roles`. Biases are left out.

    Args:
        filters: A convolution, or its weight (filters, input channels, height, width), any real
            dtype, height and width at least 3.

    Returns:
        Tuning: The responses to gratings, edges, lines, corners, spots and plain fields.

    Raises:
        TypeError: If ``filters`` is neither a module nor a tensor of real numbers.
        ValueError: If it has no such kernels, or a weight is NaN or infinite.

    Example:
        >>> sobel = torch.tensor([[[[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]]]])
        >>> filter_responses(sobel).preferred
        ['edge']
    """
    weight = checked_kernels(filters)
    size = weight.shape[2:]
    patterns, _ = principal_patterns(weight)
    curves = {
        name: _responses(patterns, shown, 1)[:, :, 0] for name, shown in _shapes(*size).items()
    }
    stripes, known = _gratings(*size)
    responses = _responses(patterns, stripes, len(known))
    choice = responses.max(axis=1).argmax(axis=1)
    curves["grating"] = responses[np.arange(len(patterns)), :, choice]
    tensors = {name: torch.from_numpy(curve) for name, curve in curves.items()}
    return Tuning(
        angles=torch.from_numpy(_ANGLES.astype(float)),
        curves={name: curve for name, curve in tensors.items() if curve.shape[1] > 1},
        best={name: curve.amax(dim=1) for name, curve in tensors.items()},
        frequency=torch.tensor(known, dtype=torch.float64)[torch.from_numpy(choice)],
    )


def _responses(patterns: np.ndarray, stimuli: np.ndarray, groups: int) -> np.ndarray:
    """The largest response within each group of stimuli, float (filters, angles, groups)."""
    responses = [
        (patterns @ shown.T).reshape(len(patterns), groups, -1).max(axis=2) for shown in stimuli
    ]
    stacked = np.stack(responses, axis=1)
    return np.where(stacked > 1e-9, stacked, 0)  # what is zero but for rounding is zero


@lru_cache
def _gratings(height: int, width: int) -> tuple[np.ndarray, list[float]]:
    """Float array (angles, frequencies × phases, height × width), and the frequencies.

    A grating has the same contrast at all phases, or one that falls between the pixels, and is
    nearly blank, would be blown up.
    """
    known = frequencies(min(height, width), 0.5)
    profiles = [grating(frequency, phase) for frequency, phase in product(known, PHASES)]
    drawn = _drawn(PixelGrid(height, width), _ANGLES, profiles)
    length = np.linalg.norm(drawn, axis=2).reshape(len(drawn), len(known), -1).max(axis=2)
    return drawn / np.repeat(length, len(PHASES), axis=1)[:, :, None], known


@lru_cache
def _shapes(height: int, width: int) -> dict[str, np.ndarray]:
    """Float arrays (angles, stimuli, height × width) of length 1; one angle where any will do."""
    grid, size = PixelGrid(height, width), min(height, width)
    reach = (size - 1) / 2
    beside = np.arange(-reach, reach + 0.25, 0.5)
    lines = [_line(at, wide) for at, wide in product(beside, range(1, 1 + size // 2))]
    corners = [quadrant(back) for back in np.arange(-reach / 2, reach / 2 + 0.25, 0.5)]
    places = list(product(range(1 - int(reach), int(reach)), repeat=2))
    spots = [_spot(at, radius) for at, radius in product(places, np.arange(0.5, size / 2, 0.5))]
    shapes = {
        "edge": _drawn(grid, _ANGLES, [_step(at) for at in beside]),
        "line": _drawn(grid, _ANGLES, lines),
        "corner": _drawn(grid, _ANGLES, corners),
        "spot": _drawn(grid, [0], spots),
        "plain": np.ones((1, 1, height * width)),
    }
    for name, drawn in shapes.items():
        unit = drawn / np.linalg.norm(drawn, axis=2, keepdims=True)
        # The negative of an edge is the edge turned round.
        shapes[name] = unit if name == "edge" else np.concatenate([unit, -unit], axis=1)
    return shapes


def _drawn(grid: PixelGrid, angles: np.ndarray | list, profiles: list[Profile]) -> np.ndarray:
    """Float array (angles, profiles, height × width), each of mean 0."""
    drawn = np.array([[grid.draw(at, profile) for profile in profiles] for at in angles])
    return drawn - drawn.mean(axis=2, keepdims=True)


def _step(place: float) -> Profile:
    return lambda s, _: soft(s - place)


def _line(place: float, wide: float) -> Profile:
    return lambda s, _: soft(wide / 2 - np.abs(s - place))


def _spot(place: tuple[int, int], radius: float) -> Profile:
    return lambda s, t: soft(radius - np.hypot(s - place[0], t - place[1]))
