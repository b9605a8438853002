"""The numbers of a figure as tables of text, rounded to what the eye could tell apart and more.

Each table is a dictionary that goes to the figure's JSON file: `caption`, `head` and `rows`, of
which the first cell names the row. Long ones are thinned, and say so.
"""

import math

import numpy as np
from matplotlib.ticker import PercentFormatter

from cnnvis_site.figures.numbers.axes import label, panels
from cnnvis_site.figures.numbers.charts import charts
from cnnvis_site.figures.numbers.grids import grids

ROWS, MOST = 40, 48  # a table of more than the second number of rows is thinned to the first


def tables(figure, name):
    """Return the tables of a figure, which is called `name` where nothing in it has a title."""
    title = figure.get_suptitle() or name.replace("_", " ")
    found = []
    for panel in panels(figure):
        kinds = [(_grid, one) for one in grids(panel[0])]
        kinds = kinds or [(_points if one.points else _lines, one) for one in charts(panel)]
        found += [make(one, _titled(one, title)) for make, one in kinds]
    return found


def _titled(one, title):
    return one.title.replace("\n", ", ") or title


def _lines(chart, title):
    """Places in rows, what is drawn there in columns."""
    keep, note = _thinned(chart)
    columns = [_written(chart.x, keep)]
    for one in chart.columns:  # those on one axis are written alike
        alike = [
            [other.values[at] for at in keep] for other in chart.columns if other.axis is one.axis
        ]
        columns.append(_written(one, keep, np.concatenate(alike)))
    caption = [title, *note, *chart.guides]
    if len(chart.columns) > 1 and (meaning := label(chart.columns[0].axis.axes, "y")):
        caption[0] = f"{title}: {meaning}"
    return _table(caption, [chart.x.name, *(one.name for one in chart.columns)], columns)


def _points(chart, title):
    """Points in rows, with the numbers that they have in the order of drawing."""
    x, up = np.asarray(chart.x.values, float), chart.columns[0]
    named = {at for at, note in enumerate(chart.notes) if note}
    keep, note = range(len(x)), []
    if len(x) > MOST:
        keep = sorted({*np.argsort(x, kind="stable")[_evenly(len(x))].tolist(), *named})
        note = [f"{len(keep)} of {len(x):,} points, spread evenly by {chart.x.name}."]
    head = ["point", chart.x.name, up.name]
    columns = [[str(at) for at in keep], _written(chart.x, keep), _written(up, keep)]
    if named:
        head, columns = [*head, "note"], [*columns, [chart.notes[at] or "–" for at in keep]]
    return _table([title, *note, *chart.guides], head, columns)


def _grid(grid, title):
    meaning = f"{title}: {grid.meaning}" if grid.meaning else title
    caption = [meaning]
    if grid.columns.name != "column":
        caption.append(f"Columns: {grid.columns.name}.")
    texts = np.array(written(grid.values.ravel(), None)).reshape(grid.values.shape)
    if grid.marks.any():
        texts = np.where(grid.marks, np.char.add(texts, "\u00a0•"), texts)
        caption.append("A dot stands where the figure has one.")
    if np.isnan(grid.values).any():
        caption.append("A dash stands where nothing is written.")
    head = [grid.rows.name, *grid.columns.values]
    return _table(caption, head, [grid.rows.values, *texts.T.tolist()])


def _table(caption, head, columns):
    first = caption[0].rstrip(".") + "."
    return {
        "caption": " ".join([first, *caption[1:]]),
        "head": [str(name) for name in head],
        "rows": [list(row) for row in zip(*columns, strict=True)],
    }


def _thinned(chart):
    """Choose rows, and say which: all, those where a line bends, or some at even distances."""
    count = len(chart.x.values)
    if count <= MOST:
        return range(count), []
    bends = _bends(chart) if not isinstance(chart.x.values[0], str) else range(count)
    if len(bends) <= MOST:
        return bends, ["Between these rows the lines are straight."]
    keep = _evenly(count)
    return keep, [f"One row in {keep[1]} of {count:,}, and the last."]


def _bends(chart):
    x = np.asarray(chart.x.values, float)
    steps = np.array([np.diff(np.asarray(one.values, float)) / np.diff(x) for one in chart.columns])
    change = np.abs(np.diff(steps, axis=1)).max(axis=0)
    return [0, *(np.flatnonzero(change > 1e-6 * np.abs(steps).max()) + 1).tolist(), len(x) - 1]


def _evenly(count):
    return [*range(0, count - 1, math.ceil(count / ROWS)), count - 1]


def _written(column, keep, alike=None):
    return written([column.values[at] for at in keep], column.axis, alike)


def written(values, axis, alike=None):
    """Write numbers with three figures of the range that they cover, as a percentage if drawn so.

    The range is that of `alike`, if given. On a logarithmic axis each number has three figures of
    its own.
    """
    if any(isinstance(value, str) for value in values):
        return list(values)
    values = np.array(values, float)
    alike = values if alike is None else np.array(alike, float)
    formatter = axis.get_major_formatter() if axis else None
    unit = ""
    if isinstance(formatter, PercentFormatter):
        values, alike, unit = values * 100 / formatter.xmax, alike * 100 / formatter.xmax, " %"
    alike = alike[np.isfinite(alike)]
    if not unit and axis and axis.get_scale() == "log" and (alike != alike.round()).any():
        texts = [np.format_float_positional(v, 3, fractional=False, trim="-") for v in values]
    else:
        places = _places(alike)
        texts = [f"{value:,.{places}f}" for value in values]
    return [
        "–" if math.isnan(value) else _signed(text) + unit
        for value, text in zip(values, texts, strict=True)
    ]


def _signed(text):
    return text.replace("-", "−") if text.strip("-0.,") else text.lstrip("-")


def _places(values):
    """Return how many places after the point three figures of the values' range take."""
    if not len(values) or np.allclose(values, values.round(), atol=1e-9):
        return 0
    places = max(0, 3 - math.ceil(math.log10(np.ptp(values) or np.abs(values).max())))
    enough = (few for few in range(places) if np.allclose(values, values.round(few), atol=1e-9))
    return next(enough, places)
