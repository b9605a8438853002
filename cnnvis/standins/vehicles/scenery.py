"""Places for a vehicle to stand: what lies behind and before it, and the light.

Nothing here knows which vehicle will come, so that nothing here can give it away.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from cnnvis.standins.vehicles.backdrops import backdrop, green, paint_colour, rgb
from cnnvis.standins.vehicles.solids import Colour, lighter

_FINE = 2  # the places are drawn so many times larger than needed


class _Weather(NamedTuple):
    """What the sky's state means for an image."""

    height: tuple[float, float]  # of the sun, where 1 is 45 degrees
    shade: float
    softness: float  # in an image of 96 pixels
    light: tuple[float, float, float]
    level: float
    spread: float


_WEATHERS = {
    "sun": _Weather((0.7, 1.3), 0.5, 0.5, (1.04, 1.0, 0.95), 128, 50),
    "cloud": _Weather((8, 8), 0.5, 2.5, (0.97, 1.0, 1.05), 125, 45),
    "dusk": _Weather((0.6, 1.0), 0.35, 1.2, (1.12, 0.92, 0.9), 98, 42),
}


class Scene(NamedTuple):
    """A place, and how a vehicle is to stand in it; lengths in pixels."""

    behind: Image.Image  # RGB
    before: Image.Image  # RGBA, mostly clear
    box: tuple[float, float, float, float]  # left, upper, right, lower edge of the vehicle
    paints: tuple[Colour, Colour]
    sun: np.ndarray  # the direction to it: right, up, towards the viewer
    shade: float  # how dark a shadow is, 0 to 1
    softness: float  # of the shadow
    tint: np.ndarray  # the light's red, green and blue
    level: float  # the finished image's mean
    spread: float  # and its standard deviation
    blur: float
    noise: float


def scene(random: np.random.Generator, size: int) -> Scene:
    """A random place, ``size`` pixels high and wide."""
    box = _box(random, size)
    height = box[3] - box[1]
    edge = box[3] - height * random.uniform(0.08, 0.45)
    name = str(random.choice(["sun", "sun", "cloud", "dusk"]))
    weather, angle = _WEATHERS[name], random.uniform(0, 2 * np.pi)
    sun = np.array([np.cos(angle), random.uniform(*weather.height), np.sin(angle)])
    image = backdrop(random, size * _FINE, edge * _FINE, name).reduce(_FINE)
    return Scene(
        behind=_textured(random, image, edge),
        before=_foreground(random, size, box),
        box=box,
        paints=(paint_colour(random), paint_colour(random)),
        sun=sun / np.linalg.norm(sun),
        shade=weather.shade * random.uniform(0.7, 1.1),
        softness=weather.softness * size / 96,
        tint=weather.light * random.uniform(0.95, 1.05, 3),
        level=weather.level + random.normal(0, 12),
        spread=weather.spread * random.uniform(0.85, 1.15),
        blur=float(random.choice([0, 0.3, 0.5, 0.7])) * size / 96,
        noise=random.uniform(0.5, 4.5),
    )


def _box(random: np.random.Generator, size: int) -> tuple[float, float, float, float]:
    """Where the vehicle goes: its edges."""
    aspect = random.uniform(1.3, 2.25)
    width = size * random.uniform(0.62, 0.9)
    height = width / aspect
    left = random.uniform(0.04 * size, 0.96 * size - width)
    upper = random.uniform(max(0.12 * size, 0.75 * size - height), 0.94 * size - height)
    return left, upper, left + width, upper + height


def _textured(random: np.random.Generator, image: Image.Image, edge: float) -> Image.Image:
    """Add unevenness at three scales, coarser to finer, more on the ground than above it."""
    size = image.width
    grain = np.zeros((size, size), np.float32)
    for cells, strength in ((4, 5), (16, 3), (size, 2.5)):
        coarse = random.normal(0, strength, (cells, cells)).astype(np.float32)
        resized = Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC)
        grain += np.asarray(resized)
    grain[: round(edge)] *= random.uniform(0.1, 1)
    pixels = np.asarray(image, np.float32) + grain[:, :, None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _foreground(random: np.random.Generator, size: int, box: tuple) -> Image.Image:
    """What hides a part of the vehicle, RGBA: a post, a bush, grass, or nothing."""
    side = size * _FINE
    image = Image.new("RGBA", (side, side))
    draw = random.choice([None, None, None, _post, _bush, _grass])
    if draw:
        box = tuple(value * _FINE for value in box)
        ground = min(box[3] + random.uniform(0.02, 0.08) * side, side)
        draw(random, ImageDraw.Draw(image), side, box, ground)
    return image.reduce(_FINE)


def _post(
    random: np.random.Generator, pen: ImageDraw.ImageDraw, side: int, box: tuple, ground: float
) -> None:
    left, upper, right, lower = box
    x, wide = random.uniform(left, right), random.uniform(0.012, 0.04) * side
    top = random.choice([-9, upper + random.uniform(0, 0.7) * (lower - upper)])
    tone = paint_colour(random)
    pen.rectangle((x, top, x + wide, ground), fill=rgb(tone))
    pen.rectangle((x, top, x + wide * 0.3, ground), fill=rgb(lighter(tone, 0.3)))


def _bush(
    random: np.random.Generator, pen: ImageDraw.ImageDraw, side: int, box: tuple, ground: float
) -> None:
    x, wide, tone = random.choice(box[::2]), random.uniform(0.08, 0.16) * side, green(random)
    for _ in range(60):
        (a, b), r = random.normal(0, 0.5, 2), random.uniform(0.1, 0.3) * wide
        u, v = x + a * wide, ground - abs(b) * wide * 1.1 - r
        part = rgb(lighter(tone, random.uniform(-0.35, 0.25)))
        pen.ellipse((u - r, v - r, u + r, v + r), fill=part)


def _grass(
    random: np.random.Generator, pen: ImageDraw.ImageDraw, side: int, _: tuple, ground: float
) -> None:
    tone = green(random)
    for x in random.uniform(0, side, 120):
        top = ground - random.uniform(0.02, 0.09) * side
        part = rgb(lighter(tone, random.uniform(-0.3, 0.3)))
        pen.line((x, ground + 3, x + random.normal(0, 0.02) * side, top), fill=part, width=2)


def finished(random: np.random.Generator, image: Image.Image, place: Scene) -> np.ndarray:
    """The image as a camera takes it, uint8 (size, size, 3): light, exposure, blur and noise.

    Exposure and contrast are automatic, as in every camera: they bring the image's mean and
    spread near to values that don't depend on what is in it.
    """
    if place.blur:
        image = image.filter(ImageFilter.GaussianBlur(place.blur))
    pixels = np.asarray(image, np.float32) * np.array(place.tint, np.float32)
    grey = pixels.mean(2, keepdims=True)
    contrast = min(max(place.spread / float(grey.std()), 0.7), 1.6)
    pixels = (pixels - grey) * np.float32(min(contrast, 1.1))
    pixels += (grey - grey.mean()) * np.float32(contrast) + np.float32(place.level)
    pixels += random.standard_normal(pixels.shape, np.float32) * np.float32(place.noise)
    return np.clip(pixels, 0, 255).round().astype(np.uint8)
