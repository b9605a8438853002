"""Builds as a whole, in processes of their own: stopped midway, failing, and twice the same."""

import json
import os
import re
import shutil
import sys
import time

import pytest
from small_site import DOCS, FIGURE, Site

EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
STOPPER = '''
"""Stop this process at the place that STOP_AT names, with whatever it writes there half done."""

import os
import shutil
import time
from pathlib import Path

from cnnvis_site.figures import scraper as figure_scraper
from cnnvis_site.html import light_pages
from matplotlib.figure import Figure

PLACE, HERE = os.environ.get("STOP_AT"), Path(__file__).parent


def stop():
    (HERE / "stopped").touch()
    time.sleep(600)


def here(place):
    if PLACE == place:
        stop()


def half(function, target, place, matches=""):
    """Let a function write its file, then cut that in two and stop."""

    def wrapped(*arguments, **words):
        done = function(*arguments, **words)
        file = Path(target(*arguments))
        if PLACE == place and matches in file.name:
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
            stop()
        return done

    return wrapped


def page(app, name, *_):
    if PLACE == "page" and name.endswith("plot_two"):
        Path(app.outdir, "tutorials").mkdir(parents=True, exist_ok=True)
        Path(app.outdir, f"{name}.html").write_text("<!DOCTYPE html><ht")
        stop()


def copied(app):
    if PLACE == "copy":
        folder = Path(app.outdir, "_images")
        folder.mkdir(parents=True, exist_ok=True)
        for image, name in app.builder.images.items():
            content = Path(app.srcdir, image).read_bytes()
            (folder / name).write_bytes(content[: len(content) // 2])
        stop()
    return []


def setup(app):
    Figure.savefig = half(Figure.savefig, lambda figure, file: file, "image", "two_001_2x")
    shutil.copyfile = half(shutil.copyfile, lambda source, file: file, "drawn", "cells")
    Path.write_text = half(Path.write_text, lambda file, *_: file, "records", "records.json")
    light = light_pages.whole_files.write
    light_pages.whole_files.write = half(light, lambda file, _: file, "finish", ".css")
    app.connect("html-page-context", page)
    app.connect("html-collect-pages", copied, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
'''
PLACES = ["tutorial", "image", "records", "drawn", "page", "copy", "finish"]
LINE = FIGURE.format(name="line", description="A line.", caption=None)


def make(folder):
    """A site with a page of every kind and three tutorials, of which the second may stop."""
    site = Site(folder)
    site.write("stopper.py", STOPPER)
    kinds = "checked_examples cost_tables data_page drawn_figures explorer light_pages"
    site.configure("sphinx.ext.autodoc", "myst_parser", *kinds.split(), "output_images", "stopper")
    conf = site.docs / "conf.py"
    settings = ['checked_examples = ["examples"]', 'project = author = copyright = "small"']
    settings.append('sphinx_gallery_conf["min_reported_time"] = 1e9')
    conf.write_text("\n".join([conf.read_text(), *settings, ""]))
    (folder / "data").mkdir()
    site.script("one", f"from shapes import name\n{LINE}print(name(2))", title="One")
    site.script("two", f"{LINE}import stopper\nstopper.here('tutorial')", title="Two")
    site.script("six", "{1, 2}", title="Six")
    head = "---\norphan: true\n---\n# Page\n\n"
    site.write("docs/figures/cells.py", LINE.replace('"line"', '"cells"'))
    site.write("docs/explorer/10_first.js", "// One.\n")
    for name, text in {
        "api": "```{eval-rst}\n.. autofunction:: shapes.square\n\n.. used-in:: shapes.name\n```\n",
        "drawn": "```{drawn-figure} cells\n```\n",
        "examples": "```python\n>>> from shapes import name\n>>> name(2)\n'2'\n```\n",
        "data": "```{data-sets}\n```\n",
        "seconds": "```{build-seconds}\n```\n",
        "profile": "```{build-profile}\n```\n",
        "shown": "```{tutorial-figure} plot_one/line\n```\n",
        "explorer/index": "```{explorer} mnist\n```\n",
    }.items():
        site.write(f"docs/{name}.md", head + text)
    return site


def start(site, *options, **settings):
    """Start a build that sees no image sets."""
    data = str(site.folder / "data")
    return site.start(*(options or ["-W"]), CNNVIS_DATA=data, CNNVIS_SITE_BUILD="1", **settings)


def finish(site, *options, **settings):
    """Build to the end; return the status and the lines of the standard error."""
    process = start(site, *options, **settings)
    errors = process.communicate(timeout=500)[1]
    return process.returncode, re.sub(r"\x1b\[[0-9;]*m", "", errors).splitlines()


def compared():
    sys.path.insert(0, str(DOCS))
    try:
        import compare_builds
    finally:
        sys.path.pop(0)
    return compare_builds


