"""The ideal kernels: drawn where they should be, of length 1, and how chance fits them."""

import numpy as np
import pytest

from cnnvis.filters.ideal_kernels import (
    KINDS,
    PixelGrid,
    frequencies,
    grating,
    ideal_kernels,
    needed_fits,
    quadrant,
)


@pytest.mark.parametrize("shape", [(3, 3), (3, 5), (5, 4), (7, 7)])
def test_ideal_kernels_have_length_one_and_the_right_mean(shape):
    ideal = ideal_kernels(*shape)
    np.testing.assert_allclose(np.linalg.norm(ideal.kernels, axis=1), 1)
    kinds = np.array(ideal.kinds)[ideal.kind]
    zero_mean = ~np.isin(kinds, ["blur", "gabor"])
    np.testing.assert_allclose(ideal.kernels[zero_mean].sum(axis=1), 0, atol=1e-9)
    assert ideal.kernels[kinds == "blur"].min() >= 0
    assert set(ideal.kinds) == set(KINDS) - ({"gabor"} if min(shape) < 5 else set())
    angles = ideal.angle[np.isfinite(ideal.angle)]
    assert 0 <= angles.min() <= angles.max() < 360


def test_each_ideal_kernel_is_its_own_best():
    ideal = ideal_kernels(3, 3)
    fits, rows, negative = ideal.best(ideal.kernels)
    own = np.arange(len(ideal.kind))
    np.testing.assert_allclose(fits[own, ideal.kind], 1)
    same = ideal.kernels[rows[own, ideal.kind]] * (1 - 2 * negative[own, ideal.kind])[:, None]
    np.testing.assert_allclose(same, ideal.kernels, atol=1e-6)


def test_no_kind_is_another_kind():
    ideal = ideal_kernels(3, 3)
    fits, _, _ = ideal.best(ideal.kernels)
    above = (fits - needed_fits(3, 3)) / (1 - needed_fits(3, 3))
    named = above.argmax(axis=1) == ideal.kind
    assert named.mean() > 0.97


def test_levels_are_between_a_half_and_one_and_lower_for_larger_kernels():
    small, larger, large = (needed_fits(size, size) for size in (3, 4, 7))
    assert ((small > 0.6) & (small < 0.95)).all()
    assert (larger < small).all()
    assert (large == 0.5).all()


def test_a_grid_has_x_to_the_right_and_y_upwards():
    grid = PixelGrid(3, 5)
    across = grid.draw(0, lambda _, t: t).reshape(3, 5)
    np.testing.assert_allclose(across, np.tile([-2, -1, 0, 1, 2], (3, 1)), atol=1e-12)
    left = grid.draw(0, lambda s, _: s).reshape(3, 5)
    np.testing.assert_allclose(left[:, 0], [1, 0, -1], atol=1e-12)
    turned = grid.draw(90, lambda _, t: t).reshape(3, 5)
    np.testing.assert_allclose(turned, left, atol=1e-12)
    moved = grid.draw(0, lambda _, t: t, (1, 0)).reshape(3, 5)
    np.testing.assert_allclose(moved, across - 1, atol=1e-12)


def test_quadrants_and_gratings():
    grid = PixelGrid(5, 5)
    corner = grid.draw(0, quadrant()).reshape(5, 5)
    assert corner[2, 4] == 1
    assert corner[:, 0].max() == corner[0, 2] == 0
    stripes = grid.draw(0, grating(0.25, 0)).reshape(5, 5)
    assert stripes[2, 0] > 0.8 > -0.8 > stripes[0, 0]
    np.testing.assert_allclose(stripes[:, 0], stripes[:, 4])


def test_frequencies_are_half_an_octave_apart():
    known = frequencies(7, 1.4)
    assert known[0] == 0.5
    assert known[-1] == pytest.approx(0.25)  # 1.4 cycles over 7 pixels are 0.2; next is 0.18
    assert frequencies(3, 1.4) == [0.5]
