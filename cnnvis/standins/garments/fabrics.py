"""Cloth: its tone and pattern, its folds and shadows, and the photograph of it."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from cnnvis.standins.garments.outlines import Dice
from cnnvis.standins.garments.pieces import GRID, SIZE, Frame, Piece, blurred, rough

_Y, _X = np.mgrid[:GRID, :GRID].astype(np.float32) / GRID


@dataclass(frozen=True)
class Look:
    """How a garment's cloth looks.

    Attributes:
        tone: The share of the light that it throws back, 0 (black) to 1 (white).
        pattern: A key of `PATTERNS`, or ``"plain"``.
        contrast: How far the pattern's second tone lies from the first.
        drape: How deep the folds are that hang down.
        crumple: How deep other creases are.
        gloss: How much light some spots throw back beyond that.
        turn: How far the garment may lie askew, in radians.
        bend: How far its lines may stray from straight, as a share of its size.
    """

    tone: float
    pattern: str = "plain"
    contrast: float = 0.3
    drape: float = 0.03
    crumple: float = 0.05
    gloss: float = 0.05
    turn: float = 0.012
    bend: float = 0.006


Cut = tuple[list[Piece], Look]  # what a garment is made of


def photograph(pieces: list[Piece], look: Look, dice: Dice) -> np.ndarray:
    """Lay the pieces upon each other, light them, and take an image, turned into its negative.

    Fashion-MNIST's images are negatives of photographs on white: dark cloth and shadows come
    out bright, light cloth and highlights dark.

    Args:
        pieces: From the lowest to the uppermost.
        look: What they are made of.
        dice: Decide the rest.

    Returns:
        uint8 (28, 28).
    """
    frame = Frame(pieces, dice, look.turn, look.bend)
    cloth = _cloth(look, dice)
    colour, light, cover = np.zeros((3, GRID, GRID), np.float32)
    for piece in pieces:
        mask, soft = frame.masks(piece)
        if piece.kind == "cut":
            cover *= 1 - mask
            continue
        light *= 1 - piece.shadow * soft
        if piece.kind == "crease":
            continue
        if piece.kind == "patch":
            mask = mask * cover
        face = piece.light * (1 - piece.bulge * np.clip(2 - 2 * soft, 0, 1))
        colour += mask * ((cloth if piece.tone is None else piece.tone) - colour)
        light += mask * (face - light)
        cover += mask * (1 - cover)
    seen = np.clip(colour * light * _folds(look, dice), 0.01, 0.97)
    return _developed(cover * (1 - seen), dice)


def _cloth(look: Look, dice: Dice) -> np.ndarray:
    """The share of the light that each point of the cloth throws back."""
    weave = dice.random.standard_normal((GRID, GRID), np.float32)
    cloth = look.tone + np.float32(dice.pick(0, 0.006, 0.015)) * weave
    if look.pattern != "plain":
        other = look.contrast * (1 if look.tone < 0.45 else -1)
        cloth += other * PATTERNS[look.pattern](dice)
    return np.clip(cloth, 0.04, 0.95)


def _folds(look: Look, dice: Dice) -> np.ndarray:
    """How the light changes from one end to the other, in folds and on shiny spots."""
    side = dice(-0.12, 0.12) * (_X - 0.5) + dice(-0.15, 0.15) * (_Y - 0.5)
    hanging = look.drape * rough(dice, dice.whole(2, 4), dice.whole(8, 17))
    creases = look.crumple * rough(dice, dice.whole(4, 8), dice.whole(4, 8))
    shine = (rough(dice, 3, 3) > 0.6).astype(np.float32)
    return 1 + side + hanging + creases + look.gloss * blurred(shine)


def _developed(image: np.ndarray, dice: Dice) -> np.ndarray:
    """Scale to 28 pixels, sharpen as Fashion-MNIST's makers did, and add a little grain."""
    small = image.reshape(SIZE, 2, SIZE, 2).mean((1, 3)) * 255
    amount = int(dice(0, 90))
    sharp = Image.fromarray(small.astype(np.uint8)).filter(ImageFilter.UnsharpMask(1, amount, 0))
    grain = dice.random.standard_normal((SIZE, SIZE), np.float32) * dice(0.5, 2.5)
    return np.clip(np.asarray(sharp) + grain * (small > 8), 0, 255).astype(np.uint8)


# Patterns: how much of the second tone there is, float32 (56, 56), 0 to 1.


def _stripes(dice: Dice) -> np.ndarray:
    often, part = dice(4, 13), dice(0.3, 0.65)
    return ((_Y * often + dice(0, 1)) % 1 < part).astype(np.float32)


def _blocks(dice: Dice) -> np.ndarray:
    start = dice(0.15, 0.6)
    return ((start < _Y) & (start + dice.pick(0.12, 0.2, 1) > _Y)).astype(np.float32)


def _pinstripes(dice: Dice) -> np.ndarray:
    often, part = dice(6, 14), dice(0.2, 0.5)
    return ((_X * often + dice(0, 1)) % 1 < part).astype(np.float32)


def _checks(dice: Dice) -> np.ndarray:
    often, part = dice(4, 10), dice(0.3, 0.6)
    across, down = (_Y * often + dice(0, 1)) % 1 < part, (_X * often + dice(0, 1)) % 1 < part
    return (across.astype(np.float32) + down) / 2


def _flowers(dice: Dice) -> np.ndarray:
    hills = rough(dice, dice.whole(11, 26), dice.whole(11, 26))
    return np.clip(2.5 * (hills - dice(-0.2, 0.6)), 0, 1)


def _dots(dice: Dice) -> np.ndarray:
    often = dice(6, 12)
    down, across = (_Y * often) % 1 - 0.5, (_X * often + 0.5 * ((_Y * often) // 1 % 2)) % 1 - 0.5
    return (down * down + across * across < dice(0.04, 0.1)).astype(np.float32)


def _melange(dice: Dice) -> np.ndarray:
    return np.clip(0.4 + 0.12 * rough(dice, dice.whole(26, 56), dice.whole(18, 40)), 0, 1)


def _shaded(dice: Dice) -> np.ndarray:
    return np.clip((_Y - dice(0, 0.5)) * dice(1.5, 4), 0, 1)


PATTERNS = {
    "stripes": _stripes,
    "blocks": _blocks,
    "pinstripes": _pinstripes,
    "checks": _checks,
    "flowers": _flowers,
    "dots": _dots,
    "melange": _melange,
    "shaded": _shaded,
}
