"""Cuts of what is worn on the upper body, seen from the front: each from random measures.

Measures are shares of the length from the shoulder to the hem, y downwards, x = 0 the middle.
"""

from dataclasses import dataclass

import numpy as np

from cnnvis.standins.fabrics import Look
from cnnvis.standins.shapes import (
    Piece,
    Points,
    band,
    both,
    box,
    curve,
    mirrored,
    outline,
    oval,
)

Cut = tuple[list[Piece], Look]


@dataclass(frozen=True)
class Torso:
    """Measures of a front, halves of widths: as wide at the neck, the shoulders and so on."""

    neck: float
    depth: float
    shoulder: float
    slope: float
    chest: float
    arm: float
    waist: float
    hem: float
    sag: float
    middle: float = 0.6
    neckline: str = "crew"

    def front(self) -> Points:
        """The outline of the front."""
        neck, depth = self.neck, self.depth
        edge = {
            "crew": lambda: curve((0, depth), (neck * 0.75, depth * 0.95), (neck, 0)),
            "vee": lambda: outline((0, depth), (neck, 0)),
            "square": lambda: outline((0, depth), (neck * 0.9, depth), (neck, 0)),
        }[self.neckline]()
        armhole = curve(
            (self.shoulder, self.slope),
            (self.shoulder - 0.04, (self.slope + self.arm) / 2),
            (self.chest, self.arm),
        )
        side = curve(
            (self.chest, self.arm), (self.waist, self.middle), (self.hem, 0.97), (self.hem, 1)
        )
        return both(outline(edge, armhole, side, (self.hem * 0.5, 1 + self.sag)))

    def back(self) -> Points:
        """The inner side of the back, as far as the neckline shows it."""
        rim = curve((0, 0.025), (self.neck * 0.7, 0.02), (self.neck, 0))
        return both(outline(rim, (self.neck * 1.05, 0.02), (0, self.depth + 0.03)))

    def rib(self, width: float, **options) -> Piece:
        """A ribbed band, or a seam, along the neckline."""
        low, side = (0, self.depth + width / 2), (self.neck + width / 3, 0)
        if self.neckline == "crew":
            half = curve(low, (self.neck * 0.8, self.depth * 0.97), side)
        else:
            half = outline(low, side)
        return Piece(outline(mirrored(half)[::-1], half), stroke=width, **options)

    def short_sleeves(self, random: np.random.Generator, length: float, angle: float, wide: float):
        """Two sleeves, almost alike, standing off at an angle to the vertical."""

        def sleeve(length: float, angle: float) -> Points:
            along = np.array([np.sin(angle), np.cos(angle)])
            out = np.array([np.cos(angle), -np.sin(angle)])
            armpit = np.array([self.chest - 0.03, self.arm])
            end = np.array([self.shoulder, self.slope]) + along * length
            tip = curve(
                (self.shoulder - 0.1, self.slope - 0.04),
                (self.shoulder, self.slope),
                end,
            )
            return outline(tip, end - out * wide, armpit)

        swing = random.normal(0, 0.04)
        return sleeve(length, angle), mirrored(sleeve(length, angle + swing))

    def long_sleeves(self, random, end: float, upper: float, cuff: float, gap: float):
        """Two sleeves that hang down as far as ``end``, so far from the body at the cuff."""

        def sleeve(gap: float, end: float) -> Points:
            middle, wrist = (self.arm + end) / 2, self.hem + gap
            elbow = (max(self.waist, self.chest - 0.02) + wrist) / 2
            outer = curve(
                (self.neck + 0.03, 0.01),
                (self.shoulder - 0.02, self.slope),
                (self.chest + upper * 0.6, self.slope + 0.05),
                (self.chest + upper * 0.85, self.slope + 0.2),
                (elbow + upper, middle),
                (wrist + cuff, end),
            )
            inner = curve((wrist, end + 0.01), (elbow, middle), (self.chest - 0.03, self.arm))
            return outline(outer, inner)

        left = sleeve(gap + random.normal(0, 0.01), end + random.normal(0, 0.01))
        return sleeve(gap, end), mirrored(left)


