"""
How do filters come to be?
==========================

Pictures of learned filters show the end of a story. Here is the whole of it: a network is watched
while it learns to read digits, from its random start to its last step, and its filters and maps are
drawn at steps on the way. The filters turn out to remember where they came from, and controls
show how little it says that a filter has changed, or that a layer looks finished early.

After this page you can

* look into a network while it trains, without disturbing its training,
* say when filters change, by how much, and what has to be compared before that means anything,
* measure how much of a learned filter was there before anything was learned.

In the glossary: `filter <../../glossary.html#term-filter>`_, `feature map
<../../glossary.html#term-feature-map>`_, `learning rate
<../../glossary.html#term-learning-rate>`_, `null distribution
<../../glossary.html#term-null-distribution>`_.
"""

# sphinx_gallery_thumbnail_number = 1

from copy import deepcopy
from dataclasses import replace
from textwrap import fill

import torch
from matplotlib import pyplot as plt
from matplotlib.ticker import PercentFormatter

from cnnvis import (
    SmallCNN,
    capture,
    evaluate,
    fit,
    load,
    load_controls,
    plot_kernels,
    plot_maps,
    save_figure,
)

# %%
# A network that is watched
# -------------------------
#
# A thousand digits are enough, in batches of 50, for thirty epochs: 600 steps. `fit` calls the
# function given as ``watch`` before the first step and after each one. Ours keeps a copy of the
# whole network at chosen steps; early ones lie close together, since much happens early. The film
# shows one training. What is said of it was measured for `five starts <../../controls.html>`_ with
# the functions of this page.

train, test = load("mnist", "train")[:1000], load("mnist", "test")[:500]
print(train.source)
print(f"train: {tuple(train.images.shape)}, {train.images.dtype}, test: {tuple(test.images.shape)}")
SHOWN = (0, 1, 10, 30, 60, 100, 300, 600)
KEPT = sorted({*SHOWN, 3, 5, 20, 40, 50, 70, 80, 90, 120, 150, 200, 400, 500})


def train_and_watch(digits, start=0, order=0):
    """Train a network from a start; return what it was at the steps kept."""
    moments = {}

    def watch(step, network):
        if step in KEPT:
            moments[step] = deepcopy(network)

    torch.manual_seed(start)
    network = SmallCNN(widths=(8, 16, 24))
    fit(network, digits, epochs=30, batch_size=50, seed=order, watch=watch)
    return moments


moments = train_and_watch(train)
accuracy = {step: evaluate(network, test).accuracy for step, network in moments.items()}
for step in SHOWN:
    print(f"step {step:3d}: {accuracy[step]:6.1%} of the test digits read")
assert accuracy[0] < 0.3
assert accuracy[600] > 0.88

# %%
# The filters, step by step
# -------------------------
#
# Predict before you look: which changes first, the filters of conv1 or the accuracy? And will the
# filters of the last step look anything like those of the first?

kernels = torch.stack([moments[step].conv1.weight.detach()[:, 0] for step in SHOWN], dim=1)
print(f"kernels: {tuple(kernels.shape)}, filters, steps, height, width; {kernels.dtype}, ", end="")
print(f"from {kernels.min():.2f} to {kernels.max():.2f}")
growth = kernels[:, -1].flatten(1).norm(dim=1) / kernels[:, 0].flatten(1).norm(dim=1)

figure, axes = plt.subplots(figsize=(8, 7.2), layout="constrained")
names = [f"step {step}" for step in SHOWN] + [""] * (7 * len(SHOWN))
plot_kernels(
    kernels.reshape(-1, 1, 3, 3),
    columns=len(SHOWN),
    labels=names,
    title="the eight filters of conv1 (rows) from the start to the end",
    ax=axes,
)
save_figure(
    figure,
    "kernels_over_steps",
    f"The {len(kernels)} filters of conv1 (rows) at {len(SHOWN)} steps of training (columns), on "
    f"one scale, red above zero. Filter {growth.argmax()} grew most, to {growth.max():.1f} times "
    "its length.",
)
assert growth.median() > 1.2

# %%
# Up to step 30 the eye sees no change at all. Then the filters grow stronger, and most keep their
# pattern while they do. Growth is what one sees best, because all steps share one scale.
#
# What they make of a digit
# -------------------------
#
# The maps of four filters for one digit, before the ReLU, on one scale as well.

