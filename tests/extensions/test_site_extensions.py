"""The Sphinx extensions in docs/_ext, each in a small site of its own."""

import base64
import importlib
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from small_site import DOCS, FIGURE

import cnnvis

# -- figures -------------------------------------------------------------------------------------


def test_figure_has_escaped_description_size_and_a_sharp_version(site):
    description = 'A line from 1 to 2 <with> a "quote" & a *star*, a_'
    code = FIGURE.format(name="line", description=description, caption="It rises_ *steadily*.")
    site.script("line", code)
    assert site.build() is None
    image = site.page("tutorials/plot_line").find("figure").find("img")
    assert image["alt"] == description
    assert (image["width"], image["height"]) == ("400", "300")
    assert image["loading"] == "lazy"
    once, twice = image["srcset"].split(", ")
    assert once == f"{image['src']} 1x"
    assert (site.html / "tutorials" / twice.removesuffix(" 2x")).is_file()
    assert (site.html / "tutorials" / image["src"]).is_file()
    caption = site.page("tutorials/plot_line").find("figcaption")
    assert caption.find(class_="caption-text").text == "It rises_ *steadily*."


def test_figure_without_caption_has_none(site):
    site.script("line", FIGURE.format(name="line", description="A line.", caption=None))
    assert site.build() is None
    assert site.page("tutorials/plot_line").find("figcaption") is None


def test_figure_in_latex_is_the_sharp_one(site):
    site.script("line", FIGURE.format(name="line", description="A line.", caption="It rises."))
    assert site.build("latex") is None
    output = site.docs / "_build" / "latex"
    text = "".join(file.read_text("utf-8") for file in output.glob("*.tex"))
    assert "_001_2x}" in text
    assert "It rises." in text
    assert (output / "sphx_glr_plot_line_001_2x.png").is_file()


def test_figure_without_description_fails_and_names_script_and_figure(site):
    site.script("bare", 'import matplotlib.pyplot as plt\nplt.plot([1])\nplt.title("bare one")')
    assert re.search(r"plot_bare\.py, the block at line \d+.*bare one", site.build())


def test_a_failing_script_is_reported_by_file_and_line_even_with_an_open_figure(site):
    site.script("bad", "import matplotlib.pyplot as plt\nplt.plot([1])\n1 / 0")
    assert re.search(r"plot_bad\.py, line 9: ZeroDivisionError: division by zero$", site.build())


def test_one_name_twice_in_a_script_fails(site):
    code = FIGURE.format(name="line", description="A line.", caption=None)
    site.script("twice", code + "\n# %%\n# Again.\n" + code)
    assert re.search(r'plot_twice\.py.*named "line"', site.build())


def test_two_scripts_may_use_one_name_and_pages_say_whose_they_mean(site):
    for name in ("first", "second"):
        figure = FIGURE.format(name="line", description=f"A {name} line.", caption=None)
        site.script(name, figure, name)
    page = ":orphan:\n\nPage\n====\n\n.. tutorial-figure:: {}\n"
    site.write("docs/page.rst", page.format("plot_second/line"))
    assert site.build() is None
    for where in ("tutorials/plot_second", "page"):
        assert site.page(where).find("figure").find("img")["alt"] == "A second line."
    site.write("docs/page.rst", page.format("line"))
    problem = '2 figures are named "line". The names: tutorials/plot_first/line, '
    assert problem in site.build()


def test_a_figure_may_move_from_one_script_to_another(site):
    figure = FIGURE.format(name="line", description="A line.", caption=None)
    site.script("second", figure, title="second")
    site.script("first", "x = 1", title="first")
    assert site.build() is None
    site.script("second", "x = 1", title="second")
    site.script("first", figure, title="first")
    assert site.build() is None
    assert site.page("tutorials/plot_second").find("figure") is None


def test_named_figure_on_a_page_links_to_its_tutorial(site):
    site.script("line", FIGURE.format(name="line", description="A line.", caption="Its own."))
    page = (
        "Page\n====\n\n.. tutorial-figure:: line\n   :link:\n   :class: hero\n\n   Another *one*.\n"
    )
    site.write("docs/tutorials/a/page.rst", ":orphan:\n\n" + page)
    assert site.build() is None
    figure = site.page("tutorials/a/page").find("figure")
    assert "hero" in figure["class"]
    assert figure.find("a")["href"] == "../plot_line.html"
    assert figure.find("em").text == "one"
    assert (site.html / "tutorials/a" / figure.find("img")["src"]).is_file()


