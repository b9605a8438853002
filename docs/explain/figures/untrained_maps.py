"""Maps of filters that nobody trained, of a photograph."""

import matplotlib.pyplot as plt
import torch
from skimage import data
from skimage.transform import resize
from torch import nn

from cnnvis import capture, plot_images, plot_maps, save_figure

photo = resize(data.camera(), (128, 128), anti_aliasing=True)
photo = torch.tensor(photo, dtype=torch.float32)[None, None]
torch.manual_seed(0)
layers = nn.Sequential(nn.Conv2d(1, 8, 5, bias=False), nn.ReLU())
with capture(layers, ["0"]) as maps:
    layers(photo)
drawn = maps["0"][0]
inner = photo[0, :, 2:-2, 2:-2]
match = torch.corrcoef(torch.cat([inner.flatten(1), drawn.flatten(1)]))[0, 1:].abs()
torch.manual_seed(1)
many = nn.Conv2d(1, 1000, 5, bias=False)(photo)[0].detach().flatten(1)
alike = torch.corrcoef(torch.cat([inner.flatten(1), many]))[0, 1:].abs()
assert (alike > 0.5).float().mean() > 0.8  # as the page says of a thousand random filters

fig, (left, right) = plt.subplots(
    1, 2, figsize=(7.6, 3), width_ratios=(1, 2.15), layout="constrained"
)
plot_images(photo, title="a photograph", ax=left)
plot_maps(drawn, columns=4, title="eight random filters", ax=right)
save_figure(
    fig,
    "untrained_maps",
    "A photograph of a man with a camera, and its maps from eight filters of random numbers. The "
    f"photograph shows through in all: map and photograph correlate by {match.min():.2f} to "
    f"{match.max():.2f} in size.",
)
