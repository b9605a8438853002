"""What axe finds, also in what is folded away."""

from axe_playwright_python.sync_playwright import Axe

# Named by their tags, rules run that are off by default, such as the size of targets.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]}
# at its top, where the link back to the top is hidden
OPEN = """() => {
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
    scrollTo({ top: 0, behavior: "instant" });
    return new Promise((ready) => requestAnimationFrame(() => requestAnimationFrame(ready)));
}"""
# Contrast takes axe 2 ms an element, and pages have thousands of tokens of code and cells of
# tables. Of elements that look alike, and stand on what looks alike, it judges the first; where
# it can't tell of the first, it judges the others. What is placed freely may lie on anything, and
# so is judged each time, with all that it holds.
TWINS = """() => {
    const looks = new Map();
    const own = (e) => {
        const style = getComputedStyle(e);
        if (["absolute", "fixed"].includes(style.position) || e.matches("input, select, textarea"))
            return null;
        return [e.tagName, e.getAttribute("class"), style.color, style.backgroundColor,
            style.backgroundImage, style.opacity, style.fontSize, style.fontWeight,
            style.textShadow, style.filter, style.clipPath, style.mixBlendMode,
            style.webkitTextFillColor, style.position, style.float, style.zIndex].join();
    };
    const chain = (e) => {
        if (!e) return "";
        if (!looks.has(e)) {
            const [above, here] = [chain(e.parentElement), own(e)];
            looks.set(e, above === null || here === null ? null : `${above}/${here}`);
        }
        return looks.get(e);
    };
    const first = new Map();
    window.twins = new Map();
    for (const e of document.body.querySelectorAll("*")) {
        e.removeAttribute("data-twin");
        const text = [...e.childNodes].map((one) => one.data ?? "").join("").trim();
        if (!text || chain(e) === null || !e.checkVisibility()) continue;
        const alike = `${chain(e)} ${text.length === 1 ? "one sign" : "text"}`;
        if (first.has(alike)) {
            e.setAttribute("data-twin", "");
            window.twins.get(first.get(alike)).push(e);
        } else {
            first.set(alike, e);
            window.twins.set(e, []);
        }
    }
    axe.configure({ rules: [{ id: "color-contrast", selector: "*:not([data-twin])" }] });
}"""
RUN = """async (rules) => {
    const found = await axe.run(document, { ...rules, elementRef: true });
    const undecided = found.incomplete.filter(({ id }) => id === "color-contrast")
        .flatMap(({ nodes }) => nodes)
        .filter(({ any }) => any.every(({ data }) => data?.messageKey !== "shortTextContent"));
    const others = undecided.flatMap(({ element }) => window.twins.get(element) ?? []);
    for (const e of others) e.removeAttribute("data-twin");
    const again = others.length === 0 ? { violations: [] }
        : await axe.run({ include: others }, { runOnly: ["color-contrast"] });
    return [...found.violations, ...again.violations].map(({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.slice(0, 5).map(({ html }) => html.slice(0, 150)).join(" ")}`);
}"""


def violations(page):
    """Return axe's report of each rule that the page breaks, in the colours that it has now."""
    page.evaluate(OPEN)
    page.evaluate(Axe().axe_script)
    page.evaluate(TWINS)
    return page.evaluate(RUN, RULES)
