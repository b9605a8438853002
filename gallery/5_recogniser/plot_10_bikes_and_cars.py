"""
How does a network tell bikes from cars?
========================================

A folder of photos and a network: that is how recognisers are made today. Here is the whole way.
Archives of images become folders, a network of four convolutions learns to tell bikes from cars,
and a test on images that it has never seen says how good it is. Then we open it: what its filters
respond to, which of them matter, and, in the exercise, what it looks at. The way is the same for
photos of your own, and for more classes than two. The log is TensorBoard's: ``pip install
tensorboard``.

After this page you can

* turn archives of photos into folders for training, validation and test, and load them,
* train a network, follow it in TensorBoard, and keep its best state,
* say how sure a measured accuracy is, and what a simpler model reaches,
* record any layer by its name, save its maps, and tell strong filters from important ones.

In the glossary: `ImageFolder <../../glossary.html#term-ImageFolder>`_, `augmentation
<../../glossary.html#term-augmentation>`_, `validation set
<../../glossary.html#term-validation-set>`_, `confidence interval
<../../glossary.html#term-confidence-interval>`_, `ablation
<../../glossary.html#term-ablation>`_.
"""

# sphinx_gallery_thumbnail_number = 1

from collections import OrderedDict
from copy import deepcopy
from itertools import count
from pathlib import Path
from textwrap import fill

import torch
import torch.nn.functional as F
from matplotlib import colormaps
from matplotlib import pyplot as plt
from PIL import Image
from scipy.stats import binomtest, mannwhitneyu, spearmanr
from skimage.filters import sobel
from sklearn.linear_model import RidgeClassifier
from sklearn.metrics import confusion_matrix
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2

from cnnvis import (
    Spread,
    capture,
    class_selectivity,
    draw_archives,
    eval_mode,
    layer_table,
    load_controls,
    map_correlation,
    plot_confusion,
    plot_images,
    plot_maps,
    prepare_folders,
    rescale,
    save_figure,
    top_patches,
)

# %%
# What you can change
# -------------------
#
# Where you have no photos of your own, bikes and cars drawn by a program stand in for them. No
# number on this page tells how well such a network would do in a real street.

own_archives = {}  # {"Bike": "my_bikes.zip", "Car": "https://example.org/cars.zip", …}
layer_names = ["conv1", "conv2", "conv3", "conv4"]  # whose maps are recorded and saved
side = 64  # pixels of the pictures that the network sees
epochs = 12
seed = 0

# %%
# From archives to folders
# ------------------------
#
# An archive from elsewhere is not to be trusted. `prepare_folders` refuses what leads out of the
# folder, what isn't a picture and what would fill the disk, names it, and leaves nothing
# half-unpacked behind; the `guide to your own photos <../../howto/your-photos.html>`_ says more.
# Then chance, tied to a seed, decides which pictures are for learning (*Train*), which for choosing
# (*Val*, for validation) and which for the final judgement (*Test*).

archives = own_archives or draw_archives("archives/drawn", count=600)
folders = prepare_folders(
    archives, "datasets", shares=(0.6, 0.15, 0.25), seed=seed, skip_broken=True, replace=True
)
classes = folders.classes
print(folders)

# %%
# Torchvision's `ImageFolder` reads such folders: the name of a folder is the class. A *transform*
# makes a tensor of each picture. For measuring, pictures are only brought to one size.

to_tensor = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True)]
plain = v2.Compose([v2.Resize((side, side)), *to_tensor])


def read(split):
    """All pictures of a split and their labels."""
    images = ImageFolder(folders.folder / split, plain)
    return next(iter(DataLoader(images, batch_size=len(images))))


known, known_labels = read("Train")
val, val_labels = read("Val")
test, test_labels = read("Test")
print(f"test: {tuple(test.shape)}, {test.dtype}, values from {test.min():.2f} to {test.max():.2f}")
print(f"labels: {test_labels.dtype}, 0 to {test_labels.max()} for {', '.join(classes)}")

# %%
# For learning, every picture is changed a little each time that it is shown: another cut-out, now
# and then mirrored, another light. This *augmentation* makes much of few pictures, and tells the
# network what doesn't matter. Whether it really doesn't, you have to know: digits mustn't be
# mirrored, vehicles may.

