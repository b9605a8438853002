"""What stands for a page elsewhere: in search engines, in shared links, in the search here."""


def setup(app):
    """Register the parts."""
    for part in ("descriptions", "tags", "published", "search_index"):
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
