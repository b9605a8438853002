"""Each tutorial runs as a reader downloads it from the built site, with its wheel alone."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "gallery").glob("*/plot_*.py"))
# what the site promises to save; of other tutorials it is what their pages show
FIGURES = {
    "plot_10_convolution": {
        "blur_and_sharpen",
        "four_edge_maps",
        "hand_written_kernels",
        "kernel_sizes",
        "stride_padding_dilation",
    },
    "plot_20_pooling": {
        "blank_map",
        "image_and_channels",
        "pooling_deeper",
        "pooling_rows",
        "pooling_windows",
        "scales_and_colours",
    },
    "plot_10_training": {
        "confident_mistakes",
        "confusion_matrix",
        "digits",
        "training_accuracy",
        "training_loss",
    },
    "plot_20_filters": {
        "conv1_filters",
        "conv2_kernels",
        "featuremaps_conv1",
        "featuremaps_conv2",
        "orig_and_conv1_grid",
    },
    "plot_30_how_filters_come_to_be": {
        *(f"filters_step_{step:03d}" for step in (0, 1, 10, 30, 60, 100, 300, 600)),
        "kernels_over_steps",
        "maps_over_steps",
        "start_and_end",
        "way_and_accuracy",
    },
    "plot_10_every_layer": {
        *(f"filters_conv{stage}" for stage in (1, 2, 3)),
        *(f"outputs_{kind}{stage}" for kind in ("conv", "relu", "pool") for stage in (1, 2, 3)),
        "your_choice",
    },
    "plot_20_roles": {
        "conv1_roles",
        "derivative_orders",
        "planted_kernels",
        "random_kernels",
        "role_shares",
        "tuning_curves",
    },
    "plot_30_which_filters_matter": {
        "classes_that_suffer",
        "pruning",
        "selectivity_and_loss",
        "top_patches",
    },
    "plot_10_clothes": {
        "confusion_matrix",
        "featuremaps_conv1",
        "featuremaps_conv2",
        "featuremaps_conv3",
        "featuremaps_conv3_untrained",
        "filters_conv1",
        "garments",
        "training_accuracy",
        "training_loss",
    },
    "plot_20_edges_to_objects": {
        "class_selectivity",
        "linear_probes",
        "purity",
        "shift_sensitivity",
        *(f"top_patches_relu{stage}" for stage in (1, 2, 3)),
    },
    "plot_30_photographs": {
        "answers_lost",
        "conv1_in_colour",
        "maps_by_stage",
        "probes_by_stage",
        *(f"seen_by_relu{stage}" for stage in ("1a", "2b", "3b", "4b")),
    },
    "plot_10_captum": {
        "gradcam",
        "integrated_gradients",
        "maps_after_randomisation",
        "occlusion",
        "sanity_check",
    },
    "plot_10_bikes_and_cars": {
        "confusion_matrix",
        "examples",
        "featuremaps_conv1",
        "featuremaps_conv4",
        "hardest_images",
        "strong_and_weak_filters",
        "top_patches",
        "training_curves",
    },
}
PICTURES_IN = {"plot_10_clothes": "figs"}  # elsewhere in images
ALSO_LEAVES = {
    "plot_10_bikes_and_cars": {"archives", "datasets", "logs", "results_Bike", "results_Car"}
}
SPAWNED = Path(__file__).with_name("spawned.py")
each_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
each_name = pytest.mark.parametrize("name", [script.stem for script in SCRIPTS])


# -- three ways to run a tutorial --------------------------------------------------------------


def run_script(file, folder, reader):
    """In an otherwise empty folder, whose path has a space and an accent."""
    shutil.copyfile(file, folder / file.name)
    return reader.call([reader.clean.python, file.name], folder, reader.variables)


def run_spawned(file, folder, reader):
    """From a read-only folder, in a child that was spawned, as Windows and macOS start them."""
    shelf = folder.with_name("read only")
    shelf.mkdir()
    shutil.copyfile(file, shelf / file.name)
    for path, mode in {shelf / file.name: 0o444, shelf: 0o555}.items():
        path.chmod(mode)
    command = [reader.clean.python, SPAWNED, shelf / file.name]
    done = reader.call(command, folder, reader.variables)
    shelf.chmod(0o755)
    left = {path.name: path.read_bytes() for path in shelf.iterdir()}
    assert left == {file.name: file.read_bytes()}, "the folder of the script isn't as it was"
    return done


def run_notebook(file, folder, reader):
    """With the wheel beside it, in an environment where the first cell has to install it."""
    shutil.copyfile(file, folder / file.name)
    shutil.copyfile(reader.wheel, folder / reader.wheel.name)
    return reader.execute(folder / file.name, folder.with_name("environment"), reader.variables)


WAYS = {
    "script": (".py", run_script),
    "spawn": (".py", run_spawned),
    "notebook": (".ipynb", run_notebook),
}


@pytest.fixture
def finished(site, reader, tmp_path):
    """A function that runs a tutorial, and returns what it left and printed."""

    def run(way, name):
        folder = tmp_path / "an empty folder, à part"
        folder.mkdir()
        own = SimpleNamespace(**vars(reader), variables=reader.variables_at(tmp_path / "home"))
        suffix, start = WAYS[way]
        return start(site.tutorials[name][suffix], folder, own)

    return run


def test_tutorials_whose_figures_are_promised_are_there():
    assert set(FIGURES) <= {path.stem for path in SCRIPTS}


@each_name
def test_script_runs_alone(name, site, finished):
    check(name, site, finished("script", name).folder)


@each_name
def test_script_runs_from_a_read_only_folder_in_a_spawned_child(name, site, finished):
    check(name, site, finished("spawn", name).folder)


@each_name
def test_notebook_runs_alone(name, site, finished):
    done = finished("notebook", name)
    assert done.installed
    check(name, site, done.folder)


def check(name, site, folder):
    check_images(folder, name, site.pages[name])
    if name == "plot_10_bikes_and_cars":
        check_datasets(folder / "datasets")
        check_logs(folder / "logs")
        check_results(folder)


def run_with_choices(script, python, environment, folder, **choices):
    """Run the tutorial on every layer with other values of the variables at its top."""
    code = script.read_text("utf-8")
    for name, value in choices.items():
        code, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value!r}", code)
        assert count == 1
    (folder / "chosen.py").write_text(code, "utf-8")
    command = [python, "chosen.py"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


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


def check_images(folder, name, page):
    place = PICTURES_IN.get(name, "images")
    images = {path.stem: path for path in (folder / place).iterdir()}
    shown = {figure["id"] for figure in page.select("figure.tutorial-figure")}
    assert {f"figure-{figure.replace('_', '-')}" for figure in images} == shown
    assert set(images) == FIGURES.get(name, set(images))
    for figure, path in images.items():
        with Image.open(path) as image:
            assert image.format == "PNG"
            assert image.width >= 800
            assert 40 < len(image.info["Description"]) <= 250, figure
    left = {path.name for path in folder.iterdir() if path.suffix != ".whl"}
    known = {place, f"{name}.py", f"{name}.ipynb", *ALSO_LEAVES.get(name, ())}
    assert left <= known


# What the recogniser leaves.


def check_datasets(folder):
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"Train", "Val", "Test"}
    counts = {
        (split.name, one.name): len(list(one.iterdir()))
        for split in folder.iterdir()
        if split.is_dir()
        for one in split.iterdir()
    }
    assert {name for _, name in counts} == {"Bike", "Car"}
    total = sum(counts.values())
    for split, share in {"Train": 0.6, "Val": 0.15, "Test": 0.25}.items():
        assert abs(sum(counts[split, one] for one in ("Bike", "Car")) - share * total) <= 2
    names = [path.name for path in folder.glob("*/*/*")]
    assert len(set(names)) == len(names) == total, "no image is in two splits"


def check_logs(folder):
    """Read the logs as TensorBoard itself does."""
    (run,) = folder.iterdir()
    events = EventAccumulator(str(run)).Reload()
    scalars = {name: events.Scalars(name) for name in events.Tags()["scalars"]}
    assert set(scalars) == {
        f"{what}/{p}" for what in ("loss", "accuracy") for p in ("train", "val")
    }
    steps = {tuple(one.step for one in values) for values in scalars.values()}
    (steps,) = steps
    assert steps == tuple(range(1, len(steps) + 1))
    assert len(steps) >= 5
    for part in ("train", "val"):
        losses = [one.value for one in scalars[f"loss/{part}"]]
        assert min(losses[-3:]) < 0.5 * losses[0]
        assert max(one.value for one in scalars[f"accuracy/{part}"]) > 0.9


def check_results(folder):
    filters = {"conv1": 16, "conv2": 32, "conv3": 48, "conv4": 48}
    expected = {f"{layer}_filter{at:02d}.png" for layer, n in filters.items() for at in range(n)}
    for name in ("Bike", "Car"):
        found = {path.name: path for path in (folder / f"results_{name}").iterdir()}
        assert set(found) == expected | {"image.png"}
        contents = set()
        for path in found.values():
            with Image.open(path) as image:
                assert (image.format, image.mode, image.size) == ("PNG", "RGB", (256, 256))
                contents.add(image.tobytes())
        assert len(contents) > 0.9 * len(found), "the maps differ"
