"""Outlines made of points, and the dice that decide their measures."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

Points = np.ndarray  # float64 (N, 2): x to the right, y downwards, in any unit


class Dice:
    """Random numbers by short names; the same seeds give the same ones everywhere.

    Args:
        seeds: Whole numbers that decide what is thrown.
    """

    def __init__(self, *seeds: int):
        self.random = np.random.default_rng(seeds)

    def __call__(self, low: float, high: float) -> float:
        """Any number from ``low`` to ``high``."""
        return low + (high - low) * self.random.random()

    def chance(self, share: float) -> bool:
        """True in so large a share of throws."""
        return self.random.random() < share

    def about(self, spread: float) -> float:
        """A number near 0, mostly less than ``spread`` away."""
        return spread * self.random.standard_normal()

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return int(self(low, high + 1))

    def pick(self, *options):
        """One of the options, all as likely."""
        return options[int(self(0, len(options)))]

    def weigh(self, **shares: float) -> str:
        """One of the names, each as likely as its share of their sum."""
        left = self(0, sum(shares.values()))
        for name, share in shares.items():
            left -= share
            if left < 0:
                return name
        return name


def outline(*parts: Iterable) -> Points:
    """Join points and curves, each a pair, a list of pairs or an (N, 2) array, into one."""
    return np.concatenate([np.asarray(part, float).reshape(-1, 2) for part in parts])


def curve(*points: tuple[float, float]) -> Points:
    """Round the corners of a path by cutting them three times (Chaikin's scheme).

    The curve keeps the path's two ends.
    """
    return _cutting(len(points)) @ np.asarray(points, float)


@lru_cache
def _cutting(count: int) -> np.ndarray:
    """The matrix that turns a path of so many points into its curve."""
    path = np.eye(count)
    for _ in range(3):
        starts, ends = path[:-1], path[1:]
        cuts = np.stack([0.75 * starts + 0.25 * ends, 0.25 * starts + 0.75 * ends], 1)
        path = np.concatenate([path[:1], cuts.reshape(-1, count), path[-1:]])
    return path


def mirrored(points: Points) -> Points:
    """The same points on the other side of x = 0."""
    return points * (-1, 1)


def moved(points: Points, x: float, y: float) -> Points:
    """The same points so far to the right and so far down."""
    return points + np.array([x, y])


def pair(points: Points) -> list[Points]:
    """An outline, and the same on the other side of x = 0."""
    return [points, mirrored(points)]


def both(half: Points) -> Points:
    """A symmetric outline from its right half, which begins and ends near x = 0."""
    return np.concatenate([half, mirrored(half)[::-1]])


def band(path: Points, *widths: float) -> Points:
    """The outline of a band along a path, its width changing evenly from stop to stop."""
    along = np.gradient(path, axis=0)
    across = along[:, ::-1] * (-1, 1) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    stops = np.linspace(0, len(path) - 1, len(widths))
    half = np.interp(np.arange(len(path)), stops, widths)[:, None] / 2
    return np.concatenate([path + across * half, (path - across * half)[::-1]])


_TURN = np.arange(16) * (np.pi / 8)
_CIRCLE = np.stack([np.cos(_TURN), np.sin(_TURN)], 1) / 2


def oval(x: float, y: float, width: float, height: float) -> Points:
    """An ellipse around a point."""
    return _CIRCLE * (width, height) + (x, y)


def box(left: float, upper: float, right: float, lower: float) -> Points:
    """A rectangle."""
    return np.array([(left, upper), (right, upper), (right, lower), (left, lower)], float)
