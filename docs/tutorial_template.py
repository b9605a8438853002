"""
Does it matter whether the ReLU or the pooling comes first?
===========================================================

Most networks set the negative values of a map to zero first, and make the map smaller afterwards.
The other way round the ReLU would have a quarter of the work. Is that the same? We swap the two in
a trained network's first layer, and look.

After this page you can

* say for which pooling the order makes no difference, and why,
* read off a map what the swap does to it,
* tell which other activation functions can be swapped.

In the glossary: `ReLU <../../glossary.html#term-ReLU>`_, `pooling
<../../glossary.html#term-pooling>`_, `feature map <../../glossary.html#term-feature-map>`_.
"""

import torch
import torch.nn.functional as F
from matplotlib import pyplot as plt

from cnnvis import load, load_pretrained, plot_maps, save_figure

# %%
# Maps to swap with
# -----------------
#
# One digit and what the first convolution of the trained network makes of it, before any ReLU. The
# next lines say which images they are, and the shapes, types and ranges of what we work with.

digits = load("mnist", "test")
network, _ = load_pretrained("mnist")
batch = digits.images[:1] / 255
with torch.no_grad():
    raw = network.conv1(batch)
print(digits.source)
print(f"image {tuple(batch.shape)}, from {batch.min():.2f} to {batch.max():.2f}")
print(f"maps {tuple(raw.shape)}, {raw.dtype}, from {raw.min():.2f} to {raw.max():.2f}")
print(f"{(raw < 0).float().mean():.0%} of the values are negative")

# %%
# Both orders
# -----------
#
# A window of 2×2 values, by its largest value and by its mean. Before you look at the printed
# numbers, predict: for which of the two poolings do the orders differ?

poolings = {"max": F.max_pool2d, "average": F.avg_pool2d}
changed = {}
for name, pool in poolings.items():
    relu_first, pooling_first = pool(F.relu(raw), 2), F.relu(pool(raw, 2))
    changed[name] = (~torch.isclose(relu_first, pooling_first)).float().mean().item()
    print(f"{name:8} {changed[name]:4.0%} of the values differ between the orders")

assert changed["max"] == 0 < changed["average"]
assert (pooling_first <= relu_first + 1e-6).all()

# %%
# For max pooling the order is free. The ReLU never turns a smaller value into the larger one, so
# the largest value of a window stays the largest, and what becomes of it doesn't depend on when.
# For average pooling it isn't: where a window holds values of both signs, the negative ones pull
# the mean down before the ReLU can remove them. The values can only become smaller.

channel = (relu_first - pooling_first).mean(dim=(0, 2, 3)).argmax().item()
rows = {
    "ReLU, then average": relu_first[0, channel],
    "average, then ReLU": pooling_first[0, channel],
    "what is lost": (relu_first - pooling_first)[0, channel],
}
top = relu_first[0, channel].max().item()
figure, axes = plt.subplots(1, 3, figsize=(8, 3), layout="constrained")
for axis, (title, values) in zip(axes, rows.items()):
    bar = axis is axes[-1]
    plot_maps(values[None], scale=(0, top), title=title, colorbar=bar, ax=axis)
lost = (1 - rows["average, then ReLU"].sum() / rows["ReLU, then average"].sum()).item()
save_figure(
    figure,
    "two_orders",
    f"Channel {channel} of a digit, averaged after the ReLU, averaged before it, and the "
    f"difference, on one scale. Averaging first loses {lost:.0%} of what the map adds up to.",
)

# %%
# What we learned
# ---------------
#
# * ReLU and max pooling can be swapped: the result is the same, and pooling first is less work.
# * ReLU and average pooling can't: averaging first weakens a map wherever its signs are mixed.
#
# **Limits.** One layer and one digit. How much the average loses depends on the image; that max
# pooling loses nothing follows from what the two do, for any image.
#
# **Ethics.** Two networks with the same layers in another order may have the same name. Who
# describes a network owes its readers the order too.
#
# Exercise
# --------
#
# Which other activation functions can change places with max pooling: leaky ReLU, tanh, the
# absolute value? Guess before you run it.
#
# Answer: those that never fall as their input grows. Below zero, the absolute value does.

functions = {"leaky ReLU": F.leaky_relu, "tanh": torch.tanh, "absolute value": torch.abs}
for name, function in functions.items():
    same = torch.equal(F.max_pool2d(function(raw), 2), function(F.max_pool2d(raw, 2)))
    print(f"{name:15} {'can' if same else 'cannot'} be swapped with max pooling")
    assert same == (name != "absolute value")

# %%
# Where to go next
# ----------------
#
# `What does pooling keep, and what does it lose?
# <../1_building_blocks/plot_20_pooling.html>`_ measures what is left after either pooling.
#
# References
# ----------
#
# * Y.-L. Boureau, J. Ponce and Y. LeCun (2010). `A theoretical analysis of feature pooling in
#   visual recognition <https://icml.cc/Conferences/2010/papers/638.pdf>`_.
