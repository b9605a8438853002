"""One figure: an image, and beside it what layers of a network make of it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from cnnvis.arrays import Scale, as_scale
from cnnvis.data.image_set import ImageSet
from cnnvis.layers.checks import check_module
from cnnvis.layers.hooks import capture, chosen, eval_mode
from cnnvis.layers.inputs import Preprocess, model_input
from cnnvis.layers.kernels import as_kernels
from cnnvis.layers.names import layer_and_run
from cnnvis.layers.outputs import as_spatial
from cnnvis.layers.receptive_fields import times
from cnnvis.models.find_model import first_convolution
from cnnvis.models.user_models import first_line
from cnnvis.plots.images import as_images
from cnnvis.plots.layer_panels import Channels, LayerPanel, panel_of_kernels, panel_of_maps
from cnnvis.plots.maps import SEQUENTIAL
from cnnvis.plots.mosaic_axes import as_colormap
from cnnvis.plots.panel_layout import draw_panels

if TYPE_CHECKING:
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

MOST_LAYERS = 24


def layer_figure(
    model: nn.Module,
    layers: str | Iterable[str],
    images: ImageSet | Tensor | None = None,
    *,
    channels: Channels = 16,
    kernels: bool = False,
    scale: Scale = "layer",
    cmap: "str | Colormap | None" = None,
    preprocess: Preprocess | None = None,
    title: str | None = None,
    fig: "Figure | None" = None,
) -> "Figure":
    """Draw what layers of a model make of an image, below each other, beside the image.

    ::

        fig = layer_figure(model, ["conv1", "layer2"], image)
        fig.savefig("layers.png", dpi=200)

    Each layer has a heading with its size and what was chosen of it; the numbers of the channels
    stand above their maps. The model runs once, in evaluation mode and without gradients, and is
    left as it was. Outputs whose channels come last and tokens of a transformer are drawn too.

    Args:
        model: Any module.
        layers: Names of layers, 24 at most, as `layer_table` lists them.
        images: One image, (1, 1, H, W) or (1, 3, H, W): floats 0 to 1, uint8, or an `ImageSet`.
            Kernels need none.
        channels: How many maps of each layer, those that vary most over the image, or how many
            filters, the first ones; ``"all"``; or their numbers.
        kernels: Draw the kernels of the layers instead of their outputs. Those that read an image
            of three channels are drawn in colour, each scaled by itself.
        scale: What shares a colour scale: ``"layer"``, all maps of a layer; ``"map"``, each map
            has its own; or two numbers, the lowest and the highest, to compare layers.
        cmap: A colour map of Matplotlib, by its name or itself, in place of the default.
        preprocess: Called with the float image on the model's device; returns what the model
            takes, such as ``Normalize(mean, std)`` of torchvision.
        title: Title of the figure; by default the name of the model's class.
        fig: An empty figure to draw on, which gets another size; by default a new one.

    Returns:
        Figure: The figure drawn on.

    Raises:
        TypeError: If an argument is of the wrong kind.
        ValueError: If there is no such layer or channel, a layer doesn't run or has no maps (or
            kernels), or a shape, a value, ``scale`` or ``cmap`` doesn't fit.
        RuntimeError: If the model fails on the image; the message names the last layer reached.
    """
    check_module(model)
    names, cmap = _as_names(layers), None if cmap is None else as_colormap(cmap, SEQUENTIAL)
    scale = as_scale(scale)
    if kernels:
        image, panels = None, _kernel_panels(model, names, channels)
    else:
        one = _one_image(images)
        image = as_images(one, hint="What normalizes them for the model goes to preprocess=.")
        panels = _map_panels(model, names, one, channels, preprocess)
    title = type(model).__name__ if title is None else title
    if fig is None:
        from matplotlib import pyplot as plt  # kept out of `import cnnvis`, which needs no window

        fig = plt.figure()
    draw_panels(fig, panels, title, image, scale, cmap)
    fig._cnnvis_panels = tuple(panels)
    return fig


def panels_of(fig: "Figure") -> tuple[LayerPanel, ...]:
    """What `layer_figure` drew on a figure; nothing if it drew none."""
    return getattr(fig, "_cnnvis_panels", ())


def _as_names(layers: str | Iterable[str]) -> list[str]:
    """The names of the layers asked for, each once."""
    names = [layers] if isinstance(layers, str) else layers
    listed = isinstance(names, Iterable) and not isinstance(names, nn.Module)
    names = list(names) if listed else [names]
    if not all(isinstance(name, str) for name in names):
        raise TypeError(
            f"layers must be names, as in ['conv1', 'layer2']; got {layers!r}. "
            "layer_table(model, images) lists them."
        )
    if not 0 < len(names) <= MOST_LAYERS:
        raise ValueError(
            f"a figure has 1 layer at least and {MOST_LAYERS} layers at most; got {len(names)}."
        )
    return list(dict.fromkeys(names))


def _one_image(images: ImageSet | Tensor | None) -> Tensor:
    one = images.images if isinstance(images, ImageSet) else images
    if not isinstance(one, Tensor):
        raise TypeError(
            "images must be a tensor (1, C, H, W) or an ImageSet of one image; got "
            f"{type(images).__name__}. Only kernels=True needs none; read_image reads a file."
        )
    if one.dim() == 4 and len(one) > 1:
        raise ValueError(f"a figure is of one image; got {len(one)}. Choose one: images[:1].")
    return one


def _map_panels(
    model: nn.Module,
    layers: Sequence[str],
    images: Tensor,
    channels: Channels,
    preprocess: Preprocess | None,
) -> list[LayerPanel]:
    """Run a model on an image and choose maps of its layers; the image stays as it is."""
    modules = dict(model.named_modules(remove_duplicate=False))
    own_names = [name if name in modules else layer_and_run(name)[0] for name in layers]
    inputs = model_input(model, images.clone(), preprocess)
    shape = tuple(inputs.shape)
    with eval_mode(model), capture(model, own_names) as outputs, torch.inference_mode():
        try:
            model(inputs)
        except Exception as error:
            reached = f"{list(outputs)[-1]} had run" if outputs else "no such layer had run"
            raise RuntimeError(
                f"{type(model).__name__} fails on an input of {times(shape)} ({reached}): "
                f"{first_line(error)}. Another size may fit."
            ) from error
    panels = []
    for name, own_name in zip(layers, own_names, strict=True):
        module = modules[own_name]
        maps = as_spatial(_output(outputs, name, own_name, modules), shape[-2:], name)
        panels.append(panel_of_maps(name, type(module).__name__, maps, channels))
    return panels


def _kernel_panels(model: nn.Module, layers: Sequence[str], channels: Channels) -> list[LayerPanel]:
    """Choose kernels of a model's layers."""
    chosen(model, layers)  # refuses names that aren't there
    first = first_convolution(model)
    panels = []
    for name in layers:
        module = model.get_submodule(name)
        kind, kernels = type(module).__name__, as_kernels(module)
        panels.append(panel_of_kernels(name, kind, kernels, channels, reads_image=name == first))
    return panels


def _output(outputs: dict[str, Any], name: str, own_name: str, modules: dict[str, Any]) -> Any:
    """What a layer put out; one that is known by two names was recorded by its first."""
    first = next(known for known, one in modules.items() if one is modules[own_name])
    key = name.replace(own_name, first, 1)
    if key not in outputs:
        raise ValueError(
            f"a layer must run to be drawn; {name} puts out nothing in this model. The table of "
            "layers shows those that run: layer_table, or maps --list."
        )
    return outputs[key]
