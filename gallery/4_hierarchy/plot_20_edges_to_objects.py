"""
Do deeper layers know more?
===========================

Edges first, then parts, then objects: so people say of the layers of a network, and show a row of
images. This page measures instead. Four questions are put to each layer. How well can the class be
read off it? How far does each filter keep to one class? How much does the layer change when the
garment moves by a pixel? And which images drive its filters most? The same questions go to networks
that have learned nothing, since what random filters can do as well, learning can't take credit for.

After this page you can

* ask a layer what it knows, with a linear probe, and what it ignores, with a shift,
* find the patches that drive a filter most, and draw its receptive field on them,
* tell what learning adds from what comes with the architecture, and from luck.

In the glossary: `linear probe <../../glossary.html#term-linear-probe>`_, `selectivity
<../../glossary.html#term-selectivity>`_, `receptive field
<../../glossary.html#term-receptive-field>`_, `translation invariance
<../../glossary.html#term-translation-invariance>`_.
"""

# sphinx_gallery_thumbnail_number = 4

from textwrap import fill

import torch
import torch.nn.functional as F
from matplotlib import pyplot as plt

from cnnvis import (
    Spread,
    capture,
    class_selectivity,
    evaluate,
    linear_probe,
    load,
    load_controls,
    load_pretrained,
    plot_images,
    save_figure,
    top_patches,
)

# %%
# A trained network, an untrained one, and five of each
# -----------------------------------------------------
#
# The trained network comes with the package. It saw its garments moved by up to two pixels, each
# time another way; that will matter. The untrained one is its own start. Two networks are an
# anecdote, so the same was measured for `five starts <../../controls.html>`_, each before training
# and after a short one, with the functions of this page. Where a sentence compares, it compares
# those, start by start.

test = load("fashion-mnist", "test")
print(test.source)
network, card = load_pretrained("fashion-mnist")
networks = {"trained": network, "untrained": card.untrained()}
controls = load_controls("deeper_layers", test)
for name, one in networks.items():
    print(
        f"{name}: {evaluate(one, test).accuracy:.1%} of the test images named correctly;", end=" "
    )
    print(f"five starts {controls[f'accuracy, {name}']:.1%}")
print(card.recipe["schedule"])
assert card.recipe["schedule"].count("moved by up to") == 2
assert evaluate(network, test).accuracy > 0.8
assert controls["accuracy, trained"].interval[0] > controls["accuracy, untrained"].interval[1] + 0.4

# %%
# All that follows is measured at the three poolings, where a stage ends, on test images.

STAGES = ["pool1", "pool2", "pool3"]


def run(model, images):
    """The outputs of the three stages, and the images themselves as stage zero."""
    pixels = images.images / 255
    with capture(model, STAGES) as outputs, torch.no_grad():
        model(pixels)
    return {"pixels": pixels, **outputs}


def gap(number):
    """Start by start, the number of the trained network less that of the untrained one."""
    return controls[f"{number}, trained"] - controls[f"{number}, untrained"]


def change(number, first, last, name):
    """Start by start, by how much a number changes from one layer to another."""
    return controls[f"{number} {last}, {name}"] - controls[f"{number} {first}, {name}"]


def say(text):
    print(fill(" ".join(text.split()), 88))


def draw(measured, number, ylabel, guide=None, ylim=(0, None)):
    """A line for each network over the layers; behind it, where a further start would lie."""
    figure, axes = plt.subplots(figsize=(7, 3.3), layout="constrained")
    for (name, of_layer), marker, color in zip(measured.items(), "os", ("#0b5fa5", "#c4560f")):
        layers = list(of_layer)
        axes.plot(layers, list(of_layer.values()), marker + "-", color=color, label=name)
        ends = [controls[f"{number} {layer}, {name}"].range for layer in layers]
        label = f"{name}, one further start (95 %)"
        axes.fill_between(layers, *zip(*ends), color=color, alpha=0.15, lw=0, label=label)
    if guide:
        axes.axhline(guide[0], color="#777777", linestyle=":", label=guide[1])
    axes.set(ylabel=ylabel, ylim=ylim, xlabel="layer, from the first to the last")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e6e6e6")
    axes.legend(frameon=False, fontsize=8)
    return figure


