"""Transposed convolution along one axis: each input value stamps the kernel on the output."""

import matplotlib.pyplot as plt
import torch
from matplotlib.patches import Rectangle
from torch import nn

from cnnvis import save_figure

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]
INPUTS, STRIDE = len(COLOURS), 2


def panel(ax, k):
    """Draw the stamps of one kernel size; return how many fall on each output value."""
    layer = nn.ConvTranspose1d(1, 1, k, stride=STRIDE, bias=False)
    nn.init.ones_(layer.weight)
    counts = layer(torch.ones(1, 1, INPUTS)).flatten().int().tolist()
    for at, colour in enumerate(COLOURS):
        centre, row = STRIDE * at + k / 2, 3.1 - 0.75 * (at % 2)
        ax.add_patch(Rectangle((centre - 0.5, 4.6), 1, 1, fc=colour + "55", ec=colour, lw=2))
        ax.add_patch(Rectangle((STRIDE * at, row), k, 0.5, fc=colour + "55", ec=colour, lw=2))
        ax.plot([centre, centre], [4.55, row + 0.55], color=colour, lw=1.2)
    for at, count in enumerate(counts):
        shade = "#ffffff" if count == 1 else "#b9c6cc"
        ax.add_patch(Rectangle((at, 0.7), 1, 1, fc=shade, ec="#4a555e", lw=0.9))
        ax.text(at + 0.5, 1.17, str(count), ha="center", va="center", fontsize=12)
    for y, words in ((5.1, "input"), (2.95, "stamps"), (1.2, "output")):
        ax.text(-0.5, y, words, ha="right", va="center", fontsize=12)
    ax.set_title(f"k = {k}, s = {STRIDE}: {INPUTS} values → {len(counts)}", fontsize=12, pad=2)
    ax.set(xlim=(-2.4, 10.3), ylim=(0.5, 5.8), aspect="equal")
    ax.axis("off")
    return counts


fig, axes = plt.subplots(2, 1, figsize=(6.4, 5.9), layout="constrained")
three, four = (panel(ax, k) for ax, k in zip(axes, (3, 4), strict=True))
save_figure(
    fig,
    "transposed_stamps",
    f"{INPUTS} input values, each stamping a kernel on the output, {STRIDE} pixels apart. Kernels "
    f"of 3 overlap on every other pixel: {' '.join(map(str, three))} stamps. Kernels of 4 cover "
    f"the middle evenly: {' '.join(map(str, four))}.",
)
