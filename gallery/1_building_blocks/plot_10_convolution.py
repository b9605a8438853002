"""
What does a convolution do to a picture?
========================================

A convolutional network looks at a picture through small windows. In each window it multiplies
the pixels with a handful of weights, its *kernel*, and adds the products up. That is all; and yet
the choice of those few weights decides whether the result is a blurred copy, a sharper one, or a
drawing of the edges. In a network the weights are learned. Here we write them by hand, so that we
know what to expect, and check every step.

After this page you can

* say what a kernel will bring out of a picture by looking at its weights,
* compute one value of a feature map by hand,
* predict the size of a convolution's output from kernel size, stride, padding and dilation.

In the glossary: `kernel <../../glossary.html#term-kernel>`_, `stride
<../../glossary.html#term-stride>`_, `padding <../../glossary.html#term-padding>`_, `dilation
<../../glossary.html#term-dilation>`_, `feature map <../../glossary.html#term-feature-map>`_.
"""

# sphinx_gallery_thumbnail_number = 3

import itertools

import torch
import torch.nn.functional as F
from matplotlib import pyplot as plt
from scipy.signal import convolve2d
from skimage import data

from cnnvis import plot_images, plot_kernels, plot_maps, save_figure

# %%
# A picture is a tensor
# ---------------------
#
# PyTorch's convolutions take a *batch* of pictures, with the axes (batch, channels, height,
# width). One grey photograph is a batch of one picture with one channel. We halve its size by
# averaging blocks of 2×2 pixels and bring its values to the range from 0 to 1.

photo = torch.tensor(data.camera())[None, None] / 255
photo = F.avg_pool2d(photo, 2)
print(f"shape {tuple(photo.shape)}, {photo.dtype}, from {photo.min():.2f} to {photo.max():.2f}")

# %%
# Six kernels, written by hand
# ----------------------------
#
# Each kernel is a 3×3 table of weights, coloured here on a scale of its own. Before you scroll on,
# guess: which of them leave an even sky blank, and which respond most to the legs of a tripod?

kernels = {
    "blur": [[1 / 9, 1 / 9, 1 / 9]] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "vertical edge": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "horizontal edge": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "diagonal /": [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]],
    "diagonal \\": [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]],
}
weight = torch.tensor(list(kernels.values()))[:, None]  # (filters, input channels, 3, 3)
print(f"weight: shape {tuple(weight.shape)}, {weight.dtype}")

axes = plot_kernels(weight, columns=3, values=True, labels=list(kernels), scale="map")
save_figure(
    axes.figure,
    "hand_written_kernels",
    "Six tables of 3×3 weights, blue below and red above zero. Their sums: "
    + ", ".join(f"{name} {table.sum().abs():.0f}" for name, table in zip(kernels, weight)),
)

# %%
# Two families: the weights of *blur* and *sharpen* sum to 1, so an even region keeps its
# brightness. The weights of the other four sum to 0, so an even region gives 0, whatever its
# brightness: they respond to differences alone. The two edge kernels are Sobel's.

even = torch.full((1, 1, 3, 3), 0.7)
responses = F.conv2d(even, weight).flatten()
print("on an even grey of 0.7:", {name: round(a.item(), 3) for name, a in zip(kernels, responses)})
assert torch.allclose(responses, 0.7 * weight.sum(dim=(1, 2, 3)), atol=1e-6)

# %%
# The photograph through each kernel
# ----------------------------------
#
# `conv2d` slides all six kernels over the photograph at once and stacks the results as channels:
# six *feature maps*. Two of them are pictures still; look at the coat and the grass.

maps = F.conv2d(photo, weight, padding=1)[0]
print(f"maps: shape {tuple(maps.shape)}, from {maps.min():.2f} to {maps.max():.2f}")