def t_shirt(random: np.random.Generator) -> Cut:
    """Short sleeves or none, a round or pointed neck, now and then a print."""
    u = random.uniform
    if random.random() < 0.2:
        return _tank_top(random)
    wide = u(0.24, 0.33)
    torso = Torso(
        neck=u(0.1, 0.16),
        depth=u(0.05, 0.13),
        shoulder=wide + u(0, 0.03),
        slope=u(0.05, 0.09),
        chest=wide,
        arm=u(0.26, 0.34),
        waist=wide - u(0, 0.04),
        hem=wide + u(-0.02, 0.04),
        sag=random.choice([0, 0, 0.02, 0.05]),
        neckline=random.choice(["crew", "crew", "crew", "vee"]),
    )
    arms = torso.short_sleeves(random, u(0.17, 0.3), u(0.3, 0.8), u(0.14, 0.2))
    contrast = _other(random) if random.random() < 0.15 else None
    pieces = [Piece(torso.back(), light=0.6, shadow=0)]
    pieces += [Piece(arm, light=u(0.85, 1), tone=contrast) for arm in arms]
    pieces += [Piece(torso.front()), torso.rib(0.025, light=u(0.75, 1), bulge=0)]
    pieces += _hem_seam(torso, 0.955)
    if random.random() < 0.5:
        pieces += _print(random, torso)
    if random.random() < 0.12:
        pieces += _collar(random, torso, 0.09) + _buttons(random, torso, 0.35, 3)
    pattern = _choose(random, plain=0.68, stripes=0.08, melange=0.12, flowers=0.04, blocks=0.08)
    return pieces, Look(_tone(random), pattern, u(0.15, 0.5), drape=u(0.01, 0.05), crumple=0.03)


def _tank_top(random: np.random.Generator) -> Cut:
    u = random.uniform
    wide = u(0.2, 0.28)
    neck = u(0.09, 0.13)
    torso = Torso(
        neck=neck,
        depth=u(0.12, 0.28),
        shoulder=neck + u(0.025, 0.09),
        slope=0.01,
        chest=wide,
        arm=u(0.26, 0.36),
        waist=wide - u(-0.02, 0.03),
        hem=wide + u(0, 0.05),
        sag=u(0, 0.06),
        neckline=random.choice(["crew", "crew", "vee"]),
    )
    pieces = [Piece(torso.back(), light=0.6, shadow=0), Piece(torso.front())]
    pieces += [torso.rib(0.02, light=0.8, bulge=0), *_hem_seam(torso, 0.96)]
    pieces += _print(random, torso) if random.random() < 0.4 else []
    pattern = _choose(random, plain=0.75, stripes=0.1, melange=0.1, flowers=0.05)
    return pieces, Look(_tone(random), pattern, u(0.2, 0.5), drape=u(0.02, 0.06))


