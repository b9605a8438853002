"""The package's face: its public names, what importing it costs, which way its arrows run."""

import ast
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import cnnvis

PACKAGE = Path(cnnvis.__file__).parent
# From top to bottom: each module may import those after it.
ORDER = [
    *(
        "__main__",
        "__init__",
        "look",
        "sheets",
        "spatial",
        "charts",
        "plots",
        "closeups",
        "tiles",
        "figures",
        "tuning",
        "roles",
        "templates",
        "patches",
        "preferred",
        "goals",
        "canvas",
        "ablation",
        "tallies",
        "probes",
        "measures",
        "features",
        "fields",
        "recipes",
        "networks",
        "ownmodels",
        "statedicts",
        "pretrained",
        "training",
        "augment",
        "models",
    ),
    *("replay", "passes", "hooks", "images", "data"),
    *("folders", "archives", "photographs", "manifest", "paths"),
    *("downloads", "sets", "standins"),
]
HEAVY = {"matplotlib.pyplot", "torchvision", "sklearn", "skimage", "scipy"}


def modules():
    """The names of all modules, a folder that is a module among them."""
    paths = [*PACKAGE.glob("*.py"), *(init.parent for init in PACKAGE.glob("*/__init__.py"))]
    return sorted(path.stem for path in paths)


def imported(name):
    """The modules of the package that a module imports, anywhere in its code."""
    files = [path for path in [PACKAGE / f"{name}.py"] if path.exists()]
    for path in files or sorted((PACKAGE / name).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                dotted = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path.name} has a relative import"
                dotted = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            for package, *rest in (one.split(".") for one in dotted):
                if package == "cnnvis":
                    yield rest[0] if rest and rest[0] in modules() else "__init__"


def test_public_names_are_sorted_and_complete():
    found = {
        name
        for name, value in vars(cnnvis).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert cnnvis.__all__ == sorted(found)


def test_public_names_come_from_the_package_and_say_what_they_are():
    for name in cnnvis.__all__:
        value = getattr(cnnvis, name)
        assert value.__module__.startswith("cnnvis."), name
        assert value.__doc__, name
        assert getattr(sys.modules[value.__module__], name) is value


def test_public_names_promised_by_the_design():
    promised = (
        "load ImageSet Source download capture SmallCNN fit evaluate History layer_table mosaic "
        "rescale plot_maps plot_kernels plot_history plot_confusion plot_images save_figure"
    )
    assert set(promised.split()) <= set(cnnvis.__all__)


def test_the_version_is_one():
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc|\.dev)\d+)?", cnnvis.__version__)
    source = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    assert source.count("__version__ =") == 1


def test_importing_brings_nothing_heavy_along():
    code = f"import sys, cnnvis; print(*sorted({HEAVY!r} & set(sys.modules)))"
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
    result = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:cnnvis", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert result.stdout.split() == []
    assert result.stderr == ""


def test_every_module_has_its_place_in_the_order():
    assert set(modules()) <= set(ORDER)
    assert len(modules()) >= 10


@pytest.mark.parametrize("name", modules())
def test_arrows_between_modules_run_one_way(name):
    below = ORDER[ORDER.index(name) + 1 :]
    assert set(imported(name)) - {name} <= set(below)


def test_the_arrows_are_seen():
    assert {"fields", "hooks"} <= set(imported("features"))
    assert "standins" in set(imported("data")), "also imports within functions"
    assert "data" in set(imported("__init__"))


@pytest.mark.parametrize("name", sorted({*modules(), "cnnvis"} - {"__main__", "__init__"}))
def test_every_module_says_what_it_is_for(name):
    module = cnnvis if name == "cnnvis" else importlib.import_module(f"cnnvis.{name}")
    assert module.__doc__.strip()
