"""Switch channels of a layer off, and see what the network loses."""

import operator
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnvis.analysis.batches import Share, images_of
from cnnvis.analysis.partial_forward import Replay
from cnnvis.data.image_set import ImageSet
from cnnvis.layers.checks import check_image_set, check_module
from cnnvis.layers.hooks import chosen, eval_mode, uncompiled
from cnnvis.layers.inputs import Preprocess, batches

Channels = int | Iterable[int]


@contextmanager
def ablate(model: nn.Module, layer: str, channels: Channels) -> Iterator[nn.Module]:
    """Set channels of a layer's output to zero while the block runs.

    ::

        with ablate(model, "conv3", [4, 7]):
            logits = model(images)

    Each run of the layer is changed; gradients flow through the other channels. The hook is taken
    off when the block ends, also when it ends with an exception. A compiled model runs uncompiled
    inside the block.

    Args:
        model: Any module. It runs as it is: call ``model.eval()`` first for evaluation mode.
        layer: A name as in ``model.named_modules()``. Its output must be one tensor with the
            channels along its second axis, (N, C, ...).
        channels: Which to switch off: one number or several, each from 0 to C - 1.

    Yields:
        nn.Module: The same model.

    Raises:
        TypeError: If the model is no module, the layer no name, or a channel no whole number.
        ValueError: If the model has no such layer or, once it runs, the layer no such channel.
    """
    with _switched(model, layer, _Switch(layer, _group(channels))):
        yield model


@dataclass(frozen=True)
class AblationEffects:
    """What a network loses when groups of a layer's channels are switched off, each by itself.

    Attributes:
        layer: Name of the layer.
        groups: G groups of channels; one channel each unless groups were asked for.
        accuracy: Accuracy of the whole network, 0 to 1.
        loss: Its mean cross-entropy in nats.
        class_accuracy: float64 (K,): its accuracy on each class; NaN for one without images.
        accuracies: float64 (G,): accuracy without each group.
        losses: float64 (G,): loss without each group.
        class_accuracies: float64 (G, K): accuracy on each class without each group.
    """

    layer: str
    groups: tuple[tuple[int, ...], ...]
    accuracy: float
    loss: float
    class_accuracy: Tensor
    accuracies: Tensor
    losses: Tensor
    class_accuracies: Tensor

    @property
    def loss_change(self) -> Tensor:
        """How much higher the loss is without each group, float64 (G,); negative if lower."""
        return self.losses - self.loss

    @property
    def accuracy_change(self) -> Tensor:
        """Change of the accuracy, float64 (G,), -1 to 1; negative where the network loses."""
        return self.accuracies - self.accuracy

    @property
    def class_accuracy_change(self) -> Tensor:
        """Change of the accuracy on each class, float64 (G, K), likewise."""
        return self.class_accuracies - self.class_accuracy

    def __repr__(self) -> str:
        worst = int(self.loss_change.argmax()) if self.groups else None
        most = "" if worst is None else f", the loss rises most without {list(self.groups[worst])}"
        return (
            f"AblationEffects({self.layer!r}, {len(self.groups)} groups, accuracy "
            f"{self.accuracy:.2%}{most})"
        )


def ablation_effects(
    model: nn.Module,
    layer: str,
    images: ImageSet,
    channels: Iterable[Channels] | None = None,
    *,
    batch_size: int = 500,
    preprocess: Preprocess | None = None,
    distributed: bool = False,
) -> AblationEffects:
    """Switch a layer's channels off, one after the other, and measure what each is good for.

    The model runs in evaluation mode and without gradients and is left as it was. Of each batch,
    what runs before the layer is computed once: while channels are off, the modules before the
    layer return the outputs that they gave when all were on. How much one channel matters
    alone says little of what several matter together (Morcos et al., 2018,
    https://arxiv.org/abs/1803.06959): measure them as a group.

    Args:
        model: Takes float images (N, C, H, W) from 0 to 1 and gives logits (N, K). Its modules
            must return the same when called again, as they do in evaluation mode.
        layer: As for `ablate`.
        images: Images and their labels.
        channels: What to switch off, one entry after the other: a channel, or a group of channels
            that go together, as in ``[0, 3, [1, 2]]``. By default every channel by itself.
        batch_size: Images at a time. The outputs of all modules before the layer are held for
            as many.
        preprocess: As for `top_patches`.
        distributed: As for `top_patches`. Accuracies don't differ from those of one process,
            losses by rounding at most.

    Returns:
        AblationEffects: Accuracy and loss of the whole network and without each group.

    Raises:
        TypeError: If ``images`` isn't an `ImageSet`, ``channels`` no collection, ``preprocess`` no
            function, or as `ablate`.
        ValueError: If there are no images, the layer doesn't run, ``preprocess`` doesn't return a
            tensor of as many images, or as `ablate`.
    """
    check_module(model)
    check_image_set("images", images)
    pixels, share = images_of(images, batch_size), Share.of_this_process(distributed)
    groups = None if channels is None else _groups(channels)
    classes, switch = len(images.classes), _Switch(layer)
    marks: dict[str, Tensor] = {}
    with (
        _switched(model, layer, switch) as module,
        eval_mode(model),
        torch.no_grad(),
        Replay(model, module) as replay,
    ):
        starts = share.starts(len(pixels), batch_size)
        for start, batch in batches(model, pixels, batch_size, preprocess, starts):
            labels = images.labels[start : start + len(batch)].cpu()
            rows = [_marks(replay.first(batch), labels, classes)]
            for group in [(one,) for one in range(switch.width)] if groups is None else groups:
                with switch.off(group):
                    rows.append(_marks(replay.again(batch), labels, classes))
            marks["all"] = marks.get("all", 0) + torch.stack(rows)
    whole, *without = share.merged(marks, operator.add)["all"]
    if groups is None:
        groups = [(one,) for one in range(len(without))]
    return _effects(layer, groups, whole, without, images)


