"""Cuts of trousers and of bags: each from random measures."""

import numpy as np

from cnnvis.standins.fabrics import Look
from cnnvis.standins.shapes import Piece, Points, both, box, curve, mirrored, outline, oval

Cut = tuple[list[Piece], Look]


def trousers(random: np.random.Generator) -> Cut:
    """Two legs, skinny to wide, straight or as if walking; now and then shorts."""
    u = random.uniform
    short = random.random() < 0.06
    wide = u(0.3, 0.42) if short else u(0.13, 0.19)
    crotch = u(0.5, 0.65) if short else u(0.28, 0.37)
    knee = wide * (0.95 if short else u(0.62, 0.95))
    ankle = wide * (0.9 if short else u(0.45, 0.8))
    apart = u(0.0, 0.05) if short else u(-0.03, 0.05)
    stride = u(0.02, 0.09) if random.random() < 0.3 else 0
    waist = wide * u(0.8, 0.98)

    def leg(bend: float, sway: float) -> Points:
        outer = curve(
            (waist, 0),
            (wide, 0.16),
            (wide, crotch),
            (wide * 0.95 + apart + bend, 0.6),
            (wide * 0.9 + apart + sway, 1),
        )
        right = wide * 0.95 + apart + bend - knee, wide * 0.9 + apart + sway - ankle
        inner = curve(
            (right[1], 1),
            (right[0], 0.62),
            (max(right[0] * 0.6, 0.0), crotch + 0.03),
            (-0.015, crotch),
        )
        return outline((-0.015, 0.0), outer, inner)

    front, behind = leg(stride, -stride * 0.3), mirrored(leg(stride * u(-0.6, 0.3), u(-0.02, 0.02)))
    pieces = [
        Piece(behind, light=u(0.75, 1), bulge=0.35),
        Piece(front, bulge=0.35, shadow=u(0, 0.3)),
        Piece(outline((0, 0.05), (0, crotch)), stroke=0.012, kind="crease", shadow=u(0.1, 0.4)),
        Piece(outline((-waist, 0.045), (waist, 0.045)), 0.012, kind="crease", shadow=u(0.1, 0.4)),
    ]
    pocket = curve((waist * 0.5, 0.05), (waist * 0.6, 0.1), (wide, 0.12))
    if random.random() < 0.6:
        depth = u(0.15, 0.4)
        sides = (pocket, mirrored(pocket))
        pieces += [Piece(side, stroke=0.014, kind="crease", shadow=depth) for side in sides]
    if random.random() < 0.25:
        belt = box(-waist, 0, waist, 0.045)
        pieces.append(Piece(belt, tone=_other(random), kind="patch", shadow=0))
    if random.random() < 0.3:
        pieces += _faded(random, wide)
    pattern = _choose(random, plain=0.62, melange=0.25, flowers=0.07, checks=0.02, pinstripes=0.04)
    return pieces, Look(_tone(random), pattern, u(0.1, 0.3), drape=0.03, crumple=u(0.04, 0.12))


def _faded(random: np.random.Generator, wide: float) -> list[Piece]:
    """Light thighs, as jeans have where they are worn."""
    gain = -random.uniform(0.2, 0.6)
    thigh = oval(wide * 0.55, 0.4, wide * 0.5, 0.4)
    return [Piece(side, kind="crease", shadow=gain) for side in (thigh, mirrored(thigh))]


def bag(random: np.random.Generator) -> Cut:
    """Handbags, shoppers, satchels, clutches, hobos and rucksacks, most with handles."""
    u = random.uniform
    style = random.choice(
        ["tote", "handbag", "satchel", "clutch", "hobo", "duffel", "rucksack"],
        p=(0.22, 0.26, 0.2, 0.12, 0.08, 0.07, 0.05),
    )
    height = {
        "tote": u(0.6, 1.0),
        "handbag": u(0.45, 0.75),
        "satchel": u(0.5, 0.95),
        "clutch": u(0.45, 0.75),
        "hobo": u(0.5, 0.8),
        "duffel": u(0.4, 0.55),
        "rucksack": u(0.95, 1.25),
    }[style]
    top = 0.5 * (u(0.85, 1.15) if style in ("tote", "satchel", "clutch") else u(0.6, 1))
    sag, corner = u(0, 0.04), u(0.02, 0.12)
    if style == "hobo":
        body = both(
            curve(
                (0, 0.12),
                (top * 0.6, 0.08),
                (0.45, -0.1),
                (0.52, height * 0.6),
                (0.3, height),
                (0, height),
            )
        )
    else:
        body = both(
            outline(
                (0, sag),
                curve((top - corner, 0), (top, 0), (top, corner)),
                curve((0.5, height - corner), (0.5, height), (0.5 - corner, height)),
                (0, height + sag / 2),
            )
        )
    pieces = _handles(random, style, top, height)
    pieces.append(Piece(body, bulge=0.3, shadow=0.4))
    pieces += _front(random, style, top, height)
    pattern = _choose(
        random,
        plain=0.68,
        melange=0.12,
        flowers=0.08,
        checks=0.04,
        dots=0.02,
        stripes=0.03,
        blocks=0.03,
    )
    look = Look(
        _tone(random),
        pattern,
        u(0.1, 0.5),
        drape=0.03,
        crumple=u(0.03, 0.1),
        gloss=u(0, 0.3),
        turn=0.02,
        bend=0.008,
    )
    return pieces, look


