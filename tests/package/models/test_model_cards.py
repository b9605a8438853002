"""A card tells the training, its beginning and what the network confuses."""

import datetime
import platform
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from cnnvis.models.model_cards import confusion_counts, curves, facts_of_machine
from cnnvis.models.pretrained import NETWORKS, load_pretrained
from cnnvis.training.results import History


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


def test_confusions_are_counted_by_true_class_in_rows():
    evaluation = SimpleNamespace(
        labels=torch.tensor([0, 0, 0, 2]), predictions=torch.tensor([0, 2, 2, 2])
    )
    assert confusion_counts(evaluation, 3) == [[1, 0, 2], [0, 0, 0], [0, 0, 1]]


def test_the_curves_of_phases_share_the_entry_where_they_meet():
    names = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")
    first, second = (
        SimpleNamespace(**dict.fromkeys(names, values)) for values in ([3.0, 2.123456], [2.1, 1.0])
    )
    joined = curves([first, second])
    assert joined == {name: [3.0, 2.12346, 1.0] for name in names}
    assert History(batch_size=8, seconds=1.0, **joined).test_loss == [3.0, 2.12346, 1.0]


def test_the_facts_of_a_machine():
    facts = facts_of_machine(torch.device("cpu"))
    assert facts["hardware"].startswith(f"{torch.get_num_threads()} thread")
    assert platform.machine() in facts["hardware"]
    assert facts["versions"]["torch"] == torch.__version__.partition("+")[0]
    assert datetime.date.fromisoformat(facts["date"]) <= datetime.datetime.now(datetime.UTC).date()
