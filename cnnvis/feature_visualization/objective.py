"""What an image is to make large: the answer of a unit, and a way for gradients to reach it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from cnnvis.layers.hooks import recording
from cnnvis.layers.names import layer_and_run
from cnnvis.layers.receptive_fields import FieldTracer, ReceptiveField

Unit = Literal["centre", "all"] | tuple[int, int]
_LEAK = 0.1  # share of the gradient that a closed ReLU lets through


class _Reached(Exception):  # noqa: N818 (no error: it ends a pass where the layer has run)
    def __init__(self, output: Tensor):
        super().__init__()
        self.output = output


class Seen(NamedTuple):
    """A layer's output for one image: its shape, and the field of its units if known."""

    shape: torch.Size
    field: ReceptiveField | None


class Goal:
    """What is to be made large: one answer for each image and its channel."""

    def __init__(self, model: nn.Module, layer: str, unit: Unit, normalize: Any):
        self.model, self.layer, self.unit, self.normalize = model, layer, unit, normalize
        weights = [one for one in model.state_dict().values() if one.is_floating_point()]
        self.device = weights[0].device if weights else torch.device("cpu")
        self.dtype = weights[0].dtype if weights else torch.float32

    def answers(self, images: Tensor, rows: Tensor) -> Tensor:
        """Float tensor (K,): what the channel of each image answers to it."""
        maps = self._output(images)[torch.arange(len(rows)), rows]
        if maps.dim() == 1:
            return maps
        if self.unit == "all":
            slope = _LEAK if torch.is_grad_enabled() else 0
            return functional.leaky_relu(maps, slope).mean(dim=(1, 2))
        row, column = (n // 2 for n in maps.shape[1:]) if self.unit == "centre" else self.unit
        return maps[:, row, column]

    @torch.no_grad()
    def reached(self, images: Tensor, rows: Tensor) -> Tensor:
        """The same as a result: float32, on the CPU, without a graph."""
        return self.answers(images, rows).float().cpu()

    @torch.no_grad()
    def probe(self, image: Tensor) -> Seen:
        """What the layer puts out for one image (1, C, H, W), checked."""
        with FieldTracer(image) as tracer:
            output = self._output(image.clone())
            seen = Seen(output.shape, tracer.of(output))
        if output.dim() not in (2, 4) or not output.is_floating_point() or output.numel() == 0:
            raise ValueError(
                f"the output of {self.layer!r} must be floats (N, channels, height, width) or "
                f"(N, channels); got {output.dtype} {tuple(output.shape)}. Choose another layer."
            )
        if self.unit not in ("centre", "all") and output.dim() == 4:
            _check_unit(self.unit, output.shape[2:])
        return seen

    def jitter(self, seen: Seen, image: Tensor) -> int:
        """Half a stride of the layer; an eighth of the image where no single unit is meant."""
        most = min(image.shape[2:]) // 8
        if len(seen.shape) == 2 or self.unit == "all":
            return most
        known = seen.field is not None and not seen.field.whole and min(seen.field.stride) > 0
        stride = max(seen.field.stride) if known else image.shape[2] / seen.shape[2]
        return min(most, int(stride / 2))

    def _output(self, images: Tensor) -> Tensor:
        """The layer's output, live; the model runs no further than there."""
        name, left = layer_and_run(self.layer)

        def stop(output: Tensor) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise _Reached(output)

        given = self._input(images)
        with recording(self.model, name, stop):
            try:
                self.model(given)
            except _Reached as reached:
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

    def _input(self, images: Tensor) -> Tensor:
        if self.normalize is not None:
            if len(self.normalize) != 2 or {len(one) for one in self.normalize} != {
                images.shape[1]
            }:
                raise ValueError(
                    "normalize must be (mean, standard deviation), each with a number for each of "
                    f"the {images.shape[1]} image channels; got {self.normalize!r}."
                )
            mean, spread = (images.new_tensor(one)[:, None, None] for one in self.normalize)
            images = (images - mean) / spread
        return images.to(self.dtype, copy=True)  # a copy: a layer may write into its input


@contextmanager
def leaking(model: nn.Module) -> Iterator[None]:
    """Let a share of the gradient through closed ReLU modules; what they put out is the same."""
    with ExitStack() as undo:
        for module in model.modules():
            if isinstance(module, nn.ReLU):
                undo.callback(setattr, module, "inplace", module.inplace)
                module.inplace = False  # else the hook would be handed an input written over
                undo.enter_context(module.register_forward_hook(_leak))
        yield


def _leak(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:  # noqa: ARG001
    return _Leak.apply(inputs[0])


class _Leak(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        ctx.save_for_backward(values > 0)
        return values.clamp(min=0)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (is_open,) = ctx.saved_tensors
        return torch.where(is_open, gradient, _LEAK * gradient)


def _check_unit(unit: Any, units: torch.Size) -> None:
    known = isinstance(unit, tuple) and len(unit) == 2 and all(isinstance(n, int) for n in unit)
    if not known or not all(0 <= at < n for at, n in zip(unit, units, strict=True)):
        raise ValueError(
            "unit must be 'centre', 'all', or the row and column of a unit in a map of "
            f"{units[0]}×{units[1]}; got {unit!r}."
        )
