"""
Where did the network look?
===========================

A network reads a 7. Which pixels made it say so? An *attribution* method answers with a map: so
much did each pixel count for the answer, so much against it. The library Captum has many such
methods, and nearly all of their maps look sensible. That is the trouble: a map can look sensible
and have nothing to do with what the network has learned. So we draw four kinds of map, add two
suspects, and put all six to the test. Captum is a library of its own: ``pip install captum``.

After this page you can

* compute occlusion, integrated gradients and Grad-CAM, and draw them without misleading,
* test whether a map depends on what the network has learned,
* say what such a map shows, and what it doesn't.

In the glossary: `logits <../../glossary.html#term-logits>`_, `softmax
<../../glossary.html#term-softmax>`_, `feature map <../../glossary.html#term-feature-map>`_, `ReLU
<../../glossary.html#term-ReLU>`_.
"""

# sphinx_gallery_thumbnail_number = 1

import warnings
from copy import deepcopy
from dataclasses import replace

import torch
from captum import attr
from matplotlib import pyplot as plt
from scipy.stats import spearmanr

from cnnvis import SmallCNN, evaluate, fit, load, plot_images, plot_maps, save_figure

warnings.filterwarnings("ignore", module="captum")  # it announces every hook that it sets

# %%
# A network, and digits that it reads well
# ----------------------------------------

train, test = load("mnist", "train")[:12_000], load("mnist", "test")
print(train.source)
torch.manual_seed(0)
network = SmallCNN()
fit(network, train, test[:1000], epochs=2 if len(train) == 12_000 else 8)
result = evaluate(network, test)
print(f"accuracy on {len(test):,} test digits: {result.accuracy:.1%}")
assert result.accuracy > 0.9

chosen = test[result.predictions == test.labels][:16]
digits, numbers = chosen.images / 255, chosen.labels
print(f"digits: {tuple(digits.shape)}, {digits.dtype}, {digits.min():g} to {digits.max():g}")

# %%
# Occlusion: cover it and see
# ---------------------------
#
# The simplest question: if this patch were black, how much lower would the digit's *logit* be, its
# score before the softmax? A black square of 5×5 pixels moves over the picture in steps of 2, and
# each pixel gets the mean drop of the squares that covered it. Where a patch spoke *against* the
# digit, the logit rises when it goes, and the map is negative.


def occlusion(network, digits, numbers):
    method = attr.Occlusion(network)
    return method.attribute(digits, (1, 5, 5), (1, 2, 2), target=numbers, perturbations_per_eval=8)


def show(rows):
    height = 1.65 * (1 + len(rows))
    figure, axes = plt.subplots(1 + len(rows), 1, figsize=(8, height), layout="constrained")
    plot_images(digits[:6], columns=6, title="six digits, all read rightly", ax=axes[0])
    for ax, (title, maps) in zip(axes[1:], rows.items()):
        plot_maps(maps[:6, 0], columns=6, signed=True, title=title, ax=ax)
    return figure


covered = occlusion(network, digits, numbers)
print(f"maps: {tuple(covered.shape)}, {covered.min():.1f} to {covered.max():.1f} logits")
figure = show({"occlusion: drop of the logit": covered})
against = (covered < 0).float().mean()
save_figure(
    figure,
    "occlusion",
    "Six digits above their occlusion maps: red where covering a patch lowers the digit's logit, "
    f"blue where it raises it. In {len(digits)} digits {against:.0%} of the pixels speak against.",
)

# %%
# A black square on black paper changes nothing. Occlusion can't say that a *gap* counts, as it does
# for a 4 that would be a 9 if it were closed. A grey one adds something where nothing was: `drag it
# over a 6 <../../explorer/index.html#digit=6&square=3-4>`_ in the explorer, and watch the answer.
#
# Integrated gradients: fade it in
# --------------------------------
#
# The picture is faded in from black in 32 steps. At each step the gradient says how much each pixel
# would move the logit. Its mean, times the pixel, is the pixel's share. The shares can be checked:
# together they are the *whole* difference between the logits of the picture and of a black one.


def integrated(network, digits, numbers):
    method = attr.IntegratedGradients(network)
    return method.attribute(digits, target=numbers, n_steps=32, internal_batch_size=320).detach()


