"""Cuts of shoes, seen from the side, the toe to the left: each from random measures.

Measures are shares of the foot's length: x from the toe to the heel, y = 0 the ground, upwards
below 0.
"""

import numpy as np

from cnnvis.standins.fabrics import Look
from cnnvis.standins.shapes import Piece, Points, band, curve, outline, oval

Cut = tuple[list[Piece], Look]


def _bed(heel: float, platform: float = 0) -> Points:
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


def _under(bed: Points, start: float, end: float, foot: tuple[float, float]) -> Points:
    """What fills the room between a part of the bed and the ground, from ``foot`` to ``foot``."""
    above = bed[(bed[:, 0] >= start) & (bed[:, 0] <= end)]
    return outline(above, (foot[1], 0), (foot[0], 0))


def sneaker(random: np.random.Generator) -> Cut:
    """Low or up to the ankle, laced, with a sole of another tone, stripes or a swoosh."""
    u = random.uniform
    high = random.random() < 0.12
    sole, heel = u(0.05, 0.1), u(0.0, 0.03)
    top = sole + (u(0.5, 0.62) if high else u(0.26, 0.36))
    tongue = u(0.52, 0.64)
    toe = u(0.1, 0.17)
    bed = _bed(heel, sole)
    dip = top - (0.02 if high else u(0.04, 0.1))
    upper = outline(
        curve(
            (0.01, -sole),
            (0.0, -sole - toe * 0.7),
            (0.12, -sole - toe),
            (0.3, -sole - toe - 0.05),
            (tongue - 0.02, -top),
            (tongue + 0.06, -top - 0.01),
        ),
        curve(
            (tongue + 0.07, -top + 0.02),
            (0.78, -dip),
            (0.93, -dip - 0.02),
            (0.96, -top + u(0, 0.05)),
        ),
        curve((0.98, -top + 0.05), (0.95, -sole - 0.15), (1.0, -sole - 0.08), (0.98, -sole)),
        bed[::-1],
    )
    rim = outline(
        bed + (0, -0.015), (1.01, 0), curve((0.96, 0), (0.5, 0.0), (0.06, 0), (0, -sole * 0.6))
    )
    other = _other(random)
    pieces = [Piece(upper, bulge=0.3)]
    if random.random() < 0.5:
        counter = outline(
            curve((0.78, -sole), (0.85, -sole - 0.15), (0.9, -top + 0.06)),
            (1.0, -top),
            (1.05, -sole),
        )
        pieces.append(Piece(counter, tone=_near(random), kind="patch", shadow=0.15))
    if random.random() < 0.4:
        cap = curve(
            (0, -sole), (0.0, -sole - toe), (0.2, -sole - toe - 0.02), (0.26, -sole), closed=True
        )
        pieces.append(Piece(cap, tone=_near(random), kind="patch", shadow=0.15))
    pieces += _side_mark(random, sole, top, other)
    pieces += _laces(random, (0.3, -sole - toe - 0.04), (tongue, -top + 0.02), _other(random))
    pieces.append(
        Piece(outline((tongue + 0.03, -top), (0.75, -dip), (0.95, -dip)), 0.02, kind="crease")
    )
    pieces.append(Piece(rim, tone=_other(random), light=u(0.8, 1), shadow=0.3, bulge=0.1))
    if random.random() < 0.5:
        line = outline((0.02, -sole * 0.35), (0.97, -sole * 0.35))
        pieces.append(Piece(line, stroke=sole * 0.5, tone=_other(random), kind="patch", shadow=0))
    look = Look(
        _tone(random),
        _choose(random, plain=0.8, melange=0.12, flowers=0.04, checks=0.04),
        u(0.1, 0.4),
        drape=0.02,
        crumple=u(0.04, 0.1),
        turn=0.03,
    )
    return pieces, look


def _side_mark(random: np.random.Generator, sole: float, top: float, tone: float) -> list[Piece]:
    style = random.choice(["stripes", "swoosh", "panels", "none"])
    options = {"tone": tone, "kind": "patch", "shadow": 0.1, "bulge": 0}
    if style == "stripes":
        slant = random.uniform(-0.05, 0.1)
        return [
            Piece(outline((x, -sole), (x + slant, -top + 0.08)), stroke=0.025, **options)
            for x in 0.45 + 0.07 * np.arange(random.integers(1, 4))
        ]
    if style == "swoosh":
        path = curve(
            (0.9, -top + 0.08), (0.55, -sole - 0.02), (0.42, -sole - 0.04), (0.4, -sole - 0.12)
        )
        return [Piece(band(path, 0.01, 0.05, 0.05, 0.01), **options)]
    if style == "panels":
        spots = random.uniform((0.2, sole + 0.04), (0.9, top - 0.1), (5, 2)) * (1, -1)
        return [
            Piece(
                oval(*spot, *random.uniform(0.04, 0.2, 2)),
                tone=_near(random),
                kind="patch",
                shadow=0.2,
            )
            for spot in spots
        ]
    return []


