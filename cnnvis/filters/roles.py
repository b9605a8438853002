"""What a single filter does: blur, edge, line, spot, saddle, corner, grating, or nothing known."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from cnnvis.arrays import Array
from cnnvis.filters.ideal_kernels import KINDS, IdealKernels, ideal_kernels, needed_fits
from cnnvis.layers.kernels import as_kernels
from cnnvis.tables import Table

DERIVATIVE_ORDERS = {"blur": 0, "edge": 1, "line": 2, "spot": 2, "saddle": 2}


@dataclass(frozen=True)
class Role:
    """What a filter does, as far as one ideal kernel can tell.

    Attributes:
        kind: ``"blur"`` (all of one sign), ``"edge"`` (first derivative), ``"line"`` (second
            derivative), ``"spot"`` (centre against surround), ``"saddle"`` (mixed second
            derivative: bright along one line, dark along the line across it), ``"corner"`` (a
            quadrant against the rest), ``"gabor"`` (several stripes; only in kernels of 5×5 and
            more), ``"none"`` of these, or ``"zero"`` where there are no weights to judge.
        fit: Share of the pattern's energy (sum of squares) that the best ideal kernel of that
            kind explains, 0 to 1; of the nearest kind where there is none.
        needed: The fit that earns the name: at least 0.5, and so high that of kernels of normally
            distributed random numbers at most 5 % get any name.
        angle: In degrees counter-clockwise, as drawn. Of an edge, a line or stripes the direction
            in which they run, 0 to below 180: 0 is horizontal, 90 vertical. Of a saddle the
            bright line's, of a long blur the direction in which it smooths. Of a corner the way
            its quadrant opens, 0 to below 360. ``None`` for round patterns.
        phase: In degrees, how the pattern lies across its angle: 0 bright in the middle, 180 dark
            in the middle, 90 an edge that is bright to the left as one looks along ``angle``
            (above a horizontal edge), -90 one that is bright to the right. Of a corner 0 or 180:
            the quadrant is brighter or darker than the rest.
        fits: The best fit of every kind.
        runner_up: The kind that comes next.
        share: Share of the filter's energy in the pattern judged; 1 for one input channel.
    """

    kind: str
    fit: float
    needed: float
    angle: float | None
    phase: float | None
    fits: Mapping[str, float]
    runner_up: str
    share: float = 1.0

    @property
    def order(self) -> int | None:
        """Order of the derivative that such a filter takes, ``None`` where it isn't one."""
        return DERIVATIVE_ORDERS.get(self.kind)

    def __str__(self) -> str:
        dark = "dark " if self.phase == 180 and self.kind in ("line", "spot", "corner") else ""
        angle = "" if self.angle is None else f" {self.angle:.0f}°"
        return f"{dark}{self.kind}{angle}"

    def cells(self) -> tuple[str, ...]:
        """The row as text: role, angle, phase, order, fit, fit needed, runner-up."""
        angle, phase = ("–" if one is None else f"{one:.0f}°" for one in (self.angle, self.phase))
        order = "–" if self.order is None else str(self.order)
        next_best = f"{self.runner_up} {self.fits[self.runner_up]:.2f}"
        return (self.kind, angle, phase, order, f"{self.fit:.2f}", f"{self.needed:.2f}", next_best)


class RoleTable(Table):
    """The roles of a layer's filters, in their order; prints as a table."""

    HEADS = ("role", "angle", "phase", "order", "fit", "needed", "next best")
    CSS = "cnnvis-roles"

    def shares(self) -> dict[str, float]:
        """Share of the filters that has each role, 0 to 1; roles that none has are left out."""
        kinds = [role.kind for role in self]
        return {
            kind: kinds.count(kind) / len(kinds)
            for kind in (*KINDS, "none", "zero")
            if kind in kinds
        }


def filter_roles(filters: nn.Module | Array) -> RoleTable:
    """Say of each filter of a convolution which ideal kernel it is most like, if any.

    Each filter is compared with ideal kernels of every kind, at every angle. A kind's fit is the
    share of energy that its best ideal kernel explains, so the filter's length and sign don't
    matter. Since random numbers also fit something, a name has to be earned: the fit must exceed
    a level that depends on the kind and on the size of the kernel, such that of random kernels
    at most 5 % get any name. Where several kinds pass, the one with the largest
    (fit - needed) / (1 - needed) names the filter.

    A filter with several input channels is judged by its first principal component: the one
    pattern which, weighted by a number per channel, explains most of its energy. That share is
    ``Role.share``; its sign is such that the weights sum to 0 or more. To judge every kernel by
    itself, pass ``weight.flatten(0, 1)[:, None]``.

    Args:
        filters: A convolution, or its weight (filters, input channels, height, width), any real
            dtype, height and width at least 3.

    Returns:
        RoleTable: One `Role` for each filter.

    Raises:
        TypeError: If ``filters`` is neither a module nor a tensor of real numbers.
        ValueError: If it has no such kernels, or a weight is NaN or infinite.

    Example:
        >>> sobel = torch.tensor([[[[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]]]])
        >>> filter_roles(sobel)
        role  angle  phase  order  fit   needed  next best
        ────  ─────  ─────  ─────  ────  ──────  ───────────
        edge  0°     90°    1      1.00  0.88    corner 0.78
    """
    weight = checked_kernels(filters)
    height, width = weight.shape[2:]
    patterns, shares = principal_patterns(weight)
    ideal, needed = ideal_kernels(height, width), needed_fits(height, width)
    best = zip(*ideal.best(patterns), strict=True)
    return RoleTable(
        _role(ideal, needed, *one, share if pattern.any() else None)
        for one, pattern, share in zip(best, patterns, shares.tolist(), strict=True)
    )


