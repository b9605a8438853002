"""
What do layers see in a photograph?
===================================

A network that tells ten kinds of photographs apart comes with the package, so nothing is trained
here: we open it. Its first filters answer to edges and colours, its last to deer and trucks, or so
it seems. We draw what each stage likes best, in two ways side by side: the patches of real
photographs that drive a channel most, and a picture painted for it. And we measure what a layer
knows, what it has dropped on the way, and which answers hang on which channels.

After this page you can

* draw colour filters honestly, and tell those for brightness from those for colour,
* read a channel's top patches and its preferred picture together,
* say what a layer has dropped as well as what it has gained,
* find out, by switching channels off, which answers depend on them.

In the glossary: `receptive field <../../glossary.html#term-receptive-field>`_, `linear probe
<../../glossary.html#term-linear-probe>`_, `ablation <../../glossary.html#term-ablation>`_,
`logits <../../glossary.html#term-logits>`_, `preferred image
<../../glossary.html#term-preferred-image>`_.
"""

# sphinx_gallery_thumbnail_number = 5

from dataclasses import replace

import torch
from matplotlib import pyplot as plt

from cnnvis import (
    PhotoCNN,
    ablation_effects,
    capture,
    filter_roles,
    layer_features,
    layer_probes,
    layer_table,
    linear_probe,
    load,
    load_pretrained,
    plot_images,
    plot_kernels,
    plot_maps,
    plot_patches,
    preferred_images,
    save_figure,
    top_patches,
)

# %%
# The network, and photographs to show it
# ---------------------------------------
#
# The network has learned from the 50,000 training pictures of CIFAR-10. Its card says how well it
# does on the test pictures, and what it mixes up.

network, card = load_pretrained("cifar10")
print(card)
for true, named, count in card.confused(3):
    print(f"{true} called {named}: {count} of {sum(card.confusions[card.classes.index(true)])}")

# %%
# CIFAR-10 is large, so it is fetched on request alone. Where it isn't on disk, tiles of six of
# scikit-image's photographs take its place, and the class is the photograph that a tile was cut
# from. The network is the same. It calls a tile by one of its own ten names, which can't be right
# or wrong. So most of what follows asks about the network's own answers.

train, test = load("cifar10", "train"), load("cifar10", "test")
is_cifar = not test.source.is_stand_in
learning, asked = train[:500], test[:500]
print(f"{test.source}; classes: {', '.join(test.classes)}")

stages = ["relu1a", "relu2b", "relu3b", "relu4b"]
for row in layer_table(network, asked.images[:1] / 255):
    if row.name in stages:
        print(f"{row.name:6s} {row.shape[1:]!s:13s} a unit sees {row.receptive_field}")

seen = layer_features(network, [*stages, "fc"], asked)
answers = seen["fc"].argmax(dim=1)
print("answers:", dict(zip(card.classes, answers.bincount(minlength=10).tolist())))
if is_cifar:
    right = (answers == asked.labels).float().mean().item()
    print(f"right: {right:.1%} of {len(asked)}; the card says {card.accuracy:.1%}")
    assert abs(right - card.accuracy) < 0.06

# %%
# The first filters, in colour
# ----------------------------
#
# A filter of the first layer is 5×5 pixels of red, green and blue: it can be drawn as a little
# picture, where grey means a weight of zero. But the eye reads such a picture badly, so we also
# split it. What the three channels have in common is the *brightness* part; what is left once
# that is taken away is *colour*, one channel set against another. Predict: which share of a random
# filter's energy, the sum of its squared weights, is colour?


def split(weight):
    """The brightness part of each filter, and the share of its energy that is colour."""
    brightness = weight.mean(dim=1, keepdim=True)
    energy = weight.square().sum(dim=(1, 2, 3))
    return brightness, 1 - 3 * brightness.square().sum(dim=(1, 2, 3)) / energy


torch.manual_seed(0)
untrained = PhotoCNN().eval()
weight = network.conv1a.weight.detach()
brightness, colour = split(weight)
random_colour = split(untrained.conv1a.weight.detach())[1]
order = colour.argsort()
grey, opponent = (colour < 0.25).sum().item(), (colour > 0.85).sum().item()

