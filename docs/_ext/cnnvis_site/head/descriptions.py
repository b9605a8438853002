"""One or two sentences that say what a page is about, from its first paragraph.

Search engines, links shared elsewhere and our own search show them. A page of Markdown whose first
paragraph does not do has its own in its first lines: ``myst: {html_meta: {description: …}}``.
"""

import re

from docutils import nodes
from sphinx.environment.collectors import EnvironmentCollector

SHORTEST, ENOUGH, LONGEST = 50, 100, 160
NOT_TEXT = (nodes.Admonition, nodes.figure, nodes.footnote, nodes.table, nodes.comment)
BUTTONS = "tutorial-downloads"


class Descriptions(EnvironmentCollector):
    """Keep the description of each page in ``env.page_descriptions``."""

    def clear_doc(self, _app, env, docname):
        """Forget a page."""
        env.page_descriptions = getattr(env, "page_descriptions", {})
        env.page_descriptions.pop(docname, None)

    def merge_other(self, _app, env, docnames, other):
        """Take what another process has read."""
        env.page_descriptions |= {name: other.page_descriptions[name] for name in docnames}

    def process_doc(self, app, doctree):
        """Describe a page that has just been read."""
        page = app.env.current_document.docname
        app.env.page_descriptions[page] = _own(doctree) or describe(_paragraphs(doctree))


def _own(doctree):
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "description":
            return meta["content"]
    return None


def _paragraphs(doctree):
    for paragraph in doctree.findall(nodes.paragraph):
        parents, parent = [], paragraph.parent
        while parent is not None:
            parents.append(parent)
            parent = parent.parent
        if not any(isinstance(one, NOT_TEXT) or is_buttons(one) for one in parents):
            yield " ".join(paragraph.astext().split())


def is_buttons(node):
    """Tell whether a node holds the buttons of a tutorial's downloads."""
    return isinstance(node, nodes.container) and BUTTONS in node["classes"]


def describe(paragraphs):
    """Return the sentences that fit, or as much of the first one as does."""
    found = ""
    for paragraph in paragraphs:
        for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z`\"(])", paragraph):
            longer = f"{found} {sentence}".strip()
            if len(longer) > LONGEST:
                return found if len(found) >= ENOUGH else _cut(longer)
            found = longer
        if len(found) >= ENOUGH:
            break
    return found.removesuffix(":") + "." if found.endswith(":") else found


def _cut(text):
    """Cut at the end of a clause, or else of a word."""
    start = text[: LONGEST - 1]
    end = max(start.rfind(mark) for mark in (", ", "; ", ": ", " ("))
    if end < ENOUGH:
        end = start.rfind(" ")
    return start[:end].rstrip(" ,;:(") + "…"


def add(app, pagename, _template, context, _doctree):
    """Give the page's template its description."""
    context["description"] = getattr(app.env, "page_descriptions", {}).get(pagename, "")


def setup(app):
    """Register what is done with each page read, and with each page written."""
    app.add_env_collector(Descriptions)
    app.connect("html-page-context", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 3}
