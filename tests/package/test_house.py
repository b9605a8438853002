"""The house: which room may import which, nothing in a circle, what a sub-package says."""

import ast
import importlib
from pathlib import Path

import pytest

import cnnvis

PACKAGE = Path(cnnvis.__file__).parent
# From top to bottom: a room, which is a folder or a module beside them, imports those below it.
ORDER = [
    *("__main__", "__init__", "cli", "explorer", "plots", "models"),
    *("feature_visualization", "analysis", "training", "filters", "layers", "data", "standins"),
    *("arrays", "tables", "atomic"),
]
MOST_ARROWS = 45


def rooms():
    """The name of each room and the files in it."""
    found = {path.stem: [path] for path in PACKAGE.glob("*.py")}
    folders = (init.parent for init in PACKAGE.glob("*/__init__.py"))
    return found | {folder.name: sorted(folder.rglob("*.py")) for folder in folders}


def imports(file):
    """The dotted names that a file of the package imports from it, anywhere in its code."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            dotted = [item.name for item in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name} has a relative import"
            dotted = [f"{node.module}.{item.name}" for item in node.names]
        else:
            continue
        yield from (name for name in dotted if f"{name}.".startswith("cnnvis."))


def room_of(dotted):
    first = f"{dotted}.".split(".")[1]
    return first if first in rooms() else "__init__"


def arrows(room):
    """The other rooms that a room imports."""
    return {room_of(name) for file in rooms()[room] for name in imports(file)} - {room}


def modules():
    files = sorted(PACKAGE.rglob("*.py"))
    parts = (file.relative_to(PACKAGE.parent).with_suffix("").parts for file in files)
    return [".".join(part for part in path if part != "__init__") for path in parts]


def module_file(name):
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_every_room_has_its_place_in_the_order():
    assert set(rooms()) == set(ORDER)


@pytest.mark.parametrize("room", ORDER)
def test_arrows_between_rooms_run_one_way(room):
    assert arrows(room) <= set(ORDER[ORDER.index(room) + 1 :])


def test_the_arrows_are_few():
    drawn = {(room, other) for room in ORDER for other in arrows(room)}
    assert len(drawn) <= MOST_ARROWS, sorted(drawn)


def test_the_arrows_are_seen():
    assert {"data", "layers"} <= arrows("analysis")
    assert "standins" in arrows("data"), "also imports within functions"
    assert {"data", "plots"} <= arrows("__init__")


def test_modules_import_each_other_in_no_circle():
    """Also within a room, where the order of the rooms says nothing."""
    known = set(modules())
    above = {name: set() for name in known}
    for name in known - {"cnnvis", "cnnvis.__main__"}:
        for dotted in imports(module_file(name)):
            module = dotted if dotted in known else dotted.rpartition(".")[0]
            above[name].add(module)
    done = set()
    while ready := {name for name in known - done if above[name] <= done | {name}}:
        done |= ready
    assert known - done == set()


@pytest.mark.parametrize(
    "file",
    sorted(PACKAGE.glob("*/**/__init__.py")),
    ids=lambda file: file.parent.relative_to(PACKAGE).as_posix(),
)
def test_sub_packages_hand_nothing_on(file):
    (statement,) = ast.parse(file.read_text("utf-8")).body
    assert isinstance(statement.value, ast.Constant), "a docstring alone"
    assert statement.value.value.strip()


@pytest.mark.parametrize("name", sorted({*modules()} - {"cnnvis.__main__"}))
def test_every_module_says_what_it_is_for(name):
    assert importlib.import_module(name).__doc__.strip()


@pytest.mark.parametrize("folder", ["gallery", "docs/howto", "docs/explain"])
def test_tutorials_and_guides_import_public_names_alone(folder):
    root = PACKAGE.parent
    files = [*root.glob(f"{folder}/**/*.py"), *root.glob(f"{folder}/**/*.md")]
    assert files
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            code = line.strip().removeprefix(">>> ")
            assert not code.startswith(("from cnnvis.", "import cnnvis.")), (file.name, line)
