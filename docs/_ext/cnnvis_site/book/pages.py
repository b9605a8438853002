"""The pages of the site, made into one book: ``book-pages`` collects them in ``docs/book.md``.

Links from file to file, references at the end of everything and empty parts make sense on a site
alone. What stands on the pages is seen to in ``blocks.py``.
"""

import posixpath
from urllib.parse import urlsplit

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.builders.latex.nodes import thebibliography
from sphinx.directives.other import TocTree
from sphinx.util import logging
from sphinx.util.matching import patfilter

from cnnvis_site.book.blocks import adapt_blocks

logger = logging.getLogger(__name__)


class BookPages(TocTree):
    """A toctree of patterns, of which some may match no page."""

    def run(self):
        """Return the toctree of the patterns that match, or nothing."""
        lines = [line for line in self.content if patfilter(self.env.found_docs, line)]
        self.content = StringList(lines, source=self.get_source_info()[0])
        self.options["glob"] = True
        return super().run() if lines else []


def adapt(app, book, _docname):
    """Change the assembled book; runs for the LaTeX builder alone."""
    if app.builder.format != "latex":
        return
    adapt_blocks(book)
    for link in list(book.findall(nodes.reference)):
        lead(link, app)
    for timing in list(book.findall(_is_timing)):
        timing.parent.remove(timing)
    for section in list(book.findall(nodes.section)):
        if len(section) == 1:  # a part whose pages this build does not have
            section.parent.remove(section)
    for works in list(book.findall(thebibliography)):
        place_bibliography(book, works)


def lead(link, app):
    """Turn links between pages into links within the book, and print addresses of references."""
    address = link.get("refuri", "")
    parts = urlsplit(address)
    if parts.scheme and _title(link) == "References" and link.astext() != address:
        printed = nodes.reference("", address, refuri=address, internal=False)
        link.parent.insert(link.parent.index(link) + 1, [nodes.Text(" "), printed])
    elif not parts.scheme and parts.path.endswith(".html"):
        folder = posixpath.dirname(_page(link))
        target = posixpath.normpath(posixpath.join(folder, parts.path.removesuffix(".html")))
        if target in app.builder.docnames:
            link["refuri"] = f"%{target}" + (f"#{parts.fragment}" if parts.fragment else "")
        else:
            link.replace_self(link.children)
            if target not in app.env.all_docs:
                logger.warning("No page %s, which a link names", target, location=link)


def place_bibliography(book, works):
    """Put the list of works, which Sphinx moves to the end, below the first words of its page."""
    page = works[0]["docname"] if len(works) else ""
    sections = (one for one in book.findall(nodes.section) if one.get("docname") == page)
    section = next(sections, None)
    if section is not None:
        works.parent.remove(works)
        below = section.first_child_matching_class(nodes.section)
        section.insert(len(section) if below is None else below, works)


def _is_timing(node):
    """Tell the line with the time that a script took, which is for those who run it."""
    return isinstance(node, nodes.Element) and "sphx-glr-timing" in node.get("classes", [])


def _sections(node):
    """Yield the sections around a node, the innermost first."""
    while node := node.parent:
        if isinstance(node, nodes.section):
            yield node


def _title(node):
    section = next(_sections(node), None)
    return section[0].astext() if section else ""


def _page(node):
    """Return the name of the page that a node comes from; Sphinx notes it on the sections."""
    return next((one["docname"] for one in _sections(node) if "docname" in one), "book")


def setup(app):
    """Register the directive, and connect after `figures.named.place`, at 500."""
    app.add_directive("book-pages", BookPages)
    app.connect("doctree-resolved", adapt, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
