"""Objectives: closed ReLUs leak gradients, not values; a pass ends at its layer."""

import pytest
import torch
from torch import nn

from cnnvis.feature_visualization.objective import Objective, leaky_gradients


@pytest.mark.parametrize("in_place", [False, True])
def test_leaky_relus_change_gradients_and_no_values(in_place):
    relu = nn.ReLU(inplace=in_place)
    model = nn.Sequential(nn.Identity(), relu)
    values = torch.tensor([-2.0, 3.0], requires_grad=True)
    with leaky_gradients(model):
        out = model(values * 1)
        (gradient,) = torch.autograd.grad(out.sum(), values)
    assert out.tolist() == [0, 3]
    assert 0 < gradient[0] < 0.5
    assert gradient[1] == 1
    (gradient,) = torch.autograd.grad(model(values * 1).sum(), values)
    assert gradient.tolist() == [0, 1]
    assert relu.inplace is in_place
    assert not relu._forward_hooks


def test_leaky_relus_end_with_an_exception():
    model = nn.Sequential(nn.ReLU(inplace=True))
    with pytest.raises(KeyError), leaky_gradients(model):
        raise KeyError
    assert model[0].inplace
    assert not model[0]._forward_hooks


class Never(nn.Module):
    def forward(self, x):  # noqa: ARG002
        raise AssertionError("ran too far")


def test_a_pass_ends_at_its_layer():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), Never())
    found = Objective(model, "0", "centre").output_for(torch.rand(1, 1, 5, 6))
    assert found.shape == (1, 2, 3, 4)
    assert found.receptive_field.size == (3, 3)


def test_activations_of_units_and_maps():
    model = nn.Sequential(nn.Identity())
    images = torch.arange(-4.0, 14).reshape(2, 1, 3, 3)
    channels = torch.tensor([0, 0])

    def measured(unit):
        return Objective(model, "0", unit).measured(images, channels).tolist()

    assert measured("centre") == [0, 9]
    assert measured((0, 2)) == [-2, 7]
    assert measured("channel") == pytest.approx([10 / 9, 9])


def test_the_input_is_never_written_into():
    model = nn.Sequential(nn.ReLU(inplace=True), nn.Identity())
    images = torch.full((1, 1, 2, 2), -1.0)
    assert Objective(model, "1", "centre").measured(images, torch.tensor([0])).item() == 0
    assert (images == -1).all()
