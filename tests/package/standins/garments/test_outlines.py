"""Outlines keep their ends and widths, and dice keep to their shares."""

import numpy as np
import pytest

from cnnvis.standins.garments import outlines
from cnnvis.standins.garments.outlines import Dice


def test_curves_keep_their_ends_and_round_the_corner():
    path = outlines.curve((0, 0), (1, 0), (1, 1))
    np.testing.assert_allclose(path[[0, -1]], [(0, 0), (1, 1)])
    assert np.hypot(*(path - (1, 0)).T).min() > 0.15
    assert (path >= 0).all()
    assert (path <= 1).all()
    straight = outlines.curve((0, 0), (1, 2), (2, 4))
    np.testing.assert_allclose(straight[:, 1], 2 * straight[:, 0])


def test_bands_are_as_wide_as_told():
    path = np.stack([np.linspace(0, 4, 5), np.zeros(5)], 1)
    outline = outlines.band(path, 1, 3)
    np.testing.assert_allclose(np.abs(outline[:5, 1]), [0.5, 0.75, 1, 1.25, 1.5])
    np.testing.assert_allclose(outline[5:], (outline[:5] * (1, -1))[::-1])


def test_halves_become_wholes():
    half = np.array([(0.0, 0.0), (1, 0), (2, 3)])
    whole = outlines.both(half)
    np.testing.assert_allclose(whole, outlines.mirrored(whole)[::-1])
    assert [points[1, 0] for points in outlines.pair(half)] == [1, -1]


def test_dice_keep_to_their_shares():
    dice = Dice(1, 2)
    thrown = [dice.weigh(often=3, seldom=1) for _ in range(2000)]
    assert thrown.count("often") == pytest.approx(1500, abs=80)
    assert sorted({dice.whole(2, 4) for _ in range(100)}) == [2, 3, 4]
    assert {dice.pick("a", "b") for _ in range(50)} == {"a", "b"}
    assert all(2 <= dice(2, 3) < 3 for _ in range(100))
    assert Dice(1, 2)(0, 1) == Dice(1, 2)(0, 1) != Dice(1, 3)(0, 1)