digit = test.images[test.labels == 5][:1] / 255
maps = {}
for step in SHOWN:
    with capture(moments[step], ["conv1", "conv3"]) as caught:
        moments[step](digit)
    maps[step] = {name: one[0] for name, one in caught.items()}
of_conv1 = torch.stack([maps[step]["conv1"] for step in SHOWN], dim=1)
print(f"maps of conv1: {tuple(of_conv1.shape)}, filters, steps, height, width; ", end="")
print(f"from {of_conv1.min():.2f} to {of_conv1.max():.2f}")

figure, axes = plt.subplots(figsize=(8, 4.1), layout="constrained")
names = [f"step {step}" for step in SHOWN]
plot_maps(of_conv1[:4], labels=names, title="maps of filters 0 to 3 of conv1 (rows)", ax=axes)
spread = of_conv1.flatten(2).std(dim=2)
stronger = (spread[:, -1] / spread[:, 0]).median()
save_figure(
    figure,
    "maps_over_steps",
    f"Maps of a 5 by four filters of conv1 (rows) at {len(SHOWN)} steps (columns), on one scale. "
    f"Over all {len(of_conv1)} filters the contrast of the maps ends at {stronger:.1f} times that "
    "of the start.",
)
assert stronger > 1.1

# %%
# Step through it
# ---------------
#
# The same moments one after the other, with maps of the deepest convolution added. As a script,
# this saves one picture for each step; on the page, move the slider, or use its arrow keys.

largest, strongest = kernels.abs().max().item(), of_conv1.abs().max().item()
for column, step in enumerate(SHOWN):
    figure, rows = plt.subplots(3, 1, figsize=(8, 4.4), layout="constrained")
    plot_kernels(kernels[:, column, None], columns=8, scale=(-largest, largest), ax=rows[0])
    plot_maps(maps[step]["conv1"], columns=8, scale=(-strongest, strongest), ax=rows[1])
    plot_maps(maps[step]["conv3"][:8], columns=8, scale="map", signed=True, ax=rows[2])
    titles = ("filters of conv1", "their maps", "eight maps of conv3, each on a scale of its own")
    for axes, title in zip(rows, titles):
        axes.set_title(title, fontsize=11)
    figure.suptitle(f"step {step}")
    says = f"step {step} of {SHOWN[-1]}: {accuracy[step]:.0%} of the test digits read"
    save_figure(
        figure,
        f"filters_step_{step:03d}",
        f"Filters of conv1, their maps of a 5 and eight maps of conv3 at {says}. Highest value in "
        f"the maps of conv3: {maps[step]['conv3'].max():.2f}.",
        caption=says,
        strip="Steps of training",
    )

# %%
# How far, and how early?
# -----------------------
#
# How far a layer has come is the length of its weights' difference from the start, as a share of
# the length that they had at the start. Steps are drawn on a logarithmic axis, from 1 on.

LAYERS = ("conv1", "conv2", "conv3", "fc")


def weights(network, layer):
    return network.get_submodule(layer).weight.detach().flatten(1)


def ways(moments, layer):
    """How far a layer has come at each step kept, relative to the length of its start."""
    start = weights(moments[0], layer)
    return {
        step: ((weights(n, layer) - start).norm() / start.norm()).item()
        for step, n in moments.items()
    }


way = {layer: ways(moments, layer) for layer in LAYERS}


def early(moments, accuracy):
    """Numbers of the first steps, and of the step at which half of the accuracy is won."""
    way = {layer: ways(moments, layer) for layer in LAYERS}
    halfway = (accuracy[0] + accuracy[600]) / 2
    turning = min(step for step in KEPT if accuracy[step] > halfway)
    numbers = {
        f"share of its way at half the rise, {at}": way[at][turning] / way[at][600] for at in way
    }
    numbers |= {f"way of conv1 at step {step}": way["conv1"][step] for step in (30, 60)}
    return numbers | {"accuracy gained by step 60": accuracy[60] - accuracy[0]}


controls = load_controls("how_filters_come_to_be", test)


def compare(numbers):
    """Print each number beside that of five starts, among which this training must lie."""
    for name, number in numbers.items():
        assert number in controls[name], (name, number)
        print(f"{name}: here {number:.2f}; five starts {controls[name]:.2f}")


