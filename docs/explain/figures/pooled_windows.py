"""Three poolings of one small image: the largest of 2×2, the mean of 2×2, overlapping windows."""

import matplotlib.pyplot as plt
import torch
from matplotlib.patches import Rectangle
from torch import nn

from cnnvis import save_figure

FIRST, LAST = "#0072b2", "#d55e00"
INPUT = torch.tensor(
    [
        [0, 1, 7, 9, 6, 0],
        [1, 8, 3, 0, 4, 8],
        [6, 4, 0, 0, 0, 9],
        [9, 0, 0, 0, 2, 9],
        [5, 5, 0, 1, 8, 3],
        [0, 7, 9, 9, 4, 0],
    ]
)
CASES = {
    "largest of 2×2, stride 2": nn.MaxPool2d(2),
    "mean of 2×2, stride 2": nn.AvgPool2d(2),
    "largest of 3×3, stride 2": nn.MaxPool2d(3, 2),
    "largest of 3×3, stride 3": nn.MaxPool2d(3),
}


def board(ax, values, right, down):
    """Write a grid of values, its upper left corner at (right, -down)."""
    for y, row in enumerate(values.tolist()):
        for x, value in enumerate(row):
            corner = (right + x, -down - y - 1)
            ax.add_patch(Rectangle(corner, 1, 1, fc="#e4eaec", ec="#6b7780", lw=0.8))
            text = f"{value:g}" if value == int(value) else f"{value:.2f}".rstrip("0")
            ax.text(right + x + 0.5, -down - y - 0.5, text, ha="center", va="center", fontsize=9)


def panel(ax, title, layer):
    """Draw input and output, with the first and the last window; return the output."""
    output = layer(INPUT[None].float())[0]
    size, stride, down = layer.kernel_size, layer.stride, (6 - len(output)) / 2
    board(ax, INPUT, 0, 0)
    board(ax, output, 8, down)
    for colour, at in ((FIRST, 0), (LAST, len(output) - 1)):
        for x, y, side in ((at * stride, at * stride, size), (8 + at, down + at, 1)):
            corner = (x, -y - side)
            box = Rectangle(corner, side, side, fc=colour + "33", ec=colour, lw=2.5, zorder=4)
            ax.add_patch(box)
    arrow = {"arrowstyle": "-|>", "lw": 1.5, "color": "#4a555e"}
    ax.annotate("", (7.7, -3), (6.3, -3), arrowprops=arrow)
    ax.set_title(f"{title}: 6×6 → {len(output)}×{len(output)}", fontsize=11, pad=4)
    ax.set(xlim=(-0.2, 11.2), ylim=(-6.2, 0.2), aspect="equal")
    ax.axis("off")
    return output


fig, axes = plt.subplots(2, 2, figsize=(6.6, 4.4), layout="constrained")
found = [panel(ax, *case) for ax, case in zip(axes.flat, CASES.items(), strict=True)]
save_figure(
    fig,
    "pooled_windows",
    f"Four poolings of 6×6 pixels. The first window gives {found[0][0, 0]:.0f} as its largest "
    f"value and {found[1][0, 0]:.1f} as its mean. Windows of 3 with stride 2 overlap and give "
    f"{len(found[2])}×{len(found[2])} values, with stride 3 as many without overlap.",
)
