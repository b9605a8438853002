"""Four convolutions on small grids: plain, with padding, with a stride, with dilation."""

import matplotlib.pyplot as plt
import torch
from matplotlib.patches import Rectangle
from torch import nn

from cnnvis import save_figure

FIRST, LAST = "#0072b2", "#d55e00"
CASES = [
    ("plain", {"i": 5, "k": 3}),
    ("with padding", {"i": 5, "k": 3, "p": 1}),
    ("with a stride", {"i": 5, "k": 3, "s": 2}),
    ("with dilation", {"i": 5, "k": 3, "p": 1, "d": 2}),
]


def cell(ax, x, y, *, face="white", edge="#6b7780", style="-", width=0.8, above=1):
    """Draw one square, the lower left corner at (x, -y - 1)."""
    box = Rectangle((x, -y - 1), 1, 1, fc=face, ec=edge, ls=style, lw=width, zorder=above)
    ax.add_patch(box)


def panel(ax, title, i, k, s=1, p=0, d=1):
    """Draw input and output of a layer, with its first and its last window; return the size."""
    layer = nn.Conv2d(1, 1, k, stride=s, padding=p, dilation=d)
    o = layer(torch.zeros(1, 1, i, i)).shape[-1]
    padded = i + 2 * p
    for y in range(padded):
        for x in range(padded):
            inside = p <= x < p + i and p <= y < p + i
            face, style = ("#e4eaec", "-") if inside else ("white", (0, (2, 2)))
            cell(ax, x, y, face=face, style=style)
    right, down = padded + 2, (padded - o) / 2
    for y in range(o):
        for x in range(o):
            cell(ax, right + x, down + y, face="#e4eaec")
    for colour, at in ((FIRST, 0), (LAST, o - 1)):
        cell(ax, right + at, down + at, face=colour, above=3)
        for y in range(k):
            for x in range(k):
                cell(ax, at * s + x * d, at * s + y * d, face=colour + "55", above=2)
        span = d * (k - 1) + 1
        corner = (at * s, -at * s - span)
        ax.add_patch(Rectangle(corner, span, span, fc="none", ec=colour, lw=2.5, zorder=4))
    middle = -padded / 2
    arrow = {"arrowstyle": "-|>", "lw": 1.5, "color": "#4a555e"}
    ax.annotate("", (right - 0.35, middle), (padded + 0.35, middle), arrowprops=arrow)
    settings = ", ".join(
        f"{name} = {value}" for name, value in {"k": k, "s": s, "p": p, "d": d}.items()
    )
    ax.set_title(f"{title}: {i}×{i} → {o}×{o}\n{settings}", fontsize=12, pad=4)
    ax.set(xlim=(-0.2, 14.2), ylim=(-7.4, 0.4), aspect="equal")
    ax.axis("off")
    return o


fig, axes = plt.subplots(2, 2, figsize=(6.6, 5), layout="constrained")
sizes = [panel(ax, title, **case) for ax, (title, case) in zip(axes.flat, CASES, strict=True)]
save_figure(
    fig,
    "sliding_window",
    "A window of 3×3 weights on an image of 5×5 pixels, four times. Plain, the output is "
    f"{sizes[0]} wide; with padding 1, {sizes[1]}; with stride 2, {sizes[2]}; with dilation 2 and "
    f"padding 1, {sizes[3]}. The first and the last window are marked.",
)
