"""Changed images are what the settings say, each image's own, and decided by the generator."""

import pytest
import torch

from cnnvis.training.augment import Augment


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def images(count=40, channels=3, height=12, width=10):
    return torch.rand(count, channels, height, width, generator=generator(1))


def test_nothing_asked_changes_nothing():
    before = images()
    assert torch.allclose(Augment()(before, generator()), before, atol=1e-5)


def test_a_flip_mirrors_about_half_of_the_images():
    before = images(200)
    after = Augment(flip=True)(before, generator())
    same = (after - before).abs().amax(dim=(1, 2, 3)) < 1e-4
    mirrored = (after - before.flip(3)).abs().amax(dim=(1, 2, 3)) < 1e-4
    assert (same ^ mirrored).all()
    assert 70 < mirrored.sum() < 130


def test_a_shift_moves_by_whole_pixels_and_brings_zeros_in():
    before = images(60)
    after = Augment(shift=2)(before, generator())
    seen = set()
    for old, new in zip(before, after, strict=True):
        steps = [
            (down, right)
            for down in range(-2, 3)
            for right in range(-2, 3)
            if torch.allclose(new, moved(old, down, right), atol=1e-4)
        ]
        assert len(steps) == 1
        seen.add(steps[0])
    assert len(seen) > 15, "all places are drawn"


def moved(image, down, right):
    """The image with its content moved, zeros moving in."""
    wide = torch.nn.functional.pad(image, (2, 2, 2, 2))
    height, width = image.shape[1:]
    return wide[:, 2 - down : 2 - down + height, 2 - right : 2 - right + width]


def test_reflection_brings_the_image_itself_in():
    white = torch.ones(30, 1, 8, 8)
    assert torch.allclose(Augment(shift=3, padding_mode="reflection")(white, generator()), white)
    assert Augment(shift=3)(white, generator()).amin() == 0


def bar(angle):
    """A bar through the centre, its angle in degrees anticlockwise from the right."""
    rows, columns = torch.meshgrid(torch.arange(41) - 20.0, torch.arange(41) - 20.0, indexing="ij")
    turn = torch.deg2rad(torch.tensor(angle))
    across = columns * turn.sin() + rows * turn.cos()
    return (-across.square() / 4).exp()[None, None]


def orientation(image):
    """The angle of a bar's long axis, degrees."""
    rows, columns = torch.meshgrid(torch.arange(41) - 20.0, torch.arange(41) - 20.0, indexing="ij")
    weight = image[0] * (rows.square() + columns.square() < 225)
    xx, yy, xy = ((weight * one).sum() for one in (columns**2, rows**2, -rows * columns))
    return torch.rad2deg(0.5 * torch.atan2(2 * xy, xx - yy)).item()


def test_a_turn_turns_by_at_most_its_angle_and_both_ways():
    after = Augment(degrees=20)(bar(0.0).repeat(60, 1, 1, 1), generator())
    angles = torch.tensor([orientation(one) for one in after])
    assert angles.abs().max() < 21
    assert angles.max() > 15
    assert angles.min() < -15


def test_stretch_and_shear_change_sizes_and_slants():
    square = torch.zeros(1, 1, 40, 40)
    square[..., 10:30, 10:30] = 1
    many = square.repeat(80, 1, 1, 1)
    wide = Augment(scale=0.2)(many, generator()).sum(dim=(1, 2, 3)) / square.sum()
    assert wide.min() < 0.85
    assert wide.max() > 1.2
    slanted = Augment(shear=0.3)(many, generator())
    assert torch.allclose(slanted.sum(dim=(1, 2, 3)), square.sum(), rtol=0.03), "area stays"
    assert (slanted - square).abs().amax(dim=(1, 2, 3)).median() > 0.5


def test_cover_blanks_one_square():
    white = torch.ones(50, 2, 16, 16)
    after = Augment(erase=5)(white, generator())
    blank = (after == 0).all(dim=1)
    assert ((after == 0).any(dim=1) == blank).all(), "the same place in all channels"
    heights, widths = blank.any(dim=2).sum(1), blank.any(dim=1).sum(1)
    assert (blank.sum(dim=(1, 2)) == heights * widths).all()
    assert heights.max() == widths.max() == 5
    assert heights.min() >= 3, "a square reaches over the edge by at most half"


def test_each_image_has_draws_of_its_own_and_the_generator_decides_them():
    same = images(1).repeat(20, 1, 1, 1)
    augment = Augment(shift=2, flip=True, degrees=15, scale=0.1, shear=0.1, erase=3)
    first = augment(same, generator())
    assert len({tuple(one.flatten().tolist()) for one in first}) == 20
    assert torch.equal(first, augment(same, generator()))
    assert not torch.equal(first, augment(same, generator(2)))
    state = torch.get_rng_state()
    augment(same, generator())
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize("layout", [torch.channels_last, torch.contiguous_format])
def test_shape_and_memory_layout_stay(layout):
    before = images().contiguous(memory_format=layout)
    after = Augment(shift=1, erase=2)(before, generator())
    assert after.shape == before.shape
    assert after.dtype == before.dtype
    assert after.is_contiguous(memory_format=layout)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"shift": -1},
            "scale, shear and erase must not be negative; got shift=-1",
        ),
        ({"scale": 1.0}, "scale must be below 1; got 1.0"),
        ({"padding_mode": "edge"}, "padding_mode must be 'zeros' or 'reflection'; got 'edge'"),
    ],
)
def test_wrong_settings(settings, message):
    with pytest.raises(ValueError, match=message):
        Augment(**settings)