def _laces(
    random, start: tuple[float, float], end: tuple[float, float], tone: float
) -> list[Piece]:
    """Short lines across the instep, from ``start`` to ``end``."""
    stops = np.linspace(start, end, random.integers(4, 7))
    reach = np.array([random.uniform(0.03, 0.07), random.uniform(0.05, 0.09)])
    return [
        Piece(outline(stop - (0.01, 0), stop + reach), 0.022, tone=tone, kind="patch", shadow=0.3)
        for stop in stops
    ]


def ankle_boot(random: np.random.Generator) -> Cut:
    """Up over the ankle: flat, with a block or a high heel; laces, a buckle, elastic or a zip."""
    u = random.uniform
    style = random.choice(["flat", "block", "high"], p=(0.5, 0.25, 0.25))
    heel = {"flat": u(0.01, 0.07), "block": u(0.08, 0.2), "high": u(0.28, 0.42)}[style]
    platform = (
        u(0.03, 0.07) if style == "flat" else u(0.015, 0.04) + (random.random() < 0.15) * 0.08
    )
    tall = u(0.46, 0.72)
    top = platform + heel + tall
    toe = u(0.12, 0.2) if style == "flat" else u(0.08, 0.14)
    back = u(0.9, 1.0)
    front = u(0.5, 0.6)
    bed = _bed(heel, platform)
    low = platform + toe
    upper = outline(
        curve(
            (0.01, -platform),
            (-0.01, -platform - toe * 0.6),
            (0.1, -low),
            (0.26, -low - 0.03 - 0.2 * heel),
            (front - 0.1, -platform - heel * 0.8 - 0.26),
            (front, -platform - heel - 0.34),
            (front + u(-0.03, 0.02), -top),
        ),
        curve((front + 0.02, -top), (0.75, -top + u(-0.02, 0.04)), (back, -top + u(-0.03, 0.03))),
        curve(
            (back, -top + 0.01),
            (back - 0.03, -platform - heel - 0.3),
            (1.01, -platform - heel - 0.12),
            (0.99, -platform - heel),
        ),
        bed[::-1],
    )
    sole = _near(random) if random.random() < 0.5 else _other(random)
    pieces = [Piece(upper, bulge=0.35)]
    pieces += _boot_trim(random, top, front, back, platform + heel)
    pieces.append(
        Piece(outline(bed, (bed + (0, platform))[::-1]), tone=sole, light=0.9, bulge=0, shadow=0.3)
    )
    if style == "high" and random.random() < 0.5:
        pieces.append(Piece(_under(bed, 0.84, 1, (0.92, 0.99)), light=0.85))
    else:
        wide = u(0.68, 0.76)
        pieces.append(
            Piece(_under(bed, wide, 1, (wide + heel * 0.25, 0.99)), tone=sole, light=0.85)
        )
    look = Look(
        _tone(random),
        _choose(random, plain=0.8, melange=0.2),
        u(0.1, 0.3),
        drape=0.03,
        crumple=u(0.04, 0.1),
        gloss=u(0, 0.3),
        turn=0.03,
    )
    return pieces, look


def _boot_trim(random, top: float, front: float, back: float, ankle: float) -> list[Piece]:
    style = random.choice(["laces", "elastic", "zip", "buckle", "cuff", "none"])
    u, tone = random.uniform, _other(random)
    middle = (front + back) / 2
    if style == "laces":
        count, start = random.integers(4, 8), (front - 0.14, -ankle - 0.24)
        ends = np.linspace(start, (front + 0.02, -top + 0.04), count)
        return [
            Piece(outline(end, end + (0.1, 0.03)), 0.02, tone=tone, kind="patch", shadow=0.4)
            for end in ends
        ]
    if style == "elastic":
        gore = outline(
            (middle - 0.1, -top),
            (middle + 0.1, -top),
            (middle + 0.03, -ankle - 0.16),
            (middle - 0.03, -ankle - 0.16),
        )
        return [Piece(gore, tone=_near(random), kind="patch", light=u(0.6, 1))]
    if style == "zip":
        return [
            Piece(
                outline((middle, -top), (middle + 0.05, -ankle - 0.05)),
                0.02,
                tone=tone,
                kind="patch",
            )
        ]
    if style == "buckle":
        strap = curve(
            (front - 0.12, -ankle - 0.22), (middle, -ankle - 0.32), (back + 0.02, -ankle - 0.26)
        )
        return [
            Piece(strap, 0.05, tone=_near(random), kind="patch", shadow=0.4),
            Piece(oval(middle, -ankle - 0.3, 0.07, 0.08), tone=tone, kind="patch"),
        ]
    if style == "cuff":
        cuff = outline(
            (front - 0.02, -top), (back, -top), (back, -top + 0.1), (front - 0.02, -top + 0.11)
        )
        return [Piece(cuff, tone=tone if u(0, 1) < 0.5 else None, light=0.9, shadow=0.4)]
    return []


