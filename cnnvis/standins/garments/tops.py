"""Cuts of what is worn on the upper body, seen from the front: each from random measures."""

from dataclasses import replace

import numpy as np

from cnnvis.standins.garments.fabrics import Cut, Look
from cnnvis.standins.garments.outlines import Dice, both, box, moved, outline, pair
from cnnvis.standins.garments.pieces import Piece, line, patch
from cnnvis.standins.garments.torso import (
    Torso,
    buttons,
    collar,
    contrasting,
    hem,
    hood,
    lapels,
    placket,
    pleats,
    pockets,
    printed,
    quilting,
    stand,
)


def dyed(dice: Dice, dark: float = 0.5, pale: float = 0.1) -> float:
    """The share of light that cloth throws back: so often little, so often most of it."""
    shade = dice.weigh(dark=dark, pale=pale, mid=1 - dark - pale)
    return {"dark": dice(0.05, 0.25), "mid": dice(0.2, 0.6), "pale": dice(0.6, 0.85)}[shade]


def t_shirt(dice: Dice) -> Cut:
    """Short sleeves or none, a round or a pointed neck, now and then a print."""
    look = Look(
        tone=dyed(dice),
        pattern=dice.weigh(plain=0.72, stripes=0.08, melange=0.1, flowers=0.03, blocks=0.07),
        contrast=dice(0.15, 0.5),
        drape=dice(0.01, 0.04),
        crumple=0.03,
    )
    if dice.chance(0.17):
        return _tank_top(dice), look
    wide = dice(0.26, 0.325)
    torso = Torso(
        neck=dice(0.1, 0.16),
        depth=dice(0.05, 0.12),
        shoulder=wide + dice(0.005, 0.035),
        slope=dice(0.06, 0.095),
        chest=wide,
        arm=dice(0.26, 0.34),
        waist=wide - dice(0.005, 0.035),
        hem=wide + dice(-0.02, 0.015),
        sag=dice.pick(0, 0, 0, 0, 0.03),
        neckline=dice.pick("crew", "crew", "crew", "vee"),
    )
    if dice.chance(0.12):  # shorter sleeves, a waist, a round hem
        torso = replace(torso, waist=wide - 0.05, sag=0.05, arm=0.25, neck=torso.neck + 0.03)
    sleeves = torso.short_sleeves(dice, dice(0.17, 0.3), dice(0.3, 0.8), dice(0.14, 0.2))
    pieces = [sleeves, *torso.collarless(0.025, dice(0.8, 1)), hem(torso, 0.955, 0.15)]
    if dice.chance(0.55):
        pieces += printed(dice, torso)
    elif dice.chance(0.1):
        pieces += [*collar(dice, torso, 0.09), buttons(dice, torso, 0.35, 3)]
    return pieces, look


def _tank_top(dice: Dice) -> list[Piece]:
    wide, neck = dice(0.2, 0.28), dice(0.09, 0.13)
    torso = Torso(
        neck=neck,
        depth=dice(0.12, 0.28),
        shoulder=neck + dice(0.025, 0.09),
        slope=0.01,
        chest=wide,
        arm=dice(0.26, 0.36),
        waist=wide - dice(-0.02, 0.03),
        hem=wide + dice(-0.01, 0.03),
        sag=dice(0, 0.05),
        neckline=dice.pick("crew", "crew", "vee"),
    )
    scoop = torso.depth * dice(0.3, 1)
    pieces = [*torso.collarless(0.02, 0.8, scoop), hem(torso, 0.96, 0.15)]
    return pieces + printed(dice, torso) if dice.chance(0.5) else pieces


