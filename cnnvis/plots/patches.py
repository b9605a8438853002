"""The patches that drive a channel, close up, beside the image that it prefers."""

from typing import TYPE_CHECKING

import numpy as np
from torch import Tensor

from cnnvis.analysis.patches import Patches
from cnnvis.arrays import Array, as_array
from cnnvis.data.image_set import ImageSet
from cnnvis.plots.mosaic_axes import MARGIN, Room, draw_mosaic, outline

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_patches(
    patches: Patches,
    images: ImageSet | Tensor,
    channel: int,
    *,
    preferred: Array | None = None,
    margin: int = 4,
    columns: int = 3,
    title: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a channel's top patches close up, each with its receptive field framed.

    The strongest comes first, row by row. Around each field some of the image is kept, to show
    where it was found; all windows of a channel are of one size. A field that fills its window
    has no frame.

    Args:
        patches: What `top_patches` found for the channel's layer.
        images: The images searched: an `ImageSet`, or a tensor (N, 1, H, W) or (N, 3, H, W),
            uint8 from 0 to 255 or floats from 0 to 1.
        channel: Which channel of the layer.
        preferred: An image (C, H, W), floats 0 to 1, to draw large on the left, as
            `preferred_images` paints it.
        margin: Pixels kept on each side of the field, as far as the image reaches.
        columns: Patches in a row.
        title: Title of the axes.
        ax: Axes to draw on; by default those of a new figure.

    Returns:
        Axes: The axes drawn on.

    Raises:
        ValueError: If the layer has no such channel, ``margin`` is negative, a shape or a value
            doesn't fit, or the patches aren't of these images.

    Example:
        >>> found = top_patches(model, "relu3", images)["relu3"]
        >>> plot_patches(found, images, channel=7)
    """
    if not 0 <= channel < len(patches.values) or margin < 0:
        raise ValueError(
            f"channel must lie from 0 to {len(patches.values) - 1} and margin be 0 or more; got "
            f"channel={channel} and margin={margin}."
        )
    images = images.images if isinstance(images, ImageSet) else images
    rows, boxes = patches.images[channel], patches.boxes[channel].numpy()
    height, width = patches.receptive_field.image
    if len(images) <= int(rows.max()) or tuple(images.shape[2:]) != (height, width):
        raise ValueError(
            f"the patches must be of these images, {tuple(images.shape)}; they are of images "
            f"of {height}×{width} pixels, image {int(rows.max())} among them."
        )
    windows, boxes = _windows(_floats(images[rows]), boxes, margin)
    colors = {"cmap": "gray", "vmin": 0, "vmax": 1}
    ax, corners = draw_mosaic(
        _drawable(windows), columns, None, title, ax, room=Room(), fill=1.0, **colors
    )
    partly = np.ptp(boxes, axis=2).sum(axis=1) + 2 < sum(windows.shape[2:])
    if partly.any():
        outline(ax, boxes[partly], corners[partly], width=1.2)
    if preferred is not None:
        _draw_beside(ax, _floats(preferred), windows.shape[-1], colors)
    return ax


def _floats(images: Array) -> np.ndarray:
    array = as_array(images, what="images")
    return array / 255 if "int" in str(images.dtype) else array


def _drawable(images: np.ndarray) -> np.ndarray:
    """Images (N, C, H, W) as a mosaic takes them: without the axis of a single channel."""
    if images.ndim != 4 or images.shape[1] not in (1, 3):
        raise ValueError(
            f"images must be grey or in colour, with 1 or 3 channels; got {images.shape}."
        )
    if not (images.min() >= 0 and images.max() <= 1):
        raise ValueError(
            "images must lie between 0 and 1, or be integers from 0 to 255; these reach from "
            f"{images.min():.3g} to {images.max():.3g}."
        )
    return images[:, 0] if images.shape[1] == 1 else images


def _windows(images: np.ndarray, boxes: np.ndarray, margin: int) -> tuple[np.ndarray, np.ndarray]:
    """Equal windows around the boxes, within the images, and where the boxes lie in them."""
    whole = np.array(images.shape[2:])
    sizes = boxes[:, :, 1] - boxes[:, :, 0] + 1
    size = np.minimum(sizes.max(axis=0) + 2 * margin, whole)
    starts = np.clip(boxes[:, :, 0] - (size - sizes) // 2, 0, whole - size)
    windows = [
        image[:, top : top + size[0], left : left + size[1]]
        for image, (top, left) in zip(images, starts, strict=True)
    ]
    return np.stack(windows), boxes - starts[:, :, None]


def _draw_beside(ax: "Axes", image: np.ndarray, side: int, colors: dict) -> None:
    """Draw an image on the left of a mosaic, as high as that."""
    shown = _drawable(image[None])[0]
    shown = np.moveaxis(shown, 0, -1) if shown.ndim == 3 else shown
    right, bottom = ax.images[0].get_extent()[1:3]
    width = (bottom + 0.5) * shown.shape[1] / shown.shape[0]
    gap = max(1, 2 * round(side * MARGIN))
    left = -0.5 - gap - width
    ax.imshow(
        shown,
        interpolation="nearest",
        extent=(left, left + width, bottom, -0.5),
        zorder=0,
        **colors,
    )
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, -0.5)
