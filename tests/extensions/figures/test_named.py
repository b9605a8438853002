"""Figures of tutorials on pages, by their names."""

from small_site import FIGURE


def test_figure_has_escaped_description_size_and_a_sharp_version(site):
    description = 'A line from 1 to 2 <with> a "quote" & a *star*, a_'
    code = FIGURE.format(name="line", description=description, caption="It rises_ *steadily*.")
    site.script("line", code)
    assert site.build() is None
    image = site.page("tutorials/plot_line").find("figure").find("img")
    assert image["alt"] == description
    assert (image["width"], image["height"]) == ("400", "300")
    assert image["loading"] == "lazy"
    once, twice = image["srcset"].split(", ")
    assert once == f"{image['src']} 1x"
    assert (site.html / "tutorials" / twice.removesuffix(" 2x")).is_file()
    assert (site.html / "tutorials" / image["src"]).is_file()
    caption = site.page("tutorials/plot_line").find("figcaption")
    assert caption.find(class_="caption-text").text == "It rises_ *steadily*."


def test_figure_without_caption_has_none(site):
    site.script("line", FIGURE.format(name="line", description="A line.", caption=None))
    assert site.build() is None
    assert site.page("tutorials/plot_line").find("figcaption") is None


def test_figure_in_latex_is_the_sharp_one(site):
    site.script("line", FIGURE.format(name="line", description="A line.", caption="It rises."))
    assert site.build("latex") is None
    output = site.docs / "_build" / "latex"
    text = "".join(file.read_text("utf-8") for file in output.glob("*.tex"))
    assert "_001_2x}" in text
    assert "It rises." in text
    assert (output / "sphx_glr_plot_line_001_2x.png").is_file()


def test_two_scripts_may_use_one_name_and_pages_say_whose_they_mean(site):
    for name in ("first", "second"):
        figure = FIGURE.format(name="line", description=f"A {name} line.", caption=None)
        site.script(name, figure, name)
    page = ":orphan:\n\nPage\n====\n\n.. tutorial-figure:: {}\n"
    site.write("docs/page.rst", page.format("plot_second/line"))
    assert site.build() is None
    for where in ("tutorials/plot_second", "page"):
        assert site.page(where).find("figure").find("img")["alt"] == "A second line."
    site.write("docs/page.rst", page.format("line"))
    problem = '2 figures are named "line". The names: tutorials/plot_first/line, '
    assert problem in site.build()


def test_a_figure_may_move_from_one_script_to_another(site):
    figure = FIGURE.format(name="line", description="A line.", caption=None)
    site.script("second", figure, title="second")
    site.script("first", "x = 1", title="first")
    assert site.build() is None
    site.script("second", "x = 1", title="second")
    site.script("first", figure, title="first")
    assert site.build() is None
    assert site.page("tutorials/plot_second").find("figure") is None


def test_named_figure_on_a_page_links_to_its_tutorial(site):
    site.script("line", FIGURE.format(name="line", description="A line.", caption="Its own."))
    page = (
        "Page\n====\n\n.. tutorial-figure:: line\n   :link:\n   :class: hero\n\n   Another *one*.\n"
    )
    site.write("docs/tutorials/a/page.rst", ":orphan:\n\n" + page)
    assert site.build() is None
    figure = site.page("tutorials/a/page").find("figure")
    assert "hero" in figure["class"]
    assert figure.find("a")["href"] == "../plot_line.html"
    assert figure.find("em").text == "one"
    assert (site.html / "tutorials/a" / figure.find("img")["src"]).is_file()


def test_unknown_figure_name_is_a_warning_that_lists_the_names(site):
    site.script("line", FIGURE.format(name="line", description="A line.", caption=None))
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n\n.. tutorial-figure:: lime\n")
    assert (
        'No tutorial has a figure named "lime". The names: tutorials/plot_line/line.'
        in site.build()
    )