def pullover(dice: Dice) -> Cut:
    """Long sleeves, ribs at the neck, the cuffs and the hem, sometimes a hood."""
    wide = dice(0.21, 0.28)
    torso = Torso(
        neck=dice(0.09, 0.14),
        depth=dice(0.04, 0.09),
        shoulder=wide + dice(0.005, 0.03),
        slope=dice(0.05, 0.09),
        chest=wide,
        arm=dice(0.28, 0.36),
        waist=wide - dice(-0.01, 0.03),
        hem=wide - dice(0, 0.045),
        sag=dice(0, 0.01),
        neckline=dice.weigh(crew=0.85, vee=0.15),
    )
    sleeves = torso.long_sleeves(
        dice,
        end=dice(0.95, 1.15),
        upper=dice(0.12, 0.17),
        cuff=dice(0.07, 0.11),
        gap=dice(0.0, 0.12),
        tone=contrasting(dice) if dice.chance(0.08) else None,
    )
    pieces = [Piece([torso.back()], light=dice(0.5, 0.9), shadow=0), *sleeves]
    style = dice.weigh(crew=0.88, hood=0.07, high=0.05)
    if style == "hood":
        pieces += hood(dice, torso)
    elif style == "high":
        pieces += [Piece([both(outline((0, -0.08), (torso.neck, -0.08), (torso.neck, 0.05)))])]
    else:
        pieces.append(torso.rib(dice(0.02, 0.045), dice(0.75, 1)))
    if dice.chance(0.7):
        rib = box(-torso.hem, 1 - dice(0.05, 0.09), torso.hem, 1)
        pieces += [patch(rib, light=dice(0.75, 1), bulge=0.1)]
    if dice.chance(0.5):
        pieces += printed(dice, torso)
    pattern = dice.weigh(plain=0.62, stripes=0.1, melange=0.2, flowers=0.02, blocks=0.06)
    return pieces, Look(dyed(dice), pattern, dice(0.15, 0.5), drape=dice(0.01, 0.04))


def dress(dice: Dice) -> Cut:
    """Long and narrow, with or without sleeves, straight or flared."""
    wide, neck = dice(0.12, 0.18), dice(0.05, 0.08)
    waist = wide - dice(0, 0.045)
    sleeves = dice.pick("none", "none", "short", "long", "three")
    straps = sleeves == "none" and dice.chance(0.5)
    torso = Torso(
        neck=neck,
        depth=dice(0.03, 0.12),
        shoulder=neck + dice(0.015, 0.03) if straps else wide + dice(-0.03, 0.01),
        slope=0.005 if straps else dice(0.02, 0.04),
        chest=wide,
        arm=dice(0.13, 0.2),
        waist=waist,
        hem=waist + dice.pick(dice(0, 0.04), dice(0.05, 0.16)),
        middle=dice(0.34, 0.45),
        sag=dice.pick(0, 0, dice(0, 0.03)),
        neckline=dice.pick("crew", "crew", "vee", "square"),
    )
    pieces = torso.collarless(0.012, 0.8)
    if sleeves == "short":
        pieces = [torso.short_sleeves(dice, dice(0.08, 0.2), dice(0.25, 0.6), 0.085), *pieces]
    elif sleeves != "none":
        end = dice(0.35, 0.45) if sleeves == "three" else dice(0.48, 0.6)
        arms = torso.long_sleeves(dice, end, dice(0.06, 0.085), dice(0.04, 0.08), dice(0, 0.05))
        pieces = [arms[0], *pieces]
    if dice.chance(0.5):
        belt = outline((-wide, torso.middle), (wide, torso.middle))
        pieces.append(line(belt, width=dice.pick(0.01, 0.03), tone=contrasting(dice), light=0.8))
    if dice.chance(0.5):
        pieces.append(pleats(dice, torso))
    pattern = dice.weigh(plain=55, flowers=20, stripes=6, dots=5, blocks=8, shaded=6)
    return pieces, Look(dyed(dice), pattern, dice(0.2, 0.6), drape=dice(0.03, 0.1), crumple=0.04)


