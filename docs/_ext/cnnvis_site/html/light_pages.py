"""Light pages: each loads only the styles and scripts that it uses, without comments.

Sphinx's own scripts serve its search and its translations, and both are ours or not needed (see
``head/search_index.py``). Copying goes through the browser, so sphinx-copybutton's 9 KB library for
that gives way to a few lines of ours (``clipboard.js``).
"""

import re
from pathlib import Path

from cnnvis_site.rebuild.files import write

NEVER = {
    "clipboard.min.js",
    "doctools.js",
    "sg-tags.js",
    "sg_gallery-binder.css",
    "sphinx_highlight.js",
    "translations.js",
}
# a file, and what the body of a page holds that needs it
NEEDED = {
    "clipboard.js": ('class="highlight',),
    "copybutton.css": ('class="highlight',),
    "copybutton.js": ('class="highlight',),
    "design-tabs.js": ("sd-tab",),
    "documentation_options.js": ('class="highlight',),  # for copybutton.js
    "pygments.css": ('class="highlight', 'class="sig', 'class="code'),
    "sg_gallery-dataframe.css": ('class="dataframe',),
    "sg_gallery-rendered-html.css": ("rendered_html",),
    "sg_gallery.css": ("sphx-glr",),
    "sphinx-design.min.css": ("sd-tab", "sd-card"),
}


def lighten(_app, _page, _template, context, _doctree):
    """Drop what the page does not use, and let no script hold up its text."""
    body = context.get("body", "")
    for kind in ("css_files", "script_files"):
        context[kind] = [file for file in context.get(kind, []) if _needed(file, body)]
    for script in context["script_files"]:
        script.attributes.setdefault("defer", "defer")


def _needed(file, body):
    name = Path(str(file.filename)).name
    signs = NEEDED.get(name)
    return name not in NEVER and (signs is None or any(sign in body for sign in signs))


def shrink(app):
    """Take comments and indentation out of the files that pages load."""
    for file in sorted(Path(app.outdir, "_static").rglob("*.[cj]s*")):
        if file.suffix in {".css", ".js"}:
            text = file.read_text("utf-8")
            shrunk = bare(text)
            if len(shrunk) < len(text):
                write(file, shrunk)


def bare(text):
    """Drop comments that have lines of their own, licences apart, and the start of other lines.

    That much is safe without reading the language, and gzip does the rest.
    """
    text = re.sub(r"^[ \t]*/\*(?!!).*?\*/[ \t]*\n", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^[ \t]*(?://.*)?\n|^[ \t]+", "", text, flags=re.MULTILINE)


def setup(app):
    """Connect to the event before a page is written."""
    app.add_js_file("clipboard.js", priority=150)  # copybutton.js comes after it
    app.connect("html-page-context", lighten, priority=900)  # after those that add files
    return {"parallel_read_safe": True, "parallel_write_safe": True}
