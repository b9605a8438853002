"""Curves and confusion matrices show what a training run left."""

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from package.plots.artists import bar, pixels, shown

from cnnvis.plots.training import plot_confusion, plot_history
from cnnvis.training.results import History

pytestmark = [
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # within older libraries
]
NAN = np.nan


@pytest.fixture
def history():
    return History(
        32,
        epochs=2,
        step_loss=[2.0, 1.5, 1.0, 0.5],
        step_accuracy=[0.1, 0.4, 0.6, 0.9],
        train_loss=[2.3, 0.9, 0.4],
        train_accuracy=[0.1, 0.7, 0.8],
        test_loss=[2.2, 1.0, 0.6],
        test_accuracy=[0.2, 0.6, 0.7],
    )


@pytest.mark.parametrize("what", ["loss", "accuracy"])
def test_a_history_is_drawn_by_step_and_by_epoch(history, what):
    ax = plot_history(history, what)
    steps, train, test = ax.lines
    np.testing.assert_allclose(steps.get_xdata(), [0.5, 1, 1.5, 2])
    np.testing.assert_array_equal(steps.get_ydata(), getattr(history, f"step_{what}"))
    np.testing.assert_array_equal(train.get_xdata(), [0, 1, 2])
    np.testing.assert_array_equal(train.get_ydata(), getattr(history, f"train_{what}"))
    np.testing.assert_array_equal(test.get_ydata(), getattr(history, f"test_{what}"))
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["each batch of 32", "train images", "test images"]
    assert ax.get_xlabel() == "epochs"
    assert what in ax.get_ylabel() or "entropy" in ax.get_ylabel()
    assert ax.get_yscale() == ("log" if what == "loss" else "linear")
    pixels(ax)


def test_train_and_test_differ_by_more_than_their_colour(history):
    _, train, test = plot_history(history).lines
    assert train.get_color() != test.get_color()
    assert train.get_marker() != test.get_marker()


def test_a_history_without_test_images(history):
    history.test_loss = history.test_accuracy = []
    ax = plot_history(history)
    assert len(ax.lines) == 2
    assert "test" not in str([text.get_text() for text in ax.get_legend().get_texts()])


def test_a_history_whose_steps_were_not_recorded(history):
    history.step_loss = []
    ax = plot_history(history)
    assert len(ax.lines) == 2
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["train images", "test images"]


def test_accuracy_is_a_percentage(history):
    ax = plot_history(history, "accuracy")
    pixels(ax)
    assert all(label.get_text().endswith("%") for label in ax.get_yticklabels())


def test_axes_of_a_history(history):
    figure, ax = plt.subplots()
    assert plot_history(history, ax=ax) is ax
    assert plot_history(history).figure is not figure


@pytest.mark.parametrize("what", ["losses", "", None])
def test_what_a_history_does_not_hold(history, what):
    with pytest.raises(ValueError, match='what must be "loss" or "accuracy"; got'):
        plot_history(history, what)


@pytest.mark.parametrize("kind", [np.array, torch.tensor])
def test_a_confusion_matrix_colours_the_mistakes(kind):
    matrix = kind([[50, 2, 0], [0, 40, 10], [1, 0, 30]])
    ax = plot_confusion(matrix, ["a", "b", "c"])
    np.testing.assert_array_equal(shown(ax), [[NAN, 2, NAN], [NAN, NAN, 10], [1, NAN, NAN]])
    assert ax.images[0].get_clim() == (0, 10)
    counts = {text.get_position(): text.get_text() for text in ax.texts}
    assert counts == {
        (0, 0): "50",
        (1, 0): "2",
        (1, 1): "40",
        (2, 1): "10",
        (0, 2): "1",
        (2, 2): "30",
    }
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [label.get_text() for label in labels] == ["a", "b", "c"]
    assert bar(ax).get_ylabel() == "mistakes"


def test_dark_cells_have_light_numbers():
    ax = plot_confusion(np.array([[9, 10, 7], [1, 9, 5], [0, 0, 9]]), ["a", "b", "c"])
    colours = {text.get_text(): to_hex(text.get_color()) for text in ax.texts}
    light, dark = dict.fromkeys(["10", "7"], "#ffffff"), dict.fromkeys(["9", "1", "5"], "#222222")
    assert colours == light | dark


def test_large_counts_are_exact():
    ax = plot_confusion(np.array([[2**24 + 1, 1], [0, 3]]), ["a", "b"])
    assert ax.texts[0].get_text() == str(2**24 + 1)


def test_shares_are_no_counts():
    """A normalized matrix must not come out as an empty one."""
    with pytest.raises(ValueError, match="counts"):
        plot_confusion(np.array([[0.9, 0.1], [0.2, 0.8]]), ["a", "b"])


def test_counts_are_not_negative():
    with pytest.raises(ValueError, match="counts"):
        plot_confusion(np.array([[3, -1], [0, 2]]), ["a", "b"])


def test_a_confusion_matrix_without_mistakes():
    ax = plot_confusion(np.diag([3, 4]), ["a", "b"])
    assert np.isnan(shown(ax)).all()
    pixels(ax)


def test_axes_of_a_confusion_matrix():
    _, ax = plt.subplots()
    assert plot_confusion(np.eye(2), ["a", "b"], ax=ax) is ax
    assert plot_confusion(np.eye(2), ["a", "b"]) is not ax


@pytest.mark.parametrize(
    "matrix", [np.zeros((2, 2)), np.zeros((3, 2)), np.zeros(3), np.zeros((1, 3, 3))]
)
def test_a_confusion_matrix_of_a_wrong_shape(matrix):
    with pytest.raises(ValueError, match=r"matrix must be 3×3, like the classes; got \("):
        plot_confusion(matrix, ["a", "b", "c"])


def test_a_confusion_matrix_of_a_wrong_kind():
    with pytest.raises(TypeError, match="matrix must be a tensor or NumPy array"):
        plot_confusion([[1, 0], [0, 1]], ["a", "b"])
