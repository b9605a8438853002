"""The notebooks that the site offers, read as a person would."""

import json
import os
import re
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from zipfile import ZipFile

import nbformat
import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
RAW = {
    "backtick": r"`",
    "two colons": r"::",
    "role": r"(?<!\w):[\w:+-]+:",
    "line of two points": r"(^|\s)\.\.(\s|$)",
    "underscore": r"(?<![\w/])\w*[^\W_]__?(?=\W|$)|(?<=\])_|(?<=\.\.\.)_",
    "bars": r"\|[^\s|][^|]*\|",
    "dollar": r"\$",
    "LaTeX": r"\\\w+",
    "angle brackets": r"<\S",
    "star": r"\*",
    "underline": r"([=~^\"#+-])\1{3,}",
    "square brackets before a link": r"\]\(",
}
BROKEN = [
    "See :term:`kernel` in the glossary.",
    "See :doc:`the other page </x>`.",
    ".. note:: Take care.",
    "Text.\n\n.. figure:: a.png\n   :alt: an image",
    "Text.\n\n.. a comment",
    "A `link <https://example.org>`_ to a page.",
    "A link_ to a page.",
    "A note [1]_ below.",
    "It prints::\n\n    1",
    "Two ``ticks` that are not closed.",
    "The |version| of today.",
    "The formula :math:`x^2`.",
    "A sum \\begin{align}x\\end{align} here.",
    "A heading\n^^^^^^^^^\n",
    "Some **words that never end.",
    "One $ too many.",
    "[a link](with spaces in it)",
]
FINE = [
    "# A title\n\nText with `code_ :: $x$`, $a_1 * b_$ and *words*: 2×2; a_b and __init__.py.",
    "$$\\frac{a}{b}$$\n\n* one\n* two\n\n1. first [link](https://example.org/a_b_)",
    "Code:\n\n```python\nx = y_ ** 2  # ``::``\n```\n",
]


def rendered(markdown, without=".math"):
    """Return what Markdown looks like, without its maths, or more."""
    soup = BeautifulSoup(MARKDOWN.render(markdown), "html.parser")
    for tag in soup.select(without):
        tag.replace_with("...")
    return soup


def raw(markdown):
    """Return what one can see of reStructuredText, or of Markdown that went wrong."""
    text = rendered(markdown, "code, .math").get_text()
    return [what for what, pattern in RAW.items() if re.search(pattern, text, re.MULTILINE)]


@pytest.mark.parametrize("text", BROKEN)
def test_the_check_finds_what_is_broken(text):
    assert raw(text)


@pytest.mark.parametrize("text", FINE)
def test_the_check_lets_through_what_is_fine(text):
    assert raw(text) == []


def pytest_generate_tests(metafunc):
    if "name" in metafunc.fixturenames:
        gallery = metafunc.config.rootpath / "gallery"
        names = sorted(path.stem for path in gallery.glob("*/plot_*.py"))
        metafunc.parametrize("name", [pytest.param(one, marks=pytest.mark.data) for one in names])


@pytest.fixture
def notebook(site, name):
    return nbformat.read(site.tutorials[name][".ipynb"], as_version=nbformat.NO_CONVERT)