varied = v2.Compose(
    [
        v2.RandomResizedCrop(side, scale=(0.7, 1), ratio=(0.9, 1.1)),
        v2.RandomHorizontalFlip(),
        v2.ColorJitter(brightness=0.3, contrast=0.3, saturation=0.3),
        *to_tensor,
    ]
)
torch.manual_seed(seed)
learning = ImageFolder(folders.folder / "Train", varied)
train = DataLoader(learning, batch_size=16, shuffle=True)  # 0 workers: runs on every system

rows, names = [], []
for label, name in enumerate(classes):
    places = [at for at, one in enumerate(learning.targets) if one == label][:6]
    rows += [known[at] for at in places] + [learning[places[0]][0] for _ in places]
    names += [name, *[""] * (len(places) - 1), "the first, varied", *[""] * (len(places) - 1)]
axes = plot_images(torch.stack(rows), labels=names, columns=6, title="training pictures")
change = (torch.stack(rows[6:12]) - rows[0]).abs().mean()
save_figure(
    axes.figure,
    "examples",
    f"For each class ({', '.join(classes)}) six training pictures, and below them the first one as "
    f"augmentation varies it: its pixels change by {change:.2f} on average, on a scale of 1.",
)

# %%
# A model to beat
# ---------------
#
# Before we train a network, what does a simple model reach? A linear classifier weighs every pixel
# and adds up. It gets what the network will get: the training images as they are, and three times
# as the augmentation varies them. Its one setting, how strongly large weights are held back, is
# chosen on Val. Predict: how many of the test images will it get right, where a coin gets half?

torch.manual_seed(seed)
varieties = [next(iter(DataLoader(learning, batch_size=len(learning)))) for _ in range(3)]
shown = torch.cat([known, *(images for images, _ in varieties)]).flatten(1)
shown_labels = torch.cat([known_labels, *(labels for _, labels in varieties)])
centre = shown.mean(dim=0)
size = (shown - centre).square().sum(dim=1).mean().sqrt()


def weighed(images):
    return ((images.flatten(1) - centre) / size).numpy()


models = {}
for penalty in (1e-4, 1e-3, 1e-2, 1e-1):
    model = RidgeClassifier(alpha=penalty * len(shown)).fit(weighed(shown), shown_labels)
    models[model.score(weighed(val), val_labels)] = model
linear_answers = torch.from_numpy(models[max(models)].predict(weighed(test)))
linear_accuracy = (linear_answers == test_labels).float().mean().item()
print(f"the linear model gets {linear_accuracy:.1%} of the test images right")

# %%
# The network
# -----------
#
# Four times a convolution, a normalization, a ReLU and a pooling; then two fully connected layers.
# Each layer has a name, and by its name we shall find it again.