copies = torch.stack([photo[0], maps[0:1], maps[1:2].clamp(0, 1)])
names = list(kernels)
axes = plot_images(copies, columns=3, labels=["the photograph", *names[:2]])
save_figure(
    axes.figure,
    "blur_and_sharpen",
    "A photographer beside his tripod, as taken, blurred and sharpened. Values reach from "
    f"{maps[0].min():.2f} to {maps[0].max():.2f} after blurring, from {maps[1].min():.2f} to "
    f"{maps[1].max():.2f} after sharpening.",
)

# %%
# The other four are drawings of differences, so they need colours that tell plus from minus: red
# above zero, blue below, white where the neighbours agree. Here are the tripod and the hands. Each
# map has a colour scale of its own.

parts = maps[2:, 90:240, 60:210]
axes = plot_maps(parts, columns=2, labels=names[2:], scale="map")
strength = dict(zip(names[2:], parts.abs().mean(dim=(1, 2))))
strongest = max(strength, key=strength.get)
save_figure(
    axes.figure,
    "four_edge_maps",
    "A tripod as four maps of differences: vertical edges, horizontal ones, and the two diagonals. "
    f"'{strongest}' responds most strongly, {strength[strongest]:.2f} on average.",
)

# %%
# The outer legs of the tripod lean: the left one like a slash, the right one like a backslash.
# Predict: on which leg will which of the four kernels respond most? The two diagonal kernels look
# for a bright line, so we add their upright sister. Walk down each leg, row by row, take the
# strongest response in each row, and average.

upright = F.conv2d(photo, torch.tensor([[[[-1.0, 2, -1]] * 3]]), padding=1)[0]
contestants = dict(zip([*names[2:], "upright line"], torch.cat([maps[2:], upright])))
rows, legs = slice(175, 235), {"left": slice(118, 143), "right": slice(155, 200)}
on, lean = {}, {}
for leg, columns in legs.items():
    bright = photo[0, 0, rows, columns].argmax(dim=1).float()  # where the leg is in each row
    lean[leg] = (bright.diff().mean()).atan().rad2deg().item()
    on[leg] = {
        name: response[rows, columns].abs().amax(dim=1).mean().item()
        for name, response in contestants.items()
    }
    print(f"{leg} leg, {lean[leg]:+.0f}° from the vertical:", end=" ")
    print(", ".join(f"{name} {value:.2f}" for name, value in on[leg].items()))

for responses in on.values():
    vertical, *others = responses.values()
    assert vertical > 1.4 * max(others)
_, _, slash, backslash, line = on["left"].values()
assert line > 1.5 * max(slash, backslash)
assert abs(slash - backslash) < 0.02 * slash
_, _, slash, backslash, line = on["right"].values()
assert 1.2 * line > backslash > 1.05 * line > 1.2 * slash
assert 0 < -lean["left"] < 22.5 < lean["right"] < 45  # 22.5° is half-way to the diagonals

# %%
# The kernel for vertical edges wins on both legs, though neither is vertical: it asks for a
# difference between left and right, and a leaning line makes one too. Only among the three kernels
# that ask for a bright line does the slant decide, by a narrow margin on the right leg: the right
# leg is nearer to the diagonal, and the backslash wins; the left leg is nearer to the vertical, the
# upright line wins, and the two diagonals tie. Compare kernels that ask the same kind of question.
#
# Blurring takes contrast between neighbours away and sharpening adds to it. We can measure that as
# the mean difference between a pixel and its right-hand neighbour:


def roughness(image):
    return image.diff(dim=-1).abs().mean().item()


print(f"photograph {roughness(photo[0, 0]):.4f}")
print(f"blurred    {roughness(maps[0]):.4f}")
print(f"sharpened  {roughness(maps[1]):.4f}")
assert roughness(maps[0]) < roughness(photo[0, 0]) < roughness(maps[1])

# %%
# One value, by hand
# ------------------
#
# To trust the library, compute one value with nothing but a loop: nine products and their sum.

