"""What all drawing functions share: axes in, axes out, colour maps, errors of one form."""

import matplotlib
import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from torch import nn

from cnnvis.analysis.patches import Patches
from cnnvis.layers.receptive_fields import ReceptiveField
from cnnvis.plots.images import plot_images
from cnnvis.plots.layer_figure import layer_figure
from cnnvis.plots.maps import plot_kernels, plot_maps
from cnnvis.plots.patches import plot_patches
from cnnvis.plots.training import plot_confusion, plot_history
from cnnvis.training.results import History

RECORDED = History(8, epochs=1, train_loss=[2.0, 1.0], train_accuracy=[0.1, 0.5])
FIELD = ReceptiveField(size=(3, 3), stride=(1, 1), start=(-1, -1), image=(8, 8))
FOUND = Patches(
    torch.ones(1, 1),
    torch.zeros(1, 1, dtype=torch.int64),
    torch.tensor([[[[1, 3], [1, 3]]]]),
    FIELD,
)
IMAGES = torch.rand(2, 1, 8, 8, generator=torch.Generator().manual_seed(0))
ON_AXES = {
    "maps": lambda **how: plot_maps(IMAGES[0], **how),
    "kernels": lambda **how: plot_kernels(IMAGES - 0.5, **how),
    "images": lambda **how: plot_images(IMAGES, **how),
    "patches": lambda **how: plot_patches(FOUND, IMAGES, 0, **how),
    "history": lambda **how: plot_history(RECORDED, **how),
    "confusion": lambda **how: plot_confusion(np.array([[5, 2], [1, 6]]), ["a", "b"], **how),
}


def of_layers(**how):
    figure = layer_figure(nn.Sequential(nn.Conv2d(1, 2, 3)), "0", IMAGES[:1], **how)
    return figure.axes[0]


COLOURED = {name: ON_AXES[name] for name in ("maps", "kernels", "confusion")} | {
    "layers": of_layers
}


@pytest.mark.parametrize("name", ON_AXES)
def test_the_axes_given_are_drawn_on_and_returned(name):
    figure, ax = plt.subplots()
    assert ON_AXES[name](ax=ax) is ax
    assert plt.get_fignums() == [figure.number]
    assert ON_AXES[name]().figure is not figure


@pytest.mark.parametrize("name", COLOURED)
def test_a_colour_map_by_its_name_or_itself(name):
    usual = COLOURED[name]().images[0].get_cmap().name
    assert COLOURED[name](cmap="magma").images[0].get_cmap().name == "magma" != usual
    own = matplotlib.colormaps["cividis"].reversed()
    assert COLOURED[name](cmap=own).images[0].get_cmap().name == "cividis_r"


@pytest.mark.parametrize("name", COLOURED)
@pytest.mark.parametrize(
    ("cmap", "error", "message"),
    [
        ("virdis", ValueError, "cmap must be a colour map of Matplotlib; got 'virdis'. Try 'virid"),
        ("", ValueError, "got ''. Try 'viridis'"),
        ("?!", ValueError, r"got '\?!'. Try 'viridis'"),
        (3, TypeError, "cmap must be the name of a colour map .*; got int. Try 'viridis'"),
    ],
)
def test_colour_maps_that_are_none(name, cmap, error, message):
    with pytest.raises(error, match=message):
        COLOURED[name](cmap=cmap)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("cmap", ["gray", "gray_r", "viridis", None])
def test_numbers_in_cells_can_be_read_on_any_colours(cmap):
    """White on dark and dark on light, whichever end of the colours is the dark one."""
    weights = torch.tensor([[[[-1.0, 1.0]]]])
    counts = np.array([[5, 40], [1, 6]])
    for ax in (
        plot_kernels(weights, values=True, cmap=cmap),
        plot_confusion(counts, ["a", "b"], cmap=cmap),
    ):
        image = ax.images[0]
        colours = image.to_rgba(image.get_array())
        for text in ax.texts:
            column, row = text.get_position()
            cell = colours[row, column]
            light = cell[:3] @ (0.2126, 0.7152, 0.0722) if cell[3] else 1.0
            if light < 0.2:
                assert text.get_color() == "white"
            if light > 0.8:
                assert text.get_color() == "#222222"


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plot_maps("conv1"), "maps must be a tensor or NumPy array"),
        (lambda: plot_maps(IMAGES[0], columns=2.5), "columns must be a whole number; got 2.5"),
        (lambda: plot_maps(IMAGES[0], scale=None), "scale must be"),
        (lambda: plot_kernels("conv1"), "kernels must be .*model.get_submodule"),
        (lambda: plot_kernels([[1.0]]), "kernels must be a tensor or NumPy array"),
        (lambda: plot_images("cat.png"), "images must be a tensor or NumPy array"),
        (lambda: plot_images(IMAGES, boxes=[1]), "boxes must be a tensor or NumPy array"),
        (lambda: plot_images(IMAGES, columns="2"), "columns must be a whole number; got '2'"),
        (lambda: plot_patches([1], IMAGES, 0), "patches must be what top_patches found"),
        (lambda: plot_patches(FOUND, [1], 0), "images must be an ImageSet or a tensor; got list"),
        (lambda: plot_patches(FOUND, IMAGES, "0"), "channel and margin must be whole numbers"),
        (lambda: plot_patches(FOUND, IMAGES, 0, preferred=[1]), "preferred must be a tensor"),
        (lambda: plot_history([2.0, 1.0]), "history must be what fit returned; got list"),
        (lambda: plot_confusion([[1]], ["a"]), "matrix must be a tensor or NumPy array"),
    ],
)
def test_the_wrong_kind_is_a_type_error(draw, message):
    with pytest.raises(TypeError, match=message):
        draw()
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plot_maps(IMAGES[0], columns=0), "columns must be 1 or more; got 0"),
        (lambda: plot_maps(IMAGES[0], scale="all"), "scale must be .*got 'all'"),
        (lambda: plot_kernels(IMAGES, scale=(1, 0)), r"scale must be .*got \(1, 0\)"),
        (lambda: plot_kernels(nn.ReLU()), "only convolutions have kernels"),
        (lambda: plot_images(IMAGES - 1), "images must lie between 0 and 1"),
        (lambda: plot_patches(FOUND, IMAGES - 1, 0), "images must lie between 0 and 1"),
        (lambda: plot_patches(FOUND, IMAGES, 1), "channel must lie from 0 to 0"),
        (lambda: plot_patches(FOUND, IMAGES, 0, preferred=IMAGES), "preferred must be one image"),
        (lambda: plot_history(RECORDED, "error"), "what must be"),
        (lambda: plot_confusion(np.eye(3), ["a"]), "matrix must be 1×1"),
    ],
)
def test_the_wrong_value_is_a_value_error(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
    assert plt.get_fignums() == []
