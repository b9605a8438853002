"""The roughness of pieces is smooth and centred."""

import numpy as np

from cnnvis.standins.garments import pieces
from cnnvis.standins.garments.outlines import Dice


def test_noise_is_smooth_and_centred():
    noise = np.stack([pieces.rough(Dice(seed), 6, 6) for seed in range(60)])
    assert abs(noise.mean()) < 0.05
    assert 0.6 < noise.std() < 1
    assert abs(np.diff(noise, axis=1)).mean() < 0.2
    np.testing.assert_allclose(pieces.blurred(np.ones((56, 56), np.float32)), 1, rtol=1e-5)
