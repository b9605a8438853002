"""Which tutorials a build runs again and which it leaves alone, in small sites."""

import json
import os

import pytest
from cnnvis_site.rebuild import records
from small_site import FIGURE, LOGGED, Kept, Runs, add_logged

LOAD = "def load(name, split='train'):\n    return name\n"
PRETRAINED = (
    'from pathlib import Path\n\nFOLDER = Path(__file__).parents[1] / "weights"\n\n\n'
    "def load_pretrained(name):\n    return (FOLDER / f'{name}.bin').read_text()\n"
)
READERS = {
    "digits": 'from shapes.data.loading import load\nload("mnist", "test")',
    "photos": 'import shapes.data.loading\nshapes.data.loading.load("cifar10")',
    "any": 'from shapes.data.loading import load\n[load(one) for one in ("mnist", "cifar10")]',
    "net": 'from shapes.models.pretrained import load_pretrained\nload_pretrained("mnist")',
    "nets": "from shapes.models import pretrained\nfetch = pretrained.load_pretrained",
}
LINE = FIGURE.format(name="line", description="A line.", caption=None)


def test_first_build_runs_everything_and_the_second_nothing(logged):
    site = logged.restored()
    runs = Runs(site)
    assert runs() == ["area", "both", "names", "none"]
    assert site.build() is None
    assert runs() == []


@pytest.mark.parametrize(
    ("module", "users"),
    [("area", ["area", "both"]), ("names", ["both", "names"]), ("numbers", ["area", "both"])],
)
def test_editing_a_module_runs_the_scripts_that_use_it_and_only_those(built, runs, module, users):
    file = built.folder / "shapes" / f"{module}.py"
    before = file.read_text()
    file.write_text(before + "\nX = 1\n")
    assert built.build() is None
    assert runs() == users
    file.write_text(before)
    assert built.build() is None
    assert runs() == users


def test_editing_a_script_runs_that_script(built, runs):
    script = built.folder / "gallery" / "plot_names.py"
    script.write_text(script.read_text() + "\ny = 2\n")
    assert built.build() is None
    assert runs() == ["names"]


def test_touching_a_file_without_changing_it_runs_nothing(built, runs):
    for file in (*built.folder.glob("gallery/*.py"), *built.folder.glob("shapes/*.py")):
        os.utime(file, (2e9, 2e9))
    assert built.build() is None
    assert runs() == []


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    """Scripts that load image sets and networks, beside those that log alone."""

    def prepare(site):
        add_logged(site, LOGGED | READERS)
        site.write("shapes/data/__init__.py", '"""Data."""\n')
        site.write("shapes/data/loading.py", LOAD)
        site.write("shapes/models/__init__.py", "")
        site.write("shapes/models/pretrained.py", PRETRAINED)
        for name in ("mnist", "cifar10"):
            site.write(f"shapes/weights/{name}.bin", name)
        for path in ("MNIST/raw/digits", "cifar-10-batches-py/photos"):
            site.write(f"data/{path}", "first")

    return Kept(tmp_path_factory.mktemp("readers"), prepare)


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
def test_data_and_weights_run_what_loads_them_by_name_and_what_may(readers, path, users):
    site = readers.restored()
    runs = Runs(site)
    runs()
    site.write(path, "other")  # of the same size as the first
    assert site.build() is None
    assert runs() == users


def test_the_package_itself_counts_where_it_does_more_than_pass_on_names(built, runs):
    init = (built.folder / "shapes" / "__init__.py").read_text()
    built.write("shapes/__init__.py", f'"""Shapes."""\n{init}__version__ = "2"\n')
    assert built.build() is None
    assert runs() == []
    built.write("shapes/__init__.py", f"{init}print()\n")
    assert built.build() is None
    assert runs() == ["area", "both", "names"]


