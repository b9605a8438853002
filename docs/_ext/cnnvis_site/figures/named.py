"""``tutorial-figure``: show a figure of a tutorial by its name, on any page.

The HTML has the description as alt text, the size (no jump while loading), a sharp image for
sharp screens, and loads when it is near the screen. The numbers of a chart follow (see
``numbers/html.py``), unless the image is a link. Other builders get the sharp image.
"""

import json
from html import escape
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import NoUri
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from cnnvis_site.figures.numbers.html import number_tables

logger = logging.getLogger(__name__)


class described_image(nodes.image):  # noqa: N801 (docutils names its nodes so)
    """An image with a size, a description and a second file of twice the resolution."""


def collect(app):
    """Read the facts of all figures, once the tutorials have run."""
    figures = {}
    for folder in app.config.sphinx_gallery_conf["gallery_dirs"]:
        for file in sorted(Path(app.srcdir, folder).glob("**/images/*.json")):
            facts = json.loads(file.read_text("utf-8")) | {"file": str(file)}
            figures[f"{facts['doc']}/{facts['name']}"] = facts
    app.env.tutorial_figures = figures


class TutorialFigure(SphinxDirective):
    """Show the figure with the name given; the content replaces its caption.

    Where figures of two tutorials have the name, the tutorial's goes before it:
    ``plot_20_filters/conv1_filters``.
    """

    required_arguments = 1
    has_content = True
    option_spec = {"class": directives.class_option, "link": directives.flag}  # noqa: RUF012

    def run(self):
        """Return the figure, or nothing and a warning if there is none of that name."""
        facts = self._find(self.arguments[0])
        if facts is None:
            return []
        name = facts["name"]
        self.env.note_dependency(facts["file"])
        self.env.images.add_file(self.env.current_document.docname, facts["image_2x"])
        image = self._image(facts)
        figure = nodes.figure("", image, ids=[nodes.make_id(f"figure-{name}")])
        figure["classes"] += ["tutorial-figure", *self.options.get("class", [])]
        self.set_source_info(figure)
        figure += self._caption(facts)
        tables = facts.get("tables") if "link" not in self.options else None
        return [figure, number_tables(tables=tables, label=name)] if tables else [figure]

    def _find(self, name):
        known = self.env.tutorial_figures
        found = [key for key in known if f"/{key}".endswith(f"/{name}")]
        if len(found) == 1:
            return known[found[0]]
        problem = f"{len(found)} figures are" if found else "No tutorial has a figure"
        choice = ", ".join(sorted(found or known)) or "none"
        message = f'{problem} named "{name}". The names: {choice}.'
        logger.warning(message, location=self.get_location())
        return None

    def _image(self, facts):
        image = described_image(
            "",
            uri="/" + facts["image"],
            image_2x=facts["image_2x"],
            size=(facts["width"], facts["height"]),
            alt=facts["description"],
        )
        self.set_source_info(image)
        if "link" not in self.options:
            return image
        # refuri is filled in when the builder, and so the form of an address, is known
        return nodes.reference("", "", image, refuri="", tutorial=facts["doc"], internal=True)

    def _caption(self, facts):
        if self.content:
            first, *rest = self.parse_content_to_nodes()
            legend = [nodes.legend("", *rest)] if rest else []
            return [nodes.caption("", "", *first.children), *legend]
        return [nodes.caption(facts["caption"], facts["caption"])] if facts["caption"] else []


def place(app, doctree, docname):
    """Fill in what depends on the builder: links to tutorials, and which files are copied."""
    builder = app.builder
    for link in list(doctree.findall(nodes.reference)):
        if "tutorial" in link:
            try:
                link["refuri"] = builder.get_relative_uri(docname, link["tutorial"])
            except NoUri:  # a book without that tutorial
                link.replace_self(link.children)
    for image in doctree.findall(described_image):
        if builder.format == "html":
            builder.images[image["image_2x"]] = app.env.images[image["image_2x"]][1]
        else:
            image["uri"] = image["image_2x"]
            image["candidates"] = {"*": image["uri"]}


def visit_html(translator, node):
    """Write the img element, in a link to the sharp image unless it is in another link."""
    builder = translator.builder
    once, twice = (
        f"{builder.imgpath}/{quote(builder.images[uri])}" for uri in (node["uri"], node["image_2x"])
    )
    width, height = node["size"]
    image = (
        f'<img src="{escape(once)}" srcset="{escape(once)} 1x, {escape(twice)} 2x" '
        f'width="{width}" height="{height}" loading="lazy" decoding="async" '
        f'alt="{escape(node["alt"])}">'
    )
    linked = isinstance(node.parent, nodes.reference)
    translator.body.append(image if linked else f'<a href="{escape(twice)}">{image}</a>')


def setup(app):
    """Register the directive and its node."""
    app.add_node(described_image, html=(visit_html, lambda *_: None))
    app.add_directive("tutorial-figure", TutorialFigure)
    app.connect("builder-inited", collect, priority=700)  # sphinx-gallery runs at 500
    app.connect("doctree-resolved", place)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
