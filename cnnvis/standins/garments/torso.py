"""Fronts and sleeves, and what is sewn or printed on them.

Measures are shares of the length from the shoulder to the hem, y downwards, x = 0 the middle.
"""

from dataclasses import dataclass

import numpy as np

from cnnvis.standins.garments.outlines import (
    Dice,
    Points,
    both,
    box,
    curve,
    mirrored,
    moved,
    outline,
    oval,
    pair,
)
from cnnvis.standins.garments.pieces import Piece, line, patch


@dataclass(frozen=True)
class Torso:
    """Measures of a front.

    Attributes:
        neck: Half the width of the neckline, and likewise of the other parts.
        depth: How far down the neckline reaches.
        shoulder: Half the width at the shoulders' ends.
        slope: How far down those lie.
        chest: Half the width under the arms.
        arm: How far down the armpits lie.
        waist: Half the width at the waist.
        hem: Half the width at the hem.
        middle: How far down the waist lies.
        sag: How much lower the hem hangs in the middle.
        neckline: ``"crew"``, ``"vee"`` or ``"square"``.
    """

    neck: float
    depth: float
    shoulder: float
    slope: float
    chest: float
    arm: float
    waist: float
    hem: float
    middle: float = 0.6
    sag: float = 0
    neckline: str = "crew"

    def rim(self) -> Points:
        """The right half of the neckline, from its lowest point up."""
        low, end = (0, self.depth), (self.neck, 0)
        if self.neckline == "vee":
            return outline(low, end)
        if self.neckline == "square":
            return outline(low, (self.neck * 0.9, self.depth), end)
        return curve(low, (self.neck * 0.8, self.depth * 0.97), end)

    def front(self) -> Points:
        """The outline of the front."""
        shoulder, armpit = (self.shoulder, self.slope), (self.chest, self.arm)
        armhole = curve(shoulder, (self.shoulder - 0.04, (self.slope + self.arm) / 2), armpit)
        side = curve(armpit, (self.waist, self.middle), (self.hem, 0.97), (self.hem, 1))
        return both(outline(self.rim(), armhole, side, (self.hem * 0.5, 1 + self.sag)))

    def back(self, scoop: float = 0.025) -> Points:
        """The inner side of the back, as far as the neckline shows it, and its own one's depth."""
        edge = curve((0, scoop), (self.neck * 0.7, scoop * 0.8), (self.neck, 0))
        return both(outline(edge, (self.neck * 1.05, 0.02), (0, self.depth + 0.03)))

    def collarless(self, width: float, light: float, scoop: float = 0.025) -> list[Piece]:
        """The front with its back behind it, and a ribbed band along the neckline."""
        back = Piece([self.back(scoop)], light=0.7, shadow=0)
        return [back, Piece([self.front()]), self.rib(width, light)]

    def rib(self, width: float, light: float) -> Piece:
        """A band along the neckline."""
        rim = outline(mirrored(self.rim())[::-1], self.rim())
        return Piece([moved(rim, 0, width / 2)], width, light=light, kind="patch", bulge=0)

    def short_sleeves(self, dice: Dice, length: float, angle: float, wide: float) -> Piece:
        """Two sleeves, almost alike, standing off at an angle to the vertical."""

        def sleeve(angle: float) -> Points:
            along, out = np.array([(np.sin(angle), np.cos(angle)), (np.cos(angle), -np.sin(angle))])
            end = np.array([self.shoulder, self.slope]) + along * length
            top = curve((self.shoulder - 0.1, self.slope - 0.04), (self.shoulder, self.slope), end)
            return outline(top, end - out * wide, (self.chest - 0.03, self.arm))

        return Piece(
            [sleeve(angle), mirrored(sleeve(angle + dice.about(0.04)))], light=dice(0.8, 1)
        )

    def long_sleeves(
        self, dice: Dice, end: float, upper: float, cuff: float, gap: float, **options
    ) -> list[Piece]:
        """Two sleeves that hang down to ``end``, so far from the body there, and their shadow."""

        def sleeve(gap: float, end: float) -> Points:
            middle, wrist = (self.arm + end) / 2, max(self.hem, self.chest - 0.04) + gap
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

        right = sleeve(gap, end)
        left = mirrored(sleeve(gap + dice.about(0.01), end + dice.about(0.01)))
        side = curve(
            (self.chest - 0.01, self.arm - 0.05),
            (self.waist + 0.01, self.middle),
            (self.hem, dice(0.6, 0.95) * end),
        )
        return [
            Piece([right, left], **({"light": dice(0.6, 0.95), "bulge": 0.35} | options)),
            Piece([self.front()], shadow=0.5),
            line(*pair(side), width=dice(0.02, 0.05), shadow=dice(0, 0.7)),
        ]


