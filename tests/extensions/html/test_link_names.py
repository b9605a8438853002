"""Links say where they lead: addresses, and the signs beside headings and definitions."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes

EXTENSIONS = Path(__file__).parents[3] / "docs" / "_ext"


@pytest.fixture
def names(monkeypatch):
    monkeypatch.syspath_prepend(EXTENSIONS)
    return importlib.import_module("link_names")


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://arxiv.org/abs/1810.03292", "arXiv:1810.03292"),
        ("https://doi.org/10.1007/978-3-319-10590-1_53", "doi:10.1007/978-3-319-10590-1_53"),
        ("http://www.example.org/mnist/", "example.org/mnist"),
    ],
)
def test_an_address_as_text_is_shortened_where_it_is_read_on_a_page(names, address, text):
    def shown(kind):
        named = nodes.reference("", "its title", refuri=address)
        bare = nodes.reference("", address, refuri=address)
        page = nodes.paragraph("", "", named, bare)
        names.shorten(SimpleNamespace(builder=SimpleNamespace(format=kind)), page, "page")
        assert named.astext() == "its title"
        assert bare["refuri"] == address
        return bare.astext()

    assert shown("html") == text
    assert shown("latex") == address


def test_signs_are_named_after_what_they_stand_beside(names):
    context = {
        "body": '<h2>Why <em>1 &lt; 2</em> “holds”<a class="headerlink" href="#why" title="x">¶</a>'
        '</h2><dt id="cnnvis.load">load<a class="headerlink" href="#cnnvis.load">¶</a></dt>'
        '<dt>hook<a class="headerlink" href="#term-hook">¶</a></dt>'
    }
    names.name_signs(None, "page", "page.html", context, None)
    body = context["body"]
    assert 'href="#why" aria-label="Link to: Why 1 &lt; 2 “holds”"' in body
    assert 'href="#cnnvis.load" aria-label="Link to: cnnvis.load"' in body
    assert 'href="#term-hook" aria-label="Link to: hook"' in body


def test_pages_without_a_body_are_left_alone(names):
    context = {}
    names.name_signs(None, "genindex", "genindex.html", context, None)
    assert context == {}
