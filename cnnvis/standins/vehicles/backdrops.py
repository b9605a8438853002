"""What lies behind a vehicle: sky, houses, trees, walls, hedges, fences, and the ground."""

import colorsys

import numpy as np
from PIL import Image, ImageDraw

from cnnvis.standins.vehicles.solids import Colour, lighter, mix

# The sky's colours above and below.
_SKIES = {
    "sun": ((70, 130, 205), (190, 215, 235)),
    "cloud": ((165, 175, 188), (222, 224, 226)),
    "dusk": ((75, 80, 140), (245, 165, 110)),
}


def hue(random: np.random.Generator, vivid: tuple, bright: tuple) -> Colour:
    """A colour of any hue, with saturation and value from two ranges of 0 to 1."""
    rgb = colorsys.hsv_to_rgb(random.random(), random.uniform(*vivid), random.uniform(*bright))
    return tuple(255 * value for value in rgb)


def paint_colour(random: np.random.Generator) -> Colour:
    """A colour of paint: some grey, most vivid."""
    if random.random() < 0.35:
        return hue(random, (0, 0.12), (0.15, 1))
    return hue(random, (0.4, 0.9), (0.4, 1))


def green(random: np.random.Generator) -> Colour:
    """A colour of leaves or grass, fresh or dry."""
    vivid, bright = random.uniform(0.25, 0.65, 2)
    rgb = colorsys.hsv_to_rgb(random.uniform(0.12, 0.42), vivid, bright)
    return tuple(255 * value for value in rgb)


def rgb(colour: Colour) -> tuple[int, int, int]:
    """Whole numbers for Pillow, which clips them."""
    red, green, blue = colour
    return int(red), int(green), int(blue)


def backdrop(random: np.random.Generator, side: int, edge: float, weather: str) -> Image.Image:
    """A random street, yard, meadow or the like, RGB.

    Args:
        random: Where everything comes from.
        side: Height and width, in pixels.
        edge: The row at which the ground begins.
        weather: ``"sun"``, ``"cloud"`` or ``"dusk"``: the sky.
    """
    image = Image.new("RGB", (side, side))
    pen = _Pen(random, image, edge, weather)
    pen.distance()
    pen.ground()
    return image


