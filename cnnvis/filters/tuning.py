"""What a filter answers to: gratings, edges, lines, corners and spots at every angle."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from torch import nn

from cnnvis.arrays import Array
from cnnvis.filters.ideal_kernels import Profile, Window, frequencies, grating, soft, wedge
from cnnvis.filters.roles import kernels_of, principal_patterns

SHAPES = ("plain", "edge", "line", "corner", "spot")
PHASES = range(0, 360, 30)
_ANGLES = np.arange(0, 360, 5)


@dataclass(frozen=True)
class Tuning:
    """The answers of a layer's filters to drawn stimuli.

    Stimuli are as large as the kernel and all have the same contrast, measured as root mean
    square; all but the plain one have a mean of zero. Filters count as having length 1. So an
    answer of 1 is the most that any stimulus of this contrast could cause. Negative answers are
    cut to 0, as a ReLU does.

    Attributes:
        angles: float array (A,): 0 to 355 degrees, as in `Role`: the direction in which stripes
            and lines run; an edge is bright to the left of it; a corner opens that way.
        curves: For ``"grating"``, ``"edge"``, ``"line"`` and ``"corner"`` a float array
            (filters, A): the best answer at each angle, over positions and widths and, but for
            the edge, whose angle tells it, over bright and dark ones. Gratings have the
            filter's preferred frequency, at all phases.
        best: For these four, ``"spot"`` and ``"plain"`` (one brightness, light or dark) a float
            array (filters,): the best answer of all.
        frequency: float array (filters,): the grating preferred, in cycles per pixel.
    """

    angles: np.ndarray
    curves: Mapping[str, np.ndarray]
    best: Mapping[str, np.ndarray]
    frequency: np.ndarray

    @property
    def preferred(self) -> list[str]:
        """The shape that each filter answers to most, ``"none"`` if it answers to nothing.

        Gratings don't take part: through a small window they look like edges or lines.
        """
        answers = np.stack([self.best[name] for name in SHAPES])
        silent = answers.max(axis=0) == 0
        return np.where(silent, "none", np.array(SHAPES)[answers.argmax(axis=0)]).tolist()

    @property
    def selectivity(self) -> np.ndarray:
        """How much the angle of a grating matters, float array (filters,) from 0 to 1.

        The answer at the best angle less that at right angles to it, over the sum of the two.
        """
        curve = self.curves["grating"]
        filters, peak = np.arange(len(curve)), curve.argmax(axis=1)
        high = curve[filters, peak]
        low = curve[filters, (peak + len(self.angles) // 4) % len(self.angles)]
        return (high - low) / np.where(high + low > 0, high + low, 1)

    def preferred_angle(self, stimulus: str) -> np.ndarray:
        """The angle at which each filter answers most to a stimulus.

        Args:
            stimulus: ``"grating"``, ``"edge"``, ``"line"`` or ``"corner"``.

        Returns:
            float array (filters,): degrees, below 180 for gratings and lines, below 360 for
            edges and corners.

        Raises:
            ValueError: If ``stimulus`` is none of these.
        """
        if stimulus not in self.curves:
            raise ValueError(
                f"stimulus must be one of {', '.join(map(repr, self.curves))}; got {stimulus!r}. "
                "A spot and a plain field have no angle."
            )
        turn = 180 if stimulus in ("grating", "line") else 360
        return self.angles[self.curves[stimulus].argmax(axis=1)] % turn


def filter_responses(layer: nn.Module | Array) -> Tuning:
    """Show each filter of a convolution drawn stimuli of every angle, and record its answers.

    One unit is asked, and the stimuli fill its window. A filter with several input channels is
    judged by its principal pattern, as in `filter_roles`. Biases are left out.

    Args:
        layer: A convolution, or its weight (filters, input channels, height, width), any real
            dtype, height and width at least 3.

    Returns:
        Tuning: The answers to gratings, edges, lines, corners, spots and plain fields.

    Raises:
        TypeError: If ``layer`` is neither a module nor an array of real numbers.
        ValueError: If it has no such kernels, or a weight is NaN or infinite.

    Example:
        >>> sobel = torch.tensor([[[[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]]]])
        >>> filter_responses(sobel).preferred
        ['edge']
    """
    weight = kernels_of(layer)
    size = weight.shape[2:]
    patterns, _ = principal_patterns(weight)
    curves = {name: _answers(patterns, shown, 1)[:, :, 0] for name, shown in _shapes(*size).items()}
    stripes, known = _gratings(*size)
    answers = _answers(patterns, stripes, len(known))
    choice = answers.max(axis=1).argmax(axis=1)
    curves["grating"] = answers[np.arange(len(patterns)), :, choice]
    best = {name: curve.max(axis=1) for name, curve in curves.items()}
    curves = {name: curve for name, curve in curves.items() if curve.shape[1] > 1}
    return Tuning(_ANGLES.astype(float), curves, best, np.array(known)[choice])


def _answers(patterns: np.ndarray, stimuli: np.ndarray, groups: int) -> np.ndarray:
    """The best answer within each group of stimuli, float array (filters, angles, groups)."""
    answers = [
        (patterns @ shown.T).reshape(len(patterns), groups, -1).max(axis=2) for shown in stimuli
    ]
    stacked = np.stack(answers, axis=1)
    return np.where(stacked > 1e-9, stacked, 0)  # what is zero but for rounding is zero


@lru_cache
def _gratings(height: int, width: int) -> tuple[np.ndarray, list[float]]:
    """Float array (angles, frequencies × phases, height × width), and the frequencies.

    A grating has the same contrast at all phases, or one that falls between the pixels, and is
    nearly blank, would be blown up.
    """
    known = frequencies(min(height, width), 0.5)
    profiles = [grating(frequency, phase) for frequency, phase in product(known, PHASES)]
    drawn = _drawn(Window(height, width), _ANGLES, profiles)
    length = np.linalg.norm(drawn, axis=2).reshape(len(drawn), len(known), -1).max(axis=2)
    return drawn / np.repeat(length, len(PHASES), axis=1)[:, :, None], known


@lru_cache
def _shapes(height: int, width: int) -> dict[str, np.ndarray]:
    """Float arrays (angles, stimuli, height × width) of length 1; one angle where any will do."""
    window, size = Window(height, width), min(height, width)
    reach = (size - 1) / 2
    beside = np.arange(-reach, reach + 0.25, 0.5)
    lines = [_line(at, wide) for at, wide in product(beside, range(1, 1 + size // 2))]
    corners = [wedge(back) for back in np.arange(-reach / 2, reach / 2 + 0.25, 0.5)]
    places = list(product(range(1 - int(reach), int(reach)), repeat=2))
    spots = [_spot(at, radius) for at, radius in product(places, np.arange(0.5, size / 2, 0.5))]
    shapes = {
        "edge": _drawn(window, _ANGLES, [_step(at) for at in beside]),
        "line": _drawn(window, _ANGLES, lines),
        "corner": _drawn(window, _ANGLES, corners),
        "spot": _drawn(window, [0], spots),
        "plain": np.ones((1, 1, height * width)),
    }
    for name, drawn in shapes.items():
        unit = drawn / np.linalg.norm(drawn, axis=2, keepdims=True)
        # The negative of an edge is the edge turned round.
        shapes[name] = unit if name == "edge" else np.concatenate([unit, -unit], axis=1)
    return shapes


def _drawn(window: Window, angles: np.ndarray | list, profiles: list[Profile]) -> np.ndarray:
    """Float array (angles, profiles, height × width), each of mean 0."""
    drawn = np.array([[window.draw(at, profile) for profile in profiles] for at in angles])
    return drawn - drawn.mean(axis=2, keepdims=True)


def _step(place: float) -> Profile:
    return lambda s, _: soft(s - place)


def _line(place: float, wide: float) -> Profile:
    return lambda s, _: soft(wide / 2 - np.abs(s - place))


def _spot(place: tuple[int, int], radius: float) -> Profile:
    return lambda s, t: soft(radius - np.hypot(s - place[0], t - place[1]))
