"""What all stand-ins promise: the same images, no download, errors that say what they give."""

import socket

import numpy as np
import pytest
import torch

from cnnvis.data.registry import SETS
from cnnvis.standins.checks import whole_number

each_stand_in = pytest.mark.parametrize("name", SETS)


@pytest.mark.parametrize("name", ["mnist", "cifar10"])  # what is drawn: garments/test_draw.py
def test_the_same_images_come_always_without_random_numbers_or_a_network(name, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket, "socket", refuse)
    images, labels, _ = SETS[name].stand_in.make("test")
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002 - the old global state is what must not matter
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    again, same_labels, _ = SETS[name].stand_in.make("test")
    assert torch.equal(images, again)
    assert torch.equal(labels, same_labels)
    assert torch.equal(before[0], torch.get_rng_state())
    np.testing.assert_array_equal(before[1], np.random.get_state()[1])  # noqa: NPY002


@each_stand_in
@pytest.mark.parametrize("split", ["val", ""])
def test_an_unknown_split_is_refused(name, split):
    with pytest.raises(ValueError, match=f"split must be 'train' or 'test'; got '{split}'"):
        SETS[name].stand_in.make(split)


@each_stand_in
@pytest.mark.parametrize("split", [None, ["train"]])
def test_a_split_that_is_no_text_is_refused(name, split):
    with pytest.raises(
        TypeError, match=f"split must be 'train' or 'test'; got {type(split).__name__}"
    ):
        SETS[name].stand_in.make(split)


def test_numbers_become_pythons_own():
    assert type(whole_number("count", np.int64(3), 1)) is int


@pytest.mark.parametrize("value", [2.0, "2", None, True, [2]])
def test_what_is_no_whole_number_is_named(value):
    with pytest.raises(
        TypeError, match=f"count must be a whole number; got {type(value).__name__}"
    ):
        whole_number("count", value, 1)


def test_what_is_too_small_is_named():
    with pytest.raises(ValueError, match="count must be 2 or more; got 1"):
        whole_number("count", 1, 2)
