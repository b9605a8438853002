"""Cloth: its colour and pattern, its folds and shadows, and the photograph of it."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from cnnvis.standins.shapes import GRID, SIZE, Frame, Piece, blurred, rough

_Y, _X = np.mgrid[:GRID, :GRID].astype(np.float32) / GRID


@dataclass(frozen=True)
class Look:
    """How a garment's cloth looks.

    Attributes:
        tone: The share of the light that it throws back, 0 (black) to 1 (white).
        pattern: A key of `PATTERNS`, or "" for plain cloth.
        contrast: How far the pattern's second tone lies from the first.
        drape: How deep folds are that hang down.
        crumple: How deep other creases are.
        gloss: How much brighter the parts are that face the light.
        turn: How far the garment may lie askew, in radians.
        bend: How far its lines may stray from straight, as a share of its size.
    """

    tone: float
    pattern: str = ""
    contrast: float = 0.3
    drape: float = 0.05
    crumple: float = 0.05
    gloss: float = 0.1
    turn: float = 0.012
    bend: float = 0.006


def photograph(pieces: list[Piece], look: Look, random: np.random.Generator) -> np.ndarray:
    """Lay the pieces upon each other, light them, and take a picture, negated.

    Fashion-MNIST's pictures are photographs on white, turned into their negatives: dark cloth
    and shadows come out bright, light cloth and highlights dark.

    Args:
        pieces: From the lowest to the uppermost.
        look: What they are made of.
        random: Decides the rest.

    Returns:
        uint8 (28, 28).
    """
    frame = Frame(pieces, random, look.turn, look.bend)
    cloth = _cloth(look, random)
    colour, light, cover = np.zeros((3, GRID, GRID), np.float32)
    for piece in pieces:
        mask = frame.mask(piece)
        if piece.kind == "cut":
            cover *= 1 - mask
        elif piece.kind == "crease":
            light *= 1 - piece.shadow * mask
        else:
            if piece.kind == "patch":
                mask = mask * cover
            soft = blurred(mask, 4)
            light *= 1 - piece.shadow * soft
            face = piece.light * (1 - piece.bulge * np.clip(2 - 2 * soft, 0, 1))
            colour += mask * ((cloth if piece.tone is None else piece.tone) - colour)
            light += mask * (face - light)
            cover += mask * (1 - cover)
    light *= _folds(look, random)
    return _developed(cover * (1 - np.clip(colour * light, 0, 0.97)), random)


def _cloth(look: Look, random: np.random.Generator) -> np.ndarray:
    """The share of the light that each point of the cloth throws back."""
    weave = rough(random, GRID, GRID) * random.choice([0, 0.01, 0.025])
    cloth = look.tone + weave
    if look.pattern:
        other = look.tone + look.contrast * (1 if look.tone < 0.5 else -1)
        cloth = cloth + PATTERNS[look.pattern](random) * (other - look.tone)
    return np.clip(cloth, 0.02, 0.95).astype(np.float32)


def _folds(look: Look, random: np.random.Generator) -> np.ndarray:
    side = random.uniform(-0.12, 0.12) * (_X - 0.5) + random.uniform(-0.15, 0.15) * (_Y - 0.5)
    hanging = look.drape * rough(random, random.integers(2, 5), random.integers(8, 18))
    creases = look.crumple * rough(random, random.integers(4, 9), random.integers(4, 9))
    shine = look.gloss * (rough(random, 3, 3) > 0.6)
    return 1 + side + hanging + creases + blurred(shine.astype(np.float32), 4)


def _developed(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Scale to 28 pixels, sharpen as Fashion-MNIST's makers did, add the sensor's noise."""
    small = picture.reshape(SIZE, 2, SIZE, 2).mean((1, 3)) * 255
    shown = Image.fromarray(np.clip(small, 0, 255).astype(np.uint8))
    sharp = shown.filter(ImageFilter.UnsharpMask(1, int(random.integers(0, 90)), 0))
    grain = random.standard_normal((SIZE, SIZE), np.float32) * random.uniform(0.5, 4)
    values = np.asarray(sharp, np.float32) + grain * (small > 8)
    return np.clip(values, 0, 250 + random.integers(6)).astype(np.uint8)


def _stripes(random: np.random.Generator) -> np.ndarray:
    """Stripes across."""
    often, part = random.uniform(4, 13), random.uniform(0.3, 0.65)
    return ((_Y * often + random.random()) % 1 < part).astype(np.float32)


def _blocks(random: np.random.Generator) -> np.ndarray:
    """One or two broad bands across."""
    start = random.uniform(0.15, 0.6)
    return ((_Y > start) & (_Y < start + random.choice([0.12, 0.2, 1]))).astype(np.float32)


def _pinstripes(random: np.random.Generator) -> np.ndarray:
    """Stripes down."""
    often, part = random.uniform(6, 14), random.uniform(0.2, 0.5)
    return ((_X * often + random.random()) % 1 < part).astype(np.float32)


def _checks(random: np.random.Generator) -> np.ndarray:
    """Stripes both ways."""
    often, part, shift = random.uniform(4, 10), random.uniform(0.3, 0.6), random.random(2)
    across, down = (_Y * often + shift[0]) % 1 < part, (_X * often + shift[1]) % 1 < part
    return (across.astype(np.float32) + down) / 2


def _flowers(random: np.random.Generator) -> np.ndarray:
    """Blots of every shape."""
    hills = rough(random, *random.integers(9, 24, 2))
    return np.clip(2.5 * (hills - random.uniform(-0.2, 0.6)), 0, 1)


def _dots(random: np.random.Generator) -> np.ndarray:
    """Spots in rows."""
    often = random.uniform(6, 12)
    down, across = (_Y * often) % 1 - 0.5, (_X * often + 0.5 * ((_Y * often) // 1 % 2)) % 1 - 0.5
    return (down**2 + across**2 < random.uniform(0.04, 0.1)).astype(np.float32)


def _melange(random: np.random.Generator) -> np.ndarray:
    """Threads of two tones, mixed."""
    return np.clip(0.5 + 0.13 * rough(random, random.integers(28, 57), 28), 0, 1)


def _shaded(random: np.random.Generator) -> np.ndarray:
    """One tone running into the other."""
    start = random.uniform(0, 0.5)
    return np.clip((_Y - start) * random.uniform(1.5, 4), 0, 1)


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