def texts(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def test_notebook_reads_well(notebook):
    assert {text: raw(text) for text in texts(notebook) if raw(text)} == {}


def test_a_notebook_says_what_its_page_says(notebook, site, name):
    """Every heading, paragraph and point of the notebook stands on the page in the same words."""
    page = BeautifulSoup(str(site.pages[name].article), "html.parser")
    for tag in page.select("math, .headerlink, .eqno"):
        tag.replace_with("..." if tag.name == "math" else "")
    said = words(page)
    for text in texts(notebook):
        for block in rendered(text).select("h1, h2, h3, p, li"):
            assert words(block) in said
    headings = [one for text in texts(notebook) for one in rendered(text).select("h1, h2, h3")]
    assert len(headings) == len(page.select("h1, h2, h3"))


def words(tag):
    """Return the text with plain quotes, without space and the file names that stand for links."""
    text = tag.get_text()
    for plain, typeset in {"'": "[‘’]", '"': "[“”]", "--": "–", "...": "…"}.items():
        text = re.sub(typeset, plain, text)
    return re.sub(r"\s+", "", re.sub(r"\s\(\w+/plot_\w+\.ipynb\)", "", text))


def test_links_lead_out_or_are_gone(notebook, site):
    base = os.environ.get("CNNVIS_SITE_URL")
    for text in texts(notebook):
        for link in BeautifulSoup(MARKDOWN.render(text), "html.parser").select("[href], [src]"):
            address = link.get("href") or link["src"]
            assert urlsplit(address).scheme in ("http", "https"), link
            if base and address.startswith(base):
                assert (site.html / urlsplit(address.removeprefix(base)).path).is_file(), address


def test_formulas_stand_between_dollars(notebook, site, name):
    shown = [
        formula
        for text in texts(notebook)
        for formula in BeautifulSoup(MARKDOWN.render(text), "html.parser").select(".math")
    ]
    assert len(shown) == len(site.pages[name].select("article math"))


def test_it_holds_the_code_of_the_script(notebook, site, name):
    blocks = split_code_and_text_blocks(str(site.tutorials[name][".py"]))[1]
    code = [block[1].strip() for block in blocks if block[0] == "code"]
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"][1:]
    kept = "\n".join(cells).split()
    settings = r"^# sphinx_gallery_\w+ = .*$"
    assert kept == re.sub(settings, "", "\n".join(code), flags=re.MULTILINE).split()


def test_it_is_valid_and_starts_with_a_cell_that_installs_the_sites_wheel(notebook, site):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    first, second = notebook.cells[:2]
    assert (first.cell_type, second.cell_type) == ("code", "markdown")
    assert first.source.startswith("# Install cnnvis and what the tutorials use, unless")
    assert "%pip install" in first.source
    assert site.wheel.name in first.source
    assert second.source.startswith("# ")
    assert second.source.splitlines()[0].endswith("?")


# -- the first cell ----------------------------------------------------------------------------


@pytest.fixture
def opened(reader, environment, tmp_path):
    """A function that runs the first cell of a notebook, and returns what it printed and did."""

    def run(path, fails=False):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = notebook.cells[:1]
        nbformat.write(notebook, path)
        done = reader.execute(path, tmp_path / "environment", environment, fails=fails)
        cell = nbformat.read(path, as_version=4).cells[0]
        done.printed = "".join(one.get("text", one.get("evalue", "")) for one in cell.outputs)
        return done

    return run


def test_in_the_archive_the_wheel_is_found_in_the_folder_above(site, opened, tmp_path):
    with ZipFile(site.archive) as archive:
        archive.extractall(tmp_path / "un packé")
    (path,) = tmp_path.glob("un packé/cnnvis-tutorials/*/plot_20_pooling.ipynb")
    done = opened(path)
    assert done.installed, done.printed


def test_without_the_wheel_the_first_cell_says_what_to_do(site, opened, tmp_path):
    path = tmp_path / "alone.ipynb"
    shutil.copyfile(site.tutorials["plot_20_pooling"][".ipynb"], path)
    if "cnnvis[tutorials] @" in path.read_text("utf-8"):
        pytest.skip("this site was built with an address, from where the wheel is taken")
    done = opened(path, fails=True)
    assert not done.installed
    assert done.printed.startswith(f"put {site.wheel.name} into {path.parent}, and run")


def test_an_installation_that_fails_stops_the_notebook(site, opened, tmp_path):
    path = tmp_path / "beside.ipynb"
    shutil.copyfile(site.tutorials["plot_20_pooling"][".ipynb"], path)
    (tmp_path / site.wheel.name).write_bytes(b"half")
    done = opened(path, fails=True)
    assert not done.installed
    assert re.search("put .* into|see what pip says above", done.printed)


def test_a_published_notebook_installs_the_wheel_from_the_site(site, opened, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(site.html.parents[1] / "_ext")
    from cnnvis_site.downloads.notebooks import finish

    notebook = json.loads(site.tutorials["plot_20_pooling"][".ipynb"].read_text("utf-8"))
    notebook["cells"] = notebook["cells"][1:]
    path = tmp_path / "published.ipynb"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site.html)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        path.write_bytes(finish(notebook, "tutorials/x", site.wheel.name, address))
        done = opened(path)
        server.shutdown()
    assert done.installed, done.printed


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""
