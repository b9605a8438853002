"""Fabrics have patterns that vary; pieces cover, cut and crease; dark cloth comes out bright."""

import numpy as np
import pytest

from cnnvis.standins.garments import fabrics, outlines, pieces
from cnnvis.standins.garments.outlines import Dice
from cnnvis.standins.garments.pieces import Piece


@pytest.mark.parametrize("name", fabrics.PATTERNS)
def test_patterns_are_shares_and_vary(name):
    patterns = np.stack([fabrics.PATTERNS[name](Dice(seed)) for seed in range(20)])
    assert patterns.shape == (20, 56, 56)
    assert patterns.min() >= 0
    assert patterns.max() <= 1
    assert patterns.std((1, 2)).max() > 0.05
    assert patterns.std(0).mean() > 0.04


def laid(*pieces):
    """An image of pieces in cloth that throws half of the light back, without folds."""
    look = fabrics.Look(0.5, drape=0, crumple=0, gloss=0, turn=0, bend=0)
    return fabrics.photograph(list(pieces), look, Dice(3)).astype(float)


def test_pieces_cover_cut_and_crease():
    sheet = Piece([outlines.box(0, 0, 2, 1)], bulge=0)
    plain = laid(sheet)
    assert (plain[:6] == 0).all()
    assert plain[10:18, 2:26].mean() == pytest.approx(127, abs=15)
    hole = laid(sheet, Piece([outlines.box(0.5, 0.25, 1.5, 0.75)], kind="cut"))
    assert hole[12:16, 10:18].max() < 5
    crease = laid(sheet, pieces.line(outlines.outline((1, 0), (1, 1)), width=0.2, shadow=0.8))
    assert (crease - plain)[10:18, 13:15].mean() > 60
    assert abs(crease - plain)[10:18, 2:8].mean() < 10
    printed = laid(sheet, pieces.patch(outlines.box(1.5, -1, 3, 2), tone=0.05))
    assert (printed[:6] == 0).all()
    assert (printed - plain)[10:18, 22:26].mean() > 80


def test_dark_cloth_comes_out_bright():
    sheet = outlines.box(0, 0, 1, 1)
    dark, light = (laid(Piece([sheet], tone=tone))[8:20, 8:20].mean() for tone in (0.1, 0.9))
    assert dark > 215
    assert light < 60