compare(early(moments, accuracy))
assert controls["way of conv1 at step 30"].range[1] < 0.08
assert controls["way of conv1 at step 60"].range[1] < 0.25
assert controls["accuracy gained by step 60"].interval[0] > 0.1
assert all(max(controls[f"share of its way at half the rise, {at}"].values) < 0.5 for at in LAYERS)

# %%
# At step 30 the filters of conv1 have not moved by a tenth of their length. By step 60 the accuracy
# has begun to rise, while they have not moved by a quarter; and when half of the accuracy is won,
# no layer has come half of its way, in none of the five trainings. Partly that is the schedule,
# which starts with small steps.
#
# Does a filter that changed know something?
# ------------------------------------------
#
# It is tempting to say: the filters have changed, so they have learned about digits. Here is the
# control. The same start, the same pictures, the same steps; but the labels are shuffled, so there
# is nothing about digits to be learned. Will the filters stay where they are?


def shuffled(digits):
    """The same digits with their labels dealt out anew."""
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(0))
    return replace(digits, labels=digits.labels[order])


nonsense = shuffled(train)
control = train_and_watch(nonsense)
control_way = {layer: ways(control, layer) for layer in LAYERS}


def without_a_rule(moments, control, test, nonsense):
    """Numbers of a training on shuffled labels, beside one on the true ones."""
    conv1, other = ways(moments, "conv1"), ways(control, "conv1")
    return {
        "shuffled: test digits read": evaluate(control[600], test).accuracy,
        "shuffled: own labels by heart": evaluate(control[600], nonsense).accuracy,
        "shuffled: way of conv1 at step 100, relative": other[100] / conv1[100],
        "shuffled: way of conv1 at step 600, relative": other[600] / conv1[600],
    }


found = without_a_rule(moments, control, test, nonsense)
chance = found["shuffled: test digits read"]
compare(found)
assert max(controls["shuffled: test digits read"].values) < 0.3
assert controls["shuffled: own labels by heart"].interval[0] > 0.3
assert controls["shuffled: way of conv1 at step 100, relative"].range[1] < 0.4
assert found["shuffled: way of conv1 at step 600, relative"] > 0.9
assert controls["shuffled: way of conv1 at step 600, relative"].interval[0] > 0.8

# %%
# On the left the true labels, on the right the shuffled ones, each with its accuracy.

figure, panels = plt.subplots(1, 2, figsize=(8, 3.9), layout="constrained", sharey=True)
for axes, run, one, title in (
    (panels[0], moments, way, "true labels"),
    (panels[1], control, control_way, "shuffled labels"),
):
    for layer, line in one.items():
        axes.plot(KEPT[1:], [line[step] for step in KEPT[1:]], label=layer)
    right = axes.twinx()
    found = [evaluate(run[step], test).accuracy for step in KEPT[1:]]
    right.plot(KEPT[1:], found, "k:", label="accuracy")
    right.set_ylim(0, 1)
    right.yaxis.set_major_formatter(PercentFormatter(1))
    right.spines["right"].set_visible(True)
    axes.set(xscale="log", title=title, xlabel="steps")
panels[0].set_ylabel("distance from the start")
right.set_ylabel("accuracy on test digits (dotted)")
panels[0].legend(loc="upper left")
save_figure(
    figure,
    "way_and_accuracy",
    "Distance of four layers from their start over the steps, and accuracy. True labels: conv1 "
    f"comes {way['conv1'][600]:.1f} of its length, accuracy {accuracy[600]:.0%}. Shuffled: "
    f"{control_way['conv1'][600]:.1f} and {chance:.0%}.",
)

# %%
# They move all the same: late, but then no less far. A network that learns wrong labels by heart
# (Zhang et al. did so with far larger ones) bends its filters too. So how far a filter has moved
# doesn't tell digits learned from labels learned by heart. That it moved *early* may: labels with a
# rule in them pull all batches in one direction. Frankle et al. look closer at what happens early,
# Maennel et al. at what random labels leave in the weights.
#
# What is left of the start
# -------------------------
#
# Each filter of the end is compared with *every* filter of the start, by the cosine of the angle
# between them: 1 for the same pattern, whatever its strength. The diagonal compares it with its own
# start. All the rest is the null distribution: what unrelated filters share by chance.