def pullover(random: np.random.Generator) -> Cut:
    """Long sleeves, ribs at the neck, the cuffs and the hem, sometimes a hood."""
    u = random.uniform
    wide = u(0.21, 0.28)
    torso = Torso(
        neck=u(0.09, 0.14),
        depth=u(0.05, 0.09),
        shoulder=wide + u(0, 0.02),
        slope=u(0.05, 0.09),
        chest=wide,
        arm=u(0.28, 0.36),
        waist=wide - u(-0.01, 0.03),
        hem=wide - u(-0.01, 0.04),
        sag=u(0, 0.01),
        neckline=random.choice(["crew", "crew", "crew", "crew", "vee"]),
    )
    arms = torso.long_sleeves(random, u(0.9, 1.12), u(0.12, 0.17), u(0.07, 0.11), u(-0.01, 0.12))
    contrast = _other(random) if random.random() < 0.12 else None
    pieces = [Piece(torso.back(), light=0.55, shadow=0)]
    pieces += [Piece(arm, light=u(0.6, 0.95), tone=contrast, bulge=0.35) for arm in arms]
    pieces += [Piece(torso.front(), shadow=0.5), *_folded(random, torso)]
    style = random.choice(["crew", "crew", "crew", "hood", "high"])
    if style == "hood":
        pieces += _hood(random, torso)
    elif style == "high":
        tall = u(0.05, 0.1)
        pieces += [Piece(_stand(torso.neck, tall), light=0.9)]
    else:
        pieces += [torso.rib(u(0.025, 0.045), light=u(0.7, 1), bulge=0)]
    if random.random() < 0.8:
        rib = box(-torso.hem, 1 - u(0.05, 0.09), torso.hem, 1)
        pieces += [Piece(rib, light=u(0.75, 1), bulge=0.1, kind="patch", shadow=0)]
    if random.random() < 0.5:
        pieces += _print(random, torso)
    pattern = _choose(random, plain=0.6, stripes=0.1, melange=0.2, flowers=0.03, blocks=0.07)
    return pieces, Look(_tone(random), pattern, u(0.15, 0.5), drape=u(0.01, 0.04), crumple=0.05)


def dress(random: np.random.Generator) -> Cut:
    """Long and narrow, with or without sleeves, straight or flared."""
    u = random.uniform
    wide = u(0.12, 0.17)
    waist = wide - u(0, 0.045)
    sleeves = random.choice(["none", "none", "short", "long", "three"])
    thin = sleeves == "none" and random.random() < 0.5
    neck = u(0.05, 0.08)
    torso = Torso(
        neck=neck,
        depth=u(0.03, 0.12),
        shoulder=neck + u(0.015, 0.03) if thin else wide + u(-0.03, 0.01),
        slope=0.005 if thin else u(0.02, 0.04),
        chest=wide,
        arm=u(0.13, 0.2),
        waist=waist,
        hem=waist + random.choice([u(0, 0.04), u(0.05, 0.16)]),
        sag=random.choice([0, 0, u(0, 0.03)]),
        middle=u(0.34, 0.45),
        neckline=random.choice(["crew", "crew", "vee", "square"]),
    )
    pieces = [Piece(torso.back(), light=0.6, shadow=0)]
    if sleeves != "none":
        if sleeves == "short":
            arms = torso.short_sleeves(random, u(0.08, 0.2), u(0.25, 0.6), u(0.07, 0.1))
        else:
            end = u(0.35, 0.45) if sleeves == "three" else u(0.48, 0.6)
            arms = torso.long_sleeves(random, end, u(0.07, 0.09), u(0.04, 0.09), u(-0.02, 0.05))
        pieces += [Piece(arm, light=u(0.7, 1)) for arm in arms]
    pieces += [Piece(torso.front(), bulge=0.3), torso.rib(0.012, light=0.8, bulge=0)]
    if random.random() < 0.5:
        line = outline((-wide, torso.middle), (wide, torso.middle))
        belt = random.choice([0.01, 0.03])
        pieces += [Piece(line, stroke=belt, kind="patch", tone=_other(random), light=0.8)]
    if random.random() < 0.5:
        pieces += _pleats(random, torso)
    pattern = _choose(
        random, plain=0.55, flowers=0.2, stripes=0.06, dots=0.05, blocks=0.08, shaded=0.06
    )
    return pieces, Look(_tone(random), pattern, u(0.2, 0.6), drape=u(0.03, 0.1), crumple=0.04)


