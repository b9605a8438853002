"""
What does pooling keep, and what does it lose?
==============================================

Between its convolutions a network makes its maps smaller: *pooling* replaces every little window of
a map by one number, its largest value or its mean. Three quarters of the values are gone after a
single 2×2 pooling. Which part of the information was that? Here we take single layers, rather than
a whole network, and measure what becomes of strength and position.

After this page you can

* read the shape (batch, channels, height, width), and say what goes wrong without the batch,
* say what max and average pooling keep, with numbers,
* find out why a map is blank, and draw maps without fooling yourself.

In the glossary: `pooling <../../glossary.html#term-pooling>`_, `batch
<../../glossary.html#term-batch>`_, `channel <../../glossary.html#term-channel>`_, `feature map
<../../glossary.html#term-feature-map>`_, `translation invariance
<../../glossary.html#term-translation-invariance>`_.
"""

# sphinx_gallery_thumbnail_number = 2

import torch
import torch.nn.functional as F
from matplotlib import pyplot as plt
from torch import nn

from cnnvis import SmallCNN, capture, diagnose, load, plot_images, plot_maps, save_figure

# %%
# One picture
# -----------
#
# The picture is the first of CIFAR-10's test pictures. The set is large and its host slow, so it
# is fetched on request alone, by ``load("cifar10", "test", download=True)``. Where it isn't on
# disk, a tile of one of scikit-image's photographs takes its place. The next line says which of the
# two you are looking at.

images = load("cifar10", "test")
print(images.source)
label = images.classes[images.labels[0]]
batch = images.images[:1] / 255
print(f"a picture of the class '{label}': shape {tuple(batch.shape)}, {batch.dtype}, ", end="")
print(f"from {batch.min():.2f} to {batch.max():.2f}")

# %%
# The four axes are [batch, channels, height, width]: one picture, three channels (red, green and
# blue), 32 rows, 32 columns. To a convolution, a colour picture is a stack of three grey maps.

greys = batch[0, :, None].expand(-1, 3, -1, -1)  # each channel as a grey picture
labels = ["the picture", "red", "green", "blue"]
axes = plot_images(torch.cat([batch, greys]), columns=4, labels=labels)
brightest = ("red", "green", "blue")[batch[0].mean(dim=(1, 2)).argmax()]
save_figure(
    axes.figure,
    "picture_and_channels",
    f"A picture of the class '{label}', 32×32 pixels, and its red, green and blue channels. "
    f"The {brightest} channel is the brightest on average.",
)

# %%
# Without the batch
# -----------------
#
# Leave the first axis out, and a single convolution doesn't mind: it takes three axes for one
# picture. A whole network does mind, several layers later, with a message about something else.

image = batch[0]
network = SmallCNN(in_channels=3)
print("one convolution:", tuple(network.conv1(image).shape))
try:
    network(image)
    raise SystemExit("a network without a batch should have failed")
except RuntimeError as error:
    print("the network:", error)

# %%
# The layer that flattens the maps keeps the first axis, since that is where the pictures should be,
# and found the channels there. The repair is to add the missing axis with ``None``.

print("repaired:", tuple(network(image[None]).shape))
assert torch.equal(network(image[None]), network(batch))

# %%
# Three rows: before, max, average
# --------------------------------
#
# Eight filters with random weights, a ReLU that sets negative values to 0, and then both poolings
# of the same maps. The seed was picked among thousands so that one filter stays blank on this
# picture. Before you look: which of the two rows of pooled maps will be brighter?

torch.manual_seed(4815)
convolution, relu = nn.Conv2d(3, 8, kernel_size=3, padding=1), nn.ReLU()
max_pool, average_pool = nn.MaxPool2d(2), nn.AvgPool2d(2)
with torch.no_grad():
    raw = convolution(batch)
    before = relu(raw)
    rows = {
        "before pooling": before,
        "after max pooling": max_pool(before),
        "after average pooling": average_pool(before),
    }
for name, maps in rows.items():
    print(f"{name:22s} shape {tuple(maps.shape)}, from {maps.min():.2f} to {maps.max():.2f}")

