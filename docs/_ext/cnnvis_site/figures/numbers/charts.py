"""Lines, points, bars, bands and error bars of a matplotlib figure, read back as columns.

What stands over the same places becomes one chart. Lines that only guide the eye are left out.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.text import Annotation

from cnnvis_site.figures.numbers.axes import Column, in_data, label, named, tick_words


class Chart(NamedTuple):
    """What is drawn over the same places; points have one column and perhaps notes."""

    title: str
    x: Column
    columns: list[Column]
    points: bool
    guides: list[str]
    notes: list[str]


def charts(panel):
    """Group what is drawn in a panel by its places on the x-axis."""
    axes = panel[0]
    series = [one for each in panel if each.axison for one in _series(each)]
    charts = []
    for x, column, points in series:
        same = [one for one in charts if one.points == points and _same(one.x.values, x)]
        if same and not points:
            same[0].columns.append(column)
        elif not (points and _holds(charts, x, column.values)):
            default = "category" if isinstance(x[0], str) else "x"
            places = Column(label(axes, "x") or default, x, axes.xaxis)
            guides = [] if charts else _guides(axes)
            notes = _notes(axes, x, column.values) if points else []
            charts.append(Chart(axes.get_title(), places, [column], points, guides, notes))
    return charts


def _series(axes):
    """Yield (places, column, whether it is points) for all that is drawn in data coordinates."""
    bars = [one for one in axes.containers if isinstance(one, BarContainer)]
    errors = [one for one in axes.containers if isinstance(one, ErrorbarContainer)]
    caps = {id(cap) for one in errors for cap in one[1]}
    owners = {id(one[0]): one for one in errors}  # the line has no name, its container has
    for band in axes.collections:
        if isinstance(band, PolyCollection):
            yield from _band(axes, band)
    for line in axes.lines:
        if id(line) not in caps and line.get_visible() and all(in_data(axes, line)):
            x = _places(axes, line.get_xdata(orig=True), line.get_xdata())
            points = line.get_linestyle() in ("None", "none", "", " ")
            artist = owners.get(id(line), line)
            yield x, _column(axes, artist, np.asarray(line.get_ydata(), float)), points
    for one in errors:
        x = _places(axes, one[0].get_xdata(orig=True), one[0].get_xdata())
        for stems in one[2] if one.has_yerr else ():
            ends = np.array([stem[:, 1] for stem in stems.get_segments()])
            name = named(one) or "error bar"
            yield x, Column(f"{name}, low", ends.min(axis=1), axes.yaxis), False
            yield x, Column(f"{name}, high", ends.max(axis=1), axes.yaxis), False
    for one in bars:
        middles = np.array([bar.get_x() + bar.get_width() / 2 for bar in one])
        x = _places(axes, middles, middles, nearest=True)
        yield x, _column(axes, one, np.array([bar.get_height() for bar in one])), False
    for dots in axes.collections:
        if isinstance(dots, PathCollection):
            x, y = np.ma.getdata(dots.get_offsets()).T
            yield x, _column(axes, dots, y), True


def _band(axes, band):
    """Yield the lower and the upper edge of `fill_between`."""
    corners = np.concatenate([path.vertices for path in band.get_paths()])
    places = np.unique(corners[:, 0])
    heights = [corners[corners[:, 0] == x, 1] for x in places]
    name = named(band) or "band"
    yield places, Column(f"{name}, low", np.array([y.min() for y in heights]), axes.yaxis), False
    yield places, Column(f"{name}, high", np.array([y.max() for y in heights]), axes.yaxis), False


def _column(axes, artist, values):
    return Column(named(artist) or label(axes, "y") or "value", values, axes.yaxis)


def _places(axes, given, places, *, nearest=False):
    """Return the places on the x-axis, as words if the axis has words there."""
    if any(isinstance(word, str) for word in given):
        return [str(word) for word in given]
    words = tick_words(axes.xaxis)
    places = np.asarray(places, float)
    found = [words.get(round(x) if nearest else x) for x in places]
    return found if found and all(found) else places


def _guides(axes):
    """Say where the labelled lines across a whole panel are."""
    found = []
    for line in axes.lines:
        across, up = in_data(axes, line)
        if across != up and named(line):
            at = (line.get_xdata() if across else line.get_ydata())[0]
            found.append(f"“{line.get_label()}” is at {at:.3g}.")
    return found


def _notes(axes, x, y):
    """Return what is written at each point."""
    words = {
        tuple(np.round(one.xy, 9)): one.get_text()
        for one in axes.texts
        if isinstance(one, Annotation)
    }
    return [words.get(at, "") for at in zip(np.round(x, 9), np.round(y, 9), strict=True)]


def _holds(charts, x, y):
    """Tell whether all these points have been drawn before, as those picked out by colour are."""
    here = set(zip(x, y, strict=True))
    return any(here <= set(zip(one.x.values, one.columns[0].values, strict=True))
               for one in charts if one.points)  # fmt: skip


def _same(one, other):
    return len(one) == len(other) and all(a == b for a, b in zip(one, other, strict=True))
