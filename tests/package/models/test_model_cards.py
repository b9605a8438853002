"""A card tells the training, its beginning and what the network confuses."""

from dataclasses import replace

import pytest
import torch

from cnnvis.models.pretrained import NETWORKS, load_pretrained


@pytest.mark.parametrize("name", NETWORKS)
def test_the_curves_end_where_the_card_says(name):
    card = load_pretrained(name).card
    history = card.training()
    assert history.epochs == int(card.recipe["epochs"])
    assert history.test_accuracy[0] < 0.3
    assert history.test_accuracy[-1] == pytest.approx(card.accuracy, abs=0.004), "before rounding"
    assert history.train_loss[-1] < history.train_loss[0] / 2


def test_the_network_before_its_training():
    network, card = load_pretrained("mnist")
    start = card.untrained()
    assert list(start.state_dict()) == list(network.state_dict())
    assert torch.equal(start.conv1.weight, card.untrained().conv1.weight)
    assert not torch.equal(start.conv1.weight, network.conv1.weight)


def test_confusions_are_named_most_frequent_first():
    card = load_pretrained("fashion-mnist").card
    (true, named, count), *rest = card.confused(4)
    assert {true, named} <= set(card.classes)
    assert true != named
    assert card.confusions[card.classes.index(true)][card.classes.index(named)] == count
    assert [count, *(one[2] for one in rest)] == sorted(
        (number for i, row in enumerate(card.confusions) for j, number in enumerate(row) if i != j),
        reverse=True,
    )[:4]


def test_what_never_happened_is_no_confusion():
    card = replace(load_pretrained("mnist").card, classes=["a", "b"], confusions=[[9, 0], [2, 7]])
    assert card.confused() == [("b", "a", 2)]
