"""What one unit sees, followed down through a stack of layers along one axis."""

import matplotlib.pyplot as plt
from matplotlib.patches import Polygon

from cnnvis import save_figure

LAYERS = [("conv1", 3, 1, 1), ("pool1", 2, 2, 0), ("conv2", 3, 1, 1), ("pool2", 2, 2, 0)]
PIXELS, UNIT = 16, 1
COLOUR = "#0072b2"

grids, field, jump, start = [("input", 1, 1, 0, PIXELS)], 1, 1, 0
for name, k, s, p in LAYERS:
    field, start, jump = field + (k - 1) * jump, start - p * jump, jump * s
    units = (grids[-1][4] + 2 * p - k) // s + 1
    grids.append((name, field, jump, start, units))

fig, ax = plt.subplots(figsize=(7.2, 4.6), layout="constrained")
seen = {UNIT}
for level in range(len(grids) - 1, -1, -1):
    name, field, jump, start, units = grids[level]
    at = [start + (field - 1) / 2 + unit * jump for unit in range(units)]
    colours = [COLOUR if unit in seen else "#dfe6e8" for unit in range(units)]
    ax.scatter(at, [level] * units, s=150, c=colours, marker="s", ec="#4a555e", lw=0.8, zorder=3)
    ax.text(-1.2, level, name, ha="right", va="center", fontsize=12)
    words = f"r = {field}, j = {jump}"
    ax.text(PIXELS + 0.2, level, words, ha="left", va="center", fontsize=12)
    if level:
        _, k, s, p = LAYERS[level - 1]
        _, below_field, below_jump, below_start, below_units = grids[level - 1]
        reached = {unit * s - p + tap for unit in seen for tap in range(k)}
        for unit in seen:
            first, last = (
                below_start + (below_field - 1) / 2 + below_jump * (unit * s - p + tap)
                for tap in (0, k - 1)
            )
            wedge = [(at[unit], level), (first, level - 1), (last, level - 1)]
            ax.add_patch(Polygon(wedge, fc=COLOUR, alpha=0.16, lw=0))
        seen = {unit for unit in reached if 0 <= unit < below_units}
pixels = len(seen)
ax.set(xlim=(-3.4, PIXELS + 4.2), ylim=(-0.5, len(grids) - 0.5))
ax.set_title(f"One unit of {name if level else LAYERS[-1][0]} and all that it depends on")
ax.axis("off")
assert pixels == grids[-1][1]
save_figure(
    fig,
    "growing_field",
    f"An axis of {PIXELS} pixels and, above it, the units of {', '.join(n for n, *_ in LAYERS)}. "
    f"The units below one unit of {LAYERS[-1][0]} are marked: they spread downwards to {pixels} "
    "neighbouring pixels of the input.",
)
