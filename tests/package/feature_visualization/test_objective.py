"""Goals: closed ReLUs leak gradients, not values; a pass ends at its layer."""

import pytest
import torch
from torch import nn

from cnnvis.feature_visualization.objective import Goal, leaking


@pytest.mark.parametrize("in_place", [False, True])
def test_leaking_changes_gradients_and_no_values(in_place):
    relu = nn.ReLU(inplace=in_place)
    model = nn.Sequential(nn.Identity(), relu)
    values = torch.tensor([-2.0, 3.0], requires_grad=True)
    with leaking(model):
        out = model(values * 1)
        (gradient,) = torch.autograd.grad(out.sum(), values)
    assert out.tolist() == [0, 3]
    assert 0 < gradient[0] < 0.5
    assert gradient[1] == 1
    (gradient,) = torch.autograd.grad(model(values * 1).sum(), values)
    assert gradient.tolist() == [0, 1]
    assert relu.inplace is in_place
    assert not relu._forward_hooks


def test_leaking_ends_with_an_exception():
    model = nn.Sequential(nn.ReLU(inplace=True))
    with pytest.raises(KeyError), leaking(model):
        raise KeyError
    assert model[0].inplace
    assert not model[0]._forward_hooks


class Never(nn.Module):
    def forward(self, x):  # noqa: ARG002
        raise AssertionError("ran too far")


def test_a_pass_ends_at_its_layer():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), Never())
    seen = Goal(model, "0", "centre", None).probe(torch.rand(1, 1, 5, 6))
    assert seen.shape == (1, 2, 3, 4)
    assert seen.field.size == (3, 3)


def test_answers_of_units_and_maps():
    model = nn.Sequential(nn.Identity())
    images = torch.arange(-4.0, 14).reshape(2, 1, 3, 3)
    rows = torch.tensor([0, 0])

    def answers(unit):
        return Goal(model, "0", unit, None).reached(images, rows).tolist()

    assert answers("centre") == [0, 9]
    assert answers((0, 2)) == [-2, 7]
    assert answers("all") == pytest.approx([10 / 9, 9])


def test_the_input_is_never_written_into():
    model = nn.Sequential(nn.ReLU(inplace=True), nn.Identity())
    images = torch.full((1, 1, 2, 2), -1.0)
    assert Goal(model, "1", "centre", None).reached(images, torch.tensor([0])).item() == 0
    assert (images == -1).all()
