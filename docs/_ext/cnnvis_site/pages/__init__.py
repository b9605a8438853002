"""What pages show of the package and its data, so that neither can drift apart from them."""


def setup(app):
    """Register the parts."""
    for part in ("checked_examples", "controls", "data", "model_cards", "standin_cards", "used_in"):
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
