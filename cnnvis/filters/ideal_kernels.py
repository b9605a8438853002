"""Ideal kernels of each kind at every angle, and how well random kernels fit them."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

KINDS = ("blur", "edge", "line", "spot", "saddle", "corner", "gabor")
CHANCE_LEVEL = 0.05  # the largest share of random kernels that get a name

_FINE = 4  # points across a pixel: what is drawn in it is their mean
_FLAT = 99.0  # a Gaussian so wide, in pixels, that over a kernel it is even
_DRAWS = 10_000
Profile = Callable[[np.ndarray, np.ndarray], np.ndarray]


class PixelGrid:
    """The pixels of a kernel, to draw in.

    Args:
        height: Rows.
        width: Columns.
    """

    def __init__(self, height: int, width: int):
        fine = (np.arange(_FINE) - (_FINE - 1) / 2) / _FINE
        down = ((height - 1) / 2 - np.arange(height))[:, None] - fine
        across = (np.arange(width) - (width - 1) / 2)[:, None] + fine
        self.shape = height, width
        self.y, self.x = np.meshgrid(down.reshape(-1), across.reshape(-1), indexing="ij")

    def draw(
        self, angle: float, profile: Profile, centre: tuple[float, float] = (0, 0)
    ) -> np.ndarray:
        """Draw ``profile(s, t)``, where t runs in the direction of ``angle`` and s to its left.

        Args:
            angle: Degrees, counter-clockwise from the right.
            profile: Gives the brightness at positions in pixels from ``centre``.
            centre: x, to the right, and y, upwards, in pixels from the middle.

        Returns:
            float array (height × width,).
        """
        height, width = self.shape
        x, y = self.x - centre[0], self.y - centre[1]
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        fine = profile(y * cos - x * sin, x * cos + y * sin)
        return fine.reshape(height, _FINE, width, _FINE).mean(axis=(1, 3)).reshape(-1)


class IdealKernels(NamedTuple):
    """Ideal kernels of one size.

    Attributes:
        kinds: The kinds that kernels of this size can have, as in `KINDS`.
        kind: int array (M,): each kernel's position in ``kinds``.
        angle: float array (M,): degrees, NaN where there is none; see `cnnvis.filters.roles.Role`.
        phase: float array (M,): degrees, likewise.
        kernels: float array (M, height × width), each of length 1.
    """

    kinds: tuple[str, ...]
    kind: np.ndarray
    angle: np.ndarray
    phase: np.ndarray
    kernels: np.ndarray

    def best(self, patterns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The best ideal kernel of each kind for each pattern.

        Args:
            patterns: float array (N, height × width), each of length 1.

        Returns:
            Three arrays (N, kinds): the share of the pattern's energy that the ideal kernel
            explains, its position among them all, and whether it fits as a negative.
        """
        fits, rows, negative = [], [], []
        for at in range(len(self.kinds)):
            (mine,) = np.nonzero(self.kind == at)
            match = patterns @ self.kernels[mine].T
            best = np.abs(match).argmax(axis=1)
            value = np.take_along_axis(match, best[:, None], axis=1)[:, 0]
            fits.append(np.minimum(value**2, 1))
            rows.append(mine[best])
            negative.append(value < 0)
        return np.stack(fits, axis=1), np.stack(rows, axis=1), np.stack(negative, axis=1)


@lru_cache
def ideal_kernels(height: int, width: int) -> IdealKernels:
    """The ideal kernels of a size.

    Edges, lines, saddles and spots are first and second derivatives of Gaussians (Freeman and
    Adelson, 1991, https://doi.org/10.1109/34.93808), from narrow ones to such as are even over
    the kernel: there they are polynomials, as in Frei and Chen's basis (1977,
    https://doi.org/10.1109/TC.1977.1674733). Corners are quadrants. Gabors, for kernels of 5×5
    and more, are gratings under a Gaussian. Only blurs and Gabors may have a mean other than 0.
    """
    grid, size = PixelGrid(height, width), min(height, width)
    far = size / 5 if size > 5 else 0.0
    centres = sorted(set(product((-far, 0.0, far), repeat=2)))
    rows = [
        (kind, angle, phase, grid.draw(np.nan_to_num(angle), profile, centre))
        for kind, angles, phase, profile in _families(size)
        for angle, centre in product(angles, centres)
    ]
    kinds = tuple(kind for kind in KINDS if any(row[0] == kind for row in rows))
    kernels = np.array([row[3] for row in rows])
    free = np.array([row[0] in ("blur", "gabor") for row in rows])[:, None]
    kernels -= np.where(free, 0, kernels.mean(axis=1, keepdims=True))
    kernels /= np.linalg.norm(kernels, axis=1, keepdims=True)
    kind = np.array([kinds.index(row[0]) for row in rows])
    return IdealKernels(
        kinds, kind, *(np.array([row[at] for row in rows]) for at in (1, 2)), kernels
    )