def test_unknown_figure_name_is_a_warning_that_lists_the_names(site):
    site.script("line", FIGURE.format(name="line", description="A line.", caption=None))
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n\n.. tutorial-figure:: lime\n")
    assert (
        'No tutorial has a figure named "lime". The names: tutorials/plot_line/line.'
        in site.build()
    )


# -- strips of figures ---------------------------------------------------------------------------

FRAMES = """
import matplotlib.pyplot as plt
from cnnvis import save_figure
save_figure(plt.figure(figsize=(4, 3)), "before", "Not a frame.")
for step, width in zip((0, 10, 30), {widths}):
    figure = plt.figure(figsize=(width, 3))
    words = {{"caption": f"step {{step}} <of> 30", "strip": 'Steps & "more"'}}
    save_figure(figure, f"step_{{step}}", f"Frame {{step}}.", **words)
save_figure(plt.figure(figsize=(4, 3)), "after", "Not a frame either.")
"""


@pytest.fixture
def strip_site(site):
    """A site with a strip of three frames among other figures, and a page without one."""
    conf = site.docs / "conf.py"
    conf.write_text(conf.read_text() + f'\nhtml_static_path = ["{DOCS.as_posix()}/_static"]\n')
    site.script("film", FRAMES.format(widths=(4, 4, 4)))
    site.script("line", FIGURE.format(name="line", description="A line.", caption=None), "Line")
    return site


def test_frames_of_a_strip_are_one_group_with_a_name_in_their_order(strip_site):
    assert strip_site.build() is None
    page = strip_site.page("tutorials/plot_film")
    (strip,) = page.select(".figure-strip")
    assert (strip["role"], strip["aria-label"]) == ("group", 'Steps & "more"')
    figures = strip.find_all("figure")
    assert [figure.find("img")["alt"] for figure in figures] == [
        "Frame 0.",
        "Frame 10.",
        "Frame 30.",
    ]
    captions = [figure.find(class_="caption-text").text for figure in figures]
    assert captions == ["step 0 <of> 30", "step 10 <of> 30", "step 30 <of> 30"]
    alone = [figure for figure in page.find_all("figure") if figure not in figures]
    assert [figure.find("img")["alt"] for figure in alone] == [
        "Not a frame.",
        "Not a frame either.",
    ]
    assert not any(figure.has_attr("hidden") for figure in figures), "without scripts all are seen"


def test_only_pages_with_a_strip_load_its_script_and_none_is_inline(strip_site):
    assert strip_site.build() is None
    for name, count in (("tutorials/plot_film", 1), ("tutorials/plot_line", 0), ("index", 0)):
        page = strip_site.page(name)
        assert len(page.select('script[src*="strip.js"][defer]')) == count
        assert len(page.select('link[href*="strip.css"]')) == count
    for file in ("strip.js", "strip.css"):
        assert (strip_site.html / "_static" / file).is_file()
    assert not strip_site.page("tutorials/plot_film").select(".figure-strip script")


def test_frames_of_different_sizes_are_a_warning(strip_site):
    strip_site.script("film", FRAMES.format(widths=(4, 5, 4)))
    problem = (
        'The frames of the strip "Steps & "more"" must have one size; they have 400×300, 500×300'
    )
    assert problem in strip_site.build()


def test_a_strip_in_the_book_is_a_grid_of_all_frames(strip_site):
    assert strip_site.build("latex") is None
    output = strip_site.docs / "_build" / "latex"
    text = "".join(file.read_text("utf-8") for file in output.glob("*.tex"))
    frames = re.findall(r"includegraphics\[width=0\.490*\\linewidth\]\{\{(\S+?)\}", text)
    assert "}\\sphinxincludegraphics" not in text, "lines can break between frames"
    assert frames == [f"sphx_glr_plot_film_00{at}_2x" for at in (2, 3, 4)]
    assert "3 frames, row by row." in text


