"""``book-link``: offer the book for download on the site, where ``make pdf`` has made it."""

from pathlib import Path
from shutil import copyfile

from cnnvis_site.rebuild import page_notes
from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

BOOK = "_build/pdf/cnnvis.pdf"


class BookLink(SphinxDirective):
    """A link whose text is the argument, with the book's size; nothing if there is no book."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        """Return a paragraph with the link, for HTML alone."""
        self.env.book_pages = getattr(self.env, "book_pages", set())
        self.env.book_pages.add(self.env.current_document.docname)
        size = book_size(self.env)
        if not size:
            return []
        text = f"{self.arguments[0]} (PDF, {size / 1e6:.1f} MB)"
        link = nodes.reference("", text, refuri="", internal=True, book=True)
        only = addnodes.only("", nodes.paragraph("", "", link), expr="html")
        return [only]


def book_size(env):
    """Return the number of bytes of the book, 0 if it isn't there."""
    book = Path(env.srcdir, BOOK)
    return book.stat().st_size if book.is_file() else 0


def outdated(_app, env, *_):
    """Name the pages to read again if the book has come, gone or changed."""
    before, env.book_state = getattr(env, "book_state", 0), book_size(env)
    pages = getattr(env, "book_pages", set())
    return sorted(pages & env.all_docs.keys()) if before != env.book_state else []


def address(_app, doctree, docname):
    """Fill in the address, which depends on where the page is."""
    for link in doctree.findall(nodes.reference):
        if "book" in link:
            up = "../" * docname.count("/")
            link["refuri"] = up + Path(BOOK).name


def deliver(app, exception):
    """Copy the book into the site, or remove one that is gone."""
    if exception is None and app.builder.format == "html":
        copy = Path(app.outdir, Path(BOOK).name)
        if book_size(app.env):
            copyfile(Path(app.srcdir, BOOK), copy)
        else:
            copy.unlink(missing_ok=True)


def setup(app):
    """Register the directive."""
    app.add_directive("book-link", BookLink)
    page_notes.keep(app, "book_pages")
    app.connect("env-get-outdated", outdated)
    app.connect("doctree-resolved", address)
    app.connect("build-finished", deliver)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
