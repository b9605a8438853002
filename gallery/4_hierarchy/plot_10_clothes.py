"""
What becomes of a garment, layer by layer?
==========================================

Ten kinds of garments, and a network that has never been told what a sleeve is: what does it make of
a boot on the way from the picture to the answer?

**Abstract.** A network of three convolutions has learned to tell ten kinds of garments apart, on
small grey pictures. We look at the loss and the accuracy of its training, at the mistakes that it
goes on making, and then follow a single garment through its filters and feature maps. The maps of
the first layer still show the garment, by its outline or by its brightness; those of deeper layers
show it less and less. How much a layer *knows*, which no look at its maps can tell, is measured in
the `tutorial that follows <plot_20_edges_to_objects.html>`_.

After this page you can

* judge a network by the curves of its training and by its mistakes,
* draw its filters, and the feature maps of each of its convolutions,
* say what a feature is, and why features are learned rather than written,
* tell what such pictures show from what they only suggest.

In the glossary: `filter <../../glossary.html#term-filter>`_, `feature map
<../../glossary.html#term-feature-map>`_, `overfitting <../../glossary.html#term-overfitting>`_,
`confusion matrix <../../glossary.html#term-confusion-matrix>`_.
"""

# sphinx_gallery_thumbnail_number = 6

from textwrap import fill

import torch
from skimage.filters import sobel
from sklearn.metrics import confusion_matrix

