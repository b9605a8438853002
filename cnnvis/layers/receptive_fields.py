"""Receptive fields: which pixels of the input a unit can depend on."""

import math
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode


@dataclass(frozen=True)
class ReceptiveField:
    """The pixels of the input that one unit of a layer can depend on.

    A layer of kernel size k, stride s and dilation d, above units that lie j pixels apart,
    widens their field by d·(k - 1)·j and sets its own units s·j pixels apart (Dumoulin and
    Visin, 2016, https://arxiv.org/abs/1603.07285).

    Attributes:
        size: Height and width in pixels.
        stride: Pixels between the fields of neighbouring units, down and across; 0 where
            every unit has the same field.
        start: First row and column of the field of unit (0, 0); negative where padding
            reaches over the edge.
        image: Height and width of the input in pixels.
    """

    size: tuple[int, ...]
    stride: tuple[float, ...]
    start: tuple[float, ...]
    image: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Whether every unit depends on the whole image."""
        return not any(self.stride) and all(
            start <= 0 and start + size >= extent
            for start, size, extent in zip(self.start, self.size, self.image, strict=True)
        )

    def box(self, *unit: int) -> tuple[tuple[int, int], ...]:
        """First and last pixel of a unit's field along each axis, cut at the image's edges.

        Args:
            *unit: Position of the unit, a row and a column.

        Raises:
            ValueError: If the number of positions isn't that of the axes.
        """
        if len(unit) != len(self.size):
            raise ValueError(
                f"box needs one position for each of {len(self.size)} axes; got {unit}."
            )
        first = [
            math.floor(start + stride * at)
            for start, stride, at in zip(self.start, self.stride, unit, strict=True)
        ]
        return tuple(
            (max(at, 0), min(at + size, extent) - 1)
            for at, size, extent in zip(first, self.size, self.image, strict=True)
        )

    def __str__(self) -> str:
        return "whole image" if self.whole else times(self.size)


def times(numbers: tuple[float, ...]) -> str:
    """Numbers with a multiplication sign between them, as in ``3×3``."""
    return "×".join(f"{number:g}" for number in numbers)


class FieldTracer(TorchDispatchMode):
    """Follows receptive fields through every operation that runs inside its ``with`` block.

    Args:
        example: The input, a tensor (N, C, H, W) or with another number of spatial axes.
    """

    def __init__(self, example: Tensor):
        super().__init__()
        self._known: dict[int, tuple[Tensor, ReceptiveField | None, torch.Size]] = {}
        self._written: set[int] = set()  # memory that an operation has written into
        image = example.shape[2:]
        ones = (1,) * len(image)
        self._note(example, ReceptiveField(ones, ones, (0,) * len(image), tuple(image)), image)

    def of(self, tensor: Tensor) -> ReceptiveField | None:
        """The field of a tensor's units, or ``None`` where the way to it can't be followed."""
        return self._known.get(id(tensor), (tensor, None, None))[1]

    def _note(self, tensor: Tensor, field: ReceptiveField | None, units: torch.Size) -> None:
        # The tensor is kept alive with its field: a freed one's id could come back.
        self._known[id(tensor)] = (tensor, field, units)

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        result = operation(*args, **(kwargs or {}))
        given = _tensors(args)
        inputs = [self._entry(one) for one in given if self._comes_from_image(one)]
        if inputs:
            for output in _tensors((result,)):
                axes = len(inputs[0][2])
                units = output.shape[-axes:] if output.dim() > axes + 1 else inputs[0][2]
                if any(output is one for one in given):
                    self._forget_others_of(output)
                self._note(output, _follow(operation, inputs, output, args), units)
        return result

    def _comes_from_image(self, tensor: Tensor) -> bool:
        return id(tensor) in self._known or _memory(tensor) in self._written

    def _entry(self, tensor: Tensor) -> tuple[Tensor, ReceptiveField | None, torch.Size]:
        return self._known.get(id(tensor), (tensor, None, tensor.shape[2:]))

    def _forget_others_of(self, output: Tensor) -> None:
        """What is written into a view changes its base too, in a way that isn't followed."""
        self._written.add(_memory(output))
        for other, _, units in list(self._known.values()):
            if other is not output and _memory(other) == _memory(output):
                self._note(other, None, units)


