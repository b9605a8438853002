"""A number measured several times over, and how far chance moves it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

CERTAINTY = 0.95


@dataclass(frozen=True)
class Spread:
    """One number, measured anew for each of several starts.

    ::

        accuracy = Spread([0.91, 0.93, 0.92, 0.92, 0.94])
        print(f"{accuracy:.1%}")  # 92.4% (95 % interval 91.0% to 93.8%, 5 starts)
        0.95 in accuracy  # whether one further start may give that

    The intervals are Student's: they hold where the values scatter about their mean roughly like a
    Gaussian (https://doi.org/10.1093/biomet/6.1.1).

    Attributes:
        values: The number for each start.
        seeds: What each start was drawn from; by default 0, 1, 2 and so on.
        of: What the values are of, in the plural, for the text.

    Raises:
        TypeError: If a value isn't a number, or a seed not a whole number.
        ValueError: If there are fewer than two values, one isn't finite, or the seeds are not as
            many.
    """

    values: tuple[float, ...]
    seeds: tuple[int, ...] = field(default=())
    of: str = "starts"

    def __post_init__(self) -> None:
        values, seeds = tuple(map(_number, self.values)), tuple(self.seeds)
        seeds = seeds or tuple(range(len(values)))
        if len(values) < 2 or not all(map(math.isfinite, values)):
            raise ValueError(f"values must be at least two finite numbers; got {values}.")
        if not all(isinstance(seed, int) and not isinstance(seed, bool) for seed in seeds):
            raise TypeError(f"seeds must be whole numbers; got {seeds}.")
        if len(seeds) != len(values):
            raise ValueError(
                f"there must be a seed for each value; got {len(seeds)} seeds and {len(values)} "
                "values."
            )
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "seeds", seeds)

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def mean(self) -> float:
        """The mean of the values."""
        return math.fsum(self.values) / len(self)

    @cached_property
    def deviation(self) -> float:
        """The standard deviation of single values, with n - 1."""
        squares = math.fsum((value - self.mean) ** 2 for value in self.values)
        return math.sqrt(squares / (len(self) - 1))

    @property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest of the 95 % confidence interval of the mean."""
        return self._around(1 / len(self))

    @property
    def range(self) -> tuple[float, float]:
        """The prediction interval, in which one further start lies with 95 %."""
        return self._around(1 + 1 / len(self))

    @property
    def sign(self) -> int:
        """1 if the interval of the mean lies above 0, -1 if below, 0 if these starts can't tell."""
        low, high = self.interval
        return (low > 0) - (high < 0)

    def __contains__(self, value: float) -> bool:
        low, high = self.range
        rounding = 1e-6 * max(1, abs(low), abs(high))
        return low - rounding <= value <= high + rounding

    def __sub__(self, other: "Spread | float") -> "Spread":
        """Differences, start by start, from another number or from a spread of the same seeds."""
        if not isinstance(other, Spread):
            return Spread([value - _number(other) for value in self.values], self.seeds, self.of)
        if other.seeds != self.seeds:
            raise ValueError(
                f"only spreads of the same seeds have differences; got {self.seeds} and "
                f"{other.seeds}."
            )
        differences = [one - two for one, two in zip(self.values, other.values, strict=True)]
        return Spread(differences, self.seeds, self.of)

    def __format__(self, how: str) -> str:
        how = how or ".3f"
        low, high = (format(end, how) for end in self.interval)
        return f"{self.mean:{how}} (95 % interval {low} to {high}, {len(self)} {self.of})"

    def __str__(self) -> str:
        return format(self, "")

    def _around(self, variances: float) -> tuple[float, float]:
        from scipy.stats import t  # half a second that `import cnnvis` can do without

        width = t.ppf((1 + CERTAINTY) / 2, len(self) - 1) * self.deviation * math.sqrt(variances)
        return float(self.mean - width), float(self.mean + width)


def spreads(
    numbers: dict[str, Iterable[float]], seeds: Iterable[int], of: str
) -> dict[str, Spread]:
    """A spread of each of several numbers that were measured for the same starts."""
    return {name: Spread(tuple(values), tuple(seeds), of) for name, values in numbers.items()}


def _number(value: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"values must be numbers; got {value!r}.") from error
