"""
What becomes of a garment, layer by layer?
==========================================

Ten kinds of garments, and a network that has never been told what a sleeve is: what does it make of
a boot on the way from the image to the answer?

**Abstract.** A network of three convolutions has learned to tell ten kinds of garments apart, on
small grey images. We look at its training and at the garments that it mistakes, and then follow a
boot through its filters and feature maps. The maps of the first layer still look like the garment
or its outline, those of deeper layers less and less, whether or not the network has learned
anything. How much a layer *knows*, which no look at its maps can tell, is measured in the
`tutorial that follows <plot_20_edges_to_objects.html>`_.

After this page you can

* judge a network by the curves of its training and by its mistakes,
* draw its filters, and the feature maps of each of its convolutions,
* say what a feature is, and why features are learned rather than written,
* tell what such maps show from what they only suggest.

In the glossary: `filter <../../glossary.html#term-filter>`_, `feature map
<../../glossary.html#term-feature-map>`_, `overfitting <../../glossary.html#term-overfitting>`_,
`confusion matrix <../../glossary.html#term-confusion-matrix>`_.
"""

# sphinx_gallery_thumbnail_number = 7

from textwrap import fill

import torch
from skimage.filters import sobel
from sklearn.metrics import confusion_matrix

from cnnvis import (
    capture,
    evaluate,
    layer_table,
    load,
    load_controls,
    load_pretrained,
    map_correlation,
    plot_confusion,
    plot_history,
    plot_images,
    plot_kernels,
    plot_maps,
    save_figure,
)

# %%
# Learned features
# ----------------
#
# To tell a shirt from a pullover, a program needs something to go by: a collar, a row of buttons,
# the length of a sleeve. Such a measurable hint is a *feature*. For decades people wrote features
# by hand; a convolutional network learns them, since nothing but the final answer is prescribed
# and every filter is free to become whatever helps. What is learned in one layer is the material
# for the next, so that hints are built from hints. Whether they deserve names such as "edge",
# "sleeve" or "boot" is what these pages ask.
#
# The data set
# ------------
#
# Fashion-MNIST has the frame of MNIST, 60,000 images to learn from and 10,000 to be tested on,
# each 28×28 grey pixels in one of ten classes. It was made from the photographs of a shop, because
# digits had become too easy. Where it can't be had, garments drawn by a program take its place; the
# first line says which these are.

test = load("fashion-mnist", "test")
print(test.source)
print(f"images {tuple(test.images.shape)}, {test.images.dtype}, ", end="")
print(f"values from {test.images.min()} to {test.images.max()}")

examples = torch.cat([test.images[test.labels == label][:3] for label in range(10)])
names = [name if at == 1 else "" for name in test.classes for at in range(3)]
axes = plot_images(examples, columns=6, labels=names)
brightness = [test.images[test.labels == label].float().mean() / 255 for label in range(10)]
brightest = test.classes[brightness.index(max(brightness))]
save_figure(
    axes.figure,
    "garments",
    f"Three images of each class. The brightest class on average is {brightest}, the darkest "
    f"{test.classes[brightness.index(min(brightness))]}.",
    folder="figs",
)

# %%
# The architecture
# ----------------
#
# Three times a convolution, a ReLU and a pooling, then one fully connected layer, which gives each
# class a number. The sizes follow from the arithmetic of convolutions (Dumoulin and Visin, 2016): a
# 3×3 window with a border of one zero keeps the size, a pooling of two halves it.

network, card = load_pretrained("fashion-mnist")
print(f"{card.parameters:,} parameters")
layer_table(network, test.images[:1] / 255)

# %%
# How the training went
# ---------------------
#
# This network comes with the package, and its card has kept the curves of its training: loss and
# accuracy on Fashion-MNIST's real images, before training and after each epoch.
# (`How does a small network learn to read digits?
# <../2_learned_filters/plot_10_training.html>`_ trains one before your eyes.)


def say(text):
    print(fill(" ".join(text.split()), 88))


say(str(card))
for term in ("optimizer", "schedule", "batch size"):
    say(f"{term}: {card.recipe[term]}")
