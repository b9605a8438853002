"""
Do deeper layers know more?
===========================

Edges first, then parts, then objects: so people say of the layers of a network, and show a row of
pictures. This page measures instead. Three questions are put to each layer. How well can the class
be read off it? How far does each of its filters keep to one class? How much does it mind when the
garment moves by a pixel? And the same questions are put to a network that has learned nothing,
since what random filters can do as well, learning can't take credit for.

After this page you can

* ask a layer what it knows, with a linear probe, and what it ignores, with a shift,
* find the patches that drive a filter most, and draw its receptive field on them,
* tell what learning adds from what comes with the architecture.

In the glossary: `linear probe <../../glossary.html#term-linear-probe>`_, `selectivity
<../../glossary.html#term-selectivity>`_, `receptive field
<../../glossary.html#term-receptive-field>`_, `translation invariance
<../../glossary.html#term-translation-invariance>`_.
"""

# sphinx_gallery_thumbnail_number = 4

import torch
from matplotlib import pyplot as plt

from cnnvis import (
    capture,
    class_selectivity,
    evaluate,
    linear_probe,
    load,
    load_pretrained,
    plot_images,
    save_figure,
    shift_sensitivity,
    top_patches,
)

# %%
# A trained network and its untrained self
# ----------------------------------------

train, test = load("fashion-mnist", "train"), load("fashion-mnist", "test")
print(train.source)
network, card = load_pretrained("fashion-mnist")
untrained = card.untrained()
networks = {"trained": network, "untrained": untrained}
for name, one in networks.items():
    print(f"{name}: {evaluate(one, test).accuracy:.1%} of the test pictures right")
assert evaluate(network, test).accuracy > 0.8

# %%
# All that follows is measured behind the three poolings, where a stage ends, and on the same
# garments for both networks.

stages = ["pool1", "pool2", "pool3"]
learning, held_out = train[:1500], test[:1000]


def run(model, images):
    """The outputs of the three stages, and the pictures themselves as stage zero."""
    pixels = images.images / 255
    with capture(model, stages) as outputs, torch.no_grad():
        model(pixels)
    return {"pixels": pixels, **outputs}


seen = {name: run(one, learning) for name, one in networks.items()}
unseen = {name: run(one, held_out) for name, one in networks.items()}
for stage, values in unseen["trained"].items():
    print(f"{stage}: {tuple(values.shape[1:])}, {values[0].numel():,} numbers for a garment")


def draw_stages(values, ylabel, guide=None, ylim=(0, 1)):
    """One line for each network, one point for each stage."""
    figure, axes = plt.subplots(figsize=(7, 3.3), layout="constrained")
    for (name, of_stage), marker, color in zip(values.items(), "os", ("#0b5fa5", "#c4560f")):
        axes.plot(list(of_stage), list(of_stage.values()), marker + "-", color=color, label=name)
    if guide:
        axes.axhline(guide[0], color="#777777", linestyle=":", label=guide[1])
    axes.set(ylabel=ylabel, ylim=ylim, xlabel="layer, from the first to the last")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e6e6e6")
    axes.legend(frameon=False)
    return figure


# %%
# What can be read off a layer
# ----------------------------
#
# A *linear probe* is a classifier without hidden layers, trained on what a layer puts out while the
# network stays as it is. If it does well, the classes lie side by side there, and a flat cut is
# enough to part them. And if it does well after a few examples, they lie so plainly. Our probes
# have 250 garments each to learn from. Predict: how well will they do on bare pixels? On random
# filters?

LOT = 250
lots = [slice(start, start + LOT) for start in range(0, len(learning), LOT)]
probes = {
    name: {
        stage: sum(
            linear_probe(values[lot], learning.labels[lot], unseen[name][stage], held_out.labels)
            for lot in lots
        )
        / len(lots)
        for stage, values in of_network.items()
    }
    for name, of_network in seen.items()
}

last, first = {n: p["pool3"] for n, p in probes.items()}, probes["trained"]["pixels"]
save_figure(
    draw_stages(probes, "share right", ylim=(0.5, 1)),
    "linear_probes",
    f"Share of garments that a linear probe names right, mean of {len(lots)} probes: {first:.0%} "
    f"from the pixels, {last['trained']:.0%} from the last stage of the trained network and "
    f"{last['untrained']:.0%} from that of the untrained one.",
)
for name, of_stage in probes.items():
    print(f"{name}:", {stage: f"{share:.1%}" for stage, share in of_stage.items()})
rising = list(probes["trained"].values())
assert rising == sorted(rising)
assert probes["untrained"]["pool1"] > first + 0.02
assert 1 - last["trained"] < 0.6 * (1 - last["untrained"])
assert last["untrained"] < probes["untrained"]["pool1"] + 0.02