def likeness(ends, starts):
    """Cosine of each filter of `ends` (rows) with each filter of `starts` (columns)."""
    return torch.cosine_similarity(ends[:, None], starts[None], dim=2)


def likeness_to_start(moments):
    """Of the filters at the end: median likeness to their own start; share nearest to it."""
    numbers = {}
    for layer in LAYERS[:3]:
        found = likeness(weights(moments[600], layer), weights(moments[0], layer))
        nearest = (found.argmax(dim=1) == torch.arange(len(found))).float().mean().item()
        numbers[f"cosine with its own start, {layer}"] = found.diagonal().median().item()
        numbers[f"nearest to its own start, {layer}"] = nearest
    return numbers


def same_place(ends, others):
    """Median cosine of filters in the same place of two networks, by layer."""
    return {
        layer: torch.cosine_similarity(weights(ends, layer), weights(others, layer)).median().item()
        for layer in LAYERS[:3]
    }


figure, panels = plt.subplots(1, 3, figsize=(8, 3), layout="constrained")
for axes, layer in zip(panels, LAYERS):
    found = likeness(weights(moments[600], layer), weights(moments[0], layer))
    drawn = axes.imshow(found, cmap="RdBu_r", vmin=-1, vmax=1)
    axes.set(title=layer, xlabel="filter at the start")
panels[0].set_ylabel("filter at the end")
figure.colorbar(drawn, ax=panels, label="cosine", shrink=0.75)
kept = likeness_to_start(moments)
medians = (f"{kept[f'cosine with its own start, {at}']:.2f} in {at}" for at in LAYERS[:3])
save_figure(
    figure,
    "start_and_end",
    "Cosine of each filter at the end with each at the start, for three layers. The diagonals "
    f"stand out: median {', '.join(medians)}.",
)
compare(kept)
for layer in LAYERS[:3]:
    other = controls[f"same place, another start, {layer}"]
    print(f"{layer}: cosine with the filter in the same place of another start {other:.2f}")
    assert abs(other.mean) < 0.15
    assert (controls[f"cosine with its own start, {layer}"] - other).interval[0] > 0.25
    assert min(controls[f"cosine with its own start, {layer}"].values) > 0.4
    assert controls[f"nearest to its own start, {layer}"].mean > 0.85
    assert kept[f"nearest to its own start, {layer}"] > 0.85

# %%
# Nearly all learned filters can be told by their start, in a line-up of all filters: they still
# point towards it, in conv1 closely, in the others less so. From another start the filters in the
# same places show no likeness that could be told from none. In a small network that is trained for
# a short time, a filter is its random start, bent. Whoever finds meaning in its pattern should
# first look at that start.
#
# Do layers settle from the bottom up?
# ------------------------------------
#
# Raghu et al. found that lower layers reach their final form first. Weights don't tell; what a
# layer *does* may. So take the maps of 200 digits, and compare each moment with the end by linear
# CKA, which is 1 if the digits lie among each other in the same way. Predict: which layer is
# nearest to its end before the first step?


def cka(one, other):
    """Linear CKA (Kornblith et al. 2019) of two sets of maps of the same pictures, 0 to 1."""
    one, other = (x.flatten(1).double() - x.flatten(1).double().mean(dim=0) for x in (one, other))
    one, other = one @ one.T, other @ other.T
    return ((one * other).sum() / (one.norm() * other.norm())).item()


RELUS = ("relu1", "relu2", "relu3")


def nearness(network, end, digits):
    """CKA of each ReLU's maps with those at the end; that of the bare pixels with them as well."""
    with capture(network, RELUS) as now, capture(end, RELUS) as final:
        network(digits), end(digits)
    near = {f"CKA of {at} at the start with its end": cka(now[at], final[at]) for at in RELUS}
    return near | {f"CKA of pixels with the end of {at}": cka(digits, final[at]) for at in RELUS}


digits = test.images[:200] / 255
near = {step: list(nearness(moments[step], moments[600], digits).values()) for step in SHOWN}
print("step       ", *(f"{step:5d}" for step in SHOWN))
for at, name in enumerate(RELUS):
    print(f"{name:11}", *(f"{near[step][at]:5.2f}" for step in SHOWN))
