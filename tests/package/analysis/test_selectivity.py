"""The selectivity index, against values known beforehand."""

import math

import pytest
import torch

from cnnvis.analysis.selectivity import class_selectivity


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