def check(measured, number):
    """The untrained network is start 0 of the five, measured anew: it must lie among them."""
    for layer, value in measured["untrained"].items():
        assert value in controls[f"{number} {layer}, untrained"], (number, layer, value)


# %%
# What can be read off a layer
# ----------------------------
#
# A *linear probe* is a classifier without hidden layers, trained on what a layer puts out while the
# network stays as it is. Each probe learns from one lot of images, and there are six lots. How
# strongly large weights are held back is chosen for each layer on other images, since layers differ
# in width, and the probes are judged on a third part. None of these images was in the network's
# training. Predict: how well will probes do on bare pixels? On random filters?

LOTS, PENALTIES = 6, (1e-4, 1e-3, 1e-2)


def probe_shares(model, images):
    """For each stage, the share that each lot's probe names correctly."""
    size = len(images) // 15
    order = torch.arange(len(images)).split([*[size] * LOTS, 3 * size, len(images) - 9 * size])
    *lots, choosing, judging = order
    shares = {}
    for stage, values in run(model, images).items():

        def probe(lot, on, penalty, values=values):
            labels = images.labels
            return linear_probe(values[lot], labels[lot], values[on], labels[on], penalty=penalty)

        best = max(PENALTIES, key=lambda one: sum(probe(lot, choosing, one) for lot in lots))
        shares[stage] = [probe(lot, judging, best) for lot in lots]
    return shares


def mean_probes(model, images):
    return {stage: sum(of) / len(of) for stage, of in probe_shares(model, images).items()}


probed = test[:4000]
of_lots = {
    name: {stage: Spread(of, of="lots") for stage, of in probe_shares(one, probed).items()}
    for name, one in networks.items()
}
probes = {n: {stage: of.mean for stage, of in stages.items()} for n, stages in of_lots.items()}
for name, stages in of_lots.items():
    for stage, share in stages.items():
        print(f"{name:9} {stage:6} {share:.1%}")
check(probes, "probe")

save_figure(
    draw(probes, "probe", "share correct", ylim=(0.5, 1)),
    "linear_probes",
    f"Share of garments that a linear probe names correctly, mean of {LOTS} lots: "
    f"{probes['trained']['pixels']:.0%} from the pixels, {probes['trained']['pool3']:.0%} from the "
    f"trained network's last stage, {probes['untrained']['pool3']:.0%} from the untrained one's.",
)
steps = [change("probe", *pair, "trained") for pair in zip(["pixels", *STAGES], STAGES)]
first = change("probe", "pixels", "pool1", "untrained")
later = change("probe", "pool1", "pool3", "untrained")
rising = sum(step.sign == 1 for step in steps)
say(
    f"""Trained networks: the share rises in {rising} of 3 steps, from pixels to pool3 by
    {change("probe", "pixels", "pool3", "trained"):+.1%}. Untrained ones: the first stage adds
    {first:+.1%}, the two after it {later:+.1%}. At pool3 training makes a difference of
    {gap("probe pool3"):+.1%}."""
)
assert first.sign == 1
assert later.sign < 1
assert rising == 3 or test.source.is_stand_in
assert gap("probe pool3").interval[0] > 0.02
here = list(probes["trained"].values())
assert here == sorted(here)
assert probes["untrained"]["pool1"] > here[0] + 0.02
assert 1 - here[-1] < 0.6 * (1 - probes["untrained"]["pool3"])
assert probes["untrained"]["pool3"] < probes["untrained"]["pool1"] + 0.02

# %%
# Garments of one class lie in much the same place, so bare pixels do well. One stage of filters
# helps, even of random ones, since the same image is told in many more numbers. Only in trained
# networks is the class read more easily at the end than after the first stage, although the numbers
# become fewer; in untrained ones nothing is gained.

# %%
# How selective the filters are
# -----------------------------
#
# A filter that responds to boots alone has a *selectivity* of 1, one that responds to everything
# alike has 0 (Morcos and others, 2018).


def selectivities(model, images):
    """Mean selectivity of each stage's filters."""
    outputs = run(model, images)
    return {
        stage: class_selectivity(outputs[stage], images.labels).nanmean().item() for stage in STAGES
    }