history = card.training()
axes = plot_history(history, "loss")
save_figure(
    axes.figure,
    "training_loss",
    f"Loss over {history.epochs} epochs, on a logarithmic axis. On the test images it falls from "
    f"{history.test_loss[0]:.2f} to {history.test_loss[-1]:.2f}.",
    folder="figs",
)
axes = plot_history(history, "accuracy")
save_figure(
    axes.figure,
    "training_accuracy",
    f"Accuracy over {history.epochs} epochs. On the test images it rises from "
    f"{history.test_accuracy[0]:.0%} to {history.test_accuracy[-1]:.0%}; a tenth is chance.",
    folder="figs",
)
learned, tested = history.train_accuracy, history.test_accuracy
falls = [epoch for epoch in range(1, history.epochs + 1) if tested[epoch] < tested[epoch - 1]]
print(f"test accuracy is lower than an epoch before in epochs {falls}")
print(f"at the end {learned[-1] - tested[-1]:.1%} better on the images that it learned from")
assert card.recipe["schedule"].startswith("one cycle: 20 epochs")
assert history.epochs == 32
for curve in (learned, tested):
    assert curve[1] - curve[0] > 0.8 * (curve[-1] - curve[0])
assert len(falls) > 8
assert not {18, 19, 20, 30, 31, 32} & set(falls)
assert 0.01 < learned[-1] - tested[-1] < 0.05

# %%
# More than four fifths of what is gained is gained in the first epoch. Twice in this training, in
# epochs 1 to 20 and 21 to 32, the learning rate rises and falls. The test accuracy goes up and down
# in between, but not in the last three epochs of either. At the end the network does better on the
# images that it has learned from than on others: some of what it learned holds for those alone,
# which is called *overfitting*. In all that follows it is judged by test images.
#
# The mistakes
# ------------
#
# Before you look: which garments will it mistake for each other? Write down two pairs.

verdict = evaluate(network, test)
print(f"{verdict.accuracy:.1%} of these test images named correctly")
matrix = confusion_matrix(test.labels, verdict.predictions)
axes = plot_confusion(matrix, test.classes)
wrong = matrix - torch.diag(torch.tensor(matrix).diag()).numpy()
true, said = divmod(int(wrong.argmax()), 10)
save_figure(
    axes.figure,
    "confusion_matrix",
    f"Confusion matrix: true classes are rows, answers columns. Most often a {test.classes[true]} "
    f"is called {test.classes[said]}, {wrong.max()} times.",
    folder="figs",
)

missed = verdict.predictions != test.labels
confidence = verdict.probabilities.amax(dim=1)
pairs = torch.triu(torch.tensor(wrong + wrong.T))
commonest = pairs.flatten().argsort(descending=True, stable=True)[:3].tolist()
shown = min(6, *(pairs.flatten()[pair].item() for pair in commonest))
mistakes = []
for pair in commonest:
    both = torch.tensor(divmod(pair, 10))
    within = missed & torch.isin(test.labels, both) & torch.isin(verdict.predictions, both)
    mistakes += torch.where(within, confidence, 0).argsort(descending=True)[:shown].tolist()
named = [(test.classes[test.labels[at]], test.classes[verdict.predictions[at]]) for at in mistakes]
axes = plot_images(
    test.images[mistakes],
    columns=6,
    labels=[f"{true},\nnamed {answer}" for true, answer in named],
    title="Mistaken for each other most often",
)
save_figure(
    axes.figure,
    "mistakes",
    f"Of each of the three commonest pairs of mistaken classes the {shown} mistakes of which the "
    f"network was surest. The first is a {named[0][0]}, named {named[0][1]} with "
    f"{confidence[mistakes[0]]:.0%}.",
    folder="figs",
)
counted = [
    f"{test.classes[pair // 10]} and {test.classes[pair % 10]} {pairs.flatten()[pair]} times"
    for pair in commonest
]
share = pairs.flatten()[commonest].sum() / missed.sum()
say(
    f"""Of {len(test):,} garments {missed.sum()} are mistaken. Most often taken for each other, one
    way or the other: {"; ".join(counted)}. These three of 45 pairs make up {share:.0%} of the
    mistakes."""
)
assert missed[mistakes].all()
assert share > 0.25

