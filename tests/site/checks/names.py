"""Names of what a page draws itself."""

NAMELESS = """() => [...document.querySelectorAll("article :is(canvas, svg, [role=img])")]
    .filter((e) => e.checkVisibility() && !e.closest("[aria-hidden=true]"))
    .filter((e) => !e.closest("button, a, label"))
    .filter((e) => !(e.ariaLabel || e.getAttribute("aria-labelledby")
        || e.querySelector("title")
        || e.closest(":is([role=img], [role=application])[aria-label]")))
    .map((e) => e.outerHTML.slice(0, 120))"""


def nameless_drawings(page):
    """Return the drawings of the page that no screen reader could name."""
    return page.evaluate(NAMELESS)
