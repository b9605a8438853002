"""What was built before is no longer there, or whole, as the sources are."""

from small_site import FIGURE

LINE = FIGURE.format(name="line", description="A line.", caption=None)


def test_an_image_missing_or_damaged_in_the_built_site_is_copied_again(site):
    site.script("line", LINE)
    assert site.build() is None
    once, twice = sorted(site.html.glob("_images/*line_001*.png"))
    contents = once.read_bytes(), twice.read_bytes()
    once.unlink()
    twice.write_bytes(contents[1][:100])
    assert site.build() is None
    assert (once.read_bytes(), twice.read_bytes()) == contents


def test_a_removed_page_is_taken_from_the_built_site(site):
    site.script("none", LINE)
    site.script("some", LINE)
    site.build("html")
    pages = {file.relative_to(site.html).as_posix() for file in site.html.rglob("*.html")}
    assert "tutorials/plot_none.html" in pages
    (site.folder / "gallery" / "plot_none.py").unlink()
    assert site.build("html") is None
    assert site.build("html") is None  # in which no page is written
    left = {file.relative_to(site.html).as_posix() for file in site.html.rglob("*.html")}
    assert left == pages - {"tutorials/plot_none.html"}
    assert {"genindex.html", "search.html"} <= left
