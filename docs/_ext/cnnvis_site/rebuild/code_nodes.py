"""The syntax tree of a text of Python, and what it imports from a package.

Each text is read once. One with a broken syntax has no nodes but its root.
"""

import ast
from functools import cache


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
