"""What a training leaves for its card is what was measured."""

import datetime
import platform
from types import SimpleNamespace

import torch

from cnnvis.models.card_facts import confusion_counts, curves, facts_of_machine
from cnnvis.training.results import History


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