def stage(number, inputs, outputs, kernel_size):
    return {
        f"conv{number}": nn.Conv2d(inputs, outputs, kernel_size, padding=kernel_size // 2),
        f"norm{number}": nn.BatchNorm2d(outputs),
        f"relu{number}": nn.ReLU(),
        f"pool{number}": nn.MaxPool2d(2),
    }


network = nn.Sequential(
    OrderedDict(
        norm0=nn.BatchNorm2d(3),  # brings the three colours to a common range
        **stage(1, 3, 16, kernel_size=5),
        **stage(2, 16, 32, kernel_size=3),
        **stage(3, 32, 48, kernel_size=3),
        **stage(4, 48, 48, kernel_size=3),
        flatten=nn.Flatten(),
        fc1=nn.Linear(48 * (side // 16) ** 2, 32),
        relu5=nn.ReLU(),
        fc2=nn.Linear(32, len(classes)),
    )
)
print(f"{sum(one.numel() for one in network.parameters()):,} parameters")
layer_table(network, test[:1])

# %%
# Training, with a log
# --------------------
#
# Adam changes the weights after every batch. After every epoch the network is measured on the
# validation pictures, TensorBoard's writer puts the numbers into a new folder of ``logs``, and the
# best state so far is kept. While it trains, or afterwards, ``tensorboard --logdir logs`` shows the
# curves in a browser.

run = next(run for n in count(1) if not (run := Path("logs", f"run_{n}")).exists())
optimizer = torch.optim.Adam(network.parameters())
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, epochs * len(train))
curves = {name: [] for name in ("loss/train", "accuracy/train", "loss/val", "accuracy/val")}


def judge(model, images, labels):
    """Loss and accuracy of a model in evaluation mode."""
    with eval_mode(model), torch.inference_mode():
        logits = torch.cat([model(part) for part in images.split(250)])
    right = (logits.argmax(dim=1) == labels).float().mean()
    return F.cross_entropy(logits, labels).item(), right.item()


# What makes it faster: another order of the numbers in memory and, where the processor calculates
# with them, numbers of 16 bits.
network.to(memory_format=torch.channels_last)
able = getattr(torch.cpu, "get_capabilities", dict)()  # older versions of torch can't be asked
able = any(there for name, there in able.items() if "bf16" in name)
short = torch.autocast("cpu", torch.bfloat16, enabled=able)
with SummaryWriter(run) as writer:
    for epoch in range(epochs):
        losses, rights = 0.0, 0
        for images, labels in train:
            with short:
                logits = network.train()(images)
                loss = F.cross_entropy(logits, labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses += loss.item() * len(labels)
            rights += (logits.argmax(dim=1) == labels).sum().item()
        measured = losses / len(learning), rights / len(learning), *judge(network, val, val_labels)
        for (name, values), value in zip(curves.items(), measured):
            writer.add_scalar(name, value, epoch + 1)
            values.append(value)
        if curves["loss/val"][-1] == min(curves["loss/val"]):
            best, best_epoch = deepcopy(network.state_dict()), epoch + 1
network.load_state_dict(best)
network.eval()
print(f"kept: epoch {best_epoch} of {epochs}, with a loss of {min(curves['loss/val']):.3f} on Val")

# %%
# The curves have two lines each. *Train* is measured while the network learns, on varied pictures;
# *Val* after each epoch, on pictures as they are.

figure, both = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
for axes, what in zip(both, ("loss", "accuracy")):
    for part, marker in (("train", "o-"), ("val", "s-")):
        axes.plot(range(1, epochs + 1), curves[f"{what}/{part}"], marker, markersize=4, label=part)
    axes.axvline(best_epoch, color="#777777", linestyle=":", label="kept")
    axes.set(title=what, xlabel="epoch", xticks=range(0, epochs + 1, 4))
    axes.grid(color="#e6e6e6")
both[0].legend(frameon=False)
save_figure(
    figure,
    "training_curves",
    f"Loss and accuracy over {epochs} epochs. On the validation pictures the loss falls from "
    f"{curves['loss/val'][0]:.2f} to {min(curves['loss/val']):.2f}, reached in epoch {best_epoch}, "
    f"with an accuracy of {curves['accuracy/val'][best_epoch - 1]:.0%}.",
)

# %%
# How good is it?
# ---------------
#
# Only now is the network judged on the test pictures: nothing in it was chosen by them. They are
# few, so the accuracy is uncertain. If of :math:`n` pictures the share :math:`p` is right, the true
# share lies, with 95 % confidence, in Wilson's interval (1927), where :math:`z = 1.96`:
#
# .. math::
#
#    \frac{p + \frac{z^2}{2n} \pm z \sqrt{\frac{p(1 - p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}}


def wilson(share):
    return binomtest(round(share * len(test)), len(test)).proportion_ci(method="wilson")


accuracy = judge(network, test, test_labels)[1]
for name, share in {"linear model": linear_accuracy, "network": accuracy}.items():
    low, high = wilson(share)
    print(f"{name:12s}  {share:6.1%}   95 % interval {low:.1%} to {high:.1%}")

# %%
# Both models were shown the same images, so count only those on which they differ: if neither were
# better, each of these would fall to either like a coin (McNemar's test, 1947).

with eval_mode(network), torch.inference_mode():
    chances = network(test).softmax(dim=1)
answers = chances.argmax(dim=1)
network_alone = ((answers == test_labels) & (linear_answers != test_labels)).sum().item()
linear_alone = ((answers != test_labels) & (linear_answers == test_labels)).sum().item()
differ = network_alone + linear_alone
p_value = binomtest(network_alone, differ).pvalue if differ else 1.0
verdict = "the network is better" if network_alone > linear_alone else "the linear model is better"
print(
    fill(
        f"Right where the other is wrong: the network {network_alone} times, the linear model "
        f"{linear_alone} times. {verdict if p_value < 0.05 else 'Neither is better for sure'} "
        f"(p = {p_value:.1g}).",
        88,
    )
)
controls = load_controls("bikes_and_cars")  # five trainings of the drawn images
if not own_archives:
    for model in ("network", "linear model"):
        print(f"{model}, five trainings: {controls[f'accuracy, {model}']:.1%}")
    assert accuracy in controls["accuracy, network"]
    assert (controls["accuracy, network"] - controls["accuracy, linear model"]).interval[0] > 0.1
    assert accuracy >= 0.95
    assert wilson(accuracy).low > wilson(linear_accuracy).high + 0.03
    assert p_value < 0.01
    assert network_alone > linear_alone

# %%
# Which mistakes does the network make, and of which answers is it least sure?

matrix = confusion_matrix(test_labels, answers, labels=range(len(classes)))
axes = plot_confusion(matrix, classes, ax=plt.subplots(figsize=(4.8, 3.8), layout="constrained")[1])
save_figure(
    axes.figure,
    "confusion_matrix",
    f"Confusion matrix for {len(test)} test pictures: rows are true classes, columns answers. "
    f"{(answers != test_labels).sum()} are named wrong; best known is "
    f"{classes[(matrix.diagonal() / matrix.sum(axis=1)).argmax()]}.",
)

in_truth = chances[torch.arange(len(test)), test_labels]
hardest = in_truth.argsort()[:12]
words = [f"{classes[test_labels[at]]}: {in_truth[at]:.0%}" for at in hardest.tolist()]
title = "true class, and the probability given to it"
axes = plot_images(test[hardest], labels=words, columns=6, title=title)
save_figure(
    axes.figure,
    "hardest_pictures",
    "The twelve test pictures to whose true class the network gives the lowest probability, from "
    f"{in_truth[hardest[0]]:.0%} up; {(in_truth < 0.5).sum()} of all are below one half.",
)

# %%
# Above each image stands its true class, and the probability that the network gave to it. Are the
# hard ones the dim ones? All test images by their brightness:

doubt = 1 - in_truth
quarters = test.mean(dim=(1, 2, 3)).argsort().chunk(4)
names = ("darkest", "darker", "brighter", "brightest")
means = (f"{name} {doubt[part].mean():.1%}" for name, part in zip(names, quarters))
print("mean probability given to the wrong class, by quarter:", ", ".join(means))
p_value = mannwhitneyu(doubt[quarters[0]], doubt[torch.cat(quarters[1:])]).pvalue
darker_doubt = (doubt[quarters[0]].mean() - doubt[torch.cat(quarters[1:])].mean()).item()
told = "not the same" if p_value < 0.05 else "the same, as far as these images tell,"
print(f"for the darkest quarter it is {told} as for the rest (p = {p_value:.1g})")

# %%
# An average hides such groups. Look for those that matter where your network will be used.
#
# Opening the network
# -------------------
#
# Behind each convolution stands a normalization. Once trained, it only multiplies and adds, and can
# be folded into the convolution: the network stays the same, and the maps of a convolution can be
# read as they are, red where the patch fits the filter and blue where it fits the negative.

for number in range(1, 5):
    conv, norm = getattr(network, f"conv{number}"), getattr(network, f"norm{number}")
    setattr(network, f"conv{number}", fuse_conv_bn_eval(conv, norm))
    setattr(network, f"norm{number}", nn.Identity())
network.to(memory_format=torch.contiguous_format)
with torch.inference_mode():
    difference = (network(test).softmax(dim=1) - chances).abs().max().item()
print(f"folding has changed probabilities by {difference:.0e} at most")
assert difference < 1e-3

# %%
# Of each class chance picks one test picture, and `capture` records what the layers named at the
# top make of it.

generator = torch.Generator().manual_seed(seed)
places = [(test_labels == label).nonzero().flatten() for label in range(len(classes))]
chosen = [at[torch.randint(len(at), (), generator=generator)].item() for at in places]
with capture(network, layer_names) as maps, torch.inference_mode():
    network(test[chosen])
print({name: tuple(one.shape) for name, one in maps.items()})

for layer_name in (layer_names[0], layer_names[-1]):
    values = maps[layer_name]
    figure, rows = plt.subplots(
        len(classes),
        2,
        figsize=(8, (1.9 if values.shape[1] <= 16 else 3.2) * len(classes)),
        width_ratios=(1, 2.6),
        layout="constrained",
    )
    for row, name, at, of_image in zip(rows, classes, chosen, values):
        plot_images(test[at][None], title=name, ax=row[0])
        plot_maps(of_image, scale="map", signed=True, columns=8, ax=row[1])
        row[0].set_anchor("E")
        row[1].set_anchor("W")
    active = (values > 0).float().mean(dim=(2, 3))
    save_figure(
        figure,
        f"featuremaps_{layer_name}",
        f"The {values.shape[1]} maps of {layer_name} for a test picture of each class "
        f"({', '.join(classes)}), {values.shape[2]}×{values.shape[3]} values each. Filter "
        f"{active.mean(dim=0).argmax()} is above zero over the largest area.",
    )

# %%
# Each map has its own scale here, so that weak ones can be seen. Every map is also saved as an
# image of its own, in a folder for each class, here with one scale for the layer. White is zero.

for at, name in enumerate(classes):
    folder = Path(f"results_{name}")
    folder.mkdir(exist_ok=True)
    v2.ToPILImage()(test[chosen[at]]).resize((256, 256)).save(folder / "image.png")
    for layer_name in layer_names:
        colours = colormaps["RdBu_r"](
            rescale(maps[layer_name][at], scale="layer", signed=True) / 2 + 0.5, bytes=True
        )
        for number, one in enumerate(colours):
            small = Image.fromarray(one[..., :3]).resize((256, 256), Image.Resampling.NEAREST)
            small.save(folder / f"{layer_name}_filter{number:02d}.png")
    print(f"{folder}: {len(list(folder.iterdir()))} pictures")

# %%
# What to look for
# ----------------
#
# People say: edges, corners and blobs in early layers, wheels and outlines in later ones. That can
# be checked. For every filter we ask how much its maps, after the ReLU, resemble the brightness of
# the image and how much its edges (as correlations, over a hundred test images), and how far it
# keeps to one class (its *selectivity*, from 0 to 1). Later layers have more filters, and the best
# of
# 48 beats the best of 16 by luck alone; so we take the best of sixteen drawn at random, on average.

sample = torch.randperm(len(test), generator=generator)[:100]
some, some_labels = test[sample], test_labels[sample]
grey = some.mean(dim=1, keepdim=True)
edges = torch.stack([torch.from_numpy(sobel(one)) for one in grey[:, 0].numpy()])[:, None]


def best_of_sixteen(values):
    draws = [values[torch.randperm(len(values), generator=generator)[:16]] for _ in range(200)]
    return torch.stack(draws).amax(dim=1).mean()


relus = ["relu1", "relu2", "relu3", "relu4"]
with capture(network, relus) as strengths, torch.inference_mode():
    network(some)
table = {}
for name, one in strengths.items():
    bright, outlined = (map_correlation(one, what).mean(dim=0).abs() for what in (grey, edges))
    selective = class_selectivity(one, some_labels)
    table[name] = bright.median(), best_of_sixteen(outlined), selective.nanmean()
    print(
        f"{name}: like brightness {bright.median():.2f}, best of 16 like edges "
        f"{table[name][1]:.2f}, ",
        end="",
    )
    print(f"mean selectivity {selective.nanmean():.2f}, ", end="")
    print(f"{selective.isnan().sum()} of {len(bright)} filters dead")
if not own_archives:
    assert table["relu1"][0] > table["relu4"][0] + 0.05
    assert min(table[name][1] for name in relus) > 0.2
    assert table["relu4"][2] > table["relu1"][2] + 0.03

# %%
# In this network the saying holds half-way. With depth the maps lose the brightness of the image,
# and the filters keep more to one class, though never wholly. But outlines are no privilege of any
# layer: each has filters whose maps follow them. For wheels, look at patches: for each class the
# filter of the third stage that prefers it most, and the test images that drive it hardest. The
# frame is the receptive field.

means = torch.stack(
    [strengths["relu3"][some_labels == label].mean(dim=(0, 2, 3)) for label in range(len(classes))]
)
favourites = [
    (2 * means[label] - means.sum(dim=0)).argmax().item() for label in range(len(classes))
]
patches = top_patches(network, "relu3", test, count=6)["relu3"]
of_class = test_labels[patches.images[favourites]]
pure = (of_class == torch.arange(len(classes))[:, None]).float().mean().item()
words = [
    f"{n}: filter {k}" if at == 0 else "" for n, k in zip(classes, favourites) for at in range(6)
]
axes = plot_images(
    test[patches.images[favourites].flatten()],
    boxes=patches.boxes[favourites].flatten(0, 1),
    labels=words,
    columns=6,
    title=f"relu3: receptive field {patches.receptive_field}",
)
save_figure(
    axes.figure,
    "top_patches",
    "For each class, the filter of the third stage that prefers it most and the six test pictures "
    f"that drive it hardest, receptive field {patches.receptive_field} framed. {pure:.0%} of "
    "them are of the class.",
)

# %%
# A frame is too small for a vehicle; what drives these filters hardest is some part of one. Name it
# for yourself, and then ask how you would test that name.

of_field = patches.receptive_field.size[0] / side
print(
    f"a frame is {of_field:.0%} of the image's width; {pure:.0%} of these images are of the class"
)
if not own_archives:
    assert of_field < 0.75

# %%
# Strong filters and weak ones
# ----------------------------
#
# A filter with a high mean activation looks important. Is it? We switch off each filter in turn,
# let the rest of the network finish, and note by how much the loss on the hundred test images
# grows. Accuracy would say little: near its ceiling it hardly moves. And can filters stand in for
# each other? Then a group would cost more than its members cost one by one; so half of each layer
# is switched off together, ten times at random.

names = [name for name, _ in network.named_children()]
figure, panels = plt.subplots(2, 2, figsize=(8, 6), layout="constrained")
for axes, (name, one) in zip(panels.flat, strengths.items()):
    rest, width = network[names.index(name) + 1 :], one.shape[1]
    whole = judge(rest, one, some_labels)[0]

    def rise_without(off, rest=rest, one=one, whole=whole):
        kept = torch.ones(one.shape[1])
        kept[off] = 0
        return judge(rest, one * kept[:, None, None], some_labels)[0] - whole

    rise = torch.tensor([rise_without(off) for off in range(width)])
    groups = [torch.randperm(width, generator=generator)[: width // 2] for _ in range(10)]
    more = Spread([rise_without(group) - rise[group].sum() for group in groups], of="groups")
    strength = one.mean(dim=(0, 2, 3))
    found = spearmanr(strength, rise)
    table[name] = found.statistic, found.pvalue, more
    axes.plot(strength, rise, "o", markersize=4)
    axes.axhline(0, color="#777777", linewidth=0.8)
    axes.set(title=f"{name}: rank correlation {found.statistic:.2f}")
    axes.set(xlabel="mean activation", ylabel="growth of the loss when off")
    words = {1: "more than", 0: "neither more nor less, for sure, than", -1: "less than"}
    clear = "more than chance" if found.pvalue < 0.05 else "which chance may give"
    print(
        fill(
            f"{name}: rank correlation of strength and loss {found.statistic:.2f}, {clear} "
            f"(p = {found.pvalue:.2g}). Half off together costs {words[more.sign]} its members "
            f"one by one: {more:+.3f}.",
            88,
        )
    )
save_figure(
    figure,
    "strong_and_weak_filters",
    "Each filter's mean activation, and the growth of the loss when it is switched off, by stage. "
    f"The rank correlations run from {min(table[n][0] for n in relus):.2f} to "
    f"{max(table[n][0] for n in relus):.2f}.",
)
if not own_archives:
    for name in relus:
        strong = controls[f"rank correlation of strength and loss, {name}"]
        together = controls[f"half off, together less one by one, {name}"]
        print(f"five trainings, {name}: rank correlation {strong:+.2f}")
        print(f"{'':22}half off together, beyond one by one {together:+.3f}")
    assert max(table[name][0] for name in relus) < 0.8
    assert table["relu4"][2].sign == 1
    assert controls["half off, together less one by one, relu4"].sign == 1

# %%
# Mean activation tells little of what is missed: to know it, switch the filter off. Whether filters
# stand in for each other, single effects can't say either, however small they are; that takes
# groups, and the lines above say where groups cost more than the sum. Before you call one filter
# "the wheel detector", look whether its neighbours do the same.
#
# What we learned
# ---------------
#
# * The split comes first. What is chosen on Val is judged on Test, once.
# * A simple model on raw pixels shows how much of the task is easy; the network must beat it.
# * With few test pictures the interval is wide. It belongs beside every accuracy.
# * With depth, brightness fades and selectivity grows; outlines are drawn in every layer.
# * How strong a filter is doesn't say how much it is missed: switch it off and see, alone and in
#   company.
#
# **Limits.** The drawn vehicles have simple shapes and stand where the program puts them; a network
# that has learned from them was never tried in a street. With photos, expect to need hundreds of
# each class, from many places, and a lower accuracy. Near-copies of one image in Train and in Test,
# such as frames of one video, make any accuracy worthless. The figures are of one network.
#
# **Ethics.** Recognisers count vehicles, and follow people: who knows your bike knows when you
# leave home. Pictures of streets show faces, number plates and habits of people who weren't asked.
# Collect only what you need, blur what you don't, ask where you can, and know the law of the place.
# Nor need errors be spread evenly: what is rare in Train, a cargo bike or a hand cycle, may be what
# the network misses, and an accuracy over all images won't tell.
#
# Exercise
# --------
#
# What does the network look at? Take the colours away; turn the pictures upside down; cover the
# upper half, then the lower half, with grey. Predict each accuracy before you run it.
#
# Answer: for the drawn images, colours hardly matter, nor does the upper half. Without the lower
# half, where wheels meet the ground, or upside down, the network loses its way; and not like a
# coin, which would give both answers: look at how often it gives the same one.

upper, lower = test.clone(), test.clone()
upper[:, :, : side // 2], lower[:, :, side // 2 :] = 0.5, 0.5
changes = {
    "as they are": test,
    "without colours": test.mean(dim=1, keepdim=True).expand_as(test),
    "upside down": test.flip(2),
    "upper half covered": upper,
    "lower half covered": lower,
}
shares, given = {}, {}
for name, images in changes.items():
    with eval_mode(network), torch.inference_mode():
        said = network(images).argmax(dim=1)
    shares[name] = (said == test_labels).float().mean().item()
    counts = said.bincount(minlength=len(classes))
    given[name] = counts.max().item() / len(said)
    print(
        f"{name}: {shares[name]:.1%} right; answers {classes[counts.argmax()]} to {given[name]:.0%}"
    )
if not own_archives:
    assert min(shares["without colours"], shares["upper half covered"]) > accuracy - 0.1
    assert max(shares["upside down"], shares["lower half covered"]) < 0.75
    assert given["lower half covered"] > 0.8
    covered = controls["accuracy, lower half covered"]
    print(f"lower half covered, five trainings: {covered:.0%}")
    assert covered.range[1] < 0.8

# %%
# Where to go next
# ----------------
#
# `The guide to your own photos <../../howto/your-photos.html>`_ says how to pack archives and what
# is refused. `Do deeper layers know more? <../4_hierarchy/plot_20_edges_to_objects.html>`_ asks the
# layers of another network in more depth, and `What do layers see in a photograph?
# <../4_hierarchy/plot_30_photographs.html>`_ those of one that learned from 50,000 photographs.
# `How does a small network learn to read digits? <../2_learned_filters/plot_10_training.html>`_
# takes the training loop apart.
#
# References
# ----------
#
# * E. B. Wilson (1927). `Probable inference, the law of succession, and statistical inference
#   <https://doi.org/10.1080/01621459.1927.10502953>`_.
# * Q. McNemar (1947). `Note on the sampling error of the difference between correlated proportions
#   or percentages <https://doi.org/10.1007/BF02295996>`_.
# * D. P. Kingma and J. Ba (2015). `Adam: a method for stochastic optimization
#   <https://arxiv.org/abs/1412.6980>`_.
# * S. Ioffe and C. Szegedy (2015). `Batch normalization
#   <https://proceedings.mlr.press/v37/ioffe15.html>`_.
# * L. N. Smith and N. Topin (2019). `Super-convergence
#   <https://doi.org/10.1117/12.2520589>`_.
# * A. S. Morcos and others (2018). `On the importance of single directions for generalization
#   <https://arxiv.org/abs/1803.06959>`_.
# * M. D. Zeiler and R. Fergus (2014). `Visualizing and understanding convolutional networks
#   <https://doi.org/10.1007/978-3-319-10590-1_53>`_.
# * PyTorch's documentation: `torchvision.datasets.ImageFolder
#   <https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.ImageFolder.html>`_,
#   `TensorBoard's writer <https://docs.pytorch.org/docs/stable/tensorboard.html>`_.
