"""What a preferred image makes large: a unit's activation, and a way for gradients to reach it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from cnnvis.layers.hooks import recording
from cnnvis.layers.inputs import Preprocess, first_weight, model_input
from cnnvis.layers.names import layer_and_run
from cnnvis.layers.receptive_fields import FieldTracer, ReceptiveField

Unit = Literal["centre", "channel"] | tuple[int, int]
_LEAK = 0.1  # share of the gradient that a closed ReLU lets through


class _LayerReached(Exception):  # noqa: N818 (no error: it ends a pass where the layer has run)
    def __init__(self, output: Tensor):
        super().__init__()
        self.output = output


class LayerOutput(NamedTuple):
    """A layer's output for one image: its shape, and the receptive field of its units if known."""

    shape: torch.Size
    receptive_field: ReceptiveField | None


class Objective:
    """The activation of one channel for each image: of a unit of it, or of its whole map."""

    def __init__(
        self, model: nn.Module, layer: str, unit: Unit, preprocess: Preprocess | None = None
    ):
        self.model, self.layer, self.unit, self.preprocess = model, layer, unit, preprocess
        weight = first_weight(model)
        self.device = torch.device("cpu") if weight is None else weight.device

    def activations(self, images: Tensor, channels: Tensor) -> Tensor:
        """The activation of each image's channel.

        Args:
            images: Float tensor (K, C, H, W), 0 to 1.
            channels: int64 (K,), one for each image.

        Returns:
            Float tensor (K,), through which gradients flow to the images.
        """
        maps = self._output(images)[torch.arange(len(channels)), channels]
        if maps.dim() == 1:
            return maps
        if self.unit == "channel":
            slope = _LEAK if torch.is_grad_enabled() else 0
            return functional.leaky_relu(maps, slope).mean(dim=(1, 2))
        row, column = (n // 2 for n in maps.shape[1:]) if self.unit == "centre" else self.unit
        return maps[:, row, column]

    @torch.no_grad()
    def measured(self, images: Tensor, channels: Tensor) -> Tensor:
        """The same as a result: float32, on the CPU, without a graph."""
        return self.activations(images, channels).float().cpu()

    @torch.no_grad()
    def output_for(self, image: Tensor) -> LayerOutput:
        """What the layer puts out for one image (1, C, H, W), checked."""
        with FieldTracer(image) as tracer:
            output = self._output(image)
            found = LayerOutput(output.shape, tracer.of(output))
        if output.dim() not in (2, 4) or not output.is_floating_point() or output.numel() == 0:
            raise ValueError(
                f"the output of {self.layer!r} must be floats (N, channels, height, width) or "
                f"(N, channels); got {output.dtype} {tuple(output.shape)}. Choose another layer."
            )
        if isinstance(self.unit, tuple) and output.dim() == 4:
            _check_place(self.unit, output.shape[2:])
        return found

    def jitter(self, output: LayerOutput, image: Tensor) -> int:
        """Half a stride of the layer; an eighth of the image where no single unit is meant."""
        most = min(image.shape[2:]) // 8
        if len(output.shape) == 2 or self.unit == "channel":
            return most
        field = output.receptive_field
        known = field is not None and not field.whole and min(field.stride) > 0
        stride = max(field.stride) if known else image.shape[2] / output.shape[2]
        return min(most, int(stride / 2))

    def _output(self, images: Tensor) -> Tensor:
        """The layer's output, live; the model runs no further than there."""
        name, left = layer_and_run(self.layer)

        def stop(output: Tensor) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise _LayerReached(output)

        # A copy, since preprocess and the first layers may write into what they are given.
        given = model_input(self.model, images.clone(), self.preprocess)
        with recording(self.model, name, stop):
            try:
                self.model(given)
            except _LayerReached as reached:
                return reached.output
            except Exception as error:
                raise RuntimeError(
                    f"the model fails on images of shape {tuple(images.shape[1:])}: {error}. "
                    "Give the size that it was made for, as in size=224."
                ) from error
        raise ValueError(
            f"the layer must put out a tensor when the model runs; {self.layer!r} doesn't. "
            "layer_table lists those that do."
        )


def check_unit(unit: Any) -> None:
    """Refuse what names no unit.

    Raises:
        TypeError: If it is neither a text nor two whole numbers.
        ValueError: If it is another text than ``"centre"`` and ``"channel"``.
    """
    if isinstance(unit, str) and unit in ("centre", "channel"):
        return
    place = isinstance(unit, tuple) and len(unit) == 2 and all(type(at) is int for at in unit)
    if not place:
        kind = ValueError if isinstance(unit, str) else TypeError
        raise kind(
            "unit must be 'centre', 'channel' (the whole map), or a row and a column such as "
            f"(0, 3); got {unit!r}."
        )


def _check_place(unit: tuple[int, int], size: torch.Size) -> None:
    if not all(0 <= at < n for at, n in zip(unit, size, strict=True)):
        raise ValueError(
            f"unit must be a row and a column of the map, which has {size[0]}×{size[1]} units, "
            f"from (0, 0) to ({size[0] - 1}, {size[1] - 1}); got {unit!r}."
        )


@contextmanager
def leaky_gradients(model: nn.Module) -> Iterator[None]:
    """Let a share of the gradient through closed ReLU modules; what they put out is the same."""
    with ExitStack() as undo:
        for module in model.modules():
            if isinstance(module, nn.ReLU):
                undo.callback(setattr, module, "inplace", module.inplace)
                module.inplace = False  # else the hook would be handed an input written over
                undo.enter_context(module.register_forward_hook(_leaky_relu))
        yield


def _leaky_relu(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:  # noqa: ARG001
    return _LeakyGradient.apply(inputs[0])


class _LeakyGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        ctx.save_for_backward(values > 0)
        return values.clamp(min=0)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (is_open,) = ctx.saved_tensors
        return torch.where(is_open, gradient, _LEAK * gradient)
