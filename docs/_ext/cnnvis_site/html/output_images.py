"""See at every build that all images of the pages are there, and whole, in what was built.

Sphinx copies only those of pages that it writes, and so one that was deleted would stay away.
"""


def copy_all(app):
    """Have all images compared with their sources, and copied where they differ."""
    if app.builder.format == "html":
        app.builder.images |= {file: name for file, (_, name) in app.env.images.items()}
    return []


def setup(app):
    """Connect to an event after the pages are written and before Sphinx copies images."""
    app.connect("html-collect-pages", copy_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
