"""The photographs' tiles are cut fairly: varied, none flat, and no pixel is in both splits."""

from itertools import islice

import numpy as np
import pytest
import torch
from package.standins.learning import accuracy_of_a_small_network
from PIL import Image

from cnnvis.standins import photos as _photos


@pytest.fixture(scope="module")
def photos():
    return {split: _photos.photos(split) for split in ("train", "test")}


@pytest.mark.parametrize(("split", "count"), [("train", 400), ("test", 100)])
def test_photos_have_the_shape_of_cifar10_and_as_many_tiles_of_each(photos, split, count):
    images, labels, classes = photos[split]
    assert images.shape == (6 * count, 3, 32, 32)
    assert (images.dtype, labels.dtype) == (torch.uint8, torch.int64)
    assert images.is_contiguous()
    assert labels.bincount().tolist() == [count] * 6
    assert classes == ("cat", "astronaut", "coffee", "galaxies", "retina", "rocket")
    assert (images.min(), images.max()) == (0, 255)


def test_photos_begin_with_the_cat_and_stay_varied(photos):
    for _, labels, classes in photos.values():
        assert classes[labels[0]] == "cat"
        assert labels.reshape(-1, 6).sort().values.unique(dim=0).tolist() == [[0, 1, 2, 3, 4, 5]]
        assert labels.reshape(-1, 6).unique(dim=0).shape[0] > 50


def test_no_tile_is_nearly_flat(photos):
    for images, *_ in photos.values():
        assert images.float().mean(1).flatten(1).std(1).min() > 9


@pytest.mark.parametrize("name", [name for name, *_ in _photos._PHOTOS])
def test_no_tile_leaves_its_part_and_the_parts_have_no_pixel_in_common(name):
    _, _, *parts = next(photo for photo in _photos._PHOTOS if photo[0] == name)
    size = _photos._photo(name).size
    cover = np.zeros(size, int)
    for part in parts:
        left, upper, right, lower = _photos._pixels(size, part)
        cover[left:right, upper:lower] += 1
        inside = right - left, lower - upper
        boxes = np.array(list(islice(_photos._boxes(inside, np.random.default_rng(0)), 2000)))
        assert boxes.min() == 0
        assert (boxes[:, 2:] <= inside).all()
        sides = boxes[:, 2:] - boxes[:, :2]
        assert (sides[:, 0] == sides[:, 1]).all()
        assert sides.max() == min(inside)
        assert 32 <= sides.min() < 0.3 * min(inside)
    assert cover.min() == cover.max() == 1


@pytest.mark.parametrize("split", ["train", "test"])
def test_tiles_do_not_depend_on_the_other_part_of_the_photographs(photos, monkeypatch, split):
    unspoilt = _photos._photo

    def spoilt(name):
        photo = unspoilt(name)
        _, _, *parts = next(entry for entry in _photos._PHOTOS if entry[0] == name)
        photo.paste((0, 255, 0), _photos._pixels(photo.size, parts[split == "train"]))
        return photo

    monkeypatch.setattr(_photos, "_photo", spoilt)
    assert torch.equal(_photos.photos(split)[0], photos[split][0])


def test_the_first_tile_of_a_class_is_its_largest(photos):
    photo = _photos._photo("chelsea")
    left = round(0.47 * photo.width)
    side = photo.width - left
    upper = round((photo.height - side) / 2)
    face = photo.crop((left, upper, photo.width, upper + side)).resize(
        (32, 32), Image.Resampling.BOX
    )
    difference = photos["test"][0][0].permute(1, 2, 0).float() - torch.tensor(np.array(face))
    assert difference.abs().mean() < 5


def test_a_small_network_learns_them(photos):
    assert accuracy_of_a_small_network(photos, epochs=3, batch_size=64) >= 0.6
