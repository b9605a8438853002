"""Motorcycles, naked, with a fairing, low or for long journeys; and scooters."""

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

_CHROME = (196, 200, 206)
_LAMP, _RED = (242, 242, 228), (205, 35, 30)
_KINDS = ("naked", "sport", "cruiser", "tourer", "scooter")


def motorcycle(random: np.random.Generator, colour: Colour, trim: Colour) -> Thing:
    """A motorcycle or a scooter of random kind.

    Args:
        random: Where its measures come from.
        colour: Of its tank and covers.
        trim: Of its stripes and boxes.
    """
    name = str(random.choice(_KINDS))
    make = _Scooter if name == "scooter" else _Motorcycle
    return Thing(make(random, name, colour, trim).shapes())


class _Machine:
    """What motorcycles and scooters have in common. Places are points (x, y) of the side view."""

    def __init__(self, random: np.random.Generator, name: str, colour: Colour, trim: Colour):
        self.random, self.name, self.colour, self.trim = random, name, colour, trim
        self.metal = lighter(_CHROME, random.uniform(-0.5, 0.1))
        self.black = lighter((0, 0, 0), random.uniform(0.1, 0.2))
        self.leather = mix(self.black, (115, 72, 45), float(random.choice([0, 0, 0.8])))
        self.spokes = int(random.choice([3, 5, 6, 10, 16]))
        self.turn = random.uniform(0, 90)

    def wheel(self, hub: np.ndarray, radius: float, tyre: float) -> list[Shape]:
        """A wide tyre, cast spokes and a brake disc."""
        rubber, inner = lighter(self.black, -0.05), radius - tyre
        shapes = [ring(hub, radius, inner, z, rubber) for z in (-0.06, -0.02, 0.02)]
        for end in around(hub, inner, self.turn, self.turn + 360, self.spokes):
            shapes += [stroke(upright([hub, end]), 0.12 / self.spokes + 0.01, self.metal)]
        shapes += [ring(hub, inner + 0.01, inner - 0.025, 0.03, self.metal)]
        shapes += [ring(hub, radius, inner, 0.06, rubber)]
        shapes += [ring(hub, radius - 0.02, radius - 0.04, 0.061, lighter(rubber, 0.14))]
        shapes += [ring(hub, inner * 0.62, inner * 0.42, 0.07, (165, 168, 172))]
        return [*shapes, disc(hub, 0.05, 0.075, (95, 97, 100))]

    def lamp(self, place: np.ndarray, radius: float, shell: Colour) -> list[Shape]:
        """A head lamp."""
        shapes = slab(around(place, radius, count=14), 0.09, 0.18, shell)
        return shapes + slab(
            around(moved(place, 0.05, 0), radius * 0.82, count=14), 0.08, 0.16, _LAMP
        )

    def bar(self, head: np.ndarray, rise: float, side: int) -> list[Shape]:
        """One half of the handlebar, with a grip and a mirror."""
        x, y = head
        path = [(x - 0.02, y + 0.06, 0.1 * side), (x - 0.05, y + rise, 0.25 * side)]
        path += [(x - 0.16, y + rise, 0.36 * side)]
        glass = np.array([x - 0.02, y + rise + 0.15])
        stem = [path[-1], (*glass, 0.36 * side)]
        grip = [path[-1], (x - 0.28, y + rise - 0.01, 0.38 * side)]
        shapes = [stroke(path, 0.035, self.metal), stroke(stem, 0.02, self.black)]
        shapes += [stroke(grip, 0.05, self.black)]
        return [*shapes, *slab(around(glass, 0.055, count=8), 0.4 * side, 0.08, self.black)]

    def screen(self, foot: np.ndarray, height: float) -> list[Shape]:
        """A pane against the wind."""
        x, y = foot
        a, b = (x, y, 0.18), (x - 0.5 * height, y + height, 0.2)
        pane = [a, b, (*b[:2], -0.2), (*a[:2], -0.18)]
        return [
            Shape(pane, (205, 218, 226, 150)),
            Shape([*pane, a], lighter(self.black, 0.2), 0.025),
        ]


