"""All maps of the explorer's network for a digit; what the page says of switches is checked."""

import matplotlib.pyplot as plt
import torch
from torch import nn
from torchvision.transforms import functional

from cnnvis import capture, layer_table, load_pretrained, plot_maps, save_figure
from cnnvis.models.recipes import RECIPES
from cnnvis.standins.digits import digits

network = load_pretrained("mnist").network
images, labels, _ = digits("test")
images = images.float() / 255


def switched(pooling=None, relu=nn.ReLU):
    """The network with other layers in place of its own."""
    model = load_pretrained("mnist").network
    for number in "123":
        if pooling is not None:
            setattr(model, f"pool{number}", pooling)
        setattr(model, f"relu{number}", relu())
    return model


def likely(images, pooling=None, relu=nn.ReLU):
    """Probabilities of the ten classes."""
    with torch.no_grad():
        return switched(pooling, relu)(images).softmax(1)


def correct(probabilities):
    """Share of the digits that are named correctly."""
    return (probabilities.argmax(1) == labels).float().mean().item()


def sureness(probabilities):
    """Mean probability of the class that is named."""
    return probabilities.max(1).values.mean().item()


trained = likely(images)
mean, none = likely(images, nn.AvgPool2d(2)), likely(images, nn.Identity())
signed = likely(images, relu=nn.Identity)
shifted = likely(torch.roll(images, (4, 4), (2, 3)))
turned = likely(functional.rotate(images, 90))
assert correct(trained) > 0.9
assert correct(mean) > 0.5  # unsure, though mostly about the same digit
assert sureness(mean) < sureness(trained) - 0.3
assert correct(none) < 0.15  # hardly better than guessing, one of ten
assert correct(signed) < 0.4  # often wrong,
assert sureness(signed) > 0.85  # and very sure of it
assert correct(shifted) > 0.7  # a shift is forgiven, a turn is not
assert correct(turned) < 0.5
(phase,) = RECIPES["mnist"].phases
assert (phase.augment.shift, phase.augment.degrees) == (2, 8)

sure = torch.where(nn.functional.one_hot(labels, 10).bool(), trained, 0)
samples = images[sure.argmax(0)]  # the ten that the page offers
changed = 0
for image in samples:
    covered = image.repeat(22 * 22, 1, 1, 1)
    for at, one in enumerate(covered):
        one[:, at // 22 : at // 22 + 7, at % 22 : at % 22 + 7] = 0.5
    changed += len(likely(covered).argmax(1).unique()) > 1
assert changed == 6, changed  # of the ten samples, as the page says
blank = torch.zeros(1, 1, 28, 28)
assert f"{likely(blank).max():.0%}" == "88%"  # of nothing, it still names a digit,
blank[..., 10:17, 10:17] = 0.5
assert (likely(blank) - likely(blank * 0)).abs().max() > 0.1  # and another of a grey square
unpooled = switched(nn.Identity())
averaged = switched(nn.AvgPool2d(2))
with capture(network, ["pool1"]) as largest, capture(averaged, ["pool1"]) as means, torch.no_grad():
    network(samples), averaged(samples)
assert means["pool1"].mean() < 0.8 * largest["pool1"].mean()  # a mean is smaller than a maximum
tables = [layer_table(model, samples[:1]) for model in (network, unpooled)]
fields = [table["conv3"].receptive_field.size for table in tables]
assert fields == [(18, 18), (7, 7)], fields

with capture(network) as maps, torch.no_grad():
    network(samples[3:4])
layers = [name for name in maps if name not in ("squeeze", "fc")]
columns = {8: 8, 16: 16, 32: 16}
rows = [maps[name].shape[1] / columns[maps[name].shape[1]] for name in layers]
heights = [row * 2 + 0.75 if row * 8 == 8 and n < 3 else row + 0.75 for n, row in enumerate(rows)]
fig = plt.figure(figsize=(7.8, sum(heights) * 0.5), layout="constrained")
for name, ax in zip(layers, fig.subplots(len(layers), height_ratios=heights), strict=True):
    width = columns[maps[name].shape[1]]
    title = f"{name}: {maps[name].shape[1]} maps"
    plot_maps(maps[name][0], columns=width, title=title, ax=ax)
blank = int((maps["relu3"][0].flatten(1).max(1).values == 0).sum())
strongest = int(maps["relu3"][0].mean((1, 2)).argmax())
save_figure(
    fig,
    "every_map",
    f"The maps of {len(layers)} layers for a handwritten 3, which the network reads with "
    f"{likely(samples[3:4]).max():.0%}. In relu3, map {strongest} of 32 is the strongest on "
    f"average, and {blank} are blank.",
)
