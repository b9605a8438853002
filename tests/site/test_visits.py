"""Every page in a browser, opened once in each theme and width: all that is wrong is said at once.

What a page keeps to stands in the folder ``checks``, a file for each concern.
"""

import pytest
from checks import axe, conditions, keyboard, names, reflow

DESKTOP, PHONE, NARROW = 1280, 390, 320
SHIFT = 0.01
AXE_ON_A_PHONE = {
    "index.html",
    "explorer/index.html",
    "explain/feature-maps.html",
    "howto/problems.html",
    "reference/data.html",
    "about/promises.html",
    "tutorials/1_building_blocks/index.html",
    "tutorials/4_hierarchy/plot_10_clothes.html",
}
KEYS_ON_A_PHONE = {  # a page of each kind
    "index.html",
    "search.html",
    "genindex.html",
    "explorer/index.html",
    "explain/convolution-arithmetic.html",
    "howto/your-model.html",
    "reference/drawing.html",
    "about/references.html",
    "tutorials/index.html",
    "tutorials/2_learned_filters/index.html",
    "tutorials/3_layer_maps/plot_20_roles.html",
    "tutorials/2_learned_filters/plot_30_how_filters_come_to_be.html",
}


def sideways_scroll(page):
    """Look at a phone's width, then at the narrowest that counts, and go back."""
    wrong = reflow.sideways(page, PHONE) + reflow.sideways(page, NARROW)
    page.set_viewport_size({"width": PHONE, "height": 900})
    return wrong


def test_a_page_by_day(path, visitor, measured):
    page = visitor.open(path, width=DESKTOP, theme="light", motion="no-preference")
    jumps, what = conditions.shift(page)
    measured.worst("layout shift while images load", f"{jumps:.4f} ({path})", f"{SHIFT}")
    found = visitor.look(
        conditions.moving,
        names.nameless_drawings,
        keyboard.lost_stops,
        conditions.on_paper,
        axe.violations,
    )
    if jumps > SHIFT:
        found["conditions.shift"] = [jumps, what]
    assert found == {}


def test_a_page_at_night(path, visitor):
    visitor.open(path, width=DESKTOP, theme="dark")
    assert visitor.look(axe.violations) == {}


def test_a_page_on_a_phone(path, visitor):
    visitor.open(path, width=PHONE, theme="light")
    more = [axe.violations] if path in AXE_ON_A_PHONE else []
    assert visitor.look(sideways_scroll, *more) == {}


@pytest.mark.parametrize("page_", sorted(AXE_ON_A_PHONE | KEYS_ON_A_PHONE))
def test_a_page_on_a_phone_at_night(page_, visitor):
    visitor.open(page_, width=PHONE, theme="dark")
    checks = [keyboard.lost_stops] if page_ in KEYS_ON_A_PHONE else []
    checks += [axe.violations] if page_ in AXE_ON_A_PHONE else []
    assert visitor.look(*checks) == {}


@pytest.mark.parametrize("drawer", ["Site navigation", "Contents of this page"])
def test_axe_finds_nothing_in_a_drawer(drawer, visit):
    page = visit("tutorials/4_hierarchy/plot_10_clothes.html", width=PHONE)
    page.get_by_label(drawer, exact=True).focus()
    page.keyboard.press("Space")
    assert axe.violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_results_of_a_search(theme, visit):
    page = visit("search.html?q=padding", theme=theme)
    page.locator("#search-results li a").first.wait_for()
    assert axe.violations(page) == []


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
    page = visit("contributing.html", width=NARROW)
    wide = """[...document.querySelectorAll(".highlight pre")]
        .filter(e => e.scrollWidth > e.clientWidth)"""
    assert page.evaluate(f"{wide}.length") > 0
    page.wait_for_function(f"{wide}.every(e => e.tabIndex == 0)", timeout=5000)
