"""What filters respond to agrees with what was planted in them."""

import numpy as np
import pytest
import torch
from torch import nn

from cnnvis.filters.ideal_kernels import PixelGrid, grating
from cnnvis.filters.roles import filter_roles
from cnnvis.filters.tuning import SHAPES, filter_responses

SOBEL = np.array([[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]])
LINE = np.array([[-1.0, 2, -1]] * 3)
SPOT = np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]])
CORNER = np.array([[5.0, 5, -4], [5, 5, -4], [-4, -4, -4]])
BOX = np.ones((3, 3))


def responses(*kernels):
    return filter_responses(torch.tensor(np.array(kernels))[:, None])


def test_each_shape_is_preferred_by_its_filter():
    tuning = responses(BOX, SOBEL, LINE, CORNER, SPOT)
    assert tuning.preferred == list(SHAPES)
    for at, name in enumerate(SHAPES):
        assert tuning.best[name][at] > 0.9


def test_the_negative_prefers_the_negative_shape():
    tuning = responses(-BOX, -SOBEL, -LINE, -CORNER, -SPOT)
    assert tuning.preferred == list(SHAPES)
    assert tuning.preferred_angle("edge")[1] == 180


def test_preferred_angles_are_those_of_the_roles():
    turns = np.radians(np.arange(0, 180, 15))
    kernels = [np.cos(turn) * SOBEL + np.sin(turn) * SOBEL.T for turn in turns]
    weight = torch.tensor(np.array(kernels))[:, None]
    tuning = filter_responses(weight)
    planted = torch.tensor([role.angle for role in filter_roles(weight)])
    for name, period in (("edge", 180), ("grating", 180)):
        error = ((tuning.preferred_angle(name) - planted + 90) % period - 90).abs()
        assert error.max() <= 15, name
    assert responses(CORNER).preferred_angle("corner").tolist() == [135]
    assert responses(LINE).preferred_angle("line").tolist() == [90]


@pytest.mark.parametrize("size", [7, 9, 11])
def test_a_network_of_known_gabors_gives_back_their_angles(size):
    """48 of them, of random angle, frequency, phase, width and colour, in a first layer."""
    rng = np.random.default_rng(5)
    angles = rng.uniform(0, 180, 48)
    y, x = (np.arange(size) - size // 2)[::-1, None], (np.arange(size) - size // 2)[None]
    model = nn.Sequential(nn.Conv2d(3, 48, size), nn.ReLU())
    for angle, weight in zip(np.radians(angles), model[0].weight.data, strict=True):
        across = y * np.cos(angle) - x * np.sin(angle)  # stripes run along the angle
        stripes = np.cos(2 * np.pi * rng.uniform(1.5 / size, 0.4) * across + rng.uniform(0, 7))
        gaussian = np.exp(-(x**2 + y**2) / 2 / (size / rng.uniform(2.5, 5)) ** 2)
        colour = torch.tensor(rng.uniform(0.2, 1, 3))
        weight.copy_(colour[:, None, None] * torch.tensor(stripes * gaussian))
    found = filter_responses(model[0]).preferred_angle("grating")
    assert ((found - torch.tensor(angles) + 90) % 180 - 90).abs().max() < 5


def test_an_edge_responds_on_one_side_only():
    tuning = responses(SOBEL)
    curve = tuning.curves["edge"][0]
    assert curve.argmax() == 0
    assert curve[len(curve) // 2] == 0
    assert curve[len(curve) // 4] == pytest.approx(0, abs=1e-6)


def test_selectivity():
    tuning = responses(SOBEL, SPOT, BOX, np.zeros((3, 3)))
    assert tuning.selectivity[0] > 0.95
    assert tuning.selectivity[1] < 0.05
    assert tuning.selectivity[2] == tuning.selectivity[3] == 0


def test_turning_a_kernel_turns_its_curves():
    kernel = np.random.default_rng(0).standard_normal((3, 3))
    straight, turned = responses(kernel), responses(np.rot90(kernel))
    for name, curve in straight.curves.items():
        np.testing.assert_allclose(np.roll(curve, 18, axis=1), turned.curves[name], atol=1e-6)
    for name, best in straight.best.items():
        np.testing.assert_allclose(best, turned.best[name], atol=1e-6)


def test_responses_lie_between_zero_and_one_and_do_not_depend_on_length():
    kernels = np.random.default_rng(1).standard_normal((50, 1, 5, 5))
    tuning, longer = filter_responses(kernels), filter_responses(kernels * 7)
    for name, best in tuning.best.items():
        assert (best >= 0).all(), name
        assert (best <= 1 + 1e-9).all(), name
        np.testing.assert_allclose(best, longer.best[name])


def test_filters_of_stripes_respond_at_their_frequency_and_angle():
    grid = PixelGrid(9, 9)
    kernels = np.array(
        [grid.draw(30, grating(0.25, 40)), grid.draw(120, grating(0.5 / 2**1.5, 0))]
    ).reshape(2, 1, 9, 9)
    tuning = filter_responses(kernels - kernels.mean(axis=(2, 3), keepdims=True))
    np.testing.assert_allclose(tuning.frequency, [0.25, 0.5 / 2**1.5])
    assert tuning.preferred_angle("grating").tolist() == [30, 120]
    assert (tuning.best["grating"] > 0.9).all()
    assert all((tuning.best["grating"] > tuning.best[name] + 0.1).all() for name in SHAPES)


def test_responses_to_gratings_are_as_the_fourier_transform_says():
    kernel = np.random.default_rng(2).standard_normal((3, 3))
    tuning = responses(kernel)
    y, x = np.mgrid[1:-2:-1, -1:2]
    turn = np.radians(tuning.angles.numpy())[:, None, None]
    wave = np.exp(-2j * np.pi * tuning.frequency.item() * (y * np.cos(turn) - x * np.sin(turn)))
    spectrum = np.abs(((kernel - kernel.mean()) * wave).sum(axis=(1, 2)))
    assert np.corrcoef(spectrum, tuning.curves["grating"][0])[0, 1] > 0.9


def test_zero_filters_respond_to_nothing():
    tuning = responses(np.zeros((3, 3)), SOBEL)
    assert tuning.preferred == ["none", "edge"]
    assert tuning.selectivity[0] == 0


def test_the_results_are_tensors():
    tuning = responses(SOBEL, SPOT)
    for one in (
        tuning.angles,
        tuning.frequency,
        tuning.selectivity,
        tuning.preferred_angle("edge"),
    ):
        assert isinstance(one, torch.Tensor)
    assert tuning.angles.shape == (72,)
    assert {curve.shape for curve in tuning.curves.values()} == {(2, 72)}
    assert {best.shape for best in tuning.best.values()} == {(2,)}
    kinds = [one.dtype for one in (*tuning.curves.values(), *tuning.best.values())]
    assert set(kinds) == {torch.float64}


@pytest.mark.parametrize(
    ("stimulus", "error", "message"),
    [
        ("spot", ValueError, "'grating'.*A spot and a plain field have no angle"),
        (["edge"], TypeError, "a text such as 'edge'"),
    ],
)
def test_stimuli_without_an_angle(stimulus, error, message):
    with pytest.raises(error, match=message):
        responses(SOBEL).preferred_angle(stimulus)
