"""The book, as LaTeX: pages, figures, outputs, links."""

import re

from small_site import FIGURE


def tex(site):
    return (site.docs / "_build" / "latex" / "cnnvis.tex").read_text("utf-8")


def test_book_holds_the_pages_that_there_are_and_no_empty_part(book):
    book.script("one", "x = 1", title="One question")
    assert book.build("latex") is None
    assert r"\part{One question}" in tex(book)
    assert r"\part{Page}" in tex(book)
    assert "Empty" not in tex(book)
    assert "running time" not in tex(book)
    assert (book.docs / "_build" / "latex" / "cnnvis-book.sty").is_file()


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
