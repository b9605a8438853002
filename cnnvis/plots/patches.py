"""The patches that drive a channel, close up, beside the image that it prefers."""

from typing import TYPE_CHECKING

import numpy as np
from torch import Tensor

from cnnvis.analysis.patches import Patches
from cnnvis.arrays import Array, as_array
from cnnvis.data.image_set import ImageSet
from cnnvis.plots.images import GREYS, as_images, draw_images
from cnnvis.plots.mosaic_axes import GAP, draw_boxes

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
        TypeError: If ``patches``, ``images``, ``channel`` or another argument is of the wrong kind.
        ValueError: If the layer has no such channel, ``margin`` is negative, a shape or a value
            doesn't fit, or the patches aren't of these images.

    Example:
        >>> found = top_patches(model, "relu3", images)["relu3"]
        >>> plot_patches(found, images, channel=7)
    """
    images = images.images if isinstance(images, ImageSet) else images
    _check(patches, images, channel, margin)
    beside = None if preferred is None else _as_preferred(preferred)
    found, boxes = as_images(images[patches.images[channel]]), patches.boxes[channel].numpy()
    windows, boxes = _windows(found, boxes, margin)
    ax, corners = draw_images(windows, columns, None, title, ax, fill=1.0)
    partly = np.ptp(boxes, axis=2).sum(axis=1) + 2 < sum(windows.shape[2:])
    if partly.any():
        draw_boxes(ax, boxes[partly], corners[partly], width=1.2)
    if beside is not None:
        _draw_beside(ax, beside[0], windows.shape[-1])
    return ax


def _check(patches: Patches, images: Tensor, channel: int, margin: int) -> None:
    if not isinstance(patches, Patches):
        raise TypeError(
            f"patches must be what top_patches found for a layer; got {type(patches).__name__}. "
            "Try top_patches(model, 'conv1', images)['conv1']."
        )
    if not isinstance(images, Tensor):
        raise TypeError(f"images must be an ImageSet or a tensor; got {type(images).__name__}.")
    if not isinstance(channel, int) or not isinstance(margin, int):
        raise TypeError(
            f"channel and margin must be whole numbers; got channel={channel!r} and "
            f"margin={margin!r}."
        )
    if not 0 <= channel < len(patches.values) or margin < 0:
        raise ValueError(
            f"channel must lie from 0 to {len(patches.values) - 1} and margin be 0 or more; got "
            f"channel={channel} and margin={margin}."
        )
    last = int(patches.images[channel].max())
    if len(images) <= last or tuple(images.shape[2:]) != tuple(patches.receptive_field.image):
        height, width = patches.receptive_field.image
        raise ValueError(
            f"the patches must be of these images, {tuple(images.shape)}; they are of images "
            f"of {height}×{width} pixels, image {last} among them."
        )


def _as_preferred(image: Array) -> np.ndarray:
    """The image, as an array (1, C, H, W)."""
    array = as_array(image, what="preferred")
    if array.ndim != 3:
        raise ValueError(
            f"preferred must be one image (C, H, W); got {array.shape}. Of what preferred_images "
            "returns choose one: preferred.images[0]."
        )
    return as_images(image[None])


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


def _draw_beside(ax: "Axes", image: np.ndarray, side: int) -> None:
    """Draw an image (C, H, W) on the left of a mosaic, as high as that."""
    shown = image[0] if len(image) == 1 else np.moveaxis(image, 0, -1)
    right, bottom = ax.images[0].get_extent()[1:3]
    width = (bottom + 0.5) * shown.shape[1] / shown.shape[0]
    gap = max(1, 2 * round(side * GAP))
    left = -0.5 - gap - width
    ax.imshow(
        shown,
        interpolation="nearest",
        extent=(left, left + width, bottom, -0.5),
        zorder=0,
        **GREYS,
    )
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, -0.5)