largest = weight.abs().amax(dim=(1, 2, 3), keepdim=True)
figure, axes = plt.subplots(2, 1, figsize=(8, 2.8), layout="constrained")
plot_images(
    0.5 + weight[order] / largest[order] / 2,
    columns=16,
    title=f"the filters as pictures, from {colour.min():.0%} colour to {colour.max():.0%}",
    ax=axes[0],
)
plot_kernels(
    brightness[order],
    scale="map",
    columns=16,
    title="their brightness part alone, in the same order, each on a scale of its own",
    ax=axes[1],
)
save_figure(
    figure,
    "conv1_in_colour",
    f"The {len(weight)} filters of conv1a, from grey to colourful, as pictures and by their "
    f"brightness part, red above zero. {grey} are nearly grey (a quarter colour at most), "
    f"{opponent} nearly pure colour.",
)

# %%
# Two of three directions in the space of red, green and blue are colour, so a random filter is two
# thirds colour. The learned ones have moved away from there, to both ends.

print(f"random filters: {random_colour.min():.0%} to {random_colour.max():.0%} colour")
print(f"learned: {colour.min():.0%} to {colour.max():.0%}; nearly grey {grey}, pure {opponent}")
roles = filter_roles(brightness[colour < 0.25]).shares()
print("what the grey ones do:", {role: f"{share:.0%}" for role, share in roles.items()})
assert min(grey, opponent) >= 5 > ((random_colour < 0.25) | (random_colour > 0.85)).sum()
assert sum(roles.get(role, 0) for role in ("edge", "line", "gabor")) > 0.5

# %%
# Most of the grey ones are edges, lines or stripes; the colourful ones are blobs, and edges between
# two colours. There is a second difference. How much do weights change from pixel to pixel, in the
# brightness part and in the colour part of each filter?


def roughness(weight):
    """Mean over the filters: energy of the steps from pixel to pixel, per energy of the weights."""
    steps = sum(weight.diff(dim=at).square().sum(dim=(1, 2, 3)) for at in (2, 3))
    return (steps / weight.square().sum(dim=(1, 2, 3))).mean().item()


rough = {}
for name, one in {"learned": network, "random": untrained}.items():
    whole = one.conv1a.weight.detach()
    grey_part = split(whole)[0]
    rough[name] = roughness(grey_part), roughness(whole - grey_part)
    print(f"{name}: roughness {rough[name][0]:.1f} in brightness, {rough[name][1]:.1f} in colour")
assert rough["learned"][0] > 2 * rough["learned"][1]

# %%
# In random filters both are as rough. The learned ones look for fine detail in brightness, and for
# broad areas in colour. Nobody asked for that division of labour; the first layer of a large
# network has one like it (Krizhevsky and others, 2012).
#
# One photograph, stage by stage
# ------------------------------

image = asked[:1]
with capture(network, stages) as maps, torch.no_grad():
    chances = network(image.images / 255).softmax(dim=1)[0]
guesses = ", ".join(f"{card.classes[at]} {chances[at]:.0%}" for at in chances.topk(3).indices)
print(f"'{image.classes[image.labels[0]]}', in the network's words: {guesses}")

figure, axes = plt.subplots(5, 1, figsize=(8, 6.6), layout="constrained")
plot_images(image.images, title="the photograph", ax=axes[0])
for axis, (name, stage) in zip(axes[1:], maps.items()):
    strongest = stage[0].mean(dim=(1, 2)).argsort(descending=True)[:9]
    title = (
        f"{name}: the nine strongest of {stage.shape[1]} maps, {stage.shape[2]}×{stage.shape[3]}"
    )
    labels = [str(at) for at in strongest.tolist()]
    plot_maps(stage[0, strongest], columns=9, labels=labels, title=title, ax=axis)
active = {name: (stage > 0).float().mean().item() for name, stage in maps.items()}
save_figure(
    figure,
    "maps_by_stage",
    "A photograph and the nine strongest maps of each of four stages, from 32×32 down to 4×4 "
    f"values. Above zero are {active['relu1a']:.0%} of the first stage's values and "
    f"{active['relu3b']:.0%} of the third's.",
)

# %%
# At first one still sees the photograph; at the end a map is sixteen numbers, and the eye is of no
# more use. From there on we have to ask the channels what they like.
#
# What each stage likes
# ---------------------
#
# A channel can be asked in two ways. *Top patches*: of all photographs searched, the nine to which
# it responds most, with the receptive field of the unit that responded framed. They are real, but
# hold much beside what the channel cares about. *Preferred pictures*: painted from faint noise by
# following the channel's gradient. They hold only what drives it, but are of no real thing. Each
# corrects the other. Of the first three stages we take the channel with the highest response, and
# those a quarter, a half and three quarters down the ranking.

