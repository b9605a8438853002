"""
What does pooling keep, and what does it lose?
==============================================

Between its convolutions a network makes its maps smaller: *pooling* replaces every little window of
a map by one number, its largest value or its mean. Three quarters of the values are gone after a
single 2×2 pooling. Which part of the information was that? Here we take single layers, rather than
a whole network, and measure what becomes of strength and position, for hundreds of images.

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

from textwrap import fill

import torch
import torch.nn.functional as F
from matplotlib import pyplot as plt
from scipy.stats import spearmanr
from torch import nn

from cnnvis import (
    SmallCNN,
    Spread,
    capture,
    diagnose,
    load,
    plot_images,
    plot_maps,
    save_figure,
)

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
# All three rows share one scale. The largest of four numbers is never below their mean, so the row
# of max pooling is the brighter one; its lines are thicker, the averages are paler and softer. On a
# small image you can `try windows and strides <../../explain/convolution-arithmetic.html#pooling>`_
# of your own. And what if a network that was trained with the one is `given the other
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
# Every value is negative, and the ReLU made zeros of them all. Is the filter dead? Show it five
# hundred other images, once as it is and once without its *bias*, the number that a filter adds to
# every value.

others = images.images[1:501] / 255
bias = convolution.bias[channel].item()
with torch.no_grad():
    responses = relu(convolution(others))[:, channel]
    unbiased = relu(convolution(others) - convolution.bias[:, None, None])[:, channel]
    on_black = relu(convolution(torch.zeros_like(batch)))[0, channel]
active, without = ((one.flatten(1).amax(dim=1) > 0).float().mean() for one in (responses, unbiased))
strength, brightness = responses.mean(dim=(1, 2)), others.mean(dim=(1, 2, 3))
favourite = strength.argmax().item()
place = 1 + (brightness < brightness[favourite]).sum().item()
order = spearmanr(strength, brightness).statistic
owed = (unbiased[responses > 0] == 0).float().mean().item()
print(
    fill(
        f"Channel {channel} is active for {active:.0%} of {len(others)} other images, and for "
        f"{without:.0%} without its bias of {bias:.2f}: the bias alone lifts {owed:.1%} of the "
        f"active values above zero. The darker an image, the stronger the response (rank "
        f"correlation with brightness {order:.2f}); the image with the strongest is number {place} "
        f"from the dark end. On pure black the response is {on_black.max():.2f} everywhere.",
        88,
    )
)
assert 0 < active < 1
assert without < active / 4
assert owed > 0.9
assert order < -0.4
assert place <= 5
assert torch.allclose(on_black, torch.tensor(bias).clamp(min=0).expand_as(on_black))

figure, axes = plt.subplots(1, 4, figsize=(8, 2.4), layout="constrained")
plot_maps(raw[:, channel], title="before the ReLU", ax=axes[0])
plot_maps(before[:, channel], title="after it", colorbar=False, ax=axes[1])
plot_images(others[favourite, None], title="strongest response", ax=axes[2])
plot_maps(responses[favourite, None], title="the response", ax=axes[3])
save_figure(
    figure,
    "blank_map",
    f"Channel {channel}: below zero everywhere before the ReLU, blank and crossed out after it. "
    f"Then the image of {len(others)} with the strongest response, number {place} from the dark "
    f"end, and the response, of which {bias:.2f} is the bias.",
)

# %%
# So the filter is silent, not dead: only a filter that is blank for *every* image is dead. And the
# image with the strongest response is no favourite. Pixels are never negative, and the weights of
# this filter sum to less than zero, so nearly all images push it down; only where there is next to
# nothing to see is the sum small enough for the bias to lift it above zero. What it "finds" in a
# dark image is its own bias. Before you read meaning into a channel's strongest image, look at what
# the channel says of a black one.
#
# What is kept, measured
# ----------------------
#
# Some of it needs no measurement. The largest value of a map is the largest of its window, so max
# pooling keeps every *peak* at its full height; which of the window's four pixels held it is lost.
# What average pooling leaves of the peaks, and what both leave of the *energy*, the sum of the
# squares, depends on the images. So does the *shift*: how much do the maps change, as a share of
# their size, when the image moves by one pixel? We ask 500 images and eight draws of eight random
# filters; intervals are over the draws. Predict: which pooling keeps more energy, and which minds
# the shift less?

SEEDS = range(8)


def random_filters(seed):
    torch.manual_seed(seed)
    convolution = nn.Conv2d(3, 8, kernel_size=3, padding=1)
    return lambda images: convolution(images).relu().detach()


def changed(pool, filters):
    """Mean change of the pooled maps of an image by a shift of one pixel, relative to their size.

    The outermost columns, where the shifted image comes in again at the other side, are left out.
    """
    moved, still = (pool(filters(one))[..., 2:-2] for one in (others.roll(1, -1), others))
    return ((moved - still).flatten(1).norm(dim=1) / still.flatten(1).norm(dim=1)).mean().item()


def energy_left(pool, filters):
    maps = filters(others)
    return (pool(maps).square().sum() / maps.square().sum()).item()


def peaks_left(pool, filters):
    maps = filters(others)
    peaks, pooled = maps.amax(dim=(2, 3)), pool(maps).amax(dim=(2, 3))
    return (pooled[peaks > 0] / peaks[peaks > 0]).mean().item()


def over_draws(measure, pool):
    return Spread([measure(pool, random_filters(seed)) for seed in SEEDS], SEEDS, "draws")


pools = {"none": nn.Identity(), "max": max_pool, "average": average_pool}
shift = {name: over_draws(changed, pool) for name, pool in pools.items()}
energy = {name: over_draws(energy_left, pools[name]) for name in ("max", "average")}
peaks = over_draws(peaks_left, average_pool)
print(f"of the peaks' height, average pooling leaves {peaks:.0%}")
for name, left in energy.items():
    print(f"of the energy, {name} pooling leaves {left:.0%}; a quarter of the values is left")
for name, change in shift.items():
    print(f"changed by a shift of one pixel, pooling {name}: {change:.1%}")
print(f"average less max, draw by draw: {shift['average'] - shift['max']:.1%}")
assert peaks.interval[1] < 0.9
assert energy["max"].interval[0] > energy["average"].interval[1] > 0.15
for name in ("max", "average"):
    assert (shift[name] - shift["none"]).sign == -1
    assert shift[name].interval[0] > 0.05
assert (shift["average"] - shift["max"]).sign == -1

# %%
# Average pooling flattens peaks. Of the energy neither keeps much, since three of four values are
# gone; max pooling keeps more, since it keeps the large ones. Both make the maps change less when
# the image moves by a pixel, average pooling a little more so; neither makes them *invariant*.
# Moving by two pixels, the stride of the pooling, is another matter: then the pooled maps move
# along exactly, by one.

moved = max_pool(relu(convolution(batch.roll(2, -1))))[..., 2:-2]
assert torch.allclose(moved, rows["after max pooling"].roll(1, -1)[..., 2:-2], atol=1e-6)
print("moved by two pixels: the pooled maps are the same, one place further on")

# %%
# Larger windows
# --------------
#
# One channel, pooled with windows of 2, 4, 8 and 16 pixels. The larger the window, the larger its
# maximum can only be; the mean over all windows stays what it was. Predict what that does to the
# two rows.

sizes = (2, 4, 8, 16)
figure, axes = plt.subplots(2, 4, figsize=(8, 4.3), layout="constrained")
mean, contrast = {}, {}
for row, pool in zip(axes, (F.max_pool2d, F.avg_pool2d)):
    for axis, size in zip(row, sizes):
        pooled = pool(before[:, strongest], size)
        title = f"{'max' if pool is F.max_pool2d else 'average'} {size}×{size}"
        bar = axis is row[-1]
        plot_maps(pooled, scale=(0, top), cmap="gray", title=title, colorbar=bar, ax=axis)
        mean[title], contrast[title] = pooled.mean().item(), pooled.std().item()
for name in mean:
    print(f"{name:14s} mean {mean[name]:.3f}, contrast (standard deviation) {contrast[name]:.3f}")
assert mean["max 16×16"] > 1.15 * mean["max 2×2"]
assert contrast["average 16×16"] < 0.75 * contrast["average 2×2"]
save_figure(
    figure,
    "pooling_windows",
    f"Channel {strongest} pooled with windows of 2 to 16 pixels. Max: the mean grows from "
    f"{mean['max 2×2']:.2f} to {mean['max 16×16']:.2f}. Average: it stays, and the contrast falls "
    f"from {contrast['average 2×2']:.2f} to {contrast['average 16×16']:.2f}.",
)

# %%
# The max-pooled map fills up towards white, the averages fade towards one grey.
#
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
four = before[:, [at for at in range(8) if at not in blank][:4]]
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
# * Max pooling keeps peaks and forgets the place within a window; averages keep the mean and
#   flatten the peaks.
# * Pooling makes the maps less sensitive to small shifts, but not insensitive.
# * A blank map is a silent filter until every image has been tried, and a bias can speak where the
#   image says nothing.
#
# **Limits.** The filters are random, and the intervals hold for such filters: learned ones respond
# to other things. The filters in the figures are of a chosen seed, and the image is one.
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
# Answer: no. Taking every second value without looking at its neighbours, as a stride of 2 does, is
# as unsteady as not pooling at all, give or take a hundredth.


def every_second(maps):
    return maps[..., ::2, ::2]  # what a stride of 2 keeps


stride = over_draws(changed, every_second)
print(f"stride {stride:.1%}; less no pooling, draw by draw: {stride - shift['none']:.1%}")
assert abs((stride - shift["none"]).mean) < 0.01
assert (stride - shift["max"]).sign == (stride - shift["average"]).sign == 1

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
