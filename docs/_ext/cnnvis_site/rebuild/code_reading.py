"""What one text of Python defines, imports and calls, found without running it.

A text with a broken syntax tells nothing. `here` is the module of the package that a text is, None
if it is a script.
"""

import ast
import sys
from functools import cache
from pathlib import Path

from cnnvis_site.rebuild import files as whole_files
from cnnvis_site.rebuild.code_nodes import bound, nodes

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

    key = f"{_own()} {package} {here} {readers} {whole_files.digest(code.encode())}"
    return whole_files.memory.get(key, found)


@cache
def _own():
    """Return the checksums of the files that read code: when they change, they may find more."""
    files = (Path(__file__).with_name(name) for name in ("code_nodes.py", "code_reading.py"))
    return " ".join(map(whole_files.digest_of, files))


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

    A name that no module has, ``*``, stands for the package handed on as a whole.
    """
    names = set(bound(code, package, here))
    found = {name for name, _ in names if name}
    packages = {known for name, known in names if not name or known == package}
    loose = 0
    for node in nodes(code):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in packages:
                found.add(attribute)
                loose -= 1
            case ast.Name(id=name) if name in packages:
                loose += 1
    return found | ({"*"} if loose else set())


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

    None where nobody can tell: where a name is computed, or the function or its module handed on.
    """
    module, _, function = reader.rpartition(".")
    functions = {function} if here == module else set()
    modules, packages = set(), set()
    for name, known in bound(code, package, here):
        if name in {"*", f"{module}.*"}:
            return None
        if name in {function, reader}:
            functions.add(known)
        elif name == module and known != package:
            modules.add(known)
        elif known == package or not name:
            packages.add(known)

    def is_it(node):
        match node:
            case ast.Name(id=name):
                return name in functions
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                return attribute == function and name in modules | packages
            case ast.Attribute(
                value=ast.Attribute(value=ast.Name(id=name), attr=between), attr=attribute
            ):
                return (between, attribute) == (module, function) and name in packages
        return False

    def holds_it(node):
        match node:
            case ast.Name(id=name):
                return name in modules | packages
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                return attribute == module and name in packages
        return False

    attributes = (node for node in nodes(code) if isinstance(node, ast.Attribute))
    if sum(holds_it(node.value) for node in attributes) != sum(map(holds_it, nodes(code))):
        return None
    calls = [node for node in nodes(code) if isinstance(node, ast.Call) and is_it(node.func)]
    if len(calls) != sum(map(is_it, nodes(code))):
        return None
    first = [node.args[0] if node.args else None for node in calls]
    if not all(isinstance(one, ast.Constant) for one in first):
        return None
    return {str(one.value) for one in first}


def _targets(node):
    return {getattr(target, "id", "") for target in node.targets}
