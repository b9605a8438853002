"""What a small site hands out, and what its pages say of it."""

import io
import json
import re
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from cnnvis_site.downloads import stage
from sphinx.application import Sphinx
from sphinx.errors import ConfigError, ExtensionError
from sphinx.util.docutils import docutils_namespace, patch_docutils

CONF = """
extensions = ["myst_parser", "sphinx_gallery.gen_gallery", "cnnvis_site.book.link",
    "cnnvis_site.downloads", "cnnvis_site.finish"]
myst_enable_extensions = ["colon_fence", "deflist"]
html_theme = "basic"
exclude_patterns = ["_build"]
sphinx_gallery_conf = {
    "examples_dirs": ["../gallery"],
    "gallery_dirs": ["tutorials"],
    "plot_gallery": "False",
    "write_computation_times": False,
    "download_all_examples": False,
}
"""
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "cnnvis"
version = "1.2"
requires-python = ">=3.11"
"""
SCRIPT = '''"""
What is a line?
===============

See `the other <plot_2_other.html#x>`_, `a word <../../glossary.html#w>`_ and
`elsewhere <https://example.org/a_(b)>`_: ``a``.
"""
x = 1
'''
PAGE = """
# Downloads

```{site-file} archive
```

```{site-file} wheel
```

````{with-wheel}
```sh
pip install WHEEL
```
````

````{with-wheel}
:published:

```sh
pip install SITEWHEEL
```
````