def test_model_cards_say_what_the_cards_say(site):
    from cnnvis import load_pretrained

    site.configure("model_cards", "myst_parser")
    site.write("docs/nets.md", "---\norphan: true\n---\n# Networks\n\n```{model-cards}\n```\n")
    assert site.build() is None
    page = site.page("nets")
    for name in ("mnist", "fashion-mnist", "cifar10"):
        card = load_pretrained(name).card
        heading = next(h for h in page.find_all("h2") if h.text.startswith(card.data["title"]))
        text = " ".join(heading.parent.text.split()).replace("’", "'")
        assert f"{card.accuracy:.2%} (" in text
        assert f"{card.parameters:,} parameters" in text
        assert card.limits in text
        true, named, count = card.confused(1)[0]
        assert f"{true} called {named} ({count} times)" in text


# -- the book ------------------------------------------------------------------------------------


def tex(site):
    return (site.docs / "_build" / "latex" / "cnnvis.tex").read_text("utf-8")


@pytest.fixture
def book(site):
    """A site whose book is made of its tutorials and of two pages."""
    site.configure("book", "book_link", "book_pages")
    conf = site.docs / "conf.py"
    conf.write_text(conf.read_text() + '\nproject, author = "cnnvis", "Somebody"\n')
    site.write(
        "docs/book.rst",
        ":orphan:\n\nBook\n====\n\n.. book-pages::\n   tutorials/plot_*\n   page\n   nothing*\n\n"
        "Empty\n-----\n\n.. book-pages::\n   nothing*\n",
    )
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n\nText.\n")
    return site


def test_book_holds_the_pages_that_there_are_and_no_empty_part(book):
    book.script("one", "x = 1", title="One question")
    assert book.build("latex") is None
    assert r"\part{One question}" in tex(book)
    assert r"\part{Page}" in tex(book)
    assert "Empty" not in tex(book)
    assert "running time" not in tex(book)


def test_figure_in_the_book_has_a_width_and_its_description_as_caption(book):
    book.script("line", FIGURE.format(name="line", description="A 50% line.", caption=None))
    assert book.build("latex") is None
    assert r"\caption{A 50\% line.}" in tex(book)
    assert re.search(r"width=0\.50*\\linewidth", tex(book))  # 400 of 800 pixels


def test_figure_that_leads_to_a_tutorial_outside_the_book_has_no_link(book):
    book.script("line", FIGURE.format(name="line", description="A line.", caption="It rises."))
    page = "Page\n====\n\n.. tutorial-figure:: line\n   :link:\n"
    book.write("docs/page.rst", f":orphan:\n\n{page}")
    book.write("docs/book.rst", ":orphan:\n\nBook\n====\n\n.. book-pages::\n   page\n")
    assert book.build("latex") is None
    assert "_001_2x}" in tex(book)


def test_outputs_are_boxed_and_tables_of_html_become_tables(book):
    table = "<table><thead><tr><th>layer</th></tr></thead><tr><td>a &lt; b_1</td></tr></table>"
    shown = f"class T:\n    def _repr_html_(self):\n        return {table!r}\nprint('hello')\nT()"
    book.script("shows", shown)
    assert book.build("latex") is None
    text = tex(book)
    assert re.search(r"cnnvisoutput\}(?:(?!end\{sphinxuseclass)[\s\S])*hello", text)
    assert re.search(r"layer[\s\S]*a < b\\_1[\s\S]*bottomrule", text)
    assert "quote" not in text.partition("begin{document}")[2]


def test_html_output_without_a_table_is_a_warning_in_the_book(book):
    book.script("shows", "class T:\n    def _repr_html_(self):\n        return '<b>x</b>'\nT()")
    assert "HTML without a table" in book.build("latex")


def test_links_between_files_become_links_within_the_book(book):
    book.script("one", "x = 1\n\n# %%\n# See `two <plot_two.html>`_, `home <index.html>`_.")
    book.script("two", "x = 2", title="Two")
    book.write("docs/tutorials/.keep", "")
    assert "No page tutorials/index" not in (book.build("latex") or "")
    assert re.search(r"\\hyperref\[\\detokenize\{tutorials/plot_two::doc\}\].*two", tex(book))
    assert r"\sphinxhref{index.html}" not in tex(book)
    book.script("one", "x = 1\n\n# %%\n# See `three <plot_three.html>`_.")
    assert "No page tutorials/plot_three" in book.build("latex")


def test_addresses_of_references_are_printed(book):
    links = (
        "Page\n====\n\n`A <https://a.org/x>`_\n\nReferences\n----------\n\n`B <https://b.org/y>`_\n"
    )
    book.write("docs/page.rst", f":orphan:\n\n{links}")
    assert book.build("latex") is None
    assert r"\sphinxurl{https://b.org/y}" in tex(book)
    assert r"\sphinxurl{https://a.org/x}" not in tex(book)


