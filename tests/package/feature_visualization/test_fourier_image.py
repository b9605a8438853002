"""A Fourier image: its start comes back, its colours are photographs', its moves are small."""

import numpy as np
import pytest
import torch

from cnnvis.feature_visualization.fourier_image import COLOURS, FourierImage


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def images(*shape):
    return torch.rand(*shape, generator=seeded()) * 0.8 + 0.1


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("jitter", [0, 1.5, 3])
@pytest.mark.parametrize("size", [(8, 8), (7, 10), (1, 1)])
def test_a_start_comes_back(channels, jitter, size):
    start = images(2, channels, *size)
    fourier = FourierImage(start, jitter)
    assert torch.allclose(fourier.images(), start, atol=1e-4)
    assert fourier.jittered(seeded()).shape == start.shape


def test_black_and_white_stay_finite():
    start = torch.tensor([0.0, 1.0]).reshape(1, 1, 1, 2)
    fourier = FourierImage(start)
    assert torch.isfinite(fourier.coefficients).all()
    assert torch.allclose(fourier.images(), start, atol=0.03)


def test_the_colours_are_those_of_photographs():
    from skimage import data

    photos = (data.astronaut(), data.chelsea(), data.coffee(), data.rocket())
    covariance = np.mean([np.cov(photo.reshape(-1, 3).T / 255) for photo in photos], axis=0)
    values, vectors = np.linalg.eigh(covariance)
    known = np.array(COLOURS)
    root = (vectors * np.sqrt(values))[:, ::-1]
    root = root * np.sign((root * known).sum(axis=0))  # either way round is a root
    np.testing.assert_allclose(known, root, atol=6e-4)
    np.testing.assert_allclose(known @ known.T, covariance, atol=1e-3)


def test_a_gradient_of_noise_gives_broad_shapes():
    fourier = FourierImage(torch.full((1, 1, 64, 64), 0.5))
    noise = torch.randn(1, 1, 64, 64, generator=seeded())
    (up,) = torch.autograd.grad((fourier.with_margins() * noise).sum(), fourier.coefficients)
    with torch.no_grad():
        fourier.coefficients += up / up.norm()
    moved = fourier.images()

    def roughness(one):
        return ((one[..., 1:] - one[..., :-1]).std() / one.std()).item()

    assert roughness(moved) < 0.4 < 1.2 < roughness(noise)


def test_a_gradient_of_noise_gives_light_and_dark_rather_than_hues():
    fourier = FourierImage(torch.full((1, 3, 32, 32), 0.5))
    noise = torch.randn(1, 3, 32, 32, generator=seeded())
    (up,) = torch.autograd.grad((fourier.with_margins() * noise).sum(), fourier.coefficients)
    with torch.no_grad():
        fourier.coefficients += up / up.norm()
    red, green, blue = fourier.images()[0].flatten(1)
    assert all(
        torch.corrcoef(torch.stack(pair))[0, 1] > 0.6 for pair in [(red, green), (green, blue)]
    )


def test_without_jitter_the_image_is_seen_as_it_is():
    fourier = FourierImage(images(2, 3, 9, 6))
    assert torch.equal(fourier.jittered(seeded()).detach(), fourier.images())


def test_jitter_moves_a_spot_by_so_many_pixels_at_most():
    start = torch.full((1, 1, 21, 21), 0.02)
    start[..., 10, 10] = 0.98
    fourier, random = FourierImage(start, jitter=4), seeded()
    places = []
    for _ in range(200):
        seen = fourier.jittered(random).detach()[0, 0]
        places.append(divmod(seen.argmax().item(), 21))
    offsets = torch.tensor(places) - 10
    assert offsets.abs().max() == 4
    assert offsets.amin() == -4
    assert offsets.float().mean(dim=0).abs().max() < 1


def test_all_images_are_moved_alike_and_by_the_seed():
    fourier = FourierImage(images(1, 3, 12, 12).expand(3, -1, -1, -1), jitter=2)
    first, again, other = (fourier.jittered(seeded(seed)).detach() for seed in (0, 0, 1))
    assert torch.allclose(first[0], first[2], atol=1e-6)
    assert torch.equal(first, again)
    assert not torch.allclose(first, other, atol=0.01)
