"""What the site hands out: scripts, notebooks, the wheel and one archive of it all."""


def setup(app):
    """Register the parts."""
    for part in ("stage", "buttons", "listing"):
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