def differences(one, two):
    """What differs between two built sites, the archives with their times apart."""
    found = compared().differences(one.html, two.html)
    return [line for line in found if not line.partition(" ")[0].endswith(".zip")]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    site = make(tmp_path_factory.mktemp("undisturbed"))
    assert finish(site, **EPOCH, PYTHONHASHSEED="1") == (0, [])
    return site


def test_two_builds_in_two_folders_are_the_same(undisturbed, tmp_path):
    site = make(tmp_path / "another folder")
    assert finish(site, **EPOCH, PYTHONHASHSEED="2") == (0, [])
    assert differences(undisturbed, site) == []
    assert len(compared().files(site.html)) > 40


@pytest.mark.parametrize("place", PLACES)
def test_after_a_build_that_was_killed_the_next_is_as_if_nothing_had_been(
    undisturbed, tmp_path, place
):
    site = make(tmp_path)
    process = start(site, STOP_AT=place, **EPOCH)
    while not (tmp_path / "stopped").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert (site.docs / "_doctrees/html/build-not-finished").exists(), "it was not midway"
    assert finish(site, **EPOCH) == (0, [])
    assert differences(undisturbed, site) == []


def test_a_failing_tutorial_is_named_in_the_last_lines_and_the_rest_is_built(tmp_path):
    site = make(tmp_path)
    site.script("two", f"{LINE}\n# %%\n# More.\nx = 0\n1 / x\n\n# %%\n# End.\n", title="Two")
    site.script("zero", "raise ValueError('two\\nlines')", title="Zero")
    site.write("shapes/broken.py", "def f(:\n")
    site.script("broken", "import shapes.broken", title="Broken")
    site.script("exit", "import sys\nsys.exit()", title="Exit")
    status, lines = finish(site)
    assert status == 1
    assert lines[-5] == "ERROR: 4 tutorials failed; the rest of the site is in docs/_build:"
    line = (tmp_path / "gallery/plot_two.py").read_text().splitlines().index("1 / x") + 1
    assert lines[-4].startswith("ERROR: gallery/plot_broken.py, line 7: SyntaxError: ")
    assert lines[-3].startswith(
        "ERROR: gallery/plot_exit.py, line 8: RuntimeError: a tutorial must"
    )
    assert lines[-2:] == [
        f"ERROR: gallery/plot_two.py, line {line}: ZeroDivisionError: division by zero",
        "ERROR: gallery/plot_zero.py, line 7: ValueError: two",
    ]
    page = site.page("tutorials/plot_two")
    assert "ZeroDivisionError" in page.text
    assert page.find("figure")
    assert (site.html / "tutorials" / page.find("figure").find("img")["src"]).is_file()
    for name in ("index", "tutorials/plot_one", "tutorials/plot_six", "explorer/index"):
        assert site.page(name).find("h1")
    assert finish(site)[1][-2:] == lines[-2:], "it runs again and fails again"
    for name in ("zero", "broken", "exit", "two"):
        site.script(name, "x = 1", title=name)
    assert finish(site) == (0, [])


def test_what_pages_depend_on_is_kept_when_two_processes_read_them(tmp_path):
    site = make(tmp_path)
    assert finish(site, "-W", "-j2", **EPOCH) == (0, [])
    site.write("shapes/names.py", "def name(x):\n    return 'other'\n")
    status, lines = finish(site, **EPOCH)
    assert status == 1
    assert any("The examples of examples do not print" in line for line in lines)


def test_a_failing_tutorial_fails_also_a_build_that_allows_warnings(tmp_path):
    site = make(tmp_path)
    site.script("two", "1 / 0", title="Two")
    assert finish(site, "-n")[0] == 1


# -- the costs -----------------------------------------------------------------------------------


