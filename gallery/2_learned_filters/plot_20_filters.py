"""
What do learned filters look like?
==================================

A network that reads digits has learned filters that nobody wrote. They are small tables of numbers,
and can simply be drawn: before training, after it, and beside the maps that they make of a picture.
The maps have to be caught while the network runs, since it throws them away at once. PyTorch's tool
for that is the *hook*, and this page shows how a hook works, how it goes wrong, and how `capture`
puts it right.

After this page you can

* draw the filters of any convolution on a scale that doesn't mislead,
* catch the output of any layer with a hook, and take the hook off again,
* say what can and what can't be read off a filter.

In the glossary: `filter <../../glossary.html#term-filter>`_, `hook
<../../glossary.html#term-hook>`_, `activation <../../glossary.html#term-activation>`_, `ReLU
<../../glossary.html#term-ReLU>`_.
"""

# sphinx_gallery_thumbnail_number = 3

from copy import deepcopy
from textwrap import fill

import torch
from matplotlib import pyplot as plt
from torch import nn

from cnnvis import (
    SmallCNN,
    Spread,
    capture,
    diagnose,
    evaluate,
    filter_roles,
    load,
    load_pretrained,
    map_correlation,
    plot_images,
    plot_kernels,
    plot_maps,
    save_figure,
)

# %%
# A trained network, and its beginning
# ------------------------------------
#
# This network comes with the package, with a card that says how it was made. Its beginning, the
# random weights from which the training set out, is drawn anew from the seed.

network, card = load_pretrained("mnist")
untrained = card.untrained()
test = load("mnist", "test")
print(fill(str(card), 80))
print(test.source)
start, end = (evaluate(one, test).accuracy for one in (untrained, network))
print(f"accuracy on these test pictures: {start:.1%} before training, {end:.1%} after")
assert end > 0.9

# %%
# The filters of the first layer
# ------------------------------
#
# The weight of ``conv1`` has the shape (filters, input channels, height, width). Guess before you
# look: will the trained filters be as tidy as the edge detectors that we wrote by hand?

before, after = untrained.conv1.weight.detach(), network.conv1.weight.detach()
print(f"conv1.weight: shape {tuple(after.shape)}, {after.dtype}, ", end="")
print(
    f"from {after.min():.2f} to {after.max():.2f}; "
    f"before training from {before.min():.2f} to {before.max():.2f}"
)

names = [str(at) for at in range(len(after))]
figure, panels = plt.subplots(2, 1, figsize=(8, 2.9), layout="constrained")
for axes, kernels, title in zip(panels, (before, after), ("before training", "after training")):
    plot_kernels(kernels, scale="map", labels=names, columns=len(after), title=title, ax=axes)
kept = torch.cosine_similarity(before.flatten(1), after.flatten(1))
save_figure(
    figure,
    "conv1_filters",
    f"The {len(after)} filters of conv1 before and after training, red above zero, each on a scale "
    f"of its own. Filter {kept.argmax()} kept most of its pattern, cosine "
    f"{kept.max():.2f}; filter {kept.argmin()} least, {kept.min():.2f}.",
)

# %%
# Each filter has a scale of its own, so compare patterns, not strengths. (How strong a learned
# filter is means little by itself: the next layer can make up for any factor, and in this network
# the normalization that helped the training was folded into the filters.) How much of its random
# pattern a filter has kept is the cosine of the angle between the two: 1 if all, 0 if nothing. Nine
# numbers are few, so unrelated filters also have cosines, of about a third in size. The control:
# ten thousand other random starts.

torch.manual_seed(0)
others = torch.randn(10_000, *before.shape).flatten(2)
by_chance = torch.cosine_similarity(others, after.flatten(1)[None], dim=2)
rare = (by_chance.mean(dim=1) >= kept.mean()).float().mean()
print("cosine with the beginning:", [round(value, 2) for value in kept.tolist()])
print(f"mean {kept.mean():.2f}; with other random starts {by_chance.mean():.2f}, ", end="")
print(f"single ones ± {by_chance.std():.2f}; a mean as high in {rare:.2%} of them")
assert 0.3 < by_chance.std() < 0.37
assert rare < 0.01
assert kept.mean() > 0.25
assert (kept > 0.25).float().mean() > 0.5
roles = filter_roles(network.conv1).shares()
print("roles:", {role: f"{share:.0%}" for role, share in roles.items()})
assert roles["none"] >= 0.5