def coat(random: np.random.Generator) -> Cut:
    """Long sleeves, closed by a zip or by buttons all the way down, a collar, lapels or a hood."""
    u = random.uniform
    long = random.random() < 0.35
    wide = u(0.16, 0.21) if long else u(0.22, 0.29)
    torso = Torso(
        neck=u(0.07, 0.11),
        depth=u(0.04, 0.08),
        shoulder=wide + u(0, 0.02),
        slope=u(0.05, 0.09),
        chest=wide,
        arm=u(0.26, 0.34),
        waist=wide - u(-0.01, 0.03),
        hem=wide + u(-0.01, 0.04),
        sag=u(0, 0.02),
    )
    end, upper = u(0.68, 0.82) if long else u(0.88, 1.08), u(0.1, 0.14) if long else u(0.12, 0.17)
    arms = torso.long_sleeves(random, end, upper, upper * u(0.6, 0.85), u(-0.02, 0.1))
    pieces = [Piece(torso.back(), light=0.5, shadow=0)]
    pieces += [Piece(arm, light=u(0.65, 0.95), bulge=0.35) for arm in arms]
    pieces += [Piece(torso.front(), shadow=0.5), *_folded(random, torso)]
    style = random.choice(["stand", "hood", "lapels", "collar"])
    if style == "stand":
        pieces += [Piece(_stand(torso.neck + 0.01, u(0.04, 0.08)), light=0.9)]
    elif style == "hood":
        pieces += _hood(random, torso)
    elif style == "lapels":
        pieces += _lapels(random, torso)
    else:
        pieces += _collar(random, torso, u(0.1, 0.14))
    front = np.array([(0, torso.depth), (random.normal(0, 0.01), 1)])
    if random.random() < 0.6:
        pieces += [Piece(front + (0.02, 0), stroke=0.02, kind="crease", shadow=u(0.2, 0.5))]
        pieces += [Piece(front, stroke=u(0.012, 0.025), tone=_other(random), kind="patch")]
    else:
        pieces += [Piece(front, stroke=0.015, kind="crease", shadow=u(0.3, 0.7))]
        pieces += _buttons(random, torso, 0.95, int(random.integers(3, 6)), big=0.04)
    pieces += _pockets(random, torso)
    if random.random() < 0.2:
        pieces += _quilting(torso, int(random.integers(7, 12)))
    pattern = _choose(random, plain=0.75, melange=0.15, blocks=0.05, flowers=0.05)
    return pieces, Look(_tone(random), pattern, u(0.1, 0.4), drape=u(0.02, 0.05), crumple=0.08)


def shirt(random: np.random.Generator) -> Cut:
    """A collar and buttons, thin cloth, checks and flowers; or a blouse."""
    u = random.uniform
    wide = u(0.21, 0.28)
    torso = Torso(
        neck=u(0.07, 0.1),
        depth=u(0.05, 0.09),
        shoulder=wide + u(-0.01, 0.02),
        slope=u(0.05, 0.09),
        chest=wide,
        arm=u(0.26, 0.33),
        waist=wide - u(0, 0.04),
        hem=wide + u(-0.02, 0.02),
        sag=u(0, 0.06),
    )
    short = random.random() < 0.3
    if short:
        arms = torso.short_sleeves(random, u(0.2, 0.32), u(0.25, 0.6), u(0.13, 0.17))
    else:
        arms = torso.long_sleeves(
            random, u(0.88, 1.06), u(0.11, 0.15), u(0.06, 0.09), u(-0.02, 0.08)
        )
    pieces = [Piece(torso.back(), light=0.5, shadow=0)]
    pieces += [Piece(arm, light=u(0.6, 0.95), bulge=0.35) for arm in arms]
    pieces += [Piece(torso.front(), shadow=0.5)] + ([] if short else _folded(random, torso))
    pieces += _placket(random, torso) + _collar(random, torso, u(0.08, 0.11))
    pieces += _buttons(random, torso, 0.92, int(random.integers(6, 9)))
    pattern = _choose(
        random, plain=0.45, checks=0.22, flowers=0.15, pinstripes=0.06, dots=0.04, melange=0.08
    )
    return pieces, Look(_tone(random), pattern, u(0.2, 0.5), drape=u(0.03, 0.07), crumple=0.06)


# Parts that several cuts share.


def _tone(random: np.random.Generator) -> float:
    """The share of light that cloth throws back: mostly little, so that pictures are bright."""
    return random.choice(
        [random.uniform(0.03, 0.25), random.uniform(0.2, 0.5), 0.75], p=(0.5, 0.4, 0.1)
    )


