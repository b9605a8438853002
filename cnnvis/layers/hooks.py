"""Record what any layer of any model puts out, and leave no trace."""

import difflib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from cnnvis.layers.checks import check_module
from cnnvis.layers.names import run_name
from cnnvis.layers.outputs import map_tensors

Layers = str | type[nn.Module] | Iterable[str | type[nn.Module]] | None


class Activations(dict[str, Any]):
    """What the layers put out in the last forward pass, by layer name, in running order.

    A dictionary; a missing name is answered with the reason and the nearest names.
    """

    def __missing__(self, name: str) -> Any:
        if not self:
            reason = "nothing is recorded yet: run the model inside the `with` block first"
        else:
            reason = f"recorded are {_listed(self)}{_nearest(str(name), self)}"
        raise KeyError(f"no activation of {name!r}; {reason}.")


@contextmanager
def capture(model: nn.Module, layers: Layers = None, *, copy: bool = True) -> Iterator[Activations]:
    """Record the outputs of a model's layers while it runs.

    ::

        with capture(model, ["conv1", "relu1"]) as maps:
            model(images)
        maps["conv1"]  # Tensor (N, C, H, W)

    The hooks are taken off when the block ends, also when it ends with an exception; modes,
    gradients and random numbers aren't touched. A second forward pass inside the block replaces
    what the first one recorded. A module that runs more than once in a pass is recorded as
    ``"relu"``, ``"relu#2"``, and so on; one that is known by two names goes by its first. A
    compiled model runs uncompiled inside the block, since compiled code skips hooks.

    Args:
        model: Any module. It runs as it is: call ``model.eval()`` first for evaluation mode.
        layers: Names as in ``model.named_modules()``, module types, or a mix of both. ``None``
            records every leaf, that is, every module that holds no other.
        copy: Record copies, detached from the graph: right even where a later layer writes into
            its input, as an in-place ReLU does. ``False`` hands out the live tensors, through
            which gradients flow, and which later layers may overwrite.

    Yields:
        Activations: What each layer put out, filled while the model runs. Tensors in tuples,
        lists or dictionaries are recorded in the same kind of container.

    Raises:
        TypeError: If ``model`` is no module, or a layer is neither a name nor a module type.
        ValueError: If the model has no layer of that name or type.
    """
    with recording(model, layers, _detached if copy else _unchanged) as activations:
        yield activations


@contextmanager
def recording(
    model: nn.Module, layers: Layers, keep: Callable[[Tensor], Any]
) -> Iterator[Activations]:
    """What `capture` does, with a choice of what is kept of each tensor.

    Args:
        model: Any module.
        layers: As for `capture`.
        keep: Called with each tensor as soon as a layer has put it out.

    Yields:
        Activations: What ``keep`` returned, by layer name.

    Raises:
        TypeError: As `capture`.
        ValueError: As `capture`.
    """
    names = chosen(model, layers)
    recorder = _Recorder(names, keep)
    with uncompiled(), ExitStack() as hooks:
        hooks.enter_context(model.register_forward_pre_hook(recorder.begin))
        for module in names:
            hooks.enter_context(module.register_forward_hook(recorder.record))
        hooks.enter_context(model.register_forward_hook(recorder.end, always_call=True))
        yield recorder.activations


@contextmanager
def eval_mode(model: nn.Module) -> Iterator[nn.Module]:
    """Put a model into evaluation mode, then every module back into the mode that it was in.

    Args:
        model: Any module.

    Yields:
        nn.Module: The same model.

    Raises:
        TypeError: If ``model`` is no module.
    """
    check_module(model)
    modes = {module: module.training for module in model.modules()}
    try:
        yield model.eval()
    finally:
        for module, mode in modes.items():
            module.training = mode


class _Recorder:
    """The state behind one `capture`: which passes and runs have been seen."""

    def __init__(self, names: dict[nn.Module, str], keep: Callable[[Tensor], Any]):
        self.names = names
        self.keep = keep
        self.activations = Activations()
        self.runs: dict[nn.Module, int] = {}
        self.inside = False

    def begin(self, model: nn.Module, inputs: Any) -> None:  # noqa: ARG002
        self.activations.clear()
        self.runs.clear()
        self.inside = True

    def record(self, module: nn.Module, inputs: Any, output: Any) -> None:  # noqa: ARG002
        # Without a pass of the whole model under way, each call of a part stands alone.
        run = self.runs.get(module, 0) + 1 if self.inside else 1
        self.runs[module] = run
        self.activations[run_name(self.names[module], run)] = map_tensors(self.keep, output)

    def end(self, model: nn.Module, inputs: Any, output: Any) -> None:  # noqa: ARG002
        self.inside = False


def uncompiled() -> AbstractContextManager:
    """Let compiled modules run as plain ones: compiled code skips hooks that were set later."""
    if "torch._dynamo" in sys.modules:  # else nothing is compiled, and importing it takes a second
        return torch.compiler.set_stance("force_eager")
    return nullcontext()


def chosen(model: nn.Module, layers: Layers) -> dict[nn.Module, str]:
    """The modules to record, each with its name, in the model's order."""
    check_module(model)
    if isinstance(model, torch.jit.ScriptModule):
        raise TypeError(
            "capture can't look into a scripted or traced module, which runs outside Python; "
            f"got {type(model).__name__}. Record the module that it was made from."
        )
    first_names = {module: name for name, module in model.named_modules()}
    if layers is None:
        return {m: name for m, name in first_names.items() if not any(True for _ in m.children())}
    if isinstance(layers, str | type):
        layers = [layers]
    elif not isinstance(layers, Iterable) or isinstance(layers, nn.Module):
        raise _wrong_kind(layers)
    every_name = dict(model.named_modules(remove_duplicate=False))
    wanted: set[nn.Module] = set()
    for layer in layers:
        if isinstance(layer, str) and layer in every_name:
            wanted.add(every_name[layer])
        elif isinstance(layer, type) and issubclass(layer, nn.Module):
            found = {module for module in first_names if isinstance(module, layer)}
            if not found:
                kinds = sorted({type(module).__name__ for module in first_names})
                raise ValueError(
                    f"the model has no layer of the type {layer.__name__}; "
                    f"its types are {', '.join(kinds)}."
                )
            wanted |= found
        elif isinstance(layer, str):
            raise ValueError(
                f"the model has no layer named {layer!r}{_nearest(layer, every_name)}. "
                f"Its layers are {_listed(filter(None, every_name))}."
            )
        else:
            raise _wrong_kind(layer)
    return {module: name for module, name in first_names.items() if module in wanted}


def _wrong_kind(layer: Any) -> TypeError:
    return TypeError(
        "layers must be names or module types, as in capture(model, ['conv1', nn.ReLU]); "
        f"got {layer!r}."
    )


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, [known for known in names if known], n=3, cutoff=0.5)
    return f"; the nearest are {', '.join(map(repr, near))}" if near else ""


def _listed(names: Iterable[str], most: int = 12) -> str:
    names = list(names)
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + rest


def _detached(tensor: Tensor) -> Tensor:
    return tensor.detach().clone()


def _unchanged(tensor: Tensor) -> Tensor:
    return tensor