# %%
# The learned filters are not tidy. As a group they still carry a trace of the random patterns from
# which they set out; of a single filter chance might say as much. Half of them have no name, by `a
# measurement <../3_layer_maps/plot_20_roles.html>`_ that the next part explains. `How do filters
# come to be? <plot_30_how_filters_come_to_be.html>`_ watches it happen.
#
# The kernels of the second layer
# -------------------------------
#
# A filter of ``conv2`` has one kernel for *each* map of the layer before. In the picture each row
# is a filter, and each column the map of conv1 that it reads.

second = network.conv2.weight.detach()
print(f"conv2.weight: shape {tuple(second.shape)}")
axes = plot_kernels(second[:8], title="eight filters of conv2")
share = second.square().sum(dim=(0, 2, 3)) / second.square().sum()
save_figure(
    axes.figure,
    "conv2_kernels",
    f"Kernels of conv2: eight filters by {second.shape[1]} input channels. Over all {len(second)} "
    f"filters, channel {share.argmax()} weighs most, {share.max():.0%} of the squared weights.",
)

# %%
# A hook in ten lines
# -------------------
#
# Which maps do these filters make of a digit? A module calls its *forward hooks* whenever it has
# run, with itself, its input and its output. So a hook can put the output somewhere.

number = 2
digit = test.images[test.labels == number][:1] / 255
caught = {}


def keep(module, inputs, output):
    caught["conv1"] = output.detach()


handle = network.conv1.register_forward_hook(keep)
network(digit)
print("caught:", tuple(caught["conv1"].shape))

# %%
# That works, and has two traps. The hook stays on the network until somebody takes it off, and it
# goes on keeping maps in memory. And what it keeps is the *very* tensor that the network goes on
# working with: if the next layer works in place, as many ReLUs do, it overwrites our copy.

print("hooks still on conv1:", len(network.conv1._forward_hooks))
handle.remove()

in_place = nn.Sequential(deepcopy(network.conv1), nn.ReLU(inplace=True))
in_place[0].register_forward_hook(keep)
in_place(digit)
with capture(in_place, ["0"]) as maps:
    in_place(digit)
print(f"naive hook: lowest value {caught['conv1'].min():.2f}; capture: {maps['0'].min():.2f}")
assert caught["conv1"].min() == 0 > maps["0"].min()

# %%
# The naive hook tells us that a convolution never gives a negative value. It does; the ReLU erased
# them. `capture` copies what it records and takes its hooks off when the block ends, also if the
# network fails half-way.

with capture(network, ["conv1", "conv2"]) as maps:
    logits = network(digit)
print({name: tuple(one.shape) for name, one in maps.items()})
print(f"hooks left on conv1: {len(network.conv1._forward_hooks)}")
assert not network.conv1._forward_hooks
print(f"the network reads the digit as {logits.argmax()}; it is a {number}")

# %%
# Feature maps of the first layer
# -------------------------------

first = maps["conv1"][0]
axes = plot_maps(first, columns=8, labels=names)
positive = (first > 0).float().mean(dim=(1, 2))
save_figure(
    axes.figure,
    "featuremaps_conv1",
    f"A handwritten {number} as seen by the {len(first)} filters of conv1: red where the "
    "patch fits the filter, blue where it fits the negative. Map "
    f"{first.amax(dim=(1, 2)).argmax()} reaches the highest value.",
)

# %%
# Compare each map with the digit. `The explorer <../../explorer/index.html#digit=7>`_ runs this
# very network in your browser: draw, and its maps follow the pen. Beside their input:

figure, (left, right) = plt.subplots(
    1, 2, figsize=(8, 2.9), width_ratios=(1, 2), layout="constrained"
)
plot_images(digit, title=f"input: a {number}", ax=left)
plot_maps(first, columns=4, title="conv1", ax=right)
match = map_correlation(first[None], digit)[0]
save_figure(
    figure,
    "orig_and_conv1_grid",
    f"A handwritten {number} and the {len(first)} maps that conv1 makes of it. Map "
    f"{match.argmax()} is most like the digit, map {match.argmin()} most like its negative.",
)

# %%
# Feature maps of the second layer
# --------------------------------
#
# The maps of ``conv2`` are half as wide, and each reads all maps of conv1 at once. To the eye they
# have less to do with the digit. But the eye is easily led. So measure it: the size of the
# correlation of each map with the digit, shrunk to the map's size, averaged over all maps and a
# hundred digits. And measure it for networks that have learned nothing: the start of this one, and
# five others.

deeper = maps["conv2"][0]
axes = plot_maps(deeper, columns=8)


def likeness(network, digits):
    """Mean size of the correlation of a layer's maps with the digits, for conv1 and conv2."""
    with capture(network, ["conv1", "conv2"]) as maps, torch.no_grad():
        network(digits)
    return [map_correlation(of_layer, digits).abs().mean().item() for of_layer in maps.values()]


