"""What extensions note of pages in the environment, kept also when several processes read them."""


def keep(app, attribute):
    """Have Sphinx gather `env.<attribute>`: a dictionary by page, or a set of pages."""

    def merge(_app, env, pages, other):
        mine, theirs = getattr(env, attribute, None), getattr(other, attribute, None)
        if isinstance(theirs, dict):
            read = {page: theirs[page] for page in pages if page in theirs}
            setattr(env, attribute, {**(mine or {}), **read})
        elif theirs:
            setattr(env, attribute, (mine or set()) | theirs & set(pages))

    app.connect("env-merge-info", merge)
