"""
What do layers see in a photograph?
===================================

A network that tells ten kinds of photographs apart comes with the package, so nothing is trained
here: we open it. Its first filters respond to edges and colours, its last to deer and trucks, or so
it seems. We draw what each stage responds to most, in two ways side by side: the patches of real
photographs that drive a channel most, and an image painted for it. And we measure what can be read
from each layer, what can hardly be read any more, and which answers hang on which channels.

After this page you can

* draw colour filters honestly, and tell those for brightness from those for colour,
* read a channel's top patches and its preferred image together,
* say what becomes harder to read with depth as well as what becomes easier,
* find out, by switching channels off, which answers depend on them.

In the glossary: `receptive field <../../glossary.html#term-receptive-field>`_, `linear probe
<../../glossary.html#term-linear-probe>`_, `ablation <../../glossary.html#term-ablation>`_,
`logits <../../glossary.html#term-logits>`_, `preferred image
<../../glossary.html#term-preferred-image>`_.
"""

# sphinx_gallery_thumbnail_number = 5

from dataclasses import replace
from textwrap import fill

import numpy as np
import torch
from matplotlib import pyplot as plt
from sklearn.linear_model import RidgeCV
from torch import nn

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
    load_controls,
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
asked = test[:500]
learning = test[500:1000] if is_cifar else train[:500]  # neither was in the network's training
controls = load_controls("photographs", test)
print(f"{test.source}; classes: {', '.join(test.classes)}")

STAGES = ["relu1a", "relu2b", "relu3b", "relu4b"]
for row in layer_table(network, asked.images[:1] / 255):
    if row.name in STAGES:
        print(f"{row.name:6s} {row.shape[1:]!s:13s} a unit sees {row.receptive_field}")

seen = layer_features(network, [*STAGES, "fc"], asked)
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
with capture(network, STAGES) as maps, torch.no_grad():
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
# more use. From there on we have to ask the channels.
#
# What each stage responds to
# ---------------------------
#
# A channel can be asked in two ways. *Top patches*: of all photographs searched, the nine to which
# it responds most, with the receptive field of the unit that responded framed. They are real, but
# hold much beside what drives the channel. *Preferred images*: painted from faint noise by
# following the channel's gradient. They hold only what drives it, but are of no real thing. Each
# corrects the other. Of the first three stages we take the channel with the highest response, and
# those a quarter, a half and three quarters down the ranking.

searched = test[:800]
found = top_patches(network, STAGES, searched)
beyond = {}


def draw_channels(layer, channels, preferred, titles):
    """Four channels: the preferred image of each beside its nine top patches."""
    figure, axes = plt.subplots(2, 2, figsize=(8, 4.3), layout="constrained")
    for axis, channel, painted, title in zip(axes.flat, channels, preferred.images, titles):
        plot_patches(found[layer], searched, channel, preferred=painted, title=title, ax=axis)
    ratio = preferred.activations / found[layer].values[channels, 0]
    beyond[layer] = ratio.median().item()
    save_figure(
        figure,
        f"seen_by_{layer}",
        f"Four channels of {layer}: left the preferred image, right the nine top patches, each "
        f"with its receptive field framed. Preferred images drive them {beyond[layer]:.1f} times "
        "as strongly as the best patch (median).",
    )