def coat(dice: Dice) -> Cut:
    """Long sleeves, closed by a zip or by buttons; a high collar, lapels or a hood."""
    long = dice.chance(0.35)
    wide = dice(0.16, 0.21) if long else dice(0.22, 0.29)
    torso = Torso(
        neck=dice(0.07, 0.11),
        depth=dice(0.04, 0.08),
        shoulder=wide + dice(-0.04, 0.015),
        slope=dice(0.065, 0.1),
        chest=wide,
        arm=dice(0.26, 0.34),
        waist=wide + dice(-0.025, 0.02),
        hem=wide + dice(-0.01, 0.04),
        sag=dice(0, 0.02),
    )
    upper = dice(0.1, 0.14) if long else dice(0.13, 0.18)
    sleeves = torso.long_sleeves(
        dice,
        end=dice(0.68, 0.82) if long else dice(0.84, 1.06),
        upper=upper,
        cuff=upper * dice(0.7, 0.95),
        gap=dice(-0.03, 0.1),
    )
    pieces = [Piece([torso.back()], light=0.5, shadow=0), *sleeves]
    style = dice.weigh(hood=0.46, stand=0.36, lapels=0.12, collar=0.06)
    if style == "stand":
        pieces += stand(dice, torso, dice(0.05, 0.09))
    elif style == "collar":
        pieces += collar(dice, torso, dice(0.12, 0.18))
    else:
        pieces += (hood if style == "hood" else lapels)(dice, torso)
    pieces += _closed(dice, torso)
    pieces.append(pockets(dice, torso))
    if dice.chance(0.3) and style != "lapels":
        pieces.append(quilting(torso, dice.whole(7, 11), dice(0.15, 0.4)))
    pattern = dice.weigh(plain=0.78, melange=0.14, blocks=0.05, flowers=0.03)
    tone = dyed(dice, dark=0.55, pale=0.04)
    return pieces, Look(tone, pattern, dice(0.1, 0.4), crumple=0.08, gloss=dice(0, 0.2))


def _closed(dice: Dice, torso: Torso) -> list[Piece]:
    """How a coat is closed: a zip beside its flap, buttons, or two rows of them."""
    front = np.array([(0, torso.depth), (dice.about(0.01), 1)])
    seams = [
        line(*pair(moved(front, x, 0)), width=0.015, shadow=dice(0.1, 0.4))
        for x in (dice(0.03, 0.05), dice(0.1, 0.16))
    ]
    if dice.chance(0.7):
        zipper = line(front, width=dice(0.012, 0.03), tone=contrasting(dice))
        return [*(seams if dice.chance(0.5) else seams[1:]), zipper]
    opening = line(front, width=0.02, shadow=dice(0.3, 0.7))
    row = buttons(dice, torso, 0.8, dice.whole(3, 4), big=0.045)
    if dice.chance(0.5):
        sides = [moved(points, x, 0.2) for points in row.outlines[:-1] for x in (-0.07, 0.07)]
        return [opening, seams[1], patch(*sides, tone=row.tone, shadow=0.2)]
    return [opening, seams[1], row]


def shirt(dice: Dice) -> Cut:
    """A collar and a row of buttons, thin cloth, often checked or flowered."""
    wide = dice(0.21, 0.28)
    torso = Torso(
        neck=dice(0.07, 0.1),
        depth=dice(0.05, 0.09),
        shoulder=wide + dice(0, 0.03),
        slope=dice(0.045, 0.075),
        chest=wide,
        arm=dice(0.26, 0.33),
        waist=wide - dice(0, 0.04),
        hem=wide + dice(-0.02, 0.02),
        sag=dice(0.01, 0.07),
    )
    if dice.chance(0.16):
        angle = dice(0.4, 0.8)
        sleeves = [torso.short_sleeves(dice, dice(0.22, 0.34), angle, dice(0.15, 0.2))]
        sleeves.append(Piece([torso.front()], shadow=0.5))
    else:
        sleeves = torso.long_sleeves(
            dice,
            end=dice(0.94, 1.1),
            upper=dice(0.105, 0.14),
            cuff=dice(0.06, 0.09),
            gap=dice(0, 0.1),
            light=dice(0.5, 0.85),
        )
    pieces = [Piece([torso.back()], light=0.5, shadow=0), *sleeves, placket(dice, torso)]
    pieces += collar(dice, torso, dice(0.07, 0.1))
    pieces.append(buttons(dice, torso, 0.92, dice.whole(6, 8)))
    if dice.chance(0.2):
        pocket = box(torso.chest * 0.3, 0.3, torso.chest * 0.75, 0.42)
        pieces.append(patch(pocket, shadow=0.2))
    pattern = dice.weigh(plain=46, checks=26, flowers=10, pinstripes=7, dots=3, melange=8)
    tone = dyed(dice, dark=0.3)
    return pieces, Look(tone, pattern, dice(0.2, 0.5), drape=dice(0.03, 0.08), crumple=0.07)
