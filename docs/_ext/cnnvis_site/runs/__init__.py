"""The runs of tutorials: where they write, what they cost, and what happens if one fails."""


def setup(app):
    """Register the parts."""
    for part in ("scratch_folder", "costs", "cost_tables", "failures"):
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
