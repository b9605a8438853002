"""Things made of polygons and strokes in three dimensions: seen from somewhere, in some light.

A thing is a list of shapes in the order in which to paint them. Its axes are x forwards, y up from
the ground and z towards the viewer; its unit is about a metre.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

Colour = tuple[float, ...]  # red, green and blue, 0 to 255, and perhaps opacity
Outline = list[tuple[float, float]]

_THIN = 0.025  # what is thinner casts no shadow


class Shape(NamedTuple):
    """A polygon or, if it has a width, a stroke."""

    points: list[tuple[float, float, float]]
    colour: Colour
    width: float = 0.0
    solid: bool = False  # a face of a body: lit by its slant, unseen from behind


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour that is ``share`` of the way from one to the other."""
    return tuple(a + (b - a) * share for a, b in zip(one, other, strict=True))


def lighter(colour: Colour, share: float) -> Colour:
    """The colour nearer to white or, where the share is negative, to black."""
    red, green, blue = colour
    if share < 0:
        return red * (1 + share), green * (1 + share), blue * (1 + share)
    rest, white = 1 - share, 255 * share
    return red * rest + white, green * rest + white, blue * rest + white


# Outlines: points (x, y) of the side view, counterclockwise.


def moved(place: Sequence[float], right: float, up: float) -> np.ndarray:
    """A place of the side view, moved."""
    x, y = place
    return np.array([x + right, y + up])


def around(
    centre: Sequence[float], radius: float, start: float = 0, stop: float = 360, count: int = 28
) -> Outline:
    """Points of an arc, from one angle in degrees to another; a circle's first isn't repeated."""
    x, y = centre
    return [(x + radius * cos, y + radius * sin) for cos, sin in _arc(start, stop, count)]


@lru_cache(64)
def _arc(start: float, stop: float, count: int) -> Outline:
    step = (stop - start) / (count - ((stop - start) % 360 != 0))
    angles = [math.radians(start + k * step) for k in range(count)]
    return [(math.cos(angle), math.sin(angle)) for angle in angles]


def rounded(points: Sequence, rounds: int = 2, *, closed: bool = True) -> list[tuple]:
    """Cut the corners of a line through points again and again (Chaikin's algorithm)."""
    for _ in range(rounds):
        cuts = []
        for one, other in zip(points, [*points[1:], points[0]], strict=True):
            cuts.append(tuple(0.75 * a + 0.25 * b for a, b in zip(one, other, strict=True)))
            cuts.append(tuple(0.25 * a + 0.75 * b for a, b in zip(one, other, strict=True)))
        points = cuts if closed else [points[0], *cuts[:-2], points[-1]]
    return points


def split(outline: Outline, a: float, b: float, c: float) -> tuple[Outline, Outline]:
    """The parts of an outline where a·x + b·y ≥ c and where it's ≤ c.

    This is Sutherland and Hodgman's algorithm. A part that isn't there is an empty list.
    """
    heights = [a * x + b * y - c for x, y in outline]
    above, below = [], []
    for k, ((x, y), height) in enumerate(zip(outline, heights, strict=True)):
        (u, v), last = outline[k - 1], heights[k - 1]
        if (height >= 0) != (last >= 0):
            share = last / (last - height)
            crossing = (u + (x - u) * share, v + (y - v) * share)
            above.append(crossing)
            below.append(crossing)
        (above if height >= 0 else below).append((x, y))
    return above, below


def piece(corners: Sequence, shares: Outline) -> list[tuple]:
    """Points of a patch with four corners, as shares of its two sides."""
    a, b, c, d = (np.array(corner) for corner in corners)
    return [tuple((a * (1 - u) + b * u) * (1 - v) + (d * (1 - u) + c * u) * v) for u, v in shares]


# Shapes.


def upright(outline: Sequence, z: float = 0.0) -> list[tuple[float, float, float]]:
    """Points of the side view at depth z."""
    return [(x, y, z) for x, y in outline]


def flat(outline: Sequence, z: float, colour: Colour, width: float = 0, **how: bool) -> Shape:
    """An outline that stands upright at depth z."""
    return Shape(upright(outline, z), colour, width, **how)


def disc(centre: Sequence[float], radius: float, z: float, colour: Colour) -> Shape:
    """A filled circle."""
    return Shape(upright(around(centre, radius), z), colour)


def ring(centre: Sequence[float], outer: float, inner: float, z: float, colour: Colour) -> Shape:
    """A circle with a hole."""
    outside, inside = (around(centre, radius, 0, 359.9) for radius in (outer, inner))
    return flat(outside + inside[::-1], z, colour)


def stroke(points: Sequence, width: float, colour: Colour) -> Shape:
    """A line through points (x, y, z)."""
    return Shape(points, colour, width)


def tube(points: Sequence, width: float, colour: Colour) -> list[Shape]:
    """A line through points (x, y, z) that shines along its upper edge."""
    gleam = [(x, y + 0.25 * width, z) for x, y, z in points]
    return [Shape(points, colour, width), Shape(gleam, lighter(colour, 0.45), width / 4)]