row, column = 60, 110
patch = photo[0, 0, row - 1 : row + 2, column - 1 : column + 2]
total = 0.0
for i, j in itertools.product(range(3), range(3)):
    total += patch[i, j].item() * weight[2, 0, i, j].item()
print(f"by hand {total:.6f}, by conv2d {maps[2, row, column]:.6f}")
assert abs(total - maps[2, row, column].item()) < 1e-5

# %%
# `The explorer <../../explorer/index.html#digit=5&cell=conv1-2-9-12>`_ adds up the products of any
# cell of a trained network before your eyes; the link opens one of them.
#
# Is that really a convolution?
# -----------------------------
#
# In a mathematics book a convolution turns the kernel upside down and left to right first. Let us
# compare with SciPy's `convolve2d`, which follows the book. The naive comparison fails; turning the
# kernel by half a turn repairs it. What deep learning calls a convolution is a
# *cross-correlation*. For learned weights the difference is a matter of bookkeeping.

from_the_book = torch.tensor(convolve2d(photo[0, 0], weight[2, 0], mode="same"))
turned = torch.tensor(convolve2d(photo[0, 0], weight[2, 0].flip(0, 1), mode="same"))
print("same without turning?", torch.allclose(from_the_book, maps[2], atol=1e-5))
print("same after turning?  ", torch.allclose(turned, maps[2], atol=1e-5))
assert not torch.allclose(from_the_book, maps[2], atol=1e-5)
assert torch.allclose(turned, maps[2], atol=1e-5)

# %%
# Larger kernels see more
# -----------------------
#
# A kernel of size 1 sees one pixel and can only rescale it. The larger the kernel, the more of the
# neighbourhood goes into each value, and the more multiplications it costs. With averaging kernels
# of size 1 to 11, watch the face and the camera's handle disappear.

