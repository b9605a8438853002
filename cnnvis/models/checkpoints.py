"""Weights from a file into a network, without running any code that the file may hold."""

import warnings
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

SUFFIXES = (".pt", ".pth", ".bin", ".ckpt", ".safetensors")

_WRAPPERS = ("state_dict", "model_state_dict", "model", "net", "network")
_PREFIXES = ("module.", "_orig_mod.")  # left by DataParallel and torch.compile
_SAVE = "Save its weights alone: torch.save(model.state_dict(), 'weights.pt')"


def load_checkpoint(model: nn.Module, path: str | Path) -> None:
    """Load the weights in a file into a model.

    Checkpoints that keep the weights under ``state_dict``, ``model_state_dict``, ``model``,
    ``net`` or ``network`` are understood, and so are the prefixes that ``DataParallel`` and
    ``torch.compile`` put before names.

    Args:
        model: The network; its parameters and buffers are overwritten.
        path: A ``state_dict`` that ``torch.save`` wrote, or a ``.safetensors`` file.

    Raises:
        TypeError: If ``path`` is neither a text nor a path.
        FileNotFoundError: If there is no such file.
        ValueError: If the file holds something else than tensors by name, or tensors of other
            names or shapes than the model's; the model is then as it was.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"weights must be the path of a file such as 'weights.pt'; got {path!r}.")
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"weights must be a file; there is no file {path} in {Path.cwd()}.")
    state = _unprefixed(_unwrapped(_read(path), path))
    if problem := _misfit(model.state_dict(), state):
        raise ValueError(f"weights must fit the network; {path} {problem}.")
    model.load_state_dict(state)


def _read(path: Path) -> Any:
    if path.suffix.lower() == ".safetensors":
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            return load_file(path)
        except (SafetensorError, OSError) as error:
            raise ValueError(
                f"weights must be whole; {path} is no safetensors file, or is damaged: {error}."
            ) from error
    if problem := program_in(path):
        raise ValueError(f"weights must be tensors by name; {path} holds {problem}. {_SAVE}.")
    try:
        with warnings.catch_warnings(action="ignore"):  # about old ways of pickling
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged or foreign file fails in many ways
        if "GLOBAL" in str(error):  # PyTorch's word for a class or a function that it refuses
            raise ValueError(
                f"weights must be tensors by name; {path} holds Python objects (a whole model, "
                f"perhaps), and loading these would run code from the file. {_SAVE}."
            ) from error
        raise ValueError(
            f"weights must be a file written by torch.save, or .safetensors; {path} isn't one, or "
            "is damaged."
        ) from error


def program_in(path: Path) -> str | None:
    """What a file holds if it is a program that PyTorch has exported, not weights."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except zipfile.BadZipFile:  # of another kind, or damaged
        return None
    if any(name.endswith("constants.pkl") for name in names):
        return "a TorchScript program, whose layers can't be looked into"
    if any("exported_program" in name or name.endswith("models/model.json") for name in names):
        return "an exported program (torch.export), whose layers can't be looked into"
    return None


def _unwrapped(found: Any, path: Path) -> dict[str, Tensor]:
    for key in _WRAPPERS:
        if isinstance(found, dict) and isinstance(found.get(key), dict):
            found = found[key]
            break
    whole = isinstance(found, dict) and found
    if not whole or not all(isinstance(value, Tensor) for value in found.values()):
        raise ValueError(
            f"weights must be tensors by name; {path} holds {type(found).__name__}"
            + (f" with {', '.join(map(repr, list(found)[:4]))}" if whole else "")
            + f". {_SAVE}."
        )
    return dict(found)


def _unprefixed(state: dict[str, Tensor]) -> dict[str, Tensor]:
    for prefix in _PREFIXES * 2:  # both may be there, in either order
        if all(isinstance(name, str) and name.startswith(prefix) for name in state):
            state = {name.removeprefix(prefix): value for name, value in state.items()}
    return state


def _misfit(wanted: dict[str, Tensor], state: dict[str, Tensor]) -> str | None:
    """In what a state dict differs from a model's, in one line."""
    shapes = [
        f"{name} has the shape {tuple(state[name].shape)}, not {tuple(value.shape)}"
        for name, value in wanted.items()
        if name in state and isinstance(value, Tensor) and state[name].shape != value.shape
    ]
    parts = [
        _some("lacks", [name for name in wanted if name not in state]),
        _some("has too much:", [name for name in state if name not in wanted]),
        f"differs in shape: {'; '.join(shapes[:2])}"
        + (f"; and {len(shapes) - 2} more" if len(shapes) > 2 else "")
        if shapes
        else "",
    ]
    return "; it ".join(filter(None, parts)) or None


def _some(verb: str, names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{verb} {', '.join(map(str, names[:3]))}{more}" if names else ""