hundred, starts = test.images[:100] / 255, [untrained]
for seed in range(1, 6):
    torch.manual_seed(seed)
    starts.append(SmallCNN(widths=(8, 16, 32)).eval())
of_conv1, of_conv2 = likeness(network, hundred)
first, second = (Spread(of, of="starts") for of in zip(*(likeness(s, hundred) for s in starts)))
print(f"trained: conv1 {of_conv1:.2f}, conv2 {of_conv2:.2f}, a fall of {of_conv1 - of_conv2:.2f}")
print(f"untrained: conv1 {first:.2f}, conv2 {second:.2f}")
inside = of_conv1 - of_conv2 in first - second
within = "lies among those of" if inside else "is not what one would expect of"
print(fill(f"The trained network's fall {within} untrained ones: {first - second:.2f}.", 88))
save_figure(
    axes.figure,
    "featuremaps_conv2",
    f"The {len(deeper)} maps of conv2 for the same digit, {deeper.shape[1]}×{deeper.shape[2]} "
    f"values each. Over 100 digits their correlation with the digit is {of_conv2:.2f} on average, "
    f"that of conv1's maps {of_conv1:.2f}.",
)
assert of_conv1 > of_conv2 + 0.05
assert inside
assert (first - second).sign == 1
assert of_conv2 > 0.2
silent = [at for at, word in enumerate(diagnose(deeper.relu())) if word]
print(f"blank after the ReLU for this digit: {len(silent)} of {len(deeper)} maps of conv2")

# %%
# The maps of conv2 are less like the digit than those of conv1. But so they are in networks that
# have learned nothing, by as much. So "deeper maps are more abstract" is no sign of learning, and
# needs a better measure, and more layers, than a look at one grid.
#
# What we learned
# ---------------
#
# * Filters are numbers, and can be drawn as they are, with zero in the middle. On one scale they
#   show their strength, on scales of their own their patterns.
# * As a group, these learned filters keep a trace of their random beginning.
# * A hook catches what a layer puts out. Copy it, and take the hook off: `capture` does both.
#
# **Limits.** A 3×3 filter is too small to hold a stroke. What a *unit deep down* answers to isn't
# written in its own kernel but in the chain of kernels before it. And a map shows what a layer
# computes for one picture, which isn't yet why the network decides as it does.
#
# **Ethics.** Pictures of filters look like an explanation. Before you offer one to somebody who is
# affected by a network's decision, ask what it would have looked like for an untrained network.
#
# Exercise
# --------
#
# If learned filters are so untidy, does it matter which they are? Put fresh random filters into
# ``conv1``, of the same strength, leave all other layers as trained, and measure. What if you put
# back the very ones that training began with?
#
# Answer: it matters. The later layers have learned to read these very maps, and read far fewer
# digits from any of the others. A trace of the pattern isn't enough either.


def accuracy_with(filters):
    changed = deepcopy(network)
    strength = after.flatten(1).norm(dim=1) / filters.flatten(1).norm(dim=1)
    changed.conv1.weight.data = filters * strength[:, None, None, None]
    return evaluate(changed, test[:2000]).accuracy


torch.manual_seed(1)
fresh = Spread([accuracy_with(torch.randn_like(after)) for _ in range(5)], of="draws")
beginning, learned = accuracy_with(before), accuracy_with(after)
print(
    f"learned filters {learned:.1%}, those of the beginning {beginning:.1%}, fresh ones {fresh:.1%}"
)
assert max(*fresh.values, beginning) < learned - 0.2

# %%
# Where to go next
# ----------------
#
# `How does a small network learn to read digits? <plot_10_training.html>`_ shows the training
# itself, and `How do filters come to be? <plot_30_how_filters_come_to_be.html>`_ looks at filters
# on the way. `What does a convolution do to a picture?
# <../1_building_blocks/plot_10_convolution.html>`_ has kernels that were written by hand.
#
# References
# ----------
#
# * Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998). `Gradient-based learning applied to
#   document recognition <https://doi.org/10.1109/5.726791>`_.
# * Y. LeCun, C. Cortes and C. Burges. `The MNIST database of handwritten digits
#   <http://yann.lecun.com/exdb/mnist/>`_.
# * I. Goodfellow, Y. Bengio and A. Courville (2016). `Deep Learning
#   <https://www.deeplearningbook.org>`_, chapter 9.
# * M. D. Zeiler and R. Fergus (2014). `Visualizing and understanding convolutional networks
#   <https://doi.org/10.1007/978-3-319-10590-1_53>`_.
# * PyTorch's documentation of `forward hooks
#   <https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html>`_.
