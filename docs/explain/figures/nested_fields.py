"""The receptive fields of VGG-16's layers, drawn on a photograph."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import patheffects
from matplotlib.patches import Rectangle
from skimage import data
from skimage.transform import resize

from cnnvis import save_figure

CONVOLUTIONS = (2, 2, 3, 3, 3)  # in each block; a pooling by two follows
COLOURS = ["#f5c710", "#56b4e9", "#f0a6ca", "#7fe0a8", "#ff9d5c"]

fields, field, jump = [], 1, 1
for block, convolutions in enumerate(CONVOLUTIONS, start=1):
    field += 2 * jump * convolutions
    fields.append((f"conv{block}_{convolutions}", field))
    field, jump = field + jump, 2 * jump

photo = data.chelsea()[:300, 90:390]
photo = resize(photo, (224, 224), anti_aliasing=True)
row, column = 104, 106  # between the eyes
fig, ax = plt.subplots(figsize=(5.8, 6.6), layout="constrained")
ax.imshow(np.clip(photo, 0, 1), interpolation="bilinear")
shadow = [patheffects.withStroke(linewidth=4, foreground="black")]
for (name, field), colour in zip(fields, COLOURS, strict=True):
    corner = (column - field / 2, row - field / 2)
    label = f"{name}: {field} pixels"
    box = Rectangle(corner, field, field, fc="none", ec=colour, lw=2.2, label=label)
    box.set_path_effects(shadow)
    ax.add_patch(box)
ax.set_title("How far one unit of VGG-16 sees")
ax.axis("off")
fig.legend(loc="outside lower center", ncols=2, fontsize=12, handlelength=1.2)
save_figure(
    fig,
    "nested_fields",
    "A photograph of a cat with five nested squares between its eyes: the receptive fields of "
    "VGG-16's blocks. "
    + "; ".join(f"{name} {field}" for name, field in fields)
    + " pixels wide, of 224.",
)