def _effects(
    layer: str, groups: list[tuple[int, ...]], whole: Tensor, without: list, images: ImageSet
) -> AblationEffects:
    """The shares and means that the marks amount to."""
    counts = images.labels.cpu().bincount(minlength=len(images.classes))
    marks = torch.stack([whole, *without])
    hits, losses = marks[:, :-1], marks[:, -1] / len(images)
    accuracies, by_class = hits.sum(dim=1) / len(images), hits / counts
    return AblationEffects(
        layer=layer,
        groups=tuple(groups),
        accuracy=accuracies[0].item(),
        loss=losses[0].item(),
        class_accuracy=by_class[0],
        accuracies=accuracies[1:],
        losses=losses[1:],
        class_accuracies=by_class[1:],
    )


def _marks(logits: Tensor, labels: Tensor, classes: int) -> Tensor:
    """float64 (K + 1,): images of each class named right, then the sum of all losses."""
    logits = logits.float().cpu()
    hits = labels[logits.argmax(dim=1) == labels].bincount(minlength=classes)
    losses = F.cross_entropy(logits, labels, reduction="none").double()
    return torch.cat([hits.double(), losses.sum()[None]])


class _Switch:
    """A hook that sets some channels of a layer's output to zero."""

    def __init__(self, layer: str, channels: tuple[int, ...] = ()):
        self.layer = layer
        self.channels = channels
        self.width = 0  # channels that the layer was seen to have

    @contextmanager
    def off(self, channels: tuple[int, ...]) -> Iterator[None]:
        self.channels = channels
        try:
            yield
        finally:
            self.channels = ()

    def __call__(self, module: nn.Module, inputs: object, output: object) -> Tensor | None:  # noqa: ARG002
        if not isinstance(output, Tensor) or output.dim() < 2:
            what = tuple(output.shape) if isinstance(output, Tensor) else type(output).__name__
            raise ValueError(
                f"the output of {self.layer!r} must be one tensor (N, C, ...) to have channels; "
                f"got {what}. Choose a layer whose row in layer_table shows such a shape."
            )
        self.width = output.shape[1]
        if not self.channels:
            return None
        if max(self.channels) >= self.width:
            raise ValueError(
                f"channels of {self.layer!r} must lie from 0 to {self.width - 1}; got "
                f"{max(self.channels)}."
            )
        return output.index_fill(1, torch.tensor(self.channels, device=output.device), 0)


@contextmanager
def _switched(model: nn.Module, layer: str, switch: _Switch) -> Iterator[nn.Module]:
    """The layer, with the switch hooked to it."""
    if not isinstance(layer, str):
        raise TypeError(
            f"layer must be one name, as in ablate(model, 'conv1', [0, 3]); got {layer!r}."
        )
    (module,) = chosen(model, layer)
    with uncompiled():
        handle = module.register_forward_hook(switch)
        try:
            yield module
        finally:
            handle.remove()


def _groups(channels: Iterable[Channels]) -> list[tuple[int, ...]]:
    if not isinstance(channels, Iterable):
        raise TypeError(
            "channels must be a collection of channels or of groups, as in [0, 3, [1, 2]]; got "
            f"{channels!r}. For a single one write [{channels!r}]."
        )
    return [_group(one) for one in channels]


def _group(channels: Channels) -> tuple[int, ...]:
    """One channel or several as a tuple, each but once."""
    try:
        several = channels if isinstance(channels, Iterable) and _axes(channels) else [channels]
        group = tuple(dict.fromkeys(_number(one) for one in several))
    except TypeError as error:
        raise TypeError(
            "channels must be whole numbers, as in [0, 3], or groups of them; got "
            f"{channels!r}. Of a mask take mask.nonzero().flatten()."
        ) from error
    if any(one < 0 for one in group):
        raise ValueError(f"channels count from 0; got {min(group)}.")
    return group


def _number(channel: object) -> int:
    if isinstance(channel, bool) or getattr(channel, "dtype", None) == torch.bool:
        raise TypeError("a mask would pass for channels 0 and 1")
    return operator.index(channel)


def _axes(values: object) -> int:
    """Axes of a tensor or an array; 1 of any other collection."""
    return getattr(values, "ndim", 1)
