"""Cars of several body types, built of a side view that is widened into a body."""

from typing import NamedTuple

import numpy as np

from cnnvis.standins.shapes import (
    Colour,
    Shape,
    around,
    cut,
    disc,
    flat,
    lighter,
    mix,
    rounded,
    stroke,
)


class _Type(NamedTuple):
    """A body type. Lengths are in metres, places are shares of the length from the front."""

    length: tuple[float, float]
    height: tuple[float, float]
    cowl: float  # where the bonnet meets the windscreen
    top: float  # where the windscreen meets the roof
    end: float  # where the roof ends
    foot: float  # where the rear window ends
    deck: float  # the height of the boot, as a share of the car's
    belt: float = 0.62  # the height of the windows' lower edge, likewise
    wheel: float = 0.31
    doors: tuple[float, ...] = (0.5,)  # pillars between the windows


_TYPES = {
    "hatchback": _Type((3.6, 4.0), (1.45, 1.55), 0.25, 0.42, 0.84, 0.96, 0.62, doors=(0.56,)),
    "saloon": _Type((4.1, 4.5), (1.4, 1.48), 0.27, 0.43, 0.68, 0.83, 0.64, doors=(0.55,)),
    "estate": _Type((4.1, 4.5), (1.43, 1.55), 0.26, 0.42, 0.88, 0.97, 0.62, doors=(0.53, 0.74)),
    "van": _Type((4.0, 4.5), (1.85, 2.1), 0.13, 0.25, 0.96, 0.985, 0.55, 0.53, 0.32, (0.42, 0.7)),
    "pickup": _Type((4.3, 4.7), (1.65, 1.8), 0.26, 0.38, 0.58, 0.62, 0.56, 0.58, 0.37, (0.5,)),
    "SUV": _Type((3.9, 4.4), (1.65, 1.8), 0.25, 0.39, 0.87, 0.96, 0.6, 0.6, 0.37, (0.53, 0.74)),
    "coupé": _Type((3.9, 4.3), (1.25, 1.33), 0.34, 0.51, 0.64, 0.9, 0.66, 0.64, 0.33, ()),
    "city car": _Type((2.8, 3.3), (1.45, 1.58), 0.18, 0.36, 0.87, 0.97, 0.6, 0.6, 0.28, (0.6,)),
}
_ROUGH = (30, 31, 34)


def car(random: np.random.Generator, colour: Colour, trim: Colour) -> list[Shape]:
    """A car of random type."""
    return _Car(random, _TYPES[str(random.choice(list(_TYPES)))], colour, trim).shapes()