# What is sewn on.


def contrasting(dice: Dice) -> float:
    """The tone of a trimming: dark or light."""
    return dice.pick(dice(0.04, 0.2), dice(0.6, 0.95))


def hem(torso: Torso, height: float, shadow: float) -> Piece:
    """A seam along the hem."""
    path = outline((-torso.hem, height), (0, height + torso.sag), (torso.hem, height))
    return line(path, width=0.012, shadow=shadow)


def printed(dice: Dice, torso: Torso) -> list[Piece]:
    """Something printed on the chest: lines of letters, a badge, an image, a logo."""
    tone, across, middle = contrasting(dice), torso.chest * dice(0.6, 1.3), dice(0.28, 0.42)
    style = dice.weigh(letters=4, badge=2, image=2, logo=1, panel=1)
    if style == "logo":
        return [patch(oval(torso.chest * 0.45, 0.25, 0.05, 0.04), tone=tone)]
    if style == "panel":
        inside = box(-across / 2, middle, across / 2, middle + dice(0.08, 0.4))
        return [patch(inside, tone=tone)]
    if style == "badge":
        ring = patch(oval(0, middle, across, across), tone=tone)
        inner = patch(oval(0, middle, across * dice(0.6, 0.8), across * 0.7))
        return [ring, inner] if dice.chance(0.6) else [ring]
    if style == "image":
        places = (dice.random.random((9, 2)) - 0.5) * (across, across * 1.2) + (0, middle + 0.08)
        spots = [oval(*place, dice(0.04, 0.16), dice(0.04, 0.16)) for place in places]
        return [patch(*spots, tone=tone)]
    letters = []
    for row in range(dice.whole(1, 3)):
        x, height, upper = -across / 2, dice(0.04, 0.08), middle + row * 0.09
        while x < across / 2:
            wide = dice(0.02, 0.07)
            letters.append(box(x, upper, x + wide, upper + height * dice(0.7, 1)))
            x += wide + dice(0.015, 0.03)
    return [patch(*letters, tone=tone)]


def stand(dice: Dice, torso: Torso, tall: float) -> list[Piece]:
    """A collar that stands up."""
    neck = torso.neck + 0.01
    side = curve((neck * 0.8, -tall), (neck, 0), (neck + 0.02, 0.03))
    inside = both(outline((0, -tall), (neck * 0.75, -tall), (neck * 0.6, -tall * 0.5), (0, 0)))
    collar = Piece([both(outline((0, -tall), side, (0, 0.09)))], light=dice(0.8, 1))
    return [collar, patch(inside, light=0.5)] if dice.chance(0.5) else [collar]


def collar(dice: Dice, torso: Torso, drop: float) -> list[Piece]:
    """A collar turned down, its two points to the sides of the neck."""
    neck, tall = torso.neck, dice(0.04, 0.08)
    tip = (neck * dice(0.6, 1.2), torso.depth + drop * dice(0.6, 1))
    flap = outline((0, torso.depth), (neck * 0.7, -tall), (neck + 0.03, 0.015), tip)
    lining = both(outline((0, -tall), (neck * 0.7, -tall), (neck * 0.8, 0.01), (0, torso.depth)))
    inner = contrasting(dice) if dice.chance(0.5) else None
    tone = contrasting(dice) if dice.chance(0.12) else None
    edge = outline((0, torso.depth), tip, (neck + 0.03, 0.015))
    return [
        Piece([lining], light=dice(0.3, 1.1), tone=inner),
        Piece(pair(flap), light=dice(0.7, 1.2), shadow=0.6, bulge=0.1, tone=tone),
        line(*pair(edge), width=0.016, shadow=dice(-0.3, 0.5)),
    ]


