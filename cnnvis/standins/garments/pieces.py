"""The pieces that a garment is made of, and how it fills its image."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from cnnvis.standins.garments.outlines import Dice, Points

SIZE = 28  # pixels of an image's side
GRID = 2 * SIZE  # points of a side at which light and colour are worked out
_DRAWN = 2 * GRID  # points of a side at which outlines are filled


@dataclass(frozen=True)
class Piece:
    """Something to lay upon what lies there already.

    Attributes:
        outlines: What it fills, or the paths of lines: arrays (N, 2).
        stroke: Width of the lines; 0 fills the outlines.
        tone: The share of the light that it throws back, 0 to 1; the garment's cloth if None.
        light: How much light reaches it, 1 for all of it.
        bulge: How much its edges turn away from the light.
        shadow: How much light it takes from what it lies upon; negative for a crease that shines.
        kind: ``"cloth"`` lies on top, ``"patch"`` likewise but only where there is cloth,
            ``"crease"`` takes light away and nothing else, ``"cut"`` is an opening.
    """

    outlines: Sequence[Points]
    stroke: float = 0
    tone: float | None = None
    light: float = 1
    bulge: float = 0.25
    shadow: float = 0.25
    kind: str = "cloth"


def line(*paths: Points, width: float, **options) -> Piece:
    """A thin crease or seam, or with a tone a thin strip of something else."""
    kind = "patch" if "tone" in options else "crease"
    return Piece(paths, width, **({"kind": kind, "bulge": 0} | options))


def patch(*outlines: Points, **options) -> Piece:
    """Something sewn or printed on the garment."""
    return Piece(outlines, **({"kind": "patch", "bulge": 0, "shadow": 0} | options))


class Frame:
    """Where the pieces lie in the image: the longer side fills it, the middle is its middle.

    Args:
        pieces: In any unit.
        dice: Decide how far the garment is turned, bent and short of the margin.
        turn: Turned by about how much, in radians.
        bend: How far points stray from straight lines, as a share of the garment's size.
    """

    def __init__(self, pieces: list[Piece], dice: Dice, turn: float, bend: float):
        outlines = [points for piece in pieces for points in piece.outlines]
        ends = np.cumsum([0] + [len(points) for points in outlines])
        points = np.concatenate(outlines)
        size = np.ptp(points, axis=0).max()
        waves, angle = dice.random.uniform(0, 6, (2, 2)), dice.about(turn)
        swing = np.sin(points[:, ::-1] * (waves[0] / size) + waves[1])
        points = points + swing * (size * bend * dice.random.standard_normal(2))
        cosine, sine = np.cos(angle), np.sin(angle)
        points = points @ np.array([(cosine, sine), (-sine, cosine)])
        low, high = self._reach(pieces, np.split(points, ends[1:-1]))
        self._zoom = (SIZE - dice.pick(0, 0, 0.3, 0.8)) / (high - low).max() * _DRAWN / SIZE
        points = (points - (low + high) / 2) * self._zoom + _DRAWN / 2
        places = np.floor(points).astype(int)
        self._paths = iter([places[a:b].ravel().tolist() for a, b in pairwise(ends)])

    @staticmethod
    def _reach(pieces: list[Piece], outlines: list[Points]) -> tuple[np.ndarray, np.ndarray]:
        """The upper left and the lower right corner of all cloth, (2,) each."""
        rest, low, high = iter(outlines), [], []
        for piece in pieces:
            for points in (next(rest) for _ in piece.outlines):
                if piece.kind == "cloth":
                    low.append(points.min(0) - piece.stroke / 2)
                    high.append(points.max(0) + piece.stroke / 2)
        return np.min(low, axis=0), np.max(high, axis=0)

    def masks(self, piece: Piece) -> tuple[np.ndarray, np.ndarray]:
        """How much of each square of the grid the next piece covers, and the same blurred.

        Returns:
            Two float32 arrays (56, 56), 0 to 1. Pieces have to come in their order.
        """
        canvas = Image.new("L", (_DRAWN, _DRAWN))
        pen = ImageDraw.Draw(canvas)
        width = max(1, round(piece.stroke * self._zoom))
        for _ in piece.outlines:
            if piece.stroke:
                pen.line(next(self._paths), 255, width, joint="curve")
            else:
                pen.polygon(next(self._paths), 255)
        mask = np.asarray(canvas.reduce(2), np.float32) / 255
        flat = piece.kind in ("cut", "crease") or not (piece.shadow or piece.bulge)
        return mask, mask if flat else blurred(mask)


def blurred(values: np.ndarray) -> np.ndarray:
    """A soft copy of values on the grid, float32 (56, 56)."""
    return _BLUR @ values @ _BLUR.T


def rough(dice: Dice, rows: int, columns: int) -> np.ndarray:
    """Smooth noise on the grid, float32 (56, 56), about 0 ± 1: so many hills down and across."""
    seeds = dice.random.standard_normal((rows, columns), np.float32)
    return _stretching(rows) @ seeds @ _stretching(columns).T


@lru_cache
def _stretching(count: int) -> np.ndarray:
    """The matrix that interpolates so many values to the grid by cubic curves (Keys, 1981)."""
    places = np.arange(GRID)[:, None] * (count / GRID) + (count / GRID - 1) / 2
    matrix = np.zeros((GRID, count))
    for step in range(-1, 3):
        neighbours = np.floor(places) + step
        away = np.abs(places - neighbours)
        near = (1.5 * away - 2.5) * away**2 + 1
        weights = np.where(away < 1, near, ((2.5 - 0.5 * away) * away - 4) * away + 2)
        seeds = np.clip(neighbours, 0, count - 1).astype(int)
        np.add.at(matrix, (np.arange(GRID)[:, None], seeds), np.where(away < 2, weights, 0))
    return matrix.astype(np.float32)


def _blurring(reach: int) -> np.ndarray:
    """The matrix that averages neighbours on the grid, the nearest with the most weight."""
    away = np.abs(np.arange(GRID)[:, None] - np.arange(GRID))
    weights = np.clip(reach - away, 0, None)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)


_BLUR = _blurring(4)
