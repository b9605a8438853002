"""
Where did the network look?
===========================

A network reads a 7. Which pixels made it say so? An *attribution* method answers with a map: so
much did each pixel count for the answer, so much against it. The library Captum has many such
methods. A map can look sensible and have nothing to do with what the network has learned. So we
draw four kinds of map, add two suspects, and put all six to two tests. Captum is a library of its
own: ``pip install captum``.

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
from textwrap import fill

import torch
from captum import attr
from matplotlib import pyplot as plt
from scipy.stats import spearmanr

from cnnvis import SmallCNN, evaluate, fit, load, load_controls, plot_images, plot_maps, save_figure

warnings.filterwarnings("ignore", module="captum")  # it announces every hook that it sets

# %%
# A network, and digits that it reads well
# ----------------------------------------


def learn(images, start, seen=24_000):
    torch.manual_seed(start)
    network = SmallCNN()
    fit(network, images, epochs=min(8, seen // len(images)), seed=start, measure=False)
    return network


train, test = load("mnist", "train")[:12_000], load("mnist", "test")
print(train.source)
network = learn(train, 0)
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
# score before the softmax? A black square of 5×5 pixels moves over the image in steps of 2, and
# each pixel gets the mean drop of the squares that covered it. Where a patch spoke *against* the
# digit, the logit rises when it goes, and the map is negative.


def occlusion(network, digits, numbers):
    method = attr.Occlusion(network)
    return method.attribute(digits, (1, 5, 5), (1, 2, 2), target=numbers, perturbations_per_eval=8)


def show(rows):
    height = 1.65 * (1 + len(rows))
    figure, axes = plt.subplots(1 + len(rows), 1, figsize=(8, height), layout="constrained")
    plot_images(digits[:6], columns=6, title="six digits, all read correctly", ax=axes[0])
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
# The image is faded in from black in 32 steps. At each step the gradient says how much each pixel
# would move the logit. Its mean, times the pixel, is the pixel's share. The shares can be checked:
# together they are the *whole* difference between the logits of the image and of a black one.


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
assert outside == 0
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
# ``relu3`` that gives 7×7 values; programs enlarge them, which makes them smoother, not more
# precise, and drop the negative ones. We keep both signs. HiResCAM leaves the mean out: it takes
# each value times *its own* gradient. In a network that ends with a mean over each map the two are
# the same (Draelos and Carin, 2020). Ours doesn't end so: it knows *where* in a map something is.


def gradcam(network, digits, numbers):
    return attr.LayerGradCam(network, network.relu3).attribute(digits, target=numbers).detach()


def hirescam(network, digits, numbers):
    method = attr.LayerGradientXActivation(network, network.relu3)
    return method.attribute(digits, target=numbers).detach().sum(dim=1, keepdim=True)


def unread(maps):
    """How much of the maps' mass, the sum of sizes, lies in the last row and column."""
    mass = maps.abs()
    return ((mass[..., -1, :].sum() + mass[..., :-1, -1].sum()) / mass.sum()).item()


mean, own = gradcam(network, digits, numbers), hirescam(network, digits, numbers)
print(f"maps: {tuple(mean.shape)}; by the mean gradient {(mean < 0).float().mean():.0%} below zero")
expected = logit(digits) - network.fc.bias.detach()[numbers]
error = (own.sum(dim=(1, 2, 3)) - expected).abs().max()
print(f"HiResCAM adds up to the logit without its bias, error {error:.1e}")
assert error < 1e-3
figure = show({"Grad-CAM at relu3": mean, "HiResCAM at relu3": own})
for ax in figure.axes[1:3]:
    for left in range(0, 48, 8):  # a map of 7 cells, and a gap
        ax.plot(left + torch.tensor([-0.5, 5.5, 5.5]), [5.5, 5.5, -0.5], "k-", linewidth=0.8)
save_figure(
    figure,
    "gradcam",
    "Six digits, their Grad-CAM and HiResCAM maps of 7×7 values, red for the digit, blue against. "
    f"On the last row and column, cut off by a line, lies {unread(mean):.0%} of Grad-CAM's mass "
    f"and {unread(own):.0%} of HiResCAM's.",
)