def _memory(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _tensors(values: Any) -> list[Tensor]:
    found = []
    for value in values:
        if isinstance(value, Tensor):
            found.append(value)
        elif isinstance(value, tuple | list):
            found += _tensors(value)
    return found


def _follow(operation, inputs, output, args) -> ReceptiveField | None:
    """The field of an operation's output, given its inputs as (tensor, field, units)."""
    sources, fields, units = zip(*inputs, strict=True)
    if None in fields:
        return None
    name, field, source = operation.overloadpacket.__name__, fields[0], sources[0]
    if name in _WINDOWS:
        window = _WINDOWS[name](source, output, args)
        return _widen(field, *window) if window else None
    axes = len(units[0])
    shrinks = name in _REDUCTIONS and set(output.shape[2:]) <= {1}
    if name in _MIXING or shrinks or (name == "native_batch_norm" and args[5]):
        return _gather(field, units[0])
    spatial = output.dim() - axes if output.dim() > axes + 1 else output.dim()  # first such axis
    if name in _MOVES and max(_MOVES[name](args, output)) >= spatial:
        return None
    if name in _RESHAPES:
        return field if _keeps_axes(source, output, axes) else None
    if torch.Tag.pointwise in operation.tags or name in _LOCAL:
        return _union(fields)
    return None


def _keeps_axes(source: Tensor, output: Tensor, axes: int) -> bool:
    """Whether a reshape leaves the spatial axes alone, or flattens an image's maps into a row."""
    flattened = output.shape == source.flatten(1).shape
    return flattened or (output.dim() > axes + 1 and output.shape[-axes:] == source.shape[-axes:])


# What each operation sees of its input: kernel size, stride, padding and dilation.
def _convolution(source, output, args):  # noqa: ARG001
    weight, stride, padding, dilation, transposed = args[1], *args[3:7]
    return None if transposed else (weight.shape[2:], stride, padding, dilation)


def _pooling(source, output, args):  # noqa: ARG001
    kernel, stride, padding = [*args[1:4], *[None, 0][len(args) - 2 :]][:3]
    return kernel, stride or kernel, padding, 1


def _max_pooling(source, output, args):
    return *_pooling(source, output, args)[:3], args[4] if len(args) > 4 else 1


def _adaptive_pooling(source, output, args):  # noqa: ARG001
    kernel, stride, padding = [], [], []
    for n, m in zip(source.shape[2:], output.shape[2:], strict=True):
        widest = max(-(-(i + 1) * n // m) - i * n // m for i in range(m))
        uneven = n % m > 0  # the windows lie up to one unit before their even places
        kernel.append(widest + uneven)
        stride.append(n / m if uneven else n // m)
        padding.append(int(uneven))
    return kernel, stride, padding, 1


_WINDOWS = {
    "convolution": _convolution,
    "mkldnn_convolution": _convolution,
    "max_pool2d_with_indices": _max_pooling,
    "max_pool3d_with_indices": _max_pooling,
    "avg_pool2d": _pooling,
    "avg_pool3d": _pooling,
    "_adaptive_avg_pool2d": _adaptive_pooling,
    "_adaptive_avg_pool3d": _adaptive_pooling,
    "adaptive_max_pool2d": _adaptive_pooling,
}
# The axes that an operation moves or lengthens; along the image's own it can't be followed.
_MOVES = {
    "transpose": lambda args, output: [axis % output.dim() for axis in args[1:3]],
    "cat": lambda args, output: [(args[1] if len(args) > 1 else 0) % output.dim()],
}
_MIXING = {"addmm", "mm", "native_group_norm"}
_REDUCTIONS = {"mean", "sum", "amax"}
_RESHAPES = {"view", "_unsafe_view", "transpose", "split", "split_with_sizes"}
_LOCAL = {
    "_prelu_kernel",
    "_to_copy",
    "alias",
    "cat",
    "detach",
    "hardswish",
    "hardswish_",
    "native_batch_norm",
    "_native_batch_norm_legit_no_training",
}


def _widen(field: ReceptiveField, kernel, stride, padding, dilation) -> ReceptiveField:
    size, step, start = [], [], []
    for axis, apart in enumerate(field.stride):
        k, s, p, d = (
            one[axis if len(one) > 1 else 0] if isinstance(one, tuple | list) else one
            for one in (kernel, stride, padding, dilation)
        )
        size.append(field.size[axis] + math.ceil(d * (k - 1) * apart))
        step.append(s * apart)
        start.append(field.start[axis] - p * apart)
    return replace(field, size=tuple(size), stride=tuple(step), start=tuple(start))


def _gather(field: ReceptiveField, units: torch.Size) -> ReceptiveField:
    """The field of a unit that depends on all units of the layer below."""
    size = tuple(
        math.ceil(one + (count - 1) * apart)
        for one, count, apart in zip(field.size, units, field.stride, strict=True)
    )
    return replace(field, size=size, stride=(0,) * len(size))


def _union(fields) -> ReceptiveField | None:
    for field in fields:
        if field.whole:
            return field
    if len({field.stride for field in fields}) > 1:
        return None
    axes = range(len(fields[0].size))
    start = tuple(min(field.start[axis] for field in fields) for axis in axes)
    end = [max(field.start[axis] + field.size[axis] for field in fields) for axis in axes]
    size = tuple(math.ceil(last - first) for last, first in zip(end, start, strict=True))
    return replace(fields[0], size=size, start=start)
