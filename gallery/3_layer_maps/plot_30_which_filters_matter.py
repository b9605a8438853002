"""
Which filters matter?
=====================

A network has more filters than anybody can look at. So one looks at the tidy ones, such as a filter
that responds to trousers and to little else, and takes for granted that these do the work. There is
a plain way to ask: switch a filter off, and see what the network can no longer do. Here each filter
of a layer is switched off in turn. Then the layer is thinned out in four different orders, to see
whose advice one should follow.

After this page you can

* switch channels off, and measure what the network loses, overall and class by class,
* tell how far a number that is easy to compute stands in for one that is not,
* thin out a layer, and state its price on pictures that played no part in the choice.

In the glossary: `ablation <../../glossary.html#term-ablation>`_, `selectivity
<../../glossary.html#term-selectivity>`_, `dead unit <../../glossary.html#term-dead-unit>`_,
`pruning <../../glossary.html#term-pruning>`_, `rank correlation
<../../glossary.html#term-rank-correlation>`_.
"""

# sphinx_gallery_thumbnail_number = 1

from textwrap import fill

import numpy as np
import torch
from matplotlib import pyplot as plt
from scipy.stats import rankdata

from cnnvis import (
    SmallCNN,
    Spread,
    ablate,
    ablation_effects,
    channel_statistics,
    evaluate,
    load,
    load_controls,
    load_pretrained,
    plot_images,
    save_figure,
    top_patches,
)

# %%
# A network that has learned, and two sets of pictures
# ----------------------------------------------------
#
# The network comes with the package; it learned from 60,000 pictures of clothes. We shall *choose*
# filters on one set of pictures and *judge* the choice on another: whatever is chosen because it
# looked best on some pictures looks better there than it is.

network, card = load_pretrained("fashion-mnist")
print(fill(str(card), 92))
unseen = load("fashion-mnist", "test")
if unseen.source.is_stand_in:  # of the drawings it has seen none, and "train" has more of them
    unseen = load("fashion-mnist", "train")
choosing, judging = unseen[:1500], unseen[1500:3000]
controls = load_controls("which_filters_matter", unseen)
print(unseen.source)
print(f"images: {tuple(choosing.images.shape)} {choosing.images.dtype}; as many to judge by")

# %%
# Switched off
# ------------
#
# `ablate` sets channels of a layer's output to zero as long as its block runs. Our layer is the
# last convolution, ``conv3``. We switch its channels off where the classifier ``fc`` reads them,
# behind the ReLU and the pooling; there the layer is called ``squeeze``. For channel 0:

layer = "squeeze"
channels, few = network.conv3.out_channels, choosing[:300]
print(f"conv3.weight: {tuple(network.conv3.weight.shape)}, so {channels} channels")
with ablate(network, layer, 0):
    without = evaluate(network, few)
whole = evaluate(network, few)
print(f"accuracy on {len(few)} pictures {whole.accuracy:.1%}, without it {without.accuracy:.1%}")
print(f"loss {whole.loss:.4f}, without it {without.loss:.4f}")

# %%
# A single channel seldom changes the name that a picture gets. The *loss*, the mean cross-entropy
# in nats, notices smaller shifts, so by that we shall rank. `ablation_effects` goes through all
# channels, and `channel_statistics` tells what each answers to. *Selectivity* compares a channel's
# mean answer to its favourite class, *h*, with that to the others, *m*: (*h* − *m*) / (*h* + *m*),
# from 0 for no preference to 1 for a channel that is silent for all others.
#
# Predict: will the channels that keep to one class be the ones that the network misses most, or
# least, or neither?

effects = ablation_effects(network, layer, choosing, batch_size=250)
again = ablation_effects(network, layer, judging, batch_size=250)
statistics = channel_statistics(network, ["pool1", "pool2", layer], choosing)
print(f"{effects}\n{statistics[layer]}")
loss, selectivity = effects.loss_change.numpy(), statistics[layer].selectivity.numpy()
print(f"loss {effects.loss:.3f}; rises by {loss.min():.4f} to {loss.max():.4f}", end="; ")
print(f"selectivity {np.nanmin(selectivity):.2f} to {np.nanmax(selectivity):.2f}")
assert effects.accuracy > 0.85
assert effects.class_accuracy_change.abs().mean() < 0.01

