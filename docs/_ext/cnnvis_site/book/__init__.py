"""The book: the pages of the site, set by LaTeX."""


def setup(app):
    """Register the parts."""
    for part in ("book", "pages", "link"):
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