class _Car:
    """The measures and the shapes of one car."""

    def __init__(self, random: np.random.Generator, kind: _Type, colour: Colour, trim: Colour):
        self.random, self.kind, self.colour, self.trim = random, kind, colour, trim
        self.length, self.height = random.uniform(*kind.length), random.uniform(*kind.height)
        self.half = random.uniform(0.8, 0.88)
        self.radius = kind.wheel * random.uniform(0.95, 1.1)
        self.sill = self.radius * random.uniform(0.6, 0.75)
        self.belt = self.height * (kind.belt + random.uniform(-0.02, 0.02))
        front, rear = random.uniform(0.16, 0.2), random.uniform(0.17, 0.22)
        self.axles = [self.at(front), self.at(1 - rear)]
        self.nose = self.height * random.uniform(0.44, 0.54)
        self.glass = mix((45, 52, 60), (165, 185, 205), random.uniform(0, 0.8))
        if random.random() < 0.35:
            self.glass = (*self.glass, random.uniform(120, 200))
        self.outline = self._outline()

    def at(self, share: float) -> float:
        """The place that is a share of the car's length behind its front."""
        return (0.5 - share) * self.length

    def _outline(self) -> np.ndarray:
        """The side view, counterclockwise from the front's lower edge."""
        kind, h = self.kind, self.height
        deck = h * kind.deck
        corners = [
            (self.at(0.01), self.sill),
            (self.at(0.0), self.nose * 0.6),
            (self.at(0.012), self.nose * 0.98),
            (self.at(0.06), self.nose * 1.08),
            (self.at(kind.cowl), self.belt),
            (self.at(kind.top - 0.01), h * 0.985),
            (self.at(0.5 * (kind.top + kind.end)), h * 1.015),
            (self.at(kind.end), h * 0.98),
            (self.at(kind.foot), deck * 1.01),
            (self.at(0.985), deck * 0.97),
            (self.at(1.0), deck * 0.6),
            (self.at(0.99), self.sill),
        ]
        return rounded(corners, 2, closed=False)

    def width(self, points: np.ndarray) -> np.ndarray:
        """Half the car's width at points of the side view, (n, 2)."""
        x, y = np.abs(points[:, 0]) / (self.length / 2), points[:, 1]
        plan = 1 - 0.2 * np.clip((x - 0.72) / 0.28, 0, 1) ** 2
        above = np.clip((y - self.belt) / (self.height - self.belt), 0, 1)
        below = np.clip((0.75 * self.belt - y) / self.belt, 0, 1)
        return self.half * plan * (1 - 0.2 * above) * (1 - 0.12 * below)

    def side(self, outline: np.ndarray, out: float = 0.0) -> np.ndarray:
        """Points of the side view, (n, 2), on the near side of the body, (n, 3)."""
        outline = np.asarray(outline, float)
        return np.column_stack([outline, self.width(outline) + out])

    def on_side(self, outline: np.ndarray, colour: Colour, **how: bool) -> list[Shape]:
        """A patch of the near side."""
        if len(outline) < 3:
            return []
        return [Shape(self.side(outline, 0.005), colour, **how)]

    def across(self, low: float, high: float, left: float, right: float, end: int) -> np.ndarray:
        """A patch of the front (end 1) or the rear (-1): heights, and shares of the half width."""
        points = []
        for y, share in ((low, left), (low, right), (high, right), (high, left)):
            place = self._end(y, end)
            points.append((place + 0.012 * end, y, self.half * 0.86 * share * end))
        return np.array(points)

    def _end(self, y: float, end: int) -> float:
        half = self.outline[self.outline[:, 0] * end > 0.36 * self.length]
        order = np.argsort(half[:, 1])
        return float(np.interp(y, half[order, 1], half[order, 0]))

    def shapes(self) -> list[Shape]:
        """All shapes, the farthest first."""
        shapes = self._below()
        shapes += self._strips()
        shapes += self._windscreens()
        shapes += self._front() + self._rear()
        shapes += self._body()
        shapes += self._windows()
        shapes += self._details()
        for x in self.axles:
            shapes += self._arch(x) + self._wheel(x)
        return shapes

    def _below(self) -> list[Shape]:
        """The far wheels and the dark underside."""
        shapes = []
        for x in self.axles:
            for z in (-self.half, -self.half + 0.2):
                shapes += [disc((x, self.radius), self.radius, z, _ROUGH)]
        low, x = self.sill * 0.7, self.length * 0.44
        dark = (20, 20, 23)
        floor = [(-x, low), (x, low), (x, self.sill * 1.2), (-x, self.sill * 1.2)]
        shapes += [flat(floor, z * self.half, dark) for z in (-0.8, 0, 0.8)]
        for x in self.axles:
            shapes += [disc((x, self.radius), self.radius, self.half - 0.22, _ROUGH)]
        return shapes

    def _strips(self) -> list[Shape]:
        """Front, bonnet, roof and rear: the side view's edge, widened."""
        outline, width = self.outline, self.width(self.outline)
        near, far = np.column_stack([outline, width]), np.column_stack([outline, -width])
        strips = np.stack([near[:-1], far[:-1], far[1:], near[1:]], 1)
        middle = strips[:, :, 0].mean(1)
        order = np.argsort(-np.abs(middle - self.at(0.5)) < -9, kind="stable")
        return [Shape(strips[k], self.colour, solid=True) for k in order]

    def _pane(self, low: tuple, high: tuple, shares: tuple) -> np.ndarray:
        """A window across the car between two points of the side view, inset."""
        low, high = np.array(low), np.array(high)
        ends = np.array([low + (high - low) * shares[0], low + (high - low) * shares[1]])
        ends = ends + np.array([0.03 * np.sign(low[0] - high[0]), 0.012])
        width = self.width(ends) * 0.88
        (a, b), (v, w) = ends, width
        points = np.array([(*a, v), (*a, -v), (*b, -w), (*b, w)])
        return points if low[0] > high[0] else points[::-1]

    def _windscreens(self) -> list[Shape]:
        kind, h = self.kind, self.height
        front = self._pane((self.at(kind.cowl), self.belt), (self.at(kind.top), h), (0.08, 0.9))
        rear = self._pane((self.at(kind.foot), h * kind.deck), (self.at(kind.end), h), (0.12, 0.88))
        shapes = []
        for pane in (front, rear):
            shapes += [Shape(pane, self.glass, solid=True)]
            gleam = pane[[0, 1]] * 0.75 + pane[[3, 2]] * 0.25
            mid = gleam[0] * 0.3 + gleam[1] * 0.7
            streak = np.array(
                [
                    mid,
                    gleam[0] * 0.1 + gleam[1] * 0.9,
                    pane[3] * 0.3 + pane[2] * 0.7,
                    pane[3] * 0.55 + pane[2] * 0.45,
                ]
            )
            shapes += [Shape(streak, lighter(self.glass[:3], 0.35), solid=True)]
        return shapes

    def _front(self) -> list[Shape]:
        n, random = self.nose, self.random
        dark = (28, 29, 32)
        low, high = n * random.uniform(0.62, 0.72), n * random.uniform(0.88, 0.98)
        wide = random.uniform(0.35, 0.62)
        grille = self.across(low, high, -wide, wide, 1)
        shapes = [Shape(grille, dark, solid=True)]
        bars = lighter(_ROUGH, random.uniform(0.2, 0.7))
        for share in (0.3, 0.65):
            y = low + (high - low) * share
            shapes += [Shape(self.across(y - 0.012, y + 0.012, -wide, wide, 1), bars, solid=True)]
        shapes += [Shape(self.across(self.sill + 0.03, n * 0.5, -0.75, 0.75, 1), dark, solid=True)]
        plate = self.across(n * 0.48, n * 0.6, -0.24, 0.24, 1)
        shapes += [Shape(plate, (235, 235, 225), solid=True)]
        for left, right in ((-1.0, -0.66), (0.66, 1.0)):
            lamp = self.across(n * 0.72, n * 0.96, left, right, 1)
            shapes += [Shape(lamp, (232, 236, 238), solid=True)]
            middle = lamp.mean(0)
            shapes += [Shape(middle + (lamp - middle) * 0.45, (255, 255, 250), solid=True)]
        return shapes

    def _rear(self) -> list[Shape]:
        deck = self.height * self.kind.deck
        red = (190, 28, 30)
        shapes = []
        for left, right in ((-1.0, -0.7), (0.7, 1.0)):
            lamp = self.across(deck * 0.66, deck * 0.92, left, right, -1)
            shapes += [Shape(lamp, red, solid=True)]
        shapes += [
            Shape(
                self.across(deck * 0.66, deck * 0.78, -0.28, 0.28, -1), (235, 232, 215), solid=True
            )
        ]
        line = self.across(deck * 0.56, deck * 0.58, -0.95, 0.95, -1)
        shapes += [Shape(line, lighter(self.colour, -0.45), solid=True)]
        low = self.across(self.sill + 0.02, deck * 0.36, -0.95, 0.95, -1)
        return [*shapes, Shape(low, _ROUGH, solid=True)]

    def _body(self) -> list[Shape]:
        """The near side, in bands and slices that catch the light differently."""
        levels = [0, 0.35 * self.belt, 0.6 * self.belt, 0.8 * self.belt, 0.93 * self.belt]
        levels += [self.belt, 0.5 * (self.belt + self.height), self.height * 1.1]
        places = np.array([-0.51, -0.45, -0.37, 0.37, 0.45, 0.51]) * self.length
        whole = self.outline
        shapes = []
        for low, high in zip(levels[:-1], levels[1:], strict=True):
            band = cut(cut(whole, 0, 1, low), 0, -1, -high)
            for left, right in zip(places[:-1], places[1:], strict=True):
                part = cut(cut(band, 1, 0, left), -1, 0, -right)
                if len(part) > 2:
                    shapes += [Shape(self.side(part), self.colour, solid=True)]
        shine = np.array([(self.at(0.03), self.belt * 0.86), (self.at(0.97), self.belt * 0.88)])
        shapes += [Shape(self.side(shine, 0.004), lighter(self.colour, 0.4), 0.02)]
        if self.random.random() < 0.5:
            strip = np.array([(self.axles[0] - 0.4, self.sill), (self.axles[1] + 0.4, self.sill)])
            shapes += [Shape(self.side(strip + (0, 0.04), 0.004), _ROUGH, 0.09)]
        return shapes

    def _windows(self) -> list[Shape]:
        kind, h, margin = self.kind, self.height, 0.05
        deck = max(h * kind.deck, self.belt) + margin * 0.6
        low = self.belt + margin * 0.6
        house = [
            (self.at(kind.cowl) - 0.14, low),
            (self.at(kind.top) - 0.08, h - 0.09),
            (self.at(kind.end) + 0.02, h - 0.1),
            (self.at(kind.foot) + 0.12, deck),
            (self.at(kind.foot) + 0.14, low),
        ]
        house = rounded(house, 1)
        edges = [self.at(0), *(self.at(share) for share in kind.doors), self.at(1)]
        shapes = []
        for k, (right, left) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
            if kind.wheel == 0.32 and k == 1 and self.colour[0] > 128:
                continue  # a van with closed sides
            pane = cut(cut(house, -1, 0, -(right - 0.035)), 1, 0, left + 0.035)
            shapes += self.on_side(pane, self.glass)
            upper = cut(pane, 0, 1, 0.55 * low + 0.45 * h)
            shapes += self.on_side(upper, lighter(self.glass[:3], 0.16) + tuple(self.glass[3:]))
            middle = pane[:, 0].mean() if len(pane) else 0
            streak = cut(
                cut(pane, 1, -0.7, middle - 0.7 * h * 0.8 - 0.1),
                -1,
                0.7,
                -middle + 0.7 * h * 0.8 - 0.12,
            )
            shapes += self.on_side(streak, lighter(self.glass[:3], 0.4))
        return shapes

    def _details(self) -> list[Shape]:
        """Door lines, handles, mirror, and the lamps as the side shows them."""
        dark, kind = lighter(self.colour, -0.4), self.kind
        shapes = []
        doors = [kind.cowl + 0.06, *(kind.doors or (0.66,))][:3]
        for share in doors:
            x = self.at(share)
            line = [(x, self.belt), (x + 0.01, self.sill + 0.12)]
            shapes += [Shape(self.side(line, 0.006), dark, 0.018)]
        for share in doors[1:]:
            x, y = self.at(share) + 0.1, self.belt * 0.88
            grip = [(x, y), (x + 0.14, y)]
            shapes += [Shape(self.side(grip, 0.02), lighter(self.colour, -0.5), 0.035)]
        x = self.at(kind.cowl + 0.05)
        mirror = around((x, self.belt + 0.08), 0.09, count=10) * (1, 1)
        shapes += self.on_side(mirror, mix(self.colour, _ROUGH, self.random.choice([0.2, 0.9])))
        n, deck = self.nose, self.height * kind.deck
        lamp = [
            (self.at(0.012), n * 0.72),
            (self.at(0.075), n * 0.82),
            (self.at(0.085), n),
            (self.at(0.02), n * 0.96),
        ]
        shapes += self.on_side(cut(np.array(lamp), -1, 0, -9), (235, 238, 240))
        lamp = [
            (self.at(0.99), deck * 0.66),
            (self.at(0.985), deck * 0.92),
            (self.at(0.95), deck * 0.92),
            (self.at(0.96), deck * 0.66),
        ]
        return shapes + self.on_side(np.array(lamp), (190, 28, 30))

    def _arch(self, x: float) -> list[Shape]:
        arch = cut(around((x, self.radius), self.radius * 1.16, count=32), 0, 1, self.sill)
        return self.on_side(arch, (18, 18, 20))

    def _wheel(self, x: float) -> list[Shape]:
        random, centre, r = (
            np.random.default_rng(int(self.length * 1e6)),
            (x, self.radius),
            self.radius,
        )
        z = self.half + 0.01
        metal = lighter((190, 193, 198), random.uniform(-0.55, 0.1))
        shapes = [disc(centre, r, z - 0.12, _ROUGH), disc(centre, r, z, (40, 40, 43))]
        rim = r * random.uniform(0.62, 0.74)
        shapes += [
            disc(centre, rim, z + 0.005, lighter(metal, -0.55)),
        ]
        spokes = int(random.choice([5, 5, 6, 7, 9, 10]))
        style = random.random()
        if style < 0.25:
            shapes += [disc(centre, rim * 0.95, z + 0.006, metal)]
            shapes += [
                disc(tuple(p), rim * 0.12, z + 0.007, lighter(metal, -0.6))
                for p in around(centre, rim * 0.62, 0, 360, spokes)
            ]
        else:
            shapes += [
                flat(
                    np.concatenate(
                        [around(centre, rim, 0, 359.9), around(centre, rim * 0.86, 0, 359.9)[::-1]]
                    ),
                    z + 0.006,
                    metal,
                )
            ]
            wide = 0.35 * r * 2 / spokes + 0.02
            for p in around(centre, rim * 0.9, 18, 378, spokes):
                shapes += [stroke(np.array([[*centre, z + 0.007], [*p, z + 0.007]]), wide, metal)]
        return [*shapes, disc(centre, rim * 0.24, z + 0.008, lighter(metal, 0.2))]
