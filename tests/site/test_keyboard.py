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

# Notes every element that takes the focus: its place among those that have to, and what is wrong.
WATCH = """() => {
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
    const sees = { visibilityProperty: true };
    const all = [...document.querySelectorAll(kinds)].filter(
        (e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility(sees)
            && e.getClientRects().length > 0
            && !(e.type === "radio" && !e.checked));
    // some boxes and radio buttons are unseen; their labels, or what stands in them, show the focus
    const faces = (e) => e.labels && (getComputedStyle(e).opacity === "0" || e.offsetWidth < 2)
        ? [...e.labels].flatMap((label) => [label, ...label.children])
            .filter((face) => face !== e && face.checkVisibility(sees)) : [e];
    const looks = (e) => faces(e).flatMap((face) => ["", "::before", "::after"].map((part) => {
        const style = getComputedStyle(face, part);
        const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = style;
        return [outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor].join();
    })).join(";");

    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => {
        const [r, g, b] = numbers(colour).map((v) => v / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (e) => {
        for (; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if ((numbers(colour)[3] ?? 1) > 0.5) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const contrast = (one, other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const rings = (e) => faces(e).flatMap((face) => ["", "::after"].map((part) => {
        const { outlineStyle, outlineWidth, outlineColor, outlineOffset }
            = getComputedStyle(face, part);
        if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return 0;
        const inside = parseFloat(outlineOffset) < 0;
        return contrast(outlineColor, ground(inside ? face : face.parentElement));
    }));
    const covered = (e) => {
        const box = faces(e)[0]?.getClientRects()[0];
        if (!box) return "nothing shows it";
        const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
        const part = (from, to, end) => Math.min(to, end) - Math.max(from, 0);
        if (part(box.left, box.right, innerWidth) < Math.min(8, box.width)
            || part(box.top, box.bottom, innerHeight) < Math.min(8, box.height))
            return "out of sight";
        const top = document.elementFromPoint(middle(box.left, box.right, innerWidth),
            middle(box.top, box.bottom, innerHeight));
        return top?.closest(".mobile-header") && !e.closest(".mobile-header")
            && !e.matches(".sidebar-toggle, .skip-to-content") ? "below the header" : "";
    };

    const before = all.map(looks);
    const short = (e) => e.outerHTML.slice(0, 120);
    const walk = { order: [], wrong: [], names: all.map(short), stops: 0 };
    document.addEventListener("focusin", ({ target }) => {
        walk.stops += 1;
        const at = all.indexOf(target);
        walk.order.push(at);
        if (at < 0) return;
        if (looks(target) === before[at]) walk.wrong.push(["no change", short(target)]);
        const ring = Math.max(...rings(target));
        if (ring < 3) walk.wrong.push([`a ring of contrast ${ring.toFixed(1)}`, short(target)]);
        const seen = faces(target).some((face) => getComputedStyle(face).opacity > 0.5);
        if (!seen) walk.wrong.push(["transparent", short(target)]);
        const hidden = covered(target);
        if (hidden) walk.wrong.push([hidden, short(target)]);
    });
    window.walk = walk;
    return all.length;
}"""


def walk(page):
    """Press Tab through the whole page; return what had to be reached, in which order it was."""
    left, stops = page.evaluate(WATCH), 0
    while left > 0:
        for _ in range(left):
            page.keyboard.press("Tab")
        found = page.evaluate("window.walk")
        trapped = found["stops"] == stops
        stops = found["stops"]
        # Chromium stops at boxes that scroll, too, so it may take a few more
        left = 0 if trapped or len(set(found["order"]) - {-1}) == len(found["names"]) else 12
    return found


def check(page):
    """Fail if a Tab is lost, something is left out, or one cannot see where one is."""
    found = walk(page)
    order = found["order"]
    again = next((at for at, one in enumerate(order) if at and one == order[0]), len(order))
    first_round = [one for one in order[:again] if one >= 0]
    missed = [found["names"][one] for one in set(range(len(found["names"]))) - set(first_round)]
    assert missed == [], "not reached"
    assert first_round == sorted(first_round), "not in the order of the page"
    wrong = found["wrong"]
    assert wrong == [], f"{len(wrong)} of {len(order)} stops: {wrong[:5]}"
    assert found["names"][0].startswith('<a class="skip-to-content')


def test_tab_reaches_everything_in_order_and_in_sight(path, visit):
    check(visit(path))


@pytest.mark.parametrize("kind", KINDS)
def test_tab_on_a_phone_in_the_dark(kind, visit):
    check(visit(kind, width=PHONE, theme="dark"))


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
