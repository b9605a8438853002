"""Names of links that stand alone, as a screen reader lists them and a voice calls them.

A citation in running text is a link as a whole, "Rudin (2019)", rather than the year alone. An
address that is its own link text loses its protocol, or becomes the paper's number. The signs
beside headings and definitions say what they lead to.
"""

import re
from html import escape, unescape

from docutils import nodes
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.referencing.basic_author_year import (
    BasicAuthorYearTextualReferenceStyle,
)
from sphinxcontrib.bibtex.style.template import join, join2, post_text, pre_text, reference, year

SHORTER = (
    (r"https?://arxiv\.org/(?:abs|pdf)/", "arXiv:"),
    (r"https?://(?:dx\.)?doi\.org/", "doi:"),
    (r"https?://(?:www\.)?", ""),
)
HEADING = re.compile(
    r'<h[1-6]>(?P<text>(?:(?!</?h[1-6]>).)*)<a class="headerlink" href="#(?P<id>[^"]*)"', re.DOTALL
)
SIGN = re.compile(r'<a class="headerlink" href="#(?P<id>[^"]*)"')


class WholeTextualStyle(BasicAuthorYearTextualReferenceStyle):
    """Names and year of a textual citation in one link."""

    def inner(self, role_name):
        """Return the template of one reference."""
        names = self.person.author_or_editor_or_title(full="s" in role_name)
        years = join[self.bracket.left, year, self.bracket.right]
        return join2(sep1=self.pre_text_sep, sep2=self.post_text_sep)[
            pre_text, reference[join(sep=self.text_reference_sep)[names, years]], post_text
        ]


class WholeLinkStyle(AuthorYearReferenceStyle):
    """Citations by author and year; those in running text are links as a whole."""

    def __post_init__(self):
        """Take our style for the textual roles."""
        super().__post_init__()
        whole = WholeTextualStyle(bracket=self.bracket_textual, person=self.person)
        self.role_style.update((role, whole) for role in whole.role_names())


def shorten(app, doctree, _docname):
    """Give addresses that are their own link text a shorter one."""
    if app.builder.format != "html":
        return
    for link in doctree.findall(nodes.reference):
        if link.astext() == link.get("refuri"):
            text = link.astext().rstrip("/")
            for pattern, short in SHORTER:
                text = re.sub(f"^{pattern}", short, text)
            link.children = []
            link += nodes.Text(text)
            link["classes"].append("address")  # print need not repeat it


def name_signs(_app, _page, _template, context, _doctree):
    """Name the signs that lead to a heading, a definition or a term."""
    body = context.get("body", "")
    named = {m["id"]: re.sub("<[^>]+>", "", m["text"]).strip() for m in HEADING.finditer(body)}

    def name(sign):
        text = named.get(sign["id"], escape(sign["id"].removeprefix("term-")))
        return f'{sign[0]} aria-label="Link to: {escape(unescape(text))}"'

    if body:
        context["body"] = SIGN.sub(name, body)


def setup(app):
    """Register the style of citations, and connect."""
    register_plugin("sphinxcontrib.bibtex.style.referencing", "whole_link", WholeLinkStyle)
    app.connect("doctree-resolved", shorten)
    app.connect("html-page-context", name_signs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
