"""``figure-strip``: figures of one size, of which a reader sees one at a time.

`save_figure` makes figures the frames of a strip, and ``scraper.py`` writes the directive.
The page holds all frames in their order, and shows them so where scripts are off and in print;
``strip.js``, which only pages with a strip load, hides all but one and adds a slider and two
buttons. The book has them side by side.
"""

from html import escape

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from cnnvis_site.figures.named import described_image

logger = logging.getLogger(__name__)


class figure_strip(nodes.General, nodes.Element):  # noqa: N801 (docutils names its nodes so)
    """Figures through which one can step, under the name `label`."""


class FigureStrip(SphinxDirective):
    """Group the figures in the content; the argument names what one steps through."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self):
        """Return the group, with a warning if its frames would make the page jump."""
        strip = figure_strip("", *self.parse_content_to_nodes(), label=self.arguments[0])
        self.set_source_info(strip)
        sizes = {image["size"] for image in strip.findall(described_image)}
        if len(sizes) > 1:
            logger.warning(
                'The frames of the strip "%s" must have one size; they have %s pixels.',
                self.arguments[0],
                ", ".join(f"{width}×{height}" for width, height in sorted(sizes)),
                location=strip,
            )
        return [strip]


def lay_out(app, doctree, _docname):
    """Put the frames into two columns where nobody can step, with one caption for all."""
    if app.builder.format == "html":
        return
    for strip in list(doctree.findall(figure_strip)):
        images = [image.deepcopy() for image in strip.findall(described_image)]
        row = nodes.paragraph()
        for image in images:
            image["width"] = "49%"
            row += [image, nodes.Text(" ")]  # without the space a line would never break
        text = f"{strip['label']}: {len(images)} frames, row by row."
        caption = nodes.paragraph("", "", nodes.emphasis(text, text))
        strip.replace_self([row, caption])


def load(app, _pagename, _template, _context, doctree):
    """Add script and style to the pages that have a strip."""
    if doctree is not None and next(doctree.findall(figure_strip), None):
        app.add_js_file("strip.js", loading_method="defer")
        app.add_css_file("strip.css")


def visit_html(translator, node):
    """Open a group with a name."""
    label = escape(node["label"])
    translator.body.append(f'<div class="figure-strip" role="group" aria-label="{label}">\n')


def depart_html(translator, _node):
    """Close the group."""
    translator.body.append("</div>\n")


def setup(app):
    """Register the directive; `lay_out` comes after `named.place`, before `book.pages.adapt`."""
    app.add_node(figure_strip, html=(visit_html, depart_html))
    app.add_directive("figure-strip", FigureStrip)
    app.connect("doctree-resolved", lay_out, priority=550)
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
