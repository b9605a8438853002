import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnvis.layers.outputs import as_spatial


@given(
    channels=st.integers(1, 40),
    height=st.integers(4, 20),
    width=st.integers(4, 20),
    factor=st.integers(1, 8),
)
def test_the_usual_order_stays(channels, height, width, factor):
    output = torch.rand(1, channels, height, width)
    maps = as_spatial(output, (height * factor, width * factor), "a")
    assert np.array_equal(maps, output[0].numpy())


def test_channels_last():
    output = torch.rand(1, 7, 14, 96)
    maps = as_spatial(output, (224, 448), "a")
    assert np.array_equal(maps, output[0].permute(2, 0, 1).numpy())


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("shape", [(4, 4), (3, 6), (6, 2)])
def test_tokens(extra, shape):
    height, width = shape
    grid = torch.rand(5, height, width)
    tokens = torch.cat([torch.full((extra, 5), 9.0), grid.reshape(5, -1).T])[None]
    assert np.array_equal(as_spatial(tokens, (height * 16, width * 16), "a"), grid.numpy())


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (torch.zeros(1, 1000), "fc puts out 1×1000"),
        (torch.zeros(1, 11, 8), "fc puts out 1×11×8"),
        (torch.zeros(4, 3, 8, 8), "fc puts out 4×3×8×8"),
        (torch.zeros(()), "maps have a height"),
        ({"out": torch.zeros(1, 3, 8, 8)}, "fc puts out a dict"),
    ],
)
def test_no_maps(output, message):
    with pytest.raises(ValueError, match=message):
        as_spatial(output, (64, 64), "fc")