class _Motorcycle(_Machine):
    """A motorcycle."""

    def __init__(self, random: np.random.Generator, name: str, colour: Colour, trim: Colour):
        super().__init__(random, name, colour, trim)
        low = name == "cruiser"
        self.radius, self.tyre = random.uniform(0.29, 0.34), random.uniform(0.09, 0.13)
        base = random.uniform(1.34, 1.5) + 0.2 * low
        self.rear = np.array([-base / 2, self.radius])
        self.front = np.array([base / 2, self.radius])
        rake = 0.32 + 0.18 * low
        self.head = np.array([self.front[0] - rake, 0.9 + random.uniform(-0.04, 0.05)])
        self.seat = random.uniform(0.72, 0.8) - 0.1 * low
        self.end = self.rear[0] - random.uniform(0.0, 0.2)
        self.rise = 0.12 + (0.14 if low else 0.05) * random.random()

    def shapes(self) -> list[Shape]:
        """All shapes, the farthest first."""
        guard = around(self.front, self.radius + 0.03, 40, 150, 10)
        shapes = self.bar(self.head, self.rise, -1)
        shapes += [stroke(upright([self.front, self.head], -0.1), 0.055, self.metal)]
        for hub in (self.rear, self.front):
            shapes += self.wheel(hub, self.radius, self.tyre)
        shapes += [
            stroke(upright([self.rear, (-0.1, 0.36)], 0.09), 0.07, lighter(self.metal, -0.35))
        ]
        shapes += [flat(guard, z, self.colour, 0.05) for z in (-0.05, 0.05)]
        shapes += self._engine() + self._exhaust() + self._back() + self._tank()
        if self.name == "sport":
            shapes += self._fairing()
        fork = self.front + 0.45 * (self.head - self.front)
        shapes += tube(upright([self.front, self.head], 0.1), 0.06, self.metal)
        shapes += tube(upright([self.front, fork], 0.1), 0.08, lighter(self.metal, -0.3))
        if self.name != "sport":
            shell = self.black if self.random.random() < 0.5 else self.metal
            shapes += self.lamp(moved(self.head, 0.1, -0.02), 0.09, shell)
        if self.name == "tourer":
            shapes += self.screen(moved(self.head, 0.1, 0.06), self.random.uniform(0.3, 0.45))
        if self.name == "tourer" or self.random.random() < 0.15:
            shapes += self._boxes()
        return shapes + self.bar(self.head, self.rise, 1)

    def _engine(self) -> list[Shape]:
        metal, black = self.metal, self.black
        block = rounded([(-0.25, 0.28), (0.2, 0.22), (0.28, 0.4), (0.15, 0.52), (-0.2, 0.52)], 1)
        shapes = slab(block, 0.14, 0.28, lighter(metal, -0.45))
        cylinder = [(-0.02, 0.48), (0.16, 0.46), (0.2, 0.72), (0.02, 0.74)]
        shapes += slab(cylinder, 0.11, 0.22, lighter(metal, -0.2))
        for share in np.linspace(0.1, 0.9, 5):
            y, x = 0.48 + 0.24 * share, 0.04 * share
            shapes += [flat([(x - 0.03, y), (x + 0.18, y)], 0.115, black, 0.018)]
        shapes += slab([(-0.25, 0.5), (-0.02, 0.5), (0.0, 0.76), (-0.3, 0.72)], 0.09, 0.18, black)
        shapes += [disc((-0.1, 0.36), 0.1, 0.145, metal)]
        shapes += [disc((-0.1, 0.36), 0.075, 0.146, lighter(metal, -0.25))]
        return [*shapes, disc((0.12, 0.36), 0.075, 0.145, lighter(metal, 0.2))]

    def _exhaust(self) -> list[Shape]:
        x = self.rear[0]
        pipe = [(0.22, 0.5), (0.27, 0.25), (0.0, 0.2), (-0.25, 0.25), (x - 0.1, 0.33)]
        if self.random.random() < 0.3:
            pipe = [(0.2, 0.5), (0.26, 0.3), (0.1, 0.24), (-0.25, 0.4), (x - 0.1, 0.62)]
        pipe = rounded(pipe, 2, closed=False)
        tone = lighter(self.metal, float(self.random.choice([-0.4, 0.2])))
        shapes = tube(upright(pipe[:-3], 0.16), 0.06, self.metal)
        return shapes + tube(upright(pipe[-6:], 0.17), 0.11, tone)

    def _back(self) -> list[Shape]:
        """The covers below the seat, the seat, and the rear lamp."""
        seat, end = self.seat, self.end
        up = 0.12 if self.name == "sport" else self.random.uniform(-0.02, 0.05)
        cover = [(0.0, seat - 0.02), (-0.35, seat - 0.02), (end - 0.1, seat + up)]
        cover += [(end - 0.05, seat + up - 0.08), (-0.35, seat - 0.2), (-0.15, seat - 0.18)]
        bench = [(-0.02, seat + 0.03), (-0.1, seat + 0.06), (-0.4, seat + 0.05)]
        bench += [(end + 0.02, seat + up + 0.08), (end, seat + up), (-0.35, seat - 0.03)]
        bench += [(-0.05, seat - 0.03)]
        lamp = around((end - 0.08, seat + up - 0.04), 0.045, count=8)
        shapes = slab(rounded(cover, 2), 0.1, 0.2, self.colour)
        shapes += slab(rounded(bench, 2), 0.12, 0.24, self.leather)
        return shapes + slab(lamp, 0.06, 0.12, _RED)

    def _tank(self) -> list[Shape]:
        (x, y), seat = self.head, self.seat
        tank = [(x - 0.02, y + 0.02), (x - 0.2, y + 0.1), (-0.02, seat + 0.14)]
        tank += [(-0.12, seat + 0.02), (-0.1, seat - 0.06), (x - 0.15, seat - 0.08)]
        tank = rounded([*tank, (x - 0.02, y - 0.12)], 2)
        u, v = (sum(places) / len(tank) for places in zip(*tank, strict=True))
        stripe = [(u + 0.7 * (x - u), v + 0.25 * (y - v) - 0.02) for x, y in tank]
        gleam = [(-0.06, seat + 0.1), (self.head[0] - 0.2, self.head[1] + 0.05)]
        shapes = slab(tank, 0.13, 0.26, self.colour)
        shapes += [flat(stripe, 0.132, self.trim)] if self.random.random() < 0.6 else []
        return [*shapes, flat(gleam, 0.132, lighter(self.colour, 0.6), 0.025)]

    def _fairing(self) -> list[Shape]:
        (x, y), seat = self.head, self.seat
        shell = [(x + 0.3, y - 0.05), (x + 0.12, y + 0.12), (x - 0.1, y + 0.1), (0.05, seat - 0.1)]
        shell += [(-0.05, 0.3), (0.15, 0.22), (0.38, 0.35), (x + 0.12, 0.62)]
        blaze = [(x + 0.16, y - 0.1), (0.1, seat - 0.25), (0.02, 0.32), (0.12, 0.3)]
        glass = [
            (x + 0.2, y + 0.04),
            (x + 0.02, y + 0.28),
            (x - 0.1, y + 0.14),
            (x - 0.05, y + 0.08),
        ]
        lamp = [
            (x + 0.29, y - 0.05),
            (x + 0.24, y + 0.03),
            (x + 0.12, y - 0.01),
            (x + 0.2, y - 0.06),
        ]
        shapes = slab(rounded(shell, 2), 0.17, 0.34, self.colour)
        shapes += [flat(rounded(blaze, 1), 0.172, mix(self.colour, self.trim, 0.8))]
        shapes += slab(rounded(glass, 1), 0.12, 0.24, (70, 85, 100))
        return shapes + slab(rounded(lamp, 1), 0.174, 0.348, _LAMP)

    def _boxes(self) -> list[Shape]:
        """Cases at the sides, behind the seat, or both."""
        x, y, tone = self.end, self.seat, mix(self.black, self.trim, self.random.uniform(0, 1))
        shapes = []
        if self.random.random() < 0.7:
            case = [
                (x - 0.12, y - 0.08),
                (x - 0.1, y - 0.36),
                (x + 0.3, y - 0.36),
                (x + 0.36, y - 0.08),
            ]
            shapes += slab(rounded(case, 1), 0.3, 0.16, tone)
        case = [(x - 0.2, y + 0.1), (x + 0.16, y + 0.1), (x + 0.16, y + 0.4), (x - 0.16, y + 0.4)]
        return shapes + slab(rounded(case, 1), 0.2, 0.4, tone)


