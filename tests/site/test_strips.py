"""Strips of figures, stepped through in a browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGE = "tutorials/2_learned_filters/plot_30_how_filters_come_to_be.html"


def shown(page):
    """Where in the strip the one visible frame is, and what the text above it says."""
    frames = page.locator(".figure-strip figure")
    visible = [at for at in range(frames.count()) if frames.nth(at).is_visible()]
    assert len(visible) == 1
    text = page.locator(".strip-text").inner_text()
    assert text == frames.nth(visible[0]).locator(".caption-text").text_content().strip()
    return visible[0], text


def test_keys_and_buttons_step_through_the_frames(visit):
    page = visit(PAGE)
    count = page.locator(".figure-strip figure").count()
    assert count == 8
    at, first = shown(page)
    assert (at, first.partition(":")[0]) == (0, "step 0 of 600")
    page.locator(".strip-bar button").first.focus()
    page.keyboard.press("Enter")
    assert shown(page)[0] == 0, "there is nothing before the first frame"
    page.keyboard.press("Tab")
    slider = page.get_by_role("slider", name="Steps of training")
    assert slider.evaluate("e => document.activeElement === e")
    text = page.locator(".strip-text")
    assert text.get_attribute("aria-live") == "off", "the slider reads out its own value"
    page.keyboard.press("ArrowRight")
    assert shown(page)[0] == 1
    page.keyboard.press("End")
    at, last = shown(page)
    assert (at, last.partition(":")[0]) == (count - 1, "step 600 of 600")
    assert slider.get_attribute("aria-valuetext") == last
    page.keyboard.press("Home")
    page.get_by_role("button", name="Next").focus()
    assert text.get_attribute("aria-live") == "polite", "before the text changes, or none is told"
    for expected in (1, 2):
        page.keyboard.press("Enter")
        assert shown(page)[0] == expected
    page.get_by_role("button", name="Previous").click()
    assert shown(page)[0] == 1


def test_nothing_moves_by_itself_and_nothing_jumps(visit):
    page = visit(PAGE)
    strip = page.locator(".figure-strip")
    strip.scroll_into_view_if_needed()
    before = shown(page), strip.bounding_box()["height"]
    page.wait_for_timeout(500)
    assert (shown(page), strip.bounding_box()["height"]) == before
    page.get_by_role("slider").focus()
    page.keyboard.press("End")
    assert strip.bounding_box()["height"] == pytest.approx(before[1], abs=1)


def test_the_next_frame_is_loaded_before_it_is_asked_for(visit):
    page = visit(PAGE)
    page.get_by_role("slider").focus()
    page.wait_for_function(
        "document.querySelectorAll('.figure-strip img')[1].complete", timeout=5000
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_an_address_leads_to_its_frame(width, visit):
    seen = """(() => {
        const header = document.elementFromPoint(innerWidth / 2, 1).closest("header");
        const { top } = document.querySelector(".strip-bar").getBoundingClientRect();
        return top >= (header?.getBoundingClientRect().bottom ?? 0) && top < innerHeight / 2;
    })()"""
    page = visit(f"{PAGE}#figure-filters-step-100", width=width)
    page.wait_for_function(seen, timeout=5000)
    assert shown(page)[1].startswith("step 100 of 600")
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("location.hash = '#figure-filters-step-300'")
    page.wait_for_function(seen, timeout=5000)
    assert shown(page)[1].startswith("step 300 of 600")


def test_all_frames_are_printed(visit):
    page = visit(PAGE)
    page.emulate_media(media="print")
    frames = page.locator(".figure-strip figure")
    assert all(frames.nth(at).is_visible() for at in range(frames.count()))
    assert frames.first.locator("figcaption").is_visible()
    assert not page.locator(".strip-bar").is_visible()
    page.emulate_media(media="screen")


def test_without_scripts_all_frames_stand_in_order(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    frames = page.locator(".figure-strip figure")
    tops = [frames.nth(at).bounding_box()["y"] for at in range(frames.count())]
    assert len(tops) == 8
    assert tops == sorted(tops)
    assert all(frames.nth(at).locator("figcaption").is_visible() for at in range(len(tops)))
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_any_step_on_a_phone(theme, visit):
    page = visit(PAGE, width=390, theme=theme)
    page.get_by_role("slider").focus()
    for key in ("Home", "ArrowRight", "End"):
        page.keyboard.press(key)
        results = Axe().run(page, context=".figure-strip")
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    heights = page.locator(".strip-bar > *").evaluate_all("all => all.map(e => e.offsetHeight)")
    assert min(heights) >= 44


def test_other_pages_do_not_load_the_script(visit):
    page = visit("index.html")
    assert page.locator("script[src*='strip.js']").count() == 0
