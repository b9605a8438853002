"""Repair what Sphinx and docutils write that assistive technology stumbles over."""

REPAIRS = {
    # a role that is no longer in use
    'role="doc-biblioentry"': 'role="listitem"',
    # parameters on lines of their own come as a list without terms, inside a term
    '<dl>\n<dd><em class="sig-param">': '<span class="sig-list"><dd><em class="sig-param">',
    '<dd><em class="sig-param">': '<span class="sig-line"><em class="sig-param">',
    "</em>,</dd>": "</em>,</span>",
    '</dl>\n\n<span class="sig-paren">': '</span><span class="sig-paren">',
}


def repair(_app, _page, _template, context, _doctree):
    """Replace the pieces in the body of one page."""
    for wrong, right in REPAIRS.items():
        if "body" in context:
            context["body"] = context["body"].replace(wrong, right)


def setup(app):
    """Connect to the event before a page is written."""
    app.connect("html-page-context", repair)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
