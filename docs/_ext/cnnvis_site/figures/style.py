"""The state in which every tutorial starts: figure style, random numbers, threads."""

import os

from cycler import cycler

# Blue, vermilion, green, purple, sky blue and orange of Okabe and Ito: they can be told apart
# without full colour vision. Yellow is left out, as it fades on white.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"]

STYLE = {
    "axes.grid": False,
    "axes.prop_cycle": cycler(color=COLOURS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "figure.figsize": (8, 4.5),
    "figure.titlesize": 13,
    "font.size": 11,
    "image.cmap": "viridis",
    "image.interpolation": "nearest",
    "legend.fontsize": 10,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "savefig.facecolor": "white",
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
}


def reset(_gallery_conf, _script):
    """Apply the style and seed the generators; sphinx-gallery calls this before each script."""
    import matplotlib as mpl
    import numpy as np
    import torch

    mpl.rcParams.update(STYLE)
    np.random.seed(0)  # noqa: NPY002 (scripts may use the old interface too)
    torch.manual_seed(0)
    torch.set_num_threads(min(4, os.cpu_count() or 1))
