"""The explanation pages: what their examples print, and what their figures say."""

import re
import runpy
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from cnnvis_site.figures import style
from cnnvis_site.pages import checked_examples

from cnnvis.plots.save import figure_text

DOCS = Path(__file__).parents[3] / "docs"
PAGES = sorted((DOCS / "explain").glob("*.md"))
SCRIPTS = sorted([*DOCS.glob("figures/*.py"), *DOCS.glob("explain/figures/*.py")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page):
    """Line, language and text of each block of code."""
    text = page.read_text("utf-8")
    return [
        (text.count("\n", 0, found.start()) + 1, found[1], found[2])
        for found in BLOCK.finditer(text)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_print_what_the_page_says(page):
    code = [(line, text) for line, _, text in blocks(page)]
    assert checked_examples.check(code, page.name) == ""


def test_there_are_examples_and_all_can_be_checked():
    found = {page.stem: blocks(page) for page in PAGES}
    assert sum(map(len, found.values())) >= 15
    for name, code in found.items():
        for line, language, text in code:
            assert language == "python", (name, line)
            assert text.startswith(">>> "), (name, line)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_figures_are_named_described_and_used(script, monkeypatch):
    monkeypatch.setenv("CNNVIS_SITE_BUILD", "1")
    plt.close("all")
    with plt.rc_context():
        style.reset({}, script)
        runpy.run_path(str(script))
    text = figure_text(plt.gcf())
    width, _ = plt.gcf().get_size_inches()
    plt.close("all")
    assert text.name == script.stem
    assert 60 <= len(text.description) <= 250
    assert re.search(r"\d", text.description)  # a finding
    assert width <= 8
    pages = "\n".join(page.read_text("utf-8") for page in [*PAGES, *DOCS.glob("*.md")])
    assert f"```{{drawn-figure}} {script.stem}\n" in pages