def slab(outline: Sequence, z: float, depth: float, colour: Colour) -> list[Shape]:
    """An outline as thick as ``depth``, with its near face at z."""
    near, far = upright(outline, z), upright(outline, z - depth)
    sides = zip(near, far, [*far[1:], far[0]], [*near[1:], near[0]], strict=True)
    return [
        *(Shape(list(side), colour, solid=True) for side in sides),
        Shape(near, colour, 0, True),
    ]


# Seeing.


class View(NamedTuple):
    """Where a thing is looked at from."""

    yaw: float  # degrees; 0 is from the side, positive shows the rear
    pitch: float  # degrees above the ground
    distance: float  # to the middle of the thing
    tilt: float = 0.0  # degrees


def turned(points: np.ndarray, view: View) -> np.ndarray:
    """Points, (n, 3), of a thing that turns on the ground until its yaw is reached."""
    cos, sin = np.cos(np.radians(view.yaw)), np.sin(np.radians(view.yaw))
    return points @ np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]])


def projected(points: np.ndarray, view: View) -> np.ndarray:
    """Where turned points, (n, 3), are seen, (n, 2): x to the right, y downwards."""
    cos, sin = np.cos(np.radians(view.pitch)), np.sin(np.radians(view.pitch))
    x, y, z = points.T
    near = view.distance / (view.distance - (y * sin + z * cos))
    seen = np.stack([x * near, (z * sin - y * cos) * near], 1)
    cos, sin = np.cos(np.radians(view.tilt)), np.sin(np.radians(view.tilt))
    return seen @ np.array([[cos, sin], [-sin, cos]])


class Thing:
    """Shapes, with all their points in one array."""

    def __init__(self, shapes: list[Shape]):
        self.shapes = shapes
        self.points = np.array([point for shape in shapes for point in shape.points], float)
        self.length = float(np.ptp(self.points[:, 0]))
        lengths = [len(shape.points) for shape in shapes]
        self.starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.stops = self.starts + lengths
        self.following = np.arange(len(self.points)) + 1
        self.following[self.stops - 1] = self.starts
        self.slices = [
            slice(2 * start, 2 * stop)
            for start, stop in zip(self.starts.tolist(), self.stops.tolist(), strict=True)
        ]
        self.halves = np.repeat([shape.width / 2 for shape in shapes], lengths)[:, None]

    def box(self, view: View) -> np.ndarray:
        """Left, upper, right and lower edge of what is seen."""
        seen = projected(turned(self.points, view), view)
        return np.concatenate([(seen - self.halves).min(0), (seen + self.halves).max(0)])

    def brightness(self, view: View, sun: np.ndarray) -> np.ndarray:
        """How much light each shape gets: below 0 if it's solid and seen from behind."""
        world = turned(self.points, view)
        seen = projected(world, view)
        normals = np.add.reduceat(np.cross(world, world[self.following]), self.starts)
        x, y = seen.T
        areas = np.add.reduceat(x * y[self.following] - y * x[self.following], self.starts)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
        sky = 0.2 * normals[:, 1]
        light = 0.8 + sky + 0.35 * np.maximum(normals @ sun, 0)
        solid = np.array([shape.solid for shape in self.shapes])
        return np.where(solid, np.where(areas < 0, light, -1), 1)


def paint(
    thing: Thing, seen: np.ndarray, light: np.ndarray, scale: float, side: int
) -> Image.Image:
    """Paint a thing's shapes, with their points at ``seen`` (n, 2), on a clear square, RGBA."""
    image = Image.new("RGBA", (side, side))
    pen, places = ImageDraw.Draw(image), _numbers(seen)
    for shape, where, bright in zip(thing.shapes, thing.slices, light.tolist(), strict=True):
        if bright >= 0:
            r, g, b, *opacity = shape.colour
            alpha = int(opacity[0]) if opacity else 255
            colour = int(r * bright), int(g * bright), int(b * bright), alpha
            _draw_shape(pen, places[where], shape.width * scale, colour)
    return image


def silhouette(thing: Thing, seen: np.ndarray, scale: float, side: int) -> Image.Image:
    """What a thing's shapes cover, with their points at ``seen`` (n, 2), mode L."""
    image = Image.new("L", (side, side))
    pen, places = ImageDraw.Draw(image), _numbers(seen)
    for shape, where in zip(thing.shapes, thing.slices, strict=True):
        if not 0 < shape.width < _THIN:
            _draw_shape(pen, places[where], shape.width * scale, 255)
    return image


def _numbers(seen: np.ndarray) -> list[float]:
    """Coordinates one after another, rounded so that all machines draw the same."""
    return seen.round(1).ravel().tolist()


def _draw_shape(pen: ImageDraw.ImageDraw, places: list, width: float, colour: int | tuple) -> None:
    """Draw one polygon, or one stroke with round ends."""
    if not width:
        pen.polygon(places, fill=colour)
        return
    thickness = max(1, round(width))
    pen.line(places, fill=colour, width=thickness, joint="curve")
    if thickness > 3:
        r = thickness / 2 - 0.5
        for x, y in (places[:2], places[-2:]):
            pen.ellipse((x - r, y - r, x + r, y + r), fill=colour)