# %%
# Look at the last row and column, cut off by a line. ``pool3`` reads squares of 2×2 cells, and 7 is
# odd: these 13 of the 49 cells are never read. Write a 9 into them, and no logit moves. So their
# gradient is zero, and HiResCAM, by construction, puts nothing there. Grad-CAM gives all cells of a
# map the same weight, these too, and colours them: it is not faithful to this network.


def write_nines(module, inputs, output):
    output = output.clone()
    output[..., -1, :] = output[..., -1] = 9
    return output


before, hook = logit(digits), network.relu3.register_forward_hook(write_nines)
assert logit(digits).equal(before)
hook.remove()

controls = load_controls("attribution", test)
wasted, at_start = (controls[f"Grad-CAM, unread, {one}"] for one in ("trained", "untrained"))
text = (
    f"Grad-CAM puts {unread(mean):.0%} of its mass on cells that are never read, HiResCAM "
    f"{unread(own):.0%}. In several trainings, with other digits, it is {wasted:.0%} for Grad-CAM; "
    f"in untrained networks {at_start:.0%}."
)
print(fill(text, 88))
assert unread(own) == 0
assert unread(mean) in wasted
assert min(wasted.values) > 0.05

# %%
# Two suspects
# ------------
#
# *Guided backpropagation* is a gradient that drops its negative parts at every ReLU on its way
# back. The last candidate is no attribution at all: an edge detector, which never asks the network.


def guided(network, digits, numbers):
    return attr.GuidedBackprop(network).attribute(digits, target=numbers).detach()


def edges(network, digits, numbers):
    return torch.stack(torch.gradient(digits, dim=(2, 3))).norm(dim=0)


def draw(method, network, digits, numbers):
    """One map for each digit, in its size."""
    maps = method(network, digits, numbers)
    return attr.LayerAttribution.interpolate(maps, digits.shape[2:], "bilinear")[:, 0]


METHODS = {
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
# If a map shows what the network has learned, it should change when that is taken away (Adebayo et
# al., 2018). We give the layers fresh random weights, one after the other from the top, until
# nothing learned is left. How far a map still puts the pixels into the same order, we ask *within
# the ink* alone: on black pixels integrated gradients are zero for any network. Predict: which of
# the six maps will hardly notice?


def randomised(network, start):
    """The network, and copies whose layers are random from the top down to each one."""
    stages, erased = {"trained": network}, deepcopy(network)
    torch.manual_seed(start)
    for layer in ("fc", "conv3", "conv2", "conv1"):
        getattr(erased, layer).reset_parameters()
        stages[layer] = deepcopy(erased)
    return stages


def likeness(ones, others, where):
    """Mean rank correlation of two stacks of maps, over some pixels of each."""
    ranks = [spearmanr(a[w], b[w]).statistic for a, b, w in zip(ones, others, where)]
    return sum(ranks) / len(ranks)


stages = randomised(network, 0)
for layer, stage in list(stages.items())[1:]:
    accuracy = evaluate(stage, test[:1000]).accuracy
    print(f"random down to {layer}: accuracy {accuracy:.1%}")
    assert accuracy < 0.3

ink = digits[:, 0] > 0
maps = {
    name: [draw(method, stage, digits, numbers) for stage in stages.values()]
    for name, method in METHODS.items()
}
kept = {name: [likeness(ones[0], one, ink) for one in ones] for name, ones in maps.items()}

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
    f"With two random, guided backprop still draws the strokes, correlation in the ink "
    f"{kept['guided backprop'][2]:.2f}; integrated gradients: "
    f"{kept['integrated gradients'][2]:.2f}.",
)

# %%
# One network, one draw of random weights and sixteen digits can mislead. So the rank correlation in
# the ink was also measured for several trainings, each with random weights and digits of its own:

asked = [name for name in METHODS if name != "edge detector"]
for name in asked:
    top, every = controls[f"{name}, fc"], controls[f"{name}, conv1"]
    print(f"{name}\n    fc random: {top:.2f}\n    all random: {every:.2f}")
    assert kept[name][1] in top
    assert kept[name][4] in every
