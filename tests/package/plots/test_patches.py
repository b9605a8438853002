"""Close-ups of patches: the right pixels, the right frames, the preferred image beside them."""

import numpy as np
import pytest
import torch
from matplotlib.collections import LineCollection

from cnnvis.analysis.patches import Patches, top_patches
from cnnvis.layers.receptive_fields import ReceptiveField
from cnnvis.models.architectures import SmallCNN
from cnnvis.plots.patches import plot_patches

ORANGE = (1.0, 176 / 255, 0.0)


@pytest.fixture
def images():
    return torch.rand(6, 3, 20, 24, generator=torch.Generator().manual_seed(0))


def placed(*boxes, images=None):
    """Patches of a single channel, one box for each image."""
    field = ReceptiveField(size=(3, 3), stride=(1, 1), start=(-1, -1), image=(20, 24))
    numbers = torch.tensor([images or list(range(len(boxes)))])
    return Patches(torch.ones(1, len(boxes)), numbers, torch.tensor([boxes]), field)


def frames(ax):
    """Corners of the bright frames, as (top, bottom, left, right) in pixels of the mosaic."""
    found = []
    for lines in ax.collections:
        if isinstance(lines, LineCollection) and tuple(lines.get_colors()[0][:3]) == ORANGE:
            for path in lines.get_segments():
                (left, top), (right, bottom) = path.min(axis=0) + 0.5, path.max(axis=0) - 0.5
                found.append((top, bottom, left, right))
    return found


def test_a_window_holds_the_box_and_its_surroundings(images):
    ax = plot_patches(placed([[8, 10], [9, 11]], [[5, 7], [4, 6]]), images, 0, margin=2)
    shown = ax.images[0].get_array()
    expected = images[0, :, 6:13, 7:14].permute(1, 2, 0).numpy()
    np.testing.assert_allclose(shown[:7, :7], expected, atol=1e-6)
    np.testing.assert_allclose(shown[:7, 8:15], images[1, :, 3:10, 2:9].permute(1, 2, 0).numpy())
    assert frames(ax) == [(2, 4, 2, 4), (2, 4, 10, 12)]


def test_windows_stay_within_the_image_and_keep_their_size(images):
    cut = placed([[0, 1], [22, 23]], [[8, 10], [9, 11]])
    ax = plot_patches(cut, images, 0, margin=2)
    shown = ax.images[0].get_array()
    np.testing.assert_allclose(shown[:7, :7], images[0, :, :7, 17:].permute(1, 2, 0).numpy())
    assert frames(ax)[0] == (0, 1, 5, 6)


def test_a_field_that_fills_its_window_has_no_frame(images):
    ax = plot_patches(placed([[0, 19], [0, 23]], [[0, 19], [0, 20]]), images, 0)
    assert len(frames(ax)) == 1
    assert not frames(plot_patches(placed([[0, 19], [0, 23]]), images, 0))


def test_the_strongest_comes_first(images):
    order = placed([[0, 19], [0, 23]], [[0, 19], [0, 23]], images=[4, 2])
    shown = plot_patches(order, images, 0).images[0].get_array()
    np.testing.assert_allclose(shown[:, :24], images[4].permute(1, 2, 0).numpy())


def test_the_preferred_image_stands_on_the_left_and_is_as_high(images):
    preferred = torch.rand(3, 5, 5)
    ax = plot_patches(placed([[8, 10], [9, 11]]), images, 0, preferred=preferred)
    patches, beside = ax.images
    np.testing.assert_allclose(beside.get_array(), preferred.permute(1, 2, 0).numpy())
    left, right, bottom, top = beside.get_extent()
    assert right < patches.get_extent()[0]
    assert [bottom, top] == list(patches.get_extent()[2:])
    assert right - left == bottom - top
    assert ax.get_xlim()[0] <= left


@pytest.mark.filterwarnings("error")
def test_what_top_patches_finds_can_be_drawn_in_grey_and_uint8():
    torch.manual_seed(0)
    images = torch.randint(0, 256, (12, 1, 28, 28), dtype=torch.uint8)
    found = top_patches(SmallCNN(), "relu2", images)["relu2"]
    channel = int(found.values[:, 0].argmax())
    ax = plot_patches(found, images, channel, preferred=torch.rand(1, 12, 12), title="relu2")
    assert ax.get_title() == "relu2"
    shown = np.ma.filled(ax.images[0].get_array().astype(float), np.nan)
    (top, bottom), (left, right) = found.boxes[channel, 0].tolist()
    (up, down, first, last) = frames(ax)[0]
    part = images[found.images[channel, 0], 0, top : bottom + 1, left : right + 1] / 255
    part_shown = shown[int(up) : int(down) + 1, int(first) : int(last) + 1]
    np.testing.assert_allclose(part_shown, part.numpy(), atol=1e-6)


@pytest.mark.parametrize("change", [{"channel": 1}, {"channel": -1}, {"channel": 0, "margin": -1}])
def test_what_is_not_there_is_refused(images, change):
    with pytest.raises(ValueError, match="channel must lie from 0 to 0 and margin be 0 or more"):
        plot_patches(placed([[8, 10], [9, 11]]), images, **change)


def test_patches_of_other_images_are_refused(images):
    with pytest.raises(ValueError, match="the patches must be of these images"):
        plot_patches(placed([[8, 10], [9, 11]], images=[6]), images, 0)
    with pytest.raises(ValueError, match="the patches must be of these images"):
        plot_patches(placed([[8, 10], [9, 11]]), images[:, :, :-1], 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        plot_patches(placed([[8, 10], [9, 11]]), images * 3, 0)
    with pytest.raises(ValueError, match=r"shape \(N, 1, H, W\) or \(N, 3, H, W\)"):
        plot_patches(placed([[8, 10], [9, 11]]), images[:, :2], 0)
