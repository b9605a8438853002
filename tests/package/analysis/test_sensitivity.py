"""Shift sensitivity and the correlation of maps with images, against values known beforehand."""

import math

import pytest
import torch
from torch import nn

from cnnvis.analysis.sensitivity import map_correlation, shift_sensitivity
from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import source_of

SOURCE = source_of("mnist", is_stand_in=True)


@pytest.fixture
def inner():
    """Images whose edges are black, so that shifting loses nothing."""
    images = torch.zeros(40, 1, 12, 12)
    images[:, :, 4:8, 4:8] = torch.rand(40, 1, 4, 4)
    return images


def test_what_sums_over_all_places_does_not_notice_a_shift(inner):
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1))
    found = shift_sensitivity(model, None, inner)
    assert list(found) == ["input", "0", "1", "2"]
    assert found["2"] < 1e-9 < 0.1 < found["0"]


def test_the_input_is_measured_like_a_layer(inner):
    found = shift_sensitivity(nn.Sequential(nn.Identity()), None, inner, shift=2)
    assert found["0"] == found["input"]
    moved = [torch.roll(inner, by, axis) for by in (2, -2) for axis in (2, 3)]
    change = sum((one - inner).square().sum() for one in moved) / 4 / 40
    pairs = torch.cdist(inner.flatten(1), inner.flatten(1)).square()
    expected = change / (pairs.sum() / (40 * 39))
    assert found["input"] == pytest.approx(expected.item(), rel=1e-4)


def test_a_scaled_layer_is_as_sensitive(inner):
    class Tenfold(nn.Module):
        def forward(self, x):
            return 10 * x + 1

    found = shift_sensitivity(nn.Sequential(Tenfold()), None, inner)
    assert found["0"] == pytest.approx(found["input"], rel=1e-4)


def test_zeros_move_in_rather_than_the_other_edge():
    images = torch.zeros(2, 1, 5, 5)
    images[0, 0, :, 0] = 1  # moved left, this line is gone
    images[1, 0, 2, 2] = 1
    found = shift_sensitivity(nn.Sequential(nn.Identity()), None, images)
    # changes of the first: 10 right, 5 left, 1 down, 1 up; of the second 2 each; distance 6
    assert found["input"] == pytest.approx(((10 + 5 + 1 + 1) / 4 + 2) / 2 / 6)


def test_a_layer_that_never_changes_has_no_sensitivity(inner):
    class Dead(nn.Module):
        def forward(self, x):
            return 0 * x

    found = shift_sensitivity(nn.Sequential(Dead()), None, inner)
    assert math.isnan(found["0"])
    assert found["input"] > 0


def test_outputs_that_are_no_tensor_are_refused(inner):
    model = nn.Sequential(nn.Flatten(1, 2), nn.GRU(12, 4))
    with pytest.raises(ValueError, match=r"output of '1' must be one tensor.*got tuple"):
        shift_sensitivity(model, None, inner)


def test_the_mode_of_the_model_is_kept(inner):
    model = nn.Sequential(nn.Dropout(0.5)).train()
    found = shift_sensitivity(model, None, inner)
    assert found["0"] == found["input"]
    assert model.training


@pytest.mark.parametrize(("count", "shift"), [(1, 1), (3, 0), (3, 12)])
def test_shifts_and_images_must_make_sense(inner, count, shift):
    with pytest.raises(ValueError, match="two images or more"):
        shift_sensitivity(nn.Identity(), None, inner[:count], shift=shift)


def test_an_image_set_is_measured_as_floats_from_0_to_1(inner):
    pixels = (inner * 255).to(torch.uint8)
    images = ImageSet(pixels, torch.zeros(40, dtype=torch.int64), ("a",), SOURCE)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU())
    expected = shift_sensitivity(model, None, pixels / 255)
    assert shift_sensitivity(model, None, images) == expected
    assert shift_sensitivity(model, None, pixels) == expected


def test_images_are_moved_before_they_are_preprocessed(inner):
    """What moves in is black, not the mean grey that a normalized image has at 0."""
    found = shift_sensitivity(nn.Identity(), "", inner, preprocess=lambda images: 3 * images - 2)
    assert found["input"] == found[""]
    assert found[""] == pytest.approx(shift_sensitivity(nn.Identity(), "", inner)[""], rel=1e-4)
    bright = 1 - inner
    after = shift_sensitivity(nn.Identity(), "", bright, preprocess=lambda images: images - 1)
    before = shift_sensitivity(nn.Identity(), "", bright - 1)
    assert after[""] > 2 * before[""], "a black edge on bright images is seen"


def test_images_stay_as_they_are(inner):
    before = inner.clone()
    shift_sensitivity(nn.Sequential(nn.ReLU(inplace=True)), "0", inner - 0.5)
    shift_sensitivity(nn.Sequential(nn.Dropout(inplace=True), nn.ReLU(inplace=True)), None, inner)
    assert torch.equal(inner, before)


def test_it_is_the_correlation_with_the_image():
    images = torch.rand(3, 1, 6, 8)
    maps = torch.cat([2 * images + 1, -images, torch.rand(3, 1, 6, 8)], dim=1)
    found = map_correlation(maps, images)
    torch.testing.assert_close(found[:, 0], torch.ones(3))
    torch.testing.assert_close(found[:, 1], -torch.ones(3))
    for row, image, noise in zip(found, images, maps[:, 2], strict=True):
        expected = torch.corrcoef(torch.stack([image.flatten(), noise.flatten()]))[0, 1]
        torch.testing.assert_close(row[2], expected)


def test_correlation_shrinks_the_image_and_survives_constant_maps():
    images = torch.rand(2, 1, 8, 12)
    maps = torch.nn.functional.avg_pool2d(images, 4)
    torch.testing.assert_close(map_correlation(maps, images), torch.ones(2, 1))
    assert map_correlation(torch.zeros(2, 3, 2, 3), images).tolist() == [[0] * 3] * 2
    # means of equal numbers may be off by rounding, which would be alike in both
    flat = torch.linspace(0.1, 0.9, 50)[:, None, None, None].expand(-1, 1, 6, 8)
    assert not map_correlation(flat, flat.flip(0)).any()


@pytest.mark.parametrize("shape", [(2, 3, 8, 8), (3, 1, 8, 8), (2, 8, 8)])
def test_correlation_refuses_what_does_not_fit(shape):
    with pytest.raises(ValueError, match="as many images"):
        map_correlation(torch.rand(2, 4, 8, 8), torch.rand(shape))
