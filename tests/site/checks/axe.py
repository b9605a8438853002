"""What every page of the built site does in a browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

# Named by their tags, rules run that are off by default, such as the size of targets.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RULES = {"runOnly": {"type": "tag", "values": TAGS}}
ON_A_PHONE = (
    "index.html",
    "explorer/index.html",
    "explain/feature-maps.html",
    "howto/problems.html",
    "reference/data.html",
    "about/promises.html",
    "tutorials/1_building_blocks/index.html",
    "tutorials/4_hierarchy/plot_10_clothes.html",
)


def check(page):
    """Fail if axe finds anything, also in what is folded away."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(path, theme, visit):
    check(visit(path, theme=theme))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", ON_A_PHONE)
def test_axe_finds_nothing_on_a_phone(page, theme, visit):
    check(visit(page, theme=theme, width=390))


@pytest.mark.parametrize("drawer", ["Site navigation", "Contents of this page"])
def test_axe_finds_nothing_in_a_drawer(drawer, visit):
    page = visit(ON_A_PHONE[-1], width=390)
    page.get_by_label(drawer, exact=True).focus()
    page.keyboard.press("Space")
    check(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_results_of_a_search(theme, visit):
    page = visit("search.html?q=padding", theme=theme)
    page.locator("#search-results li a").first.wait_for()
    check(page)


@pytest.mark.parametrize("width", [390, 320])
def test_no_sideways_scroll(path, width, visit):
    page = visit(path, width=width)
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
            [...document.querySelectorAll("article *")]
                .filter(e => e.getBoundingClientRect().right > window.innerWidth)
                .map(e => e.outerHTML.slice(0, 120)).slice(0, 5)"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width, wide


def test_no_request_leaves_the_site_and_none_fails(path, visit):
    page = visit(path)
    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    page.wait_for_load_state("networkidle")  # what went wrong is found by `visit`


def test_figures_stay_on_a_light_card_in_the_dark(visit):
    page = visit("index.html", theme="dark")
    colour = page.locator("figure.tutorial-figure img").first.evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    assert colour == "rgb(255, 255, 255)"


def test_cards_can_be_reached_by_keyboard_and_are_named(visit):
    page = visit("tutorials/1_building_blocks/index.html")
    link = page.locator(".sphx-glr-thumbcontainer a").first
    link.focus()
    assert link.evaluate("e => document.activeElement === e")
    assert link.inner_text().strip()


def test_sharp_screens_get_the_sharp_figures(browser, address):
    context = browser.new_context(device_scale_factor=2)
    page = context.new_page()
    page.goto(address + "index.html", wait_until="networkidle")
    image = page.locator("figure.tutorial-figure img").first
    image.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert "_2x" in image.evaluate("e => e.currentSrc")
    context.close()


def test_boxes_that_scroll_can_be_reached_by_keyboard(visit):
    page = visit("contributing.html", width=320)
    wide = """[...document.querySelectorAll(".highlight pre")]
        .filter(e => e.scrollWidth > e.clientWidth)"""
    assert page.evaluate(f"{wide}.length") > 0
    page.wait_for_function(f"{wide}.every(e => e.tabIndex == 0)", timeout=5000)
