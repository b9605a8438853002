"""Places for a vehicle to stand: what lies behind and before it, and the light.

Nothing here knows which vehicle will come, so that nothing here can give it away.
"""

import colorsys
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from cnnvis.standins.shapes import Colour, lighter, mix

_FINE = 2  # the places are drawn so many times larger than needed


class Scene(NamedTuple):
    """A place, and how a vehicle is to stand in it; lengths in pixels."""

    behind: Image.Image  # RGB
    before: Image.Image  # RGBA, mostly clear
    box: tuple[float, float, float, float]  # left, upper, right, lower edge of the vehicle
    edge: float  # the row at which the ground begins
    paints: tuple[Colour, Colour]
    sun: np.ndarray  # the direction to it: right, up, towards the viewer
    shade: float  # how dark a shadow is, 0 to 1
    softness: float  # of the shadow
    cast: tuple[float, float, float]  # the light's colour
    blur: float
    noise: float


def hue(random: np.random.Generator, vivid: tuple, bright: tuple) -> Colour:
    """A colour of any hue, with saturation and value from two ranges of 0 to 1."""
    rgb = colorsys.hsv_to_rgb(random.random(), random.uniform(*vivid), random.uniform(*bright))
    return tuple(255 * value for value in rgb)


def paint_colour(random: np.random.Generator) -> Colour:
    """A colour of paint: some grey, most vivid."""
    if random.random() < 0.35:
        return hue(random, (0, 0.12), (0.12, 0.98))
    return hue(random, (0.45, 0.95), (0.3, 0.95))


def scene(random: np.random.Generator, size: int) -> Scene:
    """A random place, ``size`` pixels high and wide."""
    box = _box(random, size)
    height = box[3] - box[1]
    edge = box[3] - height * random.uniform(0.08, 0.45)
    weather = random.choice(["sun", "sun", "cloud", "dusk"])
    side = size * _FINE
    image = Image.new("RGB", (side, side))
    pen = _Pen(random, image, edge * _FINE, str(weather))
    pen.backdrop()
    pen.ground()
    behind = _textured(random, image.reduce(_FINE), edge)
    angle = random.uniform(0, 2 * np.pi)
    high = {"sun": random.uniform(0.7, 1.3), "cloud": 8.0, "dusk": random.uniform(0.6, 1)}[weather]
    sun = np.array([np.cos(angle), high, np.sin(angle)])
    light = {"sun": (1.1, 1.06, 1.0), "cloud": (1.0, 1.03, 1.08), "dusk": (0.95, 0.78, 0.76)}
    tint = np.array(light[str(weather)]) * random.uniform(0.85, 1.1) * random.uniform(0.95, 1.05, 3)
    return Scene(
        behind,
        _front(random, size, box),
        box,
        edge,
        (paint_colour(random), paint_colour(random)),
        sun / np.linalg.norm(sun),
        {"sun": 0.55, "cloud": 0.4, "dusk": 0.35}[str(weather)] * random.uniform(0.8, 1.15),
        {"sun": 0.5, "cloud": 2.5, "dusk": 1.2}[str(weather)] * size / 96,
        tuple(tint),
        float(random.choice([0, 0.3, 0.5, 0.7])) * size / 96,
        random.uniform(0.5, 4.5),
    )


def _box(random: np.random.Generator, size: int) -> tuple[float, float, float, float]:
    """Where the vehicle goes: its edges."""
    aspect = random.uniform(1.3, 2.25)
    width = size * random.uniform(0.62, 0.9)
    height = width / aspect
    left = random.uniform(0.04 * size, 0.96 * size - width)
    upper = random.uniform(max(0.12 * size, 0.75 * size - height), 0.94 * size - height)
    return left, upper, left + width, upper + height


