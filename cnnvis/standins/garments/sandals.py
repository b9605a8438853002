"""Cuts of sandals, seen from the side, the toe to the left: each from random measures.

Measures are shares of the foot's length: x from the toe to the heel, y = 0 the ground, upwards
below 0.
"""

import numpy as np

from cnnvis.standins.garments.fabrics import Cut, Look
from cnnvis.standins.garments.outlines import Dice, Points, curve, moved, outline, oval
from cnnvis.standins.garments.pieces import Piece
from cnnvis.standins.garments.shoes import bed_of, below, contrasting, tanned


def sandal(dice: Dice) -> Cut:
    """A sole and straps, with openings between them; flat, on a wedge or on a high heel."""
    style = dice.weigh(flat=0.32, low=0.2, wedge=0.16, block=0.14, stiletto=0.18)
    heel, sole = {
        "flat": (0.02, dice(0.025, 0.07)),
        "low": (dice(0.04, 0.1), dice(0.03, 0.08)),
        "wedge": (dice(0.12, 0.3), dice(0.04, 0.14)),
    }.get(style) or (dice(0.3, 0.5), dice(0.03, 0.1))
    bed, tone = bed_of(heel, sole), contrasting(dice) if dice.chance(0.5) else None
    pieces = [Piece([outline(bed, moved(bed, 0, min(sole, 0.07))[::-1])], tone=tone, bulge=0.1)]
    room = {
        "low": (0, 0.03, 0.98),
        "wedge": (0, 0.03, 0.98),
        "stiletto": (0.86, 0.93, 0.97),
        "block": (0.74, 0.78, 0.98),
    }.get(style)
    if room:
        pieces.append(Piece([below(bed, *room)], tone=tone, light=0.9, bulge=0.15))
    if sole > 0.07 and style in ("stiletto", "block"):
        platform = outline(bed[bed[:, 0] < 0.45], (0.4, 0), (0.04, 0))
        pieces.append(Piece([platform], tone=tone))
    pieces += _Straps(dice, bed).pieces(dice, style)
    return pieces, Look(
        tone=tanned(dice),
        pattern=dice.weigh(plain=0.7, melange=0.2, flowers=0.1),
        contrast=dice(0.1, 0.5),
        crumple=dice(0.08, 0.2),
        turn=0.03,
    )


class _Straps:
    """What holds a sandal on the foot, whose upper side rises from the toes to the ankle."""

    def __init__(self, dice: Dice, bed: Points):
        self._bed, self._wide = bed, dice(0.035, 0.075)
        self._toes, self._rise = dice(0.07, 0.12), dice(0.3, 0.5)

    def _over(self, x: float, height: float = 0) -> tuple[float, float]:
        """The point so far above the bed."""
        return x, np.interp(x, *self._bed.T) - height

    def _top(self, x: float) -> tuple[float, float]:
        """The point on the upper side of the foot."""
        return self._over(x, self._toes + self._rise * min(x, 0.8))

    def pieces(self, dice: Dice, style: str) -> list[Piece]:
        """All of them, fewer on flat sandals."""
        flat = style in ("flat", "low")
        kind = dice.weigh(
            slide=0.15 if flat else 0.06,
            thong=0.15 if flat else 0.02,
            gladiator=0.2,
            ankle=0.5 if flat else 0.72,
        )
        if kind == "thong":
            return [self._thong(dice)]
        if kind == "slide":
            first, wide = dice(0.08, 0.2), dice(0.2, 0.35)
            bands = [self._band(dice, first, wide)]
            return bands + [self._band(dice, first + wide + 0.06, 0.1)] * dice.chance(0.3)
        return self._toe_straps(dice) + self._ankle_straps(dice, gladiator=kind == "gladiator")

    def _thong(self, dice: Dice) -> Piece:
        knot = self._over(dice(0.18, 0.26), 0.03)
        paths = [
            curve(knot, self._over((knot[0] + end) / 2 - 0.05, dice(0.16, 0.24)), self._over(end))
            for end in (dice(0.5, 0.62), dice(0.62, 0.75))
        ]
        return Piece(paths, self._wide * 0.8, shadow=0)

    def _band(self, dice: Dice, x: float, wide: float, lean: float = 0.05) -> Piece:
        """A broad strap across the foot, from one side of the bed to the upper side."""
        upper = (x + lean, *(x + lean + wide * share for share in (0.35, 0.85)))
        side = curve(self._over(x), self._over(x + lean * 0.3, self._toes), *map(self._top, upper))
        return Piece([outline(side, self._over(x + wide))], bulge=0.3, light=dice(0.65, 1.05))

    def _toe_straps(self, dice: Dice) -> list[Piece]:
        start, pieces = dice(0.02, 0.14), []
        for _ in range(dice.pick(1, 1, 2, 2, 3)):
            wide = dice(0.07, 0.24)
            pieces.append(self._band(dice, start, wide, dice(-0.02, 0.14)))
            start += wide + dice(0.01, 0.08)
        if dice.chance(0.4):
            cross = [self._over(0.1, 0.02), self._top(dice(0.3, 0.45))]
            pieces.append(Piece([outline(*cross)], self._wide))
        if dice.chance(0.3):
            hole = oval(*self._over(dice(0.15, 0.3), self._toes * 0.7), dice(0.05, 0.12), 0.06)
            pieces.append(Piece([hole], kind="cut"))
        return pieces

    def _ankle_straps(self, dice: Dice, *, gladiator: bool) -> list[Piece]:
        over, wide = self._over, self._wide
        ankle = dice(0.26, 0.45)
        collar, back = over(dice(0.64, 0.76), ankle), over(0.98, ankle * dice(0.85, 1.1))
        counter = curve(over(0.97), over(1.0, ankle * 0.4), back)
        pieces = [Piece([outline(collar, back)], wide * dice(0.8, 1.3))]
        held = dice.chance(0.65)
        if held:
            pieces.append(Piece([counter], wide * dice(0.8, 1.8), light=dice(0.6, 1)))
        if dice.chance(0.4):
            low, start = ankle * dice(0.3, 0.75), dice(0.66, 0.85)
            cup = outline(over(start), over(start + 0.08, low), over(1, low * 1.1), over(1))
            pieces.append(Piece([cup], light=dice(0.6, 1), bulge=0.35))
        if gladiator or dice.chance(0.35):
            start = self._top(dice(0.2, 0.4))
            pieces.append(Piece([curve(start, self._top(0.5), collar)], wide))
        if gladiator:
            bars = [
                outline(over(x), self._top(x + dice(0, 0.1)))
                for x in np.linspace(0.4, 0.7, dice.whole(2, 3))
            ]
            pieces.append(Piece(bars, wide * dice(0.8, 1.6)))
        elif not held or dice.chance(0.6):
            side = curve(over(dice(0.5, 0.72)), over(0.75, ankle * 0.6), dice.pick(back, collar))
            pieces.append(Piece([side], wide))
        if dice.chance(0.4):
            buckle = oval(*over(dice(0.7, 0.85), ankle), 0.07, 0.08)
            pieces.append(Piece([buckle], tone=contrasting(dice)))
        return pieces