# %%
# Bare pixels do surprisingly well; garments of one class lie in much the same place. One stage of
# filters helps, even of random ones: the same picture, told in many more numbers. But only in the
# trained network does it go on. With every stage the class is read more easily, although the
# numbers become fewer; in the untrained one nothing is gained after the first stage.
#
# How selective the filters are
# -----------------------------
#
# A filter that answers to boots alone has a *selectivity* of 1, one that answers to everything
# alike has 0 (Morcos and others, 2018).

selectivity = {
    name: {
        stage: class_selectivity(values, held_out.labels).nanmean().item()
        for stage, values in of_network.items()
    }
    for name, of_network in unseen.items()
}
rise = {name: of["pool3"] - of["pool1"] for name, of in selectivity.items()}
save_figure(
    draw_stages(selectivity, "mean selectivity"),
    "class_selectivity",
    "Mean selectivity of the filters for a class, by stage. From the first stage to the last it "
    f"changes by {rise['trained']:+.2f} in the trained network and by {rise['untrained']:+.2f} in "
    "the untrained one.",
)
for name, of_stage in selectivity.items():
    print(f"{name}:", {stage: round(value, 2) for stage, value in of_stage.items()})
assert rise["trained"] > 0.02
assert rise["trained"] > rise["untrained"]
assert selectivity["trained"]["pool3"] < 0.6

# %%
# In the trained network the last filters are more selective than the first, but look at the height
# of the curve: far below 1. What the network knows is spread over many filters that each answer to
# several classes, so that calling one of them "the boot filter" would be wrong. Nor does a high
# value prove that something was learned: a random filter that answers to brightness alone can be
# selective, because a coat covers more of the picture than a sandal.
#
# What a layer forgets
# --------------------
#
# A boot one pixel to the left is the same boot. The measure is the change of a layer's output, set
# against how much it differs from garment to garment: 0 means that the layer doesn't notice.

shifted = {}
for name, one in networks.items():
    found = shift_sensitivity(one, stages, held_out[:500])
    shifted[name] = {"pixels": found.pop("input"), **found}
save_figure(
    draw_stages(shifted, "change by a shift of a pixel", ylim=(0, None)),
    "shift_sensitivity",
    "Change by a shift of one pixel, as a share of the difference between garments: "
    f"{shifted['trained']['pixels']:.2f} for the pixels, {shifted['trained']['pool3']:.2f} in the "
    f"last stage, {shifted['untrained']['pool3']:.2f} in that of the untrained network.",
)
for name, of_stage in shifted.items():
    print(f"{name}:", {stage: round(value, 3) for stage, value in of_stage.items()})
assert shifted["trained"]["pool3"] < 0.9 * shifted["trained"]["pixels"]
assert shifted["untrained"]["pool3"] < 0.8 * shifted["trained"]["pool3"]
assert shifted["trained"]["pool1"] > 1.1 * shifted["trained"]["pool3"]

# %%
# The last stage of the trained network minds the shift less than its first stage, and less than the
# pixels do. Was that learned? The untrained network answers: it minds the shift *less still*. What
# makes a layer forget the place is the architecture, the pooling above all. Learning works against
# it: sharp filters answer to fine detail, and a detail moves. And no layer is blind to the place:
# the change is never zero.
#
# The patches that drive a filter
# -------------------------------
#
# What does a filter answer to? Let it answer itself: of all test pictures, we take the nine on
# which it responds most. The frame is the *receptive field* of the value that responded, all that
# it could see. Of each layer these are the three filters with the highest responses.

layers = ["relu1", "relu2", "relu3"]
found = {name: top_patches(one, layers, test) for name, one in networks.items()}


def purity(patches):
    """Share of the commonest class among each filter's patches, for filters that respond."""
    labels = test.labels[patches.images[patches.values[:, 0] > 0]]
    counts = torch.stack([row.bincount(minlength=len(test.classes)) for row in labels])
    return counts.amax(dim=1) / labels.shape[1]


for layer in layers:
    patches = found["trained"][layer]
    strongest = patches.values[:, 0].argsort(descending=True)[:3]
    rows = [f"filter {number}" if at == 0 else "" for number in strongest for at in range(9)]
    axes = plot_images(
        test.images[patches.images[strongest].flatten()] / 255,
        boxes=patches.boxes[strongest].flatten(0, 1),
        columns=9,
        labels=rows,
        title=f"{layer}: receptive field {patches.receptive_field}",
    )
    save_figure(
        axes.figure,
        f"top_patches_{layer}",
        f"The nine test pictures that drive each of three filters of {layer} most, with the "
        f"receptive field framed. Over all filters of the layer {purity(patches).mean():.0%} of "
        "the nine are of one class on average.",
    )