# %%
# Is the measurement any good?
# ----------------------------
#
# Effects so small could be chance. So they are measured twice, on the two halves of our pictures,
# and compared by *rank correlation*: 1 if both put the channels into the same order, 0 if one order
# says nothing about the other. Its interval comes from drawing the channels again and again, with
# replacement. Beside it stand numbers that need no switching off.


def rank_correlation(one, other):
    """Spearman's correlation over channels, and the ends of its 95 % interval."""
    draws = np.random.default_rng(0).integers(0, len(one), (2000, len(one)))
    draws[0] = np.arange(len(one))
    ranks = [rankdata(np.asarray(values)[draws], axis=1) for values in (one, other)]
    a, b = (rank - rank.mean(axis=1, keepdims=True) for rank in ranks)
    found = (a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    return found[0], *np.quantile(found[1:], [0.025, 0.975])


def agreement(network, effects, again, statistics):
    """Rank correlation of the loss without each channel with numbers that may stand in for it."""
    norm = network.conv3.weight.detach().abs().sum(dim=(1, 2, 3)).numpy()
    outgoing = network.fc.weight.detach().view(10, len(norm), -1).norm(dim=(0, 2)).numpy()
    strength, alive = statistics.means.numpy(), ~statistics.dead.numpy()
    rivals = {
        "the same on the other half": again.loss_change.numpy(),
        "selectivity": statistics.selectivity.numpy(),
        "size of the filter's weights": norm,
        "mean activation": strength,
        "mean activation × weights that read it": strength * outgoing,
    }
    loss = effects.loss_change.numpy()
    return {name: rank_correlation(loss[alive], of[alive]) for name, of in rivals.items()}


agree = agreement(network, effects, again, statistics[layer])
alive = ~statistics[layer].dead.numpy()
for name, (value, low, high) in agree.items():
    print(f"{name:40}{value:+.2f}, 95 % interval {low:+.2f} to {high:+.2f}; five", end=" ")
    print(f"trainings {controls[f'rank correlation of the loss with {name}'].mean:+.2f}")
yardstick, (value, low, high) = agree["the same on the other half"], agree["selectivity"]
words = {1: "more than others", 0: "neither more nor less, for sure", -1: "less than others"}
overall = controls["rank correlation of the loss with selectivity"]
here = words[int(low > 0) - int(high < 0)]
print(
    fill(
        f"Here selective channels are missed {here}; in five other trainings, on average, "
        f"{words[overall.sign]}: {overall:+.2f}.",
        88,
    )
)
assert yardstick[1] > 0.6
assert max(high, -low) < yardstick[1] - 0.1
assert value < agree["mean activation × weights that read it"][0] < yardstick[1]
best = controls["rank correlation of the loss with the same on the other half"]
assert (best - controls["rank correlation of the loss with selectivity"]).sign == 1

# %%
# The first line is the yardstick: importance agrees with itself, so there is something to predict.
# Selectivity agrees with it less, as Morcos et al. (2018) and Zhou et al. (2018) found in larger
# networks. In the network shown it leans one way; the last line says what five others do. The
# scatter behind the second line, with the channel that matters most and two that break the rule: of
# the most selective quarter the one that is missed least, of the least selective the one that is
# missed most.

by_choice, quarter = np.argsort(np.nan_to_num(selectivity)), channels // 4
most, idle, busy = (
    int(some[np.argmax(sign * loss[some])])
    for some, sign in ((by_choice, 1), (by_choice[-quarter:], -1), (by_choice[:quarter], 1))
)
figure, axes = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
axes.axhline(0, color="#777777", linewidth=0.8)
axes.scatter(selectivity, loss, s=26, color="#0b5fa5", alpha=0.65, linewidths=0)
three = [most, idle, busy]
axes.scatter(selectivity[three], loss[three], s=40, color="#c4560f", zorder=5)
favourites = statistics[layer].class_means.argmax(dim=0)
white = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.5}
how = {"textcoords": "offset points", "bbox": white}
for at, place, side in zip(three, [(-8, -4), (8, -4), (0, 9)], ["right", "left", "center"]):
    name = f"{at}, prefers {unseen.classes[favourites[at]]}"
    axes.annotate(name, (selectivity[at], loss[at]), xytext=place, ha=side, **how)
axes.set(xlabel="selectivity for a class", ylabel="rise of the loss in nats")
axes.set_title(f"Each point is a channel of conv3; rank correlation {agree['selectivity'][0]:+.2f}")
axes.margins(0.1)
axes.spines[["top", "right"]].set_visible(False)
save_figure(
    figure,
    "selectivity_and_loss",
    f"Rise of the loss without each of {channels} channels, against selectivity. Rank correlation "
    f"{agree['selectivity'][0]:+.2f}. Channel {most} matters most. The most selective, "
    f"{by_choice[-1]}, ranks {int((loss > loss[by_choice[-1]]).sum()) + 1} in importance.",
)

