"""From pixels to a map, with every number written out."""

import matplotlib.pyplot as plt
import torch
from matplotlib.patches import Rectangle
from sklearn.datasets import load_digits
from torch.nn import functional as F

from cnnvis import save_figure

COLOUR = "#d55e00"
ROW, COLUMN = 1, 2

digit = torch.tensor(load_digits().images[0], dtype=torch.float32)
kernel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
before = F.conv2d(digit[None, None], kernel[None, None])[0, 0]
after = before.relu()


def said(value):
    """Write a whole number, with a proper minus sign."""
    return f"{value:.0f}".replace("-", "−")


def grid(ax, values, title, size=10.5, **colours):
    """Draw a grid of numbers on coloured cells."""
    image = ax.imshow(values.numpy(), **colours)
    for (row, column), value in zip(
        torch.cartesian_prod(*map(torch.arange, values.shape)).tolist(),
        values.flatten().tolist(),
        strict=True,
    ):
        red, green, blue, _ = image.cmap(image.norm(value))
        dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
        colour = "w" if dark else "k"
        ax.text(column, row, said(value), ha="center", va="center", size=size, color=colour)
    ax.set(xticks=(), yticks=())
    ax.spines[:].set_visible(False)
    ax.set_title(title, fontsize=12)


def mark(ax, row, column, size):
    """Outline a square of cells."""
    corner = (column - 0.5, row - 0.5)
    ax.add_patch(Rectangle(corner, size, size, fc="none", ec=COLOUR, lw=3, clip_on=False))


fig, axes = plt.subplots(2, 2, figsize=(7.2, 7.8), layout="constrained")
fig.get_layout_engine().set(hspace=0.04, wspace=0.04)
limit = before.abs().max().item()
grid(axes[0, 0], digit, "image: 8×8 pixels", cmap="gray", vmin=0, vmax=16)
grid(axes[0, 1], kernel, "filter: 3×3 weights, bias 0", size=15, cmap="RdBu_r", vmin=-2, vmax=2)
signed = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit}
grid(axes[1, 0], before, "feature map before the ReLU", **signed)
grid(axes[1, 1], after, "feature map after the ReLU", cmap="viridis", vmin=0, vmax=limit)
mark(axes[0, 0], ROW, COLUMN, 3)
for ax in axes[1]:
    mark(ax, ROW, COLUMN, 1)
negative = int((before < 0).sum())
save_figure(
    fig,
    "one_number",
    "A digit of 8×8 pixels, a filter of 3×3 weights, and the 6×6 map before and after a ReLU, all "
    f"as numbers. One window and its result, {said(before[ROW, COLUMN])}, are outlined; {negative} "
    "of 36 values are negative and become 0.",
)
