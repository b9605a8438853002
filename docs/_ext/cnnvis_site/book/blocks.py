"""Figures, code, outputs and tables of the site, made ready for the book."""

from html.parser import HTMLParser

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)
FULL_WIDTH = 800  # pixels of a figure that is as wide as the text
SHORT, LONG = 12, 8  # lines of code: so many are kept on one page, so many begin a longer block


def adapt_blocks(book):
    """Change what would be lost, too wide or torn apart in print."""
    for figure in list(book.findall(nodes.figure)):
        describe(figure)
    for block in list(book.findall(nodes.literal_block)):
        if "sphx-glr-script-out" in block["classes"]:
            frame_output(block)
        keep_together(block)
    for raw in list(book.findall(nodes.raw)):
        if "html" in raw["format"].split():
            replace_html(raw)


def describe(figure):
    """Give a figure its width, and the description of its image where it has no caption."""
    image = next(figure.findall(nodes.image), None)
    if image is None:
        return
    if "size" in image:
        image["width"] = f"{min(100, 100 * image['size'][0] / FULL_WIDTH):.4g}%"
    if not list(figure.findall(nodes.caption)) and image.get("alt"):
        figure += nodes.caption(image["alt"], image["alt"])


def frame_output(output):
    """Put what code printed into a box of its own kind."""
    box = nodes.container("", classes=["cnnvisoutput"])
    quote = output.parent if isinstance(output.parent, nodes.block_quote) else output
    quote.replace_self(box)
    box += output


def keep_together(block):
    """Ask for room for a short block, or for the beginning of a long one, and for its heading."""
    lines = block.astext().count("\n") + 1
    place = block.parent if isinstance(block.parent, nodes.container) else block
    above = place.parent.index(place) - 1
    if above >= 0 and isinstance(place.parent[above], nodes.title):
        place, lines = place.parent, lines + 4
    lines = lines if lines <= SHORT else LONG
    room = nodes.raw("", rf"\cnnvisroom{{{lines}}}", format="latex")
    place.parent.insert(place.parent.index(place), room)


def replace_html(raw):
    """Put a table where an object was shown as an HTML table; drop what else is for browsers."""
    reader = TableReader()
    reader.feed(raw.astext())
    tables = [_table(rows) for rows in reader.tables]
    if "output_html" in raw.astext() and not tables:
        logger.warning("The book cannot show this output: HTML without a table", location=raw)
    raw.replace_self(nodes.container("", *tables, classes=["cnnvistable"]) if tables else [])


class TableReader(HTMLParser):
    """Collects the rows of each table, as lists of the texts in their cells."""

    def __init__(self):
        super().__init__()
        self.tables, self.cell = [], None

    def handle_starttag(self, tag, _attributes):
        """Open a table, a row or a cell."""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self.tables and self.tables[-1]:
            self.cell = []

    def handle_data(self, data):
        """Keep what stands in a cell."""
        if self.cell is not None:
            self.cell.append(data)

    def handle_endtag(self, tag):
        """Close a cell."""
        if tag in {"td", "th"} and self.cell is not None:
            self.tables[-1][-1].append(" ".join("".join(self.cell).split()))
            self.cell = None


def _table(rows):
    head, *body = rows
    group = nodes.tgroup("", cols=len(head))
    group += [nodes.colspec("", colwidth="auto") for _ in head]
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *map(_row, body))
    return nodes.table("", group, classes=["colwidths-auto"])


def _row(cells):
    return nodes.row("", *(nodes.entry("", nodes.paragraph(cell, cell)) for cell in cells))