top = before.max().item()
figure, axes = plt.subplots(3, 1, figsize=(8, 4.1), layout="constrained")
for axis, (name, maps) in zip(axes, rows.items()):
    plot_maps(maps, columns=8, scale=(0, top), cmap="gray", title=name, ax=axis)
blank = [at for at, word in enumerate(diagnose(before)) if word]
strongest = before[0].mean(dim=(1, 2)).argmax().item()
save_figure(
    figure,
    "pooling_rows",
    "Eight grey maps of one picture in three rows: before pooling, after max and after average "
    f"pooling. Channel {strongest} is the brightest; {len(blank)} of 8 are blank and crossed out.",
)

# %%
# All three rows share one scale. Max pooling keeps the brightest value of each window, so its row
# is brighter, with thicker lines; the averages are paler and softer. On a small picture you can
# `try windows and strides <../../explain/convolution-arithmetic.html#pooling>`_ of your own. And
# what if a network that was trained with the one is `given the other
# <../../explorer/index.html#digit=4&pooling=average>`_?
#
# Why is a map blank?
# -------------------
#
# A crossed-out map is zero everywhere. Let us look at the first of them before the ReLU.

channel = blank[0]
print(f"channel {channel} before the ReLU: from {raw[0, channel].min():.3f}", end=" ")
print(f"to {raw[0, channel].max():.3f}; its weights sum to {convolution.weight[channel].sum():.3f}")
assert raw[0, channel].max() < 0

# %%
# Every value is negative, and the ReLU made zeros of them all: the kernel found nothing that it
# likes *in this picture*. Is the filter dead? Show it five hundred others.

others = images.images[1:501] / 255
with torch.no_grad():
    answers = relu(convolution(others))[:, channel]
awake = answers.flatten(1).amax(dim=1) > 0
favourite = answers.flatten(1).mean(dim=1).argmax().item()
print(f"channel {channel} answers to {awake.float().mean():.0%} of {len(others)} other pictures")
assert 0 < awake.float().mean() < 1

figure, axes = plt.subplots(1, 4, figsize=(8, 2.4), layout="constrained")
plot_maps(raw[:, channel], title="before the ReLU", ax=axes[0])
plot_maps(before[:, channel], title="after it", colorbar=False, ax=axes[1])
plot_images(others[favourite, None], title="its favourite", ax=axes[2])
plot_maps(answers[favourite, None], title="and the answer", ax=axes[3])
save_figure(
    figure,
    "blank_map",
    f"Channel {channel}: below zero everywhere before the ReLU, blank and crossed out after it. "
    f"Then the picture that it answers to most of {len(others)}; it answers to {awake.sum()}.",
)

# %%
# It was silent, not dead. Only a filter that is blank for *every* picture is dead. A random
# filter can be silent since pixels are never negative: where most weights are, so is the sum.
#
# What is kept, measured
# ----------------------
#
# *Strength*: the height of a map's peak, and its energy, the mean of the squares. *Position*: does
# the window with the largest pooled value hold the old peak? *Shift*: how much do maps change, as a
# share of their size, when the picture moves by one pixel?


def peak(maps):
    return maps.flatten(1).argmax(dim=1)


def changed(pool):
    moved, still = (pool(relu(convolution(one)))[..., 2:-2] for one in (batch.roll(1, -1), batch))
    return ((moved - still).norm() / still.norm()).item()