class _Scooter(_Machine):
    """A scooter: small wheels, a shield for the legs, a low floor."""

    def shapes(self) -> list[Shape]:
        """All shapes, the farthest first."""
        random, colour = self.random, self.colour
        radius, tyre = random.uniform(0.22, 0.26), random.uniform(0.075, 0.1)
        base = random.uniform(1.2, 1.4)
        rear, front = np.array([-base / 2, radius]), np.array([base / 2, radius])
        head = np.array([front[0] - 0.22, random.uniform(0.94, 1.02)])
        shapes = self.bar(head, 0.08, -1)
        shapes += self.wheel(rear, radius, tyre) + self.wheel(front, radius, tyre)
        shapes += tube(upright([front, (front[0] - 0.08, 0.5)], 0.09), 0.05, self.metal)
        shapes += self._hull(front, rear, head, radius)
        shapes += tube(upright([(-0.3, 0.22), (rear[0] - 0.1, 0.27)], 0.2), 0.09, self.metal)
        shapes += slab(around(moved(head, 0.06, 0.03), 0.085, count=12), 0.1, 0.2, colour)
        shapes += self.lamp(moved(head, 0.07, 0.03), 0.08, colour)
        if random.random() < 0.3:
            shapes += self.screen(moved(head, 0.08, 0.1), random.uniform(0.3, 0.45))
        if random.random() < 0.35:
            x, tone = rear[0] - 0.12, mix(self.black, self.trim, random.uniform(0, 1))
            case = [(x - 0.2, 0.78), (x + 0.16, 0.78), (x + 0.16, 1.1), (x - 0.18, 1.1)]
            shapes += slab(rounded(case, 1), 0.2, 0.4, tone)
        return shapes + self.bar(head, 0.08, 1)

    def _hull(
        self, front: np.ndarray, rear: np.ndarray, head: np.ndarray, radius: float
    ) -> list[Shape]:
        """Shield, floor, body, seat and mudguard."""
        colour, r = self.colour, rear[0]
        shield = [(head[0] + 0.06, head[1] - 0.02), (head[0] - 0.04, head[1]), (0.22, 0.36)]
        shield += [(-0.1, 0.3), (-0.1, 0.22), (0.28, 0.22), (front[0] - 0.18, 0.42)]
        fender = around(front, radius + 0.04, 10, 165, 12)
        fender = [*fender, (front[0] - 0.14, radius + 0.1), (front[0] + 0.1, radius + 0.1)]
        body = [(-0.05, 0.28), (-0.02, 0.66), (-0.3, 0.72), (r - 0.22, 0.68)]
        body += [(r - 0.26, 0.55), (r - 0.05, 0.38), (-0.4, 0.26)]
        cover = [(-0.2, 0.4), (-0.2, 0.58), (r - 0.1, 0.58), (r, 0.45)]
        seat = [(-0.02, 0.66), (0.0, 0.72), (-0.3, 0.77), (r - 0.15, 0.76), (r - 0.2, 0.68)]
        gleam = [(-0.15, 0.63), (r - 0.1, 0.63)]
        shapes = slab(rounded(shield, 1), 0.17, 0.34, colour) + slab(fender, 0.09, 0.18, colour)
        shapes += slab(rounded(body, 2), 0.18, 0.36, colour)
        shapes += [flat(rounded(cover, 2), 0.182, mix(colour, self.trim, 0.6))]
        shapes += [flat(gleam, 0.182, lighter(colour, 0.5), 0.02)]
        shapes += slab(rounded(seat, 1), 0.14, 0.28, self.leather)
        return shapes + slab(around((r - 0.24, 0.58), 0.045, count=8), 0.06, 0.12, _RED)
