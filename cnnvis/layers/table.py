"""What a layer responds to: the table of layers and their receptive fields."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from cnnvis.layers.hooks import Layers, eval_mode, recording
from cnnvis.layers.names import layer_and_run
from cnnvis.layers.receptive_fields import FieldTracer, ReceptiveField, times
from cnnvis.tables import Table


@dataclass(frozen=True)
class Layer:
    """One row of a layer table.

    Attributes:
        name: The layer's name in the model; ``"relu#2"`` for a second run.
        kind: Name of its class.
        shape: Shape of its output, or ``None`` if that isn't a single tensor.
        parameters: Number of its own parameters, counted at its first run.
        receptive_field: Receptive field of its units, or ``None`` where it can't be followed.
    """

    name: str
    kind: str
    shape: tuple[int, ...] | None
    parameters: int
    receptive_field: ReceptiveField | None

    def cells(self) -> tuple[str, ...]:
        """The row as text: name, kind, shape, parameters, receptive field, stride."""
        field = self.receptive_field
        return (
            self.name or "(the model)",
            self.kind,
            times(self.shape) if self.shape else "–",
            f"{self.parameters:,}" if self.parameters else "–",
            str(field) if field else "unknown",
            times(field.stride) if field and any(field.stride) else "–",
        )


class LayerTable(Table):
    """The layers of a model in the order in which they run; prints as a table.

    Rows are had by position, by name (``table["conv1"]``) or, as a smaller table, by a slice.
    """

    HEADS = ("layer", "kind", "output shape", "parameters", "receptive field", "stride")
    CSS = "cnnvis-layers"

    def __getitem__(self, key: int | slice | str) -> Any:
        if isinstance(key, str):
            named = {row.name: row for row in self}
            if key not in named:
                raise KeyError(f"the table has no layer {key!r}; it has {', '.join(named)}.")
            return named[key]
        return super().__getitem__(key)


def layer_table(model: nn.Module, example: Tensor) -> LayerTable:
    """List a model's layers as they run: shapes, parameters, receptive fields.

    The model runs once, in evaluation mode and without gradients, and is left as it was. The
    fields are followed through every operation of that pass, also those that aren't modules
    (additions, concatenations, functional calls).

    Args:
        model: Any module.
        example: Float tensor (N, C, H, W) such as the model takes; one image is enough.

    Returns:
        LayerTable: One row for each run of each leaf module.

    Raises:
        TypeError: If ``model`` isn't a module or ``example`` isn't a tensor.
        RuntimeError: If the model fails on ``example``; the message names the last layer reached.
    """
    outputs = _seen(model, None, example)
    modules = dict(model.named_modules())
    return LayerTable([_row(name, modules, output) for name, output in outputs.items()])


def fields_of(
    model: nn.Module, layers: Layers, example: Tensor
) -> dict[str, ReceptiveField | None]:
    """The receptive fields in `layer_table`, of chosen layers: also of blocks, which hold others.

    Args:
        model: Any module.
        layers: As for `capture`.
        example: As for `layer_table`.

    Returns:
        dict[str, ReceptiveField | None]: By layer name; ``None`` where it isn't known.

    Raises:
        TypeError: As `layer_table` and `capture`.
        ValueError: As `capture`.
        RuntimeError: As `layer_table`.
    """
    outputs = _seen(model, layers, example)
    return {
        name: output.field if isinstance(output, _Seen) else None
        for name, output in outputs.items()
    }


def _seen(model: nn.Module, layers: Layers, example: Tensor) -> dict[str, Any]:
    """What layers put out for the example, every tensor as a `_Seen`."""
    if not isinstance(example, Tensor):
        raise TypeError(f"example must be a tensor (N, C, H, W); got {type(example).__name__}.")
    tracer = FieldTracer(example)

    def keep(output: Tensor) -> _Seen:
        return _Seen(tuple(output.shape), tracer.of(output))

    with recording(model, layers, keep) as outputs, _untouched(model), tracer:
        try:
            model(example)
        except Exception as error:
            reached = f"{list(outputs)[-1]!r} was the last to run" if outputs else "no layer ran"
            raise RuntimeError(
                f"the model fails on an example of shape {tuple(example.shape)}; {reached}: {error}"
            ) from error
    return outputs


class _Seen(NamedTuple):
    """What is known of a tensor at the moment in which a layer puts it out."""

    shape: tuple[int, ...] | None
    field: ReceptiveField | None


@contextmanager
def _untouched(model: nn.Module) -> Iterator[None]:
    with torch.random.fork_rng(), eval_mode(model), torch.no_grad():
        yield


def _row(name: str, modules: dict[str, nn.Module], output: Any) -> Layer:
    plain, run = (name, 1) if name in modules else layer_and_run(name)
    module = modules[plain]
    shape, field = output if isinstance(output, _Seen) else _Seen(None, None)
    return Layer(
        name=name,
        kind=type(module).__name__,
        shape=shape,
        parameters=0 if run > 1 else sum(one.numel() for one in module.parameters()),
        receptive_field=field,
    )
