"""Images are drawn as they are, grey or in colour."""

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from package.plots.artists import bar, colour_at, crosses, pitch, shown, texts, tiles

from cnnvis.plots.images import plot_images

pytestmark = [
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # within older libraries
]
NAN = np.nan


def test_grey_images():
    images = torch.rand(5, 1, 4, 3)
    ax = plot_images(images)
    found, rest = tiles(ax, 5, 4, 3)
    np.testing.assert_array_equal(found, images[:, 0].numpy())
    assert np.isnan(rest).all()
    assert ax.images[0].get_clim() == (0, 1)
    assert ax.images[0].get_cmap().name == "gray"


def test_colour_images_on_white():
    images = torch.rand(3, 3, 4, 3)
    ax = plot_images(images, columns=2)
    image = shown(ax)
    down, across = pitch(image.shape[0], 4, 2), pitch(image.shape[1], 3, 2)
    np.testing.assert_allclose(image[down : down + 4, :3], images[2].permute(1, 2, 0).numpy())
    assert (image[down:, across:] == 1).all()
    np.testing.assert_array_equal(colour_at(ax, down + 1, across + 1), 1)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.int64, torch.int16])
def test_integers_reach_from_0_to_255(channels, dtype):
    images = torch.tensor([0, 51, 255]).to(dtype).reshape(1, 1, 1, 3).expand(1, channels, 1, 3)
    for one in (images, images.numpy()):
        image = shown(plot_images(one)).reshape(3, -1)
        np.testing.assert_allclose(image, [[0.0] * channels, [0.2] * channels, [1.0] * channels])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_floats_reach_from_0_to_1(dtype):
    images = torch.tensor([0, 0.25, 1]).to(dtype).reshape(1, 1, 1, 3)
    np.testing.assert_allclose(shown(plot_images(images)), [[0, 0.25, 1]])


@pytest.mark.parametrize(
    ("images", "reach"),
    [
        (torch.tensor([-0.5, 1.0]), "-0.5 to 1"),
        (torch.tensor([0.0, 1.5]), "0 to 1.5"),
        (torch.tensor([0.0, 255.0]), "0 to 255"),
        (torch.tensor([0, 300]), "0 to 300"),
        (torch.tensor([-1, 255]), "-1 to 255"),
        (torch.tensor([0.5, NAN]), "nan"),
    ],
)
def test_images_out_of_range(images, reach):
    with pytest.raises(ValueError, match=f"between 0 and 1, or .*these reach from .*{reach}"):
        plot_images(images.reshape(1, 1, 1, 2))


@pytest.mark.parametrize("shape", [(4, 4), (1, 4, 4), (2, 4, 4, 4), (3, 4, 4, 1), (1, 1, 1, 4, 4)])
def test_images_of_a_wrong_shape(shape):
    with pytest.raises(ValueError, match=r"images must have the shape .*got .*image\[None\]"):
        plot_images(torch.zeros(shape))


@pytest.mark.parametrize("shape", [(0, 1, 4, 4), (2, 3, 0, 4)])
def test_no_images_at_all(shape):
    with pytest.raises(ValueError, match=r"images must .*got"):
        plot_images(torch.zeros(shape))


def test_black_and_white_images_may_be_of_booleans():
    images = torch.tensor([[False, True]])[None, None]
    np.testing.assert_array_equal(shown(plot_images(images)), [[0, 1]])


@pytest.mark.parametrize("images", [None, "cat.png", [torch.zeros(1, 4, 4)]])
def test_images_of_a_wrong_kind(images):
    with pytest.raises(TypeError, match="images must be a tensor or NumPy array"):
        plot_images(images)


def test_labels_titles_and_axes_of_images():
    _, ax = plt.subplots()
    images = torch.rand(2, 1, 4, 4)
    assert plot_images(images, labels=["cat", "dog"], title="pets", ax=ax) is ax
    assert texts(ax) == ["cat", "dog"]
    assert ax.get_title() == "pets"
    assert bar(ax) is None
    assert crosses(ax) == []
    with pytest.raises(ValueError, match="2; got 3"):
        plot_images(images, labels=["a"] * 3)


def test_images_are_not_changed():
    images = torch.full((2, 3, 4, 4), 255, dtype=torch.uint8)
    plot_images(images)
    assert (images == 255).all()


@pytest.mark.parametrize(
    "boxes", [np.zeros((1, 2, 2)), np.full((2, 2, 2), 10), np.full((2, 2, 2), -1), np.zeros(2)]
)
def test_boxes_that_do_not_fit_are_refused(boxes):
    with pytest.raises(ValueError, match=r"boxes must have the shape \(2, 2, 2\)"):
        plot_images(np.zeros((2, 1, 10, 10)), boxes=boxes)
