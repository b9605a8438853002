"""The tables below a figure hold what the figure draws, read back from its artists."""

import numpy as np
import pytest
from cnnvis_site.figures.numbers import tables as number_tables
from matplotlib import pyplot as plt
from matplotlib.ticker import PercentFormatter

from cnnvis import plot_confusion, plot_kernels


@pytest.fixture
def tables():
    yield lambda figure: number_tables.tables(figure, "my_figure")
    plt.close("all")


def column(table, name):
    """The cells below a heading."""
    at = table["head"].index(name)
    return [row[at] for row in table["rows"]]


def test_lines_over_the_same_places_are_columns_of_one_table(tables):
    figure, axes = plt.subplots()
    axes.plot([1, 2, 4], [0.5, 0.25, 0.1], label="train")
    axes.plot([1, 2, 4], [0.6, 0.4, 0.3], label="test")
    axes.plot([0, 10], [1, 2], label="elsewhere")
    axes.axhline(0.2, label="chance")
    axes.axvline(3)
    axes.set(title="a title", xlabel="epoch", ylabel="loss")
    one, other = tables(figure)
    assert one["caption"] == "a title: loss. “chance” is at 0.2."
    assert one["head"] == ["epoch", "train", "test"]
    assert one["rows"] == [["1", "0.50", "0.60"], ["2", "0.25", "0.40"], ["4", "0.10", "0.30"]]
    assert other["rows"] == [["0", "1"], ["10", "2"]]


def test_one_line_takes_its_name_from_the_axis_and_the_table_from_the_figure(tables):
    figure, axes = plt.subplots()
    axes.plot(["pixels", "pool1"], [0.7, 0.9])
    axes.set_ylabel("share right")
    (table,) = tables(figure)
    assert table["caption"] == "my figure."
    assert table["head"] == ["category", "share right"]
    assert table["rows"] == [["pixels", "0.7"], ["pool1", "0.9"]]


def test_axes_on_top_of_each_other_are_one_panel(tables):
    figure, axes = plt.subplots(layout="constrained")
    axes.plot([1, 2], [3, 4], label="way")
    right = axes.twinx()
    right.plot([1, 2], [0.125, -0.5], label="accuracy")
    right.yaxis.set_major_formatter(PercentFormatter(1))
    (table,) = tables(figure)
    assert table["head"] == ["x", "way", "accuracy"]
    assert column(table, "accuracy") == ["12.5 %", "−50.0 %"]


def test_bars_beside_each_other_stand_by_their_category(tables):
    figure, axes = plt.subplots()
    for at, name in enumerate(("before", "after")):
        axes.bar(np.arange(3) + 0.3 * at, [1, 2, 30 * at], 0.3, label=name)
    axes.set_xticks(range(3), ["edge", "line", "spot"])
    (table,) = tables(figure)
    assert table["head"] == ["category", "before", "after"]
    assert table["rows"] == [["edge", "1", "1"], ["line", "2", "2"], ["spot", "0", "30"]]


def test_bands_and_error_bars_have_two_ends(tables):
    figure, axes = plt.subplots()
    axes.fill_between([1, 2], [0, 1], [5, 7], label="band")
    axes.errorbar([1, 2], [3, 4], yerr=[1, 2], capsize=3, label="mean")
    (table,) = tables(figure)
    assert column(table, "band, low") == ["0", "1"]
    assert column(table, "band, high") == ["5", "7"]
    assert column(table, "mean") == ["3", "4"]
    assert column(table, "mean, low") == ["2", "2"]
    assert column(table, "mean, high") == ["4", "6"]
    assert len(table["head"]) == 6


