"""Selectivity, shift sensitivity and linear probes, against values known beforehand."""

import math

import pytest
import torch
from torch import nn

from cnnvis.analysis.selectivity import (
    class_selectivity,
    linear_probe,
    map_likeness,
    shift_sensitivity,
)


def test_selectivity_of_channels_whose_answer_is_known():
    labels = torch.tensor([0, 0, 1, 1, 2, 2])
    strength = torch.tensor(
        [
            [1.0, 1, 0, 3],
            [3.0, 1, 0, 3],
            [0.0, 1, 0, 1],
            [0.0, 1, 0, 1],
            [0.0, 1, 0, 1],
            [0.0, 1, 0, 1],
        ]
    )
    one_class, all_alike, dead, three_to_one = class_selectivity(strength, labels).tolist()
    assert one_class == 1
    assert all_alike == 0
    assert math.isnan(dead)
    assert three_to_one == pytest.approx(0.5)


def test_selectivity_of_maps_is_that_of_their_means():
    maps = torch.rand(12, 3, 4, 5)
    labels = torch.arange(12) % 4
    expected = class_selectivity(maps.mean(dim=(2, 3)), labels)
    torch.testing.assert_close(class_selectivity(maps, labels), expected)


def test_selectivity_does_not_depend_on_scale_or_on_the_names_of_classes():
    maps, labels = torch.rand(12, 3), torch.arange(12) % 4
    index = class_selectivity(maps, labels)
    torch.testing.assert_close(class_selectivity(maps * 7, labels * 3 + 2), index)


@pytest.mark.parametrize(
    ("maps", "labels", "message"),
    [
        (torch.rand(4, 2) - 1, torch.arange(4), "aren't negative"),
        (torch.rand(4, 2), torch.zeros(4), "two classes"),
        (torch.rand(4, 2), torch.arange(3), "needs activations"),
        (torch.rand(4, 2, 3), torch.arange(4), "needs activations"),
    ],
)
def test_selectivity_refuses_what_it_cannot_measure(maps, labels, message):
    with pytest.raises(ValueError, match=message):
        class_selectivity(maps, labels)


@pytest.fixture
def inner():
    """Images whose edges are black, so that shifting loses nothing."""
    images = torch.zeros(40, 1, 12, 12)
    images[:, :, 4:8, 4:8] = torch.rand(40, 1, 4, 4)
    return images


def test_what_sums_over_all_places_does_not_notice_a_shift(inner):
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1))
    found = shift_sensitivity(model, inner)
    assert list(found) == ["input", "0", "1", "2"]
    assert found["2"] < 1e-9 < 0.1 < found["0"]


def test_the_input_is_measured_like_a_layer(inner):
    found = shift_sensitivity(nn.Sequential(nn.Identity()), inner, shift=2)
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

    found = shift_sensitivity(nn.Sequential(Tenfold()), inner)
    assert found["0"] == pytest.approx(found["input"], rel=1e-4)


def test_zeros_move_in_rather_than_the_other_edge():
    images = torch.zeros(2, 1, 5, 5)
    images[0, 0, :, 0] = 1  # moved left, this line is gone
    images[1, 0, 2, 2] = 1
    found = shift_sensitivity(nn.Sequential(nn.Identity()), images)
    # changes of the first: 10 right, 5 left, 1 down, 1 up; of the second 2 each; distance 6
    assert found["input"] == pytest.approx(((10 + 5 + 1 + 1) / 4 + 2) / 2 / 6)


def test_a_layer_that_never_changes_has_no_sensitivity(inner):
    class Dead(nn.Module):
        def forward(self, x):
            return 0 * x

    found = shift_sensitivity(nn.Sequential(Dead()), inner)
    assert math.isnan(found["0"])
    assert found["input"] > 0


def test_outputs_that_are_no_tensor_are_refused(inner):
    model = nn.Sequential(nn.Flatten(1, 2), nn.GRU(12, 4))
    with pytest.raises(ValueError, match=r"output of '1' must be one tensor.*got tuple"):
        shift_sensitivity(model, inner)


def test_the_mode_of_the_model_is_kept(inner):
    model = nn.Sequential(nn.Dropout(0.5)).train()
    assert shift_sensitivity(model, inner)["0"] == shift_sensitivity(model, inner)["input"]
    assert model.training


