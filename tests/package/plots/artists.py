"""What a figure shows, read from its artists and its pixels."""

import math

import numpy as np

NAN = np.nan


def shown(ax):
    """The values behind the image, NaN where it is blank."""
    return np.ma.filled(ax.images[0].get_array().astype(float), NAN)


def pitch(total, side, count):
    return side if count == 1 else (total - side) // (count - 1)


def tiles(ax, count, height, width, columns=None):
    """The maps as they stand in the image, and the image without them."""
    image = shown(ax).copy()
    columns = min(columns or math.ceil(math.sqrt(count)), count)
    down = pitch(image.shape[0], height, math.ceil(count / columns))
    across = pitch(image.shape[1], width, columns)
    found = []
    for at in range(count):
        top, left = at // columns * down, at % columns * across
        place = np.s_[top : top + height, left : left + width]
        found.append(image[place].copy())
        image[place] = NAN
    return np.stack(found), image


def crosses(ax):
    """The ends of the lines across maps."""
    lines = [line for one in ax.collections for line in one.get_segments() if len(line) == 2]
    assert all((line[0] != line[1]).all() for line in lines), "each runs from corner to corner"
    return lines


def note(ax):
    return next((text.get_text() for text in ax.texts if "crossed out" in text.get_text()), "")


def texts(ax):
    return [text.get_text() for text in ax.texts if "crossed out" not in text.get_text()]


def pixels(ax):
    ax.figure.canvas.draw()
    return np.asarray(ax.figure.canvas.buffer_rgba())


def colour_at(ax, row, column):
    """The colour on the screen at a position of the image, red, green and blue from 0 to 1."""
    screen = pixels(ax)
    across, up = ax.transData.transform((column, row))
    return screen[len(screen) - 1 - int(up), int(across), :3] / 255


def bar(ax):
    """The axes of the colour bar, if there is one."""
    return ax.child_axes[0] if ax.child_axes else None


def ticks(bar):
    bar.figure.canvas.draw()
    return [label.get_text() for label in bar.get_yticklabels()]
