"""
What does a filter do?
======================

One looks at a learned filter and says "an edge detector". But a 3×3 kernel has nine numbers, and
people find faces in clouds. Here we let a measurement say it: how much of a filter is explained by
an ideal edge, line, spot or corner, at which angle, and how much of a handful of *random* numbers
would be explained just as well. Then we ask a trained network: how many of its filters have a
name, and how many more than before it had learned anything?

After this page you can

* measure a filter's role, its angle, its phase and the order of derivative that it takes,
* read a tuning curve, which tells what a filter responds to,
* tell a learned pattern from one that chance would also have drawn.

In the glossary: `derivative filter <../../glossary.html#term-derivative-filter>`_, `orientation
<../../glossary.html#term-orientation>`_, `phase <../../glossary.html#term-phase-of-a-filter>`_,
`grating <../../glossary.html#term-grating>`_, `Gabor filter
<../../glossary.html#term-Gabor-filter>`_, `null distribution
<../../glossary.html#term-null-distribution>`_.
"""

# sphinx_gallery_thumbnail_number = 3

import math
from textwrap import fill

import numpy as np
import torch
from matplotlib import pyplot as plt

from cnnvis import (
    derivative_orders,
    evaluate,
    filter_responses,
    filter_roles,
    load,
    load_controls,
    load_pretrained,
    plot_kernels,
    save_figure,
)

# %%
# Filters that we know
# --------------------
#
# A ruler is checked on things of known length. So first kernels that were written by hand. An edge
# detector takes a first *derivative*: the brightness on one side less that on the other. A line
# detector takes a second derivative, a blur takes none, of order 0. Two edge detectors at right
# angles add up to one of any angle between (Freeman and Adelson, 1991): the second one here.