class _Pen:
    """Draws the place itself, in the image's own pixels."""

    def __init__(self, random: np.random.Generator, image: Image.Image, edge: float, weather: str):
        self.random, self.image, self.edge, self.weather = random, image, edge, weather
        self.side = image.width
        self.draw = ImageDraw.Draw(image)

    def rectangle(
        self, left: float, upper: float, right: float, lower: float, colour: Colour
    ) -> None:
        self.draw.rectangle((left, upper, max(left, right), max(upper, lower)), fill=rgb(colour))

    def ellipse(self, x: float, y: float, a: float, b: float, colour: Colour) -> None:
        self.draw.ellipse((x - a, y - b, x + a, y + b), fill=rgb(colour))

    def line(self, points: list, colour: Colour, width: float = 1) -> None:
        self.draw.line(points, fill=rgb(colour), width=max(1, round(width)))

    # Behind.

    def distance(self) -> None:
        """What is above the ground: a wall, or the sky and what stands before it."""
        kind = str(self.random.choice(["sky", "sky", "wall", "brick", "shed", "hedge", "fence"]))
        if kind in ("wall", "brick", "shed"):
            self.wall(kind)
            return
        self.sky()
        self.skyline()
        if kind == "hedge" or (kind == "fence" and self.random.random() < 0.5):
            self.leaves(self.edge - self.side * self.random.uniform(0.15, 0.6))
        if kind == "fence":
            self.fence()

    def sky(self) -> None:
        """From one colour above to another below, with clouds."""
        random = self.random
        ends = np.clip(_SKIES[self.weather] + random.uniform(-20, 20, 3), 0, 255)
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

    def skyline(self) -> None:
        """Hills, houses or trees on the horizon."""
        random, side = self.random, self.side
        haze = (170, 185, 200) if self.weather != "dusk" else (150, 110, 120)
        for layer in range(2):
            near = 0.35 + 0.4 * layer
            kind = random.choice(["hills", "houses", "trees", "nothing"])
            if kind == "hills":
                self.hills(mix(haze, hue(random, (0.2, 0.5), (0.25, 0.6)), near))
            elif kind == "houses":
                self.houses(haze, near)
            elif kind == "trees":
                tone = mix(haze, green(random), near)
                for _ in range(random.integers(2, 9)):
                    self.tree(random.uniform(0, side), random.uniform(0.1, 0.35) * side, tone)

    def hills(self, tone: Colour) -> None:
        random, side, edge = self.random, self.side, self.edge
        x = np.linspace(0, side, 24)
        y = sum(np.sin(x / side * f + random.uniform(0, 6)) / f for f in (4, 9, 19))
        y = edge - side * (0.12 + 0.25 * random.random() * (y + 0.4))
        places = [(0, edge), *zip(x.tolist(), y.tolist(), strict=True), (side, edge)]
        self.draw.polygon(places, fill=rgb(tone))

    def houses(self, haze: Colour, near: float) -> None:
        """A row of houses with lit or dark windows, as near as ``near`` of 0 to 1."""
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

    def tree(self, x: float, height: float, tone: Colour) -> None:
        random, edge = self.random, self.edge
        bark = mix(tone, (60, 45, 35), 0.6)
        self.line([(x, edge), (x, edge - height)], bark, height * 0.07)
        for _ in range(9):
            r, u = height * random.uniform(0.12, 0.25), x + random.normal(0, 0.16) * height
            v = edge - height * random.uniform(0.5, 1.0)
            self.ellipse(u, v, r, r, lighter(tone, random.uniform(-0.15, 0.15)))

    def leaves(self, top: float) -> None:
        """A hedge or a row of bushes."""
        random = self.random
        tone = green(random)
        self.rectangle(0, top + 0.05 * self.side, self.side, self.edge, lighter(tone, -0.2))
        places = random.uniform((0, top), (self.side, self.edge), (110, 2))
        radii = random.uniform(0.015, 0.05, 110) * self.side
        for (x, y), r, light in zip(places, radii, random.uniform(-0.3, 0.25, 110), strict=True):
            self.ellipse(x, y, r, r * 0.8, lighter(tone, light))

    def fence(self) -> None:
        random, side = self.random, self.side
        tone = mix((150, 110, 70), (235, 235, 235), random.random())
        if random.random() < 0.4:
            tone = paint_colour(random)
        top = self.edge - random.uniform(0.18, 0.5) * side
        step = random.uniform(0.03, 0.09) * side
        wide = step * random.choice([0.2, 0.6, 0.9])
        for share in (0.2, 0.75):
            y = top + share * (self.edge - top)
            self.line([(0, y), (side, y)], lighter(tone, -0.2), 0.02 * side)
        for x in np.arange(random.uniform(0, step), side, step):
            self.rectangle(x, top, x + wide, self.edge, lighter(tone, random.uniform(-0.1, 0.1)))

    def wall(self, kind: str) -> None:
        """Plaster, bricks or boards, with what is in the wall and hangs on it."""
        random, side, edge = self.random, self.side, self.edge
        vivid = random.random() < 0.45
        tone = hue(random, *(((0.3, 0.75), (0.3, 0.9)) if vivid else ((0, 0.3), (0.35, 0.95))))
        if kind == "brick" and random.random() < 0.7:
            tone = mix((150, 75, 55), (200, 150, 110), random.random())
        self.rectangle(0, 0, side, edge, tone)
        if kind == "brick":
            self.bricks(tone)
        elif kind == "shed":
            self.boards(tone)
        for _ in range(random.integers(0, 4)):
            self.opening(tone)
        if random.random() < 0.5:
            low = edge - random.uniform(0.04, 0.2) * side
            self.rectangle(0, low, side, edge, lighter(tone, random.uniform(-0.5, 0.3)))

    def boards(self, tone: Colour) -> None:
        random, side, edge = self.random, self.side, self.edge
        step, upright = random.uniform(0.02, 0.1) * side, random.random() < 0.6
        for at in np.arange(0, side, step):
            ends = [(at, 0), (at, edge)] if upright else [(0, edge - at), (side, edge - at)]
            self.line(ends, lighter(tone, -0.25), side / 150)

    def bricks(self, tone: Colour) -> None:
        random, side = self.random, self.side
        high = random.uniform(0.025, 0.06) * side
        joint = lighter(tone, random.choice([-0.3, 0.35]))
        for row, y in enumerate(np.arange(self.edge, 0, -high)):
            self.line([(0, y), (side, y)], joint, high * 0.12)
            for x in np.arange(-(row % 2) * high * 1.2, side, high * 2.4):
                if random.random() < 0.2:
                    part = lighter(tone, random.uniform(-0.2, 0.2))
                    self.rectangle(x, y - high + 1, x + high * 2.4, y - 1, part)
                self.line([(x, y - high), (x, y)], joint, high * 0.12)

    def opening(self, tone: Colour) -> None:
        """A window, a door, a poster or a round window."""
        random, side, edge = self.random, self.side, self.edge
        x, width = random.uniform(-0.1, 0.9) * side, random.uniform(0.12, 0.45) * side
        high = random.uniform(0.15, 0.5) * side
        y = edge - high if random.random() < 0.4 else random.uniform(-0.2, 0.5) * edge
        frame = lighter(tone, random.uniform(-0.4, 0.6))
        fill = mix((35, 42, 52), (170, 190, 205), random.random())
        if random.random() < 0.6:
            fill = paint_colour(random)
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

    def ground(self) -> None:
        """A street, a pavement, grass or gravel, darker at the far end."""
        random, side, edge = self.random, self.side, self.edge
        kind = random.choice(["street", "street", "grass", "pavement", "gravel"])
        tone = tuple(random.uniform(50, 160) + random.uniform(-14, 14, 3))
        if kind == "grass":
            tone = green(random)
        elif kind == "gravel":
            tone = mix((125, 100, 75), (200, 185, 160), random.random())
        share = np.linspace(-0.18, 0.12, 32)[:, None, None]
        column = np.clip(np.array(tone) * (1 + share), 0, 255).astype(np.uint8)
        rows = max(1, side - round(edge))
        self.image.paste(Image.fromarray(column).resize((side, rows)), (0, round(edge)))
        if kind == "street":
            self.street(tone)
        elif kind == "pavement":
            self.slabs(tone)
        else:
            self.tufts(tone)

    def tufts(self, tone: Colour) -> None:
        """Blades of grass, or scratches in the gravel."""
        random, side, edge = self.random, self.side, self.edge
        places = random.uniform((0, edge), (side, side), (90, 2))
        for (x, y), light in zip(places, random.uniform(-0.25, 0.25, 90), strict=True):
            top = y - (0.4 + (y - edge) / (side - edge)) * 0.03 * side
            self.line([(x, y), (x + random.normal(0, 2), top)], lighter(tone, light), side / 96)

    def street(self, tone: Colour) -> None:
        """A pavement on the other side, and a line on the road."""
        random, side, edge = self.random, self.side, self.edge
        if random.random() < 0.6:
            walk = edge + random.uniform(0.02, 0.06) * side
            self.rectangle(0, edge, side, walk, lighter(tone, random.uniform(0.1, 0.4)))
            self.rectangle(0, walk, side, walk + 0.015 * side, lighter(tone, -0.3))
        if random.random() < 0.6:
            y = edge + random.uniform(0.4, 0.95) * (side - edge)
            step, slant = random.choice([0.35, 2.0]), random.uniform(-0.06, 0.06)
            white = mix(tone, tuple(random.choice([(245, 245, 240), (240, 200, 70)])), 0.75)
            for x in np.arange(random.uniform(-0.3, 0), 1, step):
                ends = [(share * side, y + slant * share * side) for share in (x, x + 0.6 * step)]
                self.line(ends, white, 0.02 * side)

    def slabs(self, tone: Colour) -> None:
        random, side, edge = self.random, self.side, self.edge
        joint, middle = lighter(tone, random.choice([-0.25, 0.2])), random.uniform(0, 1) * side
        for share in np.linspace(0, 1, 6) ** 1.6:
            y = edge + share * (side - edge)
            self.line([(0, y), (side, y)], joint)
        for k in range(-9, 10):
            x = middle + k * 0.13 * side
            self.line([(x, edge), (middle + (x - middle) * 2.2, side)], joint)
