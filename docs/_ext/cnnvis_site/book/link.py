"""``book-link``: offer the book for download on the site, where ``make pdf`` has made it."""

from pathlib import Path
from shutil import copyfile

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from cnnvis_site.rebuild import page_dependencies

BOOK = "_build/pdf/cnnvis.pdf"


class BookLink(SphinxDirective):
    """A link whose text is the argument, with the book's size; nothing if there is no book."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        """Return a paragraph with the link, for HTML alone."""
        page_dependencies.note(self.env, "book")
        size = book_size(self.env)
        if not size:
            return []
        text = f"{self.arguments[0]} (PDF, {size / 1e6:.1f} MB)"
        link = nodes.reference("", text, refuri="", internal=True, book=True)
        only = addnodes.only("", nodes.paragraph("", "", link), expr="html")
        return [only]


def book_size(env, _key=""):
    """Return the number of bytes of the book, 0 if it isn't there."""
    book = Path(env.srcdir, BOOK)
    return book.stat().st_size if book.is_file() else 0


def address(_app, doctree, docname):
    """Fill in the address, which depends on where the page is."""
    for link in doctree.findall(nodes.reference):
        if "book" in link:
            up = "../" * docname.count("/")
            link["refuri"] = up + Path(BOOK).name


def deliver(app):
    """Copy the book into the site, or remove one that is gone."""
    copy = Path(app.outdir, Path(BOOK).name)
    if book_size(app.env):
        copyfile(Path(app.srcdir, BOOK), copy)
    else:
        copy.unlink(missing_ok=True)


def setup(app):
    """Register the directive."""
    app.add_directive("book-link", BookLink)
    page_dependencies.watch(app, "book", book_size)
    app.connect("doctree-resolved", address)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
