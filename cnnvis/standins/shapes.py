"""Outlines made of points, the pieces that garments are sewn from, and their frame."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

SIZE = 28  # pixels of a picture's side
GRID = 2 * SIZE  # points at which light and colour are worked out
_DRAWN = 2 * GRID  # points at which outlines are filled

Points = np.ndarray  # float64 (N, 2): x to the right, y downwards, in any unit


@dataclass(frozen=True)
class Piece:
    """Something to lay upon what lies there already.

    Attributes:
        points: Its outline, or the path of a line, (N, 2).
        stroke: Width of the line; 0 fills the outline.
        tone: The share of the light that it throws back, 0 to 1; the garment's fabric if None.
        light: How much light reaches it, 1 for all of it.
        bulge: How much its edges turn away from the light.
        shadow: How much light it takes from what it lies upon.
        kind: ``"cloth"`` lies on top, ``"crease"`` only takes light away (or gives some, where
            ``shadow`` is negative), ``"cut"`` is an opening, ``"patch"`` is cloth where there
            was cloth before.
    """

    points: Points
    stroke: float = 0
    tone: float | None = None
    light: float = 1
    bulge: float = 0.25
    shadow: float = 0.25
    kind: str = "cloth"


def outline(*parts: Iterable) -> Points:
    """Join points and curves, each an (N, 2) array or a list of pairs, into one."""
    return np.concatenate([np.atleast_2d(np.asarray(part, float)) for part in parts])


def curve(*points: tuple[float, float], closed: bool = False) -> Points:
    """Round the corners of a path by cutting them three times (Chaikin's scheme).

    An open curve keeps its two ends.
    """
    path = np.asarray(points, float)
    for _ in range(3):
        ends = np.roll(path, -1, axis=0) if closed else path[1:]
        starts = path if closed else path[:-1]
        cuts = np.stack([0.75 * starts + 0.25 * ends, 0.25 * starts + 0.75 * ends], 1)
        path = cuts.reshape(-1, 2) if closed else outline(path[:1], cuts.reshape(-1, 2), path[-1:])
    return path


def mirrored(points: Points) -> Points:
    """The same points on the other side of x = 0."""
    return np.asarray(points, float) * (-1, 1)


def both(half: Points) -> Points:
    """A symmetric outline from its right half, which begins and ends near x = 0."""
    return outline(half, mirrored(half)[::-1])


def band(path: Points, *widths: float) -> Points:
    """The outline of a band along a path, its width changing evenly from stop to stop."""
    path = np.asarray(path, float)
    along = np.gradient(path, axis=0)
    across = along[:, ::-1] * (-1, 1) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    stops = np.linspace(0, len(path) - 1, len(widths))
    half = np.interp(np.arange(len(path)), stops, widths)[:, None] / 2
    return outline(path + across * half, (path - across * half)[::-1])


def oval(x: float, y: float, width: float, height: float) -> Points:
    """An ellipse around a point."""
    turn = np.arange(20) * (np.pi / 10)
    return np.stack([x + np.cos(turn) * width / 2, y + np.sin(turn) * height / 2], 1)


def box(left: float, upper: float, right: float, lower: float) -> Points:
    """A rectangle."""
    return np.array([(left, upper), (right, upper), (right, lower), (left, lower)], float)


class Frame:
    """Where a garment lies in the picture: turned, bent a little, its longer side as long.

    Args:
        pieces: The garment's pieces, in any unit.
        random: Decides the bend and the margin.
        turn: Turned by about how much, in radians.
        bend: How far points stray from straight lines, as a share of the garment's size.
    """

    def __init__(self, pieces: list[Piece], random: np.random.Generator, turn: float, bend: float):
        solid = np.concatenate([p.points for p in pieces if p.kind == "cloth"])
        self._size = np.ptp(solid, axis=0).max()
        angle = turn * random.standard_normal()
        self._turn = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
        self._waves = random.uniform(1, 5, 2), random.uniform(0, 2 * np.pi, 2)
        self._bend = bend * random.standard_normal(2)
        reach = [(self._moved(p.points), p.stroke / 2) for p in pieces if p.kind == "cloth"]
        low = np.min([points.min(0) - edge for points, edge in reach], axis=0)
        high = np.max([points.max(0) + edge for points, edge in reach], axis=0)
        room = SIZE - random.choice([0, 0, 0.3, 0.8])
        self.zoom = room / (high - low).max() * _DRAWN / SIZE
        self._centre = (low + high) / 2
        slack = np.floor(np.maximum(_DRAWN - (high - low) * self.zoom, 0) / 8 + 0.5) % 1
        self._middle = _DRAWN / 2 + slack

    def _moved(self, points: Points) -> Points:
        often, start = self._waves
        swing = np.sin(points[:, ::-1] * (often / self._size) + start)
        return (points + swing * self._bend * self._size) @ self._turn

    def mask(self, piece: Piece) -> np.ndarray:
        """How much of each of the grid's squares a piece covers, float32 (56, 56), 0 to 1."""
        canvas = Image.new("L", (_DRAWN, _DRAWN))
        pen = ImageDraw.Draw(canvas)
        points = (self._moved(piece.points) - self._centre) * self.zoom + self._middle
        flat = (np.floor(points * 4 + 0.5) / 4 - 0.5).ravel().tolist()
        if piece.stroke:
            pen.line(flat, 255, max(1, round(piece.stroke * self.zoom)), joint="curve")
        else:
            pen.polygon(flat, 255)
        return np.asarray(canvas.reduce(2), np.float32) / 255


def blurred(values: np.ndarray, step: int) -> np.ndarray:
    """A soft copy of values on the grid, float32 (56, 56): averaged over squares, and stretched."""
    small = Image.fromarray(values).reduce(step)
    return np.asarray(small.resize((GRID, GRID), Image.Resampling.BILINEAR))


def rough(random: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Smooth noise on the grid, float32 (56, 56), about 0 ± 1: so many hills down and across."""
    seeds = random.standard_normal((max(rows, 1), max(columns, 1)), np.float32)
    hills = Image.fromarray(seeds).resize((GRID, GRID), Image.Resampling.BICUBIC)
    return np.asarray(hills)
