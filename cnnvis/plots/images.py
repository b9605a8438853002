"""Images, drawn as they are: grey or in colour."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cnnvis.arrays import Array, as_array
from cnnvis.plots.mosaic_axes import Margins, draw_boxes, draw_mosaic

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GREYS = {"cmap": "gray", "vmin": 0, "vmax": 1}  # of images with a single channel


def plot_images(
    images: Array,
    *,
    boxes: Array | None = None,
    labels: Sequence[str] | None = None,
    columns: int | None = None,
    title: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw images side by side, grey or in colour.

    Args:
        images: (N, 1, H, W) or (N, 3, H, W): integers 0 to 255, or floats 0 to 1.
        boxes: Integers (N, 2, 2), a frame to draw on each image: its first and last row, then
            its first and last column, as in `Patches`.
        labels: A short text above each image.
        columns: Images in a row; by default roughly as many as rows.
        title: Title of the axes.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        TypeError: If ``images`` or ``boxes`` holds no real numbers, or ``columns`` is no whole one.
        ValueError: If a shape, a value, ``columns``, ``boxes`` or the number of labels doesn't fit.
    """
    array = as_images(images, hint="Undo the normalization, or use plot_maps.")
    frames = None if boxes is None else _as_boxes(boxes, array.shape)
    fill = np.nan if array.shape[1] == 1 else 1.0
    ax, corners = draw_images(array, columns, labels, title, ax, fill=fill)
    if frames is not None:
        draw_boxes(ax, frames, corners)
    return ax


def as_images(images: Array, *, hint: str = "Undo the normalization.") -> np.ndarray:
    """Images for drawing, as an array of values from 0 to 1.

    Args:
        images: (N, 1, H, W) or (N, 3, H, W): integers 0 to 255, or floats 0 to 1.
        hint: What an error says of values that reach beyond.

    Returns:
        Float array of the same shape.

    Raises:
        TypeError: If ``images`` holds no real numbers.
        ValueError: If a shape or a value is none of those above.
    """
    array = as_array(images, what="images")
    if array.ndim != 4 or array.shape[1] not in (1, 3):
        raise ValueError(
            "images must have the shape (N, 1, H, W) or (N, 3, H, W); got "
            f"{array.shape}. For a single image use image[None]."
        )
    if array.size == 0:
        raise ValueError(f"images must hold at least one pixel; got the shape {array.shape}.")
    top = 255 if "int" in str(images.dtype) else 1
    if not (array.min() >= 0 and array.max() <= top):
        raise ValueError(
            "images must lie between 0 and 1, or be integers from 0 to 255; these reach from "
            f"{array.min():.3g} to {array.max():.3g}. {hint}"
        )
    return array / top


def draw_images(
    images: np.ndarray,
    columns: int | None,
    labels: Sequence[str] | None,
    title: str | None,
    ax: "Axes | None",
    *,
    fill: float,
) -> tuple["Axes", np.ndarray]:
    """Draw images from `as_images` as a mosaic; returns what `draw_mosaic` does."""
    shown = images[:, 0] if images.shape[1] == 1 else images
    how = {"margins": Margins(), "fill": fill, **GREYS}
    return draw_mosaic(shown, columns, labels, title, ax, **how)


def _as_boxes(boxes: Array, shape: tuple[int, ...]) -> np.ndarray:
    array = as_array(boxes, what="boxes")
    fits = array.shape == (shape[0], 2, 2)
    if not fits or (array < 0).any() or (array >= np.array([[shape[2]], [shape[3]]])).any():
        raise ValueError(
            f"boxes must have the shape ({shape[0]}, 2, 2) and lie within the images of "
            f"{shape[2]}×{shape[3]} pixels; got {array.shape}"
            + (f" with values from {array.min():g} to {array.max():g}." if array.size else ".")
        )
    return array
