"""Charts of a training run: curves and confusion matrix."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, PercentFormatter

from cnnvis.arrays import Array, as_array
from cnnvis.plots.mosaic_axes import (
    LINE_COLOR,
    TEXT_COLOR,
    add_colorbar,
    as_colormap,
    new_axes,
    readable_on,
)
from cnnvis.training.results import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

TRAIN_COLOR, TEST_COLOR = "#0b5fa5", "#c4560f"


def plot_history(history: History, what: str = "loss", *, ax: "Axes | None" = None) -> "Axes":
    """Draw the loss or the accuracy of a training run, step by step and epoch by epoch.

    Args:
        history: What `fit` returned, or the ``training()`` of a `ModelCard`.
        what: ``"loss"``, on a logarithmic axis, or ``"accuracy"``.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        TypeError: If ``history`` is no `History`.
        ValueError: If ``what`` is neither of the two.
    """
    if not isinstance(history, History):
        raise TypeError(
            f"history must be what fit returned; got {type(history).__name__}. Of a pretrained "
            "network it is card.training()."
        )
    if what not in ("loss", "accuracy"):
        raise ValueError(f'what must be "loss" or "accuracy"; got {what!r}.')
    ax = ax or new_axes(8, 3.4)
    steps = getattr(history, f"step_{what}")
    if steps:
        epochs = np.arange(1, len(steps) + 1) / len(steps) * history.epochs
        label = f"each batch of {history.batch_size}"
        ax.plot(epochs, steps, color=LINE_COLOR, linewidth=0.8, label=label)
    for name, color, marker in (("train", TRAIN_COLOR, "o"), ("test", TEST_COLOR, "s")):
        after = getattr(history, f"{name}_{what}")
        if after:
            ax.plot(range(len(after)), after, marker + "-", color=color, label=f"{name} images")
    ax.set_xlabel("epochs")
    ax.set_xlim(-0.02 * history.epochs, 1.02 * history.epochs)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if what == "loss":
        ax.set_ylabel("cross-entropy (nats)")
        ax.set_yscale("log")
        ax.yaxis.set_minor_locator(LogLocator(subs=(2, 5)))
        for which in (ax.yaxis.set_major_formatter, ax.yaxis.set_minor_formatter):
            which("{x:g}")
    else:
        ax.set_ylabel("accuracy")
        ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.grid(color="#e6e6e6")
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    return ax


def plot_confusion(
    matrix: Array,
    classes: Sequence[str],
    *,
    cmap: "str | Colormap | None" = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a confusion matrix, with the colours kept for the mistakes.

    Args:
        matrix: Counts (K, K): rows are true classes, columns predictions, as
            `sklearn.metrics.confusion_matrix` gives them.
        classes: Names of the K classes.
        cmap: A colour map of Matplotlib, by its name or itself, in place of orange.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        TypeError: If ``matrix`` holds no real numbers, or ``cmap`` is of the wrong kind.
        ValueError: If ``matrix`` isn't K by K, or doesn't hold counts, or ``cmap`` is unknown.
    """
    as_array(matrix, what="matrix")
    counts, count = np.asarray(matrix), len(classes)
    if counts.shape != (count, count):
        raise ValueError(f"matrix must be {count}×{count}, like the classes; got {counts.shape}.")
    if (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ValueError("matrix must hold counts, whole numbers; got shares or negative numbers.")
    counts = counts.astype(np.int64)
    mistakes = np.where(np.eye(count, dtype=bool) | (counts == 0), np.nan, counts)
    cmap = as_colormap(cmap, "Oranges")
    ax = ax or new_axes(6.4, 5.4)
    image = ax.imshow(mistakes, cmap=cmap, vmin=0, vmax=np.nanmax(mistakes, initial=1))
    colors = np.where(
        np.isnan(mistakes), TEXT_COLOR, readable_on(image.to_rgba(mistakes), dark=0.308)
    )
    style = {"ha": "center", "va": "center", "fontsize": 9}
    for row, column in zip(*np.nonzero(counts), strict=True):
        ax.text(column, row, counts[row, column], color=colors[row, column], **style)
    ax.set_xticks(range(count), classes, rotation=0 if max(map(len, classes)) < 3 else 45)
    ax.set_yticks(range(count), classes)
    ax.set_xlabel("predicted")
    ax.set_ylabel("true")
    ax.tick_params(length=0)
    add_colorbar(ax, label="mistakes")
    return ax
