"""The digits look like MNIST's, the photographs' tiles are cut fairly, and nothing is fetched."""

import json
import socket
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from sklearn.datasets import load_digits

from cnnvis.data.image_set import ImageSet
from cnnvis.data.loading import load
from cnnvis.data.registry import Source
from cnnvis.models.architectures import SmallCNN
from cnnvis.standins import digits as _digits
from cnnvis.standins import photos as _photos
from cnnvis.training.loop import evaluate, fit

CARD = Path(__file__).parents[3] / "docs" / "cards" / "standins.json"
BOTH = [_digits.digits, _photos.photos]


@pytest.fixture(scope="module")
def digits():
    return {split: _digits.digits(split) for split in ("train", "test")}


@pytest.fixture(scope="module")
def photos():
    return {split: _photos.photos(split) for split in ("train", "test")}


def as_set(images):
    return ImageSet(*images, Source("name", "title", "origin", "licence", "citation"))


@pytest.mark.parametrize("make", BOTH)
def test_the_same_images_come_whatever_the_state_of_random_numbers(make):
    images, labels, _ = make("test")
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002 - the old global state is what must not matter
    again, same_labels, _ = make("test")
    assert torch.equal(images, again)
    assert torch.equal(labels, same_labels)


@pytest.mark.parametrize("make", BOTH)
def test_no_random_number_is_drawn(make):
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    make("test")
    assert torch.equal(before[0], torch.get_rng_state())
    np.testing.assert_array_equal(before[1], np.random.get_state()[1])  # noqa: NPY002


@pytest.mark.parametrize("make", BOTH)
def test_nothing_is_fetched(make, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket, "socket", refuse)
    make("test")


# Digits.


@pytest.mark.parametrize(("split", "count"), [("train", 1297), ("test", 500)])
def test_digits_have_the_shape_of_mnist(digits, split, count):
    images, labels, classes = digits[split]
    assert images.shape == (count, 1, 28, 28)
    assert (images.dtype, labels.dtype) == (torch.uint8, torch.int64)
    assert labels.shape == (count,)
    assert classes == tuple("0123456789")
    assert (images.min(), images.max()) == (0, 255)


def test_digits_are_split_by_class(digits):
    counts = {split: labels.bincount() for split, (_, labels, _) in digits.items()}
    assert torch.equal(
        counts["train"] + counts["test"], torch.tensor(load_digits().target).bincount()
    )
    share = counts["test"] / (counts["train"] + counts["test"])
    torch.testing.assert_close(share, torch.full((10,), 500 / 1797), atol=0.004, rtol=0)


def test_no_digit_is_in_both_splits(digits):
    train, test = ({image.numpy().tobytes() for image in digits[split][0]} for split in digits)
    assert len(train) > 1290
    assert not train & test


def test_the_first_digits_are_varied(digits):
    assert all(labels[:20].unique().numel() >= 7 for _, labels, _ in digits.values())


def test_restored_ink_agrees_with_every_published_count():
    counts = torch.tensor(load_digits().images, dtype=torch.float32)
    ink = _digits._restore(counts)
    assert ink.unique().tolist() == [0, 1]
    assert torch.equal(F.avg_pool2d(ink, 4) * 16, counts)


def test_a_ring_is_restored_nearly_whole():
    y, x = torch.meshgrid(torch.arange(32.0), torch.arange(32.0), indexing="ij")
    radius = torch.hypot(x - 14.7, y - 16.2)
    ring = ((radius > 7) & (radius < 12)).float()
    counts = F.avg_pool2d(ring[None], 4) * 16
    wrong = (_digits._restore(counts)[0] != ring).sum()
    wrong_in_blocks = (np.kron(counts[0] > 8, np.ones((4, 4))) != ring.numpy()).sum()
    assert wrong < wrong_in_blocks / 4
    assert wrong < 0.05 * ring.sum()


def test_digits_are_centred_by_mass(digits):
    images = digits["train"][0].double()[:, 0]
    place = torch.arange(28.0).double()
    mass = images.sum((1, 2))
    for axis in (1, 2):
        centres = (images.sum(axis) * place).sum(1) / mass
        assert (centres - 13.5).abs().max() < 0.6


def test_digits_are_twenty_pixels_long(digits):
    images = digits["train"][0][:, 0] > 127
    height, width = images.any(2).sum(1), images.any(1).sum(1)
    assert torch.maximum(height, width).float().mean() == pytest.approx(20, abs=0.8)
    assert torch.maximum(height, width).max() <= 22


def test_fat_strokes_are_squeezed_and_thin_ones_are_not():
    fat, thin = torch.zeros(2, 32, 32)
    fat[:, 8:24] = 1
    thin[4:28, 4:28] = 1
    thin[8:24, 8:24] = 0
    fat, thin = _digits._frame(torch.stack([fat, thin])) > 0.5
    assert fat.any(1).sum() >= 19
    assert fat.any(0).sum() <= 7  # 10 without the squeezing
    assert thin.any(0).sum() == thin.any(1).sum() == 20


# Photographs.


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


# Worth learning from.


@pytest.mark.parametrize(("name", "channels", "least"), [("digits", 1, 0.9), ("photos", 3, 0.6)])
def test_a_small_network_learns_them(request, name, channels, least):
    sets = request.getfixturevalue(name)
    train, test = as_set(sets["train"]), as_set(sets["test"])
    torch.manual_seed(0)
    model = SmallCNN(channels, len(train.classes))
    fit(model, train, epochs=6, batch_size=64)
    assert evaluate(model, test).accuracy >= least


@pytest.fixture(scope="module")
def mnist():
    if load("mnist", "train", download=False).source.is_stand_in:
        pytest.skip("needs the real MNIST on disk, for instance where CNNVIS_DATA says")
    return {split: load("mnist", split, download=False) for split in ("train", "test")}


def test_a_network_trained_on_mnist_reads_the_digits_as_the_card_says(mnist, digits):
    torch.manual_seed(0)
    model = SmallCNN()
    fit(model, mnist["train"], epochs=2)
    assert evaluate(model, mnist["test"]).accuracy >= 0.98
    images, labels = (torch.cat([digits[split][part] for split in digits]) for part in (0, 1))
    accuracy = evaluate(model, replace(mnist["test"], images=images, labels=labels)).accuracy
    assert accuracy >= 0.9
    card = json.loads(CARD.read_text("utf-8"))["mnist"]
    assert card["images"] == len(images)
    assert accuracy == pytest.approx(card["accuracy"]["SmallCNN"]["stand_in"]["mean"], abs=0.04)


def test_the_card_says_that_networks_read_nine_in_ten():
    card = json.loads(CARD.read_text("utf-8"))["mnist"]
    assert card["seeds"] >= 2
    assert set(card["accuracy"]) == {"SmallCNN", "LeNet-5"}
    for accuracy in card["accuracy"].values():
        assert accuracy["real_test_set"]["lowest"] >= 0.98
        assert accuracy["stand_in"]["lowest"] >= 0.9
