"""Links from the reference to tutorials, and every public name on its page."""

import re

from small_site import DOCS

import cnnvis


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


def test_every_public_name_is_on_a_reference_page():
    pages = "\n".join(page.read_text("utf-8") for page in (DOCS / "reference").glob("*.md"))
    documented = set(re.findall(r"^\.\. auto\w+:: cnnvis\.(\w+)$", pages, re.MULTILINE))
    assert documented == set(cnnvis.__all__)