selective = {name: selectivities(one, test[:1000]) for name, one in networks.items()}
check(selective, "selectivity")
save_figure(
    draw(selective, "selectivity", "mean selectivity", ylim=(0, 1)),
    "class_selectivity",
    "Mean selectivity of the filters for a class, by stage. In the last it is "
    f"{selective['trained']['pool3']:.2f} in the trained network, "
    f"{selective['untrained']['pool3']:.2f} in the untrained one; 1 would be one class only.",
)
risen = {name: change("selectivity", "pool1", "pool3", name) for name in networks}
say(
    f"""From the first stage to the last, selectivity changes by {risen["trained"]:+.2f} in trained
    networks and by {risen["untrained"]:+.2f} in untrained ones; training adds
    {risen["trained"] - risen["untrained"]:+.2f} to the change."""
)
assert risen["trained"].sign == risen["untrained"].sign == 1
assert (risen["trained"] - risen["untrained"]).sign == 1
assert selective["trained"]["pool3"] - selective["trained"]["pool1"] > 0.02
assert max(selective["trained"]["pool3"], *controls["selectivity pool3, trained"].values) < 0.6

# %%
# Filters become more selective with depth, also random ones; training adds to it. But look at the
# height of the curves, far below 1: what a network knows is spread over many filters that each
# respond to several classes, and calling one of them "the boot filter" would be wrong.
#
# What a layer forgets
# --------------------
#
# A boot one pixel to the left is the same boot. The measure is the change of a layer's output by a
# shift, set against how much it differs from garment to garment: 0 means that the layer doesn't
# notice. There is a catch. A layer may differ from garment to garment in little but their
# *brightness*, and a shift leaves that as it is: such a layer looks steady because it has a large
# denominator. So we measure twice, as it is, and with the part taken off that a straight line over
# the image's mean brightness explains. Predict: will training make a layer steadier?

SHIFTS = [(0, 1), (0, -1), (1, 0), (-1, 0)]
PARTS = "shift", "brightness", "shift without brightness"


def without_brightness(rows, brightness):
    """What is left of each number when its best straight line over the brightness is taken off."""
    centred, light = rows - rows.mean(dim=0), (brightness - brightness.mean())[:, None]
    return centred - light * (light * centred).sum(dim=0) / light.square().sum()


def shift_changes(model, images):
    """For each stage: change by a shift; the part of brightness; the change without that part.

    Changes are mean squares, divided by those between two different images.
    """
    before, brightness = run(model, images), (images.images / 255).mean(dim=(1, 2, 3))
    pixels = F.pad(before["pixels"], (1, 1, 1, 1))
    moved = [pixels[..., 1 - y : 29 - y, 1 - x : 29 - x] for y, x in SHIFTS]
    after = []
    for one in moved:
        with capture(model, STAGES) as outputs, torch.no_grad():
            model(one)
        after.append({"pixels": one, **outputs})
    found = {}
    for stage, values in before.items():
        rows = values.flatten(1)
        change = sum((one[stage] - values).flatten(1).square().sum(1).mean() for one in after) / 4
        spread = 2 * rows.var(dim=0).sum()  # the mean squared distance of two images
        rest = 2 * without_brightness(rows, brightness).var(dim=0).sum()
        numbers = change / spread, 1 - rest / spread, change / rest
        found[stage] = {part: number.item() for part, number in zip(PARTS, numbers)}
    return found


shifted = {name: shift_changes(one, test[:500]) for name, one in networks.items()}
shift, bright, steady = (
    {name: {at: one[part] for at, one in of.items()} for name, of in shifted.items()}
    for part in PARTS
)
for numbers, part in zip((shift, bright, steady), PARTS):
    check(numbers, part)