def logit(images):
    return network(images).gather(1, numbers[:, None])[:, 0].detach()


shares = integrated(network, digits, numbers)
difference = logit(digits) - logit(torch.zeros_like(digits))
gap = (shares.sum(dim=(1, 2, 3)) - difference).abs().max()
print(
    f"logits differ by {difference.min():.1f} to {difference.max():.1f}; shares miss by {gap:.2f}"
)
assert gap < 0.1 * difference.mean()
figure = show({"integrated gradients: share of the logit": shares})
outside = shares[digits == 0].abs().max()
save_figure(
    figure,
    "integrated_gradients",
    "Six digits above their integrated gradients, red for and blue against the digit. All lies on "
    f"the ink: the largest share of a black pixel is {outside:g}.",
)

# %%
# A share is multiplied by its pixel, so black pixels always get zero. Keep that in mind: *any*
# network would give a map in the shape of the digit.
#
# Grad-CAM: ask a deep layer
# --------------------------
#
# Grad-CAM multiplies each map of a layer with the *mean* of its gradient, and adds the maps up. At
# ``relu3`` that gives 7×7 values; programs blow them up, which makes them smoother, not more
# precise, and drop the negative ones. We keep both signs. In a network that ends with a mean over
# each map, the mean gradient is the right weight. Ours doesn't end so: it knows *where* in a map
# something is. The second row takes each value times *its own* gradient (HiResCAM).


def enlarged(maps, digits):
    return attr.LayerAttribution.interpolate(maps.detach(), digits.shape[2:], "bilinear")


def gradcam(network, digits, numbers):
    method = attr.LayerGradCam(network, network.relu3)
    return enlarged(method.attribute(digits, target=numbers), digits)


def hirescam(network, digits, numbers):
    method = attr.LayerGradientXActivation(network, network.relu3)
    return enlarged(method.attribute(digits, target=numbers).sum(dim=1, keepdim=True), digits)


mean = attr.LayerGradCam(network, network.relu3).attribute(digits, target=numbers).detach()
each = attr.LayerGradientXActivation(network, network.relu3).attribute(digits, target=numbers)
own = each.detach().sum(dim=1, keepdim=True)
print(
    f"maps: {tuple(mean.shape)}; below zero: {(mean < 0).float().mean():.0%} by the mean gradient"
)
expected = logit(digits) - network.fc.bias.detach()[numbers]
error = (own.sum(dim=(1, 2, 3)) - expected).abs().max()
print(f"HiResCAM adds up to the logit without its bias, error {error:.1e}")
assert error < 1e-3
figure = show({"Grad-CAM at relu3": mean, "HiResCAM at relu3": own})
agree = torch.corrcoef(torch.stack([mean.flatten(), own.flatten()]))[0, 1]
save_figure(
    figure,
    "gradcam",
    "Six digits, their Grad-CAM and their HiResCAM maps of 7×7 values, red for the digit, blue "
    f"against it. The correlation of the two is {agree:.2f}.",
)

# %%
# Two suspects
# ------------
#
# *Guided backpropagation* is a gradient that drops its negative parts at every ReLU on its way
# back; it draws crisp outlines. The last candidate is no attribution at all: an edge detector,
# which never asks the network.


def guided(network, digits, numbers):
    return attr.GuidedBackprop(network).attribute(digits, target=numbers).detach()


def edges(network, digits, numbers):
    return torch.stack(torch.gradient(digits, dim=(2, 3))).norm(dim=0)


methods = {
    "occlusion": occlusion,
    "integrated gradients": integrated,
    "Grad-CAM": gradcam,
    "HiResCAM": hirescam,
    "guided backprop": guided,
    "edge detector": edges,
}

# %%
# The test: take away what was learned
# ------------------------------------
#
# If a map shows what the network has learned, it must change when that is taken away (Adebayo et
# al., 2018). We give the layers fresh random weights, one after the other from the top, until
# nothing learned is left. Predict: which of the six maps will hardly notice?

stages, erased = {"trained": network}, deepcopy(network)
torch.manual_seed(1)
for layer in ("fc", "conv3", "conv2", "conv1"):
    getattr(erased, layer).reset_parameters()
    stages[layer] = deepcopy(erased)
    accuracy = evaluate(erased, test[:1000]).accuracy
    print(f"random down to {layer}: accuracy {accuracy:.1%}")
    assert accuracy < 0.3