groups = torch.tensor([0, 1, 0, 0, 0, 2, 0, 2, 3, 2])  # upper body, trousers, feet, bags
related = groups[verdict.predictions] == groups[test.labels]
of_tops, of_shoes = (related[missed & (groups[test.labels] == one)] for one in (0, 2))
say(
    f"""Of {len(of_tops)} mistaken garments for the upper body {of_tops.sum()} are taken for another
    such garment, of {len(of_shoes)} mistaken shoes {of_shoes.sum()} for another kind of shoe. If
    every other answer were equally likely, it would be {4 / 9:.0%} and {2 / 9:.0%}."""
)
assert of_tops.float().mean() > 0.8
assert len(of_shoes) < 5 or of_shoes.float().mean() > 0.8

# %%
# Are your two pairs among these? The mistakes are not spread evenly: garments for the upper body
# are mistaken for each other, and shoes for shoes. Nor are these images easy for people: the `page
# of the data set <https://github.com/zalandoresearch/fashion-mnist>`_ reports that people without
# knowledge of fashion, by a majority of three, named 83.5 % of 1,000 test images correctly.
#
# The filters
# -----------

weight = network.conv1.weight.detach()
axes = plot_kernels(weight, columns=12, labels=[str(number) for number in range(len(weight))])
one_sign = (weight.flatten(1).sum(1).abs() > 0.8 * weight.flatten(1).abs().sum(1)).sum()
save_figure(
    axes.figure,
    "filters_conv1",
    f"The {len(weight)} filters of conv1, 3×3 weights each, red above zero and blue below. "
    f"{one_sign} of them have nearly all their weight on one side of zero.",
    folder="figs",
)

# %%
# A filter whose weights have one sign adds up its patch: it responds to brightness. One that is
# red on one side and blue on the other responds to a change, an edge. Which of the two a map
# follows, we needn't guess. We take how far each map departs from its own background, upwards or
# downwards, and correlate that with the image, and with the image's edges.
#
# The feature maps of the first layer
# -----------------------------------

label = test.classes.index("Ankle boot")
boot = test.images[test.labels == label][:1] / 255
with capture(network, ["conv1", "conv2", "conv3"]) as maps:
    network(boot)
print({name: tuple(one.shape) for name, one in maps.items()})

edges = torch.from_numpy(sobel(boot[0, 0].numpy()))[None, None]
first = maps["conv1"][0]
assert boot[0, 0, 3, 3] == 0  # above the toe, outside of the boot
departure = (first - first[:, 3, 3][:, None, None]).abs()
with_image, with_edges = (map_correlation(departure[None], one)[0] for one in (boot, edges))
outlines = (with_edges > with_image).nonzero().flatten().tolist()
titles = [f"{at}, outline" if at in outlines else f"{at}" for at in range(len(first))]
axes = plot_maps(first, scale="map", columns=8, labels=titles)
save_figure(
    axes.figure,
    "featuremaps_conv1",
    f"Maps of an ankle boot by the {len(first)} filters of conv1. {len(outlines)} maps are more "
    f"like its outline than like the boot; of all, map {with_edges.argmax()} is most like it.",
    folder="figs",
)
print(f"maps more like the outline: {outlines}; all others are more like the boot itself")
clear = (torch.maximum(with_image, with_edges) > 0.5).sum()
print(f"correlated with one of the two by more than 0.5: {clear} of {len(first)} maps")
assert 0 < len(outlines) < len(first)
assert clear > 0.8 * len(first)

# %%
# Each map has its own scale here, or a single strong one would make the others pale. Most maps
# still look like the boot or its outline. Is that so in the deeper ones?
#
# The feature maps of deeper layers
# ---------------------------------

