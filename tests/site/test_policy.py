"""The content security policy refuses what it should, and nothing breaks under it.

That no page breaks a rule of it is seen in ``test_visits.py``.
"""

import pytest
from checks.policy import WATCH, refused
from cnnvis_site.html import content_policy


@pytest.fixture(scope="module")
def watched(browser):
    """A tab in which pages note what is refused."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    context.add_init_script(WATCH)
    page = context.new_page()
    yield page
    context.close()


def test_what_is_not_allowed_is_refused(watched, strict):
    """Inline scripts, others' scripts and requests elsewhere; else no visit would find any."""
    watched.goto(strict + "index.html")
    watched.evaluate(
        """() => {
            const add = (how) => document.head.append(
                Object.assign(document.createElement("script"), how));
            add({textContent: "window.broken = 1"});
            add({src: "http://127.0.0.1:9/x.js"});
            new Image().src = "http://127.0.0.1:9/x.png";
            fetch("http://127.0.0.1:9/").catch(() => {});
        }"""
    )
    watched.wait_for_timeout(200)
    assert watched.evaluate("window.broken") is None
    kinds = {one.partition(":")[0] for one in refused(watched)}
    assert kinds == {"script-src-elem", "img-src", "connect-src"}


def test_every_page_carries_the_policy_itself(path, soup, html):
    page = soup(path)
    [tag] = page.select("meta[http-equiv=Content-Security-Policy]")
    assert tag["content"] == content_policy.policy((html / path).read_text("utf-8"))
    assert "unsafe-inline" not in tag["content"].replace("style-src-attr 'unsafe-inline'", "")
    assert "unsafe-eval" not in tag["content"]
    assert len(page.select("script:not([src])")) == 1  # Furo's
    assert not page.find_all(lambda one: any(name.startswith("on") for name in one.attrs))
    for script in page.find_all("script"):
        assert tag.sourceline <= script.sourceline


def test_the_theme_is_all_that_is_remembered(watched, strict):
    watched.goto(strict + "search.html?q=padding")
    watched.goto(strict + "explorer/index.html#digit=5")
    watched.goto(strict + "tutorials/2_learned_filters/plot_20_filters.html")
    watched.locator(".theme-toggle:visible").first.click()
    assert watched.evaluate("document.body.dataset.theme") in {"light", "dark"}
    assert watched.evaluate("Object.keys(localStorage)") == ["theme"]
    assert watched.evaluate("sessionStorage.length") == 0
    assert refused(watched) == []


def test_copy_buttons_copy_the_code_without_prompts(watched, strict):
    watched.goto(strict + "tutorials/2_learned_filters/plot_20_filters.html")
    block = watched.locator("div.highlight").first
    block.hover()
    block.locator("button.copybtn").click()
    watched.wait_for_selector("button.copybtn.success")
    copied = watched.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == block.locator("pre").inner_text().strip()
    assert "import" in copied
    assert refused(watched) == []


def test_search_strips_and_explorer_work_under_the_policy(watched, strict):
    watched.goto(strict + "search.html?q=padding")
    assert watched.locator("#search-results > li").count() > 0
    assert refused(watched) == []
    watched.goto(strict + "tutorials/2_learned_filters/plot_30_how_filters_come_to_be.html")
    watched.locator(".strip-bar button", has_text="Next").first.click()
    assert watched.locator(".strip-bar input").first.input_value() == "1"
    assert refused(watched) == []
    watched.goto(strict + "explorer/index.html#digit=5")
    watched.locator(".explorer canvas").first.wait_for()
    assert refused(watched) == []


@pytest.mark.parametrize(
    "path_on_disk", ["index.html", "explorer/index.html", "search.html?q=hook"]
)
def test_pages_opened_from_the_disk_break_no_rule_either(path_on_disk, watched, html):
    watched.goto(f"file://{html}/{path_on_disk}")
    assert refused(watched) == []
    assert watched.evaluate("document.documentElement.classList.contains('no-js')") is False
    if "q=" in path_on_disk:
        assert watched.locator("#search-results > li").count() > 0