figure = draw(steady, PARTS[2], "change by a shift, brightness apart")
save_figure(
    figure,
    "shift_sensitivity",
    "Change by a shift of one pixel, as a share of the difference between garments, brightness "
    f"apart: {steady['trained']['pixels']:.2f} for the pixels, {steady['trained']['pool3']:.2f} in "
    f"the trained network's last stage, {steady['untrained']['pool3']:.2f} in the untrained one's.",
)
shares = (f"{name} networks {controls[f'brightness pool3, {name}']:.0%}" for name in networks)
print(f"Of what differs between garments in pool3 brightness explains: {', '.join(shares)}")
for part in (PARTS[0], PARTS[2]):
    both = (f"{name} {controls[f'{part} pool3, {name}']:.3f}" for name in networks)
    told = gap(f"{part} pool3")
    words = {-1: "steadier", 0: "neither steadier nor less steady, as far as five starts tell"}
    say(
        f"""The {part}, in pool3: {", ".join(both)}. After a short training networks are
        {words.get(told.sign, "less steady")}: {told:+.3f}."""
    )
longer = steady["trained"]["pool3"]
untrained_ones = controls["shift without brightness pool3, untrained"]
among = (
    "lies among the untrained ones" if longer in untrained_ones else "is apart from the untrained"
)
say(f"The network of this page, trained for longer, has {longer:.3f} and {among}.")
assert gap("brightness pool3").interval[1] < -0.05
assert gap("shift without brightness pool3").sign == -1
assert gap("shift pool1").sign == 1
assert longer > controls["shift without brightness pool3, trained"].range[1]
assert longer > untrained_ones.range[0]
assert shift["trained"]["pool3"] < 0.9 * shift["trained"]["pixels"]
assert shift["trained"]["pool1"] > 1.1 * shift["trained"]["pool3"]
for name in networks:
    assert change("shift without brightness", "pixels", "pool3", name).sign == -1

# %%
# Without the second look one would have been misled: untrained layers seem steady, since much of
# what they tell is how bright a garment is. With brightness apart, both kinds of networks mind a
# shift less at the end than the pixels do; that much comes with the architecture, the pooling above
# all. Does training add to it? A short one did, for each of five starts. But look at the blue line:
# the network of this page, trained for much longer, ends less steady than those five, and no
# untrained network is told from it. In the first stage training even works against it. And all of
# these were trained on *shifted* garments, so one trained without would have to be asked anew. No
# layer is blind to the place: the change is never zero.
#
# The patches that drive a filter
# -------------------------------
#
# What does a filter respond to? Of three thousand test images, we take the nine on which it
# responds most. The frame is the *receptive field* of the value that responded, all that it could
# see. Of each layer these are the three filters with the highest responses, of the trained network
# above, of the untrained one below.

LAYERS = ["relu1", "relu2", "relu3"]
searched = test[:3000]
found = {name: top_patches(one, LAYERS, searched) for name, one in networks.items()}


def purities(patches, labels):
    """Mean share of the commonest class among each filter's nine patches, by layer."""
    shares = {}
    for layer, of in patches.items():
        rows = labels[of.images[of.values[:, 0] > 0]]
        counts = torch.stack([row.bincount(minlength=10) for row in rows])
        shares[layer] = (counts.amax(dim=1) / rows.shape[1]).mean().item()
    return shares


pure = {name: purities(of, searched.labels) for name, of in found.items()}
for layer in LAYERS:
    images, boxes, labels = [], [], []
    for name, of in found.items():
        strongest = of[layer].values[:, 0].argsort(descending=True)[:3]
        images.append(of[layer].images[strongest].flatten())
        boxes.append(of[layer].boxes[strongest].flatten(0, 1))
        labels += [f"{name}, {at}" if not nine else "" for at in strongest for nine in range(9)]
    axes = plot_images(
        searched.images[torch.cat(images)] / 255,
        boxes=torch.cat(boxes),
        columns=9,
        labels=labels,
        title=f"{layer}: receptive field {found['trained'][layer].receptive_field}",
    )
    shown = searched.labels[images[0]].bincount(minlength=10)
    classes = [f"{count} {test.classes[at]}" for at, count in enumerate(shown) if count]
    save_figure(
        axes.figure,
        f"top_patches_{layer}",
        f"The nine test images that drive each of three filters of {layer} most, receptive field "
        f"framed; above trained ({', '.join(classes[:4])}), below untrained. Of nine, "
        f"{pure['trained'][layer]:.0%} and {pure['untrained'][layer]:.0%} are of one class.",
    )
    print(f"{layer}, trained, shown: {', '.join(classes)}")