def sandal(random: np.random.Generator) -> Cut:
    """A sole and straps, with openings between them; flat, on a wedge or on a high heel."""
    u = random.uniform
    style = random.choice(
        ["flat", "low", "wedge", "block", "stiletto"], p=(0.32, 0.2, 0.16, 0.14, 0.18)
    )
    heel = {"flat": 0.02, "low": u(0.04, 0.1), "wedge": u(0.12, 0.3)}.get(style) or u(0.3, 0.5)
    sole = {"flat": u(0.025, 0.07), "low": u(0.03, 0.08), "wedge": u(0.04, 0.14)}.get(style) or u(
        0.03, 0.1
    )
    bed = _bed(heel, sole)
    under = _other(random) if random.random() < 0.5 else None
    pieces = [Piece(outline(bed, (bed + (0, min(sole, 0.07)))[::-1]), tone=under, bulge=0.1)]
    if style in ("low", "wedge"):
        pieces.append(Piece(_under(bed, 0.0, 1, (0.03, 0.98)), tone=under, light=0.9, bulge=0.1))
    elif style == "stiletto":
        pieces.append(Piece(_under(bed, 0.86, 1, (0.93, 0.97)), tone=under, light=0.9))
    elif style == "block":
        pieces.append(Piece(_under(bed, 0.74, 1, (0.78, 0.98)), tone=under, light=0.9))
    if sole > 0.07 and style in ("stiletto", "block"):
        pieces.append(Piece(outline(bed[bed[:, 0] < 0.45], (0.4, 0), (0.04, 0)), tone=under))
    pieces += _straps(random, bed, style)
    look = Look(
        _tone(random),
        _choose(random, plain=0.85, melange=0.1, flowers=0.05),
        u(0.1, 0.4),
        drape=0.03,
        crumple=0.08,
        turn=0.03,
    )
    return pieces, look


def _straps(random: np.random.Generator, bed: Points, style: str) -> list[Piece]:
    u = random.uniform

    def over(x: float, height: float = 0) -> tuple[float, float]:
        return x, np.interp(x, bed[:, 0], bed[:, 1]) - height

    wide = u(0.025, 0.07)
    kind = random.choice(
        ["slide", "thong", "gladiator", "ankle"],
        p=(0.15, 0.15, 0.25, 0.45) if style in ("flat", "low") else (0.06, 0.02, 0.22, 0.7),
    )
    pieces = []
    if kind == "thong":
        knot = over(u(0.18, 0.26), 0.03)
        for end in (u(0.5, 0.62), u(0.62, 0.75)):
            path = curve(knot, over((knot[0] + end) / 2 - 0.05, u(0.16, 0.24)), over(end, 0.0))
            pieces.append(Piece(path, stroke=wide * 0.8, shadow=0))
        return pieces
    toe = u(0.02, 0.12)
    length, height = u(0.14, 0.3), u(0.1, 0.19)
    vamp = outline(
        curve(
            over(toe),
            over(toe + 0.03, height),
            over(toe + length, height + 0.05),
            over(toe + length + 0.08),
        )
    )
    pieces.append(Piece(vamp, bulge=0.35))
    if random.random() < 0.5:
        hole = curve(
            over(toe + 0.05, 0.02),
            over(toe + 0.09, height * 0.6),
            over(toe + length * 0.8, height * 0.7),
            over(toe + length * 0.9, 0.02),
        )
        pieces.append(Piece(hole, kind="cut"))
        if random.random() < 0.6:
            pieces.append(
                Piece(
                    outline(over(toe + 0.05, 0.02), over(toe + length, height)), stroke=wide * 0.7
                )
            )
    if kind == "slide":
        return pieces
    ankle = u(0.26, 0.42)
    start, collar = over(toe + length, height * 0.8), over(0.74, ankle)
    back = over(0.97, ankle * u(0.8, 1.1))
    pieces.append(Piece(curve(over(0.98), over(1.0, ankle * 0.4), back), stroke=wide * u(0.8, 2)))
    pieces.append(Piece(curve(collar, over(0.84, ankle * 1.05), back), stroke=wide))
    if kind == "gladiator" or random.random() < 0.4:
        pieces.append(Piece(curve(start, over(0.5, ankle * 0.75), collar), stroke=wide))
    if kind == "gladiator":
        for x in np.linspace(toe + length + 0.06, 0.72, random.integers(2, 5)):
            tip = np.interp(x + 0.04, (start[0], collar[0]), (start[1], collar[1]))
            pieces.append(Piece(outline(over(x), (x + 0.05, tip)), stroke=wide))
    elif random.random() < 0.4:
        pieces.append(Piece(curve(over(u(0.55, 0.7)), over(0.75, ankle * 0.6), back), stroke=wide))
    if random.random() < 0.4:
        pieces.append(Piece(oval(*collar, 0.06, 0.07), tone=_other(random)))
    return pieces


def _tone(random: np.random.Generator) -> float:
    """The share of light that leather throws back."""
    return random.choice([random.uniform(0.05, 0.3), random.uniform(0.25, 0.6)], p=(0.6, 0.4))


def _near(random: np.random.Generator) -> float:
    return random.uniform(0.05, 0.6)


def _other(random: np.random.Generator) -> float:
    return random.choice([random.uniform(0.05, 0.3), random.uniform(0.5, 0.9)])


def _choose(random: np.random.Generator, **shares: float) -> str:
    chosen = random.choice(list(shares), p=list(shares.values()))
    return "" if chosen == "plain" else str(chosen)