for layer in STAGES[:3]:
    ranking = found[layer].values[:, 0].argsort(descending=True)
    channels = ranking[[len(ranking) * part // 4 for part in range(4)]].tolist()
    preferred = preferred_images(network, layer, channels)
    draw_channels(layer, channels, preferred, [f"{layer}, channel {at}" for at in channels])

# %%
# Look from figure to figure. Patches of the first stage have nothing in common but a few pixels,
# and just these the painted image shows. The frames grow; in the third figure they hold most of the
# photograph.
#
# In the last stage every unit sees the whole photograph. Each map is averaged there, and the ten
# answers are weighted sums of these averages. So the last weights say how much more a channel
# counts for one answer than for the others. For each answer we take the channel that counts most
# for it, and for no other answer more.

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
print("preferred image against best patch:", {k: f"{v:.1f}×" for k, v in beyond.items()})
assert min(beyond["relu3b"], beyond["relu4b"]) > 1.3

# %%
# And here are all ten. Which of them would you have named without the words above them?

labels = [f"{name}: channel {at}" for name, at in zip(card.classes, leaders)]
axes = plot_images(painted.images, columns=5, labels=labels)
strongest = painted.activations.argmax().item()
save_figure(
    axes.figure,
    "preferred_by_answer",
    "Ten images, painted for the channel that counts most for each answer. Some look like the "
    f"thing: a deer with antlers, a ship, a horse. That for {card.classes[strongest]} reaches the "
    f"highest mean activation, {painted.activations.max():.1f}.",
)

# %%
# The ratio above is a warning as much as a success: such an image rouses a channel more than any of
# the photographs does, so it shows where the channel *would* go, beyond anything that it has met.
# Of the patches beware as well: they can't show what isn't among the photographs searched.
#
# What can be read, and what hardly any more
# ------------------------------------------
#
# Two questions are put to each stage, averaged to 2×2 places. Which class? A linear probe answers.
# And how *red* is the photograph: its mean red less its mean blue? That is a weighted sum of the
# pixels, so from pixels a linear regression reads it perfectly. Predict: how well will it do from
# the first stage, and from the last? The measure is :math:`R^2`: 1 is perfect, 0 no better than
# the mean. Five `untrained networks <../../controls.html>`_ of the same build are asked as well.


def redness(images):
    red, _, blue = images.images.float().mean(dim=(2, 3)).T / 255
    return red - blue


def redness_read(known, known_redness, asked, asked_redness):
    """How much of the redness of the images asked about a linear regression reads, as R²."""
    size = (known - known.mean(dim=0)).square().sum(dim=1).mean().sqrt()
    known, asked = ((part - known.mean(dim=0)) / size for part in (known, asked))
    probe = RidgeCV(np.logspace(-6, 2, 17)).fit(known.numpy(), known_redness.numpy())
    return probe.score(asked.numpy(), asked_redness.numpy())


def redness_by_stage(model, learning, asked):
    known, new = (layer_features(model, STAGES, part) for part in (learning, asked))
    both = redness(learning), redness(asked)
    return {at: redness_read(known[at], both[0], new[at], both[1]) for at in STAGES}


pixels = [part.images.flatten(1) / 255 for part in (learning, asked)]
read = {
    "class": layer_probes(network, STAGES, learning, asked),
    "redness": redness_by_stage(network, learning, asked),
}
start = {
    "class": layer_probes(untrained, STAGES, learning, asked),
    "redness": redness_by_stage(untrained, learning, asked),
}
of_pixels = {
    "class": linear_probe(pixels[0], learning.labels, pixels[1], asked.labels),
    "redness": redness_read(pixels[0], redness(learning), pixels[1], redness(asked)),
}
for what, of_stage in start.items():  # the untrained network is the first of the five
    for stage, value in of_stage.items():
        assert value in controls[f"{what} {stage}, untrained"], (what, stage, value)

figure, both = plt.subplots(1, 2, figsize=(8, 3.3), layout="constrained")
for axes, (what, of_stage), title in zip(
    both, read.items(), ("class: share correct", "redness: R²")
):
    ranges = [controls[f"{what} {stage}, untrained"].range for stage in STAGES]
    low, high = np.clip(np.transpose(ranges), 0, 1)
    axes.fill_between(STAGES, low, high, color="#7a7a7a", alpha=0.3, lw=0, label="untrained (95 %)")
    axes.plot(STAGES, list(of_stage.values()), "o-", color="#0b5fa5", label="trained")
    axes.axhline(of_pixels[what], color="#c4560f", linestyle=":", label="from the pixels")
    axes.set(title=title, ylim=(0, 1.02))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e6e6e6")
both[0].legend(frameon=False)
last = {what: of_stage["relu4b"] for what, of_stage in read.items()}
save_figure(
    figure,
    "probes_by_stage",
    "What is read from each stage, of a trained network and of untrained ones. From first to last "
    f"the class goes from {read['class']['relu1a']:.0%} to {last['class']:.0%}; R² of the redness "
    f"falls from {read['redness']['relu1a']:.2f} to {last['redness']:.2f}.",
)


def say(text):
    print(fill(" ".join(text.split()), 88))


falls = " → ".join(f"{value:.2f}" for value in (of_pixels["redness"], *read["redness"].values()))
kept = controls["redness relu4b, untrained"]
say(
    f"""R² of the redness, from the pixels to the last stage: {falls}. From the last stage of
    untrained networks: {kept:.2f}."""
)
gain = last["class"] - read["class"]["relu1a"]
say(
    f"""The class is read from the pixels by {of_pixels["class"]:.0%}, from relu1a by
    {read["class"]["relu1a"]:.0%}, from relu4b by {last["class"]:.0%}: with depth it gets
    {"easier" if gain > 0 else "harder"}. From relu4b of untrained networks:
    {controls["class relu4b, untrained"]:.0%}."""
)
values = [of_pixels["redness"], *read["redness"].values()]
assert values[0] > 0.999
assert values == sorted(values, reverse=True)
assert last["redness"] < min(0.6, controls["redness relu4b, untrained"].range[0] - 0.2)
if is_cifar:
    assert of_pixels["class"] < 0.4
    assert gain > 0.2
    assert last["class"] > controls["class relu4b, untrained"].range[1] + 0.3
else:
    assert gain < -0.05
    assert last["class"] < controls["class relu4b, untrained"].mean

# %%
# Redness fades from stage to stage: less and less of it can be read in a straight line. That is no
# matter of depth, since untrained networks of the same build hand it on almost whole. Nor does the
# network do without colour, as the exercise will show. So a layer isn't deep because it knows
# *more*: in this network one thing became harder to read, which no answer asks for.
#
# What ablation tells
# -------------------
#
# Does an answer hang on a channel, or only come with it? Switch it off and see. First each channel
# of the last stage alone. The set's labels are replaced by the network's own answers, so that
# "accuracy" is the share of answers that stay.

own = replace(asked, labels=answers, classes=tuple(card.classes))
most = -ablation_effects(network, "relu4b", own).accuracy_change.min().item()
say(f"Without one channel of the last stage at most {most:.1%} of all answers change.")
assert most < 0.1

# %%
# Then groups. For each answer we rank a layer's channels by what they *contribute* to it: the map
# times the gradient of the answer's logit over the mean of all logits, summed over the map, and
# averaged over the images that get this answer. In the last stage, before a mean and a weighted
# sum, that is exact, and what happens without the first ones is nearly arithmetic; so we ask two
# earlier layers too. The tenth that contributes most is switched off, once to zero and once to each
# channel's mean, which is less of a shock. Channels are chosen on one set of photographs, answers
# judged on another, and tenths drawn at random are the control.


def rest_of(network, layer):
    """The layers after one, up to the logits."""
    names = list(dict(network.named_children()))
    after = [network.get_submodule(name) for name in names[names.index(layer) + 1 :]]
    return nn.Sequential(*after[:-1], nn.Flatten(), after[-1])


def maps_of(network, layer, images):
    with capture(network, layer) as maps, torch.no_grad():
        network(images.images / 255)
    return maps[layer]


def contributions(rest, maps):
    """What each channel contributes to each answer, on average: (answers, channels)."""
    maps = maps.clone().requires_grad_()
    logits = rest(maps)
    given = logits.argmax(dim=1)
    lead = (logits - logits.mean(dim=1, keepdim=True)).gather(1, given[:, None]).sum()
    parts = (torch.autograd.grad(lead, maps)[0] * maps).detach().sum(dim=(2, 3))
    groups = [parts[given == answer] for answer in range(logits.shape[1])]
    return torch.stack(
        [one.mean(dim=0) if len(one) else torch.zeros(parts.shape[1]) for one in groups]
    )


def lost_without(rest, maps, before, channels, fill):
    """Of each answer, the share that changes when channels get the values in `fill`."""
    changed = maps.clone()
    changed[:, channels] = fill[channels][:, None, None]
    with torch.no_grad():
        after = rest(changed).argmax(dim=1)
    return torch.stack([(after != before)[before == at].float().mean() for at in range(10)])


often = answers.bincount(minlength=10) >= 10  # answers given too seldom tell nothing
diagonal = torch.eye(10, dtype=torch.bool)[:, often]
tables, summary = {}, {}
for layer in ("relu3b", "relu4a", "relu4b"):
    rest = rest_of(network, layer)
    choosing, judged = (maps_of(network, layer, part) for part in (learning, asked))
    width, generator = choosing.shape[1], torch.Generator().manual_seed(0)
    groups = contributions(rest, choosing).topk(width // 10, dim=1).indices
    drawn = [torch.randperm(width, generator=generator)[: width // 10] for _ in range(10)]
    fills = {"zero": torch.zeros(width), "mean": choosing.mean(dim=(0, 2, 3))}
    for name, fill_with in fills.items():
        lost, chance = (
            torch.stack([lost_without(rest, judged, answers, one, fill_with) for one in of])[
                :, often
            ]
            for of in (groups, drawn)
        )
        tables[layer, name] = lost
        summary[layer, name] = lost[diagonal].mean(), lost[~diagonal].mean(), chance.mean()
print("answers that change    their own tenth off   another's   a tenth at random")
for (layer, name), shares in summary.items():
    print(f"{layer}, to {name:13}" + "".join(f"{share:16.0%}" for share in shares))
for theirs, others, chance in summary.values():
    assert theirs > 1.5 * max(others, chance)
for layer in ("relu3b", "relu4a", "relu4b"):
    assert summary[layer, "mean"][0] < summary[layer, "zero"][0] or not is_cifar
if is_cifar:
    assert summary["relu4a", "mean"][0] > 2 * summary["relu4b", "mean"][0]
    assert all(shares[0] > 4 * max(shares[1:]) for shares in summary.values())

# %%
# In full, for the layer before the last and the milder way of switching off:

table = tables["relu4a", "mean"].T
given = [name for name, is_often in zip(card.classes, often) if is_often]
figure, axes = plt.subplots(figsize=(7, 4.6), layout="constrained")
image = axes.imshow(table, vmin=0, vmax=1, aspect="auto")
axes.set_xticks(range(10), card.classes, rotation=30, ha="right", rotation_mode="anchor")
axes.set_yticks(range(len(given)), given)
axes.set(xlabel="off: the tenth that contributes most to this answer", ylabel="answers")
figure.colorbar(image, label="share of the answers that change")
theirs, others, chance = summary["relu4a", "mean"]
apart = table.where(~diagonal.T, -1)
row, column = divmod(int(apart.argmax()), 10)
save_figure(
    figure,
    "answers_lost",
    "Share of each answer (rows) that changes when the tenth of relu4a is set to its mean that "
    f"contributes most to one answer (columns). Diagonal {theirs:.0%}, elsewhere {others:.0%}, "
    f"at most {apart.max():.0%} ({given[row]}).",
)
say(
    f"""One channel changes at most {most:.1%} of the answers; a tenth of relu4a, chosen for one,
    {theirs:.0%} of that one and {others:.0%} of the others; a tenth at random {chance:.0%}.
    Most off the diagonal: {apart.max():.0%} of the answers "{given[row]}" change without the tenth
    for "{card.classes[column]}"."""
)

# %%
# Without any single channel of the last stage nearly all answers stay. Of a tenth of the channels,
# chosen for an answer, this answer loses more than the others do, on average over the answers; not
# for each of them, as the table shows: some tenths cost other answers as much as their own. How
# much depends on the layer and on what "off" means, so see all six lines before you quote one
# number.
#
# What we learned
# ---------------
#
# * In this training the first layer has parted brightness from colour, fine detail in the one and
#   broad areas in the other.
# * Patches show what a channel meets, preferred images what drives it.
# * Layers don't know more and more. In this network redness, which pixels hold in a straight line,
#   fades with depth, and in untrained ones it doesn't.
# * Some channels of the last stage look like objects, and yet without any one of them nearly all
#   answers stay.
#
# **Limits.** One network, one set of tiny photographs; sixteen channels of hundreds. The nine
# patches come from some hundreds of pictures, not from all. A preferred image depends on how it is
# painted: from other noise, or without the preference for smooth images, it looks different. The
# network was trained once; how far another training would differ isn't known. And where tiles stand
# in, the network is far from what it was made for.
#
# **Ethics.** CIFAR-10's pictures were collected from the web by search words, without asking those
# who took them or are seen in them, and the set they were chosen from was withdrawn in 2020 for its
# offensive labels. A painted image that looks like a deer invites one to believe that the network
# knows deer. It knows what told deer from nine other things; whether that is meadows, nobody has
# tested here.
#
# Exercise
# --------
#
# A part of the first layer's filters is for colour. How many answers stay as they were if all
# colour is taken from the pictures? And how many if only colour is left, all brightnesses made
# alike? Guess both before you run it.
#
# Answer: without colour a part of the answers changes, so colour isn't decoration to this network,
# though the last stage tells little of it in a straight line. Without brightness more of them
# change.

floats = asked.images[:200] / 255
level = floats.mean(dim=1, keepdim=True)
versions = {"grey": level.expand_as(floats), "colour alone": (floats - level + 0.5).clamp(0, 1)}
stay = {}
for name, changed in versions.items():
    now = layer_features(network, "fc", changed.contiguous())["fc"].argmax(dim=1)
    stay[name] = (now == answers[:200]).float().mean().item()
print({name: f"{share:.0%} of the answers stay" for name, share in stay.items()})
assert 0.3 < stay["grey"] < 0.97
assert stay["colour alone"] < min(0.85, stay["grey"] - (0.2 if is_cifar else 0))

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
