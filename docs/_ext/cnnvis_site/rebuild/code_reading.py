"""What one text of Python defines, imports and calls, found without running it.

Each text is parsed once. One with a broken syntax tells nothing. `here` is the module of the
package that a text is, ``data.__init__`` for that of a sub-package, None if it is a script.
"""

import ast
import sys
from functools import cache
from pathlib import Path

from cnnvis_site.rebuild.files import digest, digest_of, memory

STANDARD = sys.stdlib_module_names


def facts(code, package, here, readers):
    """Return what the functions below find, as lists by their names; for `given` by reader."""

    def found():
        names = {reader: given(code, package, here, reader) for reader in readers}
        return {
            "defined": sorted(defined(code)),
            "inside": sorted(inside(code, package, here)),
            "outside": sorted(outside(code, package)),
            "only_passes_on": only_passes_on(code),
            "given": {one: None if them is None else sorted(them) for one, them in names.items()},
        }

    key = f"{_own()} {package} {here} {readers} {digest(code.encode())}"
    return memory.get(key, found)


@cache
def _own():
    """Return the checksum of this file: when it changes, it may find more."""
    return digest_of(Path(__file__))


@cache
def nodes(code):
    """Return all nodes of the text."""
    try:
        return list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError):
        return [ast.Module([], [])]


@cache
def bound(code, package, here):
    """Return what imports from the package bind: (dotted name in it, name in the text)."""
    return list(_bound(code, package, here))


def _bound(code, package, here):
    for node in nodes(code):
        if isinstance(node, ast.Import):
            for item in node.names:
                if item.name == package or item.name.startswith(f"{package}."):
                    yield item.name[len(package) + 1 :], item.asname or package
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, package, here)
            if origin is not None:
                for item in node.names:
                    yield f"{origin}.{item.name}".lstrip("."), item.asname or item.name


def _origin(node, package, here):
    """Return the module an import is from, without the package's name; None if from elsewhere."""
    if node.level:
        above = [package, *(here or "").split(".")][: -node.level]
        return ".".join([*above[1:], *([node.module] if node.module else [])]) if here else None
    if node.module == package:
        return ""
    if node.module.startswith(f"{package}."):
        return node.module.removeprefix(f"{package}.")
    return None


def defined(code):
    """Return the names that the text defines, those inside functions and classes apart."""
    names = set()
    for node in nodes(code)[0].body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def only_passes_on(code):
    """Tell whether the text does no more than import names, list them and give a version."""
    return all(
        isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Assign) and _targets(node) <= {"__all__", "__version__"})
        for node in nodes(code)[0].body
    )


def inside(code, package, here):
    """Return what the text imports from the package, as dotted names without the package's own.

    ``*`` at the end, which no module has as a name, stands for all that is below.
    """
    origins = _imported(code, package, here)
    found = {name for name, _ in bound(code, package, here) if name}
    attributes = [node for node in nodes(code) if isinstance(node, ast.Attribute)]
    for node in attributes:
        found |= _origins(node, origins)
    held = {id(node.value) for node in attributes}
    for node in nodes(code):
        if isinstance(node, ast.Name) and id(node) not in held:  # handed on as a whole
            found |= {f"{origin}.*".lstrip(".") for origin in _origins(node, origins)}
    return found


def outside(code, package):
    """Return the dotted names imported from elsewhere, the standard library apart."""
    found = set()
    for node in nodes(code):
        if isinstance(node, ast.Import):
            found |= {item.name for item in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"{node.module}.{item.name}" for item in node.names}
    return {name for name in found if name.partition(".")[0] not in {package, *STANDARD}}


def given(code, package, here, reader):
    """Return the names with which the text calls a function of the package, such as ``data.load``.

    None where nobody can tell: where a name is computed, or the function or a module on the way to
    it handed on.
    """
    module, _, function = reader.rpartition(".")
    parts = module.split(".")
    way = {".".join(parts[:length]) for length in range(len(parts) + 1)}  # from "" to the module
    targets = {f"{one}.{function}".lstrip(".") for one in way}
    everything = {f"{one}.*".lstrip(".") for one in way}
    if any(name in everything for name, _ in bound(code, package, here)):
        return None
    origins = _imported(code, package, here)
    if here == module:
        origins.setdefault(function, set()).add(reader)

    def is_among(node, names):
        return not names.isdisjoint(_origins(node, origins))

    attributes = [node for node in nodes(code) if isinstance(node, ast.Attribute)]
    passed = sum(is_among(node.value, way) for node in attributes)
    if passed != sum(is_among(node, way) for node in nodes(code)):
        return None
    calls = [n for n in nodes(code) if isinstance(n, ast.Call) and is_among(n.func, targets)]
    if len(calls) != sum(is_among(node, targets) for node in nodes(code)):
        return None
    first = [node.args[0] if node.args else None for node in calls]
    if not all(isinstance(one, ast.Constant) for one in first):
        return None
    return {str(one.value) for one in first}


def _imported(code, package, here):
    """Return what each name in the text may be in the package, "" for the package itself."""
    origins = {}
    for name, known in bound(code, package, here):
        origins.setdefault(known, set()).add("" if known == package else name)
    return origins


def _origins(node, known):
    """Return what a name, or an attribute of one, may be in the package."""
    if isinstance(node, ast.Name):
        return known.get(node.id, set())
    if isinstance(node, ast.Attribute):
        return {f"{one}.{node.attr}".lstrip(".") for one in _origins(node.value, known)}
    return set()


def _targets(node):
    return {getattr(target, "id", "") for target in node.targets}
