"""What the axes of a matplotlib figure say of themselves: panels, labels and words."""

from typing import Any, NamedTuple

from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter
from numpy.typing import ArrayLike


class Column(NamedTuple):
    """Numbers or words of one name; `axis` knows how they are to be written."""

    name: str
    values: ArrayLike
    axis: Any = None


def panels(figure):
    """Return the axes of each panel; those that share a place, as of `twinx`, belong together."""
    found = {}
    for axes in figure.axes:
        if axes.get_label() != "<colorbar>" and axes.get_visible():
            place = axes.get_subplotspec()
            found.setdefault(axes if place is None else place, []).append(axes)
    return list(found.values())


def in_data(axes, line):
    """Tell of x and of y whether the line's numbers are data, not shares of the panel."""
    return line.get_transform().contains_branch_seperately(axes.transData)


def label(axes, which):
    """Return an axis's label, or that of the axes or the figure that it shares."""
    own = getattr(axes, f"get_{which}label")()
    others = [getattr(one, f"get_{which}label")() for one in axes.figure.axes
              if one.get_label() != "<colorbar>"]  # fmt: skip
    whole = getattr(axes.figure, f"get_sup{which}label")()
    return own or whole or next((one for one in others if one), "")


def named(artist):
    """Return the label that somebody gave, or nothing."""
    label = str(artist.get_label())
    return "" if label.startswith("_") else label


def tick_words(axis):
    """Return the words that were set at certain places of an axis."""
    words = isinstance(axis.get_major_formatter(), FixedFormatter | FuncFormatter)
    if not words or not isinstance(axis.get_major_locator(), FixedLocator):
        return {}
    texts = [one.get_text() for one in axis.get_majorticklabels()]
    return {x: text for x, text in zip(axis.get_majorticklocs(), texts, strict=False) if text}
