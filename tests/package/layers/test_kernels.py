"""The weight of a convolution is had from the module or from itself."""

import numpy as np
import pytest
import torch
from torch import nn

from cnnvis.layers.kernels import as_kernels


@pytest.mark.parametrize("layer", [nn.Conv2d(3, 5, (2, 4)), nn.Conv2d(6, 6, 3, groups=6)])
def test_kernels_of_a_convolution_and_of_its_weight(layer):
    expected = layer.weight.detach().numpy()
    for kernels in (layer, layer.weight, expected):
        np.testing.assert_array_equal(as_kernels(kernels), expected)


def test_filters_come_first_also_of_a_transposed_convolution():
    layer = nn.ConvTranspose2d(2, 5, 3)
    assert as_kernels(layer).shape == (5, 2, 3, 3)
    np.testing.assert_array_equal(as_kernels(layer)[1, 0], layer.weight[0, 1].detach())


@pytest.mark.parametrize(
    ("kernels", "error", "message"),
    [
        (nn.ReLU(), ValueError, "only convolutions have kernels; ReLU has none"),
        (nn.Conv1d(2, 5, 3), ValueError, r"kernels must have the shape .*got \(5, 2, 3\)"),
        (torch.zeros(2, 1, 0, 3), ValueError, "kernels must have the shape"),
        ("conv1", TypeError, r"got the name 'conv1'.*model.get_submodule\('conv1'\)"),
        (None, TypeError, "kernels must be a tensor or NumPy array"),
    ],
)
def test_what_has_no_kernels(kernels, error, message):
    with pytest.raises(error, match=message):
        as_kernels(kernels)