# %%
# What do they respond to?
# ------------------------
#
# A channel "prefers" the class to which it responds most on average. Here are the eight images that
# drive each of these three most, with the part that the responding unit saw. Predict: are they of
# the class that it prefers?

rows = {"matters most": most, "selective, missed little": idle, "unselective, yet missed": busy}
patches = top_patches(network, "pool3", choosing[:1000], count=8)["pool3"]
labels = []
for why, at in rows.items():
    prefers = f"prefers {unseen.classes[favourites[at]]}"
    labels += [f"channel {at}", "", why, "", "", prefers, "", ""]
axes = plot_images(
    choosing.images[patches.images[three].flatten()],
    boxes=patches.boxes[three].flatten(0, 1),
    columns=8,
    labels=labels,
    title=f"conv3 behind its pooling: receptive field {patches.receptive_field}",
)
kinds = [len(choosing.labels[patches.images[at]].unique()) for at in three]
save_figure(
    axes.figure,
    "top_patches",
    "Top eight images of three channels, with how many classes they are of: "
    + ", ".join(f"{count} for {at}, {why}" for (why, at), count in zip(rows.items(), kinds)),
)
for why, at in rows.items():
    of_eight = choosing.labels[patches.images[at]].bincount(minlength=10)
    shown = ", ".join(f"{n} {unseen.classes[kind]}" for kind, n in enumerate(of_eight) if n)
    prefers = int(favourites[at])
    print(
        fill(
            f"Channel {at} ({why}, selectivity {selectivity[at]:.2f}) prefers "
            f"{unseen.classes[prefers]}; of the eight images that drive it most "
            f"{of_eight[prefers]} are of that class. They are: {shown}.",
            88,
        )
    )
alone = patches.values[:, 0] > 0
first_class = choosing.labels[patches.images[:, 0]]
differ = (first_class != favourites)[alone].float().mean().item()
print(f"of all channels, {differ:.0%} are driven most by an image of another class than preferred")
assert differ > 0.1

# %%
# The highest response and the highest mean tell different stories. A channel may respond a little
# to each of a thousand bags and very much to a single shirt: its index names the bags, its top
# images are shirts, and neither is wrong. So don't name a channel after one of them without the
# other.
#
# Class by class
# --------------
#
# An average over classes can hide a loss. Zhou et al. (2018) found that a unit may cost little
# overall and much for certain classes. Does the class that a channel prefers suffer most when the
# channel is off? The sixteen channels that matter most, measured on the other half; a dot marks the
# preferred class. There are about 150 images of each class, so one image is two thirds of a point:
# cells that change by no more than one image are left white.

change = 100 * again.class_accuracy_change.numpy()
top = np.argsort(-loss)[:16]
figure, axes = plt.subplots(figsize=(8, 4.4), layout="constrained")
limit = np.abs(change[top]).max()
one_image = 100 / judging.labels.bincount(minlength=10).numpy()
more = np.abs(change[top]) > 1.5 * one_image
drawn = axes.imshow(
    np.where(more, change[top], 0).T, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto"
)
axes.plot(range(16), favourites[top], "o", color="black", markersize=4)
axes.set_xticks(range(16), top)
axes.set_yticks(range(len(unseen.classes)), unseen.classes)
axes.set(xlabel="channel of conv3, the one that matters most first")
axes.set_title("Change of each class's accuracy by more than one image")
figure.colorbar(drawn, label="percentage points (blue: loses)")
channel, worst = np.unravel_index(change[top].argmin(), change[top].shape)
save_figure(
    figure,
    "classes_that_suffer",
    "Change of ten classes' accuracy without each of 16 channels. The largest loss, "
    f"{change[top].min():.1f} points: {unseen.classes[worst]} without channel {top[channel]}, "
    f"which prefers {unseen.classes[favourites[top[channel]]]}. {more.mean():.0%} of the "
    "cells change by more than one image.",
)

# %%
# Most cells are one image or none, so a single cell says little, and we ask all of them together.
# Against chance: the change of the preferred class, summed over the channels, with the preferred
# classes dealt out anew two thousand times. That keeps how often each class is preferred, and how
# easily each class is lost.