class _Pen:
    """Draws the place itself, in the image's own pixels."""

    def __init__(self, random, image, edge, weather):
        self.random, self.image, self.edge, self.weather = random, image, edge, weather
        self.side = image.width
        self.draw = ImageDraw.Draw(image)

    def rectangle(self, left, upper, right, lower, colour):
        self.draw.rectangle((left, upper, max(left, right), max(upper, lower)), fill=rgb(colour))

    def ellipse(self, x, y, a, b, colour):
        self.draw.ellipse((x - a, y - b, x + a, y + b), fill=rgb(colour))

    def line(self, points, colour, width=1):
        self.draw.line(points, fill=rgb(colour), width=max(1, round(width)))

    # Behind.

    def backdrop(self):
        kind = self.random.choice(["sky", "sky", "wall", "brick", "shed", "hedge", "fence"])
        if kind in ("sky", "fence", "hedge"):
            self.sky()
            self.skyline()
        if kind in ("wall", "brick", "shed"):
            self.wall(str(kind))
        if kind == "hedge":
            self.leaves(self.edge - self.side * self.random.uniform(0.2, 0.6))
        if kind == "fence":
            if self.random.random() < 0.5:
                self.leaves(self.edge - self.side * self.random.uniform(0.15, 0.4))
            self.fence()

    def sky(self):
        random = self.random
        tops = {"sun": (70, 130, 205), "cloud": (165, 175, 188), "dusk": (75, 80, 140)}
        lows = {"sun": (190, 215, 235), "cloud": (222, 224, 226), "dusk": (245, 165, 110)}
        jitter = random.uniform(-20, 20, 3)
        ends = np.clip([tops[self.weather] + jitter, lows[self.weather] + jitter], 0, 255)
        share = np.linspace(0, 1, 64)[:, None, None] ** random.uniform(0.6, 1.5)
        column = (ends[0] + (ends[1] - ends[0]) * share).astype(np.uint8)
        rows = max(1, round(self.edge))
        self.image.paste(Image.fromarray(column).resize((self.side, rows)), (0, 0))
        for _ in range(random.integers(0, 5)):
            x, y = random.uniform(0, self.side), random.uniform(0, 0.7 * self.edge)
            tone = mix(tuple(ends[1]), (255, 255, 255), random.uniform(0.2, 0.8))
            for _ in range(6):
                dx, dy = random.normal(0, 0.08 * self.side), random.normal(0, 0.012 * self.side)
                a = random.uniform(0.03, 0.1) * self.side
                self.ellipse(x + dx, y + dy, a, a * 0.3, tone)

    def skyline(self):
        """Hills, houses or trees on the horizon."""
        random, side, edge = self.random, self.side, self.edge
        haze = (170, 185, 200) if self.weather != "dusk" else (150, 110, 120)
        for layer in range(2):
            near = 0.35 + 0.4 * layer
            kind = random.choice(["hills", "houses", "trees", "nothing"])
            if kind == "hills":
                tone = mix(haze, hue(random, (0.2, 0.5), (0.25, 0.6)), near)
                x = np.linspace(0, side, 24)
                y = sum(np.sin(x / side * f + random.uniform(0, 6)) / f for f in (4, 9, 19))
                y = edge - side * (0.12 + 0.25 * random.random() * (y + 0.4))
                places = [(0, edge), *zip(x.tolist(), y.tolist(), strict=True), (side, edge)]
                self.draw.polygon(places, fill=rgb(tone))
            elif kind == "houses":
                self.houses(haze, near)
            elif kind == "trees":
                tone = mix(haze, self.green(), near)
                for _ in range(random.integers(2, 9)):
                    self.tree(random.uniform(0, side), random.uniform(0.1, 0.35) * side, tone)

    def houses(self, haze, near):
        random, side, edge = self.random, self.side, self.edge
        x = -random.uniform(0, 0.2) * side
        while x < side:
            width, height = random.uniform(0.12, 0.35) * side, random.uniform(0.15, 0.5) * side
            tone = mix(haze, hue(random, (0.05, 0.5), (0.4, 0.9)), near)
            self.rectangle(x, edge - height, x + width, edge, tone)
            roof = rgb(mix(haze, hue(random, (0.1, 0.6), (0.25, 0.6)), near))
            top = [(x, edge - height), (x + width, edge - height)]
            self.draw.polygon([*top, (x + width / 2, edge - height * 1.3)], fill=roof)
            pane = mix(tone, (60, 70, 85), 0.6) if random.random() < 0.7 else (240, 215, 140)
            for u in (0.15, 0.45, 0.75):
                for v in np.arange(0.15, 0.9, 0.28):
                    left, upper = x + u * width, edge - height * (1 - v)
                    self.rectangle(left, upper, left + 0.14 * width, upper + 0.12 * height, pane)
            x += width * random.uniform(1, 1.4)

    def green(self):
        tone = colorsys.hsv_to_rgb(
            self.random.uniform(0.12, 0.42),
            self.random.uniform(0.25, 0.65),
            self.random.uniform(0.25, 0.65),
        )
        return tuple(255 * value for value in tone)

    def tree(self, x, height, tone):
        random = self.random
        self.line(
            [(x, self.edge), (x, self.edge - height)], mix(tone, (60, 45, 35), 0.6), height * 0.07
        )
        for _ in range(9):
            r = height * random.uniform(0.12, 0.25)
            place = (
                x + random.normal(0, 0.16) * height,
                self.edge - height * random.uniform(0.5, 1.0),
            )
            self.ellipse(*place, r, r, lighter(tone, random.uniform(-0.15, 0.15)))

    def leaves(self, top):
        """A hedge or a row of bushes."""
        random, tone = self.random, self.green()
        self.rectangle(0, top + 0.05 * self.side, self.side, self.edge, lighter(tone, -0.2))
        count = 110
        places = random.uniform((0, top), (self.side, self.edge), (count, 2))
        radii = random.uniform(0.015, 0.05, count) * self.side
        for (x, y), r, light in zip(places, radii, random.uniform(-0.3, 0.25, count), strict=True):
            self.ellipse(x, y, r, r * 0.8, lighter(tone, light))

    def fence(self):
        random, side = self.random, self.side
        tone = (
            paint_colour(random)
            if random.random() < 0.4
            else mix((150, 110, 70), (235,) * 3, random.random())
        )
        top = self.edge - random.uniform(0.18, 0.5) * side
        step = random.uniform(0.03, 0.09) * side
        wide = step * random.choice([0.2, 0.6, 0.9])
        for share in (0.2, 0.75):
            y = top + share * (self.edge - top)
            self.line([(0, y), (side, y)], lighter(tone, -0.2), 0.02 * side)
        for x in np.arange(random.uniform(0, step), side, step):
            self.rectangle(x, top, x + wide, self.edge, lighter(tone, random.uniform(-0.1, 0.1)))

    def wall(self, kind):
        random, side, edge = self.random, self.side, self.edge
        tone = (
            paint_colour(random) if random.random() < 0.45 else hue(random, (0, 0.3), (0.35, 0.95))
        )
        if kind == "brick" and random.random() < 0.7:
            tone = mix((150, 75, 55), (200, 150, 110), random.random())
        self.rectangle(0, 0, side, edge, tone)
        if kind == "brick":
            self.bricks(tone, 0, edge)
        elif kind == "shed":
            step = random.uniform(0.02, 0.1) * side
            upright = random.random() < 0.6
            for at in np.arange(0, side, step):
                ends = [(at, 0), (at, edge)] if upright else [(0, edge - at), (side, edge - at)]
                self.line(ends, lighter(tone, -0.25), side / 150)
        for _ in range(random.integers(0, 4)):
            self.opening(tone)
        if random.random() < 0.5:
            low = edge - random.uniform(0.04, 0.2) * side
            self.rectangle(0, low, side, edge, lighter(tone, random.uniform(-0.5, 0.3)))

    def bricks(self, tone, top, bottom):
        random, side = self.random, self.side
        high = random.uniform(0.025, 0.06) * side
        joint = lighter(tone, random.choice([-0.3, 0.35]))
        for row, y in enumerate(np.arange(bottom, top, -high)):
            self.line([(0, y), (side, y)], joint, high * 0.12)
            for x in np.arange(-(row % 2) * high * 1.2, side, high * 2.4):
                if random.random() < 0.2:
                    part = lighter(tone, random.uniform(-0.2, 0.2))
                    self.rectangle(x, y - high + 1, x + high * 2.4, y - 1, part)
                self.line([(x, y - high), (x, y)], joint, high * 0.12)

    def opening(self, tone):
        """A window, a door, a poster or a round window."""
        random, side, edge = self.random, self.side, self.edge
        x, width = random.uniform(-0.1, 0.9) * side, random.uniform(0.12, 0.45) * side
        high = random.uniform(0.15, 0.5) * side
        y = edge - high if random.random() < 0.4 else random.uniform(-0.2, 0.5) * edge
        frame = lighter(tone, random.uniform(-0.4, 0.6))
        fill = (
            paint_colour(random)
            if random.random() < 0.6
            else mix((35, 42, 52), (170, 190, 205), random.random())
        )
        if random.random() < 0.2:
            self.ellipse(x, y + high / 2, high / 2, high / 2, frame)
            self.ellipse(x, y + high / 2, high * 0.42, high * 0.42, fill)
            return
        self.rectangle(x, y, x + width, y + high, frame)
        b = 0.015 * side
        self.rectangle(x + b, y + b, x + width - b, y + high - b, fill)
        if random.random() < 0.5:
            self.rectangle(x + width / 2 - b / 2, y, x + width / 2 + b / 2, y + high, frame)
            self.rectangle(x, y + high / 2 - b / 2, x + width, y + high / 2 + b / 2, frame)

    # Below.

    def ground(self):
        random, side, edge = self.random, self.side, self.edge
        kind = random.choice(["street", "street", "grass", "pavement", "gravel"])
        grey = random.uniform(70, 190)
        tone = tuple(grey + random.uniform(-14, 14, 3))
        if kind == "grass":
            tone = self.green()
        if kind == "gravel":
            tone = mix((150, 120, 90), (215, 200, 175), random.random())
        rows = side - round(edge)
        share = np.linspace(-0.18, 0.12, 32)[:, None, None]
        column = np.clip(np.array(tone) * (1 + share), 0, 255).astype(np.uint8)
        self.image.paste(Image.fromarray(column).resize((side, max(1, rows))), (0, round(edge)))
        if kind == "street":
            self.street(tone)
        elif kind == "pavement":
            self.slabs(tone)
        else:
            count = 90
            places = random.uniform((0, edge), (side, side), (count, 2))
            for (x, y), light in zip(places, random.uniform(-0.25, 0.25, count), strict=True):
                near = 0.4 + (y - edge) / (side - edge)
                self.line(
                    [(x, y), (x + random.normal(0, 2), y - near * 0.03 * side)],
                    lighter(tone, light),
                    2,
                )

    def street(self, tone):
        random, side, edge = self.random, self.side, self.edge
        if random.random() < 0.6:
            walk = edge + random.uniform(0.02, 0.06) * side
            self.rectangle(0, edge, side, walk, lighter(tone, random.uniform(0.1, 0.4)))
            self.rectangle(0, walk, side, walk + 0.015 * side, lighter(tone, -0.3))
        if random.random() < 0.6:
            y = edge + random.uniform(0.4, 0.95) * (side - edge)
            start, step = random.uniform(-0.3, 0), random.choice([0.35, 2.0])
            white = mix(tone, random.choice([(245, 245, 240), (240, 200, 70)]), 0.75)
            slant = random.uniform(-0.06, 0.06) * side
            for x in np.arange(start, 1, step):
                a, b = x * side, (x + step * 0.6) * side
                self.line(
                    [(a, y + slant * x), (b, y + slant * (x + step * 0.6))], white, 0.02 * side
                )

    def slabs(self, tone):
        random, side, edge = self.random, self.side, self.edge
        joint, middle = lighter(tone, random.choice([-0.25, 0.2])), random.uniform(0, 1) * side
        for share in np.linspace(0, 1, 6) ** 1.6:
            y = edge + share * (side - edge)
            self.line([(0, y), (side, y)], joint)
        for k in range(-9, 10):
            x = middle + k * 0.13 * side
            self.line([(x, edge), (middle + (x - middle) * 2.2, side)], joint)