sizes = [1, 3, 5, 7, 9, 11]
blurred = []
for size in sizes:
    mean_kernel = torch.full((1, 1, size, size), 1 / size**2)
    blurred.append(F.conv2d(photo, mean_kernel, padding=size // 2)[0])
crops = torch.stack(blurred)[:, :, 20:100, 75:155]
left = [roughness(crop) / roughness(crops[0]) for crop in crops]
for size, share in zip(sizes, left):
    print(
        f"{size:2d}×{size:<2d}  {size**2:3d} products per value, {share:4.0%} of the roughness left"
    )
assert left == sorted(left, reverse=True)

axes = plot_images(crops, columns=3, labels=[f"{size}×{size}" for size in sizes])
save_figure(
    axes.figure,
    "kernel_sizes",
    "A man's head and camera, averaged with kernels of 1×1 to 11×11: ever smoother. "
    f"The largest leaves {left[-1]:.0%} of the differences between neighbouring pixels.",
)

# %%
# Stride, padding, dilation
# -------------------------
#
# Three settings change where the kernel looks. *Stride* :math:`s` moves it by more than one pixel
# at a time; *padding* :math:`p` adds a border of zeros; *dilation* :math:`d` spreads its weights
# apart. For an input of :math:`n` pixels and a kernel of size :math:`k` the output has
#
# .. math:: o = \left\lfloor \frac{n + 2p - d\,(k - 1) - 1}{s} \right\rfloor + 1
#
# values along each axis. Look at the sides of the third map: that is the padding, where zeros
# beyond the edge look to the kernel like a dark wall. All four maps share one colour scale.

settings = {
    "plain": {},
    "stride 4": {"stride": 4},
    "padding 8": {"padding": 8},
    "dilation 6": {"dilation": 6},
}
vertical = weight[2:3]
results = {name: F.conv2d(photo, vertical, **how)[0] for name, how in settings.items()}
wall = results["padding 8"][0, 8:-8, 7]  # where the kernel sees zeros at its left alone
assert wall.median() > 5 * results["plain"].abs().median()
figure, panels = plt.subplots(1, 4, figsize=(8, 2.6), layout="constrained")
for panel, (name, result) in zip(panels, results.items()):
    title = f"{name}\n{result.shape[1]}×{result.shape[2]}"
    plot_maps(result, scale=(-4, 4), title=title, colorbar=panel is panels[-1], ax=panel)
save_figure(
    figure,
    "stride_padding_dilation",
    "The vertical edges of one photograph under four settings. "
    + "; ".join(f"{name}: {r.shape[1]}×{r.shape[2]} values" for name, r in results.items()),
)

# %%
# A formula is worth checking. Here it is against the library, for every combination of five sizes,
# four kernels, three strides, three paddings and three dilations. To get a feeling for it, `move
# the window yourself <../../explain/convolution-arithmetic.html#try-it>`_.


def output_size(n, k, s, p, d):
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


checked = 0
for n, k, s, p, d in itertools.product(
    (7, 10, 16, 27, 32), (1, 2, 3, 5), (1, 2, 3), (0, 1, 3), (1, 2, 3)
):
    if n + 2 * p < d * (k - 1) + 1:
        continue  # the kernel doesn't fit into the picture, and conv2d says so
    result = F.conv2d(
        torch.zeros(1, 1, n, n), torch.zeros(1, 1, k, k), stride=s, padding=p, dilation=d
    )
    assert result.shape[-1] == output_size(n, k, s, p, d), (n, k, s, p, d)
    checked += 1
print(f"the formula holds in all {checked} cases")

# %%
# What we learned
# ---------------
#
# * A convolution gives, for every position, the sum of the products of kernel and patch.
# * Weights that sum to 0 respond to differences; weights that sum to 1 keep the brightness.
# * Larger kernels see more and cost more; stride, padding and dilation follow one formula.
#
# **Limits.** One kernel on one photograph shows what the operation does, not what a network makes
# of it. A network stacks dozens of kernels that nobody wrote.
#
# **Ethics.** For forty years the test picture of this field was another photographer, whose picture
# nobody could show a licence for. scikit-image `replaced it
# <https://github.com/scikit-image/scikit-image/issues/3927>`_ with this CC0 photograph. Where a
# picture comes from, and who agreed to its use, belongs to the work.
#
# Exercise
# --------
#
# Blur the photograph with the 3×3 mean twice. Which single kernel would do the same at once?
# Predict its size and its largest weight before you read on.
#
# Answer: convolving with two kernels in turn is convolving with their (true) convolution. Two 3×3
# means make a 5×5 pyramid, whose middle weight is :math:`9 / 81 = 1/9`.

mean3 = torch.full((3, 3), 1 / 9)
pyramid = torch.tensor(convolve2d(mean3, mean3))
twice = F.conv2d(F.conv2d(photo, mean3[None, None]), mean3[None, None])
once = F.conv2d(photo, pyramid[None, None])
print(f"shape {tuple(pyramid.shape)}, middle weight {pyramid[2, 2]:.4f}, {1 / 9:.4f} expected")
assert torch.allclose(twice, once, atol=1e-5)

# %%
# Where to go next
# ----------------
#
# `What does pooling keep, and what does it lose? <plot_20_pooling.html>`_ takes the next building
# block; `What do learned filters look like?
# <../2_learned_filters/plot_20_filters.html>`_ shows kernels that nobody wrote.
#
# References
# ----------
#
# * V. Dumoulin and F. Visin (2016). `A guide to convolution arithmetic for deep learning
#   <https://arxiv.org/abs/1603.07285>`_. The output formula.
# * I. Goodfellow, Y. Bengio and A. Courville (2016). `Deep Learning
#   <https://www.deeplearningbook.org>`_, chapter 9: convolution and cross-correlation.
# * S. van der Walt et al. (2014). `scikit-image: image processing in Python
#   <https://doi.org/10.7717/peerj.453>`_. The photograph, by Lav Varshney, is CC0.
