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
# of the same maps. The seed was picked so that one map of this image is blank. Before you look:
# which of the two rows of pooled maps will be brighter?

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
# of max pooling is the brighter one. On a small image you can `try windows and strides
# <../../explain/convolution-arithmetic.html#pooling>`_ of your own. And what if a network that was
# trained with the one is `given the other <../../explorer/index.html#digit=4&pooling=average>`_?
#
# Why is a map blank?
# -------------------
#
# The crossed-out map is zero everywhere. Let us look at it before the ReLU.

(channel,) = blank
print(f"channel {channel} before the ReLU: from {raw[0, channel].min():.3f}", end=" ")
weights_sum = convolution.weight[channel].sum().item()
print(f"to {raw[0, channel].max():.3f}; its weights sum to {weights_sum:.3f}")
assert raw[0, channel].max() < 0

# %%
# Every value is negative, and the ReLU made zeros of them all. Is the filter dead? Show it other
# images, as it is and without its *bias*, the number that a filter adds to every sum. Predict: what
# kind of image makes it respond most? And how does it respond to a black one?

others = images.images[1:301] / 255
bias = convolution.bias[channel].item()
with torch.no_grad():
    values = convolution(others)[:, channel]
    on_black = relu(convolution(torch.zeros_like(batch)))[0, channel]
responses = relu(values)
active = responses > 0
whole, inside, unbiased = (
    one.flatten(1).any(dim=1).float().mean().item()
    for one in (active, active[:, 1:-1, 1:-1], values > bias)
)
owed = (values[active] <= bias).float().mean().item()
windows = F.avg_pool2d(others.mean(dim=1), 3, stride=1, padding=1)  # with the padding's zeros
dark, usual = windows[active].mean().item(), windows.mean().item()
most = responses.mean(dim=(1, 2)).argmax().item()
place = 1 + (others.mean(dim=(1, 2, 3)) < others[most].mean()).sum().item()
text = (
    f"Channel {channel} is active for {whole:.0%} of {len(others)} other images, for {inside:.0%} "
    "if the outermost pixels don't count, where the padding's zeros are in the window, and for "
    f"{unbiased:.0%} without its bias of {bias:.3f}. The windows in which it is active have a mean "
    f"brightness of {dark:.2f}; that of all windows is {usual:.2f}. {owed:.1%} of its active "
    "values are no higher than the bias. The image to which it responds most is number "
    f"{place} from the dark end, and to a black one it responds with {on_black.max():.3f} "
    "everywhere."
)
print(fill(text, 88))
assert 0 < unbiased < whole / 4
assert unbiased < inside < 0.9 * whole < 0.9
assert dark < usual / 4
assert owed > 0.95
assert place <= 5
assert weights_sum < -1
assert torch.allclose(on_black, torch.tensor(bias).relu())

figure, axes = plt.subplots(1, 4, figsize=(8, 2.4), layout="constrained")
plot_maps(raw[:, channel], title="before the ReLU", ax=axes[0])
plot_maps(before[:, channel], title="after it", colorbar=False, ax=axes[1])
plot_images(others[most, None], title="most active for", ax=axes[2])
plot_maps(responses[most, None], title="its response", ax=axes[3])
save_figure(
    figure,
    "blank_map",
    f"Channel {channel}: below zero everywhere before the ReLU, blank and crossed out after it. "
    f"Then the image to which it responds most, number {place} of {len(others)} from the dark end, "
    f"and the response: {bias:.3f}, its bias, where the image is black.",
)

# %%
# So the filter is silent, not dead: only a filter that is blank for *every* image is dead. But the
# image to which it responds most is no key to what it looks for. Pixels are never negative, and the
# weights of this filter sum to less than zero: the brighter a window is, the lower the sum, as a
# rule. Where the window is dark enough, the sum is near zero and the bias lifts it above. What we
# see in the response is the bias. Any channel with a positive bias responds to a black image, that
# is, to nothing; so look at its response to black before you read meaning into it.
#
# What is kept, measured
# ----------------------
#
# Some of it needs no measurement. The largest value of a map is the largest of its window: max
# pooling keeps a map's *peak* at its full height, and forgets which of the window's pixels held it.
# And of the *energy*, the sum of the squares, max pooling of 2×2 leaves at least a quarter, average
# pooling at most a quarter, whatever the maps, as long as no value is negative.
#
# The rest depends on the images. We measure the height of the peaks after average pooling, the
# energy, and the *shift*: how much do the maps change when the image moves by one pixel, as a share
# of how much they vary about their means? Each for 300 images and eight draws of eight random
# filters; as a control, also for images with shuffled pixels. Intervals are over the draws.
# Predict: which pooling is the less sensitive to the shift?

