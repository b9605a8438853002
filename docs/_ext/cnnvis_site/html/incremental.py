"""What Sphinx leaves as it was in a built site: pages whose sources are gone, and missing images.

It leaves built pages whose sources were removed or renamed, and copies only images of pages that it
writes, so that one that was deleted, or cut short, would stay so.
"""

from pathlib import Path


def note(app, pagename, _template, _context, _doctree):
    """Note each page; those without a source, such as the index, are written with any other."""
    app.pages_written = {*getattr(app, "pages_written", ()), pagename}


def clear(app):
    """Delete pages that are not the site's; where nothing was written, nothing was removed."""
    written = getattr(app, "pages_written", set())
    if app.builder.name != "html" or not written:
        return
    site, wanted = Path(app.outdir), app.env.found_docs | written
    for file in site.rglob("*.html"):
        place = file.relative_to(site)
        if place.parts[0][0] not in "._" and place.with_suffix("").as_posix() not in wanted:
            file.unlink()


def copy_all(app):
    """Have all images compared with their sources, and copied where they differ."""
    if app.builder.format == "html":
        app.builder.images |= {file: name for file, (_, name) in app.env.images.items()}
    return []


def setup(app):
    """Connect to the writing of pages, and to the event before Sphinx copies images."""
    app.connect("html-page-context", note)
    app.connect("html-collect-pages", copy_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
