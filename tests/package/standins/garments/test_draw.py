"""Garments are framed like Fashion-MNIST's, varied, the same every time, and recognised."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from package.standins.learning import accuracy_of_a_small_network
from torchvision.datasets import FashionMNIST

from cnnvis.data.loading import load
from cnnvis.models.architectures import SmallCNN
from cnnvis.standins.garments.draw import draw_garments, garments
from cnnvis.training.loop import evaluate, fit

CARD = Path(__file__).parents[4] / "docs" / "cards" / "standins.json"
SPLITS = ("train", "test")
SHOES = [FashionMNIST.classes.index(name) for name in ("Sandal", "Sneaker", "Ankle boot")]


@pytest.fixture(scope="module")
def drawn():
    """The garments to test with, (1000, 28, 28), of seed 2, and their labels."""
    images, labels, _ = garments("test")
    return images[:, 0], labels


def worn(images):
    """Where there is something other than the background."""
    return images > 25


# What comes out.


def test_garments_have_the_shape_of_fashion_mnist():
    images, labels = draw_garments(23)
    assert images.shape == (23, 1, 28, 28)
    assert labels.shape == (23,)
    assert (images.dtype, labels.dtype) == (torch.uint8, torch.int64)
    assert images.is_contiguous()


@pytest.mark.parametrize(("split", "count"), [("train", 4000), ("test", 1000)])
def test_splits_are_balanced_and_named_like_fashion_mnist(split, count):
    # Slow where it is the first to draw the whole split, a millisecond a garment.
    images, labels, classes = garments(split)
    assert images.shape == (count, 1, 28, 28)
    assert labels.bincount().tolist() == [count // 10] * 10
    assert classes == tuple(FashionMNIST.classes)


def test_no_garment_is_in_both_splits_or_twice_in_one():
    train, test = ([image.numpy().tobytes() for image in garments(split)[0]] for split in SPLITS)
    assert len(set(train)) == 4000
    assert len(set(test)) == 1000
    assert not set(train) & set(test)


def test_what_a_caller_changes_stays_with_the_caller():
    images, labels, _ = garments("test")
    kept, kept_labels = images.clone(), labels.clone()
    images.zero_()
    labels.zero_()
    again, same_labels, _ = garments("test")
    assert torch.equal(again, kept)
    assert torch.equal(same_labels, kept_labels)


def test_every_ten_hold_one_of_each_class_in_any_order(drawn):
    tens = drawn[1].reshape(-1, 10)
    assert (tens.sort(dim=1).values == torch.arange(10)).all()
    assert tens.unique(dim=0).shape[0] > 95
    assert draw_garments(7, seed=2)[1].unique().numel() == 7


def test_the_seed_and_the_place_decide_alone(drawn):
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002 - the old global state is what must not matter
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    images, labels = draw_garments(30, seed=2)
    assert torch.equal(images[:, 0], drawn[0][:30])
    assert torch.equal(labels, drawn[1][:30])
    assert torch.equal(before[0], torch.get_rng_state())
    np.testing.assert_array_equal(before[1], np.random.get_state()[1])  # noqa: NPY002


def test_another_seed_draws_other_garments(drawn):
    images, labels = draw_garments(30, seed=5)
    assert not torch.equal(labels, drawn[1][:30])
    assert (images[:, 0] != drawn[0][:30]).flatten(1).any(1).all()


@pytest.mark.parametrize("count", [0, -1])
def test_a_count_below_one_is_refused(count):
    with pytest.raises(ValueError, match=f"count must be 1 or more; got {count}"):
        draw_garments(count)


def test_a_seed_below_zero_is_refused():
    with pytest.raises(ValueError, match="seed must be 0 or more; got -1"):
        draw_garments(10, -1)


@pytest.mark.parametrize(
    "wrong", [{"count": n} for n in (2.0, "10", None, True)] + [{"seed": 0.5}, {"seed": None}]
)
def test_what_is_no_whole_number_is_refused(wrong):
    with pytest.raises(TypeError, match=f"{next(iter(wrong))} must be a whole number; got"):
        draw_garments(**{"count": 10} | wrong)


# How they look.


def test_the_longer_side_fills_the_image_and_the_middle_is_the_middle(drawn):
    places = torch.arange(28)
    sides = []
    for axis in (1, 2):
        used = worn(drawn[0]).any(axis)
        first = torch.where(used, places, 28).min(1).values
        last = torch.where(used, places, -1).max(1).values
        assert ((first + last) / 2 - 13.5).abs().max() <= 1
        sides.append(last - first + 1)
    assert torch.maximum(*sides).min() >= 27


def test_the_background_is_black_and_what_is_worn_is_shaded(drawn):
    images, labels = drawn
    cover = worn(images)
    assert cover.float().mean((1, 2)).min() > 0.1
    assert (images == 0).float().mean((1, 2)).min() > 0.03
    values = images.float()
    within = torch.stack([image[mask].std() for image, mask in zip(values, cover, strict=True)])
    assert within.min() > 10
    for label in range(10):
        assert within[labels == label].max() > 50


def test_nothing_is_flat_white(drawn):
    for image in drawn[0]:
        assert (image[worn(image)] == 255).float().mean() < 0.34


def test_edges_are_soft(drawn):
    """Neither black nor as bright as the cloth: a polygon of whole pixels has no such border."""
    images, cover = drawn[0].float(), worn(drawn[0])
    inside = torch.nn.functional.max_pool2d(-cover.float(), 3, stride=1, padding=1) == -1
    border = cover & ~inside
    rim = (images * border).sum((1, 2)) / border.sum((1, 2))
    assert (rim < images.flatten(1).quantile(0.9, dim=1)).float().mean() > 0.8


def test_garments_of_a_class_differ_in_cut_brightness_and_cloth(drawn):
    images, labels = drawn
    for label in range(10):
        some = images[labels == label].float()
        assert some.std(0).mean() > 15
        brightness = torch.stack([image[worn(image)].mean() for image in some])
        assert brightness.max() - brightness.min() > 60
        cover = worn(some).float().mean((1, 2))
        assert cover.std() > 0.02


def test_no_two_garments_are_nearly_alike(drawn):
    flat = drawn[0].flatten(1).float()
    apart = torch.cdist(flat, flat) / 28
    apart.fill_diagonal_(torch.inf)
    assert apart.min() > 4


def test_toes_point_to_the_left(drawn):
    images, labels = drawn
    for label in SHOES:
        shoes = worn(images[labels == label])
        left, right = shoes[:, :, :7].any(2).sum(1), shoes[:, :, 21:].any(2).sum(1)
        assert (left < right).float().mean() > 0.75


def test_trousers_have_two_legs_and_pullovers_two_sides_alike(drawn):
    images, labels = drawn
    trousers = worn(images[labels == 1])[:, 22]
    assert ((trousers.diff(dim=1) & trousers[:, 1:]).sum(1) == 2).float().mean() > 0.6
    pullovers = worn(images[labels == 2])
    assert (pullovers == pullovers.flip(2)).float().mean() > 0.9


# Worth learning from.


@pytest.fixture(scope="module")
def fashion():
    if load("fashion-mnist", "train", download=False).source.is_stand_in:
        pytest.skip("needs the real Fashion-MNIST on disk, for instance where CNNVIS_DATA says")
    return {split: load("fashion-mnist", split, download=False) for split in SPLITS}


def shares_right(evaluation):
    right = evaluation.labels[evaluation.predictions == evaluation.labels]
    return right.bincount(minlength=10) / evaluation.labels.bincount(minlength=10)


def test_a_small_network_learns_them():
    splits = {split: garments(split) for split in SPLITS}
    assert accuracy_of_a_small_network(splits, epochs=2, batch_size=64) > 0.85


@pytest.mark.data
def test_a_network_trained_on_fashion_mnist_names_the_garments(fashion, drawn):
    # Slow, since the card speaks of networks that have learned 60,000 images several times.
    torch.manual_seed(0)
    model = SmallCNN()
    fit(model, fashion["train"], epochs=2)
    assert evaluate(model, fashion["test"]).accuracy > 0.87
    images, labels = drawn
    judged = replace(fashion["test"], images=images[:, None], labels=labels)
    evaluation = evaluate(model, judged)
    assert evaluation.accuracy >= 0.9
    assert shares_right(evaluation).min() >= 0.6
    card = json.loads(CARD.read_text("utf-8"))["fashion-mnist"]["accuracy"]["SmallCNN"]
    assert evaluation.accuracy == pytest.approx(card["stand_in"]["mean"], abs=0.04)


@pytest.mark.data
def test_a_network_that_saw_drawings_alone_names_real_garments(fashion):
    # Slow, since the drawings are learned four times over; they are those of the other tests.
    images, labels, _ = garments("train")
    torch.manual_seed(0)
    model = SmallCNN()
    fit(model, replace(fashion["train"], images=images, labels=labels), epochs=4)
    assert evaluate(model, fashion["test"]).accuracy >= 0.6


def test_the_card_says_what_networks_make_of_the_garments():
    card = json.loads(CARD.read_text("utf-8"))["fashion-mnist"]
    assert card["images"] == 5000
    assert set(card["accuracy"]) == {"SmallCNN", "LeNet-5", "NormCNN"}
    assert card["accuracy"]["NormCNN"]["real_test_set"]["mean"] > 0.92
    for accuracy in card["accuracy"].values():
        assert accuracy["stand_in"]["lowest"] >= 0.9
        assert accuracy["stand_in"]["worst_class"]["share"] >= 0.6
    for accuracy in card["trained_on_drawings"]["accuracy"].values():
        assert accuracy["real_test_set"]["lowest"] >= 0.6
