"""The measures of cars: body types, and a side view that is widened into a body."""

from typing import NamedTuple

import numpy as np

from cnnvis.standins.vehicles.solids import Colour, Outline, Shape, mix, rounded


class Type(NamedTuple):
    """A body type. Lengths are in metres, places are shares of the length from the front."""

    length: tuple[float, float]
    height: tuple[float, float]
    cowl: float  # where the bonnet meets the windscreen
    top: float  # where the windscreen meets the roof
    end: float  # where the roof ends
    foot: float  # where the rear window ends
    deck: float = 0.62  # the height of the boot or the tailgate's window, as a share of the car's
    belt: float = 0.62  # the height of the side windows' lower edge, likewise
    wheel: float = 0.31  # its radius
    doors: tuple[float, ...] = (0.55,)  # pillars between the side windows


TYPES = {
    "hatchback": Type((3.5, 3.9), (1.45, 1.55), 0.25, 0.42, 0.84, 0.96, doors=(0.56,)),
    "saloon": Type((4.0, 4.4), (1.4, 1.48), 0.27, 0.43, 0.68, 0.83, 0.65),
    "estate": Type((4.0, 4.4), (1.43, 1.55), 0.26, 0.42, 0.88, 0.97, doors=(0.53, 0.74)),
    "van": Type((4.0, 4.5), (1.85, 2.1), 0.13, 0.25, 0.96, 0.985, 0.55, 0.53, 0.32, (0.42, 0.7)),
    "pickup": Type((4.2, 4.6), (1.65, 1.8), 0.26, 0.38, 0.58, 0.62, 0.57, 0.58, 0.37, (0.5,)),
    "SUV": Type((3.9, 4.3), (1.65, 1.8), 0.25, 0.39, 0.87, 0.96, 0.6, 0.6, 0.37, (0.53, 0.74)),
    "coupé": Type((3.8, 4.2), (1.25, 1.33), 0.34, 0.51, 0.64, 0.9, 0.67, 0.65, 0.33, ()),
    "roadster": Type((3.6, 4.0), (1.15, 1.25), 0.36, 0.46, 0.46, 0.5, 0.7, 0.7, 0.32, ()),
    "city car": Type((2.7, 3.2), (1.45, 1.58), 0.18, 0.36, 0.87, 0.97, 0.6, 0.6, 0.28, (0.6,)),
}


class Body:
    """The measures of one car.

    Args:
        random: Where its measures come from.
        name: Its type, a key of `TYPES`.
        colour: Of its paint.
        trim: Of a second paint.
    """

    def __init__(self, random: np.random.Generator, name: str, colour: Colour, trim: Colour):
        kind = TYPES[name]
        self.random, self.name, self.kind = random, name, kind
        self.colour, self.trim = colour, trim
        self.roof = trim if name != "van" and random.random() < 0.12 else colour
        self.length, self.height = random.uniform(*kind.length), random.uniform(*kind.height)
        self.half = random.uniform(0.8, 0.88)
        self.radius = kind.wheel * random.uniform(0.97, 1.12)
        self.sill = self.radius * random.uniform(0.6, 0.75)
        self.belt = self.height * (kind.belt + random.uniform(-0.02, 0.02))
        self.lean = 1 / max(self.height - self.belt, 0.1)
        self.deck = max(self.height * kind.deck, self.belt)
        self.nose = self.belt * random.uniform(0.74, 0.84)
        front, rear = random.uniform(0.16, 0.2), random.uniform(0.17, 0.22)
        self.axles = [self.at(front), self.at(1 - rear)]
        self.glass = mix((50, 57, 66), (180, 200, 215), random.random())
        if random.random() < 0.35:
            self.glass = (*self.glass, random.uniform(120, 200))
        self.outline = self._outline()
        self.ends = {}
        for end in (1, -1):
            face = sorted((y, x) for x, y in self.outline if x * end > 0.36 * self.length)
            self.ends[end] = tuple(zip(*face, strict=True))

    def at(self, share: float) -> float:
        """The place that is a share of the car's length behind its front."""
        return (0.5 - share) * self.length

    def _outline(self) -> Outline:
        """The side view's upper edge, from the front's lower end to the rear's."""
        kind, h = self.kind, self.height
        roof = [
            (self.at(kind.cowl), self.belt),
            (self.at(kind.top - 0.01), h * 0.985),
            (self.at(0.5 * (kind.top + kind.end)), h * 1.01),
            (self.at(kind.end), h * 0.98),
            (self.at(kind.foot), self.deck * 1.01),
        ]
        if self.name == "roadster":
            roof = [(self.at(kind.cowl), self.belt), (self.at(0.5), self.belt * 0.97)]
            roof += [(self.at(0.66), self.belt * 0.98), (self.at(0.72), self.belt * 1.05)]
        corners = [
            (self.at(0.012), self.sill),
            (self.at(0.0), self.nose * 0.55),
            (self.at(0.008), self.nose),
            (self.at(0.05), self.nose * 1.09),
            *roof,
            (self.at(0.985), self.deck * 0.97),
            (self.at(1.0), self.deck * 0.6),
            (self.at(0.99), self.sill),
        ]
        return rounded(corners, 2, closed=False)

    def width(self, x: float, y: float) -> float:
        """Half the car's width at a place of the side view."""
        width, end = self.half, abs(x) / self.length - 0.35
        if end > 0:  # front and rear are rounded
            width *= 1 - 9.8 * end * end
        if y > self.belt:  # the windows lean inwards
            return width * (1 - 0.2 * min((y - self.belt) * self.lean, 1))
        below = 0.75 - y / self.belt
        return width * (1 - 0.12 * below) if below > 0 else width

    def side(self, outline: Outline, out: float = 0.006) -> list[tuple[float, float, float]]:
        """Places of the side view, on the near side of the body."""
        return [(x, y, self.width(x, y) + out) for x, y in outline]

    def patch(self, outline: Outline, colour: Colour, width: float = 0.0) -> list[Shape]:
        """A patch of the near side, or a line on it."""
        return [Shape(self.side(outline), colour, width)] if len(outline) > 1 else []

    def across(self, low: float, high: float, left: float, right: float, end: int) -> list:
        """A patch of the front (end 1) or the rear (-1): heights, and shares of the half width."""
        points = []
        for y, share in ((low, left), (low, right), (high, right), (high, left)):
            x = float(np.interp(y, *self.ends[end]))
            points.append((x + 0.012 * end, y, -end * share * self.width(x, y)))
        return points
