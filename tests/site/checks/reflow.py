"""Narrow screens: nothing is wider than they are."""

WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
    [`${document.documentElement.scrollWidth} px`, ...[...document.querySelectorAll("article *")]
        .filter((e) => e.getBoundingClientRect().right > window.innerWidth)
        .map((e) => e.outerHTML.slice(0, 120)).slice(0, 5)]"""


def sideways(page, width):
    """Return how wide the page is on a screen of that width, and what makes it so, or nothing."""
    page.set_viewport_size({"width": width, "height": 900})
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{wide} px on {width} px", *page.evaluate(WIDE)] if wide > width else []