def _role(
    ideal: IdealKernels,
    needed: np.ndarray,
    fits: np.ndarray,
    rows: np.ndarray,
    negative: np.ndarray,
    share: float | None,
) -> Role:
    """The role of one filter from its best ideal kernel of each kind; no share: no weights."""
    above = (fits - needed) / (1 - needed)
    first, second = (-above).argsort(kind="stable")[:2]
    kind, angle, phase = "zero" if share is None else "none", None, None
    if named := above[first] > 0:
        row = rows[first]
        kind = ideal.kinds[first]
        angle, phase = _angle_and_phase(kind, ideal.angle[row], ideal.phase[row], negative[first])
    return Role(
        kind,
        fit=float(fits[first]),
        needed=float(needed[first]),
        angle=angle,
        phase=phase,
        fits=dict(zip(ideal.kinds, fits.tolist(), strict=True)),
        runner_up=ideal.kinds[second if named else first],
        share=share or 0.0,
    )


def derivative_orders(filters: nn.Module | Array) -> Tensor:
    """How the energy of each filter divides among derivatives of order 0, 1, 2 and so on.

    Kernels are written as sums of products of discrete Legendre polynomials in x and y, which
    are orthogonal on the kernel's pixels, as in the facet model (Haralick, 1984, IEEE
    Transactions on Pattern Analysis and Machine Intelligence 6, 58-68). A product of degrees i
    and j measures a derivative of order i + j. Nothing is left out, so the shares sum to 1. Of
    random numbers, each order gets the share of products that it has: in a 3×3 kernel
    1, 2, 3, 2 and 1 of 9.

    Args:
        filters: As in `filter_roles`. The energies of a filter's kernels are added up.

    Returns:
        float64 tensor (filters, height + width - 1), each row summing to 1, or 0 for zero filters.

    Raises:
        TypeError: If ``filters`` is neither a module nor a tensor of real numbers.
        ValueError: If it has no such kernels, or a weight is NaN or infinite.
    """
    weight = checked_kernels(filters)
    height, width = weight.shape[2:]
    down, across = _legendre(height), _legendre(width)
    energy = np.square(np.einsum("fchw,hi,wj->fcij", weight, down, across)).sum(axis=1)
    order = np.add.outer(np.arange(height), np.arange(width))
    shares = np.stack([energy[:, order == at].sum(axis=1) for at in range(order.max() + 1)], axis=1)
    total = shares.sum(axis=1, keepdims=True)
    return torch.from_numpy(shares / np.where(total > 0, total, 1))


def checked_kernels(filters: nn.Module | Array) -> np.ndarray:
    """The weight of a convolution as float64 (filters, channels, height, width), finite.

    Each filter is scaled to a largest magnitude of 1, unless it is zero.
    """
    array = as_kernels(filters).astype(float)
    if min(array.shape[2:]) < 3:
        raise ValueError(
            "kernels must be at least 3 high and 3 wide; got the weight's shape "
            f"{array.shape}. Smaller ones have too few weights to tell an edge from a line."
        )
    finite = np.isfinite(array).all(axis=(1, 2, 3))
    if not finite.all():
        raise ValueError(
            f"weights must be finite; filter {int(finite.argmin())} holds NaN or infinity. "
            "Leave it out, or look for the step in training that broke it."
        )
    largest = np.abs(array).max(axis=(1, 2, 3), keepdims=True)
    return array / np.where(largest > 0, largest, 1)


def principal_patterns(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pattern that best stands for all kernels of a filter, and its share of their energy.

    Args:
        weight: float array (filters, channels, height, width).

    Returns:
        Two float arrays: (filters, height × width), each of length 1 or 0, and (filters,).
    """
    flat = weight.reshape(*weight.shape[:2], -1)
    left, lengths, right = np.linalg.svd(flat, full_matrices=False)
    weights, patterns = left[:, :, 0], right[:, 0]
    sign = np.where(weights.sum(axis=1) < 0, -1, 1)
    energy = np.square(lengths).sum(axis=1)
    alive = energy > 0
    share = np.square(lengths[:, 0]) / np.where(alive, energy, 1)
    return patterns * (sign * alive)[:, None], share


def _angle_and_phase(
    kind: str, angle: float, phase: float, negative: bool
) -> tuple[float | None, float]:
    """Angle and phase of an ideal kernel, or of its negative."""
    if kind == "saddle" and negative:  # which is the same saddle, turned
        angle, negative = (angle + 90) % 180, False
    phase = phase - 180 if negative and phase > 0 else phase + 180 * negative
    return None if math.isnan(angle) else float(angle), float(phase)


def _legendre(size: int) -> np.ndarray:
    """Orthonormal polynomials of degrees 0, 1, ... on ``size`` points, one in each column."""
    points = np.linspace(-1, 1, size)
    return np.linalg.qr(np.polynomial.legendre.legvander(points, size - 1))[0]
