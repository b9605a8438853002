"""Figures that a script beside a page draws."""

import re


def drawing(name, said=None):
    code = "from cnnvis import save_figure\nimport matplotlib.pyplot as plt\n"
    code += "from shapes import square\nfig, ax = plt.subplots(figsize=(4, 3))\n"
    return f'{code}save_figure(fig, "{said or name}", f"A square of {{square(2)}} <cells>.")\n'


def test_a_page_draws_a_figure_from_a_script_beside_it(site):
    site.write("docs/about/figures/cells.py", drawing("cells"))
    page = "Page\n====\n\n.. drawn-figure:: cells\n\n   Some *cells*.\n"
    site.write("docs/about/page.rst", page)
    site.write("docs/index.rst", "Home\n====\n\n.. toctree::\n\n   about/page\n")
    assert site.build() is None
    figure = site.page("about/page").find("figure", class_="tutorial-figure")
    image = figure.find("img")
    assert image["alt"] == "A square of 4 <cells>."
    assert (image["width"], image["height"]) == ("400", "300")
    assert figure.find("em").text == "cells"
    for source in re.findall(r"\S+\.png", image["srcset"]):
        assert (site.html / "about" / source).is_file()
    site.write("shapes/area.py", "def square(x):\n    return 5\n")
    assert site.build() is None
    assert site.page("about/page").find("img")["alt"] == "A square of 5 <cells>."
    assert site.build("latex") is None
    assert (site.docs / "_build" / "latex" / "about-page-cells_2x.png").is_file()
    drawn = site.docs / "_build" / "drawn" / "about-page-cells.png"
    date = drawn.stat().st_mtime_ns
    site.write("docs/about/page.rst", page + "\nMore.\n")  # drawn again, and the same
    assert site.build() is None
    assert drawn.stat().st_mtime_ns == date


def test_a_drawn_figure_needs_a_script_and_its_name(site):
    site.write("docs/figures/cells.py", drawing("cells", said="sells"))
    page = ":orphan:\n\nPage\n====\n\n.. drawn-figure:: {}\n"
    site.write("docs/page.rst", page.format("cells"))
    assert 'save_figure(fig, "cells", "what it shows")' in site.build()
    site.write("docs/page.rst", page.format("bells"))
    assert 'No script draws a figure named "bells". The names: cells.' in site.build()
