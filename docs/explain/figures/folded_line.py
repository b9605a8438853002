"""Depth multiplies: a fold of the line applied again and again."""

import matplotlib.pyplot as plt
import torch

from cnnvis import save_figure


def fold(x):
    """Go up over the first half and down over the second: two ReLUs."""
    return 2 * torch.relu(x) - 4 * torch.relu(x - 0.5)


x = torch.linspace(0, 1, 1025, dtype=torch.double)
fig, axes = plt.subplots(1, 4, figsize=(7.2, 2.5), sharey=True, layout="constrained")
y, pieces = x, []
for depth, ax in enumerate(axes, start=1):
    y = fold(y)
    slopes = y.diff() / x.diff()
    pieces.append(1 + int((slopes.diff().abs() > 1e-6).sum()))
    ax.plot(x, y)
    ax.set_title(f"{depth} layer{'s' if depth > 1 else ''}\n{pieces[-1]} pieces", fontsize=12)
    ax.set(xticks=(0, 1), yticks=(0, 1), xlabel="x")
save_figure(
    fig,
    "folded_line",
    "The same fold of two ReLUs applied one to four times. The line has "
    f"{', '.join(map(str, pieces[:-1]))} and {pieces[-1]} straight pieces: their number doubles "
    "with each layer, while the ReLUs grow by two.",
)