# %%
# In the first layer the frame is tiny, and garments of several classes have the right few pixels.
# In the last it holds a whole part, a heel or a sleeve, and the nine begin to look alike. How much
# alike, and is that because of learning?

pure = {
    name: {layer: purity(of_network[layer]).mean().item() for layer in layers}
    for name, of_network in found.items()
}
generator = torch.Generator().manual_seed(0)
draws = test.labels[torch.randint(len(test), (2000, 9), generator=generator)]
chance = torch.stack([row.bincount(minlength=10) for row in draws]).amax(dim=1) / 9
save_figure(
    draw_stages(pure, "share of one class", (chance.mean().item(), "nine garments at random")),
    "purity",
    "Share of the commonest class among the nine patches, by layer: from "
    f"{pure['trained']['relu1']:.0%} to {pure['trained']['relu3']:.0%} in the trained network, "
    f"from {pure['untrained']['relu1']:.0%} to {pure['untrained']['relu3']:.0%} in the untrained.",
)
for name, of_layer in pure.items():
    print(f"{name}:", {layer: f"{share:.0%}" for layer, share in of_layer.items()})
print(f"nine garments at random: {chance.mean():.0%}")
assert pure["trained"]["relu3"] > chance.mean() + 0.2
assert all(pure["trained"][layer] > pure["untrained"][layer] for layer in layers)
assert min(pure["untrained"].values()) > chance.mean() + 0.05

# %%
# Also in the untrained network the nine are of one class far more often than chance would have it:
# garments of a class have much the same brightness in the same places, and any filter answers to
# that. What the trained network has beyond it, in every layer, was learned.
#
# What we learned
# ---------------
#
# * From stage to stage the class can be read more easily, and from fewer numbers. That is learned.
# * The last filters are more selective than the first, and still answer to several classes.
# * The last stage minds a shift less than the picture does; that comes with the architecture, and
#   learning takes a part of it back.
# * Patches with their receptive fields show what a filter answers to, and how little of the
#   picture it saw when it did.
#
# **Limits.** A probe tells what *can* be read from a layer, not what the network reads. Nine
# patches are the extremes of a filter, which may answer to other things at lower strength. And we
# measured one small network. "From edges to objects" is a short way to say it; nothing here has
# shown an object detector.
#
# **Ethics.** A row of well-chosen patches convinces more than it proves. Show beside it what an
# untrained network would have given, and how the filters were chosen.
#
# Exercise
# --------
#
# Is the class in the *kind* of filter that answers, or in the *place* where it answers? Average
# each map of the last stage over all places, so that one number a filter is left, and probe again.
#
# Answer: most of it is in the kind. With the places averaged away a ninth of the numbers is left,
# and the probe does somewhat worse, so the place counts as well.

places = probes["trained"]["pool3"]
means = [of["trained"]["pool3"].mean(dim=(2, 3)) for of in (seen, unseen)]
kinds = sum(
    linear_probe(means[0][lot], learning.labels[lot], means[1], held_out.labels) for lot in lots
) / len(lots)
print(f"with the places {places:.1%}, without {kinds:.1%}, chance 10%")
assert places - 0.15 < kinds < places - 0.01

# %%
# Where to go next
# ----------------
#
# `What do layers see in a photograph? <plot_30_photographs.html>`_ puts such questions to a network
# that is good at colour photographs, and finds more for its layers to do. `What does a filter do?
# <../3_layer_maps/plot_20_roles.html>`_ measures single filters, and `Which filters matter?
# <../3_layer_maps/plot_30_which_filters_matter.html>`_ switches off the selective and the others.
#
# References
# ----------
#
# * G. Alain and Y. Bengio (2017). `Understanding intermediate layers using linear classifier probes
#   <https://arxiv.org/abs/1610.01644>`_.
# * A. S. Morcos, D. G. T. Barrett, N. C. Rabinowitz and M. Botvinick (2018). `On the importance of
#   single directions for generalization <https://arxiv.org/abs/1803.06959>`_.
# * M. D. Zeiler and R. Fergus (2014). `Visualizing and understanding convolutional networks
#   <https://doi.org/10.1007/978-3-319-10590-1_53>`_.
# * R. Zhang (2019). `Making convolutional networks shift-invariant again
#   <https://arxiv.org/abs/1904.11486>`_.
# * H. Xiao, K. Rasul and R. Vollgraf (2017). `Fashion-MNIST: a novel image dataset for benchmarking
#   machine learning algorithms <https://arxiv.org/abs/1708.07747>`_.
