"""What a build makes again and what it leaves alone, in small sites and in the real gallery."""

import importlib
import json
import os
import re
import shutil
from types import SimpleNamespace

import pytest
from small_site import DOCS, FIGURE

LOAD = "def load(name, split='train'):\n    return name\n"
PRETRAINED = (
    'from pathlib import Path\n\nFOLDER = Path(__file__).parent / "weights"\n\n\n'
    "def load_pretrained(name):\n    return (FOLDER / f'{name}.bin').read_text()\n"
)
LINE = FIGURE.format(name="line", description="A line.", caption=None)


def test_first_build_runs_everything_and_the_second_nothing(site, runs):
    assert site.build() is None
    assert runs() == ["area", "both", "names", "none"]
    assert site.build() is None
    assert runs() == []


@pytest.mark.parametrize(
    ("module", "users"),
    [("area", ["area", "both"]), ("names", ["both", "names"]), ("numbers", ["area", "both"])],
)
def test_editing_a_module_runs_the_scripts_that_use_it_and_only_those(site, runs, module, users):
    site.build()
    runs()
    file = site.folder / "shapes" / f"{module}.py"
    before = file.read_text()
    file.write_text(before + "\nX = 1\n")
    assert site.build() is None
    assert runs() == users
    file.write_text(before)
    assert site.build() is None
    assert runs() == users


def test_editing_a_script_runs_that_script(site, runs):
    site.build()
    runs()
    script = site.folder / "gallery" / "plot_names.py"
    script.write_text(script.read_text() + "\ny = 2\n")
    assert site.build() is None
    assert runs() == ["names"]


def test_touching_a_file_without_changing_it_runs_nothing(site, runs):
    site.build()
    runs()
    for file in (*site.folder.glob("gallery/*.py"), *site.folder.glob("shapes/*.py")):
        os.utime(file, (2e9, 2e9))
    assert site.build() is None
    assert runs() == []


@pytest.fixture
def readers(site, runs):
    """Scripts that load image sets and networks, beside those of `runs`, built once."""
    site.write("shapes/data.py", LOAD)
    site.write("shapes/pretrained.py", PRETRAINED)
    for name in ("mnist", "cifar10"):
        site.write(f"shapes/weights/{name}.bin", name)
    for name, code in {
        "digits": 'from shapes.data import load\nload("mnist", "test")',
        "photos": 'import shapes.data\nshapes.data.load("cifar10")',
        "any": 'from shapes.data import load\n[load(one) for one in ("mnist", "cifar10")]',
        "net": 'from shapes.pretrained import load_pretrained\nload_pretrained("mnist")',
        "nets": "from shapes import pretrained\nfetch = pretrained.load_pretrained",
    }.items():
        note = f'with open({str(site.folder / "runs.txt")!r}, "a") as log:\n    _ = log.write("'
        site.script(name, f'{code}\n{note}{name} ")', title=name)
    for path in ("MNIST/raw/digits", "cifar-10-batches-py/photos"):
        site.write(f"data/{path}", "first")
    site.build()
    runs()
    return site


@pytest.mark.parametrize(
    ("path", "users"),
    [
        ("data/MNIST/raw/digits", ["any", "digits"]),
        ("data/cifar-10-batches-py/photos", ["any", "photos"]),
        ("data/FashionMNIST/raw/new", ["any"]),
        ("shapes/weights/mnist.bin", ["net", "nets"]),
        ("shapes/weights/cifar10.bin", ["nets"]),
        ("shapes/weights/new.bin", ["nets"]),
        ("shapes/facts.txt", ["any", "area", "both", "digits", "names", "net", "nets", "photos"]),
    ],
)
def test_data_and_weights_run_what_loads_them_by_name_and_what_may(readers, runs, path, users):
    readers.write(path, "other")  # of the same size as the first
    assert readers.build() is None
    assert runs() == users


