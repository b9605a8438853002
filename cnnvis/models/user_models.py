"""A network from a Python file of the user's own."""

import importlib.util
import inspect
import re
import sys
import traceback
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import nn

_FILE_AND_NAME = re.compile(r"(?P<file>.+\.py)(?::(?P<name>[^\W\d]\w*))?", re.IGNORECASE)


def file_and_name(text: str) -> tuple[Path, str | None] | None:
    """The file and the name in ``net.py:Net`` or ``net.py``; nothing if it is neither."""
    match = _FILE_AND_NAME.fullmatch(text)
    return (Path(match["file"]), match["name"]) if match else None


def load_user_model(file: Path, name: str | None = None) -> nn.Module:
    """Run a Python file and take the network from it. The file can do whatever its user can.

    Args:
        file: A Python file; other modules beside it can be imported by it.
        name: A variable of the file that is a module, or a class or function without arguments
            that makes one. Without it the file must have one such network, or else one class.

    Returns:
        nn.Module: The network, as it was made.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file or what it names fails, or makes no network.
    """
    if not file.is_file():
        raise FileNotFoundError(f"a network needs its file; there is no {file} in {Path.cwd()}.")
    module = _run(file)
    found = _named(module, file, name) if name else _only(module, file)
    if isinstance(found, nn.Module):
        return found
    if not callable(found):
        raise ValueError(
            f"{name} must be a torch.nn.Module, or make one; in {file} it is "
            f"{type(found).__name__}."
        )
    name = name or found.__name__
    made = _guarded(found, file, f"{name}() of {file} must run without arguments")
    if not isinstance(made, nn.Module):
        raise ValueError(
            f"{name}() must make a torch.nn.Module; that of {file} made {type(made).__name__}."
        )
    return made


def first_line(error: BaseException) -> str:
    """What an exception says first, as one line; its type if it says nothing."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _run(file: Path) -> ModuleType:
    name, place = f"_cnnvis_{file.stem}", file.resolve()
    loader = SourceFileLoader(name, str(place))  # named, since by itself NET.PY would get none
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    sys.modules[name] = module
    if (folder := str(place.parent)) not in sys.path:
        sys.path.insert(0, folder)  # as `python FILE.py` does
    _guarded(lambda: loader.exec_module(module), file, f"{file} must run")
    return module


def _guarded(call: Any, file: Path, rule: str) -> Any:
    """Call what is the user's; tell failures with their line in the file."""
    try:
        return call()
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [at.lineno for at in frames if at.filename == str(file.resolve())]
        if isinstance(error, SyntaxError):
            lines = [error.lineno]
        where = f", line {lines[-1]}" if lines else ""
        raise ValueError(
            f"{rule}; it fails with {type(error).__name__}{where}: {first_line(error)}."
        ) from error


def _named(module: ModuleType, file: Path, name: str) -> Any:
    if not hasattr(module, name):
        raise ValueError(f"{file} must define {name}; it defines {_candidates(module)}.")
    return getattr(module, name)


def _only(module: ModuleType, file: Path) -> Any:
    made, classes = _networks(module), _classes(module)
    found = made or classes
    if len(found) != 1:
        raise ValueError(
            f"{file} must have one network, or its name must be given ({file}:NAME); it defines "
            f"{_candidates(module)}."
        )
    return next(iter(found.values()))


def _networks(module: ModuleType) -> dict[str, nn.Module]:
    found = {id(one): name for name, one in vars(module).items() if isinstance(one, nn.Module)}
    return {name: getattr(module, name) for name in found.values()}


def _classes(module: ModuleType) -> dict[str, type]:
    return {
        name: one
        for name, one in vars(module).items()
        if inspect.isclass(one) and issubclass(one, nn.Module) and one.__module__ == module.__name__
    }


def _candidates(module: ModuleType) -> str:
    names = [*_networks(module), *_classes(module)]
    return ", ".join(names) if names else "no torch.nn.Module"
