"""Run a model again on the same images, computing anew only what comes behind one layer."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from cnnvis.layers.outputs import map_tensors


class Replay:
    """Inside the ``with`` block a model can repeat what it did before a layer without doing it.

    ``first(images)`` runs the model and keeps what its modules put out until the layer has run
    once; ``again(images)`` runs it with these outputs standing in for the modules. What isn't a
    module runs each time, and so does a module that writes into its input or hands it on, such as
    an in-place ReLU. Outputs into which the model writes later are handed out as copies.

    Meant for evaluation mode under ``torch.no_grad()``. (Inference mode can't say whether
    something was written into a tensor.)

    Args:
        model: Any module whose modules return the same when they are called again.
        layer: One of its modules.
    """

    def __init__(self, model: nn.Module, layer: nn.Module):
        self.model = model
        self.layer = layer
        self._calls: list[_Call] = []  # until the layer has run, in the order of their beginnings
        self._at = 0
        self._recording = False
        self._copy_all = False

    def __enter__(self) -> "Replay":
        parts = [one for one in self.model.modules() if not isinstance(one, torch.jit.ScriptModule)]
        self._own = {module: module.__dict__.get("forward") for module in parts}
        for module in parts:
            module.forward = _Forward(self, module, module.forward)
        return self

    def __exit__(self, *_: object) -> None:
        self._calls = []
        for module, forward in self._own.items():
            del module.forward
            if forward is not None:
                module.forward = forward

    def first(self, images: Tensor) -> Any:
        """The model's output for new images, computed as a whole.

        Raises:
            ValueError: If the layer didn't run.
        """
        self._calls, self._recording = [], True
        output = self.model(images.clone())  # the model may write into its input
        if self._recording:
            raise ValueError(
                "the layer doesn't run when the model does, so nothing can depend on it. Choose "
                "one that layer_table lists."
            )
        for call in self._calls:
            call.settle(self._copy_all)
        return output

    def again(self, images: Tensor) -> Any:
        """The model's output for the images that ``first`` has seen last."""
        self._at = 0
        output = self.model(images.clone())
        if any(call.spoiled for call in self._calls):
            # This time the model wrote into an output that it had left alone before.
            self._copy_all = True
            output = self.first(images)
        return output

    def call(self, module: nn.Module, forward: Any, args: tuple, kwargs: dict) -> Any:
        """What a module returns: its kept output, or what it computes."""
        if self._recording:
            return self._record(module, forward, args, kwargs)
        if self._at < len(self._calls):
            call = self._calls[self._at]
            self._at += 1
            if call.module is not module:  # the model goes another way: from here on compute
                self._at = len(self._calls)
            elif call.kept:
                return call.stand_in()
        return forward(*args, **kwargs)

    def _record(self, module: nn.Module, forward: Any, args: tuple, kwargs: dict) -> Any:
        call, position = _Call(module), len(self._calls)
        self._calls.append(call)
        before = [(one, _version(one)) for one in _tensors((args, kwargs))]
        output = forward(*args, **kwargs)
        if self._recording:  # else the layer has run inside of this module
            if call.keep(output, before):
                del self._calls[position + 1 :]  # its parts needn't be called any more
            if module is self.layer:
                self._recording, self._at = False, len(self._calls)
        return output


class _Forward:
    """Stands in for the ``forward`` of a module."""

    def __init__(self, replay: Replay, module: nn.Module, forward: Any):
        self.replay, self.module, self.forward = replay, module, forward

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.replay.call(self.module, self.forward, args, kwargs)


@dataclass
class _Call:
    """One call of a module, with its output if that can stand in for it."""

    module: nn.Module
    kept: bool = False
    output: Any = None
    copy: Any = None
    versions: tuple = ()

    def keep(self, output: Any, before: list[tuple[Tensor, int | None]]) -> bool:
        """Keep the output, unless the call wrote into its inputs or handed one on."""
        memory, found = {_memory(one) for one, _ in before}, _tensors(output)
        self.kept = (
            len(found) > 0
            and all(version is not None and version == _version(one) for one, version in before)
            and memory.isdisjoint(map(_memory, found))
            and None not in map(_version, found)
        )
        if self.kept:
            self.output, self.copy = output, map_tensors(torch.clone, output)
            self.versions = tuple(map(_version, found))
        return self.kept

    def settle(self, copy_all: bool) -> None:
        """At the end of a pass: what nobody wrote into needn't be copied."""
        if self._written or copy_all:
            self.output = None
        else:
            self.copy = None

    def stand_in(self) -> Any:
        return self.output if self.copy is None else map_tensors(torch.clone, self.copy)

    @property
    def spoiled(self) -> bool:
        """Whether the output itself was handed out, and written into."""
        return self.copy is None and self._written

    @property
    def _written(self) -> bool:
        return self.versions != tuple(map(_version, _tensors(self.output)))


def _version(tensor: Tensor) -> int | None:
    """How often a tensor was written into, if it counts that."""
    return None if tensor.is_inference() else tensor._version


def _memory(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _tensors(values: Any) -> list[Tensor]:
    found: list[Tensor] = []
    map_tensors(found.append, values)
    return found
