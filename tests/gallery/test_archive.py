"""The archive, the wheel and the buttons of the built site."""

import os
from types import SimpleNamespace
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup

from gallery import promised

FOLDER = "cnnvis-tutorials"
pytestmark = pytest.mark.data


@pytest.fixture
def members(site):
    with ZipFile(site.archive) as archive:
        assert archive.testzip() is None
        return {one.filename: (one, archive.read(one)) for one in archive.infolist()}


@pytest.fixture
def page(site):
    """The page of downloads."""
    text = (site.html / "downloads.html").read_text("utf-8")
    return BeautifulSoup(text, "html.parser").article


def test_members_are_the_files_that_the_pages_offer(site, members):
    offered = {
        f"{FOLDER}/{page.parent.name}/{page.stem}{suffix}": file.read_bytes()
        for page in site.html.glob("tutorials/*/plot_*.html")
        for suffix, file in site.tutorials[page.stem].items()
    }
    offered[f"{FOLDER}/{site.wheel.name}"] = site.wheel.read_bytes()
    held = {name: content for name, (_, content) in members.items()}
    held.pop(f"{FOLDER}/README.txt")
    assert held == offered


def test_members_are_sorted_with_one_date_and_can_be_read_by_all(members):
    names = list(members)
    assert names == sorted(names)
    assert len({one.date_time for one, _ in members.values()}) == 1
    assert {one.external_attr >> 16 for one, _ in members.values()} == {0o100644}


def test_the_readme_has_three_lines_and_names_what_is_there(site, members):
    lines = members[f"{FOLDER}/README.txt"][1].decode().splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"{len(site.tutorials)} tutorials of cnnvis ")
    assert f'pip install "./{site.wheel.name}[tutorials]"' in lines[1]
    assert any(f"python {name.split('/')[-1]})" in lines[2] for name in members)


def test_no_two_tutorials_of_a_folder_of_the_archive_overwrite_each_others_figures(members):
    for folder in {name.split("/")[1] for name in members if name.endswith(".py")}:
        drawn = [
            (promised.FIGURES_IN.get(stem, "images"), figure)
            for stem, figures in promised.FIGURES.items()
            if f"{FOLDER}/{folder}/{stem}.py" in members
            for figure in figures
        ]
        assert len(drawn) == len(set(drawn)), folder


def test_each_tutorial_has_its_buttons_below_the_title_and_at_the_end(site):
    for name, tutorial in site.pages.items():
        rows = tutorial.select(".tutorial-downloads")
        assert rows[0].find_previous_sibling() == tutorial.h1
        assert rows[1].find_parent(class_="tutorial-footer")
        for row in rows:
            links = row.select("a")
            texts = [f"Download {name}.py", f"Download {name}.ipynb"]
            assert [link.text for link in links][:2] == texts
            published = os.environ.get("CNNVIS_SITE_URL") and os.environ.get("CNNVIS_NOTEBOOKS")
            assert len(links) == (3 if published else 2)
            for link in links[2:]:
                assert link.text == "Open this notebook in Colab"
                assert link["href"].startswith("https://colab.research.google.com/github/")


def test_nothing_else_is_offered_there(site):
    for name, tutorial in site.pages.items():
        assert set(site.tutorials[name]) == {".py", ".ipynb"}
        assert not tutorial.select("[class*=sphx-glr-download]")
    served = {path.name for path in site.html.glob("_downloads/*/*")}
    assert served == {f"{name}{suffix}" for name in site.tutorials for suffix in (".py", ".ipynb")}


def test_the_page_of_downloads_offers_everything_with_its_size(site, page):
    links = {link["href"]: link for link in page.select("a[href]")}
    for file in (site.wheel, site.archive):
        size = f"{file.stat().st_size / 1e6:.1f} MB"
        assert links[file.name].text == f"Download {file.name} ({size})"
    singles = {(site.html / unquote(href)).resolve(): link for href, link in links.items()}
    for files in site.tutorials.values():
        for file in files.values():
            size = f"({file.stat().st_size / 1e3:.0f} KB)"
            assert singles[file].text == file.name
            assert singles[file].next_sibling.strip().startswith(size)
    book = site.html / "cnnvis.pdf"
    assert ("cnnvis.pdf" in links) == book.is_file()


def test_the_page_says_how_to_install_this_very_wheel(site, page):
    assert f'pip install "./{site.wheel.name}[tutorials]"' in page.text
    assert "WHEEL" not in page.text


# -- a site that isn't made from these sources -------------------------------------------------


def test_a_site_that_is_older_than_the_sources_is_told(site, why_not, tmp_path):
    def but(**changes):
        return why_not(SimpleNamespace(**(vars(site) | changes)))

    assert but() == ""
    assert "has no wheel or no archive" in but(wheel=None)
    assert "has no wheel or no archive" in but(archive=tmp_path / "none.zip")
    assert "The site's tutorials are ['plot_20_pooling']" in but(tutorials={"plot_20_pooling": {}})
    other = tmp_path / "plot_20_pooling.py"
    other.write_bytes(site.tutorials["plot_20_pooling"][".py"].read_bytes() + b"\n")
    edited = site.tutorials | {"plot_20_pooling": {".py": other}}
    assert but(tutorials=edited) == "The site's plot_20_pooling.py isn't the one in gallery/"
    with ZipFile(site.wheel) as old, ZipFile(tmp_path / "new.whl", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + b"\n" * (name == "cnnvis/layers/hooks.py"))
    changed = "The cnnvis/layers/hooks.py in the site's wheel isn't the one in cnnvis/"
    assert but(wheel=tmp_path / "new.whl") == changed
