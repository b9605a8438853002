"""Preferred images: for each channel of a layer the image that activates it most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from cnnvis.feature_visualization.fourier_image import FourierImage
from cnnvis.feature_visualization.objective import (
    Objective,
    Unit,
    check_unit,
    leaky_gradients,
)
from cnnvis.layers.checks import check_module, check_preprocess
from cnnvis.layers.hooks import eval_mode
from cnnvis.layers.inputs import Preprocess

_LARGEST = 64  # pixels of an image whose size isn't given
_NOISE = 0.01  # standard deviation of the noise to begin with, around middle grey
_MOMENTUM, _MEMORY = 0.9, 0.99


@dataclass(frozen=True)
class PreferredImages:
    """The preferred images of a layer's channels, one for each.

    Attributes:
        channels: int64 (K,): the channels, in the order asked for.
        images: float32 (K, C, H, W), 0 to 1, on the CPU.
        activations: float32 (K,): what each image reaches as it stands, without jitter: the
            activation of the unit, or for ``unit="channel"`` the mean of the positive part of the
            map.
        before: float32 (K,): the same for the image that the search began with.
    """

    channels: Tensor
    images: Tensor
    activations: Tensor
    before: Tensor

    @property
    def silent(self) -> Tensor:
        """The channels that nothing activated further, bool (K,). Their images mean nothing."""
        return ~(self.activations > self.before)

    def __repr__(self) -> str:
        count, _, height, width = self.images.shape
        silent = int(self.silent.sum())
        return f"PreferredImages({count} channels, images {height}×{width}, {silent} silent)"


def preferred_images(
    model: nn.Module,
    layer: str,
    channels: Sequence[int] | Tensor | None = None,
    *,
    unit: Unit = "centre",
    size: int | tuple[int, int] | None = None,
    preprocess: Preprocess | None = None,
    steps: int = 100,
    step_size: float = 0.02,
    jitter: float | None = None,
    start: Tensor | None = None,
    seed: int = 0,
) -> PreferredImages:
    """Find the image that activates each channel of a layer most, its preferred image.

    Activation maximization (Erhan et al. 2009), regularised as in Olah et al. (2017,
    https://doi.org/10.23915/distill.00007): from faint noise each image follows the gradient of
    its channel's activation, in Fourier coefficients and colour contrasts weighted as in
    photographs, and is moved a little at random in every step. All images are optimised at once,
    each independent of the others. The model runs in evaluation mode, only as far as the layer,
    and is left as it was; no global random number is drawn. ReLU modules let a share of the
    gradient through where they are closed, during the search, so that a unit which is off at first
    can be found at all.

    Args:
        model: Any module whose layer can be differentiated down to the image.
        layer: Its name, as in ``model.named_modules()``; ``"relu#2"`` for a second run. Its output
            is (N, channels, height, width), or (N, channels) as of a fully connected layer; of
            several tensors the first counts.
        channels: Which channels; ``None`` for all.
        unit: ``"centre"``: the unit in the middle of the map, which gives one object;
            ``"channel"``: the mean over the whole map, which gives a texture; or row and column of
            a unit. Without meaning where the layer has no maps.
        size: Height and width, or one number for both. By default just enough to hold the
            receptive field of a unit, at most 64; 64 where that is unknown or the whole map is
            meant.
        preprocess: Differentiable function of float images (N, C, H, W) from 0 to 1, on the
            model's device, that gives what the model takes, such as
            ``torchvision.transforms.v2.Normalize(mean, std)``; ``None`` if it takes them as they
            are. The images found are those before it.
        steps: More give stronger contrast, and take longer.
        step_size: How far each step goes, the same for every channel.
        jitter: Most pixels by which an image is shifted in a step; above 0 it is also turned and
            zoomed, by 5 degrees and 5 % at most. By default half a stride of the layer, and an
            eighth of the size where it has no maps or the whole map is meant.
        start: Float tensor (C, H, W), 0 to 1: what to begin with, instead of noise and ``size``.
        seed: Decides on the noise and the moves.

    Returns:
        PreferredImages: Images and the activations that they reach.

    Raises:
        TypeError: If an argument is of another kind than above.
        ValueError: If a number is out of range, or the layer isn't there, doesn't run, has an
            output of another shape, or lets no gradient through; or if ``preprocess`` gives no
            batch of as many images.
        RuntimeError: If the model fails on an image of this size.

    Example:
        >>> preferred_images(SmallCNN(), "relu3", [0, 7], steps=5)
        PreferredImages(2 channels, images 25×25, 0 silent)
    """
    _check_kinds(model, layer, preprocess, steps, step_size, jitter)
    check_unit(unit)
    with torch.inference_mode(False), torch.enable_grad(), eval_mode(model):
        objective = Objective(model, layer, unit, preprocess)
        random = torch.Generator().manual_seed(seed)
        begin = _noise(objective, size, random) if start is None else _checked_start(start, size)
        begin = begin.to(objective.device)
        output = objective.output_for(begin)
        chosen = _checked_channels(channels, output.shape[1])
        image = FourierImage(
            begin.expand(len(chosen), -1, -1, -1),
            objective.jitter(output, begin) if jitter is None else jitter,
        )
        before = objective.measured(image.images(), chosen)
        with leaky_gradients(model):
            ascent = _Ascent(image.coefficients, step_size)
            for _ in range(steps):
                ascent.step(objective.activations(image.jittered(random), chosen).sum())
        found = image.images()
        after = objective.measured(found, chosen)
    return PreferredImages(chosen, found.cpu(), after, before)


class _Ascent:
    """Gradient ascent with momentum, which changes its coefficients in place.

    All coefficients of an image share one measure of their gradients' size. A measure for each, as
    Adam has, would lift the weak ones and lose what the channel responds to most.
    """

    def __init__(self, coefficients: Tensor, step_size: float):
        self.coefficients, self.step_size, self.steps = coefficients, step_size, 0
        self.mean = torch.zeros_like(coefficients)
        self.square = coefficients.new_zeros(len(coefficients), 1, 1, 1, 1)

    def step(self, objective: Tensor) -> None:
        up = None
        if objective.requires_grad:
            (up,) = torch.autograd.grad(objective, self.coefficients, allow_unused=True)
        if up is None:
            raise ValueError(
                "gradients must flow from the layer down to the image, and here none do. Choose a "
                "layer before the operation that cuts them off, such as detach or argmax; of "
                "preprocess, if there is one, every operation must be differentiable."
            )
        self.steps += 1
        with torch.no_grad():
            up = up.nan_to_num(posinf=0, neginf=0)
            self.mean.lerp_(up, 1 - _MOMENTUM)
            self.square.lerp_(up.square().mean(dim=(1, 2, 3, 4), keepdim=True), 1 - _MEMORY)
            length = (self.square / (1 - _MEMORY**self.steps)).sqrt().clamp(min=1e-20)
            size = self.step_size / (1 - _MOMENTUM**self.steps)
            self.coefficients += size * self.mean / length


def _noise(
    objective: Objective, size: int | tuple[int, int] | None, random: torch.Generator
) -> Tensor:
    """Faint noise (1, C, H, W) around middle grey, as large as asked for or as the unit sees."""
    convolutions = (one for one in objective.model.modules() if isinstance(one, nn.Conv2d))
    first = next(convolutions, None)
    if first is None:
        raise ValueError(
            "a model without convolutions doesn't tell how many channels its images have; pass "
            "start, a float tensor (channels, height, width), such as torch.full((1, 28, 28), 0.5)."
        )
    if size is None:
        size = _size_of_receptive_field(objective, first.in_channels)
    pair = _checked_size(size)
    return 0.5 + _NOISE * torch.randn(1, first.in_channels, *pair, generator=random)


def _size_of_receptive_field(objective: Objective, channels: int) -> int:
    if objective.unit != "centre":
        return _LARGEST
    image = torch.zeros(1, channels, _LARGEST, _LARGEST, device=objective.device)
    field = objective.output_for(image).receptive_field
    if field is None or field.whole:
        return _LARGEST
    # With a stride of s, s - 1 pixels more hold a whole field, wherever the units begin.
    return min(_LARGEST, max(int(n + s) - 1 for n, s in zip(field.size, field.stride, strict=True)))


def _checked_size(size: Any) -> tuple[int, int]:
    pair = (size, size) if isinstance(size, int) else size
    if not isinstance(pair, Sequence) or not all(isinstance(side, int) for side in pair):
        raise TypeError(f"size must be a whole number, or two such as (48, 64); got {size!r}.")
    if len(pair) != 2 or min(pair) < 1:
        raise ValueError(f"size must be one or two whole numbers of at least 1; got {size!r}.")
    return tuple(pair)


def _checked_start(start: Any, size: Any) -> Tensor:
    if not isinstance(start, Tensor) or not start.is_floating_point():
        got = getattr(start, "dtype", type(start).__name__)
        raise TypeError(
            f"start must be a float tensor (channels, height, width), 0 to 1; got {got}. "
            "An image of uint8 is divided by 255."
        )
    if size is not None:
        raise ValueError(f"start has a size of its own; got size={size!r} too. Leave one out.")
    whole = start.dim() == 3 and start.numel() > 0
    if not whole or not (start.min() >= 0 and start.max() <= 1):
        spread = f", {start.min():.3g} to {start.max():.3g}" if whole else ""
        raise ValueError(
            "start must be one image (channels, height, width) of 0 to 1; got the shape "
            f"{tuple(start.shape)}{spread}."
        )
    return start.detach().float()[None]


def _checked_channels(channels: Any, count: int) -> Tensor:
    try:
        chosen = torch.arange(count) if channels is None else torch.as_tensor(channels).cpu()
    except (TypeError, ValueError, RuntimeError):  # texts, rows of different lengths
        chosen = torch.tensor(0.0)
    kinds = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)
    if chosen.dim() != 1 or (chosen.numel() and chosen.dtype not in kinds):
        raise TypeError(
            f"channels must be a sequence of whole numbers, such as [0, 3], or None; got "
            f"{channels!r}."
        )
    if chosen.numel() == 0 or chosen.min() < 0 or chosen.max() >= count:
        raise ValueError(f"channels must be numbers from 0 to {count - 1}; got {chosen.tolist()}.")
    return chosen.long()


def _check_kinds(
    model: Any, layer: Any, preprocess: Any, steps: Any, step_size: Any, jitter: Any
) -> None:
    check_module(model)
    check_preprocess(preprocess)
    if not isinstance(layer, str):
        raise TypeError(
            f"layer must be the name of one layer; got {layer!r}. For several, call once for each."
        )
    numbers = isinstance(step_size, int | float) and isinstance(jitter, int | float | None)
    if not isinstance(steps, int) or not numbers:
        raise TypeError(
            "steps must be a whole number, step_size and jitter must be numbers; got "
            f"steps={steps!r}, step_size={step_size!r}, jitter={jitter!r}."
        )
    if steps < 1 or not step_size > 0 or not (jitter is None or jitter >= 0):
        raise ValueError(
            "steps must be at least 1, step_size above 0 and jitter not below 0; got "
            f"steps={steps}, step_size={step_size}, jitter={jitter}."
        )