def test_points_keep_their_numbers_and_what_is_written_at_them(tables):
    generator = np.random.default_rng(0)
    x, y = generator.random((2, 100))
    figure, axes = plt.subplots()
    axes.scatter(x, y)
    axes.scatter(x[[7, 50]], y[[7, 50]], color="red")
    axes.annotate("the seventh", (x[7], y[7]))
    (table,) = tables(figure)
    assert 30 <= len(table["rows"]) <= 42
    assert f"{len(table['rows'])} of 100 points" in table["caption"]
    notes = dict(zip(column(table, "point"), column(table, "note"), strict=True))
    assert notes["7"] == "the seventh"
    for number, at in zip(column(table, "point"), column(table, "x"), strict=True):
        assert float(at) == pytest.approx(x[int(number)], abs=0.0006)


def test_long_lines_are_thinned_evenly_and_say_so(tables):
    figure, axes = plt.subplots()
    axes.plot(range(1407), np.random.default_rng(0).random(1407))
    (table,) = tables(figure)
    places = [int(place.replace(",", "")) for place in column(table, "x")]
    assert len(places) <= 41
    assert set(np.diff(places[:-1])) == {36}
    assert (places[0], places[-1]) == (0, 1406)
    assert "One row in 36 of 1,407" in table["caption"]


def test_of_straight_pieces_the_ends_are_enough(tables):
    figure, axes = plt.subplots()
    axes.plot(np.linspace(0, 1, 129), np.abs(np.linspace(-1, 1, 129)))
    (table,) = tables(figure)
    assert table["rows"] == [["0.0", "1"], ["0.5", "0"], ["1.0", "1"]]
    assert "straight" in table["caption"]


def test_small_numbers_keep_three_figures_on_a_logarithmic_axis(tables):
    figure, axes = plt.subplots()
    axes.plot([1, 2, 3], [2.31, 0.02468, 0.004], label="loss")
    assert column(tables(figure)[0], "loss") == ["2.31", "0.02", "0.00"]
    axes.set_yscale("log")
    assert column(tables(figure)[0], "loss") == ["2.31", "0.0247", "0.004"]


def test_a_confusion_matrix_is_a_table(tables):
    counts = np.array([[973, 0, 3], [5, 882, 0], [0, 10, 7]])
    axes = plot_confusion(counts, ["zero", "one", "two"])
    (table,) = tables(axes.figure)
    assert table["head"] == ["true", "zero", "one", "two"]
    assert table["rows"] == [
        ["zero", "973", "–", "3"],
        ["one", "5", "882", "–"],
        ["two", "–", "10", "7"],
    ]
    assert "Columns: predicted." in table["caption"]
    assert "mistakes" in table["caption"]


def test_marks_above_named_cells_are_kept(tables):
    figure, axes = plt.subplots()
    axes.imshow([[1.5, -2], [0, 4]])
    axes.plot([1], [0], "o")
    axes.set_xticks(range(2), ["a", "b"])
    axes.set(xlabel="channel", ylabel="class")
    (table,) = tables(figure)
    assert table["head"] == ["class", "a", "b"]
    assert table["rows"] == [["0", "1.5", "−2.0\u00a0•"], ["1", "0.0", "4.0"]]


def test_each_kernel_with_its_numbers_is_a_table(tables):
    weights = np.random.default_rng(0).normal(size=(5, 1, 3, 3)).round(2)
    names = ["blur", "sharpen", "edge", "line", "corner"]
    axes = plot_kernels(weights, columns=3, values=True, labels=names)
    found = tables(axes.figure)
    assert [table["caption"] for table in found] == [f"{name}." for name in names]
    for table, kernel in zip(found, weights[:, 0], strict=True):
        numbers = [[float(cell.replace("−", "-")) for cell in row[1:]] for row in table["rows"]]
        np.testing.assert_allclose(numbers, kernel, atol=0.006)


def test_images_and_drawings_have_no_table(tables):
    figure, (image, large, drawing) = plt.subplots(1, 3)
    image.imshow(np.random.default_rng(0).random((8, 8, 3)))
    image.set_xlabel("a colour image")
    large.imshow(np.random.default_rng(0).random((24, 24)))
    large.set_xlabel("too many cells to be read")
    drawing.plot([1, 2], [3, 4])
    drawing.scatter([1, 2], [3, 4])
    drawing.set_axis_off()
    assert tables(figure) == []
