"""Cuts of trousers and of bags: each from random measures."""

from cnnvis.standins.garments.fabrics import Cut, Look
from cnnvis.standins.garments.outlines import (
    Dice,
    Points,
    both,
    box,
    curve,
    mirrored,
    outline,
    oval,
    pair,
)
from cnnvis.standins.garments.pieces import Piece, line, patch


def _tone(dice: Dice) -> float:
    """The share of light that cloth and leather throw back."""
    return dice(0.05, 0.25) if dice.chance(0.5) else dice(0.2, 0.6)


def _contrasting(dice: Dice) -> float:
    """The tone of a trimming: dark or light."""
    return dice.pick(dice(0.04, 0.25), dice(0.5, 0.9))


# Trousers: shares of the length from the waist to the ankle, y downwards, x = 0 the middle.


def trousers(dice: Dice) -> Cut:
    """Two legs, skinny to wide, straight or as if walking; now and then shorts."""
    short = dice.chance(0.05)
    wide = dice(0.3, 0.4) if short else dice(0.13, 0.19)
    crotch = dice(0.42, 0.55) if short else dice(0.28, 0.37)
    waist, stride = wide * dice(0.8, 0.98), dice(0.02, 0.09) if dice.chance(0.3) else 0
    measures = {
        "waist": waist,
        "wide": wide,
        "crotch": crotch,
        "knee": wide * (0.85 if short else dice(0.62, 0.95)),
        "ankle": wide * (0.75 if short else dice(0.45, 0.8)),
        "apart": dice(0.02, 0.06) if short else dice(-0.03, 0.05),
    }
    near = _leg(**measures, bend=stride, sway=-0.3 * stride)
    far = _leg(**measures, bend=stride * dice(-0.6, 0.3), sway=dice(-0.02, 0.02))
    fly, belt = outline((0, 0.05), (0, crotch)), outline((-waist, 0.045), (waist, 0.045))
    pieces = [
        Piece([mirrored(far)], light=dice(0.75, 1), bulge=0.35),
        Piece([near], bulge=0.35, shadow=dice(0, 0.3)),
        line(fly, belt, width=0.012, shadow=dice(0.1, 0.4)),
    ]
    if dice.chance(0.6):
        pocket = curve((waist * 0.5, 0.05), (waist * 0.6, 0.1), (wide, 0.12))
        pieces.append(line(*pair(pocket), width=0.014, shadow=dice(0.15, 0.4)))
    if dice.chance(0.25):
        pieces.append(patch(box(-waist, 0, waist, 0.045), tone=_contrasting(dice)))
    if dice.chance(0.3):  # as jeans fade where they are worn
        thigh = oval(wide * 0.55, 0.4, wide * 0.3, 0.4)
        pieces.append(line(*pair(thigh), width=wide * 0.35, shadow=-dice(0.1, 0.5)))
    return pieces, Look(
        tone=_tone(dice),
        pattern=dice.weigh(plain=64, melange=25, flowers=5, checks=2, pinstripes=4),
        contrast=dice(0.1, 0.3),
        crumple=dice(0.04, 0.12),
    )


def _leg(waist, wide, crotch, knee, ankle, apart, bend, sway) -> Points:
    """The right leg with its half of the hips: how wide it is, and where knee and foot go."""
    knee_out, foot_out = wide * 0.95 + apart + bend, wide * 0.9 + apart + sway
    outer = curve((waist, 0), (wide, 0.16), (wide, crotch), (knee_out, 0.6), (foot_out, 1))
    knee_in, foot_in = knee_out - knee, foot_out - ankle
    start = (max(knee_in * 0.6, 0), crotch + 0.03)
    inner = curve((foot_in, 1), (knee_in, 0.62), start, (-0.015, crotch))
    return outline((-0.015, 0), outer, inner)


# Bags: shares of the width, y downwards from the opening, x = 0 the middle.


def bag(dice: Dice) -> Cut:
    """Handbags, shoppers, satchels, clutches, hobos and rucksacks, most with handles."""
    style = dice.weigh(tote=22, handbag=26, satchel=20, clutch=12, hobo=8, duffel=7, rucksack=5)
    low, high = {
        "tote": (0.6, 1.0),
        "handbag": (0.45, 0.75),
        "satchel": (0.5, 0.95),
        "clutch": (0.45, 0.75),
        "hobo": (0.5, 0.8),
        "duffel": (0.4, 0.55),
        "rucksack": (0.95, 1.2),
    }[style]
    height, sag, corner = dice(low, high), dice(0, 0.04), dice(0.02, 0.12)
    straight = style in ("tote", "satchel", "clutch", "rucksack")
    top = 0.5 * (dice(0.85, 1.15) if straight else dice(0.6, 1))
    if style == "hobo":
        side = ((top * 0.6, 0.08), (0.45, -0.1), (0.52, height * 0.6), (0.3, height))
        body = both(curve((0, 0.12), *side, (0, height)))
    else:
        rim = curve((top - corner, 0), (top, 0), (top, corner))
        base = curve((0.5, height - corner), (0.5, height), (0.5 - corner, height))
        body = both(outline((0, sag), rim, base, (0, height + sag / 2)))
    pieces = [*_handles(dice, style, top, height), Piece([body], bulge=0.3, shadow=0.4)]
    pieces += _flap(dice, top, height) if _has_flap(dice, style) else _front(dice, top, height)
    return pieces, Look(
        tone=_tone(dice),
        pattern=dice.weigh(plain=68, melange=12, flowers=8, checks=4, dots=2, stripes=3, blocks=3),
        contrast=dice(0.1, 0.5),
        crumple=dice(0.04, 0.12),
        gloss=dice(0, 0.3),
        turn=0.02,
        bend=0.008,
    )


