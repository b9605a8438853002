"""Networks that live in a page."""


def setup(app):
    """Register the parts."""
    for part in ("parts", "directives"):
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