# %%
# In the first layer the frame is tiny, and garments of several classes have the right few pixels.
# In the last it holds much of a garment. Are the nine of a row of one class, above and below? Three
# filters are a sample, so ask all of them: which share of the nine belongs to the commonest class?

check(pure, "purity")
generator = torch.Generator().manual_seed(0)
draws = searched.labels[torch.randint(len(searched), (2000, 9), generator=generator)]
chance = (torch.stack([row.bincount(minlength=10) for row in draws]).amax(dim=1) / 9).mean().item()
save_figure(
    draw(pure, "purity", "share of one class", (chance, "nine garments at random"), ylim=(0, 1)),
    "purity",
    "Share of the commonest class among the nine patches, by layer: from "
    f"{pure['trained']['relu1']:.0%} to {pure['trained']['relu3']:.0%} in the trained network, "
    f"from {pure['untrained']['relu1']:.0%} to {pure['untrained']['relu3']:.0%} in the untrained.",
)
rise = {name: change("purity", "relu1", "relu3", name) for name in networks}
more = rise["trained"] - rise["untrained"]
words = {
    1: "training adds to the rise",
    0: "five starts can't tell whether training adds to the rise",
}
say(
    f"""Nine garments at random: {chance:.0%} of one class. From relu1 to relu3 the share rises by
    {rise["trained"]:+.2f} in trained networks and by {rise["untrained"]:+.2f} in untrained ones;
    {words.get(more.sign, "training takes from the rise")}: {more:+.2f}. In relu3 trained networks
    are {gap("purity relu3"):+.2f} ahead, in relu1 {gap("purity relu1"):+.2f}."""
)
assert rise["trained"].sign == 1
assert gap("purity relu3").sign == 1
assert pure["trained"]["relu3"] > chance + 0.2
assert min(controls["purity relu1, untrained"].values) > chance + 0.05
assert gap("purity relu3").mean < controls["purity relu3, untrained"].mean - chance

# %%
# Even in the first layer of an untrained network the nine are of one class far more often than
# chance would have it. With depth they become purer in trained networks; how much of that rise
# random filters show as well, the line above says. At the last layer training adds less than what
# untrained networks are above chance. So a row of patches of one class says little about learning.
#
# What we learned
# ---------------
#
# * The class can be read more easily at the end of a trained network than after its first stage,
#   and from fewer numbers. That is learned.
# * Filters become more selective with depth, more so with training, and still respond to several
#   classes.
# * A layer can look steady because it tells little but brightness. With that apart, the last stage
#   is steadier than the pixels in every network. Whether training adds to it depends on how long.
# * The nine patches of a deep filter are more of one class than chance would have it, in untrained
#   networks too. What learning adds is the smaller part.
#
# **Limits.** A probe tells what *can* be read from a layer, not what the network reads. Nine
# patches are the extremes of a filter, which may respond to other things at lower strength. Five
# starts of one small architecture, on one set, trained on shifted images. "From edges to objects"
# is a short way to say it; nothing here has shown an object detector.
#
# **Ethics.** A row of well-chosen patches convinces more than it proves. Show beside it what an
# untrained network would have given, and how the filters were chosen.
#
# Exercise
# --------
#
# Is the class in the *kind* of filter that responds, or in the *place* where it responds? Average
# each map of the last stage over all places, so that one number a filter is left, and probe again.
#
# Answer: most of it is in the kind. With the places averaged away a ninth of the numbers is left,
# and the probe does somewhat worse, so the place counts as well.

outputs, size = run(network, probed)["pool3"], len(probed) // 15
judging = slice(9 * size, None)
shares = {"with the places": outputs, "without": outputs.mean(dim=(2, 3))}
for name, values in shares.items():
    lots = [slice(size * lot, size * (lot + 1)) for lot in range(LOTS)]
    labels = probed.labels
    of = [linear_probe(values[lot], labels[lot], values[judging], labels[judging]) for lot in lots]
    shares[name] = Spread(of, of="lots")
    print(f"{name}: {shares[name]:.1%}; chance 10%")
lost = shares["with the places"] - shares["without"]
assert lost.sign == 1
assert 0.01 < lost.mean < 0.15

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
