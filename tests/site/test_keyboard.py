"""Every page by keyboard alone: Tab reaches all there is, in order, and one sees where one is."""

import pytest

PHONE = 390
# a page of each kind
KINDS = (
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
)


@pytest.mark.parametrize("kind", KINDS)  # that it comes first is seen on every page, above
def test_the_first_link_skips_to_the_content(kind, visit):
    page = visit(kind)
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.inner_text() == "Skip to content"
    box = link.bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.content')")
    assert page.evaluate("!document.activeElement.closest('.content-icon-container')")


@pytest.mark.parametrize(
    ("width", "box", "drawer"),
    [
        (PHONE, "Site navigation", ".sidebar-drawer"),
        (PHONE, "Contents of this page", ".toc-drawer"),
        (1280, "Contents of this page", ".toc-drawer"),
    ],
)
def test_drawers_open_and_close_by_keyboard(width, box, drawer, visit):
    page = visit("tutorials/3_layer_maps/plot_20_roles.html", width=width)
    box, drawer = page.get_by_label(box, exact=True), page.locator(drawer)
    link = drawer.locator("a").nth(1)  # the theme hides the first of the contents, the title
    inside = "e => e.contains(document.activeElement)"
    assert not link.is_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
        if box.evaluate("e => e === document.activeElement"):
            break
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Space")
    assert box.get_attribute("aria-expanded") == "true"
    assert drawer.evaluate(inside), "an open drawer takes the focus"
    assert link.is_visible()
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.evaluate("e => e === document.activeElement"), "and gives it back"
    page.wait_for_function("e => !e.checkVisibility({visibilityProperty: true})",
                           arg=link.element_handle())  # fmt: skip
    page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")
    assert not drawer.evaluate(inside)
    assert not box.is_checked(), "a drawer that one leaves closes"


def test_a_link_of_the_contents_closes_them_and_leads_on(visit):
    page = visit("tutorials/3_layer_maps/plot_20_roles.html", width=PHONE)
    page.get_by_label("Contents of this page", exact=True).focus()
    page.keyboard.press("Space")
    link = page.locator(".toc-drawer a").nth(2)
    target = link.get_attribute("href")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"location.hash === '{target}'")
    assert not page.get_by_label("Contents of this page", exact=True).is_checked()
    top = page.locator(target).bounding_box()["y"]
    assert page.locator(".mobile-header").bounding_box()["height"] <= top < 200


def test_parts_of_the_tree_open_by_keyboard(visit):
    page = visit("index.html")
    box = page.locator(".toctree-checkbox").first
    chapters = page.locator(".toctree-checkbox ~ ul").first
    box.focus()
    assert box.get_attribute("aria-label")
    assert not chapters.is_visible()
    page.keyboard.press("Space")
    assert chapters.is_visible()


def test_the_switch_of_colours_has_a_name_and_works(visit):
    page = visit("index.html")
    switch = page.get_by_role("button", name="color theme").locator("visible=true")
    switch.focus()
    themes = []
    for _ in range(3):
        page.keyboard.press("Enter")
        themes.append(page.evaluate("document.body.dataset.theme"))
    assert sorted(themes) == ["auto", "dark", "light"]
    page.evaluate("localStorage.removeItem('theme')")


def test_without_scripts_drawers_open_by_keyboard_too(browser, address):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": PHONE, "height": 900}
    )
    page = context.new_page()
    page.goto(address + "index.html")
    link = page.locator(".sidebar-drawer a").first
    assert not link.is_visible()
    page.get_by_label("Site navigation").focus()
    page.keyboard.press("Space")
    assert link.is_visible()
    context.close()
