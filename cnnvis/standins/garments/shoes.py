"""Cuts of shoes, seen from the side, the toe to the left: each from random measures.

Measures are shares of the foot's length: x from the toe to the heel, y = 0 the ground, upwards
below 0.
"""

import numpy as np

from cnnvis.standins.garments.fabrics import Cut, Look
from cnnvis.standins.garments.outlines import Dice, Points, band, curve, moved, outline, oval
from cnnvis.standins.garments.pieces import Piece, line, patch


def tanned(dice: Dice) -> float:
    """The share of light that leather throws back."""
    return dice(0.05, 0.3) if dice.chance(0.6) else dice(0.25, 0.65)


def contrasting(dice: Dice) -> float:
    """The tone of a trimming: dark or light."""
    return dice(0.05, 0.3) if dice.chance(0.4) else dice(0.5, 0.92)


def bed_of(heel: float, platform: float = 0) -> Points:
    """The line that the foot stands on, from toe to heel, so much higher at the heel."""
    return curve(
        (0.0, -platform - 0.01),
        (0.12, -platform),
        (0.32, -platform),
        (0.55, -platform - 0.45 * heel),
        (0.78, -platform - 0.95 * heel),
        (0.9, -platform - heel),
        (1.0, -platform - heel),
    )


def below(bed: Points, start: float, left: float, right: float) -> Points:
    """What fills the room below the bed from ``start`` to the heel, down to the ground."""
    return outline(bed[bed[:, 0] >= start], (right, 0), (left, 0))


def sneaker(dice: Dice) -> Cut:
    """Low, seldom up to the ankle, laced, with a sole of another tone, stripes or a swoosh."""
    high = dice.chance(0.06)
    sole, heel, toe = dice(0.045, 0.1), dice(0.0, 0.03), dice(0.09, 0.19)
    top = sole + (dice(0.42, 0.5) if high else dice(0.26, 0.36))
    dip = top - (0.03 if high else dice(0.05, 0.13))
    tongue, bed = dice(0.52, 0.64), bed_of(heel, sole)
    upper = _sneaker_upper(dice, bed, (sole, toe, top, dip, tongue))
    spring = dice(0, 0.04)
    ground = curve((1.01, 0), (0.5, 0.01), (0.3, 0), (0.05, -spring), (-0.01, -sole - spring))
    opening = outline((tongue + 0.03, -top), (0.75, -dip), (0.95, -dip))
    pieces = [
        Piece([upper], bulge=0.3),
        *_panels(dice, sole, top, toe),
        *_side_mark(dice, sole, top),
        _laces(dice, (0.28, -sole - toe - 0.01), (tongue - 0.02, -top + 0.03)),
        line(opening, width=0.03, shadow=dice(-0.2, 0.5)),
        Piece(
            [outline(moved(bed, 0, -0.015), ground)],
            tone=contrasting(dice),
            light=dice(0.8, 1),
            shadow=0.3,
            bulge=0.1,
        ),
    ]
    if dice.chance(0.5):
        tread = outline((0.02, -sole * 0.3), (0.97, -sole * 0.3))
        pieces.append(line(tread, width=sole * 0.5, tone=contrasting(dice), shadow=0))
    return pieces, Look(
        tone=tanned(dice),
        pattern=dice.weigh(plain=0.65, melange=0.2, flowers=0.1, checks=0.05),
        contrast=dice(0.1, 0.4),
        crumple=dice(0.05, 0.14),
        turn=0.03,
    )


def _sneaker_upper(dice: Dice, bed: Points, heights: tuple[float, ...]) -> Points:
    """All above the sole: how high sole, toe, tongue and heel are, and how far back the tongue."""
    sole, toe, top, dip, tongue = heights
    vamp = curve(
        (0.03, -sole),
        (-0.03, -sole - toe * 0.4),
        (0.03, -sole - toe),
        (0.22, -sole - toe * 1.05),
        (tongue - 0.12, -0.4 * sole - 0.25 * toe - 0.65 * top),
        (tongue, -top),
        (tongue + 0.07, -top - 0.01),
    )
    throat = curve(
        (tongue + 0.08, -top + 0.02),
        (0.76, -dip),
        (0.9, -dip - 0.01),
        (0.94, -top + dice(-0.03, 0.04)),
    )
    back = curve((0.98, -dip - 0.03), (0.93, -sole - 0.14), (1.01, -sole - 0.08), (0.99, -sole))
    return outline(vamp, throat, back, bed[::-1])