for name in ("conv2", "conv3"):
    deeper = maps[name][0]
    axes = plot_maps(
        deeper,
        columns=len(deeper) // 8,
        labels=[str(number) for number in range(len(deeper))],
        title=f"{name} of the trained network",
    )
    peak = deeper.amax(dim=(1, 2))
    save_figure(
        axes.figure,
        f"featuremaps_{name}",
        f"The {len(deeper)} maps of {name} for the same boot, {deeper.shape[1]}×{deeper.shape[2]} "
        f"values each. {(peak > 0).sum()} of them have values above zero; map {peak.argmax()} "
        f"reaches the highest, {peak.max():.1f}.",
        folder="figs",
    )

# %%
# It is tempting to give these maps names. Is one of ``conv2`` a *heel map*? Nearly all boots have
# their shaft on the right, and so their heel in the lower right corner. We look for the map whose
# highest value lies there most often, over many boots. And we ask the same of networks that have
# learned nothing, from `five starts <../../controls.html>`_.

HEEL = 10, 9  # the corner begins in this row and column of the 14×14


def heel_shares(model, boots):
    """For each map of conv2, the share of boots whose highest value lies in the heel's corner."""
    with capture(model, ["relu2"]) as maps, torch.no_grad():
        model(boots)
    values, place = maps["relu2"].flatten(2).max(dim=2)
    in_corner = (place // 14 >= HEEL[0]) & (place % 14 >= HEEL[1])
    return (in_corner & (values > 0)).float().mean(dim=0)


def likeness(model, images):
    """For each layer, how its maps correlate with the image or its edges, the closer of the two."""
    edges = torch.stack([torch.from_numpy(sobel(one[0].numpy())) for one in images])[:, None]
    with capture(model, ["conv1", "conv2", "conv3"]) as maps, torch.no_grad():
        model(images)
    of_both = {
        name: [map_correlation(values, like).abs() for like in (images, edges)]
        for name, values in maps.items()
    }
    return {name: torch.maximum(*both).mean().item() for name, both in of_both.items()}


untrained, controls = card.untrained(), load_controls("clothes", test)
boots = test.images[test.labels == label][:500] / 255
shaft = boots[:, 0, :14, 14:].mean(dim=(1, 2)) > boots[:, 0, :14, :14].mean(dim=(1, 2))
print(f"{shaft.float().mean():.0%} of {len(boots)} boots have their shaft on the right")
assert shaft.float().mean() > 0.9
heels = {name: heel_shares(one, boots) for name, one in (("t", network), ("u", untrained))}
random = controls["heel, untrained"]
verb = "is within" if heels["t"].max().item() in random else "is outside of"
say(
    f"""Map {heels["t"].argmax()} of the trained network peaks in the heel's corner for
    {heels["t"].max():.0%} of the boots. Among the maps of untrained networks the best does so for
    {random:.0%}. What the trained one reaches {verb} the range of one further untrained network,
    {random.range[0]:.0%} to {min(1, random.range[1]):.0%}."""
)
assert abs(heels["u"].max() - random.values[0]) < 0.02  # start 0, measured anew
assert heels["t"].max() > 0.5
assert random.mean > 0.5

# %%
# With 96 maps to choose from, one fits the name even where nothing was learned. A map's name has
# to be earned by more than where it peaks.
#
# In ``conv3`` each map has 7×7 values, and a value stands for a region. People say that deeper
# layers are *more abstract*. A blurred and shrunken image also looks abstract. So do the maps of an
# untrained network:

with capture(untrained, ["conv3"]) as random_maps:
    untrained(boot)
axes = plot_maps(random_maps["conv3"][0], columns=16, title="conv3 of an untrained network")
right = evaluate(untrained, test[:500]).accuracy
save_figure(
    axes.figure,
    "featuremaps_conv3_untrained",
    f"The same boot in conv3 of an untrained network. It names {right:.0%} of 500 test images "
    f"correctly, the trained one {verdict.accuracy:.0%} of all.",
    folder="figs",
)
assert verdict.accuracy > right + 0.5

falls = {}
for name, one in (("trained", network), ("untrained", untrained)):
    alike = likeness(one, test.images[:100] / 255)
    of = {at: controls[f"likeness {at}, {name}"] for at in alike}
    falls[name] = of["conv1"] - of["conv3"]
    numbers = "; ".join(f"{at} {value:.2f}" for at, value in alike.items())
    say(
        f"""How the {name} network's maps correlate with 100 images or their edges: {numbers}. Over
        five {name} ones this falls from conv1 to conv3 by {falls[name]:.2f}."""
    )
    assert alike["conv1"] > alike["conv2"] > alike["conv3"]
    assert (of["conv1"] - of["conv2"]).sign == (of["conv2"] - of["conv3"]).sign == 1
    assert name == "trained" or all(value in of[at] for at, value in alike.items())
more = falls["trained"] - falls["untrained"]
words = {1: "It falls further in trained networks", -1: "It falls less far in trained networks"}
say(f"{words.get(more.sign, 'Five starts tell no difference between the two')}: {more:+.2f}.")

# %%
# From layer to layer the maps look less like the garment, in networks that have learned and in
# those that haven't. Maps that look abstract are no sign that anything was learned.
#
# What we learned
# ---------------
#
# * The network learned its features from images and labels alone; nobody told it of edges.
# * Its mistakes stay mostly within a group: the upper body's garments, and shoes.
# * Most maps of the first layer follow brightness or outlines, and that can be measured.
# * Deeper maps look more abstract, also when nothing was learned; and among 96 maps one fits a
#   name by chance. Looks are no measure.
#
# **Limits.** We drew the maps of one boot, with one small network. The next tutorial measures over
# many garments what a layer knows.
#
# **Accessibility.** Every figure on this page has a description with its main finding; in the files
# that the script saves it is stored as metadata. Signed values are drawn in red and blue, which
# also people with the common forms of colour blindness can tell apart; the sign is also told by
# lightness on either side of white.
#
# **Ethics.** The images are of one European shop's goods: what other people wear isn't in the ten
# classes, and a garment has no gender until somebody writes a label. A network trained on this set
# gives one of its ten answers to any garment at all; "none of these" isn't among them.
#
# Exercise
# --------
#
# Is the network sure when it is wrong? Compare the probability that it gives to its answer, for
# right and for wrong answers.
#
# Answer: it is less sure when it is wrong, but not so that its confidence would tell every mistake.

sure = {name: confidence[which] for name, which in (("correct", ~missed), ("wrong", missed))}
found = missed[confidence.argsort()[: len(test) // 10]].sum() / missed.sum()
say(
    f"""Mean confidence: {sure["correct"].mean():.0%} where it is correct,
    {sure["wrong"].mean():.0%} where it is wrong. To {(sure["wrong"] > 0.5).float().mean():.0%} of
    its mistakes it gives more than half of the probability. Checking the tenth of all answers of
    which it is least sure would find {found:.0%} of the mistakes."""
)
assert sure["correct"].mean() > sure["wrong"].mean() + 0.1
assert 0.2 < found < 1

# %%
# Where to go next
# ----------------
#
# `Do deeper layers know more? <plot_20_edges_to_objects.html>`_ measures what this page could only
# show. `What does every layer put out? <../3_layer_maps/plot_10_every_layer.html>`_ draws also the
# layers in between. The text and the code of this tutorial are under the MIT licence, and so is
# Fashion-MNIST.
#
# References
# ----------
#
# * H. Xiao, K. Rasul and R. Vollgraf (2017). `Fashion-MNIST: a novel image dataset for benchmarking
#   machine learning algorithms <https://arxiv.org/abs/1708.07747>`_; the `page of the data set
#   <https://github.com/zalandoresearch/fashion-mnist>`_.
# * V. Dumoulin and F. Visin (2016). `A guide to convolution arithmetic for deep learning
#   <https://arxiv.org/abs/1603.07285>`_.
# * M. D. Zeiler and R. Fergus (2014). `Visualizing and understanding convolutional networks
#   <https://doi.org/10.1007/978-3-319-10590-1_53>`_.
# * I. Goodfellow, Y. Bengio and A. Courville (2016). `Deep Learning
#   <https://www.deeplearningbook.org>`_, chapters 9 and 15.
# * Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998). `Gradient-based learning applied to
#   document recognition <https://doi.org/10.1109/5.726791>`_.