up, turn = torch.tensor([[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]]), math.radians(30)
written = [
    up.tolist(),
    (math.cos(turn) * up + math.sin(turn) * up.T).tolist(),
    [[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]],
    [[1, 1, -2], [1, -2, 1], [-2, 1, 1]],
    [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
    [[-1, 0, 1], [0, 0, 0], [1, 0, -1]],
    [[5, 5, -4], [5, 5, -4], [-4, -4, -4]],
    [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
]
planted = torch.tensor(written)[:, None]
print(f"planted: shape {tuple(planted.shape)}, {planted.dtype}")
known = filter_roles(planted)
known

# %%
# The *fit* is the share of the kernel's energy, the sum of its squares, that the best ideal kernel
# explains. Angles are counted from the horizontal, against the clock, and say how an edge or a line
# *runs*; a corner's says where it opens. The *phase* tells an edge (90°, or -90° with dark and
# bright swapped) from a line (0° if bright, 180° if dark).


def label(role):
    angle = "" if role.angle is None else f"{role.angle:.0f}° "
    return f"{str(role).removesuffix(angle.strip()).strip()}\n{angle}{role.fit:.2f}"


expected = ["edge", "edge", "line", "line", "spot", "saddle", "corner", "blur"]
assert [role.kind for role in known] == expected
assert [role.angle for role in known[:4]] == [0, 30, 90, 45]
assert [role.phase for role in known[:4]] == [90, 90, 0, 180]
names = [label(role) for role in known]
axes = plot_kernels(planted, scale="map", columns=8, labels=names, title="written by hand")
save_figure(
    axes.figure,
    "planted_kernels",
    "Eight kernels written by hand, each with the role, the angle and the fit that was measured. "
    f"All are named correctly; the lowest fit is {min(role.fit for role in known):.2f}.",
)

# %%
# Filters that are nothing
# ------------------------
#
# Now the opposite: kernels of random numbers. The naive way is to give each the name that fits
# best. Predict: how many of them will look like *something*?

random = torch.randn(5000, 1, 3, 3, generator=torch.Generator().manual_seed(0))
chance = filter_roles(random)
nearest = [max(role.fits, key=role.fits.get) for role in chance]
explained = np.array([max(role.fits.values()) for role in chance])
print(f"more than half explained: {(explained > 0.5).mean():.0%} of {len(random):,} random kernels")
half = [max(role.fits["edge"], role.fits["corner"]) > 0.5 for role in chance]
assert np.mean(half) > 0.5

names = [f"{nearest[at]}?\n{explained[at]:.2f}" for at in range(16)]
axes = plot_kernels(random[:16], scale="map", columns=8, labels=names, title="random numbers")
first = explained[:16].argmax()
save_figure(
    axes.figure,
    "random_kernels",
    "Sixteen kernels of random numbers, each with the name that fits it best. The best fit of a "
    f"name, {nearest[first]}, explains {explained[first]:.0%} of kernel {first}: names come cheap.",
)

# %%
# An edge or a corner explains half of most random kernels: with nine numbers, and hundreds of ideal
# kernels to choose from, something fits. So a name has to be earned. `filter_roles` draws
# 10,000 random kernels of the same size, and asks for a fit that at most 5 % of them reach with
# *any* name: the column *needed* of the table above. All others are "none" of these.

named_by_chance = 1 - chance.shares()["none"]
print(f"named with that rule: {named_by_chance:.1%} of the random kernels")
assert 0.03 < named_by_chance < 0.07

# %%
# The filters of a trained network
# --------------------------------
#
# Now the network that comes with the package, trained on MNIST. Eight filters in the first layer,
# each with one kernel. How many will earn a name? And how many had one before the training?

network, card = load_pretrained("mnist")
untrained = card.untrained()
test = load("mnist", "test")
print(fill(str(card), 80))
accuracy = evaluate(network, test).accuracy
print(f"{test.source.title}: {accuracy:.1%} of the test digits named correctly")
assert accuracy > 0.9

before, after = filter_roles(untrained.conv1), filter_roles(network.conv1)
names = [label(role) for role in after]
axes = plot_kernels(network.conv1, columns=8, labels=names, title="conv1, trained: role and fit")
has_name = [role.kind != "none" for role in after]
had_name = [role.kind != "none" for role in before]
save_figure(
    axes.figure,
    "conv1_roles",
    f"The {len(after)} filters of conv1 after training, with role, angle and fit, or “none” and "
    f"the best fit that failed. {sum(has_name)} have a name; before training {sum(had_name)} had.",
)

# %%
# Is that many? Eight filters that learned together are a small sample. So here, and wherever
# training is said to add something, stand five more networks, trained for less long than this one
# and each compared with its own start (``make controls``).


def kernels(model, layer="conv2"):
    return model.get_submodule(layer).weight.detach().flatten(0, 1)[:, None]


def names_of(kernels):
    shares = filter_roles(kernels).shares()
    named, blurs = 1 - shares.get("none", 0), shares.get("blur", 0)
    return {"named": named, "blur": blurs, "other names": named - blurs}


def added(name):
    return controls[f"{name}, trained"] - controls[f"{name}, untrained"]


def say(text):
    print(fill(" ".join(text.split()), 88))


controls = load_controls("roles", test)
verdicts = {1: "more than nothing", 0: "too little to tell from nothing", -1: "less than nothing"}
gain = added("conv1 named")
say(
    f"""conv1: {sum(has_name)} of {len(after)} filters have a name, before training {sum(had_name)}.
    In five other networks training added {gain:.0%}, {verdicts[gain.sign]}."""
)
assert np.mean(had_name) == controls["conv1 named, untrained"].values[0]  # start 0, measured anew
assert gain.sign == 1 or test.source.is_stand_in

# %%
# What a filter responds to
# -------------------------
#
# A role is read off the weights. One can also ask the filter: show it edges, lines, corners and
# *gratings* (stripes) of every angle, all of the same contrast, and note how strongly it responds.
# A response of 1 would be the most that any image of this contrast could cause. (The responses to
# gratings are, up to scale, the kernel's Fourier transform, read along a circle.)

asked = filter_responses(planted)
print([f"{role.kind}: {shape}" for role, shape in zip(known, asked.preferred)])
assert sum(role.kind == shape for role, shape in zip(known, asked.preferred)) >= 6

clear = [(role.kind not in ("none", "blur"), role.fit - role.needed) for role in after]
best = max(range(len(after)), key=clear.__getitem__)
worst = min(range(len(after)), key=lambda at: after[at].fit)
weights = [planted[1], network.conv1.weight[best], untrained.conv1.weight[best]]
weights = torch.stack([*weights, network.conv1.weight[worst]]).detach()
titles = [
    "planted edge of 30°",
    f"filter {best}: {after[best]}",
    f"filter {best} before training: {before[best]}",
    f"filter {worst}: {after[worst]}",
]
tuning = filter_responses(weights)
figure, grid = plt.subplots(2, 2, figsize=(8, 5.4), layout="constrained", sharex=True, sharey=True)
styles = {"edge": "-", "line": "--", "corner": "-.", "grating": ":"}
for at, axes in enumerate(grid.flat):
    for name, style in styles.items():
        axes.plot(tuning.angles, tuning.curves[name][at], style, label=name)
    axes.set(title=titles[at], ylim=(0, 1.02), xlim=(0, 355), xticks=range(0, 360, 90))
figure.supxlabel("angle of the stimulus in degrees")
figure.supylabel("response (1: the most possible)")
figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=4)
save_figure(
    figure,
    "tuning_curves",
    "Responses to edges, lines, corners and gratings of every angle, for a planted edge of 30° and "
    f"three filters of conv1. Filter {best}, {after[best]}, prefers the {tuning.preferred[1]}; "
    f"its selectivity is {tuning.selectivity[1]:.2f}.",
)

# %%
# The planted edge responds most near 30° (on a grid of 3×3 pixels angles are coarse), and not at
# all at 210°, where dark and bright are swapped: an edge has a direction. Lines and gratings look
# the same after half a turn, so their curves repeat. Now the last panel: a filter without a name
# has its preferences, too. Random kernels have them, so "it responds most to corners" says little
# before one knows how many of those do.

assert abs(tuning.preferred_angle("edge")[0] - 30) <= 10
assert tuning.curves["edge"][0, tuning.angles == 210] < 0.01
assert after[worst].kind == "none"
preferred = filter_responses(random).preferred
prefer = {shape: f"{preferred.count(shape) / len(random):.0%}" for shape in sorted(set(preferred))}
print("random kernels respond most to", prefer)
assert preferred.count("corner") > 0.1 * len(random)

# %%
# A hundred kernels
# -----------------
#
# ``conv2`` has 16 filters of 8 kernels each. With so many we can count. One name is counted apart:
# a *blur*, whose weights are nearly all of one sign.

start, end = filter_roles(kernels(untrained)), filter_roles(kernels(network))
shares = {"random": chance.shares(), "untrained": start.shares(), "trained": end.shares()}
named = {which: 1 - share["none"] for which, share in shares.items()}
gain, blurs, others = (added(f"conv2 {name}") for name in ("named", "blur", "other names"))
say(
    f"""conv2: {named["trained"]:.1%} of the kernels have a name, before training
    {named["untrained"]:.1%}, of random ones {named["random"]:.1%}. In five other networks training
    added {gain:.1%}: blurs {blurs:.1%}, all other names {others:.1%}, {verdicts[others.sign]}."""
)
for name, share in names_of(kernels(untrained)).items():
    assert abs(share - controls[f"conv2 {name}, untrained"].values[0]) < 1e-4
assert gain.sign == blurs.sign == 1
assert others.sign == 1 or test.source.is_stand_in
assert blurs.mean > 0.4 * gain.mean
assert max(named["trained"], *controls["conv2 named, trained"].values) < 0.3

# %%
# The answer has two halves, and both are needed. Training gives more kernels a name than had one.
# And yet **most learned kernels have no name**, and many of the new names are just "blur".
#
# The names themselves, of conv2's kernels:

kinds = ["blur", "edge", "line", "spot", "saddle", "corner"]
colors = {"random": "#bbbbbb", "untrained": "#e8a33d", "trained": "#2b5c8a"}


def bars(names, values, title):
    figure, axes = plt.subplots(figsize=(7.5, 3.2), layout="constrained")
    for at, (which, percent) in enumerate(values.items()):
        places = np.arange(len(names)) + 0.27 * (at - 1)
        axes.bar(places, percent, 0.25, label=which, color=colors[which])
    axes.set_xticks(range(len(names)), names)
    axes.set(ylabel="share in %", title=title)
    axes.legend(frameon=False)
    return figure


values = {which: [100 * share.get(kind, 0) for kind in kinds] for which, share in shares.items()}
figure = bars(kinds, values, "Roles of conv2's 128 kernels; all others have none")
save_figure(
    figure,
    "role_shares",
    "Share of each role among random kernels and those of conv2, untrained and trained. Of the "
    f"trained ones {named['trained']:.0%} have a name, of the untrained {named['untrained']:.0%}; "
    f"the most frequent name is {max(kinds, key=lambda kind: end.shares().get(kind, 0))}.",
)

# %%
# A measure without names
# -----------------------
#
# A name is all or nothing. `derivative_orders` divides the energy of *every* kernel among the
# orders of derivative, with nothing left over: order 0 is the mean, order 1 the slope, order 2 the
# bend, and so on. In random kernels, the nine numbers share the energy as 1 : 2 : 3 : 2 : 1.

models = {"untrained": untrained.conv2, "trained": network.conv2}
orders = {"random": derivative_orders(random).mean(dim=0)}
orders |= {which: derivative_orders(layer).mean(dim=0) for which, layer in models.items()}
steps = ["0: mean", "1: slope", "2: bend", "3", "4"]
figure = bars(
    steps,
    {which: 100 * mean for which, mean in orders.items()},
    "Energy of conv2's kernels by order of derivative",
)
slow = {which: mean[:2].sum().item() for which, mean in orders.items()}
save_figure(
    figure,
    "derivative_orders",
    "Energy of random, untrained and trained kernels by order of derivative, 0 to 4. Orders 0 and "
    f"1 hold {slow['untrained']:.0%} before training and {slow['trained']:.0%} after.",
)
smoother = added("means and slopes")
say(f"In five other networks orders 0 and 1 gained {smoother:.0%} of the energy.")
assert (9 * orders["random"] - torch.tensor([1, 2, 3, 2, 1])).abs().max() < 0.1
assert abs(slow["untrained"] - controls["means and slopes, untrained"].values[0]) < 1e-4
assert min(slow["trained"] - slow["untrained"], smoother.interval[0]) > 0.1

# %%
# Here the difference is plain: training moves energy from the fine, jagged orders to means and
# slopes. Learned kernels are *smoother* than random ones, most of them without being an edge.
#
# And they go together. What is the one pattern that explains most of a filter's 8 kernels?

roles = {which: filter_roles(layer) for which, layer in models.items()}
together = {which: np.mean([role.share for role in some]) for which, some in roles.items()}
alike, shapes = added("one pattern"), added("one pattern, means apart")
say(
    f"""One pattern explains {together["trained"]:.0%} of a filter in conv2, before training
    {together["untrained"]:.0%}. In five other networks training added {alike:.0%}; in kernels
    without their mean, {shapes:.0%}."""
)
assert abs(together["untrained"] - controls["one pattern, untrained"].values[0]) < 1e-4
assert min(alike.interval[0], shapes.interval[0]) > 0.05
assert end.shares()["edge"] < 0.2

# %%
# What we learned
# ---------------
#
# * A role is a measurement: a kind, an angle, a phase, and the share of energy explained.
# * Nine random numbers fit something. Only a fit that chance seldom reaches earns a name.
# * Training makes kernels smoother, and gives more of them a name, often just "blur"; most stay
#   "none of these".
#
# **Limits.** One small kind of network, 3×3 kernels: larger first layers, trained on photographs,
# hold many clear Gabor filters (Krizhevsky et al., 2012), as simple cells of the visual cortex and
# codes learned from natural images do (Daugman, 1985; Olshausen and Field, 1996). And in conv2 a
# kernel reads a feature map, no image: an "edge" there is an edge *of a map*.
#
# **Ethics.** To name a filter is not to explain a decision. Networks spread what they know over
# many units, and those that are easy to interpret were found to matter no more than the others
# (Morcos et al., 2018). Whoever shows the few tidy filters of a network shows a selection: say how
# many there were in all, and what chance would have given.
#
# Exercise
# --------
#
# Shuffle the nine weights within each trained kernel of conv2. Every kernel keeps its numbers, only
# their places change. Which names will survive?
#
# Answer: blurs live on the sign of their weights, wherever these stand, and survive best. All other
# names live on the places.


def shuffled(model):
    flat = np.tile(kernels(model).flatten(1).numpy(), (10, 1))
    return np.random.default_rng(0).permuted(flat, axis=1).reshape(-1, 1, 3, 3)


mixed, kept = names_of(shuffled(network)), {}
for name in ("blur", "other names"):
    whole, mixed_up = controls[f"conv2 {name}, trained"], controls[f"conv2 {name}, shuffled"]
    kept[name] = mixed_up.mean / whole.mean
    say(
        f"""{name}: {names_of(kernels(network))[name]:.1%} of the kernels, shuffled
        {mixed[name]:.1%}. In five other networks that changed it by {mixed_up - whole:+.1%}."""
    )
assert (whole - mixed_up).sign == 1  # of the other names
assert kept["other names"] < kept["blur"] - 0.2
assert mixed["other names"] < 0.5 * names_of(kernels(network))["other names"]

# %%
# Where to go next
# ----------------
#
# `What do learned filters look like? <../2_learned_filters/plot_20_filters.html>`_ draws the
# filters beside their maps; `What does a convolution do to a picture?
# <../1_building_blocks/plot_10_convolution.html>`_ applies hand-written ones to a photograph. `What
# does every layer put out? <plot_10_every_layer.html>`_ draws their outputs, layer by layer, and
# `Which filters matter? <plot_30_which_filters_matter.html>`_ switches them off.
#
# References
# ----------
#
# * W. Frei and C.-C. Chen (1977). `Fast boundary detection: a generalization and a new algorithm
#   <https://doi.org/10.1109/TC.1977.1674733>`_. Nine kernels that split a 3×3 patch into edges,
#   lines and a mean.
# * W. T. Freeman and E. H. Adelson (1991). `The design and use of steerable filters
#   <https://doi.org/10.1109/34.93808>`_.
# * J. G. Daugman (1985). `Uncertainty relation for resolution in space, spatial frequency, and
#   orientation optimized by two-dimensional visual cortical filters
#   <https://doi.org/10.1364/JOSAA.2.001160>`_.
# * B. A. Olshausen and D. J. Field (1996). `Emergence of simple-cell receptive field properties by
#   learning a sparse code for natural images <https://doi.org/10.1038/381607a0>`_.
# * A. Krizhevsky, I. Sutskever and G. E. Hinton (2012). `ImageNet classification with deep
#   convolutional neural networks
#   <https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks>`_.
# * A. S. Morcos, D. G. T. Barrett, N. C. Rabinowitz and M. Botvinick (2018). `On the importance of
#   single directions for generalization <https://arxiv.org/abs/1803.06959>`_.
# * Y. LeCun, C. Cortes and C. Burges. `The MNIST database of handwritten digits
#   <http://yann.lecun.com/exdb/mnist/>`_.
