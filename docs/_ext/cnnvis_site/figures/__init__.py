"""Figures: those of tutorials and pages, with their words, their sizes and their numbers."""


def setup(app):
    """Register the parts."""
    for part in ("named", "numbers.html", "strip", "drawn"):
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
