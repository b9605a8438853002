"""A number measured several times over."""

import math

import pytest
from scipy import stats

from cnnvis import Spread

VALUES = (0.91, 0.93, 0.92, 0.92, 0.94)


def test_the_interval_of_the_mean_is_students():
    expected = stats.t.interval(0.95, 4, loc=0.924, scale=stats.sem(VALUES))
    assert Spread(VALUES).interval == pytest.approx(expected)


def test_a_mean_lies_in_its_interval_about_as_often_as_it_says():
    draws = stats.norm(3, 2).rvs((2000, 6), random_state=0)
    held = [low <= 3 <= high for low, high in (Spread(row).interval for row in draws)]
    assert sum(held) / len(held) == pytest.approx(0.95, abs=0.015)


def test_a_further_start_lies_in_the_range_about_as_often_as_it_says():
    draws = stats.norm(3, 2).rvs((2000, 7), random_state=1)
    held = [row[-1] in Spread(row[:-1]) for row in draws]
    assert sum(held) / len(held) == pytest.approx(0.95, abs=0.015)


def test_the_range_is_wider_than_the_interval():
    spread = Spread(VALUES)
    assert spread.range[0] < spread.interval[0] < spread.mean < spread.interval[1]
    assert (spread.range[1] - spread.mean) / (spread.interval[1] - spread.mean) == pytest.approx(
        math.sqrt(6)
    )


def test_values_that_never_differ_have_no_width():
    spread = Spread([1, 1, 1])
    assert spread.interval == spread.range == (1, 1)
    assert 1 + 1e-9 in spread
    assert 1.1 not in spread


@pytest.mark.parametrize(
    ("values", "sign"), [((2, 3, 2.5), 1), ((-2, -3, -2.5), -1), ((-1, 2, 0.5), 0)]
)
def test_the_sign_is_that_of_the_interval(values, sign):
    assert Spread(values).sign == sign


def test_differences_are_taken_start_by_start():
    difference = Spread([2, 4, 9], [5, 6, 7], "trainings") - Spread([1, 2, 3], [5, 6, 7])
    assert difference.values == (1, 2, 6)
    assert difference.seeds == (5, 6, 7)
    assert difference.of == "trainings"
    assert (Spread([2, 4, 9]) - 2).values == (0, 2, 7)


def test_differences_of_other_seeds_are_refused():
    with pytest.raises(ValueError, match="of the same seeds"):
        Spread([1, 2], [0, 1]) - Spread([1, 2], [1, 2])


def test_it_is_printed_with_its_interval_and_number():
    assert f"{Spread(VALUES):.1%}" == "92.4% (95 % interval 91.0% to 93.8%, 5 starts)"
    assert str(Spread([1, 1], of="lots")) == "1.000 (95 % interval 1.000 to 1.000, 2 lots)"


def test_tensors_are_numbers_too():
    torch = pytest.importorskip("torch")
    assert Spread(torch.tensor([1.0, 2.0])).values == (1.0, 2.0)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1],), ValueError, "at least two finite numbers"),
        (([1, math.nan],), ValueError, "at least two finite numbers"),
        ((["one", 2],), TypeError, "must be numbers; got 'one'"),
        (([1, 2], [0.5, 1]), TypeError, "seeds must be whole numbers"),
        (([1, 2], [1]), ValueError, "got 1 seeds and 2 values"),
    ],
)
def test_what_is_no_spread_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        Spread(*arguments)
