"""
What does every layer put out?
==============================

Three convolutions, three ReLUs and three poolings stand between a digit and its name. Each of them
hands maps to the next, and any of them can be drawn. Here all nine are drawn in turn, for the same
five digits and the same eight filters, so that one can follow a picture through the network and
say, at every step, what was done to it.

After this page you can

* draw the outputs or the filters of any layer, for as many pictures and filters as you like,
* say what a convolution, a ReLU and a pooling do to the maps that they are given,
* read from a table how large the maps are, and how much of the picture one of their values sees.

In the glossary: `feature map <../../glossary.html#term-feature-map>`_, `receptive field
<../../glossary.html#term-receptive-field>`_, `ReLU <../../glossary.html#term-ReLU>`_, `pooling
<../../glossary.html#term-pooling>`_.
"""

# sphinx_gallery_thumbnail_number = 2

from copy import deepcopy
from textwrap import fill

import torch
from matplotlib import pyplot as plt
from torch import nn

from cnnvis import (
    capture,
    diagnose,
    evaluate,
    layer_table,
    load,
    load_pretrained,
    plot_images,
    plot_kernels,
    plot_maps,
    save_figure,
)

# %%
# Four choices
# ------------
#
# What is drawn follows from four choices. Download the script, change them, and run it again.

N_PICTURES = 5  # how many pictures go in
N_FILTERS = 8  # how many filters of a layer are drawn
LAYER = "conv2"  # which layer: conv1, relu1, pool1, conv2, … pool3
SHOW = "filters"  # what of it: "outputs" or "filters"

# %%
# A network, and its table of layers
# ----------------------------------
#
# The network was trained on MNIST's 60,000 digits and comes with the package. Its card says how it
# was made, and how well it reads digits that it has never seen.

network, card = load_pretrained("mnist")
test = load("mnist", "test")
print(fill(str(card), 80))
print(test.source)
accuracy = evaluate(network, test).accuracy
print(f"share of these test digits read right: {accuracy:.1%}")
assert accuracy > 0.9

# %%
# The table lists the layers in the order in which they run. The *receptive field* is the part of
# the picture that one value of the output can depend on. Each window that slides over the maps
# makes it wider, and behind a pooling each step of a window counts twice. (``squeeze`` brings the
# maps of larger pictures to 3×3 as well; with these it has nothing to do.)

firsts = [test.images[test.labels == label][:1] for label in range(len(test.classes))]
images = torch.cat(firsts)[:N_PICTURES] / 255
print(f"pictures: {tuple(images.shape)}, {images.dtype}, 0 to {images.max():.0f}")
table = layer_table(network, images)
sides = [layer.receptive_field.size[0] for layer in table]
assert sides == sorted(sides)
table

# %%
# One pass, everything recorded
# -----------------------------
#
# `capture` with no names records every layer. One function draws outputs: a row for each picture, a
# column for each filter, and the pictures themselves at the left. Another draws filters; what isn't
# a convolution it hands over whole, and `plot_kernels` says what is wrong with that.

with capture(network) as outputs:
    network(images)