```{tutorial-files}
```
"""


class Site:
    def __init__(self, folder):
        self.folder = folder
        self.html = folder / "docs" / "_build" / "html"
        files = {
            "docs/conf.py": CONF,
            "docs/index.md": "# Home\n\n```{toctree}\n:glob:\ntutorials/*/index\n*\n```\n",
            "docs/downloads.md": PAGE,
            "gallery/GALLERY_HEADER.rst": "Tutorials\n=========\n",
            "gallery/1_part/GALLERY_HEADER.rst": "Part\n----\n",
            "gallery/1_part/plot_1_line.py": SCRIPT,
            "gallery/1_part/plot_2_other.py": SCRIPT.replace("line?", "dots?"),
            "pyproject.toml": PROJECT,
            "cnnvis/__init__.py": "ONE = 1\n",
        }
        for name, text in files.items():
            self.write(name, text)

    def write(self, name, text):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def build(self):
        """Return the warnings, and note which pages were read."""
        docs, warnings, self.read = self.folder / "docs", io.StringIO(), []
        with docutils_namespace(), patch_docutils(docs):
            folders = [docs, docs, self.html, docs / "_build" / "trees"]
            app = Sphinx(*folders, "html", status=None, warning=warnings)
            app.connect("source-read", lambda _app, page, _source: self.read.append(page))
            app.build()
        return re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())

    def handed_out(self):
        """Return name and bytes of what the site offers."""
        files = [*self.html.glob("*.whl"), *self.html.glob("*.zip")]
        files += self.html.glob("_downloads/*/*")
        return {file.relative_to(self.html).as_posix(): file.read_bytes() for file in files}

    def page(self, name):
        return BeautifulSoup((self.html / f"{name}.html").read_text("utf-8"), "html.parser")

    def notebook(self, name="plot_1_line"):
        (file,) = self.html.glob(f"_downloads/*/{name}.ipynb")
        return json.loads(file.read_text("utf-8"))


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    """A site at no address, of no date."""
    for name in ("CNNVIS_SITE_URL", "CNNVIS_NOTEBOOKS", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def prose(notebook):
    return "".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown")


def test_two_builds_hand_out_the_same_bytes_and_the_date_is_the_one_asked_for(
    tmp_path, monkeypatch
):
    sites = [Site(tmp_path / name) for name in ("one", "another")]
    for site in sites:
        assert site.build() == ""
    one, another = (site.handed_out() for site in sites)
    assert one == another
    assert len(one) == 6
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    sites[0].build()
    (archive,) = sites[0].html.glob("*.zip")
    with ZipFile(archive) as content:
        assert {member.date_time[:3] for member in content.infolist()} == {(2023, 11, 14)}


def test_a_second_build_reads_nothing_and_leaves_sphinx_gallerys_notebooks_alone(site):
    site.build()
    own = site.folder / "docs" / "tutorials" / "1_part" / "plot_1_line.ipynb"
    before, first = own.read_bytes(), site.handed_out()
    assert b"pip install" not in before
    assert site.build() == ""
    assert site.read == []
    assert own.read_bytes() == before
    assert site.handed_out() == first


def test_what_changes_is_read_again_and_what_goes_is_gone(site):
    site.build()
    site.write("cnnvis/__init__.py", "ONE = 1\n" + "# more\n" * 99999)
    site.write("pyproject.toml", PROJECT.replace("1.2", "1.3"))
    (site.folder / "gallery" / "1_part" / "plot_2_other.py").unlink()
    for file in site.folder.glob("docs/tutorials/1_part/plot_2_other.*"):
        file.unlink()  # as gallery_files.py does
    site.build()
    assert "downloads" in site.read
    names = {name.split("/")[-1] for name in site.handed_out()}
    wheel = "cnnvis-1.3-py3-none-any.whl"
    assert names == {wheel, "cnnvis-tutorials.zip", "plot_1_line.py", "plot_1_line.ipynb"}
    with ZipFile(site.html / "cnnvis-tutorials.zip") as archive:
        assert {name.split("/")[-1] for name in archive.namelist()} - names == {"README.txt"}
    assert wheel in site.page("downloads").text
    assert wheel in "".join(site.notebook()["cells"][0]["source"])


def test_raw_rest_in_a_notebook_is_a_warning_that_names_the_script(site):
    broken = SCRIPT.replace("``a``", ":math:`a` and :code:`b`")
    site.write("gallery/1_part/plot_1_line.py", broken)
    assert "the notebook of plot_1_line.py would show a role, ':code:`'" in site.build()


def test_a_package_that_cannot_be_built_stops_the_build(site):
    site.write("pyproject.toml", "[project]\n")
    with pytest.raises(ExtensionError, match="Hatchling built no wheel"):
        site.build()


def test_without_an_address_the_wheel_is_the_one_beside_and_colab_is_not_offered(site, monkeypatch):
    monkeypatch.setenv("CNNVIS_NOTEBOOKS", "someone/site/notebooks")
    site.build()
    notebook = site.notebook()
    assert "@" not in "".join(notebook["cells"][0]["source"])
    assert "See the other (`1_part/plot_2_other.ipynb`), a word and\n[elsewhere](" in prose(
        notebook
    )
    row = site.page("tutorials/1_part/plot_1_line").select_one(".tutorial-downloads")
    assert [a.text for a in row.select("a")] == [
        "Download plot_1_line.py",
        "Download plot_1_line.ipynb",
    ]
    blocks = [pre.text.strip() for pre in site.page("downloads").select("pre")]
    assert blocks == ["pip install cnnvis-1.2-py3-none-any.whl"]


def test_with_an_address_the_wheel_is_the_sites_and_colab_is_offered_where_it_can_work(
    site, monkeypatch
):
    site.build()
    monkeypatch.setenv("CNNVIS_SITE_URL", "https://someone.github.io/site")
    assert site.build() == ""
    wheel = "https://someone.github.io/site/cnnvis-1.2-py3-none-any.whl"
    first = "".join(site.notebook()["cells"][0]["source"])
    assert f'%pip install --quiet "cnnvis[tutorials] @ {wheel}"' in first
    assert "(https://someone.github.io/site/glossary.html#w)" in prose(site.notebook())
    blocks = [pre.text.strip() for pre in site.page("downloads").select("pre")]
    assert blocks == ["pip install cnnvis-1.2-py3-none-any.whl", f"pip install {wheel}"]
    assert not site.page("tutorials/1_part/plot_1_line").select("a[href*=colab]")

    monkeypatch.setenv("CNNVIS_NOTEBOOKS", "someone/site/notebooks")
    site.build()
    links = site.page("tutorials/1_part/plot_1_line").select("a[href*=colab]")
    path = "someone/site/blob/notebooks/1_part/plot_1_line.ipynb"
    assert [link["href"] for link in links] == [
        f"https://colab.research.google.com/github/{path}"
    ] * 2
    assert {link.text for link in links} == {"Open this notebook in Colab"}


@pytest.mark.parametrize("address", ["example.org/site", "https://", "https://a b", 'https://a"b'])
def test_an_address_that_is_none_is_refused(address, monkeypatch):
    monkeypatch.setenv("CNNVIS_SITE_URL", address)
    with pytest.raises(ConfigError, match="CNNVIS_SITE_URL is the site's address"):
        stage.site_address()


def test_files_are_listed_with_their_sizes(site):
    site.build()
    page = site.page("downloads")
    links = {a.text: a["href"] for a in page.select("a")}
    for file in [*site.html.glob("*.whl"), *site.html.glob("*.zip")]:
        (text,) = (text for text in links if text.startswith(f"Download {file.name} ("))
        assert links[text] == file.name
        assert re.search(r"\(\d+ KB\)$", text)
    terms = [dt.text for dt in page.select("dl dt")]
    assert terms == ["What is a line?", "What is a dots?"]
    assert re.search(r"plot_1_line\.py \(1 KB\), plot_1_line\.ipynb \(\d KB\)", page.text)
