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


def lighten(_app, _page, _template, context, _doctree):
    """Load the styles and scripts of cards, tabs and tags only where a page has them."""
    body = context.get("body", "")
    needless = ["sg-tags", "sg_gallery-binder"]
    needless += [] if "sd-tab" in body else ["design-tabs"]
    needless += [] if "sd-tab" in body or "sd-card" in body else ["sphinx-design"]
    for kind in ("css_files", "script_files"):
        files = context.get(kind, [])
        context[kind] = [
            file for file in files if not any(name in str(file.filename) for name in needless)
        ]


def setup(app):
    """Connect to the event before a page is written."""
    app.connect("html-page-context", repair)
    app.connect("html-page-context", lighten, priority=900)  # after those that add files
    return {"parallel_read_safe": True, "parallel_write_safe": True}
