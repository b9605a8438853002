"""What every page says of itself to search engines, and to places where its link is shared."""

import re
from urllib.parse import urlsplit

import pytest
from PIL import Image

pytestmark = pytest.mark.data  # built anew on other sets, a page says other things


def said(page, name):
    tags = page.head.find_all("meta", attrs={"name": name})
    tags += page.head.find_all("meta", attrs={"property": name})
    assert len(tags) <= 1, tags
    return tags[0]["content"] if tags else None


def test_every_page_has_a_description(path, soup):
    text = said(soup(path), "description")
    assert text
    assert 50 <= len(text) <= 160, text
    assert re.search(r"[.?!…]$", text), text
    assert not re.search(r"[`/\\]\w+/|:\w+:`|\$|\.ipynb", text), text


@pytest.mark.xdist_group("whole site")
def test_no_two_pages_have_the_same_title_or_description(html, soup):
    pages = [file.relative_to(html).as_posix() for file in html.rglob("*.html")]
    pages = [page for page in pages if not page.startswith("_")]
    for what in (lambda page: said(page, "description"), lambda page: page.title.text):
        texts = [what(soup(page)) for page in pages]
        assert len(set(texts)) == len(texts)


@pytest.mark.xdist_group("whole site")
def test_with_an_address_every_page_has_a_card_and_is_in_the_sitemap(html, soup):
    if not (html / "sitemap.xml").is_file():
        pytest.skip("the site was built without its address, CNNVIS_SITE_URL")
    listed = re.findall("<loc>(.+?)</loc>", (html / "sitemap.xml").read_text("utf-8"))
    assert len(listed) > 40
    assert len(set(listed)) == len(listed)
    base = listed[0][: -len("about/ethics.html")]
    assert f"Sitemap: {base}sitemap.xml\n" in (html / "robots.txt").read_text("utf-8")
    for address in listed:
        page = soup(address.removeprefix(base))
        assert page.find("link", rel="canonical")["href"] == address
        assert said(page, "og:url") == address.removesuffix(
            "index.html" * (address == base + "index.html")
        )
        card = html / said(page, "og:image").removeprefix(base)
        assert Image.open(card).size == (1200, 630)
        assert said(page, "og:title")
    root = urlsplit(base).path
    for tag in soup("404.html").select("[href]:not([rel=canonical]), [src]"):
        url = tag.get("href") or tag["src"]
        assert url.startswith((root, "#", "https://")), url