*changing, _ = asked
most = max(abs(end) for name in changing for end in controls[f"{name}, fc"].interval)
text = (
    f"With the last layer random, {', '.join(changing[:-1])} and {changing[-1]} order the ink "
    f"anew: none of their intervals reaches beyond {most:.2f} on either side of 0. Guided backprop "
    f"keeps most of its order, {controls['guided backprop, fc'].mean:.2f}, and with nothing "
    f"learned left still {controls['guided backprop, conv1'].mean:.2f}."
)
print(fill(text, 88))
assert most < 0.3
assert controls["guided backprop, fc"].interval[0] > 0.8
assert controls["guided backprop, conv1"].interval[0] > 0.4
assert min(kept["edge detector"]) > 0.999

# %%
# The edge detector never asks the network, so its maps stay as they are, by construction. They show
# how sensible a map looks with no network at all.
#
# Now a trap. Many programs draw only how *large* each value is, without its sign, and many compare
# *every* pixel, black ones too. The same test for the sizes:


sizes = {name: [one.abs() for one in ones] for name, ones in maps.items()}
panels = {"with the sign, in the ink": kept}
for title, where in {"size, every pixel": ink | True, "size, in the ink": ink}.items():
    panels[title] = {
        name: [likeness(ones[0], one, where) for one in ones] for name, ones in sizes.items()
    }
figure, row = plt.subplots(1, 3, figsize=(8, 3.9), sharey=True, layout="constrained")
for ax, (title, rows) in zip(row, panels.items()):
    for (name, values), style in zip(rows.items(), ("o-", "s-", "^-", "v-", "D--", "k:")):
        ax.plot(["none", *list(stages)[1:]], values, style, label=name)
    ax.set_title(title, fontsize=10)
    ax.set_xlabel("random down to")
    ax.axhline(0, color="#b8b8b8", linewidth=0.8, zorder=0)
    ax.spines[["top", "right"]].set_visible(False)
