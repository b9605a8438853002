"""Take away the built pages whose sources were removed or renamed; Sphinx leaves them there."""

from pathlib import Path


def note(app, pagename, _template, _context, _doctree):
    """Note each page; those without a source, such as the index, are written with any other."""
    app.pages_written = {*getattr(app, "pages_written", ()), pagename}


def clear(app, exception):
    """Delete pages that are not the site's; where nothing was written, nothing was removed."""
    written = getattr(app, "pages_written", set())
    if exception is not None or app.builder.format != "html" or not written:
        return
    site, wanted = Path(app.outdir), app.env.found_docs | written
    for file in site.rglob("*.html"):
        place = file.relative_to(site)
        if place.parts[0][0] not in "._" and place.with_suffix("").as_posix() not in wanted:
            file.unlink()


def setup(app):
    """Connect to the writing of pages and to the end of a build."""
    app.connect("html-page-context", note)
    app.connect("build-finished", clear)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