def likeness(ones, others):
    """Mean rank correlation of two stacks of maps."""
    ranks = [spearmanr(*pair).statistic for pair in zip(ones.flatten(1), others.flatten(1))]
    return sum(ranks) / len(ranks)


maps = {
    name: [method(stage, digits, numbers)[:, 0] for stage in stages.values()]
    for name, method in methods.items()
}
kept = {name: [likeness(ones[0], one) for one in ones] for name, ones in maps.items()}
print("rank correlation with the trained network's maps, with random weights down to")
print(" " * 21 + "".join(f"{stage:>9}" for stage in stages))
for name, values in kept.items():
    print(f"{name:21}" + "".join(f"{value:9.2f}" for value in values))

# %%
# The same for one digit, to the eye. Each map has a scale of its own.

labels = ["trained", "fc random", "to conv3", "to conv2", "to conv1"]
figure, axes = plt.subplots(len(maps), 1, figsize=(6.2, 9.4), layout="constrained")
for ax, (name, ones) in zip(axes, maps.items()):
    row = torch.stack([one[0] for one in ones])
    above = labels if ax is axes[0] else None
    plot_maps(row, scale="map", columns=5, labels=above, title=name, ax=ax)
save_figure(
    figure,
    "maps_after_randomisation",
    f"Six kinds of map for a {numbers[0]}, while the layers from fc down to conv1 become random. "
    f"With two random, guided backprop keeps its outlines, correlation "
    f"{kept['guided backprop'][2]:.2f}; integrated gradients: "
    f"{kept['integrated gradients'][2]:.2f}.",
)

# %%
# Occlusion, integrated gradients and HiResCAM lose their way as soon as the last layer is random,
# and so they should: nobody is left who knows what a digit is. On the whole Grad-CAM does too.
# Guided backpropagation goes on drawing outlines of the digit, noisier ones at last; it mostly
# restores the picture. The edge detector shows how sensible a map looks with no network at all.

changing = ("occlusion", "integrated gradients", "HiResCAM")
assert all(abs(kept[name][1]) < 0.4 for name in changing)
assert sum(kept["Grad-CAM"][1:]) / 4 < 0.5
assert kept["guided backprop"][2] > 0.6
assert min(kept["edge detector"]) > 0.99

# %%
# Now a trap. Many programs draw only how *large* each value is, without its sign. The same test for
# the sizes:

sizes = {name: [one.abs() for one in ones] for name, ones in maps.items()}
large = {name: [likeness(ones[0], one) for one in ones] for name, ones in sizes.items()}
figure, both = plt.subplots(1, 2, figsize=(8, 3.9), sharey=True, layout="constrained")
for ax, (title, rows) in zip(both, {"with the sign": kept, "size alone": large}.items()):
    for (name, values), style in zip(rows.items(), ("o-", "s-", "^-", "v-", "D--", "k:")):
        ax.plot(list(stages), values, style, label=name)
    ax.set(title=title, xlabel="random down to")
    ax.axhline(0, color="#b8b8b8", linewidth=0.8, zorder=0)
    ax.spines[["top", "right"]].set_visible(False)
