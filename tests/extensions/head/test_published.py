"""What a site with an address has besides its pages."""

import re
import xml.etree.ElementTree as ET

from cnnvis_site.head import published


def test_the_sitemap_lists_the_pages_that_are_worth_finding():
    text = published.sitemap("https://example.org/cnnvis/", {"index", "a/b&c", "search", "404"})
    found = [one.text for one in ET.fromstring(text.encode()).findall("{*}url/{*}loc")]
    assert found == [
        "https://example.org/cnnvis/a/b&c.html",
        "https://example.org/cnnvis/index.html",
    ]


def test_the_page_for_missing_pages_links_from_the_root_of_the_host():
    page = (
        '<html data-content_root="./"><link href="_static/a.css?v=1"><a href="#top">'
        '<a class="x" href="b/c.html#d"><a href="https://e.org"><form action="search.html">'
        '<link rel="canonical" href="https://example.org/cnnvis/404.html"><use href="#svg"/>'
    )
    found = published.from_root(page, "/cnnvis/")
    assert re.findall(r'"(/cnnvis/[^"]*)"', found) == [
        "/cnnvis/./",
        "/cnnvis/_static/a.css?v=1",
        "/cnnvis/b/c.html#d",
        "/cnnvis/search.html",
    ]
    assert found.count('href="#') == 2
    assert published.from_root("<a href='x'>", "/") == "<a href='x'>"
