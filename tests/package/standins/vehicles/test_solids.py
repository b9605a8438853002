"""Solids are cut, rounded, lit and seen as geometry says."""

import numpy as np

from cnnvis.standins.vehicles import solids


def test_an_outline_is_split_in_two():
    square = [(0, 0), (2, 0), (2, 2), (0, 2)]
    above, below = solids.split(square, 0, 1, 0.5)
    assert set(above) == {(0, 0.5), (2, 0.5), (2, 2), (0, 2)}
    assert set(below) == {(0, 0.5), (2, 0.5), (0, 0), (2, 0)}
    assert solids.split(square, 1, 0, -1) == (square, [])
    assert solids.split([], 1, 0, 0) == ([], [])


def test_arcs_are_counterclockwise_and_circles_do_not_repeat_a_point():
    np.testing.assert_allclose(
        solids.around((1, 2), 3, count=4), [(4, 2), (1, 5), (-2, 2), (1, -1)], atol=1e-12
    )
    np.testing.assert_allclose(solids.around((0, 0), 1, 0, 180, 2), [(1, 0), (-1, 0)], atol=1e-12)


def test_corners_are_cut():
    assert len(solids.rounded([(0, 0), (4, 0), (4, 4), (0, 4)], 1)) == 8
    line = solids.rounded([(0, 0), (4, 0), (4, 4)], 2, closed=False)
    assert (line[0], line[-1]) == ((0, 0), (4, 4))
    assert (4, 0) not in line


def test_a_slab_shows_its_near_face_and_one_side_of_each_pair():
    block = solids.Thing(solids.slab([(-1, 0), (1, 0), (1, 1), (-1, 1)], 0.5, 1, (200, 0, 0)))
    sun = np.array([0.0, 1.0, 0.0])
    front = solids.View(yaw=-30, pitch=10, distance=9)
    below, ahead, above, behind, near = block.brightness(front, sun)
    assert below < 0 > behind
    assert above > near > 0 < ahead, "light comes from above"
    below, ahead, above, behind, near = block.brightness(front._replace(yaw=30), sun)
    assert below < 0 > ahead
    assert min(above, near, behind) > 0


def test_what_is_near_looks_larger():
    view = solids.View(yaw=0, pitch=0, distance=4)
    near, far = solids.projected(np.array([[1.0, 1, 1], [1, 1, -1]]), view)
    np.testing.assert_allclose(near, (4 / 3, -4 / 3))
    np.testing.assert_allclose(far, (4 / 5, -4 / 5))