everyone, rng = np.arange(channels), np.random.default_rng(0)


def of_favourites(classes):
    """Mean change of the preferred class; share of channels whose preferred class loses most."""
    own, lowest = change[everyone, classes], change.min(axis=1)
    return own[alive].mean(), ((own == lowest) & (lowest < 0))[alive].mean()


own, hits = of_favourites(favourites.numpy())
shuffled = np.array([of_favourites(rng.permutation(favourites.numpy())) for _ in range(2000)])
rarity = (1 + (shuffled[:, 0] <= own).sum()) / 2001
print(f"change of the preferred class {own:+.3f} points, dealt out {shuffled[:, 0].mean():+.3f}")
print(f"the preferred class loses most: {hits:.0%} of the channels, ", end="")
print(f"dealt out {shuffled[:, 1].mean():.0%}")
print(f"a shuffle does as much in a share of {rarity:.4f}")
assert rarity < 0.01
assert hits < 0.45
assert more.mean() < 0.5

# %%
# Both halves of the result count. The preferred class suffers more than chance would have it, so
# what a channel responds to does tell something about *which* class it serves. But where one class
# suffers most, it often is another. "The trouser filter" is a name for what a channel responds to,
# and not for what the network does with it.
#
# Off together
# ------------
#
# If channels could stand in for each other, each alone would seem dispensable, and a group would
# not. So the effect of random groups is set against the sum of their members' single effects.

sizes, draws = (2, 13, 32, 64), 10
groups = [rng.permutation(channels)[:size].tolist() for size in sizes for _ in range(draws)]
joint = ablation_effects(network, layer, judging, groups, batch_size=250).loss_change.numpy()
single = np.array([again.loss_change[group].sum() for group in groups])
joint, single = joint.reshape(-1, draws), single.reshape(-1, draws)
print("channels off   their single effects' sum   together: more than the sum by")
for size, alone, together in zip(sizes, single, joint):
    print(f"{size:12}{alone.mean():+27.4f}   {Spread(together - alone, of='groups'):+.4f}")
pairs, half = Spread(joint[0] - single[0]), Spread(joint[-1] - single[-1])
assert abs(pairs.mean) < 0.3 * single[0].mean()
assert half.interval[0] > 0.3 * single[-1].mean()
assert (joint[-1] > single[-1]).all()

# %%
# Two channels cost about what they cost one by one. Half of the layer costs far more than the
# effects of its members add up to. So "this filter doesn't matter" means *this filter alone*, and a
# list of single effects is no list of what can go.
#
# The first layer
# ---------------
#
# What holds for the last convolution needn't hold for the first. Switching off there means running
# nearly all of the network again for each channel, so we take fewer images. Five trainings with
# other seeds were asked as well.

first = ablation_effects(network, "pool1", choosing[:150], batch_size=50)
first_selectivity, first_loss = statistics["pool1"].selectivity.numpy(), first.loss_change.numpy()
for name, of, how in [("conv1", first_loss, first_selectivity), ("conv3", loss, selectivity)]:
    print(f"{name}: {len(of)} channels, selectivity {np.nanmean(how):.2f} on average;", end=" ")
    print(f"without one the loss rises by {of.mean():.4f} on average, at most {of.max():.4f}")
less, missed = (
    controls[f"conv1 less conv3: {what}"] for what in ("selectivity", "rise of the loss")
)
print(f"five trainings, conv1 less conv3: selectivity {less:+.2f}")
print(f"                                  rise of the loss {missed:+.4f}")
assert first_loss.mean() > 1.3 * loss.mean()
assert less.sign == -1
assert np.nanmean(first_selectivity) < np.nanmean(selectivity) - 0.05
assert missed.sign == 1

# %%
# The first layer has fewer channels, they are less selective, and on average each is missed more.
#
# Dead filters
# ------------
#
# A channel that is zero for every image tried can be dropped for nothing: a zero adds nothing to
# any sum. How many are there, and which comes nearest?

for name, of in statistics.items():
    rare = int(of.active_images.argmin())
    print(f"{name}: {int(of.dead.sum())} of {len(of.dead)} dead; ", end="")
    print(f"channel {rare} is active for {of.active_images[rare]:.1%} of the images")

# %%
# Dead means dead for every image tried, and no more: a channel that is silent for these clothes may
# be active for others.
#
# What does pruning cost?
# -----------------------
#
# Now the layer is thinned out for good, without training again. Whom to drop first? Those whose
# absence hurts least, by ablation; those with the smallest weights (Li et al., 2017); the most
# selective; or any. The order is chosen on one half and its price taken on the other. Random orders
# are drawn six times.