def test_costs_are_measured_and_shown_beside_their_budgets(site, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    site.configure("cost_tables", "myst_parser")
    code = "import time\nimport numpy as np\nx = np.ones(50_000_000)\ndel x\ntime.sleep(0.3)"
    site.script("slow", code, title="A slow one")
    head = "---\norphan: true\n---\n# Page\n\n"
    site.write("docs/seconds.md", f"{head}```{{build-seconds}}\n```\n")
    site.write("docs/profile.md", f"{head}```{{build-profile}}\n```\n")

    def table(name):
        rows = [row.find_all("td") for row in site.page(name).find("table").find_all("tr")[1:]]
        return {cells[0].text: [cell.text for cell in cells[1:]] for cells in rows}

    assert site.build() is None
    seconds = float(table("seconds")["A slow one"][0])
    assert 0.3 <= seconds == float(table("seconds")["all of them"][0])
    assert site.page("seconds").find("td").find("a")["href"] == "tutorials/plot_slow.html"
    assert "watt-hours" in site.page("seconds").text
    took, allowed, held, may_hold, over = table("profile")["A slow one"]
    assert (float(took), allowed, may_hold, over) == (seconds, "15", "1500", "nothing")
    if sys.platform == "linux":
        assert 380 < float(held) < 700  # 400 MB of numbers, and what importing numpy takes
    else:
        assert held == "n/a"

    budget = {"plot_slow": {"seconds": 0.1, "why": "It sleeps."}}
    site.write("docs/budgets.json", json.dumps(budget))
    assert site.build() is None
    assert table("profile")["A slow one"][1::3] == ["0.1", "seconds"]
    assert "It sleeps." in site.page("profile").text
    assert table("seconds")["A slow one"] == [f"{seconds}"], "not run again"

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert site.build() is None
    for name in ("seconds", "profile"):
        assert site.page(name).find("table") is None
        assert "reproducible" in site.page(name).text


def test_the_build_prints_the_costs_when_something_ran(site, monkeypatch):
    from cnnvis_site.runs import costs as build_costs

    said = []
    monkeypatch.setattr(build_costs.logger, "info", lambda text, *facts: said.append(text % facts))
    for name in ("one", "two"):
        site.script(name, f"x = '{name}'", title=name)
    site.write("docs/budgets.json", '{"plot_two": {"seconds": 0, "megabytes": 7}}')
    assert site.build() is None
    assert [line[:2] for line in said] == ["  ", "* ", "* "]
    assert re.search(r"plot_two +0\.0 +0 +(\d+|n/a) +7 +over: seconds$", said[2].rstrip())
    said.clear()
    site.script("one", "x = 3", title="one")
    assert site.build() is None
    assert [line[:2] for line in said] == ["  ", "* ", "  "]
    said.clear()
    assert site.build() is None
    assert said == []


@pytest.mark.usefixtures("site")
def test_energy_is_watts_times_seconds():
    from cnnvis_site.runs import cost_tables

    text = " ".join(cost_tables.energy(3600.0))
    assert "10 to 150 watt-hours" in text
    assert "60 to 900 minutes" in text


def test_budgets_are_of_tutorials_that_there_are_and_say_why():
    budgets = json.loads((DOCS / "budgets.json").read_text("utf-8"))
    for name, budget in budgets.items():
        assert (DOCS.parent / "gallery" / f"{name}.py").is_file(), name
        assert budget.keys() <= {"seconds", "megabytes", "why"}
        assert len(budget["why"]) > 20


# -- the comparison ------------------------------------------------------------------------------


@pytest.fixture
def two(undisturbed, tmp_path):
    """Two copies of one build."""
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        shutil.copytree(undisturbed.html, folder, ignore=shutil.ignore_patterns(".doctrees"))
    return folders


def test_a_comparison_says_what_differs(two, capsys, monkeypatch):
    from PIL import Image

    compare, (one, other) = compared(), two
    assert compare.report(one, other) == 0
    (one / "alone.html").write_text("1")
    (other / "lonely.html").write_text("1")
    page = other / "index.html"
    page.write_text(page.read_text("utf-8").replace("Home", "House"), "utf-8")
    changed = next(other.glob("_images/*plot_one_001.png"))
    with Image.open(changed) as image:
        image.putpixel((3, 4), (1, 2, 3))
        image.save(changed)
    worded = next(other.glob("_images/*plot_one_001_2x.png"))
    with Image.open(worded) as image:
        from PIL.PngImagePlugin import PngInfo

        words = PngInfo()
        words.add_text("Software", "other")
        image.save(worded, pnginfo=words)
    notebook = next(other.glob("_downloads/**/plot_one.ipynb"))
    content = json.loads(notebook.read_text("utf-8"))
    content["cells"][0]["id"] = "other"
    notebook.write_text(json.dumps(content), "utf-8")
    inventory = other / "objects.inv"
    inventory.write_bytes(inventory.read_bytes()[:-9])
    monkeypatch.setattr(sys, "argv", ["compare_builds.py", str(one), str(other)])
    assert compare.main() == 7
    said = capsys.readouterr().out
    assert f"only in {one}: alone.html" in said
    assert f"only in {other}: lonely.html" in said
    assert re.search(r"index.html differs:\n    -.*Home.*\n    \+.*House", said)
    assert re.search(r"001.png differs:\n    -pixels: .*\n    \+pixels", said)
    assert re.search(r"001_2x.png differs:\n(    -.*\n)*    \+Software: other", said)
    assert "+cell 0: markdown, id other" in said
    assert "objects.inv differs:\n" in said
    assert "can't be read" in said


def test_times_of_archives_are_told(tmp_path):
    import zipfile

    for name, year in (("one", 2001), ("two", 2002)):
        (tmp_path / name).mkdir()
        with zipfile.ZipFile(tmp_path / name / "a.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("inner.py", (year, 1, 1, 0, 0, 0)), "x")
    (line,) = compared().differences(tmp_path / "one", tmp_path / "two")
    assert re.search(r"-inner.py: time \(2001.*\n    \+inner.py: time \(2002", line)


def test_the_environment_does_not_make_builds_reproducible_by_itself():
    assert "SOURCE_DATE_EPOCH" not in os.environ, "the tests of costs would mean nothing"