def test_the_package_itself_counts_where_it_does_more_than_pass_on_names(site, runs):
    init = (site.folder / "shapes" / "__init__.py").read_text()
    site.build()
    runs()
    site.write("shapes/__init__.py", f'"""Shapes."""\n{init}__version__ = "2"\n')
    assert site.build() is None
    assert runs() == []
    site.write("shapes/__init__.py", f"{init}print()\n")
    assert site.build() is None
    assert runs() == ["area", "both", "names"]


def test_the_style_and_the_settings_run_everything(site, runs, monkeypatch):
    from cnnvis_site.rebuild import fingerprints

    site.build()
    runs()
    style = fingerprints.style_files()
    assert {"gallery_setup.py", "figure_scraper.py"} <= {file.name for file in style}
    changed = site.folder / "gallery_setup.py"
    changed.write_text(style[0].read_text("utf-8") + "\n# other\n")
    monkeypatch.setattr(fingerprints, "style_files", lambda: [changed, *style[1:]])
    assert site.build() is None
    assert runs() == ["area", "both", "names", "none"]
    conf = site.docs / "conf.py"
    for setting in ('["min_reported_time"] = 5', '["thumbnail_size"] = (200, 50)'):
        conf.write_text(f"{conf.read_text()}\nsphinx_gallery_conf{setting}\n")
        assert site.build() is None
        assert runs() == ["area", "both", "names", "none"], setting


def test_a_library_runs_what_imports_it_also_through_the_package(site, runs, monkeypatch):
    from cnnvis_site.rebuild import fingerprints

    site.write("shapes/names.py", "def name(x):\n    import yaml\n    return str(x)\n")
    site.script("none", "import bs4\nwith open('x', 'w') as _:\n    pass", title="none")
    site.build()
    runs()
    versions = {}
    real = fingerprints._version
    monkeypatch.setattr(fingerprints, "_version", lambda name: versions.get(name) or real(name))
    versions["yaml"] = "other"
    assert site.build() is None
    assert runs() == ["both", "names"]
    versions["torch"] = "other"
    assert site.build() is None
    assert runs() == ["area", "both", "names"]  # and `none`, which keeps no log


def test_a_record_says_what_a_script_depends_on_and_the_build_why_it_runs(site, runs, monkeypatch):
    from cnnvis_site.rebuild import records as freshness

    said = []
    monkeypatch.setattr(freshness.logger, "info", lambda text, *facts: said.append(text % facts))
    assert site.build() is None
    assert len(said) == 4
    records = json.loads((site.docs / "tutorials" / "records.json").read_text("utf-8"))
    uses = records["tutorials/plot_names.py"]["uses"]
    assert {"code", "shapes/names.py", "version torch", "style figure_scraper.py"} <= uses.keys()
    assert "shapes/area.py" not in uses
    site.write("shapes/names.py", "def name(x):\n    return repr(x)\n")
    said.clear()
    assert site.build() is None
    assert runs()[-2:] == ["both", "names"]
    why = "runs: not as it was, shapes/names.py"
    assert said == [f"tutorials/plot_{name}.py {why}" for name in ("both", "names")]


# -- what a failed or damaged build leaves --------------------------------------------------------


def test_a_failed_build_fails_again_and_what_ran_well_in_it_does_not_run_again(site, runs):
    site.build()
    runs()
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n\n:doc:`nowhere`\n")
    site.write("shapes/names.py", "def name(x):\n    return repr(x)\n")
    assert "nowhere" in site.build()
    assert runs() == ["both", "names"]
    assert "nowhere" in site.build()
    assert runs() == []
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n")
    assert site.build() is None
    assert runs() == []


def test_a_script_that_warns_runs_again_until_it_does_not(site, runs):
    script = site.folder / "gallery" / "plot_none.py"
    script.write_text(script.read_text() + "\n# sphinx_gallery_thumbnail_number = one\n")
    for _ in range(2):
        assert "thumbnail_number" in site.build()
        assert "none" in runs()
    script.write_text(script.read_text().replace(" = one", " = 1"))
    assert site.build() is None
    assert runs() == ["none"]