searched = test[:800]
found = top_patches(network, stages, searched)
beyond = {}


def draw_channels(layer, channels, preferred, titles):
    """Four channels: the preferred picture of each beside its nine top patches."""
    figure, axes = plt.subplots(2, 2, figsize=(8, 4.3), layout="constrained")
    for axis, channel, painted, title in zip(axes.flat, channels, preferred.images, titles):
        plot_patches(found[layer], searched, channel, preferred=painted, title=title, ax=axis)
    ratio = preferred.activations / found[layer].values[channels, 0]
    beyond[layer] = ratio.median().item()
    save_figure(
        figure,
        f"seen_by_{layer}",
        f"Four channels of {layer}: left the preferred picture, right the nine top patches, each "
        f"with its receptive field framed. Preferred pictures drive them {beyond[layer]:.1f} times "
        "as strongly as the best patch (median).",
    )


for layer in stages[:3]:
    ranking = found[layer].values[:, 0].argsort(descending=True)
    channels = ranking[[len(ranking) * part // 4 for part in range(4)]].tolist()
    preferred = preferred_images(network, layer, channels)
    draw_channels(layer, channels, preferred, [f"{layer}, channel {at}" for at in channels])

# %%
# Patches of the first stage have nothing in common but a few pixels, and just these the painted
# picture shows. In the second stage they are curves, corners, stripes and joints of two colours. In
# the third a frame holds most of the picture, and something like parts and whole bodies appears.
#
# In the last stage every unit sees the whole picture. There we choose channels by what they do.
# Behind this stage each map is averaged, and the ten answers are weighted sums of these averages.
# So the last weights say how much more a channel counts for one answer than for the others. For
# each answer we take the channel that counts most for it, and for no other answer more: a channel
# may well count for two that have little in common, as long as the sum of all channels is right.

last = network.fc.weight.detach()
counts_for = last - last.mean(dim=0)  # (answers, channels)
favourite = counts_for.argmax(dim=0)  # for each channel the answer that it counts for most
theirs_most = favourite == torch.arange(10)[:, None]
leaders = counts_for.where(theirs_most, -torch.inf).argmax(dim=1).tolist()
for answer, strongest in enumerate(counts_for.argmax(dim=1).tolist()):
    if favourite[strongest] != answer:
        names = card.classes[answer], card.classes[favourite[strongest]]
        print("channel {} counts for {}, but still more for {}".format(strongest, *names))
painted = preferred_images(network, "relu4b", leaders, size=32)
some = [0, 3, 6, 9]  # every third of the ten answers
four = replace(painted, images=painted.images[some], activations=painted.activations[some])
titles = [f"channel {leaders[at]}, for “{card.classes[at]}”" for at in some]
draw_channels("relu4b", [leaders[at] for at in some], four, titles)
print("preferred picture against best patch:", {k: f"{v:.1f}×" for k, v in beyond.items()})
assert min(beyond["relu3b"], beyond["relu4b"]) > 1.3

# %%
# The ratio is a warning as much as a success: such a picture rouses a channel more than any of the
# photographs does, so it shows where the channel *would* go, beyond anything that it has met. Of
# the patches beware as well: they can't show what isn't among the pictures searched. Where tiles
# stand in, there is no airplane, and the channel for airplanes makes do with something else; its
# preferred picture is the same as on CIFAR-10.
#
# What a layer knows, and what it drops
# -------------------------------------
#
# Clothes were told apart rather well `by their bare pixels <plot_20_edges_to_objects.html>`_. Here
# we ask again, with two questions. Which class? And which tint: is the picture among the bluest
# fifth, the reddest, or between? A linear probe of each stage, averaged to 2×2 places, answers.
# Guess which of the two gets easier with depth.


def redness(images):
    red, _, blue = images.images.float().mean(dim=(2, 3)).T
    return red - blue


fifths = redness(learning).quantile(torch.tensor([0.2, 0.4, 0.6, 0.8]))
tints = [torch.bucketize(redness(part), fifths) for part in (learning, asked)]
known = layer_features(network, stages, learning)
pixels = [part.images.flatten(1) / 255 for part in (learning, asked)]


def probe(layer, labels, others):
    before, after = pixels if layer == "pixels" else (known[layer], seen[layer])
    return linear_probe(before, labels, after, others)


layers = ["pixels", *stages]
shares = {
    "class": {layer: probe(layer, learning.labels, asked.labels) for layer in layers},
    "class, untrained network": layer_probes(untrained, stages, learning, asked),
    "tint": {layer: probe(layer, *tints) for layer in layers},
}

figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
styles = (("o-", "#0b5fa5"), ("s--", "#7a7a7a"), ("^-", "#c4560f"))
for (name, values), (style, color) in zip(shares.items(), styles):
    axes.plot(list(values), list(values.values()), style, color=color, label=name)
axes.set(ylabel="share right", ylim=(0, 1), xlabel="layer, from the first to the last")
axes.set_title("What a linear probe reads off each stage")
axes.spines[["top", "right"]].set_visible(False)
axes.grid(axis="y", color="#e6e6e6")
axes.legend(frameon=False, loc="lower left", ncols=3)
ends = {name: (values["relu1a"], values["relu4b"]) for name, values in shares.items()}
save_figure(
    figure,
    "probes_by_stage",
    "What a linear probe reads off each stage. From the first to the last, the class goes from "
    f"{ends['class'][0]:.0%} to {ends['class'][1]:.0%}, the tint from {ends['tint'][0]:.0%} to "
    f"{ends['tint'][1]:.0%}.",
)
for name, values in shares.items():
    print(f"{name:24s}", {layer: f"{share:.0%}" for layer, share in values.items()})

gain, loss = (ends[name][1] - ends[name][0] for name in ("class", "tint"))
assert loss < -0.1
if is_cifar:
    assert shares["class"]["pixels"] < 0.4
    assert gain > 0.2
    assert ends["class"][1] > ends["class, untrained network"][1] + 0.3
else:
    assert gain < -0.05
    assert ends["class, untrained network"][1] > ends["class"][1]

# %%
# The tint gets *harder* to read: the network has no use for it, and drops it on the way. The class
# depends on which question that is. On CIFAR-10, where bare pixels do badly, each stage knows more
# of it, and random filters of the same build gain nothing. On the tiles that stand in, the class is
# the photograph a tile was cut from. Colour and texture give that away at once, the network never
# had to know it, and so it goes the way of the tint; an untrained network keeps more. So a layer
# isn't deep because it knows *more*. It knows what the task asked for.
#
# What ablation tells
# -------------------
#
# Does an answer hang on a channel, or only come with it? Switch it off and see. The set's labels
# are replaced by the network's own answers, so that "accuracy" is the share of answers that stay.
# We switch off each channel of the last stage alone; then, for each answer, the 20 that count most
# for it; and, for comparison, 20 drawn at random, ten times.

own = replace(asked, labels=answers, classes=tuple(card.classes))
width = counts_for.shape[1]
chosen = counts_for.topk(20, dim=1).indices.tolist()
generator = torch.Generator().manual_seed(0)
drawn = [torch.randperm(width, generator=generator)[:20].tolist() for _ in range(10)]
effects = ablation_effects(network, "relu4b", own, [*range(width), *chosen, *drawn])

lost = -effects.class_accuracy_change  # of the answers of each class, the share that changes
alone, groups, random_groups = lost.split([width, 10, 10])
often = answers.bincount(minlength=10) >= 10  # answers given too seldom tell nothing
theirs = groups.diagonal()[often].mean().item()
others = groups[:, often][~torch.eye(10, dtype=torch.bool)[:, often]].mean().item()
by_chance = random_groups[:, often].mean().item()
most = -effects.accuracy_change[:width].min().item()
print(f"one channel off: at most {most:.1%} of all answers change")
print(
    f"20 off: {theirs:.0%} of the answers that they count for change, {others:.0%} of the others,"
)
print(f"and {by_chance:.0%} where the 20 are drawn at random")
assert most < 0.2
assert theirs > max(0.05, 3 * others, 3 * by_chance)

# %%
# A single channel hardly matters, not even one that seems to show a whole frog. Twenty of them do,
# and mostly for the one answer that they count for. Above the table of these losses stands, for
# each answer, the preferred picture of the channel chosen for it above.

figure, (above, below) = plt.subplots(
    2, 1, figsize=(8, 6.4), layout="constrained", height_ratios=(1, 6)
)
title = "what each answer's own channel prefers"
plot_images(painted.images, columns=10, title=title, ax=above)
table = torch.where(often[:, None], groups.T, torch.nan)
image = below.imshow(table, vmin=0, aspect="auto")
below.set_xticks(range(10), card.classes, rotation=30, ha="right", rotation_mode="anchor")
below.set_yticks(range(10), card.classes)
below.set(xlabel="off: the 20 channels that count most for this answer", ylabel="answers")
figure.colorbar(image, ax=[above, below], label="share of the answers that change")
worst = groups.diagonal().where(often, -torch.inf).argmax()
save_figure(
    figure,
    "answers_lost",
    "Share of each answer (rows) that changes when the 20 channels are off that count most for one "
    f"(columns). On the diagonal {theirs:.0%}, elsewhere {others:.0%}; “{card.classes[worst]}” "
    "loses most. Above: a preferred picture for each answer.",
)

# %%
# Off the diagonal, look for pairs such as cat and dog: what is mixed up shares channels. A row is
# left blank where the network gave that answer fewer than ten times.
#
# What we learned
# ---------------
#
# * Of its own accord the first layer has parted brightness from colour, fine detail in the one and
#   broad areas in the other.
# * Patches show what a channel meets, preferred pictures what drives it. From stage to stage both
#   grow from edges to curves, to parts, to what looks like whole things.
# * Layers don't know more and more. They gain what the task asks for and drop the rest.
# * Single channels of the last stage look like objects, and yet the answer hangs on many.
#
# **Limits.** One network, one set of tiny pictures; sixteen channels of hundreds. The nine patches
# come from some hundreds of pictures, not from all. A preferred picture depends on how it is
# painted: from other noise, or without the preference for smooth pictures, it looks different. Zero
# isn't a neutral value for a channel whose mean is far above it, so ablation shows a loss where a
# mean would show less. And where tiles stand in, the network is far from what it was made for.
#
# **Ethics.** CIFAR-10's pictures were collected from the web by search words, without asking
# those who took them or are seen in them, and the set they were chosen from was withdrawn in 2020
# for its offensive labels. A painted picture that looks like a deer invites one to believe that
# the network knows deer. It knows what told deer from nine other things, meadows included.
#
# Exercise
# --------
#
# A part of the first layer's filters is for colour. How many answers stay as they were if all
# colour is taken from the pictures? And how many if only colour is left, all brightnesses made
# alike? Guess both before you run it.
#
# Answer: without colour a part of the answers changes, so colour isn't decoration to this network.
# On CIFAR-10 far more survive without colour than without brightness: shapes are drawn in light.

floats = asked.images[:200] / 255
level = floats.mean(dim=1, keepdim=True)
versions = {"grey": level.expand_as(floats), "colour alone": (floats - level + 0.5).clamp(0, 1)}
stay = {}
for name, changed in versions.items():
    now = layer_features(network, "fc", changed.contiguous())["fc"].argmax(dim=1)
    stay[name] = (now == answers[:200]).float().mean().item()
print({name: f"{share:.0%} of the answers stay" for name, share in stay.items()})
assert 0.3 < stay["grey"] < 0.97
assert stay["colour alone"] < (stay["grey"] - 0.2 if is_cifar else 0.85)

# %%
# Where to go next
# ----------------
#
# `How does a network tell bikes from cars? <../5_recogniser/plot_10_bikes_and_cars.html>`_ goes all
# the way from a folder of photos to such maps. `Where did the network look?
# <../6_attribution/plot_10_captum.html>`_ asks the same of a single answer.
#
# References
# ----------
#
# * G. Alain and Y. Bengio (2017). `Understanding intermediate layers using linear classifier probes
#   <https://arxiv.org/abs/1610.01644>`_.
# * A. Krizhevsky (2009). `Learning multiple layers of features from tiny images
#   <https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf>`_. CIFAR-10.
# * A. Krizhevsky, I. Sutskever and G. E. Hinton (2012). `ImageNet classification with deep
#   convolutional neural networks
#   <https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks>`_.
#   Grey and coloured filters part in the first layer.
# * A. S. Morcos, D. G. T. Barrett, N. C. Rabinowitz and M. Botvinick (2018). `On the importance of
#   single directions for generalization <https://arxiv.org/abs/1803.06959>`_.
# * C. Olah, A. Mordvintsev and L. Schubert (2017). `Feature visualization
#   <https://doi.org/10.23915/distill.00007>`_. Preferred pictures and how to paint them.
# * M. D. Zeiler and R. Fergus (2014). `Visualizing and understanding convolutional networks
#   <https://doi.org/10.1007/978-3-319-10590-1_53>`_.