SEEDS = range(8)


def left(seed, images, pools):
    """What poolings leave of the maps of eight random filters, and a shift by one pixel changes."""
    torch.manual_seed(seed)
    filters, numbers = nn.Conv2d(3, 8, kernel_size=3, padding=1), {}
    with torch.no_grad():  # without the columns where the shifted image comes in again
        maps, shifted = (relu(filters(one))[..., 4:-4] for one in (images, images.roll(1, -1)))
    peaks = maps.amax(dim=(2, 3))
    for name, pool in pools.items():
        kept = pool(maps)
        varies = (kept - kept.mean(dim=(2, 3), keepdim=True)).norm()
        heights = kept.amax(dim=(2, 3))[peaks > 0] / peaks[peaks > 0]
        numbers[f"peaks {name}"] = heights.mean().item()
        numbers[f"energy {name}"] = (kept.square().sum() / maps.square().sum()).item()
        numbers[f"shift {name}"] = ((pool(shifted) - kept).norm() / varies).item()
    return numbers


def over_draws(images, pools):
    draws = [left(seed, images, pools) for seed in SEEDS]
    return {name: Spread([draw[name] for draw in draws], SEEDS, "draws") for name in draws[0]}


pools = {"no": nn.Identity(), "max": max_pool, "average": average_pool}
noise = others.flatten(2)[..., torch.randperm(32 * 32)].view_as(others)
found, control = over_draws(others, pools), over_draws(noise[:100], pools)
change = {name: found[f"shift {name}"] - found["shift no"] for name in ("max", "average")}
further = change["average"] - change["max"]
of_noise = {name: f"{control[name].mean:.0%}" for name in control}
for text in (
    f"Average pooling leaves {found['peaks average']:.0%} of the peaks' height.",
    f"Of the energy, max pooling leaves {found['energy max']:.0%}, average pooling "
    f"{found['energy average']:.0%}; with shuffled pixels {of_noise['energy max']} and "
    f"{of_noise['energy average']}.",
    f"A shift changes the maps by {found['shift no']:.0%} without pooling, by "
    f"{found['shift max']:.0%} after max pooling, and by {found['shift average']:.0%} after "
    f"average pooling; with shuffled pixels by {of_noise['shift no']}, {of_noise['shift max']} and "
    f"{of_noise['shift average']}.",
    f"Draw by draw, max less no pooling: {change['max']:.1%}; average less max: {further:.1%}.",
):
    print(fill(text, 88))
assert found["peaks average"].interval[1] < 0.8
assert control["energy average"].interval[1] < found["energy average"].interval[0]
assert found["energy max"].interval[1] < control["energy max"].interval[0]
assert change["max"].sign == change["average"].sign == -1
assert further.sign == -1
assert found["shift average"].interval[0] > 0.25
for name in change:
    assert (control[f"shift {name}"] - control["shift no"]).interval[1] < change[name].interval[0]

# %%
# Average pooling flattens peaks, and of the energy it leaves nearly all it can, since in an image
# neighbouring values are alike; with shuffled pixels it leaves less. With either pooling the maps
# change less when the image moves by a pixel, with the average a little less than with the maximum;
# neither makes them *invariant*. This isn't a matter of images: with shuffled pixels the gain is
# larger still, since each window keeps half of its pixels when it moves by one of two.
#
# After a shift by two pixels, the stride of the pooling, the pooled maps are by construction the
# same, one place further on:

moved = max_pool(relu(convolution(batch.roll(2, -1))))[..., 2:-2]
assert torch.allclose(moved, rows["after max pooling"].roll(1, -1)[..., 2:-2], atol=1e-6)

# %%
# Larger windows
# --------------
#
# One channel, pooled with windows of 2, 4, 8 and 16 pixels. By definition the maxima can only grow
# with the window, and the mean of all averages stays what it was. Predict what is left of contrast.

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
# The maxima get brighter, and the averages approach one grey.
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
# * A blank map is a silent filter until every image has been tried.
# * A channel with a positive bias responds to a black image.
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
# Answer: no. Taking every second value without looking at its neighbours, as a stride of 2 does,
# gives maps that change as much as without pooling: no difference that eight draws could tell.


def every_second(maps):
    return maps[..., ::2, ::2]  # what a stride of 2 keeps


stride = over_draws(others, {"stride": every_second})["shift stride"]
print(f"stride {stride:.0%}; less no pooling, draw by draw: {stride - found['shift no']:.1%}")
assert (stride - found["shift no"]).sign == 0
assert (stride - found["shift max"]).sign == (stride - found["shift average"]).sign == 1

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