def _panels(dice: Dice, sole: float, top: float, toe: float) -> list[Piece]:
    """The parts that a sneaker is sewn from: heel, toe and others."""
    panels = []
    if dice.chance(0.5):
        side = curve((0.78, -sole), (0.85, -sole - 0.15), (0.9, -top + 0.06))
        panels.append(outline(side, (1.0, -top), (1.05, -sole)))
    if dice.chance(0.4):
        cap = curve((0, -sole), (0, -sole - toe), (0.2, -sole - toe - 0.02), (0.26, -sole))
        panels.append(cap)
    if dice.chance(0.5):
        tall = dice(0.04, 0.1)
        panels.append(outline((0, -sole), (0, -sole - tall), (1, -sole - tall * 1.3), (1, -sole)))
    for _ in range(dice.whole(0, 3)):
        x, wide = dice(0.25, 0.75), dice(0.05, 0.2)
        height, slant = dice(0.5, 0.9) * (top - sole), dice(-0.1, 0.15)
        foot = outline((x, -sole), (x + wide, -sole))
        panels.append(outline(foot, moved(foot, slant, -height)[::-1]))
    return [patch(panel, tone=dice(0.05, 0.75), shadow=0.2, bulge=0.1) for panel in panels]


def _side_mark(dice: Dice, sole: float, top: float) -> list[Piece]:
    """What the makers' names are known by: stripes, a swoosh."""
    style = dice.pick("stripes", "swoosh", "none")
    if style == "stripes":
        slant = dice(-0.05, 0.1)
        starts = 0.42 + dice(0.06, 0.09) * np.arange(dice.whole(1, 3))
        stripes = [outline((x, -sole), (x + slant, -top + 0.08)) for x in starts]
        return [line(*stripes, width=0.028, tone=contrasting(dice))]
    if style == "swoosh":
        low = -sole - 0.03
        path = curve((0.9, -top + 0.08), (0.55, low), (0.42, low), (0.4, low - 0.1))
        return [patch(band(path, 0.01, 0.05, 0.05, 0.01), tone=contrasting(dice))]
    return []


def _laces(dice: Dice, start: tuple[float, float], end: tuple[float, float]) -> Piece:
    """Short lines across the instep, from ``start`` to ``end``."""
    stops = np.linspace(start, end, dice.whole(4, 6))
    reach = np.array([dice(0.03, 0.07), dice(0.05, 0.09)])
    laces = [outline(stop - (0.01, 0), stop + reach) for stop in stops]
    return line(*laces, width=0.022, tone=contrasting(dice), shadow=0.3)


def ankle_boot(dice: Dice) -> Cut:
    """Up over the ankle: flat, with a block or a high heel; laces, a buckle, elastic or a zip."""
    style = dice.weigh(flat=0.5, block=0.25, high=0.25)
    heel = {"flat": dice(0.01, 0.07), "block": dice(0.08, 0.2), "high": dice(0.28, 0.42)}[style]
    flat = style == "flat"
    platform = dice(0.03, 0.07) if flat else dice(0.015, 0.04) + 0.08 * dice.chance(0.15)
    toe = dice(0.16, 0.25) if flat else dice(0.1, 0.18)
    back, front, bed = dice(0.9, 1.0), dice(0.46, 0.56), bed_of(heel, platform)
    floor = platform + heel
    top = floor + (dice(0.36, 0.46) if flat and dice.chance(0.15) else dice(0.46, 0.7))
    upper = _boot_upper(dice, bed, (front, back), (platform, toe, floor, top))
    sole = dice(0.05, 0.6) if dice.chance(0.5) else contrasting(dice)
    rim = outline(bed, moved(bed, 0, platform)[::-1])
    pieces = [
        Piece([upper], bulge=0.35),
        *_leather(dice, front, back, top, floor, platform),
        *_boot_trim(dice, top, front, back, floor),
        Piece([rim], tone=sole, light=0.9, bulge=0, shadow=0.3),
    ]
    if style == "high" and dice.chance(0.5):
        pieces.append(Piece([below(bed, 0.84, 0.92, 0.99)], light=0.85))
    else:
        wide = dice(0.68, 0.76)
        block = below(bed, wide, wide + heel * 0.25, 0.99)
        pieces.append(Piece([block], tone=sole, light=0.85))
    return pieces, Look(
        tone=tanned(dice),
        pattern=dice.weigh(plain=0.8, melange=0.2),
        contrast=dice(0.1, 0.3),
        crumple=dice(0.04, 0.1),
        gloss=dice(0, 0.4),
        turn=0.03,
    )


