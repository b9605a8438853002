"""Bicycles for racing, for town, for the mountains; folding, for two, and for a load."""

import numpy as np

from cnnvis.standins.vehicles.solids import (
    Colour,
    Shape,
    Thing,
    around,
    disc,
    flat,
    lighter,
    mix,
    moved,
    ring,
    rounded,
    slab,
    stroke,
    tube,
    upright,
)

_CHROME = (200, 204, 210)
_KINDS = (
    "racer",
    "racer",
    "town",
    "town",
    "step-through",
    "mountain",
    "folding",
    "tandem",
    "cargo",
)


def bicycle(random: np.random.Generator, colour: Colour, trim: Colour) -> Thing:
    """A bicycle of random kind.

    Args:
        random: Where its measures come from.
        colour: Of its frame.
        trim: Of its bags, mudguards and the like.
    """
    return Thing(_Bicycle(random, str(random.choice(_KINDS)), colour, trim).shapes())


class _Bicycle:
    """The measures of one bicycle, and its shapes. Places are points (x, y) of the side view."""

    def __init__(self, random: np.random.Generator, name: str, colour: Colour, trim: Colour):
        self.random, self.name, self.colour, self.trim = random, name, colour, trim
        self.black = lighter((0, 0, 0), random.uniform(0.1, 0.2))
        self.metal = lighter(_CHROME, random.uniform(-0.35, 0.2))
        self.rubber = mix((38, 38, 40), (165, 120, 75), float(random.choice([0, 0, 0, 0.7])))
        self.leather = mix(self.black, (125, 75, 40), float(random.choice([0, 0, 0.9])))
        radius = {"folding": 0.25, "mountain": 0.36}.get(name, 0.345) * random.uniform(0.95, 1.05)
        thick = {"racer": 0.03, "mountain": 0.065}.get(name, 0.045)
        self.tyre = thick * random.uniform(0.9, 1.3)
        base = {"tandem": 1.6, "cargo": 1.75, "racer": 1.02}.get(name, 1.1)
        base += random.uniform(-0.04, 0.1)
        self.radii = radius, 0.25 if name == "cargo" else radius
        self.rear = np.array([-base / 2, radius])
        self.front = np.array([base / 2, self.radii[1]])
        self.crank = np.array([self.rear[0] + 0.45, 0.28])
        self.width = random.uniform(0.036, 0.05) + 0.012 * (name == "mountain")
        self._frame_joints()

    def _frame_joints(self) -> None:
        random = self.random
        self.seat = self.crank + random.uniform(0.42, 0.55) * np.array([-0.28, 0.96])
        self.saddle = self.seat + random.uniform(0.08, 0.2) * np.array([-0.28, 0.96])
        lean = np.array([-0.3, 0.95])
        if self.name == "cargo":
            self.crown = moved(self.crank, 0.5, 0.25)
        else:
            self.crown = self.front + lean * (self.radii[1] + 0.06) + (0.03, 0)
        high = self.seat[1] + random.uniform(-0.04, 0.1)
        self.head = self.crown + lean * max(0.13, high - self.crown[1])
        self.second = moved(self.crank, 0.62, 0.0)  # a tandem's other crank

    def shapes(self) -> list[Shape]:
        """All shapes, the farthest first."""
        shapes = self._pedal(self.crank, -1) + self._bar(-1)
        for hub, radius in zip((self.rear, self.front), self.radii, strict=True):
            shapes += self._wheel(hub, radius)
        if self.name in ("step-through", "folding") or self.random.random() < 0.35:
            shapes += self._guards()
        shapes += self._frame() + self._seat(self.seat, self.saddle)
        if self.name == "tandem":
            shapes += self._seat(moved(self.second, -0.13, 0.46), moved(self.second, -0.17, 0.6))
            shapes += self._chain(self.crank, self.second)
            shapes += self._pedal(self.second, 1)
        shapes += self._luggage() + self._chain(self.rear, self.crank)
        return shapes + self._pedal(self.crank, 1) + self._bar(1)

    def _wheel(self, hub: np.ndarray, radius: float) -> list[Shape]:
        """Tyre, rim, spokes and hub."""
        inner, count = radius - self.tyre, int(self.random.integers(9, 15)) * 2
        turn, thin = self.random.uniform(0, 30), lighter(self.metal, -0.1)
        spokes = [
            stroke([(*hub, 0.02 * (-1) ** k), (*end, 0)], 0.006, thin)
            for k, end in enumerate(around(hub, inner, turn, turn + 360, count))
        ]
        return [
            ring(hub, radius, inner, -self.tyre / 3, self.rubber),
            *spokes,
            ring(hub, inner + 0.005, inner - 0.02, 0, self.metal),
            ring(hub, radius, inner, self.tyre / 3, self.rubber),
            disc(hub, 0.03, 0.02, lighter(self.metal, -0.3)),
        ]

    def _guards(self) -> list[Shape]:
        tone = self.trim if self.random.random() < 0.4 else self.colour
        arcs = (self.rear, self.radii[0], 10, 190), (self.front, self.radii[1], 35, 175)
        return [
            flat(around(hub, radius + 0.035, start, stop, 14), 0, tone, 0.04)
            for hub, radius, start, stop in arcs
        ]

    def _frame(self) -> list[Shape]:
        """The tubes between hubs, crank, saddle and handlebar."""
        wide, colour, dark = self.width, self.colour, lighter(self.colour, -0.2)
        crown, head, crank, seat = self.crown, self.head, self.crank, self.seat
        fork = [crown, crown + 0.65 * (self.front - crown) - (0.02, 0), self.front]
        neck = crown + 0.2 * (head - crown)
        stays = [(crank, self.rear), (seat, self.rear)] + [fork] * (self.name != "cargo")
        shapes = [stroke(upright(stay, -0.05), wide * 0.6, dark) for stay in stays]
        if self.name == "tandem":
            post = moved(self.second, -0.13, 0.46)
            for tubes in ((self.second, post), (crank, self.second), (self.second, neck)):
                shapes += tube(upright(tubes), wide, colour)
        elif self.name == "cargo":
            shapes += self._hold(neck)
        else:
            shapes += tube(upright([crank, neck]), wide * 1.15, colour)
        shapes += tube(upright([crank, seat]), wide, colour)
        shapes += tube(upright(self._top_tube()), wide, colour)
        for stay in stays:
            shapes += tube(upright(stay, 0.05), wide * 0.65, colour)
        return shapes + tube(upright([crown, head]), wide * 1.2, colour)

    def _top_tube(self) -> list:
        """From the head to the saddle's tube: straight, or low so that one can step through."""
        if self.name not in ("step-through", "folding", "cargo"):
            return [self.seat, self.crown + 0.85 * (self.head - self.crown)]
        start = self.crown + 0.55 * (self.head - self.crown)
        stop = self.crank + self.random.uniform(0.25, 0.5) * (self.seat - self.crank)
        return rounded([start, 0.5 * (start + stop) - (0, 0.09), stop], 2, closed=False)

    def _hold(self, neck: np.ndarray) -> list[Shape]:
        """A cargo bicycle's long tubes and its box."""
        x, y = self.front
        low, left = 0.24, neck[0] + 0.1
        shapes = tube(upright([self.crank, (left, low), (x - 0.1, low), (x, y)]), 0.05, self.colour)
        shapes += tube(upright([self.crank, neck]), self.width, self.colour)
        shapes += tube(upright([(x, y), (x - 0.08, y + 0.3)]), 0.05, self.colour)
        tall = self.random.uniform(0.3, 0.5)
        box = [
            (left, low + 0.04),
            (x - 0.25, low + 0.04),
            (x - 0.1, low + tall),
            (left, low + tall),
        ]
        shapes += slab(box, 0.25, 0.5, self.trim)
        line = [(left, low + 0.7 * tall), (x - 0.16, low + 0.7 * tall)]
        return [*shapes, flat(line, 0.252, lighter(self.trim, 0.35), 0.03)]

    def _seat(self, tube_end: np.ndarray, top: np.ndarray) -> list[Shape]:
        outline = [(-0.14, 0.05), (-0.12, -0.01), (0, 0), (0.14, 0.01), (0.15, 0.03), (0, 0.04)]
        shapes = tube(upright([tube_end, top]), 0.034, self.metal)
        return shapes + slab(
            [(x + top[0], y + top[1]) for x, y in rounded(outline, 1)], 0.06, 0.12, self.leather
        )

    def _pedal(self, crank: np.ndarray, side: int) -> list[Shape]:
        end = crank + 0.17 * side * np.array([0.87, 0.5])
        z = 0.07 * side
        sole = [(end[0] - 0.05, end[1], z * 1.6), (end[0] + 0.05, end[1], z * 1.6)]
        return [
            stroke(upright([crank, end], z), 0.028, self.metal),
            stroke(sole, 0.04, self.black),
        ]

    def _chain(self, rear: np.ndarray, crank: np.ndarray) -> list[Shape]:
        tone = self.metal if self.random.random() < 0.6 else self.black
        shapes = [
            stroke(
                upright([moved(crank, 0, sign * 0.08), moved(rear, 0, sign * 0.035)], 0.03),
                0.013,
                tone,
            )
            for sign in (-1, 1)
        ]
        return [*shapes, ring(crank, 0.1, 0.065, 0.03, tone)]

    def _bar(self, side: int) -> list[Shape]:
        """One half of the handlebar: dropped, straight, or swept back."""
        (x, y), z = moved(self.head, 0.04, 0.07), 0.28 * side
        path, wide, tone = (
            [(x, y, 0), (x + 0.05, y + 0.06, z / 2), (x - 0.08, y + 0.06, z)],
            0.036,
            0,
        )
        grip = [path[-1], (x - 0.19, y + 0.04, z)]
        if self.name == "racer":
            z *= 0.75
            path = [(x, y, 0), (x + 0.02, y, z), (x + 0.12, y, z), (x + 0.15, y - 0.08, z)]
            path, wide, tone = [*path, (x + 0.1, y - 0.15, z), (x, y - 0.16, z)], 0.042, 1
            grip = path[-2:]
        elif self.name == "mountain":
            path = [(x, y, 0), (x - 0.02, y + 0.02, 0.75 * z)]
            grip = [path[-1], (x - 0.05, y + 0.02, 1.1 * z)]
        bar = stroke(rounded(path, 1, closed=False), wide, mix(self.metal, self.black, tone))
        stem = tube(upright([self.head, (x, y)]), 0.036, self.metal) if side > 0 else []
        return [*stem, bar, stroke(grip, 0.046, self.black)]

    # What it carries.

    def _luggage(self) -> list[Shape]:
        """A rack, bags, a basket, a child's seat, lamps, a bottle."""
        random, shapes = self.random, []
        if self.name in ("step-through", "town", "folding", "tandem") and random.random() < 0.75:
            shapes += self._rack()
        if self.name in ("step-through", "town") and random.random() < 0.5:
            shapes += self._basket()
        elif self.name not in ("racer", "cargo") and random.random() < 0.5:
            lamp = around(moved(self.head, 0.1, -0.06), 0.055, count=8)
            shapes += slab(lamp, 0.05, 0.1, (232, 232, 215))
        if self.name in ("racer", "mountain") and random.random() < 0.5:
            along = self.crown + 0.2 * (self.head - self.crown) - self.crank
            across = np.array([-along[1], along[0]]) / np.linalg.norm(along) * 0.06
            bottle = [self.crank + across + share * along for share in (0.35, 0.7)]
            shapes += tube(upright(bottle), 0.08, self.trim)
        return shapes

    def _rack(self) -> list[Shape]:
        (x, y), level, black = self.rear, 2 * self.radii[0] + 0.08, self.black
        shapes = [stroke(upright([(x - 0.22, level), (x + 0.22, level)]), 0.028, black)]
        shapes += [stroke(upright([(x - 0.12, level), (x, y)], 0.05), 0.016, black)]
        lamp = [(x - 0.23, level - 0.01), (x - 0.23, level - 0.05)]
        shapes += [stroke(upright(lamp), 0.05, (205, 35, 30))]
        load = self.random.choice(["nothing", "bag", "bag", "child's seat", "crate"])
        if load == "bag":
            bag = [(x - 0.22, level), (x - 0.2, y + 0.08), (x + 0.12, y + 0.08), (x + 0.15, level)]
            shapes += slab(rounded(bag, 1), 0.18, 0.12, self.trim)
        elif load == "child's seat":
            seat = [(x - 0.2, level + 0.42), (x - 0.24, level), (x + 0.12, level - 0.12)]
            seat += [(x + 0.18, level - 0.08), (x + 0.04, level + 0.1), (x - 0.1, level + 0.42)]
            shapes += slab(rounded(seat, 2), 0.14, 0.28, mix(self.black, self.trim, 0.5))
        elif load == "crate":
            crate = [(x - 0.2, level), (x + 0.18, level), (x + 0.2, level + 0.24)]
            shapes += slab([*crate, (x - 0.22, level + 0.24)], 0.15, 0.3, self.trim)
        return shapes

    def _basket(self) -> list[Shape]:
        x, y = moved(self.head, 0.06, -0.18)
        high = self.random.uniform(0.2, 0.28)
        corners = np.array([(x + 0.03, y), (x + 0.27, y), (x + 0.33, y + high), (x, y + high)])
        tone = mix((160, 112, 65), self.black, float(self.random.choice([0, 0, 0.8])))
        a, b, c, d = corners
        shapes = slab(corners, 0.16, 0.32, tone)
        for share in (0.2, 0.4, 0.6, 0.8):
            rows = [a + share * (d - a), b + share * (c - b)]
            columns = [a + share * (b - a), d + share * (c - d)]
            shapes += [flat(rows, 0.161, lighter(tone, -0.35), 0.014)]
            shapes += [flat(columns, 0.161, lighter(tone, 0.25), 0.012)]
        return shapes
