"""What histories and evaluations say."""

import pytest
import torch

from cnnvis.training.results import Evaluation, History


def test_what_an_evaluation_tells():
    probabilities = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.2, 0.5, 0.3]])
    found = Evaluation(probabilities, torch.tensor([0, 1, 1]), 0.5)
    assert found.predictions.tolist() == [0, 2, 1]
    assert found.predictions.dtype == torch.int64
    assert found.accuracy == pytest.approx(2 / 3)


def test_a_history_prints_as_a_table():
    history = History(
        10,
        train_loss=[2.3, 0.25],
        train_accuracy=[0.1, 0.925],
        test_loss=[2.31, 0.3],
        test_accuracy=[0.09, 1.0],
    )
    assert str(history).splitlines() == [
        "epoch  train loss  train accuracy  test loss  test accuracy",
        "    0      2.3000          10.00%     2.3100          9.00%",
        "    1      0.2500          92.50%     0.3000        100.00%",
    ]
    history.test_loss, history.test_accuracy = [], []
    assert str(history).splitlines() == [
        "epoch  train loss  train accuracy",
        "    0      2.3000          10.00%",
        "    1      0.2500          92.50%",
    ]


def test_a_history_without_training():
    assert len(str(History(1)).splitlines()) == 1