def _boot_upper(dice: Dice, bed: Points, shaft: tuple[float, float], heights: tuple) -> Points:
    """All above the sole: from where to where the shaft is, how high sole, toe, heel and rim."""
    (front, back), (platform, toe, floor, top) = shaft, heights
    heel = floor - platform
    vamp = curve(
        (0.03, -platform),
        (-0.04, -platform - toe * 0.4),
        (0.04, -platform - toe),
        (0.24, -platform - toe * 1.15 - 0.15 * heel),
        (front - 0.14, -platform - heel * 0.75 - min(0.3, 0.6 * (top - floor))),
        (front - 0.02, -0.4 * floor - 0.6 * top - 0.08),
        (front + dice(-0.05, 0.03), -top),
    )
    edge = curve((front + 0.02, -top), (0.75, -top + dice(-0.02, 0.04)), (back, -top))
    heel_line = curve(
        (back, -top + 0.01), (back - 0.04, -floor - 0.3), (1.02, -floor - 0.14), (0.99, -floor)
    )
    return outline(vamp, edge, heel_line, bed[::-1])


def _leather(dice: Dice, front: float, back: float, top: float, floor: float, low: float):
    """The parts that a boot is sewn from, and the shine on its toe."""
    pieces = []
    if dice.chance(0.4):
        seam = curve((front - 0.1, -floor - 0.28), (front + 0.1, -floor - 0.1), (0.6, -low))
        pieces.append(line(seam, width=0.018, shadow=dice(-0.5, 0.5)))
    if dice.chance(0.25):
        side = curve((0.76, -floor), (0.8, -floor - 0.2), (back, -floor - 0.3))
        counter = outline(side, (1.1, -floor - 0.3), (1.1, -floor))
        pieces.append(patch(counter, tone=dice(0.05, 0.6), shadow=0.2, bulge=0.1))
    if dice.chance(0.15):
        shaft = outline((front - 0.1, -top - 0.1), (1.1, -top - 0.1), (1.1, -floor - 0.3))
        pieces.append(patch(outline(shaft, (front - 0.2, -floor - 0.3)), tone=dice(0.05, 0.6)))
    if dice.chance(0.5):
        shine = curve((0.05, -low - 0.07), (0.25, -low - 0.12), (0.45, -floor * 0.7 - 0.2))
        pieces.append(line(shine, width=dice(0.02, 0.06), shadow=-dice(0.2, 1.2)))
    return pieces


def _boot_trim(dice: Dice, top: float, front: float, back: float, floor: float) -> list[Piece]:
    """Laces, an elastic side, a zip, a buckle or a cuff."""
    style = dice.pick("laces", "elastic", "zip", "buckle", "cuff", "none")
    tone, middle = contrasting(dice), (front + back) / 2
    if style == "laces":
        ends = np.linspace(
            (front - 0.14, -floor - 0.24), (front + 0.02, -top + 0.04), dice.whole(4, 7)
        )
        laces = [outline(end, moved(end, 0.1, 0.03)) for end in ends]
        return [line(*laces, width=0.022, tone=tone, shadow=0.4)]
    if style == "elastic":
        wide = dice(0.06, 0.12)
        low = outline((middle + 0.03, -floor - 0.16), (middle - 0.03, -floor - 0.16))
        gore = outline((middle - wide, -top), (middle + wide, -top), low)
        return [patch(gore, tone=dice(0.05, 0.75), light=dice(0.6, 1), shadow=0.2)]
    if style == "zip":
        zipper = outline((middle, -top), (middle + 0.05, -floor - 0.05))
        return [line(zipper, width=0.02, tone=tone)]
    if style == "buckle":
        strap = curve(
            (front - 0.12, -floor - 0.22), (middle, -floor - 0.32), (back + 0.02, -floor - 0.26)
        )
        return [
            line(strap, width=0.05, tone=dice(0.05, 0.6), shadow=0.4),
            patch(oval(middle, -floor - 0.3, 0.07, 0.08), tone=tone, shadow=0.2),
        ]
    if style == "cuff":
        cuff = outline((front - 0.02, -top), (back, -top), (back, -top + 0.1))
        edge = outline(cuff, (front - 0.02, -top + 0.11))
        return [Piece([edge], tone=dice.pick(tone, None), light=0.9, shadow=0.4)]
    return []
