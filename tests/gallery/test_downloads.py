"""Each tutorial runs as a reader downloads it from the built site, with its wheel alone.

It runs once as a script, under all hard conditions at once, and once as a notebook; a run is real
work, most of it training, and so takes seconds to a minute.
"""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PIL import Image

from gallery import promised, recogniser

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "gallery").glob("*/plot_*.py"))
RECORDS = ROOT / "docs" / "tutorials" / "records.json"
SPAWNED = Path(__file__).with_name("spawned.py")
each_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)


def reads_a_set(script):
    """Whether the build has noted files of an image set among what the tutorial depends on."""
    if not RECORDS.exists():
        return True
    page = f"tutorials/{script.parent.name}/{script.name}"
    uses = json.loads(RECORDS.read_text("utf-8")).get(page, {"uses": ["data of any kind"]})["uses"]
    return any(one.startswith("data ") for one in uses)


def names(*marks):
    """Run a test for each tutorial, with the marks of `marks` for those that read a set."""
    return pytest.mark.parametrize(
        "name",
        [
            pytest.param(script.stem, marks=marks if reads_a_set(script) else ())
            for script in SCRIPTS
        ],
    )


# -- the two ways to run a tutorial ------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """An empty folder, whose path has a space and an accent."""
    place = tmp_path / "an empty folder, à part"
    place.mkdir()
    return place


@pytest.mark.slow
@names(pytest.mark.data)
def test_script_runs_under_all_hard_conditions(name, site, reader, environment, folder):
    """From a read-only folder, in a spawned child as on Windows, with no network and no display.

    Nothing is installed but the site's wheel and what it asks for; paths have spaces and accents.
    """
    file = site.tutorials[name][".py"]
    shelf = folder.with_name("to read only, à part")
    shelf.mkdir()
    shutil.copyfile(file, shelf / file.name)
    for path, mode in {shelf / file.name: 0o444, shelf: 0o555}.items():
        path.chmod(mode)
    reader.call([reader.clean.python, SPAWNED, shelf / file.name], folder, environment)
    shelf.chmod(0o755)
    left = {path.name: path.read_bytes() for path in shelf.iterdir()}
    assert left == {file.name: file.read_bytes()}, "the folder of the script isn't as it was"
    check(name, site, folder)


@pytest.mark.slow
@names()
def test_notebook_runs_alone(name, site, reader, environment, folder):
    """With the wheel beside it, in an environment where the first cell has to install it."""
    file = site.tutorials[name][".ipynb"]
    shutil.copyfile(file, folder / file.name)
    shutil.copyfile(site.wheel, folder / site.wheel.name)
    done = reader.execute(folder / file.name, folder.with_name("environment"), environment)
    assert done.installed
    check(name, site, folder)


def check(name, site, folder):
    """Everything that is asked of a run, by what it left in its folder."""
    check_figures(folder, name, site.pages[name])
    if name == "plot_10_bikes_and_cars":
        recogniser.check(folder)


def check_figures(folder, name, page):
    place = promised.FIGURES_IN.get(name, "images")
    images = {path.stem: path for path in (folder / place).iterdir()}
    shown = {figure["id"] for figure in page.select("figure.tutorial-figure")}
    assert {f"figure-{figure.replace('_', '-')}" for figure in images} == shown
    assert set(images) == promised.FIGURES.get(name, set(images))
    for figure, path in images.items():
        with Image.open(path) as image:
            assert image.format == "PNG"
            assert image.width >= 800
            assert 40 < len(image.info["Description"]) <= 250, figure
    left = {path.name for path in folder.iterdir() if path.suffix != ".whl"}
    known = {place, f"{name}.ipynb", *promised.ALSO_LEAVES.get(name, ())}
    assert left <= known


# -- choices that a reader may make ------------------------------------------------------------


def run_with_choices(script, python, environment, folder, **choices):
    """Run the tutorial on every layer with other values of the variables at its top."""
    code = script.read_text("utf-8")
    for name, value in choices.items():
        code, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value!r}", code)
        assert count == 1
    (folder / "chosen.py").write_text(code, "utf-8")
    command = [python, "chosen.py"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.data
def test_every_choice_of_layer_can_be_drawn(site, python, environment, tmp_path):
    choices = {"N_PICTURES": 3, "N_FILTERS": 4, "LAYER": "pool3", "SHOW": "outputs"}
    script = site.tutorials["plot_10_every_layer"][".py"]
    done = run_with_choices(script, python, environment, tmp_path, **choices)
    assert done.returncode == 0, done.stderr[-2000:]
    with Image.open(tmp_path / "images" / "outputs_conv1.png") as image:
        assert "for 3 digits (rows) and 4 filters (columns)" in image.info["Description"]
    assert (tmp_path / "images" / "your_choice.png").is_file()


def test_choosing_the_filters_of_a_relu_is_explained(site, python, environment, tmp_path):
    script = site.tutorials["plot_10_every_layer"][".py"]
    done = run_with_choices(script, python, environment, tmp_path, LAYER="relu2", SHOW="filters")
    assert done.returncode != 0
    assert "only convolutions have kernels; ReLU has none" in done.stderr


# -- what their sources say --------------------------------------------------------------------


def test_tutorials_whose_figures_are_promised_are_there():
    assert set(promised.FIGURES) <= {path.stem for path in SCRIPTS}


@each_script
def test_imports_only_what_the_package_needs(script):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = [*project["dependencies"], *project["optional-dependencies"]["tutorials"]]
    needed = {re.split(r"[<>=\[]", one)[0] for one in listed}
    modules = {"scikit-learn": "sklearn", "scikit-image": "skimage", "pillow": "PIL"}
    allowed = (
        {modules.get(one, one) for one in needed} | {"cnnvis", "scipy"} | sys.stdlib_module_names
    )
    imported = set()
    for node in ast.walk(ast.parse(script.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
    assert imported <= allowed


@each_script
def test_references_are_in_the_bibliography(script):
    bibliography = (ROOT / "docs" / "references.bib").read_text("utf-8").lower()
    text = script.read_text("utf-8")
    for link in re.findall(r"https://doi\.org/([^>\s]+)|https://arxiv\.org/abs/([^>\s]+)", text):
        identifier = "".join(link).lower()
        assert identifier in bibliography, f"{identifier} isn't in docs/references.bib"