def _other(random: np.random.Generator) -> float:
    """The tone of a trimming: dark or light."""
    return random.choice([random.uniform(0.02, 0.2), random.uniform(0.6, 0.95)])


def _choose(random: np.random.Generator, **shares: float) -> str:
    """A pattern, each as often as its share says."""
    chosen = random.choice(list(shares), p=list(shares.values()))
    return "" if chosen == "plain" else str(chosen)


def _folded(random: np.random.Generator, torso: Torso) -> list[Piece]:
    """The shadow where long sleeves lie against the body."""
    depth, end = random.uniform(0, 0.7), random.uniform(0.6, 0.95)
    side = curve(
        (torso.chest - 0.01, torso.arm - 0.05), (torso.waist + 0.01, torso.middle), (torso.hem, end)
    )
    wide = random.uniform(0.02, 0.05)
    return [Piece(x, stroke=wide, kind="crease", shadow=depth) for x in (side, mirrored(side))]


def _hem_seam(torso: Torso, height: float) -> list[Piece]:
    line = outline((-torso.hem, height), (0, height + torso.sag), (torso.hem, height))
    return [Piece(line, stroke=0.012, kind="crease", shadow=0.15)]


def _print(random: np.random.Generator, torso: Torso) -> list[Piece]:
    """Something printed on the chest: lines of letters, a badge, a picture."""
    u = random.uniform
    tone, across, middle = _other(random), torso.chest * u(0.6, 1.3), u(0.28, 0.45)
    style = random.choice(["letters", "letters", "badge", "picture", "logo"])
    if style == "logo":
        return [Piece(oval(torso.chest * 0.45, 0.25, 0.05, 0.04), tone=tone, kind="patch")]
    if style == "badge":
        rings = [Piece(oval(0, middle, across, across), tone=tone, kind="patch", shadow=0)]
        inner = oval(0, middle, across * 0.7, across * 0.7)
        return rings + [Piece(inner, kind="patch", shadow=0)] * (random.random() < 0.6)
    if style == "picture":
        spots = random.uniform(-0.5, 0.5, (9, 2)) * (across, across * 1.2) + (0, middle + 0.08)
        sizes = random.uniform(0.04, 0.16, (9, 2))
        return [
            Piece(oval(*spot, *size), tone=tone, kind="patch", shadow=0)
            for spot, size in zip(spots, sizes, strict=True)
        ]
    letters = []
    for line in range(random.integers(1, 4)):
        height, x = middle + line * 0.09, -across / 2
        while x < across / 2:
            wide = u(0.03, 0.07)
            letter = box(x, height, x + wide, height + u(0.04, 0.06))
            letters.append(Piece(letter, tone=tone, kind="patch", shadow=0, bulge=0))
            x += wide + 0.025
    return letters


def _stand(neck: float, tall: float) -> Points:
    """A collar that stands up."""
    return both(
        outline((0, -tall), curve((neck * 0.8, -tall), (neck, 0), (neck + 0.02, 0.03)), (0, 0.09))
    )


def _collar(random: np.random.Generator, torso: Torso, drop: float) -> list[Piece]:
    """A collar turned down, its two points to the sides of the neck."""
    u, neck = random.uniform, torso.neck
    tall = u(0.03, 0.07)
    tip = (neck * u(0.6, 1.2), torso.depth + drop * u(0.6, 1))
    right = outline((0.0, torso.depth), (neck * 0.8, -tall), (neck + 0.03, 0.015), tip)
    inside = both(outline((0, -tall), (neck * 0.8, -tall), (neck * 0.8, 0.01), (0, torso.depth)))
    light, tone = u(0.7, 1.2), _other(random) if random.random() < 0.15 else None
    flaps = [
        Piece(side, light=light, shadow=0.6, bulge=0.1, tone=tone)
        for side in (right, mirrored(right))
    ]
    return [
        Piece(inside, light=u(0.3, 1.1), tone=_other(random) if u(0, 1) < 0.5 else None),
        *flaps,
    ]