@pytest.mark.parametrize(("count", "shift"), [(1, 1), (3, 0), (3, 12)])
def test_shifts_and_images_must_make_sense(inner, count, shift):
    with pytest.raises(ValueError, match="two images or more"):
        shift_sensitivity(nn.Identity(), inner[:count], shift=shift)


def clouds(generator, count=300, spread=0.3):
    centres = torch.eye(3, 8).repeat_interleave(count // 3, 0)
    noise = torch.randn(count, 8, generator=generator)
    return centres + spread * noise, torch.arange(3).repeat_interleave(count // 3)


def test_a_probe_reads_what_is_there_and_nothing_else():
    generator = torch.Generator().manual_seed(0)
    (train, labels), (test, answers) = clouds(generator), clouds(generator)
    assert linear_probe(train, labels, test, answers) > 0.9
    shuffled = labels[torch.randperm(300, generator=generator)]
    assert linear_probe(train, shuffled, test, answers) < 0.55


def test_a_probe_does_not_depend_on_the_features_scale_or_offset():
    generator = torch.Generator().manual_seed(0)
    (train, labels), (test, answers) = clouds(generator, spread=1), clouds(generator, spread=1)
    plain = linear_probe(train, labels, test, answers)
    moved = linear_probe(1000 * train + 5, labels, 1000 * test + 5, answers)
    assert plain == pytest.approx(moved, abs=0.01)
    assert plain < 0.9


def test_a_probe_takes_maps_and_more_features_than_images():
    generator = torch.Generator().manual_seed(0)
    train, labels = clouds(generator, 30)
    maps = torch.cat([train.reshape(30, 2, 2, 2), torch.zeros(30, 98, 2, 2)], dim=1)
    assert linear_probe(maps, labels, maps, labels) == 1


def test_a_probe_takes_outputs_as_layers_leave_them():
    """In bfloat16, with a graph."""
    train, labels = clouds(torch.Generator().manual_seed(0), 30)
    outputs = train.bfloat16().requires_grad_() * 1
    expected = linear_probe(train.bfloat16().float(), labels, train, labels)
    assert linear_probe(outputs, labels, train, labels) == expected


def test_a_probe_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="same features"):
        linear_probe(torch.rand(4, 3), torch.arange(4), torch.rand(4, 2), torch.arange(4))
    with pytest.raises(ValueError, match="a label for each"):
        linear_probe(torch.rand(4, 3), torch.arange(3), torch.rand(4, 3), torch.arange(4))


def test_likeness_is_the_correlation_with_the_image():
    images = torch.rand(3, 1, 6, 8)
    maps = torch.cat([2 * images + 1, -images, torch.rand(3, 1, 6, 8)], dim=1)
    found = map_likeness(maps, images)
    torch.testing.assert_close(found[:, 0], torch.ones(3))
    torch.testing.assert_close(found[:, 1], -torch.ones(3))
    for row, image, noise in zip(found, images, maps[:, 2], strict=True):
        expected = torch.corrcoef(torch.stack([image.flatten(), noise.flatten()]))[0, 1]
        torch.testing.assert_close(row[2], expected)


def test_likeness_shrinks_the_image_and_survives_constant_maps():
    images = torch.rand(2, 1, 8, 12)
    maps = torch.nn.functional.avg_pool2d(images, 4)
    torch.testing.assert_close(map_likeness(maps, images), torch.ones(2, 1))
    assert map_likeness(torch.zeros(2, 3, 2, 3), images).tolist() == [[0] * 3] * 2
    # means of equal numbers may be off by rounding, which would be alike in both
    flat = torch.linspace(0.1, 0.9, 50)[:, None, None, None].expand(-1, 1, 6, 8)
    assert not map_likeness(flat, flat.flip(0)).any()


@pytest.mark.parametrize("shape", [(2, 3, 8, 8), (3, 1, 8, 8), (2, 8, 8)])
def test_likeness_refuses_what_does_not_fit(shape):
    with pytest.raises(ValueError, match="as many images"):
        map_likeness(torch.rand(2, 4, 8, 8), torch.rand(shape))
