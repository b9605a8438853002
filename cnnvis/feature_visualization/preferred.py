"""The image that a channel likes best: painted for it, step by step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from cnnvis.feature_visualization.fourier_image import Canvas
from cnnvis.feature_visualization.objective import Goal, Unit, leaking
from cnnvis.layers.hooks import eval_mode

_LARGEST = 64  # pixels of an image whose size isn't given
_NOISE = 0.01  # standard deviation of the noise to begin with, around middle grey
_MOMENTUM, _MEMORY = 0.9, 0.99


@dataclass(frozen=True)
class Preferred:
    """The images that channels of a layer like best, one for each.

    Attributes:
        channels: int64 (K,): the channels, in the order asked for.
        images: float32 (K, C, H, W), 0 to 1, on the CPU.
        activations: float32 (K,): the answer to each image as it stands, without jitter: the
            value of the unit, or for ``unit="all"`` the mean of the positive part of the map.
        before: float32 (K,): the same for the image that the painting began with.
    """

    channels: Tensor
    images: Tensor
    activations: Tensor
    before: Tensor

    @property
    def silent(self) -> Tensor:
        """The channels that were never roused, bool (K,). Their images mean nothing."""
        return ~(self.activations > self.before)

    def __repr__(self) -> str:
        count, _, height, width = self.images.shape
        silent = int(self.silent.sum())
        return f"Preferred({count} channels, images {height}×{width}, {silent} silent)"


def preferred_images(
    model: nn.Module,
    layer: str,
    channels: Sequence[int] | Tensor | None = None,
    *,
    unit: Unit = "centre",
    size: int | tuple[int, int] | None = None,
    normalize: tuple[Sequence[float], Sequence[float]] | None = None,
    steps: int = 100,
    step_size: float = 0.02,
    jitter: float | None = None,
    start: Tensor | None = None,
    seed: int = 0,
) -> Preferred:
    """Paint the image that each channel of a layer likes best.

    Activation maximization (Erhan et al. 2009), regularised as in Olah et al. (2017,
    https://doi.org/10.23915/distill.00007): from faint noise each image follows the gradient of
    its channel's answer, in waves and colour contrasts weighted as in photographs, and is moved a
    little at random in every step. All images are painted at once, each independent of the
    others. The model runs in evaluation mode, only as far as the layer, and is left as it was; no
    global random number is drawn. ReLU modules let a share of the gradient through where they are
    closed, while painting, so that a unit which is off at first can be found at all.

    Args:
        model: Any module whose layer can be differentiated down to the image.
        layer: Its name, as in ``model.named_modules()``; ``"relu#2"`` for a second run. Its output
            is (N, channels, height, width), or (N, channels) as of a fully connected layer; of
            several tensors the first counts.
        channels: Which channels; ``None`` for all.
        unit: ``"centre"``: the unit in the middle of the map, which gives one object; ``"all"``:
            the whole map, which gives a texture; or row and column of a unit. Without meaning
            where the layer has no maps.
        size: Height and width, or one number for both. By default just enough to hold the
            receptive field of a unit, at most 64; 64 where that is unknown or all units are meant.
        normalize: Mean and standard deviation of each image channel, if the model expects
            normalized images; ``None`` if it takes 0 to 1 as it is.
        steps: More give stronger contrast, and take longer.
        step_size: How far each step goes, the same for every channel.
        jitter: Most pixels by which an image is shifted in a step; above 0 it is also turned and
            zoomed, by 5 degrees and 5 % at most. By default half a stride of the layer, and an
            eighth of the size where it has no maps or all units are meant.
        start: Float tensor (C, H, W), 0 to 1: what to begin with, instead of noise and ``size``.
        seed: Decides on the noise and the moves.

    Returns:
        Preferred: Images and the answers that they reach.

    Raises:
        TypeError: If ``layer`` isn't a name, ``channels`` aren't whole numbers, or ``start`` isn't
            a float tensor.
        ValueError: If a number is out of range, or the layer isn't there, doesn't run, has an
            output of another shape, or lets no gradient through.
        RuntimeError: If the model fails on an image of this size.

    Example:
        >>> preferred_images(SmallCNN(), "relu3", [0, 7], steps=5)
        Preferred(2 channels, images 25×25, 0 silent)
    """
    _check(layer, steps, step_size, jitter)
    with torch.inference_mode(False), torch.enable_grad(), eval_mode(model):
        goal = Goal(model, layer, unit, normalize)
        random = torch.Generator().manual_seed(seed)
        begin = _noise(goal, size, random) if start is None else _given(start, size)
        begin = begin.to(goal.device)
        seen = goal.probe(begin)
        rows = _rows(channels, seen.shape[1])
        canvas = Canvas(
            begin.expand(len(rows), -1, -1, -1),
            goal.jitter(seen, begin) if jitter is None else jitter,
        )
        before = goal.reached(canvas.images(), rows)
        with leaking(model):
            _climb(canvas.waves, lambda: goal.answers(canvas.look(random), rows), steps, step_size)
        images = canvas.images()
        after = goal.reached(images, rows)
    return Preferred(rows, images.cpu(), after, before)


def _climb(waves: Tensor, answers: Callable[[], Tensor], steps: int, size: float) -> None:
    """Follow the gradient upwards, with momentum.

    All waves of an image share one measure of their gradients' size. A measure for each wave,
    as Adam has, would lift the weak ones and lose what the channel cares about most.
    """
    mean, square = torch.zeros_like(waves), waves.new_zeros(len(waves), 1, 1, 1, 1)
    for step in range(1, steps + 1):
        total = answers().sum()
        up = None
        if total.requires_grad:
            (up,) = torch.autograd.grad(total, waves, allow_unused=True)
        if up is None:
            raise ValueError(
                "gradients must flow from the layer down to the image, and here none do. "
                "Choose a layer before the operation that cuts them off, such as detach or argmax."
            )
        with torch.no_grad():
            up = up.nan_to_num(posinf=0, neginf=0)
            mean.lerp_(up, 1 - _MOMENTUM)
            square.lerp_(up.square().mean(dim=(1, 2, 3, 4), keepdim=True), 1 - _MEMORY)
            length = (square / (1 - _MEMORY**step)).sqrt().clamp(min=1e-20)
            waves += size / (1 - _MOMENTUM**step) * mean / length


def _noise(goal: Goal, size: int | tuple[int, int] | None, random: torch.Generator) -> Tensor:
    """Faint noise (1, C, H, W) around middle grey, as large as asked for or as the unit sees."""
    convolutions = (one for one in goal.model.modules() if isinstance(one, nn.Conv2d))
    first = next(convolutions, None)
    if first is None:
        raise ValueError(
            "a model without convolutions doesn't tell how many channels its images have; pass "
            "start, a float tensor (channels, height, width), such as torch.full((1, 28, 28), 0.5)."
        )
    if size is None:
        size = _size_of_unit(goal, first.in_channels)
    pair = (size, size) if isinstance(size, int) else tuple(size)
    if len(pair) != 2 or min(pair) < 1:
        raise ValueError(f"size must be one or two whole numbers of at least 1; got {size!r}.")
    return 0.5 + _NOISE * torch.randn(1, first.in_channels, *pair, generator=random)


def _size_of_unit(goal: Goal, channels: int) -> int:
    if goal.unit != "centre":
        return _LARGEST
    field = goal.probe(torch.zeros(1, channels, _LARGEST, _LARGEST, device=goal.device)).field
    if field is None or field.whole:
        return _LARGEST
    # With a stride of s, s - 1 pixels more hold a whole field, wherever the units begin.
    return min(_LARGEST, max(int(n + s) - 1 for n, s in zip(field.size, field.stride, strict=True)))


def _given(start: Tensor, size: Any) -> Tensor:
    if not isinstance(start, Tensor) or not start.is_floating_point():
        got = getattr(start, "dtype", type(start).__name__)
        raise TypeError(f"start must be a float tensor (channels, height, width); got {got}.")
    if start.dim() != 3 or not (start.min() >= 0 and start.max() <= 1) or size is not None:
        raise ValueError(
            "start must be one image (channels, height, width) of 0 to 1, given without size; "
            f"got the shape {tuple(start.shape)}, {start.min():.3g} to {start.max():.3g}, and "
            f"size={size}."
        )
    return start.detach().float()[None]


def _rows(channels: Any, count: int) -> Tensor:
    rows = torch.arange(count) if channels is None else torch.as_tensor(channels).cpu()
    if rows.dim() != 1 or (rows.numel() and rows.is_floating_point()) or rows.dtype == torch.bool:
        raise TypeError(
            f"channels must be a sequence of whole numbers, such as [0, 3], or None; got "
            f"{channels!r}."
        )
    if rows.numel() == 0 or rows.min() < 0 or rows.max() >= count:
        raise ValueError(f"channels must be numbers from 0 to {count - 1}; got {rows.tolist()}.")
    return rows.long()


def _check(layer: Any, steps: int, step_size: float, jitter: float | None) -> None:
    if not isinstance(layer, str):
        raise TypeError(
            f"layer must be the name of one layer; got {layer!r}. For several, call once for each."
        )
    if steps < 1 or not step_size > 0 or not (jitter is None or jitter >= 0):
        raise ValueError(
            "steps must be at least 1, step_size above 0 and jitter not below 0; got "
            f"steps={steps}, step_size={step_size}, jitter={jitter}."
        )
