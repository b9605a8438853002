"""Images that are tables in disguise, read back from a matplotlib figure.

An image is one if it has a number in each cell, or axes with names and few cells. All others are
images.
"""

from typing import NamedTuple

import numpy as np

from cnnvis_site.figures.numbers.axes import Column, in_data, label, tick_words

CELLS = 256  # of a grid without numbers in it; a larger one is an image


class Grid(NamedTuple):
    """Numbers in cells, NaN where nothing is written; `marks` says which cells are marked."""

    title: str
    rows: Column
    columns: Column
    values: np.ndarray
    meaning: str
    marks: np.ndarray


def grids(axes):
    """Return the tables that an image is, if it is one."""
    images = [one.get_array() for one in axes.images if one.get_array().ndim == 2]
    if not images:
        return []
    values = np.ma.filled(np.ma.asarray(images[0], float), np.nan)
    whole = slice(0, len(values)), slice(0, values.shape[1])
    numbers = _numbers(axes, values.shape)
    written = np.where(np.isnan(numbers), values, numbers)
    if not np.isnan(numbers).all():
        blocks = [whole] if axes.axison else _blocks(written)
        return [_grid(axes, written, *block) for block in blocks]
    if axes.axison and values.size <= CELLS and (label(axes, "x") or label(axes, "y")):
        return [_grid(axes, values, *whole)]
    return []


def _numbers(axes, shape):
    """Return the numbers written in the cells."""
    numbers = np.full(shape, np.nan)
    for text in axes.texts:
        column, row = text.get_position()
        inside = -0.5 < column < shape[1] - 0.5 and -0.5 < row < shape[0] - 0.5
        try:
            if inside and text.get_va() == "center":
                number = float(text.get_text().replace("−", "-"))
                numbers[round(row), round(column)] = number
        except ValueError:
            continue
    return numbers


def _blocks(values):
    """Yield the rows and columns of each table; nothing is written between two of a mosaic."""
    for rows in _runs(~np.isnan(values).all(axis=1)):
        for columns in _runs(~np.isnan(values[rows]).all(axis=0)):
            yield rows, columns


def _runs(filled):
    edges = np.flatnonzero(np.diff(np.concatenate([[False], filled, [False]]).astype(int)))
    return [slice(start, stop) for start, stop in edges.reshape(-1, 2)]


def _grid(axes, values, rows, columns):
    above = ((columns.start + columns.stop - 1) / 2, rows.start - 0.5)
    named = [text.get_text() for text in axes.texts if np.allclose(text.get_position(), above)]
    marks = np.zeros(values.shape, bool)
    for line in axes.lines:
        if all(in_data(axes, line)) and line.get_linestyle() in ("None", "none", "", " "):
            x, y = np.asarray(line.get_xdata(), int), np.asarray(line.get_ydata(), int)
            marks[y, x] = True
    bar = axes.images[0].colorbar
    return Grid(
        " ".join([axes.get_title(), *named]).strip(),
        _sides(axes, "y", rows),
        _sides(axes, "x", columns),
        values[rows, columns],
        bar.ax.get_ylabel() if bar else "",
        marks[rows, columns],
    )


def _sides(axes, which, part):
    """Return the names of rows or columns: the words on the axis, or their numbers."""
    axis, count = getattr(axes, f"{which}axis"), part.stop - part.start
    words = tick_words(axis)
    found = [words.get(at) for at in range(part.start, part.stop)]
    values = found if all(found) else [str(at) for at in range(count)]
    return Column(label(axes, which) or {"x": "column", "y": "row"}[which], values, axis)
