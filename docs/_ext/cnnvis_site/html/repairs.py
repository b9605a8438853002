"""Repair what Sphinx and its kind write that assistive technology stumbles over."""

import re

REPAIRS = {
    # a role that is no longer in use
    'role="doc-biblioentry"': 'role="listitem"',
    # parameters on lines of their own come as a list without terms, inside a term
    '<dl>\n<dd><em class="sig-param">': '<span class="sig-list"><dd><em class="sig-param">',
    '<dd><em class="sig-param">': '<span class="sig-line"><em class="sig-param">',
    "</em>,</dd>": "</em>,</span>",
    '</dl>\n\n<span class="sig-paren">': '</span><span class="sig-paren">',
}

# sphinx-gallery has the text of a card in an attribute, where nobody can find, copy or translate it
CARD = re.compile(
    r'(<div class="sphx-glr-thumbcontainer") tooltip="([^"]*)">(.*?)'
    r'<div class="sphx-glr-thumbnail-title">.*?</div>',
    re.DOTALL,
)


def repair(_app, _page, _template, context, _doctree):
    """Replace the pieces in the body of one page."""
    body = context.get("body", "")
    for wrong, right in REPAIRS.items():
        body = body.replace(wrong, right)
    if body:
        context["body"] = CARD.sub(r'\1>\3<p class="card-text">\2</p>', body)


def setup(app):
    """Connect to the event before a page is written."""
    app.connect("html-page-context", repair)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
