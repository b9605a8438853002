"""The functions of a tutorial, without running it."""

import ast
from functools import cache
from pathlib import Path
from types import ModuleType

GALLERY = Path(__file__).parents[2] / "gallery"


@cache
def functions_of(script: str) -> ModuleType:
    """Run what a tutorial imports, its constants in capitals, its functions, and nothing else.

    So a control measures with the very functions with which the page does.

    Args:
        script: Path of the tutorial in ``gallery``.
    """
    path = GALLERY / script
    page = ModuleType(path.stem)
    exec(compile(definitions(path.read_text("utf-8")), str(path), "exec"), vars(page))  # noqa: S102
    return page


def definitions(code: str) -> ast.Module:
    """The imports, the constants in capitals, the functions and the classes of a text."""
    kept = [node for node in ast.parse(code).body if _defines(node)]
    return ast.Module(kept, [])


def _defines(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return all(isinstance(one, ast.Name) and one.id.isupper() for one in node.targets)
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
