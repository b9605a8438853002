"""Take away the built pages whose sources were removed or renamed; Sphinx leaves them there.

It doesn't look at the links to such a page either, until the page with the link changes.
"""

from pathlib import Path


def note(app, pagename, _template, _context, _doctree):
    """Note each page; those without a source, such as the index, are written with any other."""
    app.pages_written = {*getattr(app, "pages_written", ()), pagename}


def clear(app, exception):
    """Delete pages that are not the site's; where nothing was written, nothing was removed."""
    written = getattr(app, "pages_written", set())
    if exception is not None or app.builder.name != "html" or not written:
        return
    site, wanted = Path(app.outdir), app.env.found_docs | written
    for file in site.rglob("*.html"):
        place = file.relative_to(site)
        if place.parts[0][0] not in "._" and place.with_suffix("").as_posix() not in wanted:
            file.unlink()


def look_for_links(_app, env, _added, _changed, removed):
    """Have all pages read again when one was removed, so that links to it are told."""
    return env.found_docs if removed else []


def setup(app):
    """Connect to the reading and the writing of pages and to the end of a build."""
    app.connect("env-get-outdated", look_for_links)
    app.connect("html-page-context", note)
    app.connect("build-finished", clear)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
