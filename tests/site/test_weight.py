"""What a page weighs, its figures apart, and what the figures weigh."""

import functools
import gzip
import re
from urllib.parse import unquote, urlsplit

import pytest

PAGE, EXPLORER = 60_000, 60_000  # bytes, gzipped
APART = re.compile(r"_static/explorer(-network)?\.(js|css)$|_static/search-index\.js$")
FIGURE = {"": 160_000, "_2x": 400_000}

pytestmark = [
    pytest.mark.data,  # built anew on other sets, a page says other things
    pytest.mark.xdist_group("whole site"),  # each page is parsed once
]


@pytest.fixture(scope="module")
def weigh(html, soup):
    """A function: the gzipped bytes of a page with its styles and scripts, and of those apart."""

    @functools.cache
    def packed(file):
        return len(gzip.compress(file.read_bytes(), 6))

    def weight(path):
        page = soup(path)
        files = [tag["src"] for tag in page.select("script[src]")]
        files += [tag["href"] for tag in page.select("link[rel=stylesheet]")]
        own, apart = packed(html / path), 0
        for name in files:
            _, folder, place = unquote(urlsplit(name).path).rpartition("_static/")
            file = html / folder / place
            size = packed(file)
            if APART.search(file.as_posix()):
                apart += size
            else:
                own += size
        return own, apart

    return weight


def test_pages_are_light(html, weigh, measured):
    pages = [file.relative_to(html).as_posix() for file in html.rglob("*.html")]
    weights = {page: weigh(page) for page in pages if not page.startswith("_")}
    own = {page: weight for page, (weight, _) in weights.items()}
    tutorials = {page: weight for page, weight in own.items() if "/plot_" in page}
    for what, among in (("page", own), ("tutorial", tutorials)):
        heaviest = max(among, key=among.get)
        name = heaviest.removesuffix(".html").rpartition("/")[2]
        row = f"heaviest {what} without figures, gzipped: {name}"
        measured(row, f"{among[heaviest]:,} B", f"{PAGE:,} B")
    explorer, index = weights["explorer/index.html"][1], weights["search.html"][1]
    measured("explorer's own script, style and network", f"{explorer:,} B", f"{EXPLORER:,} B")
    measured("search's index, loaded on its page alone", f"{index:,} B", f"{PAGE:,} B")
    assert max(own.values()) <= PAGE
    assert explorer <= EXPLORER
    assert index <= PAGE


def test_figures_are_light(html, measured):
    files = [file for file in (html / "_images").iterdir() if file.is_file()]
    files.sort(key=lambda file: file.stat().st_size, reverse=True)
    for file in files[:10]:
        bar = FIGURE["_2x" if "_2x" in file.name else ""]
        name = file.name.removeprefix("sphx_glr_")
        measured(f"heaviest figures: {name}", f"{file.stat().st_size:,} B", f"{bar:,} B")
    for file in files:
        assert file.stat().st_size <= FIGURE["_2x" if "_2x" in file.stem else ""], file.name


def test_external_links_are_listed(measured):
    import external_links

    links = external_links.external_links()
    measured("links to elsewhere, which `make links` lists", str(len(links)), "")
    assert len(links) > 30
    assert not [address for address in links if address.startswith("http://127.")]