def test_date_of_the_book_is_the_one_asked_for(book, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert book.build("latex") is None
    assert r"\newcommand{\cnnvisdate}{2 January 1970}" in tex(book)


def test_site_offers_the_book_where_there_is_one(book):
    page = ":orphan:\n\nPage\n====\n\nText.\n\n.. book-link:: Read the book\n"
    book.write("docs/a/page.rst", page)
    assert book.build() is None
    assert book.page("a/page").find("a", string=re.compile("Read the book")) is None

    book.write("docs/_build/pdf/cnnvis.pdf", "%PDF" + 2_000_000 * "x")
    assert book.build() is None
    link = book.page("a/page").find("a", string="Read the book (PDF, 2.0 MB)")
    assert link["href"] == "../cnnvis.pdf"
    assert (book.html / "cnnvis.pdf").stat().st_size > 2_000_000
    assert book.build("latex") is None

    (book.docs / "_build/pdf/cnnvis.pdf").unlink()
    assert book.build() is None
    assert book.page("a/page").find("a", string=re.compile("Read the book")) is None
    assert not (book.html / "cnnvis.pdf").exists()


# -- the rest ------------------------------------------------------------------------------------


def test_what_a_script_writes_lands_in_the_build_folder(site):
    site.script("writes", 'from pathlib import Path\n_ = Path("stray.txt").write_text("x")')
    assert site.build() is None
    assert [file.name for file in (site.folder / "gallery").iterdir() if "stray" in file.name] == []
    assert len(list((site.docs / "_doctrees").glob("**/stray.txt"))) == 1


def test_used_in_lists_the_tutorials(site):
    site.script("one", "from shapes import square\n_ = square(2)", title="One")
    site.script("two", "import shapes\n_ = shapes.square(2)", title="Two")
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n\n.. used-in:: shapes.area.square\n")
    page = ":orphan:\n\nPage\n====\n\n.. used-in:: shapes.square\n\n.. used-in:: shapes.name\n"
    site.write("docs/page.rst", page)
    assert site.build() is None
    paragraphs = site.page("page").find_all("p", class_="used-in")
    assert [a["href"] for p in paragraphs for a in p.find_all("a")] == [
        "tutorials/plot_one.html",
        "tutorials/plot_two.html",
    ]
    assert [a.text for a in paragraphs[0].find_all("a")] == ["One", "Two"]


def test_mathematics_is_mathml(site):
    formulas = "Inline :math:`a < b`.\n\n.. math:: \\frac{x}{2}\n   :label: half\n\nSee :eq:`half`."
    site.write("docs/page.rst", f":orphan:\n\nPage\n====\n\n{formulas}\n")
    assert site.build() is None
    page = site.page("page")
    inline, block = page.find_all("math")
    assert inline.find_parent("p")
    assert block["display"] == "block"
    assert block.find("mfrac")
    assert not [script for script in page.find_all("script") if "jax" in str(script).lower()]
    target = page.find("a", class_="reference internal", string="(1)")["href"]
    assert page.find(id=target.removeprefix("#")).find("math")


def test_mathematics_that_cannot_be_converted_is_a_warning_and_shown_as_it_is(site):
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n\n:math:`\\nosuch{<x>}`\n")
    assert "as MathML" in site.build()
    assert "\\nosuch{<x>}" in site.page("page").find("code").text


def test_every_tutorial_starts_in_the_same_state():
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        gallery_setup = importlib.import_module("gallery_setup")
    finally:
        sys.path.pop(0)
    import matplotlib as mpl
    import numpy as np
    import torch

    with mpl.rc_context():
        gallery_setup.reset({}, "plot_one.py")
        first = torch.rand(3), np.random.rand(3)  # noqa: NPY002
        gallery_setup.reset({}, "plot_two.py")
        second = torch.rand(3), np.random.rand(3)  # noqa: NPY002
        assert mpl.rcParams["figure.facecolor"] == "white"
        assert mpl.rcParams["image.cmap"] in {"viridis", "cividis"}
        sizes = [v for k, v in gallery_setup.STYLE.items() if k.endswith("size") and k != "figsize"]
        assert min(size for size in sizes if isinstance(size, int)) >= 10
    assert torch.equal(first[0], second[0])
    assert (first[1] == second[1]).all()


def test_data_page_tells_stand_ins_from_real_sets(site):
    site.configure("data_page", "standin_cards", "myst_parser")
    site.script("one", '_ = "mnist"')
    page = "# Page\n\n```{data-banner}\n```\n\n```{data-sets}\n```\n\n```{standin-cards}\n```\n"
    site.write("docs/data.md", "---\norphan: true\n---\n" + page)
    assert site.build() is None
    assert "not been measured" in site.page("data").text
    spread = {"mean": 0.5, "lowest": 0.25, "highest": 0.75}
    accuracy = {"Net": {"real_test_set": spread, "stand_in": spread}}
    card = {"date": "today", "torch": "2", "seeds": 3, "images": 1000, "accuracy": accuracy}
    worst = {"worst_class": {"name": "Shirt", "share": 0.375}}
    garments = card | {
        "accuracy": {"Net": {"seeds": 1, "real_test_set": spread, "stand_in": spread | worst}},
        "trained_on_drawings": {
            "images": 9000,
            "accuracy": {"Net": {"seeds": 2, "real_test_set": spread}},
        },
    }
    cards = {"mnist": card, "fashion-mnist": garments}
    site.write("docs/cards/standins.json", json.dumps(cards))
    assert site.build() is None
    tables = [table.text for table in site.page("data").find_all("table")]
    assert all("50.0% (25.0 to 75.0)" in table for table in tables)
    assert ["trained on 9,000 drawings" in table for table in tables] == [False, False, True]
    assert "read worst: Shirt by Net (38%)." in site.page("data").text
    assert "cnnvis.standins.garments.draw.garments" in site.page("data").text
    banner = site.page("data").find(class_="data-banner").text
    assert "UCI handwritten digits in place of MNIST" in banner
    assert "CIFAR" not in banner


def drawing(name, said=None):
    code = "from cnnvis import save_figure\nimport matplotlib.pyplot as plt\n"
    code += "from shapes import square\nfig, ax = plt.subplots(figsize=(4, 3))\n"
    return f'{code}save_figure(fig, "{said or name}", f"A square of {{square(2)}} <cells>.")\n'


def test_a_page_draws_a_figure_from_a_script_beside_it(site):
    site.configure("drawn_figures")
    site.write("docs/about/figures/cells.py", drawing("cells"))
    page = "Page\n====\n\n.. drawn-figure:: cells\n\n   Some *cells*.\n"
    site.write("docs/about/page.rst", page)
    site.write("docs/index.rst", "Home\n====\n\n.. toctree::\n\n   about/page\n")
    assert site.build() is None
    figure = site.page("about/page").find("figure", class_="tutorial-figure")
    image = figure.find("img")
    assert image["alt"] == "A square of 4 <cells>."
    assert (image["width"], image["height"]) == ("400", "300")
    assert figure.find("em").text == "cells"
    for source in re.findall(r"\S+\.png", image["srcset"]):
        assert (site.html / "about" / source).is_file()
    site.write("shapes/area.py", "def square(x):\n    return 5\n")
    assert site.build() is None
    assert site.page("about/page").find("img")["alt"] == "A square of 5 <cells>."
    assert site.build("latex") is None
    assert (site.docs / "_build" / "latex" / "about-page-cells_2x.png").is_file()
    drawn = site.docs / "_build" / "drawn" / "about-page-cells.png"
    date = drawn.stat().st_mtime_ns
    site.write("docs/about/page.rst", page + "\nMore.\n")  # drawn again, and the same
    assert site.build() is None
    assert drawn.stat().st_mtime_ns == date


def test_a_drawn_figure_needs_a_script_and_its_name(site):
    site.configure("drawn_figures")
    site.write("docs/figures/cells.py", drawing("cells", said="sells"))
    page = ":orphan:\n\nPage\n====\n\n.. drawn-figure:: {}\n"
    site.write("docs/page.rst", page.format("cells"))
    assert 'save_figure(fig, "cells", "what it shows")' in site.build()
    site.write("docs/page.rst", page.format("bells"))
    assert 'No script draws a figure named "bells". The names: cells.' in site.build()


def test_examples_that_print_something_else_or_have_no_prompt_are_warnings(site):
    site.configure("checked_examples")
    site.write("docs/conf.py", (site.docs / "conf.py").read_text() + '\nchecked_examples = ["a"]')
    head = ":orphan:\n\nPage\n====\n\n"

    def page(*codes):
        parts = ("\n   ".join([".. code-block:: python\n", *code.split("\n")]) for code in codes)
        return head + "\n\nThen:\n\n".join(parts) + "\n"

    site.write("docs/a.rst", page(">>> x = 2", ">>> x + x\n4"))
    assert site.build() is None
    site.write("docs/a.rst", page(">>> x = 2", ">>> x + x\n5"))
    warnings = site.build()
    assert "The examples of a do not print what it says." in warnings
    assert "+ 4" in warnings
    site.write("docs/a.rst", page("x = 2"))
    assert "without >>>" in site.build()
    site.write("docs/a.rst", head)
    site.write("docs/b.rst", page(">>> 2\n3"))  # not among the pages that are checked
    assert site.build() is None


def test_a_page_loads_only_the_styles_and_scripts_it_needs(site):
    site.configure("sphinx_design", "light_pages")
    site.write("docs/plain.rst", ":orphan:\n\nPlain\n=====\n")
    site.write("docs/folds.rst", ":orphan:\n\nFolds\n=====\n\n.. dropdown:: Why?\n\n   So.\n")
    tabs = ".. tab-set::\n\n   .. tab-item:: One\n\n      1\n"
    site.write("docs/tabs.rst", f":orphan:\n\nTabs\n====\n\n{tabs}")
    assert site.build() is None
    found = {}
    for name in ("plain", "folds", "tabs"):
        text = (site.html / f"{name}.html").read_text("utf-8")
        found[name] = ["sphinx-design" in text, "design-tabs" in text]
    assert found == {"plain": [False, False], "folds": [True, False], "tabs": [True, True]}


@pytest.fixture
def explorer_site(site):
    site.configure("explorer")
    for name in ("shared/20_first", "10_second", "widgets/board", "widgets/one", "widgets/two"):
        word = name.rpartition("/")[2].partition("_")[2] or name.rpartition("/")[2]
        site.write(f"docs/explorer/{name}.js", f'"use strict";\n// One.\nconst {word} = 1;\n')
    site.write("docs/explorer/shared/20_first.css", ".first { color: red; }\n")
    site.write("docs/explorer/20_own.css", ".own { color: red; }\n")
    page = "Live\n====\n\n.. explorer:: mnist\n\n   Without *scripts*.\n"
    site.write("docs/explorer/index.rst", page)
    both = ".. explorer-widget:: two\n\n   Two.\n\n.. explorer-widget:: one\n\n   One.\n"
    site.write("docs/sub/both.rst", f"Both\n====\n\n{both}\n:explorer:`a five <digit=5&turn=9>`\n")
    site.write("docs/alone.rst", "Alone\n=====\n\n.. explorer-widget:: one\n\n   One.\n")
    site.write("docs/other.rst", ":orphan:\n\nOther\n=====\n")
    pages = "explorer/index\n   sub/both\n   alone"
    site.write("docs/index.rst", f"Home\n====\n\n.. toctree::\n\n   {pages}\n")
    return site


def scripts(page):
    found = [one["src"].partition("?")[0] for one in page.find_all("script", src=True)]
    return [Path(one).name for one in found if "explorer" in one]


def test_only_the_explorers_page_loads_its_files_and_none_is_inline(explorer_site):
    assert explorer_site.build() is None
    page = explorer_site.page("explorer/index")
    assert scripts(page) == ["explorer-network.js", "explorer.js"]
    assert all(one.has_attr("defer") for one in page.find_all("script", src=re.compile("explorer")))
    assert page.find("link", href=re.compile("explorer.css"))
    assert page.find(class_="explorer").find("em").text == "scripts"
    assert not [one for one in page.find_all("script") if "cnnvis" in one.text]
    other = explorer_site.page("other")
    assert not scripts(other)
    assert not other.find("link", href=re.compile("explorer.*css"))
    assert explorer_site.build("latex") is None


def test_a_page_gets_the_parts_of_its_widgets_alone(explorer_site):
    assert explorer_site.build() is None
    static = explorer_site.html / "_static"

    def parts(name):
        return re.findall(r"const (\w+) = 1", (static / name).read_text("utf-8"))

    assert parts("explorer.js") == ["first", "second"]
    assert parts("explorer-one.js") == ["first", "board", "one"]
    assert parts("explorer-one-two.js") == ["first", "board", "two", "one"]
    assert scripts(explorer_site.page("alone")) == ["explorer-one.js"]
    both = explorer_site.page("sub/both")
    assert scripts(both) == ["explorer-one-two.js"]
    assert [one["data-widget"] for one in both.select(".ex-widget")] == ["two", "one"]
    assert both.select_one(".ex-widget").text.strip() == "Two."
    styles = (static / "explorer.css").read_text("utf-8")
    assert styles.index(".first") < styles.index(".own")
    assert ".own" not in (static / "explorer-one.css").read_text("utf-8")
    assert both.find("a", string="a five")["href"] == "../explorer/index.html#digit=5&turn=9"


def test_the_parts_of_a_script_become_one_and_a_change_is_seen(explorer_site):
    built = explorer_site.html / "_static" / "explorer.js"
    assert explorer_site.build() is None
    text = built.read_text("utf-8")
    assert text.count('"use strict"') == 1
    assert text.rstrip().endswith("})();")
    page = explorer_site.page("explorer/index")
    address = page.find("script", src=re.compile("explorer.js"))["src"]
    assert "?v=" in address, "a browser that kept an old script would not ask for this one"
    explorer_site.write("docs/explorer/15_between.js", '"use strict";\nconst between = 1.5;\n')
    assert explorer_site.build() is None
    assert "between" in built.read_text("utf-8")
    explorer_site.write("docs/explorer/shared/20_first.css", ".first { color: blue; }\n")
    assert explorer_site.build() is None
    for name in ("explorer", "explorer-one"):
        assert "blue" in (explorer_site.html / "_static" / f"{name}.css").read_text("utf-8")


def test_the_exported_network_is_the_packages(explorer_site):
    assert explorer_site.build() is None
    text = (explorer_site.html / "_static" / "explorer-network.js").read_text("utf-8")
    facts = json.loads(text.partition("=")[2].strip().removesuffix(";"))
    network = cnnvis.load_pretrained("mnist").network
    packed = np.frombuffer(base64.b64decode(facts["weights"]), np.uint8).reshape(2, -1).T
    values = np.ascontiguousarray(packed).view("<f2").ravel().astype(np.float32)
    at = 0
    for name, weight in network.state_dict().items():
        assert facts["shapes"][name] == list(weight.shape)
        count = weight.numel()
        assert (values[at : at + count] == weight.numpy().ravel()).all()
        at += count
    assert at == len(values)
    assert [name for name, _ in facts["layers"]] == [name for name, _ in network.named_children()]
    for label, digit in enumerate(facts["digits"]):
        pairs = np.frombuffer(base64.b64decode(digit), np.uint8)
        shades = np.stack([pairs >> 4, pairs & 15], 1).reshape(1, 1, 28, 28) / 15
        assert network(torch.tensor(shades, dtype=torch.float32)).argmax() == label


def test_an_explorer_needs_its_parts(site):
    site.configure("explorer")
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n\n.. explorer:: mnist\n")
    assert "docs/explorer/* has no script" in site.build()


def test_an_unknown_widget_is_named(explorer_site):
    explorer_site.write("docs/alone.rst", "Alone\n=====\n\n.. explorer-widget:: three\n")
    assert "docs/explorer/widgets/three.* has no script" in explorer_site.build()


def test_our_extensions_are_short():
    for file in (DOCS / "_ext").glob("*.py"):
        assert len(file.read_text("utf-8").splitlines()) <= 150, file.name


def test_inventories_can_be_read_and_hold_what_we_link_to():
    from sphinx.util.inventory import InventoryFile

    names = set()
    for file in (DOCS / "_inventories").iterdir():
        data = InventoryFile.loads(file.read_bytes(), uri="https://example.org").data
        names |= {name for kind in data.values() for name in kind}
    assert {"pathlib.Path", "torch.nn.Conv2d", "torch.Tensor", "matplotlib.axes.Axes"} <= names


def test_every_public_name_is_on_a_reference_page():
    pages = "\n".join(page.read_text("utf-8") for page in (DOCS / "reference").glob("*.md"))
    documented = set(re.findall(r"^\.\. auto\w+:: cnnvis\.(\w+)$", pages, re.MULTILINE))
    assert documented == set(cnnvis.__all__)