def rgb(colour: Colour) -> tuple[int, int, int]:
    """Whole numbers for Pillow, which clips them."""
    red, green, blue = colour
    return int(red), int(green), int(blue)


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


def _front(random: np.random.Generator, size: int, box: tuple) -> Image.Image:
    """What hides a part of the vehicle: a post, a bush, grass, or nothing."""
    fine = 2 * size
    image = Image.new("RGBA", (fine, fine))
    draw = ImageDraw.Draw(image)
    kind = random.choice(["nothing", "nothing", "nothing", "post", "bush", "grass"])
    left, upper, right, lower = (2 * value for value in box)
    ground = min(lower + random.uniform(0.02, 0.08) * fine, fine)
    if kind == "post":
        x, wide = random.uniform(left, right), random.uniform(0.012, 0.04) * fine
        top = random.choice([-9, upper + random.uniform(0, 0.7) * (lower - upper)])
        tone = paint_colour(random)
        draw.rectangle((x, top, x + wide, ground), fill=rgb(tone))
        draw.rectangle((x, top, x + wide * 0.3, ground), fill=rgb(lighter(tone, 0.3)))
    elif kind == "bush":
        x, wide = random.choice([left, right]), random.uniform(0.08, 0.16) * fine
        tone = colorsys.hsv_to_rgb(random.uniform(0.15, 0.42), random.uniform(0.3, 0.7), 0.5)
        for _ in range(60):
            a, b = random.normal(0, 0.5, 2)
            r = random.uniform(0.1, 0.3) * wide
            place = x + a * wide, ground - abs(b) * wide * 1.1 - r
            part = rgb(lighter(tuple(255 * v for v in tone), random.uniform(-0.35, 0.25)))
            draw.ellipse((place[0] - r, place[1] - r, place[0] + r, place[1] + r), fill=part)
    elif kind == "grass":
        tone = tuple(255 * v for v in colorsys.hsv_to_rgb(random.uniform(0.15, 0.38), 0.5, 0.5))
        for x in random.uniform(0, fine, 120):
            high = random.uniform(0.02, 0.09) * fine
            part = rgb(lighter(tone, random.uniform(-0.3, 0.3)))
            draw.line((x, ground + 3, x + random.normal(0, 4), ground - high), fill=part, width=2)
        draw.rectangle((0, ground, fine, fine), fill=rgb(tone)) if random.random() < 0.3 else None
    return image.reduce(2)


def finished(random: np.random.Generator, picture: Image.Image, place: Scene) -> np.ndarray:
    """The picture as a camera takes it, uint8 (size, size, 3): light, blur and noise."""
    if place.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(place.blur))
    pixels = np.asarray(picture, np.float32) * np.array(place.cast, np.float32)
    pixels += random.standard_normal(pixels.shape, np.float32) * np.float32(place.noise)
    return np.clip(pixels, 0, 255).round().astype(np.uint8)