def _handles(random: np.random.Generator, style: str, top: float, height: float) -> list[Piece]:
    """What the bag is carried by; the nearer handle follows with the front."""
    u = random.uniform
    wide = u(0.03, 0.06)
    if style == "clutch":
        return []
    if style == "satchel":
        kind = random.choice(["sides", "over", "none"], p=(0.5, 0.3, 0.2))
        if kind == "none":
            return []
        if kind == "sides":
            out, low = top + u(0.03, 0.12), height * u(0.4, 1.0)
            strap = curve((top - 0.05, 0.0), (out, -0.03), (out, low * 0.6), (top - 0.02, low))
            return [Piece(side, stroke=wide * 0.8, light=0.9) for side in (strap, mirrored(strap))]
        peak = -u(0.3, 0.7)
        return [
            Piece(
                curve((-top, 0.03), (-top * 0.5, peak), (top * 0.5, peak), (top, 0.03)),
                stroke=wide,
                light=0.9,
            )
        ]
    rise = {
        "tote": u(0.35, 0.9),
        "handbag": u(0.2, 0.6),
        "hobo": u(0.3, 0.7),
        "duffel": u(0.15, 0.3),
        "rucksack": u(0.08, 0.14),
    }[style]
    foot = {"hobo": 0.44, "rucksack": 0.1}.get(style) or top * u(0.35, 0.75)
    lean = u(0.45, 0.9)
    base = -0.06 if style == "hobo" else 0.05
    arc = curve((-foot, base), (-foot * lean, -rise), (foot * lean, -rise), (foot, base))
    pieces = [Piece(arc, stroke=wide, light=0.8)]
    if style in ("tote", "handbag", "duffel") and random.random() < 0.5:
        pieces.append(Piece(arc * (1, u(0.75, 0.95)) + (u(-0.03, 0.03), 0), stroke=wide))
    return pieces


def _front(random: np.random.Generator, style: str, top: float, height: float) -> list[Piece]:
    """Flap, clasp, zip, pocket, seams and corners."""
    u = random.uniform
    pieces, tone = [], _other(random)
    if style in ("satchel", "clutch") and random.random() < 0.65:
        low = height * u(0.35, 0.75)
        flap = both(outline((0, 0), (top, 0), curve((0.5, 0.05), (0.48, low * 0.8), (0, low))))
        pieces.append(Piece(flap, kind="patch", shadow=0.5, light=u(0.9, 1.1)))
        if random.random() < 0.7:
            pieces.append(
                Piece(
                    oval(0, low - 0.03, u(0.05, 0.15), u(0.04, 0.1)),
                    tone=tone,
                    kind="patch",
                    shadow=0.3,
                )
            )
        return pieces
    if random.random() < 0.6:
        y = height * u(0.08, 0.3)
        pieces.append(
            Piece(
                outline((-0.6, y), (0.6, y + u(-0.02, 0.02))),
                stroke=0.02,
                kind="crease",
                shadow=u(0.2, 0.6),
            )
        )
    if random.random() < 0.3 or style == "rucksack":
        pocket = box(-u(0.2, 0.35), height * u(0.45, 0.6), u(0.2, 0.35), height * u(0.8, 0.95))
        pieces.append(Piece(pocket, kind="patch", shadow=0.4, light=u(0.85, 1.1)))
    if random.random() < 0.3:
        pieces.append(
            Piece(
                box(-0.6, height * u(0.7, 0.85), 0.6, height * 1.1),
                tone=tone,
                kind="patch",
                shadow=0.2,
            )
        )
    if random.random() < 0.4:
        x, wide = top * u(0.4, 0.7), u(0.02, 0.05)
        pieces += [
            Piece(outline((s * x, 0), (s * x * 1.05, height)), wide, kind="patch", light=0.85)
            for s in (-1, 1)
        ]
    if random.random() < 0.4:
        pieces.append(
            Piece(
                oval(u(-0.2, 0.2), height * u(0.25, 0.6), u(0.05, 0.12), u(0.04, 0.1)),
                tone=tone,
                kind="patch",
            )
        )
    return pieces


def _tone(random: np.random.Generator) -> float:
    return random.choice([random.uniform(0.05, 0.25), random.uniform(0.2, 0.6)])


def _other(random: np.random.Generator) -> float:
    return random.choice([random.uniform(0.03, 0.25), random.uniform(0.5, 0.9)])


def _choose(random: np.random.Generator, **shares: float) -> str:
    chosen = random.choice(list(shares), p=list(shares.values()))
    return "" if chosen == "plain" else str(chosen)
