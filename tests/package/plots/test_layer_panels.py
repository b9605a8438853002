"""What is chosen of a layer, and what its heading says."""

import numpy as np
import pytest

from cnnvis.plots.layer_panels import panel_of_kernels, panel_of_maps


def maps(strengths, side=6):
    grid = np.zeros((len(strengths), side, side), np.float32)
    grid[:, 0, 0] = strengths
    return grid


def test_those_that_vary_most_come_first():
    panel = panel_of_maps("relu1", "ReLU", maps([1, 5, 0, 3, 0, 2]), 3)
    assert panel.numbers == (1, 3, 5)
    assert np.array_equal(panel.values[:, 0, 0], [5, 3, 2])
    assert panel.blank == 2
    words = "the 3 of 6 channels that vary most; 2 show nothing"
    assert panel.heading == f"relu1 · ReLU\n6×6, {words}"


def test_a_large_but_even_map_is_not_strong():
    grid = maps([1, 2, 3])
    grid[0] += 100
    assert panel_of_maps("a", "A", grid, 1).numbers == (2,)


def test_blank_maps_are_left_out_unless_there_is_nothing_else():
    assert panel_of_maps("a", "A", maps([0, 0, 4, 0]), 3).numbers == (2,)
    assert panel_of_maps("a", "A", maps([0, 0, 0, 0]), 3).numbers == (0, 1, 2)
    broken = maps([1, np.nan, 4, 0])
    assert panel_of_maps("a", "A", broken, 3).numbers == (2, 0)


def test_single_values_by_their_strength():
    panel = panel_of_maps("pool", "P", np.array([1, -7, 0, 3], np.float32)[:, None, None], 2)
    assert panel.numbers == (1, 3)
    assert "that are strongest" in panel.heading


def test_all_and_chosen():
    assert panel_of_maps("a", "A", maps([1, 2, 3]), "all").numbers == (0, 1, 2)
    assert panel_of_maps("a", "A", maps([1, 2, 3]), 9).numbers == (0, 1, 2)
    panel = panel_of_maps("a", "A", maps([1, 2, 3]), (2, 0))
    assert panel.values[:, 0, 0].tolist() == [3, 1]
    assert panel_of_maps("a", "A", maps([1, 2, 3]), np.array([2])).numbers == (2,)
    with pytest.raises(ValueError, match="channels of a are numbered from 0 to 2; got 3"):
        panel_of_maps("a", "A", maps([1, 2, 3]), (0, 3))
    with pytest.raises(ValueError, match="filters of a are numbered from 0 to 3; got 4"):
        panel_of_kernels("a", "A", np.ones((4, 1, 3, 3)), (4,))


@pytest.mark.parametrize(
    ("channels", "error"),
    [
        ("some", ValueError),
        (0, ValueError),
        (-1, ValueError),
        ([], ValueError),
        (None, TypeError),
        (2.0, TypeError),
        ([1.0], TypeError),
        (["1"], TypeError),
    ],
)
def test_channels_that_are_none(channels, error):
    with pytest.raises(error, match=r'channels must be how many, "all", or their numbers.*got'):
        panel_of_maps("a", "A", maps([1, 2, 3]), channels)
    with pytest.raises(error, match=r'channels must be how many, "all", or their numbers.*got'):
        panel_of_kernels("a", "A", np.ones((4, 1, 3, 3)), channels)


def test_what_is_crossed_out_is_known_before_it_is_drawn():
    assert not panel_of_maps("a", "A", maps([1, 0, 2]), 2).crosses_out()
    assert panel_of_maps("a", "A", maps([1, 0, 2]), "all").crosses_out()
    even, dead = np.ones((2, 3, 3, 3)), np.zeros((2, 3, 3, 3))
    assert not panel_of_kernels("a", "A", even).crosses_out()
    assert panel_of_kernels("a", "A", dead).crosses_out()
    assert not panel_of_kernels("a", "A", dead, reads_image=True).crosses_out()
