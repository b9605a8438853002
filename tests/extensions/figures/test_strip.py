"""Figures of one size, of which a reader sees one at a time."""

import re

import pytest
from small_site import DOCS, FIGURE

FRAMES = """
import matplotlib.pyplot as plt
from cnnvis import save_figure
save_figure(plt.figure(figsize=(4, 3)), "before", "Not a frame.")
for step, width in zip((0, 10, 30), {widths}):
    figure = plt.figure(figsize=(width, 3))
    words = {{"caption": f"step {{step}} <of> 30", "strip": 'Steps & "more"'}}
    save_figure(figure, f"step_{{step}}", f"Frame {{step}}.", **words)
save_figure(plt.figure(figsize=(4, 3)), "after", "Not a frame either.")
"""


@pytest.fixture
def strip_site(site):
    """A site with a strip of three frames among other figures, and a page without one."""
    conf = site.docs / "conf.py"
    conf.write_text(conf.read_text() + f'\nhtml_static_path = ["{DOCS.as_posix()}/_static"]\n')
    site.script("film", FRAMES.format(widths=(4, 4, 4)))
    site.script("line", FIGURE.format(name="line", description="A line.", caption=None), "Line")
    return site


def test_frames_of_a_strip_are_one_group_with_a_name_in_their_order(strip_site):
    assert strip_site.build() is None
    page = strip_site.page("tutorials/plot_film")
    (strip,) = page.select(".figure-strip")
    assert (strip["role"], strip["aria-label"]) == ("group", 'Steps & "more"')
    figures = strip.find_all("figure")
    assert [figure.find("img")["alt"] for figure in figures] == [
        "Frame 0.",
        "Frame 10.",
        "Frame 30.",
    ]
    captions = [figure.find(class_="caption-text").text for figure in figures]
    assert captions == ["step 0 <of> 30", "step 10 <of> 30", "step 30 <of> 30"]
    alone = [figure for figure in page.find_all("figure") if figure not in figures]
    assert [figure.find("img")["alt"] for figure in alone] == [
        "Not a frame.",
        "Not a frame either.",
    ]
    assert not any(figure.has_attr("hidden") for figure in figures), "without scripts all are seen"


def test_only_pages_with_a_strip_load_its_script_and_none_is_inline(strip_site):
    assert strip_site.build() is None
    for name, count in (("tutorials/plot_film", 1), ("tutorials/plot_line", 0), ("index", 0)):
        page = strip_site.page(name)
        assert len(page.select('script[src*="strip.js"][defer]')) == count
        assert len(page.select('link[href*="strip.css"]')) == count
    for file in ("strip.js", "strip.css"):
        assert (strip_site.html / "_static" / file).is_file()
    assert not strip_site.page("tutorials/plot_film").select(".figure-strip script")


def test_frames_of_different_sizes_are_a_warning(strip_site):
    strip_site.script("film", FRAMES.format(widths=(4, 5, 4)))
    problem = (
        'The frames of the strip "Steps & "more"" must have one size; they have 400×300, 500×300'
    )
    assert problem in strip_site.build()


def test_a_strip_in_the_book_is_a_grid_of_all_frames(strip_site):
    assert strip_site.build("latex") is None
    output = strip_site.docs / "_build" / "latex"
    text = "".join(file.read_text("utf-8") for file in output.glob("*.tex"))
    frames = re.findall(r"includegraphics\[width=0\.490*\\linewidth\]\{\{(\S+?)\}", text)
    assert "}\\sphinxincludegraphics" not in text, "lines can break between frames"
    assert frames == [f"sphx_glr_plot_film_00{at}_2x" for at in (2, 3, 4)]
    assert "3 frames, row by row." in text
