"""What every page of the built site keeps to, read from its HTML."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from sphinx.util.inventory import InventoryFile

from cnnvis.data.registry import SETS

EXPLORER = "explorer/index.html"
FILE_NAME = re.compile(r"\.(png|svg|jpg|webp)\b|sphx_glr|^logo$", re.IGNORECASE)

pytestmark = pytest.mark.data  # built anew on other sets, a page says other things


def figures(page):
    return page.select("figure.tutorial-figure img")


def is_tutorial(path):
    return path.startswith("tutorials/") and PurePosixPath(path).name.startswith("plot_")


def test_one_heading_of_the_first_rank_and_a_title(path, soup):
    page = soup(path)
    assert len(page.find_all("h1")) == 1
    assert page.title.text.strip()
    assert page.html["lang"].startswith("en")


def test_nothing_is_loaded_from_elsewhere(path, soup):
    page = soup(path)
    loaded = [tag.get("src") or tag.get("data") for tag in page.select("[src], object[data]")]
    loaded += [tag["href"] for tag in page.select("link[href]:not([rel=canonical])")]
    assert [url for url in loaded if url and urlsplit(url).netloc] == []


def test_every_image_has_a_text_that_is_no_file_name(path, soup):
    for image in soup(path).find_all("img"):
        assert image.get("alt") is not None, image
        assert not FILE_NAME.search(image["alt"]), image
        # only the image of a card, whose link says all, may be without words
        decorative = image.find_parent(class_=["sphx-glr-thumbcontainer", "sd-card"])
        assert image["alt"].strip() or decorative, image


def test_figures_are_described_sized_lazy_and_sharp(path, soup, html):
    for image in figures(soup(path)):
        assert 20 <= len(image["alt"]) <= 250, image["alt"]
        assert int(image["width"]) > 0
        assert int(image["height"]) > 0
        assert image["loading"] == "lazy"
        sources = dict(reversed(part.split()) for part in image["srcset"].split(", "))
        assert set(sources) == {"1x", "2x"}
        for source in sources.values():
            assert (html / path).parent.joinpath(unquote(source)).is_file()


def test_tutorials_show_figures_and_can_be_downloaded(path, soup, html):
    if not is_tutorial(path):
        pytest.skip("not a tutorial")
    page = soup(path)
    assert figures(page)
    downloads = [a["href"] for a in page.select("a.download")]
    assert {PurePosixPath(url).suffix for url in downloads} >= {".py", ".ipynb"}
    for url in downloads:
        assert (html / path).parent.joinpath(unquote(url)).is_file()


def test_tutorials_say_which_images_they_use(path, soup):
    page = soup(path)
    code = " ".join(block.text for block in page.select(".highlight-Python, .highlight-python"))
    if not is_tutorial(path) or "load(" not in code:
        pytest.skip("loads no images")
    titles = [facts.title for facts in SETS.values()]
    titles += [facts.stand_in.title for facts in SETS.values() if facts.stand_in]
    outputs = " ".join(block.text for block in page.select(".sphx-glr-script-out"))
    assert any(title in outputs for title in titles)


def test_home_and_data_page_say_which_images_the_build_used(soup):
    banner = soup("index.html").find(class_="data-banner").text
    assert "real" in banner or "in place of" in banner
    assert soup("data.html").find_all(string=re.compile("In this build"))


def targets(page):
    """Every address that a page names: of links, images, styles, scripts and forms."""
    for tag in page.select("[href], [src], [srcset], [action], object[data]"):
        yield from (tag[name] for name in ("href", "src", "action", "data") if tag.get(name))
        yield from (part.split()[0] for part in tag.get("srcset", "").split(", ") if part)


def test_internal_links_and_their_anchors_exist(path, soup, ids, html):
    broken = []
    for address in targets(soup(path)):
        url = urlsplit(urljoin(f"/{path}", address))
        if url.scheme or url.netloc:
            continue
        target = unquote(url.path).removeprefix("/")
        if path == "404.html" and not (html / target).is_file():
            target = target.partition("/")[2]  # its links start from the host's root
        if not (html / target).is_file():
            broken.append(address)
        elif target == EXPLORER and "=" in url.fragment:
            continue  # a state of the explorer, which its own tests open
        elif target.endswith(".html") and unquote(url.fragment) not in {"", *ids(target)}:
            broken.append(address)
    assert broken == []


def test_what_other_projects_link_to_exists(ids, html):
    data = InventoryFile.loads((html / "objects.inv").read_bytes(), uri="").data
    items = {item.uri for kind in data.values() for item in kind.values()}
    items -= {"py-modindex.html"}  # Sphinx lists it, and writes none where no module is described
    assert len(items) > 200
    for uri in items:
        page, _, anchor = uri.partition("#")
        assert not anchor or unquote(anchor) in ids(unquote(page)), uri
        assert (html / unquote(page)).is_file(), uri


def test_mathematics_is_mathml(path, soup):
    page = soup(path)
    assert not page.select("span.math, script[src*=mathjax i]")
    for block in page.select("div.math"):
        assert block.find("math")


def test_no_local_path_is_shown(path, soup, html):
    assert str(html.parents[2]) not in soup(path).text


def test_all_tutorials_are_on_the_home_page(soup, html):
    links = {a["href"] for a in soup("index.html").select("article a[href]")}
    pages = {file.relative_to(html).as_posix() for file in html.glob("tutorials/*/plot_*.html")}
    assert pages
    assert pages <= links


def test_every_promised_section_is_there(soup):
    promises = Path(__file__).parents[2] / "docs" / "about" / "promises.md"
    promised = re.findall(
        r"\{doc\}`(?:\w+ <)?/([\w/-]+)>?`:\n    (.+)\n", promises.read_text("utf-8")
    )
    for page, section in promised:
        headings = [one.text for one in soup(f"{page}.html").select("h1, h2, h3")]
        assert any(heading.startswith(section) for heading in headings), (page, section)
    assert promised


def test_cards_of_tutorials_say_in_text_what_they_lead_to(html, soup):
    cards = [
        card
        for page in sorted(html.glob("tutorials/*/index.html"))
        for card in soup(page.relative_to(html).as_posix()).select(".sphx-glr-thumbcontainer")
    ]
    assert len(cards) >= 13
    for card in cards:
        assert len(card.select_one("p.card-text").text) > 40
        assert not card.has_attr("tooltip")