both[0].set_ylabel("rank correlation")
figure.legend(*both[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
signed, unsigned = kept["integrated gradients"][4], large["integrated gradients"][4]
print(f"integrated gradients, all random: {signed:.2f} with the sign, {unsigned:.2f} without")
assert unsigned > 0.8
save_figure(
    figure,
    "sanity_check",
    "Rank correlation with the trained network's maps as layers become random. That of integrated "
    f"gradients falls to {signed:.2f}; without the sign it stays at {unsigned:.2f}.",
)

# %%
# Without their sign, the integrated gradients of a network that has learned *nothing* rank the
# pixels almost as those of the trained one do: both are the picture of the ink. So draw signed
# values signed, and don't judge a map by how well it matches what you see in the picture.
#
# What we learned
# ---------------
#
# * Occlusion measures, integrated gradients share out, Grad-CAM asks one layer. They needn't agree.
# * A map that survives the loss of everything learned shows the picture, not the network.
# * The sign carries the news; the size of a share carries the shape of the input.
#
# **Limits.** The test can rule a map out, but not in: one that changes may still be wrong. Sixteen
# digits and one small network say little about photographs. All of these maps add up single pixels,
# and say nothing of what pixels mean together. And "looked" is our word; the network multiplies.
#
# **Ethics.** A map that looks right calms people down: doctors, judges, and those they decide on.
# Show one to somebody who has to rely on it only together with the test that it has passed.
#
# Exercise
# --------
#
# Here is a test with a known answer. Train a network on digits that bear a white square in the
# corner whenever they are a 3, and a second one on as many squares placed by chance. The first can
# use the mark as a clue. Show marked digits, none of them a 3, to both, and ask what speaks for a
# 3: how much of each map lies on the mark?
#
# Answer: occlusion and integrated gradients point at the mark where it is a clue, and much less
# where it isn't. The edge detector sees the mark in both alike. Guided backpropagation, which
# failed the first test, finds the clue. Grad-CAM misses it, since a mean over a whole map can't say
# "in this corner"; HiResCAM finds it. One test is not enough, and the one with a known answer is
# worth most.


def mark(digits, which):
    images = digits.images.clone()
    images[which, :, 2:5, 2:5] = 255
    return replace(digits, images=images)


pupils, share = train[:4000], {}
threes = pupils.labels == 3
by_chance = threes[torch.randperm(len(threes), generator=torch.Generator().manual_seed(0))]
others = mark(test[test.labels != 3][:16], slice(None))
for role, which in {"clue": threes, "decoy": by_chance}.items():
    torch.manual_seed(0)
    pupil = SmallCNN()
    fit(pupil, mark(pupils, which), test[:500], epochs=4 if len(pupils) == 4000 else 7)
    fooled = (evaluate(pupil, others).predictions == 3).float().mean()
    print(f"mark as {role}: {fooled:.0%} of marked digits are read as 3")
    for name, method in methods.items():
        found = method(pupil, others.images / 255, torch.full((16,), 3)).clamp(min=0)
        share[name, role] = (found[:, :, 1:6, 1:6].sum() / found.sum()).item()
for name in methods:
    print(f"{name:21} on the mark: {share[name, 'clue']:4.0%}, decoy {share[name, 'decoy']:4.0%}")

assert all(share[name, "clue"] > 1.5 * share[name, "decoy"] for name in changing[:2])
assert abs(share["edge detector", "clue"] - share["edge detector", "decoy"]) < 0.01
assert share["guided backprop", "clue"] > 1.5 * share["guided backprop", "decoy"]
assert share["HiResCAM", "clue"] > 2 * share["Grad-CAM", "clue"]

# %%
# Where to go next
# ----------------
#
# `Captum's methods on a network of your own <../../howto/captum.html>`_, in a few lines each. `What
# do learned filters look like? <../2_learned_filters/plot_20_filters.html>`_ shows the maps
# themselves, without asking what they are good for. `What looking can tell, and what it cannot
# <../../explain/limits-of-looking.html>`_ has more critiques of such maps.
#
# References
# ----------
#
# * J. Adebayo et al. (2018). `Sanity checks for saliency maps
#   <https://arxiv.org/abs/1810.03292>`_.
# * R. L. Draelos and L. Carin (2020). `Use HiResCAM instead of Grad-CAM for faithful explanations
#   of convolutional neural networks <https://arxiv.org/abs/2011.08891>`_.
# * N. Kokhlikyan et al. (2020). `Captum: a unified and generic model interpretability library for
#   PyTorch <https://arxiv.org/abs/2009.07896>`_.
# * R. R. Selvaraju et al. (2017). `Grad-CAM: visual explanations from deep networks via
#   gradient-based localization <https://doi.org/10.1109/ICCV.2017.74>`_.
# * J. T. Springenberg, A. Dosovitskiy, T. Brox and M. Riedmiller (2015). `Striving for simplicity:
#   the all convolutional net <https://arxiv.org/abs/1412.6806>`_ (guided backpropagation).
# * M. Sundararajan, A. Taly and Q. Yan (2017). `Axiomatic attribution for deep networks
#   <https://arxiv.org/abs/1703.01365>`_ (integrated gradients).
# * M. D. Zeiler and R. Fergus (2014). `Visualizing and understanding convolutional networks
#   <https://doi.org/10.1007/978-3-319-10590-1_53>`_ (occlusion).