alive = [at for at in range(8) if at not in blank]
old = before[0, alive]
old_row, old_column = peak(old) // 32, peak(old) % 32
results = {"none": (1.0, 1.0, 1.0, changed(nn.Identity()))}
for name, pool in {"max": max_pool, "average": average_pool}.items():
    new = pool(old)
    held = (peak(new) // 16 == old_row // 2) & (peak(new) % 16 == old_column // 2)
    heights = (new.amax(dim=(1, 2)) / old.amax(dim=(1, 2))).mean().item()
    energy = (new.square().mean() / old.square().mean()).item()
    results[name] = heights, energy, held.float().mean().item(), changed(pool)
print("pooling   peak kept   energy   peak in the same window   changed by one pixel's shift")
for name, (height, energy, held, change) in results.items():
    print(f"{name:8s} {height:10.0%} {energy:8.0%} {held:25.0%} {change:30.0%}")

assert results["max"][0] == results["max"][2] == 1 > results["average"][0]
assert results["average"][1] < 1 < results["max"][1]
assert max(results["max"][3], results["average"][3]) < results["none"][3]

# %%
# Max pooling keeps every peak at its full height and in its window; which of the window's four
# pixels it was is lost. Average pooling flattens peaks. Both make the maps change less when the
# picture moves by a pixel, but neither makes them *invariant*. Moving by two pixels, the stride of
# the pooling, is another matter: then the pooled maps move along exactly, by one.

moved = max_pool(relu(convolution(batch.roll(2, -1))))[..., 2:-2]
assert torch.allclose(moved, rows["after max pooling"].roll(1, -1)[..., 2:-2], atol=1e-6)
print("moved by two pixels: the pooled maps are the same, one place further on")

# %%
# Larger windows
# --------------
#
# One channel, pooled with windows of 2, 4, 8 and 16 pixels. The largest value of a large window is
# nearly always large: the max-pooled map fills up. The average fades towards one grey.

sizes = (2, 4, 8, 16)
figure, axes = plt.subplots(2, 4, figsize=(8, 4.3), layout="constrained")
spread = {}
for row, pool in zip(axes, (F.max_pool2d, F.avg_pool2d)):
    for axis, size in zip(row, sizes):
        pooled = pool(before[:, strongest], size)
        title = f"{'max' if pool is F.max_pool2d else 'average'} {size}×{size}"
        bar = axis is row[-1]
        plot_maps(pooled, scale=(0, top), cmap="gray", title=title, colorbar=bar, ax=axis)
        spread[title] = pooled.mean().item()
for name, value in spread.items():
    print(f"{name:14s} mean {value:.3f}")
assert spread["max 16×16"] > spread["max 8×8"] > spread["max 4×4"] > spread["max 2×2"]
save_figure(
    figure,
    "pooling_windows",
    f"Channel {strongest} pooled with windows of 2 to 16 pixels. Max: its mean grows from "
    f"{spread['max 2×2']:.2f} to {spread['max 16×16']:.2f}. Average: it stays at "
    f"{spread['average 2×2']:.2f} while the picture fades.",
)

# %%
# Pooling deeper down
# -------------------
#
# Three convolutions, each with its ReLU and its pooling, still with random weights. With `capture`
# we take the maps after each pooling. Each row has its own scale; look at how few values are left
# to say where something is.

torch.manual_seed(1)
deep = SmallCNN(in_channels=3, widths=(8, 8, 8))
with capture(deep, ["conv1", "pool1", "pool2", "pool3"]) as maps, torch.no_grad():
    deep(batch)
figure, axes = plt.subplots(4, 1, figsize=(8, 5.2), layout="constrained")
for axis, (name, stage) in zip(axes, maps.items()):
    title = f"{name}: {stage.shape[2]}×{stage.shape[3]}"
    plot_maps(stage, columns=8, cmap=None if name == "conv1" else "gray", title=title, ax=axis)
counts = {name: sum(word != "" for word in diagnose(stage)) for name, stage in maps.items()}
save_figure(
    figure,
    "pooling_deeper",
    "Eight maps of conv1, in colour, then in grey after pool1, pool2 and pool3, "
    f"from 32×32 down to 4×4 values. Blank after the last: {counts['pool3']} of 8.",
)

# %%
# The same map, drawn four ways
# -----------------------------
#
# What you see depends on how it is drawn. With one scale for the layer, weak channels look empty;
# with a scale for each map, a whisper looks like a shout. And a rainbow map makes borders where the
# values have none, since its lightness goes up and down.

ways = {
    "one scale for the layer": {"scale": "layer"},
    "a scale for each map": {"scale": "map"},
    "viridis": {"scale": "layer", "cmap": "viridis"},
    "jet, a rainbow": {"scale": "layer", "cmap": "jet"},
}
figure, axes = plt.subplots(2, 2, figsize=(8, 3.1), layout="constrained")
four = before[:, alive[:4]]
for axis, (title, how) in zip(axes.flat, ways.items()):
    plot_maps(four, columns=4, title=title, ax=axis, **{"cmap": "gray", **how})
ratio = (four.amax(dim=(0, 2, 3)).max() / four.amax(dim=(0, 2, 3)).min()).item()
save_figure(
    figure,
    "scales_and_colours",
    "The same four maps: grey on one scale, grey with a scale each, in viridis, in a rainbow. "
    f"The strongest map's peak is {ratio:.1f} times the weakest's, which the second way hides.",
)

# %%
# That is easily measured. The lightness of a colour map should rise all the way:

for name in ("gray", "viridis", "jet"):
    red, green, blue = torch.tensor(plt.get_cmap(name)(torch.linspace(0, 1, 256)))[:, :3].T
    lightness = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    rises = (lightness.diff() >= 0).float().mean().item()
    print(f"{name:8s} gets lighter in {rises:4.0%} of its steps")
    assert (rises == 1) == (name != "jet")

# %%
# Common problems
# ---------------
#
# * *The download fails or is slow.* The program goes on with the stand-in and says so. Try ``python
#   -m cnnvis download cifar10`` later, or set ``CNNVIS_DATA`` to a folder that holds the set.
# * *Shapes don't fit* (``mat1 and mat2 shapes cannot be multiplied``). Print ``tuple(x.shape)``;
#   most often the batch axis is missing: ``x[None]``.
# * *Maps are blank.* Look before the ReLU; try other pictures. Draw with ``scale="map"``: the map
#   may be weak rather than blank. Crossed-out maps are blank in truth.
#
# What we learned
# ---------------
#
# * Max pooling keeps strength and forgets the place within a window; averages keep the mean and
#   flatten the peaks.
# * Pooling makes a network less sensitive to small shifts, but not insensitive.
# * A blank map is a silent filter until every picture has been tried.
#
# **Limits.** The filters are random, of a chosen seed, and the picture is one. The shares in the
# table will differ for other pictures; their order held on this one, or this page would not have
# been built.
#
# **Ethics.** What pooling forgets can't be asked of the network afterwards. A claim such as "it saw
# the object *here*" has a resolution, and the honest answer is a window, not a pixel.
#
# Exercise
# --------
#
# Replace the pooling by a convolution of stride 2 with the same filters. It gives as many values.
# Is it as steady as pooling when the picture moves by one pixel? Guess first.
#
# Answer: taking every second value without looking at its neighbours is the least steady way.


def every_second(maps):
    return maps[..., ::2, ::2]  # what a stride of 2 keeps


print(f"stride {changed(every_second):.0%}, max {changed(max_pool):.0%}, ", end="")
print(f"average {changed(average_pool):.0%}")
assert changed(every_second) > max(changed(max_pool), changed(average_pool))

# %%
# Where to go next
# ----------------
#
# `How does a small network learn to read digits?
# <../2_learned_filters/plot_10_training.html>`_ puts convolutions and poolings together and trains
# them.
#
# References
# ----------
#
# * A. Krizhevsky (2009). `Learning multiple layers of features from tiny images
#   <https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf>`_. CIFAR-10.
# * Y.-L. Boureau, J. Ponce and Y. LeCun (2010). `A theoretical analysis of feature pooling in
#   visual recognition <https://icml.cc/Conferences/2010/papers/638.pdf>`_.
# * R. Zhang (2019). `Making convolutional networks shift-invariant again
#   <https://arxiv.org/abs/1904.11486>`_. Why strides and poolings are not invariant.
# * D. Borland and R. M. Taylor (2007). `Rainbow color map (still) considered harmful
#   <https://doi.org/10.1109/MCG.2007.323435>`_.
