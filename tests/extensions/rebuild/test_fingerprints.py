"""What tutorials and pages depend on: style, settings, libraries, image sets, networks."""

import inspect
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from cnnvis_site.pages import model_cards
from cnnvis_site.rebuild import data_state, fingerprints, module_use
from small_site import DOCS

import cnnvis
from cnnvis.data.registry import SETS
from cnnvis.data.torchvision_files import files_of


def test_the_style_and_the_settings_run_everything(built, runs, monkeypatch):
    style = fingerprints.style_files()
    ours = [f"cnnvis_site.figures.{one}" for one in ("style", "scraper", "numbers.tables")]
    assert {*ours, "cnnvis_site.figures.numbers.axes"} <= style.keys()
    changed = built.folder / "style.py"
    changed.write_text(style[ours[0]].read_text("utf-8") + "\n# other\n")
    monkeypatch.setattr(fingerprints, "style_files", lambda: style | {ours[0]: changed})
    assert built.build() is None
    assert runs() == ["area", "both", "names", "none"]
    conf = built.docs / "conf.py"
    for setting in ('["min_reported_time"] = 5', '["thumbnail_size"] = (200, 50)'):
        conf.write_text(f"{conf.read_text()}\nsphinx_gallery_conf{setting}\n")
        assert built.build() is None
        assert runs() == ["area", "both", "names", "none"], setting


def test_a_library_runs_what_imports_it_also_through_the_package(built, runs, monkeypatch):
    built.write("shapes/names.py", "def name(x):\n    import yaml\n    return str(x)\n")
    built.script("none", "import bs4\nwith open('x', 'w') as _:\n    pass", title="none")
    versions = {}
    real = fingerprints._version
    monkeypatch.setattr(fingerprints, "_version", lambda name: versions.get(name) or real(name))
    versions["yaml"] = "other"
    assert built.build() is None
    assert runs() == ["both", "names"]
    versions["torch"] = "other"
    assert built.build() is None
    assert runs() == ["area", "both", "names"]  # and `none`, which keeps no log


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    """What each tutorial depends on, and what the explorer's network and the model cards do."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("MNIST/raw", "FashionMNIST/raw", "cifar-10-batches-py"):
        (folder / name).mkdir(parents=True)
        (folder / name / "file").write_text(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNVIS_DATA", str(folder))
        settings = dict.fromkeys(fingerprints.SETTINGS)
        config = SimpleNamespace(rebuild_package="../cnnvis", sphinx_gallery_conf=settings)
        yield fingerprints.Fingerprints(SimpleNamespace(srcdir=DOCS, config=config))


@pytest.fixture(scope="module")
def uses(gallery):
    scripts = sorted((DOCS.parent / "gallery").glob("*/plot_*.py"))
    return {script.stem: gallery.of(script.read_text("utf-8")) for script in scripts}


def users(uses, thing):
    return {name for name, things in uses.items() if any(thing in one for one in things)}


def file_of(name):
    """The file that defines something public, from the repository on."""
    return Path(inspect.getfile(getattr(cnnvis, name))).relative_to(DOCS.parent).as_posix()


def test_every_tutorial_that_names_something_of_the_package_depends_on_its_module(uses):
    for name in (
        "preferred_images",
        "filter_roles",
        "draw_archives",
        "ablation_effects",
        "top_patches",
        "plot_confusion",
        "layer_probes",
    ):
        scripts = (DOCS.parent / "gallery").glob("*/plot_*.py")
        naming = {one.stem for one in scripts if re.search(rf"\b{name}\(", one.read_text("utf-8"))}
        assert naming, name
        assert naming <= users(uses, file_of(name)) < uses.keys()
    assert users(uses, file_of("preferred_images")) == {"plot_30_photographs"}
    assert users(uses, file_of("plot_confusion")) == {
        "plot_10_training",
        "plot_10_clothes",
        "plot_10_bikes_and_cars",
    }


def test_no_tutorial_depends_on_the_explorer_or_on_an_empty_init(uses):
    for name in ("cnnvis/explorer/", "cnnvis/cli/", "__init__.py"):
        assert users(uses, name) == set()


def test_image_sets_and_networks_run_the_tutorials_that_load_them(uses):
    text = {
        script.stem: script.read_text("utf-8")
        for script in (DOCS.parent / "gallery").glob("*/plot_*.py")
    }
    folders = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST", "cifar10": "cifar-10-batches-py"}
    for name, folder in folders.items():
        loading = {stem for stem, code in text.items() if f'= load("{name}"' in code}
        assert loading, name
        assert users(uses, f"data {folder}/") == loading
        showing = {stem for stem, code in text.items() if f'load_pretrained("{name}")' in code}
        assert showing, name
        assert users(uses, f"cnnvis/weights/{name}.safetensors") == showing


def test_controls_run_the_tutorials_that_read_them(uses):
    scripts = {one.stem: one for one in (DOCS.parent / "gallery").glob("*/plot_*.py")}
    controls = sorted((DOCS.parent / "cnnvis" / "controls").glob("*.json"))
    assert controls
    for control in controls:
        asked = f'load_controls("{control.stem}"'
        reading = {stem for stem, one in scripts.items() if asked in one.read_text("utf-8")}
        assert reading, control
        assert users(uses, f"cnnvis/controls/{control.name}") == reading


def test_stand_ins_run_the_tutorials_that_load_a_set(uses):
    scripts = (DOCS.parent / "gallery").glob("*/plot_*.py")
    loading = {one.stem for one in scripts if re.search(r"\bload\(", one.read_text("utf-8"))}
    assert loading
    for file in ("digits", "photos", "garments/draw", "garments/shoes"):
        assert loading <= users(uses, f"cnnvis/standins/{file}.py") < uses.keys(), file


def test_libraries_run_the_tutorials_that_import_them(uses):
    assert users(uses, "version captum") == {"plot_10_captum"}
    assert users(uses, "version tensorboard") == {"plot_10_bikes_and_cars"}
    for name in ("torch", "numpy", "matplotlib"):
        assert users(uses, f"version {name}") == uses.keys()
    assert users(uses, "absent") == set()
    for things in uses.values():
        versions = {thing: state for thing, state in things.items() if thing.startswith("version ")}
        assert "absent" not in versions.values(), "a distribution of another name?"


def test_pages_with_a_network_depend_on_its_weights(gallery):
    cards = gallery.of(model_cards.CODE)
    weights = {name for name in cards if "weights/" in name and name.endswith(".safetensors")}
    assert len(weights) == 3


def test_folders_of_image_sets_are_torchvisions():
    assert data_state.FOLDERS.keys() == SETS.keys()
    for name, folder in data_state.FOLDERS.items():
        assert {path.partition("/")[0] for path in files_of(name, DOCS).files} == {folder}


def test_imports_from_elsewhere_become_distributions(site):
    code = "import os.path, PIL.Image\nfrom torch.utils.tensorboard import SummaryWriter\n"
    package = module_use.Package(site.folder / "shapes", {})
    found = package.use(code + "from sklearn import svm\nfrom shapes import square").imports
    assert found == {"PIL.Image", "torch.utils.tensorboard.SummaryWriter", "sklearn.svm"}
    names = {fingerprints._distribution(one) for one in found}
    assert names == {"pillow", "tensorboard", "scikit-learn"}
