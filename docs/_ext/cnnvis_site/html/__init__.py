"""The HTML of all pages: light, accessible, and asking nothing of any other host."""


def setup(app):
    """Register the parts."""
    for part in (
        "mathml",
        "link_names",
        "public_names",
        "repairs",
        "light_images",
        "light_pages",
        "content_policy",
        "incremental",
    ):
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
