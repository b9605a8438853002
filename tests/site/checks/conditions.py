"""What a page does while it loads, where motion is unwelcome, and on paper."""

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


def shift(page):
    """Return by how much its content jumps while a reader scrolls through, and what jumps."""
    found = page.evaluate(SCROLL)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    return found["sum"], found["where"]


def moving(page):
    """Return what moves although motion is unwelcome."""
    page.emulate_media(reduced_motion="reduce")
    return page.evaluate(MOVING)


def on_paper(page):
    """Return what paper shows dark, cut, or as if one could click it, of a page that is dark."""
    page.emulate_media(media="print", color_scheme="dark")
    wrong = page.evaluate(PAPER)
    page.emulate_media(media="screen", color_scheme="light")
    return wrong
