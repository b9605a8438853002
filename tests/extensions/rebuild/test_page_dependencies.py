"""Pages are read again when what they show has changed, and not else."""

import pytest
from small_site import FIGURE, Kept

PRETRAINED = (
    'from pathlib import Path\n\nFOLDER = Path(__file__).parent / "weights"\n\n\n'
    "def load_pretrained(name):\n    return (FOLDER / f'{name}.bin').read_text()\n"
)
LINE = FIGURE.format(name="line", description="A line.", caption=None)


def read_and_written(site):
    """Build, and return the pages that were read and those that were written."""
    assert site.build() is None
    return site.read, site.written


def prepare(site):
    """Write a page of every kind."""
    ours = ["checked_examples", "data", "standin_cards"]
    names = [f"pages.{one}" for one in ours]
    site.configure("myst_parser", "explorer", *names, settings='checked_examples = ["examples"]')
    site.write("shapes/pretrained.py", PRETRAINED)
    site.write("shapes/weights/mnist.bin", "1")
    site.script("line", f"from shapes import name\n{LINE}")
    head = "---\norphan: true\n---\n# Page\n\n"
    drawing = LINE.replace('"line"', '"cells"')
    site.write("docs/figures/cells.py", f"from shapes import square\n{drawing}")
    controls = 'import { all } from "{}controls/all.js";\n\n'
    site.write("cnnvis/explorer/web/controls/all.js", "export const all = 1;\n")
    site.write("cnnvis/explorer/web/explorer.js", controls.replace("{}", "./"))
    site.write("cnnvis/explorer/web/widgets/one.js", controls.replace("{}", "../"))
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


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return Kept(tmp_path_factory.mktemp("pages"), prepare)


@pytest.fixture
def pages(kept):
    return kept.restored()


def test_a_second_build_reads_and_writes_no_page(pages):
    assert read_and_written(pages) == (set(), set())


@pytest.mark.parametrize(
    ("path", "text", "again"),
    [
        ("shapes/area.py", "def square(x):\n    return 1 * x * x\n", {"drawn"}),
        ("shapes/names.py", "def name(x):\n    return f'{x}'\n", {"examples", "line"}),
        ("docs/figures/cells.py", LINE.replace('"line"', '"cells"'), {"drawn"}),
        ("docs/cards/standins.json", "{}", {"cards"}),
        ("cnnvis/explorer/web/explorer.js", "const two = 2;\n", {"explorer/index"}),
        ("cnnvis/explorer/web/explorer.css", "a {}\n", {"explorer/index"}),
        (
            "cnnvis/explorer/web/controls/all.js",
            "export const all = 2;\n",
            {"explorer/index", "explorer/widget"},
        ),
        ("cnnvis/explorer/web/widgets/one.js", "const one = 1;\n", {"explorer/widget"}),
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


def test_a_link_to_a_page_that_was_removed_is_told(site):
    site.write("docs/extra.rst", ":orphan:\n\nExtra\n=====\n")
    site.write("docs/links.rst", ":orphan:\n\nLinks\n=====\n\n:doc:`extra`\n")
    site.script("none", "x = 1")
    assert site.build() is None
    (site.docs / "extra.rst").unlink()
    assert "unknown document" in site.build()