compare(nearness(moments[0], moments[600], digits))
ahead = [
    controls[f"CKA of pixels with the end of {at}"]
    - controls[f"CKA of {at} at the start with its end"]
    for at in RELUS
]
words = {1: "nearer than", 0: "neither nearer nor further, for sure, than", -1: "further than"}
for at, difference in zip(RELUS, ahead):
    text = f"To the end of {at} pixels are {words[difference.sign]} {at} at the start"
    print(fill(f"{text}: {difference:+.3f}.", 88))
starts = [controls[f"CKA of {at} at the start with its end"] for at in RELUS]
assert starts[0].mean > starts[1].mean > starts[2].mean
assert all(near[step][0] > max(near[step][1:3]) + 0.01 for step in (0, 1, 10, 30))
assert min(starts[0].values) > 0.85
assert (starts[0] - starts[2]).sign == 1
assert ahead[0].sign == 1

# %%
# The lower the layer, the nearer it is to its final form at step 0, before anything was learned.
# That looks like the claim. Now look at the control: the bare *pixels*, which went through no
# filter at all, are nearer to the end of the first layer than its own start is. CKA asks how the
# digits lie among each other, and the image has that already. So what looks like an early arrival
# of the first layer is no more than what the pixels show. For the others five starts can't tell.
#
# What we learned
# ---------------
#
# * Seen by eye the filters move late, after the accuracy has begun to rise.
# * Filters move no less far for shuffled labels: distance alone is no sign of knowledge.
# * In these networks a learned filter still points towards its random start.
# * A layer that seems finished early may only hand on its input: compare with the pixels.
#
# **Limits.** A small network, a thousand digits, one schedule. Longer training, weight decay or a
# start nearer to zero can leave less of the beginning, in ways that are not measured here. Cosine
# and CKA each see one thing alone: a filter can keep its pattern and yet serve another purpose.
#
# **Ethics.** A film of filters that take shape is persuasive: it looks like understanding in the
# making. The control makes as good a film. Show both, or say that you have not looked.
#
# Exercise
# --------
#
# Two things are random in a training: the start, and the order of the pictures. Which of them
# decides what the filters look like? Train again from the same start with another order.
#
# Answer: the start. After another order the filters are nearly the same, in the same places, though
# the digits came in other batches; after another start no likeness can be
# told from none. Each number is
# the median over a layer's filters, for five starts, trained again by ``train_and_watch(train,
# order=1)`` and ``train_and_watch(train, start=…)``.

for layer in LAYERS[:3]:
    order, start = (controls[f"same place, another {what}, {layer}"] for what in ("order", "start"))
    print(f"{layer}: cosine {order:.2f} after another order")
    print(f"       cosine {start:.2f} after another start")
    assert min(order.values) > 0.75
    assert (order - start).interval[0] > 0.4
    assert (order - controls[f"cosine with its own start, {layer}"]).interval[0] > 0.05

# %%
# Where to go next
# ----------------
#
# `What do learned filters look like? <plot_20_filters.html>`_ looks at the end of the story, and
# at maps. `How does a small network learn to read digits? <plot_10_training.html>`_ takes the
# training loop apart. `What does a single filter do? <../3_layer_maps/plot_20_roles.html>`_
# compares learned filters with random ones.
#
# References
# ----------
#
# * J. Frankle, D. J. Schwab and A. S. Morcos (2020). `The early phase of neural network training
#   <https://arxiv.org/abs/2002.10365>`_.
# * S. Kornblith, M. Norouzi, H. Lee and G. Hinton (2019). `Similarity of neural network
#   representations revisited <https://arxiv.org/abs/1905.00414>`_.
# * H. Maennel, I. Alabdulmohsin, I. Tolstikhin, R. Baldock, O. Bousquet, S. Gelly and D. Keysers
#   (2020). `What do neural networks learn when trained with random labels?
#   <https://arxiv.org/abs/2006.10455>`_.
# * M. Raghu, J. Gilmer, J. Yosinski and J. Sohl-Dickstein (2017). `SVCCA: singular vector canonical
#   correlation analysis for deep learning dynamics and interpretability
#   <https://arxiv.org/abs/1706.05806>`_.
# * C. Zhang, S. Bengio, M. Hardt, B. Recht and O. Vinyals (2017). `Understanding deep learning
#   requires rethinking generalization <https://arxiv.org/abs/1611.03530>`_.
# * Y. LeCun, C. Cortes and C. Burges. `The MNIST database of handwritten digits
#   <http://yann.lecun.com/exdb/mnist/>`_.
