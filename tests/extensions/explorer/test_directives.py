"""Networks in a page: the parts of their scripts, and the files that a page loads."""

import re
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

from cnnvis import load_pretrained
from cnnvis.explorer.export import export_network

PARTS = {
    "explorer": 'import { first } from "./controls/first.js";\n\nconst second = 1;\n',
    "controls/first": "export const first = 1;\n",
    "widgets/board": 'import { first } from "../controls/first.js";\n\nexport const board = 1;\n',
    "widgets/one": 'import { board } from "./board.js";\n\nconst one = 1;\n',
    "widgets/two": 'import { board } from "./board.js";\n\nconst two = 1;\n',
}


@pytest.fixture
def explorer_site(site):
    site.configure("explorer")
    for name, text in PARTS.items():
        site.write(f"cnnvis/explorer/web/{name}.js", text)
    site.write("cnnvis/explorer/web/controls/first.css", ".first { color: red; }\n")
    site.write("cnnvis/explorer/web/explorer.css", ".own { color: red; }\n")
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
    assert parts("explorer-one-two.js") == ["first", "board", "one", "two"]
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
    more = PARTS["explorer"] + "\nconst between = 1.5;\n"
    explorer_site.write("cnnvis/explorer/web/explorer.js", more)
    assert explorer_site.build() is None
    assert "between" in built.read_text("utf-8")
    explorer_site.write("cnnvis/explorer/web/controls/first.css", ".first { color: blue; }\n")
    assert explorer_site.build() is None
    for name in ("explorer", "explorer-one"):
        assert "blue" in (explorer_site.html / "_static" / f"{name}.css").read_text("utf-8")


def test_the_page_has_the_packages_network(explorer_site):
    assert explorer_site.build() is None
    text = (explorer_site.html / "_static" / "explorer-network.js").read_text("utf-8")
    network = export_network(*load_pretrained("mnist"))
    assert text == f"window.cnnvisNetwork = {network};\n"


def test_parts_that_cannot_be_joined_stop_the_build(explorer_site):
    circle = 'import { board } from "../widgets/board.js";\nexport const first = 1;\n'
    explorer_site.write("cnnvis/explorer/web/controls/first.js", circle)
    with pytest.raises(ExtensionError, match=r"explorer/web: .*circle.*first\.js -> widgets/board"):
        explorer_site.build()


def test_an_explorer_needs_its_parts(site):
    site.configure("explorer")
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n\n.. explorer:: mnist\n")
    assert "There is no explorer.js in cnnvis/explorer/web." in site.build()


def test_an_unknown_widget_is_named(explorer_site):
    explorer_site.write("docs/alone.rst", "Alone\n=====\n\n.. explorer-widget:: three\n")
    assert "There is no widgets/three.js in cnnvis/explorer/web." in explorer_site.build()