@lru_cache
def needed_fits(height: int, width: int) -> np.ndarray:
    """The fit of each kind above which a kernel of this size gets that kind's name.

    A kind with more ideal kernels fits random numbers better, so each has a level of its own: all
    are exceeded equally often by kernels of normally distributed numbers, and any of them by
    `CHANCE_LEVEL` of those kernels. As a name should tell more than half of the story, no
    level is below 0.5; from 6×6 on that is the higher bar.

    Returns:
        float array (kinds,).
    """
    noise = np.random.default_rng(0).standard_normal((_DRAWS, height * width))
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    ideal = ideal_kernels(height, width)
    fits = np.concatenate([ideal.best(part)[0] for part in np.split(noise, 20)])
    rarity = 1 - (fits.argsort(axis=0).argsort(axis=0) + 0.5) / len(fits)
    each = np.quantile(rarity.min(axis=1), CHANCE_LEVEL)
    return np.maximum(np.quantile(fits, 1 - each, axis=0), 0.5)


def grating(frequency: float, phase: float) -> Profile:
    """Stripes along t: ``frequency`` in cycles per pixel, ``phase`` in degrees."""
    return lambda s, _: np.cos(2 * np.pi * frequency * s - math.radians(phase))


def quadrant(back: float = 0.0) -> Profile:
    """A bright quadrant around the direction of t, its tip ``back`` pixels behind the centre."""
    return lambda s, t: soft((t + back - np.abs(s)) / math.sqrt(2))


def soft(inside: np.ndarray) -> np.ndarray:
    """Brightness at a distance inside a shape, in pixels: its outline is one pixel wide."""
    return np.clip(inside + 0.5, 0, 1)


def frequencies(size: int, cycles: float) -> list[float]:
    """Half an octave apart, from 0.5 cycles per pixel down to ``cycles`` over the kernel."""
    steps = math.floor(2 * math.log2(max(0.5 * size / cycles, 1)) + 1e-9)
    return [0.5 * 2 ** (-step / 2) for step in range(steps + 1)]


def _families(size: int) -> Iterator[tuple[str, Sequence[float], float, Profile]]:
    """Kind, angles, phase and profile of the ideal kernels of a size."""
    half = np.arange(0, 180, 7.5)
    widths = [0.85 * 1.6**step for step in range(1 + int(math.log(size / 3, 1.6)))]
    for across in (0.4, 0.5, 0.65, *widths, _FLAT):
        yield "spot", [np.nan], 0, _spot(across)
    for across in (*widths, _FLAT):
        yield "blur", [np.nan], 0, _gaussian(across, across)
    yield "blur", half, 0, _gaussian(0.5, _FLAT)
    for across in (0.5, *widths, _FLAT):
        yield "saddle", half, 0, _saddle(across)
        for along in {across, _FLAT}:
            yield "line", half, 0, _line(across, along)
            for beside in (-0.5, 0.0, 0.5):
                yield "edge", half, 90, _edge(across, along, beside)
    for back in (0.0, 0.7):
        yield "corner", np.arange(0, 360, 15), 0, quadrant(back)
    if size >= 5:
        for phase, across in product(range(0, 180, 30), (size / 5, size / 2.5)):
            for frequency in frequencies(size, 1.4):
                yield "gabor", np.arange(0, 180, 15), phase, _gabor(frequency, phase, across)


def _gaussian(across: float, along: float) -> Profile:
    return lambda s, t: np.exp(-(s**2) / (2 * across**2) - t**2 / (2 * along**2))


def _edge(across: float, along: float, beside: float) -> Profile:
    gaussian = _gaussian(across, along)
    return lambda s, t: (s - beside) * gaussian(s - beside, t)


def _line(across: float, along: float) -> Profile:
    gaussian = _gaussian(across, along)
    return lambda s, t: (1 - s**2 / across**2) * gaussian(s, t)


def _spot(across: float) -> Profile:
    gaussian = _gaussian(across, across)
    return lambda s, t: (1 - (s**2 + t**2) / (2 * across**2)) * gaussian(s, t)


def _saddle(across: float) -> Profile:
    gaussian = _gaussian(across, across)
    # Bright where t runs, dark across it: the product of the axes at 45° to them.
    return lambda s, t: (t**2 - s**2) * gaussian(s, t)


def _gabor(frequency: float, phase: float, across: float) -> Profile:
    gaussian, stripes = _gaussian(across, across), grating(frequency, phase)
    return lambda s, t: stripes(s, t) * gaussian(s, t)