row[0].set_ylabel("rank correlation")
figure.legend(*row[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
signed, every, inside = (rows["integrated gradients"][4] for rows in panels.values())
save_figure(
    figure,
    "sanity_check",
    "Rank correlation with the trained network's maps as layers become random. Integrated "
    f"gradients fall to {signed:.2f} in the ink; their sizes stay at {every:.2f} over every pixel, "
    f"but only at {inside:.2f} in the ink.",
)

# %%
# Without their sign, integrated gradients seem not to change at all. But a black pixel's share is 0
# for every network, and most pixels are black: tied at the bottom of both orders, they make the
# number. Put *random numbers* into the ink, and it is as high.

(trained, *_, erased), shades = sizes["integrated gradients"], digits[:, 0]
torch.manual_seed(0)
measured = {
    "every pixel": every,
    "random numbers": likeness(trained, ink * torch.rand(ink.shape), ink | True),
    "in the ink": inside,
    "per brightness": likeness(trained / shades, erased / shades, ink),
}
found = {key: controls[f"integrated gradients, size, {key}"] for key in measured}
text = (
    f"{1 - ink.float().mean():.0%} of the pixels are black. Over every pixel: "
    f"{found['every pixel']:.2f}; random numbers in the ink: {found['random numbers']:.2f}. In the "
    f"ink alone: {found['in the ink']:.2f}. Bright pixels get large shares from any network: with "
    f"each share divided by its pixel's brightness, {found['per brightness']:.2f} is left."
)
print(fill(text, 88))
assert not any(one[~ink].any() for one in maps["integrated gradients"])
assert all(measured[key] in spread for key, spread in found.items())
assert found["random numbers"].interval[0] > 0.97
assert found["in the ink"].interval[1] < 0.7
assert found["per brightness"].interval[1] < 0.2 * found["in the ink"].mean

# %%
# So the sizes of a network that has learned *nothing* show where the ink is, and how bright. Draw
# signed values signed, compare maps only where they can differ, and don't judge a map by how well
# it matches what you see in the image.
#
# The test has critics. Yona and Greenfeld (2021) object that its verdict may be owed to the task on
# which it is run, not to the method: on digits, a map of the strokes may be right for two networks.
# Binder et al. (2023) object that noise passes it, and that channels which are strong stay strong
# under random layers, so that a good map need not change by much. The exercise has another test.
#
# What we learned
# ---------------
#
# * Occlusion measures, integrated gradients share out, Grad-CAM asks one layer. They needn't agree.
# * Grad-CAM colours cells that nothing reads; HiResCAM can't.
# * A map that survives the loss of everything learned shows the image more than the network.
# * A correlation over black pixels measures the black pixels.
#
# **Limits.** The test can cast doubt on a map, but not clear it: one that changes may still be
# wrong. A few digits and one small architecture say little about photographs. All of these maps add
# up single pixels, and say nothing of what pixels mean together. And "looked" is our word; the
# network multiplies.
#
# **Ethics.** A map that looks right calms people down: doctors, judges, and those they decide on.
# Show one to somebody who has to rely on it only together with the tests that it has passed.
#
# Exercise
# --------
#
# Here is a test with a known answer. Train a network on digits that bear a white square in the
# corner whenever they are a 3, and a second one on as many squares placed by chance. The first can
# use the mark as a clue. Show marked digits, none of them a 3, to both, and ask what speaks for a
# 3: how much of each map lies on the mark?
#
# Answer: guided backpropagation, which failed the first test, finds the clue. Grad-CAM, which
# passed it, does not; HiResCAM does, and the mean over a map is all that tells the two apart. One
# test is not enough, and one with a known answer is worth most.


def mark(digits, which):
    images = digits.images.clone()
    images[which, :, 2:5, 2:5] = 255
    return replace(digits, images=images)


def pupils(digits, start):
    """One network for which the mark is a clue, and one for which it is a decoy."""
    threes = digits.labels == 3
    by_chance = threes[torch.randperm(len(threes), generator=torch.Generator().manual_seed(start))]
    return {
        role: learn(mark(digits, which), start, seen=16_000)
        for role, which in {"clue": threes, "decoy": by_chance}.items()
    }


def on_mark(method, pupil, marked):
    """The share of what speaks for a 3 that lies on the mark and one pixel around it."""
    threes = torch.full((len(marked),), 3)
    found = draw(method, pupil, marked.images / 255, threes).clamp(min=0)
    return (found[:, 1:6, 1:6].sum() / found.sum()).item()


others, share = mark(test[test.labels != 3][:16], slice(None)), {}
for role, pupil in pupils(train[:4000], 0).items():
    fooled = (evaluate(pupil, others).predictions == 3).float().mean()
    print(f"mark as {role}: {fooled:.0%} of marked digits are read as 3")
    share |= {(name, role): on_mark(method, pupil, others) for name, method in METHODS.items()}
    assert fooled in controls[f"read as a 3, {role}"]

gains = {}
for name in asked:
    clue, decoy = (controls[f"{name} on the mark, {role}"] for role in ("clue", "decoy"))
    print(f"{name}, on the mark\n    a clue: {clue:.0%}\n    a decoy: {decoy:.0%}")
    assert share[name, "clue"] in clue
    assert share[name, "decoy"] in decoy
    gains[name] = clue - decoy
finds = ", ".join(name for name, gain in gains.items() if gain.sign > 0)
gain = gains["Grad-CAM"]
told = "a difference" if gain.sign else "no difference that these trainings could tell"
text = (
    f"More lies on the mark where it is a clue for {finds}. For Grad-CAM there is {told}: "
    f"{gain:.2f}. The edge detector puts {share['edge detector', 'clue']:.0%} there either way."
)
print(fill(text, 88))
assert finds == "occlusion, integrated gradients, HiResCAM, guided backprop"
assert gain.interval[1] < 0.1 < gains["HiResCAM"].interval[0]
assert (controls["read as a 3, clue"] - controls["read as a 3, decoy"]).sign > 0
assert share["edge detector", "clue"] == share["edge detector", "decoy"]

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
# * A. Binder et al. (2023). `Shortcomings of top-down randomization-based sanity checks for
#   evaluations of deep neural network explanations <https://arxiv.org/abs/2211.12486>`_.
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
# * G. Yona and D. Greenfeld (2021). `Revisiting sanity checks for saliency maps
#   <https://arxiv.org/abs/2110.14297>`_.
# * M. D. Zeiler and R. Fergus (2014). `Visualizing and understanding convolutional networks
#   <https://doi.org/10.1007/978-3-319-10590-1_53>`_ (occlusion).