from cnnvis import (
    capture,
    diagnose,
    evaluate,
    layer_table,
    load,
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
# Fashion-MNIST has the frame of MNIST, 60,000 pictures to learn from and 10,000 to be tested on,
# each 28×28 grey pixels in one of ten classes. It was made from the photographs of a shop, because
# digits had become too easy. Where it can't be had, garments drawn by a program take its place; the
# first line says which these are.

test = load("fashion-mnist", "test")
print(test.source)
print(f"pictures {tuple(test.images.shape)}, {test.images.dtype}, ", end="")
print(f"values from {test.images.min()} to {test.images.max()}")

examples = torch.cat([test.images[test.labels == label][:3] for label in range(10)])
names = [name if at == 1 else "" for name in test.classes for at in range(3)]
axes = plot_images(examples, columns=6, labels=names)
brightness = [test.images[test.labels == label].float().mean() / 255 for label in range(10)]
brightest = test.classes[brightness.index(max(brightness))]
save_figure(
    axes.figure,
    "garments",
    "Three pictures of each class, light garments on black, shoes with the toe to the left. The "
    f"brightest class on average is {brightest}, the darkest "
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
# Such a training takes minutes, so this network comes with the package, and its card has kept the
# curves: loss and accuracy on Fashion-MNIST's real pictures, before training and after each epoch.
# (`How does a small network learn to read digits?
# <../2_learned_filters/plot_10_training.html>`_ trains one before your eyes.)

print(fill(str(card), 80))
for term in ("optimizer", "schedule", "batch size"):
    print(fill(f"{term}: {card.recipe[term]}", 80))
history = card.training()
axes = plot_history(history, "loss")
save_figure(
    axes.figure,
    "training_loss",
    f"Loss over {history.epochs} epochs, on a logarithmic axis. On the test pictures it falls from "
    f"{history.test_loss[0]:.2f} to {history.test_loss[-1]:.2f}.",
    folder="figs",
)
axes = plot_history(history, "accuracy")
save_figure(
    axes.figure,
    "training_accuracy",
    f"Accuracy over {history.epochs} epochs. On the test pictures it rises from "
    f"{history.test_accuracy[0]:.0%} to {history.test_accuracy[-1]:.0%}; a tenth is chance.",
    folder="figs",
)
assert history.test_accuracy[-1] > 0.9
assert card.recipe["schedule"].count("one cycle") == 2
gained = history.train_accuracy[1] - history.train_accuracy[0]
assert gained > 0.6 * (history.train_accuracy[-1] - history.train_accuracy[0])
gap = history.train_accuracy[-1] - history.test_accuracy[-1]
print(f"at the end {gap:.1%} better on the pictures that it learned from")
assert 0.005 < gap < 0.1

# %%
# Most of the accuracy is gained in the first epoch; the rest is slow work. Twice in this training
# the learning rate rises and falls: where it is high the curves are restless, where it has fallen
# they come to rest. At the end the network does better on the pictures that it has learned from
# than on others: it knows some of them by heart, which is called *overfitting*. In all that follows
# it is judged by test pictures.
#
# The mistakes
# ------------
#
# Before you look: which garments will it mistake for each other? Write down two pairs.

verdict = evaluate(network, test)
print(f"{verdict.accuracy:.1%} of these test pictures named rightly")
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

groups = torch.tensor([0, 1, 0, 0, 0, 2, 0, 2, 3, 2])  # upper body, trousers, feet, bags
missed = verdict.predictions != test.labels
related = (groups[verdict.predictions] == groups[test.labels])[missed].float().mean().item()
by_chance = (groups[:, None] == groups)[~torch.eye(10, dtype=torch.bool)].float().mean().item()
print(f"{missed.sum()} of {len(test):,} wrong; {related:.0%} of these stay within a group")
print(f"if it mistook every class for every other, {by_chance:.0%} would")
assert related > by_chance + 0.3

# %%
# The mistakes are not spread evenly. Garments for the upper body are mistaken for each other, and
# shoes for shoes. At this size some of these pictures would puzzle people as well.
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
# A filter whose weights have one sign adds up its patch: it answers to brightness. One that is
# red on one side and blue on the other answers to a change, an edge. Which of the two a map
# follows, we needn't guess. We take how far each map departs from its own background, upwards or
# downwards, and compare that with the picture, and with the picture's edges.
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
    f"An ankle boot as seen by the {len(first)} filters of conv1. {len(outlines)} maps are more "
    f"like its outline than like the boot; of all, map {with_edges.argmax()} is most like it.",
    folder="figs",
)
print(f"maps more like the outline: {outlines}; all others are more like the boot itself")
assert with_image.max() > 0.7

# %%
# Each map has its own scale here, or a single strong one would make the others pale. The boot is
# there in nearly all of them: a map of the first layer is still a picture.
#
# The feature maps of deeper layers
# ---------------------------------

for name in ("conv2", "conv3"):
    deeper = maps[name][0]
    axes = plot_maps(deeper, columns=len(deeper) // 8, title=f"{name} of the trained network")
    peak = deeper.amax(dim=(1, 2))
    answering = sum(not word for word in diagnose(deeper.relu()))
    save_figure(
        axes.figure,
        f"featuremaps_{name}",
        f"The {len(deeper)} maps of {name} for the same boot, {deeper.shape[1]}×{deeper.shape[2]} "
        f"values each. {answering} of them pass the ReLU somewhere; map {peak.argmax()} reaches "
        f"the highest value, {peak.max():.1f}.",
        folder="figs",
    )

# %%
# The maps of ``conv2`` pick out parts: a heel here, the line of the sole there. In ``conv3`` each
# map has 7×7 values, and a value stands for a region. This is what people mean when they say that
# deeper layers are *more abstract*. But a blurred and shrunken picture also looks abstract, and so
# do the maps of an untrained network. They look different, but would you know from the look which
# of the two can name a garment? Mind the colour bars, too:

untrained = card.untrained()
with capture(untrained, ["conv3"]) as random_maps:
    untrained(boot)
axes = plot_maps(random_maps["conv3"][0], columns=16, title="conv3 of an untrained network")
right = {name: evaluate(one, test).accuracy for name, one in zip("tu", (network, untrained))}
save_figure(
    axes.figure,
    "featuremaps_conv3_untrained",
    f"The same boot in conv3 of an untrained network. It names {right['u']:.0%} of the test "
    f"pictures right, the trained one {right['t']:.0%}.",
    folder="figs",
)
assert right["t"] > right["u"] + 0.5

# %%
# What we learned
# ---------------
#
# * The network learned its features from pictures and labels alone; nobody told it of edges.
# * It makes the mistakes that the pictures suggest: within a group of garments.
# * Maps of the first layer follow brightness or outlines, and that can be measured.
# * Deeper maps look more abstract, also when nothing was learned. Looks are no measure.
#
# **Limits.** We followed one boot, with one small network; larger ones name more garments rightly.
# The next tutorial measures over many garments what a layer knows.
#
# **Accessibility.** Every figure on this page has a description with its main finding; in the files
# that the script saves it is stored as metadata. Signed values are drawn in red and blue, which
# also people with the common forms of colour blindness can tell apart; the sign is also told by
# lightness on either side of white.
#
# **Ethics.** The pictures are of one European shop's goods: what other people wear isn't in the ten
# classes, and a garment has no gender until somebody writes a label. A network trained on this set
# would misjudge wardrobes that it has never seen, and say so to nobody.
#
# Exercise
# --------
#
# Is the network sure when it is wrong? Compare the probability that it gives to its answer, for
# right and for wrong answers.
#
# Answer: it is less sure when it is wrong, but far from unsure. Its confidence alone can't be
# trusted to find the mistakes.

confidence = verdict.probabilities.amax(dim=1)
right, wrong = confidence[~missed].mean(), confidence[missed].mean()
print(f"mean confidence: {right:.0%} where it is right, {wrong:.0%} where it is wrong")
assert right > wrong + 0.1
assert wrong > 0.4

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
