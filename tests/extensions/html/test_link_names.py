"""Links say where they lead: addresses, and the signs beside headings and definitions."""

from types import SimpleNamespace

import pytest
from cnnvis_site.html import link_names
from docutils import nodes


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://arxiv.org/abs/1810.03292", "arXiv:1810.03292"),
        ("https://doi.org/10.1007/978-3-319-10590-1_53", "doi:10.1007/978-3-319-10590-1_53"),
        ("http://www.example.org/mnist/", "example.org/mnist"),
    ],
)
def test_an_address_as_text_is_shortened_where_it_is_read_on_a_page(address, text):
    def shown(kind):
        named = nodes.reference("", "its title", refuri=address)
        bare = nodes.reference("", address, refuri=address)
        page = nodes.paragraph("", "", named, bare)
        link_names.shorten(SimpleNamespace(builder=SimpleNamespace(format=kind)), page, "page")
        assert named.astext() == "its title"
        assert bare["refuri"] == address
        return bare.astext()

    assert shown("html") == text
    assert shown("latex") == address


def test_signs_are_named_after_what_they_stand_beside():
    context = {
        "body": '<h2>Why <em>1 &lt; 2</em> “holds”<a class="headerlink" href="#why" title="x">¶</a>'
        '</h2><dt id="cnnvis.load">load<a class="headerlink" href="#cnnvis.load">¶</a></dt>'
        '<dt>hook<a class="headerlink" href="#term-hook">¶</a></dt>'
    }
    link_names.name_signs(None, "page", "page.html", context, None)
    body = context["body"]
    assert 'href="#why" aria-label="Link to: Why 1 &lt; 2 “holds”"' in body
    assert 'href="#cnnvis.load" aria-label="Link to: cnnvis.load"' in body
    assert 'href="#term-hook" aria-label="Link to: hook"' in body


def test_pages_without_a_body_are_left_alone():
    context = {}
    link_names.name_signs(None, "genindex", "genindex.html", context, None)
    assert context == {}
