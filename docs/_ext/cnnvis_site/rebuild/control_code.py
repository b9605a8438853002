"""Of which code a control's numbers are made, and what of it is another by now.

That is the control itself, the functions of the tutorials that it runs, and the modules, networks
and files of the package that all of these use. Of code only what it does counts: neither comments
nor docstrings, nor the text of a tutorial.
"""

import ast
from functools import cache
from pathlib import Path

from cnnvis_site.rebuild.files import digest, digest_of, memory, read_json
from cnnvis_site.rebuild.fingerprints import READERS
from cnnvis_site.rebuild.module_use import Package

ROOT = Path(__file__).parents[4]
GALLERY = ROOT / "gallery"
CONTROLS, RESULTS = ROOT / "docs" / "controls", ROOT / "cnnvis" / "controls"
HELPERS = {"pages", "trained"}  # what controls share


def names():
    """Return the names of all controls."""
    return sorted(file.stem for file in CONTROLS.glob("*.py") if file.stem not in HELPERS)


def code_of(name):
    """Return the checksum of each piece of code that a control's numbers are made of."""
    own = [CONTROLS / f"{stem}.py" for stem in (name, *sorted(HELPERS))]
    texts = {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8")) for file in own}
    for script, part in _scripts(texts[f"docs/controls/{name}.py"]):
        file = GALLERY / script
        texts[file.relative_to(ROOT).as_posix()] = part(file.read_text("utf-8"))
    code = "\n".join(ast.unparse(tree) for tree in texts.values())
    found = {path: digest_of_code(tree) for path, tree in texts.items()}
    return found | {path: _state(ROOT / path) for path in _package_files(code)}


def definitions(code):
    """Return the imports, the constants in capitals, the functions and the classes of a text."""
    return ast.Module([node for node in ast.parse(code).body if _defines(node)], [])


def record(name):
    """Return what is on record of a control, nothing if it was never measured."""
    return read_json(RESULTS / f"{name}.json")


def stale(name):
    """Return what has changed since a control was measured; its name if it never was."""
    known = record(name).get("code")
    if known is None:
        return [f"docs/controls/{name}.py"]
    now = code_of(name)
    return [path for path in sorted({*known, *now}) if known.get(path) != now.get(path)]


def is_own(path):
    """Tell whether a piece of code is the control's or its page's, rather than the package's."""
    return not path.startswith("cnnvis/")


def _defines(node):
    if isinstance(node, ast.Assign):
        bound = [one for target in node.targets for one in ast.walk(target)]
        return all(one.id.isupper() for one in bound if isinstance(one, ast.Name))
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)


def _scripts(tree):
    """The tutorials that a control uses, each with what of their code counts."""
    parts = {"functions_of": definitions, "run_of": ast.parse}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return [
        (call.args[0].value, parts[call.func.id])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in parts
    ]


def _package_files(code):
    files = _package().use(code).files
    return [file.relative_to(ROOT).as_posix() for file in files]


@cache
def _package():
    return Package(ROOT / "cnnvis", READERS)


def digest_of_code(tree):
    """Return the checksum of code without its docstrings."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            node.body = body[1:] or [ast.Pass()]
    return digest(ast.unparse(tree).encode())


def _state(file):
    content = digest_of(file)
    if file.suffix != ".py":
        return content
    return memory.get(f"code {content}", lambda: digest_of_code(ast.parse(file.read_text("utf-8"))))


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