def draw_outputs(layer):
    maps = outputs[layer][:, :N_FILTERS]
    height, width = maps.shape[2:]
    large = maps.repeat_interleave(28 // height, 2).repeat_interleave(28 // width, 3)
    figure, (left, right) = plt.subplots(
        *(1, 2), figsize=(8, 0.6 + 0.8 * len(maps)), width_ratios=(1, 9), layout="constrained"
    )
    plot_images(images, columns=1, labels=["input"] + [""] * (len(maps) - 1), ax=left)
    names = [str(number) for number in range(maps.shape[1])]
    plot_maps(large, labels=names, title=f"{layer}: maps of {height}×{width} values", ax=right)
    left.set_anchor("E")
    right.set_anchor("W")
    return figure


def draw_filters(layer):
    module = network.get_submodule(layer)
    kernels = module.weight[:N_FILTERS] if isinstance(module, nn.Conv2d) else module
    return plot_kernels(kernels, columns=N_FILTERS, title=f"filters of {layer}").figure


# %%
# This is what the four choices at the top ask for:

figure = {"outputs": draw_outputs, "filters": draw_filters}[SHOW](LAYER)
weight = network.conv2.weight.detach()
save_figure(
    figure,
    "your_choice",
    f"{SHOW.capitalize()} of {LAYER}. The weights of conv2 reach from {weight.min():.2f} to "
    f"{weight.max():.2f}; {(weight < 0).float().mean():.0%} of them are negative.",
)

# %%
# Each row is a filter of ``conv2``, and each column the map of the layer before that it reads.
#
# The first stage
# ---------------
#
# Predict, before you look: ``conv1`` has just multiplied and added. Will its maps be brighter or
# darker than nothing? And what will be left of them behind the ReLU?


def save_outputs(layer):
    maps = outputs[layer][:, :N_FILTERS]
    strength = maps.clamp(min=0).mean(dim=(0, 2, 3))
    blank = sum(word != "" for word in diagnose(maps.flatten(0, 1)))
    save_figure(
        draw_outputs(layer),
        f"outputs_{layer}",
        f"Outputs of {layer} for {len(maps)} digits (rows) and {maps.shape[1]} filters (columns). "
        f"Filter {strength.argmax()} answers most; {blank} of the {len(maps) * maps.shape[1]} maps "
        f"are blank, and {(maps == 0).float().mean():.0%} of all values are zero.",
    )


for layer in ("conv1", "relu1", "pool1"):
    save_outputs(layer)

# %%
# Both: a filter responds with a positive number where the patch looks like it, and with a negative
# one where it looks like its negative. Red and blue stand for the two. The ReLU keeps what was red
# and turns all blue into zero; without a sign another scale is used, dark for zero. The pooling
# keeps the highest of every four values, so that the maps halve.

below = (outputs["conv1"] < 0).float().mean().item()
mean_before, mean_after = outputs["relu1"].mean().item(), outputs["pool1"].mean().item()
print(f"negative behind conv1: {below:.0%} of the values; behind relu1: none")
print(f"mean behind relu1 {mean_before:.3f}, behind pool1 {mean_after:.3f}")
assert torch.equal(outputs["relu1"], outputs["conv1"].clamp(min=0))
assert 0.2 < below < 0.8
assert mean_after > 1.1 * mean_before

# %%
# The second stage
# ----------------

for layer in ("conv2", "relu2", "pool2"):
    save_outputs(layer)

# %%
# A filter of ``conv2`` reads all the maps of the first stage at once. Strokes are still there. Look
# at one row: which parts of the digit does each map show?
#
# The third stage
# ---------------

for layer in ("conv3", "relu3", "pool3"):
    save_outputs(layer)

# %%
# By now a map has 7×7 values, and 3×3 after the pooling, each of which has seen `much of the digit
# <../../explorer/index.html#digit=3&cell=conv3-0-3-3>`_. But look at the numbers: windows of two
# fit three times into seven, and one row and one column are left over. What becomes of them?

before, after = outputs["relu3"], outputs["pool3"]
lost = before.amax(dim=(2, 3)) > after.amax(dim=(2, 3))
count, most = lost.sum().item(), (before.amax(dim=(2, 3)) - after.amax(dim=(2, 3))).flatten()
four = most.argsort(descending=True)[:4]
figure, (above, below_it) = plt.subplots(2, 1, figsize=(7, 4.6), layout="constrained")
top = before.flatten(0, 1)[four].max().item()
labels = [f"digit {at // before.shape[1]}, filter {at % before.shape[1]}" for at in four.tolist()]
maps = before.flatten(0, 1)[four]
read = maps.clone()
read[:, 6:], read[:, :, 6:] = torch.nan, torch.nan
for ax, (title, some) in zip(
    (above, below_it), {"relu3": maps, "what pool3 reads of it": read.nan_to_num(0)}.items()
):
    plot_maps(some, columns=4, scale=(0, top), labels=labels, title=title, ax=ax)
save_figure(
    figure,
    "never_read",
    "Four maps of relu3 whose highest value lies in the last row or column; below, those set to "
    f"zero, since pool3 never reads them. Of this page's {lost.numel()} maps {count} lose their "
    "highest value so.",
)
altered = before.clone()
altered[:, :, 6], altered[:, :, :, 6] = 99, 99
rest = nn.Sequential(network.pool3, network.squeeze, nn.Flatten(), network.fc)
assert torch.equal(rest(altered), rest(before))
print(f"{count} of {lost.numel()} maps of relu3 lose their highest value in pool3")
assert count > 0.1 * lost.numel()
for number in (1, 2):  # where the sides are even, nothing is left over
    pair = (outputs[f"{kind}{number}"].amax(dim=(2, 3)) for kind in ("relu", "pool"))
    assert torch.equal(*pair)

# %%
# The last row and the last column are never read: put any number there, and the answer stays the
# same. So a peak that lies there is lost, however high. Nobody wanted that; it comes from 28 being
# halved twice. (The layer before could be padded, or the pooling told ``ceil_mode=True``.) In the
# first two stages the sides are even, and every peak is kept.
#
# One can hardly read the digit from a map of the last stage. What has changed on the way, in
# numbers:

print("layer   shape of the maps   lowest  highest  zeros  blank maps")
for layer, maps in list(outputs.items())[:9]:
    blank = sum(word != "" for word in diagnose(maps.flatten(0, 1)))
    shape = f"{maps.shape[1]} of {maps.shape[2]}×{maps.shape[3]}"
    zeros = (maps == 0).float().mean().item()
    of_all = f"{blank} of {maps.shape[0] * maps.shape[1]}"
    print(f"{layer}   {shape:17}  {maps.min():7.2f}  {maps.max():7.2f}  {zeros:5.0%}  {of_all:>10}")

# %%
# The filters
# -----------
#
# The outputs are made by the filters. Those of ``conv1`` have one kernel each, since a grey picture
# has one channel; those of the deeper layers have one for every map that they read.

for layer in ("conv1", "conv2", "conv3"):
    weight = network.get_submodule(layer).weight.detach()
    spread = weight.flatten(1).norm(dim=1)
    save_figure(
        draw_filters(layer),
        f"filters_{layer}",
        f"The first {len(weight[:N_FILTERS])} of {len(weight)} filters of {layer}, one after "
        "the other, red above zero and blue below. "
        f"Of all, filter {spread.argmax()} has the largest weights.",
    )

# %%
# And what if somebody asks for the filters of a ReLU? It has none: it changes each number by itself
# and has nothing to learn. Rather than fail in the depths of a library, `plot_kernels` says so.

try:
    draw_filters("relu1")
except ValueError as error:
    print(fill(str(error), 80))
else:
    raise AssertionError("a ReLU has no filters")
assert not list(network.relu1.parameters())

# %%
# What we learned
# ---------------
#
# * A convolution mixes the maps below it; its output has both signs.
# * A ReLU erases what is negative, and learns nothing.
# * A max pooling halves the maps and keeps the highest value of each window; what no longer fills a
#   window is never read.
# * The deeper the layer, the smaller its maps, and the more of the picture each value has seen.
#
# **Limits.** Five images and eight filters are a sample of a sample. The eight are the first, not
# the finest; others may look different. What looks like "an edge detector" here is put to the test
# in the next tutorial.
#
# **Ethics.** Grids like these are easy to make and hard to read, and it is tempting to show the
# cell that fits the story. Say how the cells were chosen, or show them all.
#
# Exercise
# --------
#
# Does the number of a filter mean anything? Turn the filters of ``conv2`` round, the first to the
# last place and so on. How many digits does the network still read? And can you mend it by changing
# ``conv3`` alone, without training?
#
# Answer: turned round, the network loses its way, for each filter of ``conv3`` reads its maps by
# their numbers. Turn the input channels of ``conv3`` round as well, and all is as before. So the
# numbers are mere names: filter 3 of one training has nothing to do with filter 3 of another.

turned = deepcopy(network)
with torch.no_grad():
    turned.conv2.weight.copy_(network.conv2.weight.flip(0))
    turned.conv2.bias.copy_(network.conv2.bias.flip(0))
    blind = evaluate(turned, test).accuracy
    turned.conv3.weight.copy_(network.conv3.weight.flip(1))
mended = evaluate(turned, test).accuracy
print(f"as trained {accuracy:.1%}, conv2 turned round {blind:.1%}, conv3 as well {mended:.1%}")
assert blind < accuracy - 0.25
assert abs(mended - accuracy) < 0.001

# %%
# Where to go next
# ----------------
#
# `What does a filter do? <plot_20_roles.html>`_ measures what single filters answer to. `What
# becomes of a garment, layer by layer? <../4_hierarchy/plot_10_clothes.html>`_ follows clothes
# through a wider network of the same build. How `capture` works is shown in `What do learned
# filters look like? <../2_learned_filters/plot_20_filters.html>`_.
#
# References
# ----------
#
# * V. Dumoulin and F. Visin (2016). `A guide to convolution arithmetic for deep learning
#   <https://arxiv.org/abs/1603.07285>`_: sizes of maps and receptive fields.
# * V. Nair and G. E. Hinton (2010). `Rectified linear units improve restricted Boltzmann machines
#   <https://icml.cc/Conferences/2010/papers/432.pdf>`_.
# * M. D. Zeiler and R. Fergus (2014). `Visualizing and understanding convolutional networks
#   <https://doi.org/10.1007/978-3-319-10590-1_53>`_.
# * Y. LeCun, C. Cortes and C. Burges. `The MNIST database of handwritten digits
#   <http://yann.lecun.com/exdb/mnist/>`_.
