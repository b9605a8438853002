"""Things made of polygons and strokes in three dimensions: seen from somewhere, in some light.

A thing is a list of shapes in the order in which to paint them. Its axes are x forwards, y up from
the ground and z towards the viewer; its unit is about a metre.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

Colour = tuple[float, ...]  # red, green and blue, 0 to 255, and perhaps opacity


class Shape(NamedTuple):
    """A polygon or, if it has a width, a stroke."""

    points: np.ndarray  # (n, 3)
    colour: Colour
    width: float = 0.0
    solid: bool = False  # a face of a body: lit by its slant, unseen from behind


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour that is ``share`` of the way from one to the other."""
    return tuple(a + (b - a) * share for a, b in zip(one, other, strict=True))


def lighter(colour: Colour, share: float) -> Colour:
    """The colour nearer to white or, where the share is negative, to black."""
    return mix(colour, (255,) * 3 if share > 0 else (0,) * 3, abs(share))


# Outlines in two dimensions.


def around(
    centre: Sequence[float], radius: float, start: float = 0, stop: float = 360, count: int = 28
) -> np.ndarray:
    """Points of an arc, (n, 2), counterclockwise from one angle in degrees to another."""
    angles = np.radians(np.linspace(start, stop, count, endpoint=(stop - start) % 360 != 0))
    return np.stack([np.cos(angles), np.sin(angles)], 1) * radius + centre


def rounded(points: Sequence, rounds: int = 2, *, closed: bool = True) -> np.ndarray:
    """Cut the corners of an outline, (n, k), again and again (Chaikin's algorithm)."""
    points = np.asarray(points, float)
    for _ in range(rounds):
        following = np.roll(points, -1, 0) if closed else points[1:]
        leading = points if closed else points[:-1]
        cuts = np.stack([0.75 * leading + 0.25 * following, 0.25 * leading + 0.75 * following], 1)
        cuts = cuts.reshape(-1, points.shape[1])
        points = cuts if closed else np.concatenate([points[:1], cuts, points[-1:]])
    return points


def cut(outline: np.ndarray, a: float, b: float, c: float) -> np.ndarray:
    """The part of an outline, (n, 2), where a·x + b·y ≥ c (Sutherland and Hodgman's algorithm)."""
    if not len(outline):
        return outline
    height = outline @ (a, b) - c
    kept = []
    for here, there, h, t in zip(
        outline, np.roll(outline, -1, 0), height, np.roll(height, -1), strict=True
    ):
        if h >= 0:
            kept.append(here)
        if (h >= 0) != (t >= 0):
            kept.append(here + (there - here) * (h / (h - t)))
    return np.array(kept).reshape(-1, 2)


# Shapes.


def flat(outline: Sequence, z: float, colour: Colour, width: float = 0, **how: bool) -> Shape:
    """An outline, (n, 2), standing upright at depth z."""
    outline = np.asarray(outline, float)
    return Shape(np.column_stack([outline, np.full(len(outline), z)]), colour, width, **how)


def disc(centre: Sequence[float], radius: float, z: float, colour: Colour) -> Shape:
    """A filled circle."""
    return flat(around(centre, radius), z, colour)


def ring(centre: Sequence[float], outer: float, inner: float, z: float, colour: Colour) -> Shape:
    """A circle with a hole."""
    outside, inside = (around(centre, radius, 0, 359.9) for radius in (outer, inner))
    return flat(np.concatenate([outside, inside[::-1]]), z, colour)


def stroke(points: Sequence, width: float, colour: Colour) -> Shape:
    """A line through points, (n, 3)."""
    return Shape(np.asarray(points, float), colour, width)


def tube(points: Sequence, width: float, colour: Colour) -> list[Shape]:
    """A line through points, (n, 3), that shines along its upper edge."""
    points = np.asarray(points, float)
    gleam = points + np.array([0, 0.25 * width, 0])
    return [stroke(points, width, colour), stroke(gleam, width / 4, lighter(colour, 0.45))]


def slab(outline: Sequence, z: float, depth: float, colour: Colour) -> list[Shape]:
    """An outline, (n, 2), counterclockwise, as thick as ``depth``, with its near face at z."""
    near = flat(outline, z, colour, solid=True)
    far = near.points - (0, 0, depth)
    sides = np.stack([near.points, far, np.roll(far, -1, 0), np.roll(near.points, -1, 0)], 1)
    return [*(Shape(side, colour, solid=True) for side in sides), near]


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
        self.points = np.concatenate([shape.points for shape in shapes])
        lengths = [len(shape.points) for shape in shapes]
        self.starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.stops = self.starts + lengths
        self.following = np.arange(len(self.points)) + 1
        self.following[self.stops - 1] = self.starts
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
        sky = 0.12 * normals[:, 1]
        light = 0.72 + sky + 0.42 * np.maximum(normals @ sun, 0)
        solid = np.array([shape.solid for shape in self.shapes])
        return np.where(solid, np.where(areas < 0, light, -1), 1)


def paint(
    thing: Thing, seen: np.ndarray, light: np.ndarray, scale: float, side: int
) -> Image.Image:
    """Paint a thing's shapes, with their points at ``seen`` (n, 2), on a clear square, RGBA."""
    image = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(image)
    places = seen.round(1).tolist()
    for shape, start, stop, bright in zip(
        thing.shapes, thing.starts.tolist(), thing.stops.tolist(), light.tolist(), strict=True
    ):
        if bright < 0:
            continue
        rgb = [min(255, round(value * bright)) for value in shape.colour[:3]]
        alpha = round(shape.colour[3]) if len(shape.colour) > 3 else 255
        draw_shape(pen, places[start:stop], shape.width * scale, (*rgb, alpha))
    return image


def cast(thing: Thing, seen: np.ndarray, scale: float, side: int) -> Image.Image:
    """The silhouette of points at ``seen``, as paint() would cover it, mode L."""
    image = Image.new("L", (side, side))
    pen = ImageDraw.Draw(image)
    places = seen.round(1).tolist()
    for shape, start, stop in zip(
        thing.shapes, thing.starts.tolist(), thing.stops.tolist(), strict=True
    ):
        draw_shape(pen, places[start:stop], shape.width * scale, 255)
    return image


def draw_shape(
    pen: ImageDraw.ImageDraw, places: list[list[float]], width: float, colour: int | tuple
) -> None:
    """Draw one polygon or one stroke with round ends."""
    corners = [tuple(place) for place in places]
    if not width:
        pen.polygon(corners, fill=colour)
        return
    thickness = max(1, round(width))
    pen.line(corners, fill=colour, width=thickness, joint="curve" if thickness > 2 else None)
    if thickness > 3:
        r = thickness / 2 - 0.5
        for x, y in (corners[0], corners[-1]):
            pen.ellipse((x - r, y - r, x + r, y + r), fill=colour)
