"""What every page does while it loads, where motion is unwelcome, and on paper."""

import pytest

pytestmark = pytest.mark.xdist_group("conditions")  # one visit of a page serves three tests
SHIFT = 0.01
# Scrolls through a page as a reader does, and adds up by how much its content jumped.
SCROLL = """async () => {
    let sum = 0;
    const where = [];
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            if (entry.hadRecentInput) continue;
            sum += entry.value;
            where.push(...entry.sources.map((one) => one.node?.outerHTML?.slice(0, 100)));
        }
    }).observe({ type: "layout-shift", buffered: true });
    const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
    for (let y = 0; y < document.documentElement.scrollHeight; y += 800) {
        scrollTo({ top: y, behavior: "instant" });
        await pause(25);
    }
    const images = [...document.images].filter((image) => image.offsetParent);
    await Promise.race([Promise.all(images.map((image) => image.decode().catch(() => 0))),
        pause(3000)]);
    await pause(100);
    return { sum, where: where.slice(0, 5) };
}"""
MOVING = """() => {
    const all = [...document.querySelectorAll("*")];
    const moves = (e, part) => {
        const style = getComputedStyle(e, part);
        const times = `${style.transitionDuration}, ${style.transitionDelay}`;
        return style.scrollBehavior === "smooth" || style.animationName !== "none"
            || (style.transitionProperty !== "none" && /[1-9]/.test(times));
    };
    return [
        ...all.filter((e) => ["", "::before", "::after"].some((part) => moves(e, part)))
            .map((e) => e.outerHTML.slice(0, 100)),
        ...document.getAnimations().map((one) => `runs: ${one.animationName}`),
    ].slice(0, 5);
}"""
PAPER = """() => {
    const seen = (e) => e.checkVisibility({ visibilityProperty: true });
    const short = (e) => e.outerHTML.slice(0, 100);
    const wrong = [];
    const bare = "button, input, select, .sidebar-drawer, .toc-drawer, .mobile-header, "
        + ".headerlink, .related-pages, .skip-to-content, .back-to-top";
    for (const e of document.querySelectorAll(bare)) if (seen(e)) wrong.push(["shown", short(e)]);
    const light = (colour) => {
        const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
        return a < 0.5 ? null : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    };
    const boxes = "body, article, article p, article pre, article pre span, article td, article th,"
        + "article li, article code, article figcaption";
    for (const e of document.querySelectorAll(boxes)) {
        if (!seen(e) || e.closest(".explorer, .ex-widget")) continue;  // there colour is data
        const { backgroundColor, color } = getComputedStyle(e);
        const [ground, ink] = [light(backgroundColor), light(color)];
        if (ground !== null && ground < 0.8) wrong.push(["a dark ground", short(e)]);
        if (ink !== null && ink > 0.6) wrong.push(["light ink", short(e)]);
    }
    for (const e of document.querySelectorAll("article pre")) {
        const { whiteSpaceCollapse, textWrapMode } = getComputedStyle(e);
        if (whiteSpaceCollapse !== "preserve" || textWrapMode === "nowrap")
            wrong.push(["does not wrap", short(e)]);
    }
    for (const e of document.querySelectorAll("article figure, article tr"))
        if (getComputedStyle(e).breakInside !== "avoid") wrong.push(["may be cut", short(e)]);
    const paragraphs = "article p > a.external[href^=http]:not(.address)";
    for (const e of document.querySelectorAll(paragraphs)) {
        const told = getComputedStyle(e, "::after").content.includes(e.getAttribute("href"));
        const code = e.querySelector("code, img") || e.closest("dl.py, .highlight, .button-link");
        if (!told && !code) wrong.push(["leads nowhere", short(e)]);
    }
    return wrong.slice(0, 6);
}"""


@pytest.fixture(scope="module")
def facts():
    """What was found out about each page, by its path."""
    return {}


@pytest.fixture
def found(path, visit, facts):
    """What one visit tells of a page: how far it jumped, what moves, and what paper shows."""
    if path not in facts:
        page = visit(path)
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        page.reload()
        facts[path] = {"shift": page.evaluate(SCROLL)}
        page.emulate_media(reduced_motion="reduce")
        facts[path]["moving"] = page.evaluate(MOVING)
        page.emulate_media(media="print", color_scheme="dark")
        facts[path]["paper"] = page.evaluate(PAPER)
        page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
    return facts[path]


def test_nothing_jumps_while_it_loads(found):
    assert found["shift"]["sum"] <= SHIFT, found["shift"]["where"]


def test_nothing_moves_if_motion_is_unwelcome(found):
    assert found["moving"] == []


def test_paper_has_light_colours_and_only_what_paper_can_do(found):
    assert found["paper"] == []


def test_the_page_that_jumps_most(facts, measured):
    if not facts:
        pytest.skip("no page was visited in this run")
    page, worst = max(facts.items(), key=lambda item: item[1]["shift"]["sum"])
    measured("layout shift while images load", f"{worst['shift']['sum']:.4f} ({page})", f"{SHIFT}")
