"""What a build makes again, and what it leaves alone; README.md shows the way through."""


def setup(app):
    """Register the parts."""
    for part in ("records", "page_dependencies"):
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