shares = np.arange(0, 10) / 10
orders = {
    "least missed first": np.argsort(loss),
    "smallest weights first": network.conv3.weight.detach()
    .abs()
    .sum(dim=(1, 2, 3))
    .argsort()
    .numpy(),
    "most selective first": np.argsort(-np.nan_to_num(selectivity)),
}
orders |= {f"random {n}": rng.permutation(channels) for n in range(6)}
counts = (shares * channels).round().astype(int)
groups = [order[:count].tolist() for order in orders.values() for count in counts]
priced = ablation_effects(network, layer, judging, groups, batch_size=250)
pruned = priced.accuracies.view(len(orders), -1).numpy()
curves = dict(zip(orders, pruned)) | {"random order": np.median(pruned[3:], axis=0)}
by_loss, by_selectivity = curves["least missed first"], curves["most selective first"]
randomly = curves["random order"]
tenth, chance = counts[1], np.sqrt(again.accuracy * (1 - again.accuracy) / len(judging))
print(f"a tenth is {tenth} channels; accuracy with all {again.accuracy:.2%}, give or take", end=" ")
print(f"{chance:.2%} (standard error)")
for name in (*list(orders)[:3], "random order"):
    print(f"{name:24}a tenth off {curves[name][1]:.2%}, half {curves[name][5]:.2%}", end=", ")
    print(f"four fifths {curves[name][8]:.2%}")
lead = {name: curves[name][5] - randomly[5] for name in list(orders)[:3]}
spread = pruned[3:, 5].max() - pruned[3:, 5].min()
for name, points in lead.items():
    clear = "more than the six random orders differ" if abs(points) > spread else "within chance"
    print(f"half off, {name}: {100 * points:+.1f} points against the random median, {clear}")

# %%
# And is the price of the least missed tenth the same for all classes?

by_class = 100 * priced.class_accuracy_change[1]
worst, best = int(by_class.argmin()), int(by_class.argmax())
names = [f"{by_class[at]:+.1f} points ({unseen.classes[at]})" for at in (worst, best)]
print("least missed tenth, class by class: from", " to ".join(names))

figure, axes = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
low, high = np.quantile(100 * pruned[3:], [0, 1], axis=0)
label = "six random orders, from worst to best"
axes.fill_between(100 * shares, low, high, color="#dcdcdc", linewidth=0, label=label)
styles = ["o-", "s--", "^-."]
colors = ["#0b5fa5", "#7a3e9d", "#c4560f"]
for name, style, color in zip(list(orders)[:3], styles, colors):
    axes.plot(100 * shares, 100 * curves[name], style, color=color, label=name)
axes.plot(100 * shares, 100 * curves["random order"], ":", color="#555555", label="random, median")
axes.set(xlabel="share of conv3's channels switched off, in %", ylabel="accuracy in %")
axes.set_title("What pruning costs, on pictures that had no say in it")
axes.legend(frameon=False, loc="lower left")
axes.spines[["top", "right"]].set_visible(False)
save_figure(
    figure,
    "pruning",
    "Accuracy against the share of channels switched off, four orders. With four fifths off: "
    f"least missed first {by_loss[8]:.0%}, random {randomly[8]:.0%}, most selective first "
    f"{by_selectivity[8]:.0%}. A tenth costs at most "
    f"{100 * (again.accuracy - pruned[:3, 1].min()):.1f} points.",
)
half = controls["half off: most selective first, less random"]
print(f"five trainings, half off, most selective first less random: {half:+.1%}")
assert again.accuracy - min(by_loss[1], randomly[1]) < 0.02
assert by_loss[8] > randomly[8] + 0.05
assert by_loss[9] > pruned[3:, 9].max()
assert again.accuracy - pruned[:, 1].min() < 0.03
assert by_selectivity[5] < min(pruned[3:, 5].min(), by_loss[5] - 0.04)
assert curves["smallest weights first"][5] > by_loss[5] - 0.02
assert half.sign == -1 or (unseen.source.is_stand_in and half.mean < 0)