def test_a_record_says_what_a_script_depends_on_and_the_build_why_it_runs(built, runs, monkeypatch):
    said = []
    monkeypatch.setattr(records.logger, "info", lambda text, *facts: said.append(text % facts))
    (built.docs / "tutorials" / "records.json").unlink()
    assert built.build() is None
    assert len(said) == 4
    known = json.loads((built.docs / "tutorials" / "records.json").read_text("utf-8"))
    uses = known["tutorials/plot_names.py"]["uses"]
    style = "style cnnvis_site.figures.scraper"
    assert {"code", "shapes/names.py", "version torch", style} <= uses.keys()
    assert "shapes/area.py" not in uses
    built.write("shapes/names.py", "def name(x):\n    return repr(x)\n")
    said.clear()
    assert built.build() is None
    assert runs()[-2:] == ["both", "names"]
    why = "runs: not as it was, shapes/names.py"
    assert said == [f"tutorials/plot_{name}.py {why}" for name in ("both", "names")]


def test_a_failed_build_fails_again_and_what_ran_well_in_it_does_not_run_again(built, runs):
    built.write("docs/page.rst", ":orphan:\n\nPage\n====\n\n:doc:`nowhere`\n")
    built.write("shapes/names.py", "def name(x):\n    return repr(x)\n")
    assert "nowhere" in built.build()
    assert runs() == ["both", "names"]
    assert "nowhere" in built.build()
    assert runs() == []
    built.write("docs/page.rst", ":orphan:\n\nPage\n====\n")
    assert built.build() is None
    assert runs() == []


def test_a_script_that_warns_runs_again_until_it_does_not(built, runs):
    script = built.folder / "gallery" / "plot_none.py"
    script.write_text(script.read_text() + "\n# sphinx_gallery_thumbnail_number = one\n")
    for _ in range(2):
        assert "thumbnail_number" in built.build()
        assert "none" in runs()
    script.write_text(script.read_text().replace(" = one", " = 1"))
    assert built.build() is None
    assert runs() == ["none"]


def test_undoing_the_change_of_a_failed_script_runs_it_again(built, runs):
    names = built.folder / "shapes" / "names.py"
    before = names.read_text()
    names.write_text("1 / 0\n")
    assert "ZeroDivisionError" in built.build()
    runs()
    names.write_text(before)
    assert built.build() is None
    assert runs() == ["both", "names"]


def test_a_module_with_a_broken_syntax_fails_its_users_alone(built, runs):
    built.write("shapes/names.py", "def name(x:\n")
    assert "SyntaxError" in built.build()
    built.write("shapes/names.py", "def name(x):\n    return x\n")
    assert built.build() is None
    assert {"both", "names"} <= set(runs())


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """A tutorial with a figure."""

    def prepare(site):
        site.builder = "dummy"
        site.script("line", LINE)

    return Kept(tmp_path_factory.mktemp("line"), prepare)


@pytest.mark.parametrize("damage", ["delete", "truncate"])
@pytest.mark.parametrize(
    "name", ["images/sphx_glr_plot_line_001.png", "images/sphx_glr_plot_line_001_2x.png",
             "images/sphx_glr_plot_line_001.json", "images/thumb/sphx_glr_plot_line_thumb.png",
             "plot_line.rst"]
)  # fmt: skip
def test_a_file_of_a_tutorial_that_is_missing_or_damaged_is_made_again(line, name, damage):
    site = line.restored()
    file = site.docs / "tutorials" / name
    whole = file.read_bytes()
    file.chmod(0o644)
    file.unlink() if damage == "delete" else file.write_bytes(whole[: len(whole) // 2])
    assert site.build() is None
    if name.endswith(".rst"):  # it has the time of the run
        assert len(file.read_bytes()) > 0.9 * len(whole)
    else:
        assert file.read_bytes() == whole


@pytest.mark.parametrize("text", ["", '{"tutorials/plot_none.py": {"uses', "[]"])
def test_half_a_file_of_records_is_no_file_of_records(built, runs, text):
    built.write("docs/tutorials/records.json", text)
    assert built.build() is None
    assert runs() == ["area", "both", "names", "none"]


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
    site.script("none", "x = 1")
    site.write("docs/_static/a.css", "a {}")
    site.configure()
    site.build("html")
    folder, page = site.docs / "_static", site.html / "index.html"
    before = records._state(folder.glob("*.*"))
    assert records._state(folder.glob("*.*")) == before
    page.write_text("old")
    assert site.build("html") is None
    assert page.read_text() == "old"
    site.write("docs/_static/a.css", "a { color: red }")
    assert records._state(folder.glob("*.*")) != before
    assert site.build("html") is None
    assert page.read_text() != "old"