def _has_flap(dice: Dice, style: str) -> bool:
    return style in ("satchel", "clutch") and dice.chance(0.65)


def _handles(dice: Dice, style: str, top: float, height: float) -> list[Piece]:
    """What the bag is carried by."""
    wide = dice(0.03, 0.06)
    if style == "clutch":
        return []
    if style == "satchel":
        kind = dice.weigh(sides=0.5, over=0.3, none=0.2)
        out, low = top + dice(0.03, 0.12), height * dice(0.4, 1.0)
        if kind == "sides":
            strap = curve((top - 0.05, 0), (out, -0.03), (out, low * 0.6), (top - 0.02, low))
            return [Piece(pair(strap), wide * 0.8, light=0.9)]
        peak = -dice(0.3, 0.7)
        strap = curve((-top, 0.03), (-top * 0.5, peak), (top * 0.5, peak), (top, 0.03))
        return [Piece([strap], wide, light=0.9)] if kind == "over" else []
    low, high = {
        "tote": (0.35, 0.9),
        "handbag": (0.2, 0.6),
        "hobo": (0.3, 0.7),
        "duffel": (0.15, 0.3),
        "rucksack": (0.08, 0.14),
    }[style]
    rise, lean, base = dice(low, high), dice(0.45, 0.9), -0.06 if style == "hobo" else 0.05
    foot = {"hobo": 0.44, "rucksack": 0.1}.get(style) or top * dice(0.35, 0.75)
    arc = curve((-foot, base), (-foot * lean, -rise), (foot * lean, -rise), (foot, base))
    pieces = [Piece([arc], wide, light=0.8)]
    if style in ("tote", "handbag", "duffel") and dice.chance(0.5):
        pieces.append(Piece([arc * (1, dice(0.75, 0.95)) + (dice(-0.03, 0.03), 0)], wide))
    return pieces


def _flap(dice: Dice, top: float, height: float) -> list[Piece]:
    """A flap, mostly with its clasp."""
    low = height * dice(0.35, 0.75)
    side = curve((0.5, 0.05), (0.48, low * 0.8), (0, low))
    flap = both(outline((0, 0), (top, 0), side))
    pieces = [patch(flap, shadow=0.5, light=dice(0.9, 1.1), bulge=0.25)]
    if dice.chance(0.7):
        clasp = oval(0, low - 0.03, dice(0.05, 0.15), dice(0.04, 0.1))
        pieces.append(patch(clasp, tone=_contrasting(dice), shadow=0.3))
    return pieces


def _front(dice: Dice, top: float, height: float) -> list[Piece]:
    """A zip, a pocket, another tone below, bands, a badge: some of them."""
    pieces, tone = [], _contrasting(dice)
    if dice.chance(0.6):
        y = height * dice(0.08, 0.3)
        seam = outline((-0.6, y), (0.6, y + dice(-0.02, 0.02)))
        pieces.append(line(seam, width=0.02, shadow=dice(0.2, 0.6)))
    if dice.chance(0.35):
        wide, upper = dice(0.2, 0.35), height * dice(0.45, 0.6)
        pocket = box(-wide, upper, wide, height * dice(0.8, 0.95))
        pieces.append(patch(pocket, shadow=0.4, light=dice(0.85, 1.1), bulge=0.2))
    if dice.chance(0.3):
        base = box(-0.6, height * dice(0.7, 0.85), 0.6, height * 1.1)
        pieces.append(patch(base, tone=tone, shadow=0.2, bulge=0.2))
    if dice.chance(0.4):
        x = top * dice(0.4, 0.7)
        strap = outline((x, 0), (x * 1.05, height))
        pieces.append(line(*pair(strap), width=dice(0.02, 0.05), shadow=dice(-0.3, 0.4)))
    if dice.chance(0.4):
        middle = dice(-0.2, 0.2), height * dice(0.25, 0.6)
        pieces.append(patch(oval(*middle, dice(0.05, 0.12), dice(0.04, 0.1)), tone=tone))
    return pieces