# %%
# A tenth costs a point or so, in whatever order, and the choice hardly shows. Further on the orders
# part. Selective channels are dropped at a price: at half, that order does worse than any of the
# random ones. And with nine tenths off, the order that keeps what is missed most beats all of them.
#
# As to the line by class: accuracy overall may stay as it was while one class pays for another.
# With some 150 pictures of each a point or two is chance, so count more of them before you ship.
#
# What we learned
# ---------------
#
# * Importance can be measured, by switching off, and measured well: two sets of pictures put the
#   channels into much the same order.
# * How selective a channel is says little for sure about how much the network misses it: in one
#   training it did, in five others it didn't. Yet to drop the most selective half costs more than
#   to drop half at random. The class that it prefers says something about which class will miss it.
# * What a channel prefers on average and what drives it most can be two classes.
# * Effects don't add up, so a list of single effects isn't a plan for many. In whatever order, a
#   tenth can go at a price of about a point.
#
# **Limits.** One architecture and one set: what selectivity tells here needn't hold for yours, so
# measure. One way to switch off: a zero is a value that the layers behind may never have met, and a
# channel's mean in its place gives other effects. The network wasn't trained again after pruning,
# as one would in earnest. And a channel may keep to a part, such as a heel, that several classes
# share; an index by class calls that unselective.
#
# **Ethics.** Pruned networks keep their average accuracy and may lose it for a few: for rare
# classes, or for groups of people that the average hardly sees (Hooker et al., 2020). Whoever thins
# out a network that decides about people owes them the accuracy of each group, before and after.
#
# Exercise
# --------
#
# A channel that is switched off is still computed. Take the least missed tenth out of the weights:
# the filters of ``conv3``, and the columns of ``fc`` that read them. What does the smaller network
# answer, and how many of its parameters are gone?
#
# Answer: up to rounding, what the larger one does with these channels switched off, since a zero
# adds nothing to a sum. It has lost what only these channels used.

keep = np.sort(orders["least missed first"][tenth:])
state = network.state_dict()
state["conv3.weight"], state["conv3.bias"] = state["conv3.weight"][keep], state["conv3.bias"][keep]
state["fc.weight"] = state["fc.weight"].view(10, channels, -1)[:, keep].flatten(1)
smaller = SmallCNN(widths=[len(state[f"conv{stage}.bias"]) for stage in (1, 2, 3)]).eval()
smaller.load_state_dict(state)
with ablate(network, layer, orders["least missed first"][:tenth]), torch.no_grad():
    switched_off, taken_out = network(few.images / 255), smaller(few.images / 255)
sizes = [sum(one.numel() for one in model.parameters()) for model in (network, smaller)]
print(f"largest difference of the logits {(switched_off - taken_out).abs().max():.0e}; ", end="")
print(f"parameters {sizes[0]:,} and {sizes[1]:,}, {1 - sizes[1] / sizes[0]:.1%} fewer")
assert torch.allclose(switched_off, taken_out, atol=1e-3)
assert sizes[1] < 0.95 * sizes[0]

# %%
# Where to go next
# ----------------
#
# `What does a filter do? <plot_20_roles.html>`_ measures what single filters answer to. `Do deeper
# layers know more? <../4_hierarchy/plot_20_edges_to_objects.html>`_ asks whole layers. Why looking
# at units one by one can mislead is in `the limits of looking
# <../../explain/limits-of-looking.html>`_.
#
# References
# ----------
#
# * A. S. Morcos, D. G. T. Barrett, N. C. Rabinowitz and M. Botvinick (2018). `On the importance of
#   single directions for generalization <https://arxiv.org/abs/1803.06959>`_.
# * B. Zhou, Y. Sun, D. Bau and A. Torralba (2018). `Revisiting the importance of individual units
#   in CNNs via ablation <https://arxiv.org/abs/1806.02891>`_.
# * M. L. Leavitt and A. Morcos (2021). `Selectivity considered harmful: evaluating the causal
#   impact of class selectivity in DNNs <https://arxiv.org/abs/2003.01262>`_. Networks trained to be
#   less selective did as well, and some better.
# * H. Li, A. Kadav, I. Durdanovic, H. Samet and H. P. Graf (2017). `Pruning filters for efficient
#   ConvNets <https://arxiv.org/abs/1608.08710>`_.
# * S. Hooker, N. Moorosi, G. Clark, S. Bengio and E. Denton (2020). `Characterising bias in
#   compressed models <https://arxiv.org/abs/2010.03058>`_.
# * H. Xiao, K. Rasul and R. Vollgraf (2017). `Fashion-MNIST: a novel image dataset for benchmarking
#   machine learning algorithms <https://arxiv.org/abs/1708.07747>`_.
