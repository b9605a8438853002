"""Cars of several body types, with windows, lamps, doors and wheels."""

import numpy as np

from cnnvis.standins.vehicles.car_bodies import TYPES, Body
from cnnvis.standins.vehicles.solids import (
    Colour,
    Shape,
    Thing,
    around,
    disc,
    flat,
    lighter,
    mix,
    piece,
    ring,
    rounded,
    slab,
    split,
    stroke,
)

_ROUGH = (32, 33, 36)  # tyres, bumpers
_DARK = (26, 26, 29)
_RED, _WHITE = (190, 28, 30), (235, 238, 240)


def car(random: np.random.Generator, colour: Colour, trim: Colour) -> Thing:
    """A car of random type.

    Args:
        random: Where its measures come from.
        colour: Of its paint.
        trim: Of a second paint, for a roof or a stripe.
    """
    return Thing(_Car(random, str(random.choice(list(TYPES))), colour, trim).shapes())


class _Car(Body):
    """A car's shapes."""

    def ahead(self, end: int, *patches: tuple) -> list[Shape]:
        """Patches of the front or the rear: low, high, left, right, colour."""
        return [Shape(self.across(*where, end), colour, solid=True) for *where, colour in patches]

    def shapes(self) -> list[Shape]:
        """All shapes, the farthest first."""
        shapes = self._below() + self._strips()
        shapes += self._cockpit() if self.name == "roadster" else self._panes()
        shapes += self._front() + self._rear() + self._body()
        if self.name == "roadster":
            shapes += self._windscreen()
        else:
            shapes += self._windows()
        shapes += self._doors() + self._lamps() + self._extras()
        style = self.random.random(), int(self.random.choice([4, 5, 5, 6, 7, 9, 10]))
        metal = lighter((205, 208, 213), self.random.uniform(-0.4, 0.2))
        for x in self.axles:
            shapes += self._wheel(x, *style, metal)
        return shapes

    # The body.

    def _below(self) -> list[Shape]:
        """The far wheels, the dark underside and the near wheels' inner sides."""
        low, x = self.sill * 0.75, self.length * 0.43
        floor = [(-x, low), (x, low), (x, self.sill * 1.2), (-x, self.sill * 1.2)]
        depths = (-self.half * 0.9, -self.half * 0.9 + 0.2)
        shapes = [
            disc((x, self.radius), self.radius, z, _ROUGH) for x in self.axles for z in depths
        ]
        shapes += [flat(floor, z * self.half, _DARK) for z in (-0.75, 0, 0.75)]
        return shapes + [
            disc((x, self.radius), self.radius, self.half - 0.2, _ROUGH) for x in self.axles
        ]

    def _strips(self) -> list[Shape]:
        """Front, bonnet, roof and rear: the side view's edge, widened."""
        near = self.side(self.outline, 0)
        far = [(x, y, -z) for x, y, z in near]
        shapes = []
        for strip in zip(near, far, far[1:], near[1:], strict=False):
            top = min(strip[0][1], strip[2][1]) > 0.95 * self.height
            shapes += [Shape(list(strip), self.roof if top else self.colour, solid=True)]
        return shapes

    def _body(self) -> list[Shape]:
        """The near side, in bands and slices that catch the light differently."""
        belt = self.belt
        levels = [0.35 * belt, 0.6 * belt, 0.8 * belt, 0.93 * belt, belt]
        levels += [0.5 * (belt + self.height)]
        gleams = (-0.12, -0.03, 0.03, 0.08, 0.14, 0.0, 0.0)
        rest, shapes = self.outline, []
        for place in (self.at(0.95), self.at(0.87), self.at(0.13), self.at(0.05), 9):
            rest, part = split(rest, 1, 0, place)
            for level, gleam in zip((*levels, 9), gleams, strict=True):
                part, band = split(part, 0, 1, level)
                if len(band) > 2:
                    tone = self.roof if level > belt + 0.01 else self.colour
                    shapes += [Shape(self.side(band, 0), lighter(tone, gleam), solid=True)]
        line = [(self.at(0.04), belt * 0.87), (self.at(0.97), belt * 0.89)]
        shapes += self.patch(line, lighter(self.colour, 0.45), 0.02)
        left, right = self.axles[1] + self.radius, self.axles[0] - self.radius
        if self.random.random() < 0.5 or self.name == "SUV":
            shapes += self.patch([(left, self.sill + 0.04), (right, self.sill + 0.04)], _ROUGH, 0.1)
        if self.random.random() < 0.12:
            y = belt * self.random.uniform(0.5, 0.7)
            shapes += self.patch([(left + 0.1, y), (right - 0.1, y)], self.trim, 0.09)
        return shapes

    # Glass.

    def _pane(self, low: tuple, high: tuple, shares: tuple) -> list:
        """A window across the car between two points of the side view, and shares of the way."""
        front = low[0] > high[0]
        ends = []
        for share in shares:
            x, y = mix(low, high, share)
            ends.append((x + (0.03 if front else -0.03), y + 0.015, 0.88 * self.width(x, y)))
        (x, y, z), (u, v, w) = ends
        pane = [(x, y, z), (x, y, -z), (u, v, -w), (u, v, w)]
        return pane if front else pane[::-1]

    def _panes(self) -> list[Shape]:
        """The windscreen and the rear window."""
        kind, h = self.kind, self.height
        front = (self.at(kind.cowl), self.belt), (self.at(kind.top), h), (0.1, 0.9)
        rear = (self.at(kind.foot), self.deck), (self.at(kind.end), h), (0.14, 0.88)
        shapes = []
        for pane in (self._pane(*front), self._pane(*rear)):
            shapes += [Shape(pane, self.glass, solid=True)]
            gleam = piece(pane, [(0.25, 0.15), (0.4, 0.15), (0.55, 0.95), (0.4, 0.95)])
            shapes += [Shape(gleam, lighter(self.glass[:3], 0.3), solid=True)]
            edge = piece(pane, [(0, 0), (1, 0), (1, 0.06), (0, 0.06)])
            shapes += [Shape(edge, _DARK, solid=True)]
        return shapes

    def _windows(self) -> list[Shape]:
        """The side windows, with head rests behind them and the sky on them."""
        kind, h, low = self.kind, self.height, self.belt + 0.03
        house = [
            (self.at(kind.cowl) - 0.16, low),
            (self.at(kind.top) - 0.07, h - 0.09),
            (self.at(kind.end) + 0.02, h - 0.1),
            (self.at(kind.foot) + 0.14, max(self.deck, low) + 0.02),
            (self.at(kind.foot) + 0.16, low),
        ]
        house = rounded(house, 1)
        closed = self.name == "van" and self.random.random() < 0.5
        shapes, pillars = [], [self.at(share) for share in kind.doors]
        for k, pillar in enumerate([*pillars, -9]):
            pane, house = split(house, 1, 0, pillar + 0.035)
            house, _ = split(house, -1, 0, 0.035 - pillar)
            if len(pane) < 3 or (closed and k):
                continue
            shapes += self.patch(pane, self.glass)
            rest = max(point[0] for point in pane) - 0.75 if k == 0 else pane[0][0] - 0.35
            head = around((rest, low + 0.12), 0.11, count=10)
            shapes += self.patch(split(head, 0, 1, low)[0], lighter(self.glass[:3], -0.5))
            upper, _ = split(pane, 0, 1, 0.5 * low + 0.5 * h)
            shapes += self.patch(upper, (*lighter(self.glass[:3], 0.16), *self.glass[3:]))
            slant = sum(x for x, _ in pane) / len(pane) - 0.6 * (low + h) / 2
            streak, _ = split(pane, 1, -0.6, slant - 0.02)
            _, streak = split(streak, 1, -0.6, slant + 0.14)
            shapes += self.patch(streak, lighter(self.glass[:3], 0.4))
        return shapes

    def _cockpit(self) -> list[Shape]:
        """The open inside of a roadster, and its seats."""
        x, y, tone = self.at(0.44), self.belt * 0.99, mix(_DARK, (150, 95, 60), 0.5)
        inside = [(x, y), (self.at(0.68), y)]
        near = self.side(inside, -0.12)
        shapes = [Shape(near + [(x, y, -z) for x, y, z in near[::-1]], _DARK)]
        seat = [(self.at(0.62), y - 0.1), (self.at(0.59), y - 0.1)]
        seat += [(self.at(0.62), y + 0.22), (self.at(0.655), y + 0.22)]
        for z in (-0.12, 0.58):
            shapes += slab(rounded(seat, 1), z, 0.42, tone)
        return shapes

    def _windscreen(self) -> list[Shape]:
        foot, top = (self.at(0.37), self.belt), (self.at(0.45), self.height)
        pane = self._pane(foot, top, (0.0, 0.95))
        frame = lighter(_ROUGH, 0.1)
        return [Shape(pane, (190, 208, 220, 130)), Shape([*pane, pane[0]], frame, 0.04)]

    # What is mounted on it.

    def _front(self) -> list[Shape]:
        n, random, sill = self.nose, self.random, self.sill
        low, high = n * random.uniform(0.64, 0.72), n * random.uniform(0.86, 0.94)
        wide = random.uniform(0.35, 0.6)
        bars = lighter(_ROUGH, random.uniform(0.2, 0.8))
        shapes = self.ahead(
            1,
            (sill + 0.01, n * 0.5, -0.8, 0.8, _ROUGH),
            (low, high, -wide, wide, _DARK),
            *((y - 0.01, y + 0.01, -wide, wide, bars) for y in np.linspace(low, high, 4)),
            (n * 0.46, n * 0.58, -0.26, 0.26, (236, 236, 228)),
            (n * 0.57, n * 0.6, -0.95, 0.95, lighter(self.colour, -0.4)),
        )
        for left, right in ((-0.98, -0.64), (0.64, 0.98)):
            lamp = self.across(n * 0.68, n * 0.95, left, right, 1)
            inner = piece(lamp, [(0.15, 0.15), (0.85, 0.15), (0.85, 0.85), (0.15, 0.85)])
            shapes += [Shape(lamp, mix(_WHITE, _ROUGH, 0.3), solid=True)]
            shapes += [Shape(inner, (255, 255, 250), solid=True)]
        return shapes

    def _rear(self) -> list[Shape]:
        d, dark = self.deck, lighter(self.colour, -0.4)
        return self.ahead(
            -1,
            (self.sill + 0.01, d * 0.36, -0.97, 0.97, _ROUGH),
            (d * 0.55, d * 0.57, -0.97, 0.97, dark),
            (d * 0.64, d * 0.78, -0.28, 0.28, (236, 233, 215)),
            (d * 0.82, d * 0.85, -0.3, 0.3, lighter(self.colour, -0.5)),
            *((d * 0.64, d * 0.92, *side, _RED) for side in ((-1, -0.7), (0.7, 1))),
            *((d * 0.72, d * 0.78, *side, (240, 190, 150)) for side in ((-1, -0.72), (0.72, 1))),
        )

    def _doors(self) -> list[Shape]:
        """Door lines, handles and the mirror."""
        dark, kind, shapes = lighter(self.colour, -0.4), self.kind, []
        doors = [kind.cowl + 0.07, *(kind.doors or (0.68,))]
        for share in doors:
            x = self.at(share)
            line = [(x, self.belt), (x, 0.5 * self.belt), (x + 0.03, self.sill + 0.1)]
            shapes += self.patch(line, dark, 0.018)
        for share in doors[1:]:
            x, y = self.at(share) + 0.1, self.belt * 0.89
            shapes += self.patch([(x, y), (x + 0.13, y)], lighter(self.colour, -0.5), 0.035)
        x, tone = self.at(kind.cowl + 0.07), self.colour if self.random.random() < 0.6 else _ROUGH
        ear = around((x, self.belt + 0.07), 0.08, count=10)
        return shapes + slab(ear, self.half + 0.12, 0.12, tone)

    def _lamps(self) -> list[Shape]:
        """The lamps as far as they reach round to the side."""
        n, d, at = self.nose, self.deck, self.at
        front = [(at(0.008), n * 0.7), (at(0.07), n * 0.8), (at(0.085), n), (at(0.015), n * 0.95)]
        rear = [(at(0.997), d * 0.64), (at(0.987), d * 0.92), (at(0.95), d * 0.92)]
        rear += [(at(0.965), d * 0.64)]
        return self.patch(front, _WHITE) + self.patch(rear, _RED)

    def _extras(self) -> list[Shape]:
        """Roof rails, a roof box, an aerial, a spare wheel, or nothing."""
        kind, h, shapes = self.kind, self.height, []
        left, right = self.at(kind.end) + 0.1, self.at(kind.top) - 0.2
        chance = self.random.random()
        if self.name in ("SUV", "estate", "van") and chance < 0.5:
            rail = [(left, h * 1.03), (right, h * 1.03)]
            shapes += self.patch(rail, lighter((150, 153, 158), -0.2), 0.035)
            if chance < 0.15:
                y = h
                box = [(left, y), (right, y), (right - 0.2, y + 0.3), (left, y + 0.3)]
                shapes += slab(rounded(box, 1), 0.4, 0.6, mix(_ROUGH, self.trim, 0.3))
        elif self.name != "roadster" and chance > 0.7:
            x = self.at(kind.end - 0.05)
            shapes += [stroke([(x, h * 0.99, 0), (x - 0.15, h * 1.08, 0)], 0.02, _DARK)]
        return shapes

    def _wheel(self, x: float, style: float, spokes: int, metal: Colour) -> list[Shape]:
        """A near wheel in its arch."""
        centre, r, z = (x, self.radius), self.radius, self.half + 0.005
        arch, _ = split(around(centre, r * 1.15, count=32), 0, 1, self.sill)
        lip = around(centre, r * 1.17, 5, 175, 16)
        rim = r * 0.68
        shapes = self.patch(lip, lighter(self.colour, 0.2), 0.03)
        shapes += self.patch(arch, (16, 16, 18))
        shapes += [disc(centre, r, z - 0.1, _ROUGH), disc(centre, r, z, (42, 42, 45))]
        shapes += [disc(centre, rim, z + 0.003, lighter(metal, -0.5))]
        if style < 0.25:
            shapes += [disc(centre, rim * 0.94, z + 0.004, metal)]
            for hole in around(centre, rim * 0.62, 0, 360, spokes + 3):
                shapes += [disc(hole, rim * 0.13, z + 0.005, lighter(metal, -0.65))]
        else:
            shapes += [ring(centre, rim, rim * 0.86, z + 0.004, metal)]
            wide = 0.6 * r / spokes + 0.015
            for end in around(centre, rim * 0.9, 18, 378, spokes):
                points = [(*centre, z + 0.005), (*end, z + 0.005)]
                shapes += [stroke(points, wide, metal)]
        return [*shapes, disc(centre, rim * 0.22, z + 0.006, lighter(metal, 0.25))]