def test_undoing_the_change_of_a_failed_script_runs_it_again(site, runs):
    site.build()
    names = site.folder / "shapes" / "names.py"
    before = names.read_text()
    names.write_text("1 / 0\n")
    assert "ZeroDivisionError" in site.build()
    runs()
    names.write_text(before)
    assert site.build() is None
    assert runs() == ["both", "names"]


def test_a_module_with_a_broken_syntax_fails_its_users_alone(site, runs):
    site.build()
    runs()
    site.write("shapes/names.py", "def name(x:\n")
    assert "SyntaxError" in site.build()
    site.write("shapes/names.py", "def name(x):\n    return x\n")
    assert site.build() is None
    assert {"both", "names"} <= set(runs())


@pytest.mark.parametrize("damage", ["delete", "truncate"])
@pytest.mark.parametrize(
    "name", ["images/sphx_glr_plot_line_001.png", "images/sphx_glr_plot_line_001_2x.png",
             "images/sphx_glr_plot_line_001.json", "images/thumb/sphx_glr_plot_line_thumb.png",
             "plot_line.rst"]
)  # fmt: skip
def test_a_file_of_a_tutorial_that_is_missing_or_damaged_is_made_again(site, name, damage):
    site.builder = "dummy"
    site.script("line", LINE)
    assert site.build() is None
    file = site.docs / "tutorials" / name
    whole = file.read_bytes()
    file.chmod(0o644)
    file.unlink() if damage == "delete" else file.write_bytes(whole[: len(whole) // 2])
    assert site.build() is None
    if name.endswith(".rst"):  # it has the time of the run
        assert len(file.read_bytes()) > 0.9 * len(whole)
    else:
        assert file.read_bytes() == whole


def test_an_image_missing_or_damaged_in_the_built_site_is_copied_again(site):
    site.script("line", LINE)
    assert site.build() is None
    once, twice = sorted(site.html.glob("_images/*line_001*.png"))
    contents = once.read_bytes(), twice.read_bytes()
    once.unlink()
    twice.write_bytes(contents[1][:100])
    assert site.build() is None
    assert (once.read_bytes(), twice.read_bytes()) == contents


@pytest.mark.parametrize("text", ["", '{"tutorials/plot_none.py": {"uses', "[]"])
def test_half_a_file_of_records_is_no_file_of_records(site, runs, text):
    site.build()
    runs()
    site.write("docs/tutorials/records.json", text)
    assert site.build() is None
    assert runs() == ["area", "both", "names", "none"]


def test_a_removed_script_leaves_no_page_and_nothing_of_another(site):
    site.script("none", LINE)
    site.script("none_more", LINE.replace('"line"', '"more"'), title="More")
    site.build()
    (site.folder / "gallery" / "plot_none.py").unlink()
    assert site.build() is None
    left = [file.name for file in (site.docs / "tutorials").glob("**/*plot_none*")]
    assert left
    assert all("plot_none_more" in name for name in left)


def test_a_removed_page_is_taken_from_the_built_site(site):
    site.configure("removed_pages")
    site.script("none", LINE)
    site.script("some", LINE)
    site.build("html")
    pages = {file.relative_to(site.html).as_posix() for file in site.html.rglob("*.html")}
    assert "tutorials/plot_none.html" in pages
    (site.folder / "gallery" / "plot_none.py").unlink()
    assert site.build("html") is None
    assert site.build("html") is None  # in which no page is written
    left = {file.relative_to(site.html).as_posix() for file in site.html.rglob("*.html")}
    assert left == pages - {"tutorials/plot_none.html"}
    assert {"genindex.html", "search.html"} <= left


def test_a_link_to_a_page_that_was_removed_is_told(site):
    site.configure("removed_pages")
    site.write("docs/extra.rst", ":orphan:\n\nExtra\n=====\n")
    site.write("docs/links.rst", ":orphan:\n\nLinks\n=====\n\n:doc:`extra`\n")
    site.script("none", "x = 1")
    assert site.build() is None
    (site.docs / "extra.rst").unlink()
    assert "unknown document" in site.build()


def test_a_removed_part_is_forgotten(site):
    site.write("docs/index.rst", "Home\n====\n\n.. toctree::\n\n   tutorials/index\n")
    for part in ("one", "two"):
        site.write(f"gallery/{part}/GALLERY_HEADER.rst", f"{part}\n===\n")
        site.write(
            f"gallery/{part}/plot_{part}.py", f'"""\nIn {part}\n======\n\nWhat.\n"""\nx = 1\n'
        )
    assert site.build() is None
    shutil.rmtree(site.folder / "gallery" / "two")
    assert site.build() is None
    assert not (site.docs / "tutorials" / "two").exists()
    assert (site.docs / "tutorials" / "one" / "plot_one.rst").exists()


def test_a_run_finds_nothing_of_the_run_before(site):
    code = (
        'from pathlib import Path\nprint(Path("left").exists())\n_ = Path("left").write_text("x")'
    )
    for number in range(2):
        site.script("none", f"{code}\nrun = {number}")
        assert site.build("html") is None
        assert (
            site.page("tutorials/plot_none").select_one(".sphx-glr-script-out").text.strip()
            == "False"
        )


def test_an_edited_extension_or_style_makes_the_pages_anew(site):
    from cnnvis_site.rebuild import records as freshness

    site.script("none", "x = 1")
    site.write("docs/_static/a.css", "a {}")
    site.configure()
    site.build("html")
    folder, page = site.docs / "_static", site.html / "index.html"
    before = freshness._state(folder.glob("*.*"))
    assert freshness._state(folder.glob("*.*")) == before
    page.write_text("old")
    assert site.build("html") is None
    assert page.read_text() == "old"
    site.write("docs/_static/a.css", "a { color: red }")
    assert freshness._state(folder.glob("*.*")) != before
    assert site.build("html") is None
    assert page.read_text() != "old"


# -- pages ---------------------------------------------------------------------------------------


def read_and_written(site):
    """Build, and return the pages that were read and those that were written."""
    found = {"read": set(), "written": set()}

    def listen(app):
        app.connect("env-purge-doc", lambda _app, _env, page: found["read"].add(page))
        app.connect("html-page-context", lambda _app, page, *_: found["written"].add(page))

    site.write("listener.py", "def setup(app):\n    hook(app)\n")
    module = importlib.import_module("listener")
    module.hook = listen
    assert site.build() is None
    return found["read"], found["written"] - {"genindex", "search"}


@pytest.fixture
def pages(site):
    """A site with a page of every kind."""
    site.write("listener.py", "def setup(app):\n    hook(app)\n")
    ours = "checked_examples cost_tables data_page drawn_figures explorer standin_cards"
    site.configure("myst_parser", *ours.split(), "listener")
    conf = site.docs / "conf.py"
    conf.write_text(conf.read_text() + '\nchecked_examples = ["examples"]\n')
    site.write("shapes/pretrained.py", PRETRAINED)
    site.write("shapes/weights/mnist.bin", "1")
    site.script("line", f"from shapes import name\n{LINE}")
    head = "---\norphan: true\n---\n# Page\n\n"
    drawing = LINE.replace('"line"', '"cells"')
    site.write("docs/figures/cells.py", f"from shapes import square\n{drawing}")
    site.write("docs/explorer/10_first.js", "// One.\n")
    site.write("docs/explorer/widgets/one.js", "// One.\n")
    for name, text in {
        "drawn": "```{drawn-figure} cells\n```\n",
        "examples": "```python\n>>> from shapes import name\n>>> name(2)\n'2'\n```\n",
        "data": "```{data-sets}\n```\n",
        "cards": "```{standin-cards}\n```\n",
        "seconds": "```{build-seconds}\n```\n",
        "profile": "```{build-profile}\n```\n",
        "shown": "```{tutorial-figure} line\n```\n",
        "explorer/index": "```{explorer} mnist\n```\n",
        "explorer/widget": "```{explorer-widget} one\n```\n",
        "plain": "Words.\n",
    }.items():
        site.write(f"docs/{name}.md", head + text)
    read_and_written(site)
    return site


def test_a_second_build_reads_and_writes_no_page(pages):
    assert read_and_written(pages) == (set(), set())


@pytest.mark.parametrize(
    ("path", "text", "again"),
    [
        ("shapes/area.py", "def square(x):\n    return 1 * x * x\n", {"drawn"}),
        ("shapes/names.py", "def name(x):\n    return f'{x}'\n", {"examples", "line"}),
        ("docs/figures/cells.py", LINE.replace('"line"', '"cells"'), {"drawn"}),
        ("docs/cards/standins.json", "{}", {"cards"}),
        ("docs/explorer/20_second.js", "// Two.\n", {"explorer/index"}),
        ("docs/explorer/shared/10_all.js", "// All.\n", {"explorer/index", "explorer/widget"}),
        ("docs/explorer/widgets/one.js", "// 1.\n", {"explorer/widget"}),
        ("docs/budgets.json", '{"plot_line": {"seconds": 0.001}}', {"seconds", "profile"}),
        ("data/MNIST/raw/new", "1", set()),  # no tutorial loads it
        ("docs/plain.md", "---\norphan: true\n---\n# Page\n", {"plain"}),
    ],
)
def test_a_page_is_read_again_when_what_it_shows_has_changed_and_not_else(pages, path, text, again):
    if "line" in again:  # its own page, those with its figure, and those with its costs
        again = again - {"line"} | {"tutorials/plot_line", "shown", "seconds", "profile"}
    pages.write(path, text)
    assert read_and_written(pages)[0] - {"tutorials/index"} == again
    assert read_and_written(pages) == (set(), set())


def test_a_drawn_figure_that_was_deleted_is_drawn_again(pages):
    drawn = pages.docs / "_build" / "drawn" / "drawn-cells.png"
    whole = drawn.read_bytes()
    drawn.unlink()
    assert read_and_written(pages)[0] == {"drawn"}
    assert drawn.read_bytes() == whole


# -- the real gallery ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    """What each tutorial depends on, and what the explorer's network and the model cards do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DOCS / "_ext")
        folder = tmp_path_factory.mktemp("data")
        for name in ("MNIST/raw", "FashionMNIST/raw", "cifar-10-batches-py"):
            (folder / name).mkdir(parents=True)
            (folder / name / "file").write_text(name)
        patch.setenv("CNNVIS_DATA", str(folder))
        from cnnvis_site.rebuild import fingerprints

        settings = dict.fromkeys(fingerprints.SETTINGS)
        config = SimpleNamespace(freshness_package="../cnnvis", sphinx_gallery_conf=settings)
        known = fingerprints.Fingerprints(SimpleNamespace(srcdir=DOCS, config=config))
        yield known


@pytest.fixture(scope="module")
def uses(gallery):
    scripts = sorted((DOCS.parent / "gallery").glob("*/plot_*.py"))
    return {script.stem: gallery.of(script.read_text("utf-8")) for script in scripts}


def users(uses, thing):
    return {name for name, things in uses.items() if any(thing in one for one in things)}


def test_every_tutorial_that_names_something_of_the_package_depends_on_its_module(uses):
    for name, module in {
        "preferred_images": "preferred",
        "filter_roles": "roles",
        "draw_archives": "folders",
        "ablation_effects": "ablation",
        "top_patches": "patches",
        "plot_confusion": "charts",
        "layer_probes": "probes",
    }.items():
        scripts = (DOCS.parent / "gallery").glob("*/plot_*.py")
        naming = {one.stem for one in scripts if re.search(rf"\b{name}\(", one.read_text("utf-8"))}
        assert naming, name
        assert naming <= users(uses, f"cnnvis/{module}.py") < uses.keys()
    assert users(uses, "cnnvis/preferred.py") == {"plot_30_photographs"}
    assert users(uses, "cnnvis/charts.py") == {
        "plot_10_training",
        "plot_10_clothes",
        "plot_10_bikes_and_cars",
    }


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
    from cnnvis_site.pages import model_cards

    cards = gallery.of(model_cards.CODE)
    weights = {name for name in cards if "weights/" in name and name.endswith(".safetensors")}
    assert len(weights) == 3


@pytest.mark.usefixtures("gallery")
def test_folders_of_image_sets_are_torchvisions():
    from cnnvis_site.rebuild import data_state

    from cnnvis.data.registry import SETS
    from cnnvis.data.torchvision_files import files_of

    assert data_state.FOLDERS.keys() == SETS.keys()
    for name, folder in data_state.FOLDERS.items():
        assert {path.partition("/")[0] for path in files_of(name, DOCS).files} == {folder}


# -- reading code --------------------------------------------------------------------------------


@pytest.fixture
def package(site):
    def read(readers=None):
        from cnnvis_site.rebuild import module_use

        return module_use.Package(site.folder / "shapes", readers or {})

    return read


def test_modules_used_are_found_in_every_way_of_importing(site, package):
    def used(code):
        return [file.stem for file in package().use(code).files]

    everything = ["area", "names", "numbers"]
    assert used("import numpy") == []
    assert used("from shapes.names import name") == ["names"]
    assert used("import shapes.names as n") == ["names"]
    assert used("from shapes import names") == ["names"]
    assert used("import shapes as s\ns.name(1)") == ["names"]
    assert used("import shapes.names\nshapes.square(1)") == everything
    assert used("def f():\n    from shapes import square") == ["area", "numbers"]
    assert used("from shapes import unknown") == everything
    assert used("from shapes import *") == everything
    assert used("import shapes\nvars(shapes)") == everything
    assert used("from shapes import __version__") == []
    assert used("from shapes import (") == []  # it fails when it runs
    site.write("shapes/facts.json", "1")
    site.write("shapes/stored/weights.bin", "1")
    assert used("from shapes import name") == ["facts", "names"]
    site.write("shapes/names.py", 'FOLDER = "stored"\n\n\ndef name(x):\n    return str(x)\n')
    assert used("from shapes import name") == ["facts", "names", "weights"]
    assert used("from shapes import square") == ["area", "facts", "numbers"]


def test_names_that_a_reader_is_called_with_are_found_or_in_doubt(site, package):
    site.write("shapes/data.py", LOAD)
    site.write("shapes/more.py", 'from shapes.data import load\n\n\ndef more():\n    load("b")\n')

    def given(code):
        return package({"data.load": None}).use(code).given.get("data.load", "not in reach")

    assert given('from shapes.data import load\nload("a"), load("b", "test")') == {"a", "b"}
    assert given('from shapes.data import load as get\nget("a")') == {"a"}
    assert given('from shapes import data\ndata.load("a")') == {"a"}
    assert given('import shapes.data as d\nd.load("a")') == {"a"}
    assert given('import shapes.data\nshapes.data.load("a")') == {"a"}
    assert given("import torch\nfrom shapes import data\ntorch.load(file)") == set()
    assert given('from shapes import more\nfrom shapes.data import load\nload("a")') == {"a", "b"}
    assert given("import torch") == "not in reach"
    for handed_on in ("d = data\nd.load('a')", "getattr(data, 'load')('a')", "many = [data]"):
        assert given(f"from shapes import data\n{handed_on}") is None
    assert given("import shapes\nd = shapes.data\nd.load('a')") is None
    for doubtful in ("load(name)", "load()", "load(*names)", "get = load", "map(load, names)"):
        assert given(f"from shapes.data import load\n{doubtful}") is None
    assert given("from shapes.data import *\nload('a')") is None


def test_imports_from_elsewhere_become_distributions(package):
    from cnnvis_site.rebuild import fingerprints

    code = "import os.path, PIL.Image\nfrom torch.utils.tensorboard import SummaryWriter\n"
    found = package().use(code + "from sklearn import svm\nfrom shapes import square").imports
    assert found == {"PIL.Image", "torch.utils.tensorboard.SummaryWriter", "sklearn.svm"}
    names = {fingerprints._distribution(one) for one in found}
    assert names == {"pillow", "tensorboard", "scikit-learn"}
