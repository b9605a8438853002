"""The digits look like MNIST's, are split fairly, and networks read them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from package.standins.learning import accuracy_of_a_small_network
from sklearn.datasets import load_digits

from cnnvis.data.loading import load
from cnnvis.models.architectures import SmallCNN
from cnnvis.standins import digits as _digits
from cnnvis.training.loop import evaluate, fit

CARD = Path(__file__).parents[3] / "docs" / "cards" / "standins.json"


@pytest.fixture(scope="module")
def digits():
    return {split: _digits.digits(split) for split in ("train", "test")}


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


# Worth learning from.


def test_a_small_network_learns_them(digits):
    assert accuracy_of_a_small_network(digits, epochs=3, batch_size=32) >= 0.9


@pytest.fixture(scope="module")
def mnist():
    if load("mnist", "train", download=False).source.is_stand_in:
        pytest.skip("needs the real MNIST on disk, for instance where CNNVIS_DATA says")
    return {split: load("mnist", split, download=False) for split in ("train", "test")}


@pytest.mark.data
def test_a_network_trained_on_mnist_reads_the_digits_as_the_card_says(mnist, digits):
    # Slow, since the card speaks of networks that have learned 60,000 digits.
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