def placket(dice: Dice, torso: Torso) -> Piece:
    """The overlap that a shirt is buttoned along."""
    edge = outline((dice(0.02, 0.035), torso.depth), (dice(0.02, 0.035), 1 + torso.sag))
    return line(*pair(edge), width=0.012, shadow=dice(0.1, 0.35))


def buttons(dice: Dice, torso: Torso, end: float, count: int, big: float = 0.025) -> Piece:
    """A row of buttons from the neck to ``end``."""
    heights = np.linspace(torso.depth + 0.04, end, count)
    spots = [oval(0, height, big, big) for height in heights]
    if dice.chance(0.4):
        return patch(*spots, tone=contrasting(dice), shadow=0.2)
    return patch(*spots, light=dice.pick(0.5, 1.6), shadow=0.2)


def hood(dice: Dice, torso: Torso) -> list[Piece]:
    """A hood that lies around the neck, with its cords."""
    top, wide, low = -dice(0.06, 0.16), torso.neck + dice(0.02, 0.06), dice(0.1, 0.16)
    outer = curve((0, top), (wide * 0.9, top), (wide * 1.1, 0.02), (wide * 0.6, low), (0, low))
    face = top + dice(0.02, 0.06)
    inner = curve((0, face), (wide * 0.6, face), (wide * 0.6, 0.02), (0, low - 0.02))
    pieces = [
        Piece([both(outer)], light=dice(0.8, 1), shadow=0.4, bulge=0.35),
        Piece([both(inner)], light=dice(0.35, 0.8), shadow=0.2),
    ]
    if dice.chance(0.5):
        cord = outline((0.04, low - 0.02), (0.044, low + dice(0.08, 0.2)))
        pieces.append(line(*pair(cord), width=0.012, tone=contrasting(dice), shadow=0))
    return pieces


def lapels(dice: Dice, torso: Torso) -> list[Piece]:
    """Lapels, and what is seen between them."""
    neck, low = torso.neck, dice(0.2, 0.5)
    opening = outline((-neck, 0), (neck, 0), (0, low))
    side = outline((neck * 0.8, -0.03), (neck + 0.08, 0.12), (neck + 0.05, 0.18), (0, low))
    lining = contrasting(dice) if dice.chance(0.6) else None
    return [
        patch(opening, tone=lining, light=dice(0.4, 1), shadow=0.3),
        Piece(pair(side), light=dice(0.8, 1.1), shadow=0.45),
    ]


def pockets(dice: Dice, torso: Torso) -> Piece:
    """Two pockets with flaps, or slits."""
    y, x, depth = dice(0.58, 0.72), torso.chest * dice(0.35, 0.55), dice(0.2, 0.5)
    if dice.chance(0.6):
        slit = outline((x, y + dice(0, 0.1)), (x + dice(0.05, 0.1), y))
        return line(*pair(slit), width=0.018, shadow=depth)
    return patch(*pair(box(x - 0.03, y, x + 0.1, y + dice(0.03, 0.1))), shadow=depth)


def quilting(torso: Torso, count: int, shadow: float) -> Piece:
    """Seams across, as padded jackets have them."""
    wide = torso.chest + 0.15
    heights = np.linspace(0.12, 0.97, count)
    seams = [outline((-wide, y), (0, y + 0.02), (wide, y)) for y in heights]
    return line(*seams, width=0.015, shadow=shadow)


def pleats(dice: Dice, torso: Torso) -> Piece:
    """Folds that run from the waist to the hem."""
    shares = np.linspace(-0.8, 0.8, dice.whole(4, 8))
    folds = [outline((s * torso.waist, torso.middle), (s * torso.hem, 1)) for s in shares]
    return line(*folds, width=0.012, shadow=dice(0.1, 0.4))