def _placket(random: np.random.Generator, torso: Torso) -> list[Piece]:
    """The overlap that a shirt is buttoned along."""
    half, depth = random.uniform(0.02, 0.035), random.uniform(0.1, 0.35)
    edges = [outline((x, torso.depth), (x, 1 + torso.sag)) for x in (-half, half)]
    return [Piece(edge, stroke=0.012, kind="crease", shadow=depth) for edge in edges]


def _buttons(random, torso: Torso, end: float, count: int, big: float = 0.025) -> list[Piece]:
    tone = _other(random)
    return [
        Piece(oval(0, y, big, big), tone=tone, kind="patch", shadow=0.2, bulge=0)
        for y in np.linspace(torso.depth + 0.04, end, count)
    ]


def _hood(random: np.random.Generator, torso: Torso) -> list[Piece]:
    """A hood that lies around the neck."""
    u = random.uniform
    top, wide, low = -u(0.08, 0.16), torso.neck + u(0.02, 0.05), u(0.1, 0.16)
    outer = curve((0, top), (wide * 0.9, top), (wide * 1.1, 0.02), (wide * 0.6, low), (0, low))
    inner = curve((0, top + 0.05), (wide * 0.6, top + 0.05), (wide * 0.6, 0.02), (0, low - 0.02))
    cords = [outline((x, low - 0.02), (x * 1.1, low + u(0.08, 0.2))) for x in (-0.04, 0.04)]
    tone = _other(random)
    return [
        Piece(both(outer), light=0.95, shadow=0.4, bulge=0.35),
        Piece(both(inner), light=0.5, shadow=0.2),
        *(Piece(cord, stroke=0.012, tone=tone, kind="patch", shadow=0) for cord in cords),
    ]


def _lapels(random: np.random.Generator, torso: Torso) -> list[Piece]:
    """Lapels, and what is seen between them."""
    u, neck = random.uniform, torso.neck
    low = u(0.25, 0.5)
    opening = outline((-neck, 0), (neck, 0), (0, low))
    right = outline((neck * 0.8, -0.03), (neck + 0.08, 0.12), (neck + 0.05, 0.18), (0, low))
    flaps = [Piece(side, light=u(0.8, 1.1), shadow=0.4) for side in (right, mirrored(right))]
    return [Piece(opening, tone=_other(random), light=0.6, kind="patch"), *flaps]


def _pockets(random: np.random.Generator, torso: Torso) -> list[Piece]:
    u, depth = random.uniform, random.uniform(0.2, 0.5)
    y, x = u(0.6, 0.72), torso.chest * u(0.35, 0.55)
    slit = outline((x, y + u(0, 0.1)), (x + u(0.05, 0.1), y))
    flap = outline((x - 0.03, y), (x + 0.1, y), (x + 0.1, y + 0.04), (x - 0.03, y + 0.04))
    shape = random.choice([0, 1]) and slit if random.random() < 0.5 else flap
    if shape is slit:
        return [Piece(p, stroke=0.016, kind="crease", shadow=depth) for p in (slit, mirrored(slit))]
    return [Piece(p, kind="patch", shadow=depth) for p in (flap, mirrored(flap))]


def _quilting(torso: Torso, count: int) -> list[Piece]:
    wide = torso.chest + 0.15
    return [
        Piece(outline((-wide, y), (0, y + 0.02), (wide, y)), 0.015, kind="crease", shadow=0.35)
        for y in np.linspace(0.12, 0.97, count)
    ]


def _pleats(random: np.random.Generator, torso: Torso) -> list[Piece]:
    shares = np.linspace(-0.8, 0.8, random.integers(4, 9))
    depth = random.uniform(0.1, 0.4)
    lines = [outline((s * torso.waist, torso.middle), (s * torso.hem, 1)) for s in shares]
    return [Piece(line, stroke=0.012, kind="crease", shadow=depth) for line in lines]
