"""Read a page again when what its code depends on has changed, as a tutorial is run again.

Sphinx looks at dates of files alone. Directives that run code call `note`; what counts is then the
content of the modules, networks and image sets that the code uses, and the versions of libraries.
"""

from cnnvis_site.rebuild import fingerprints, page_notes


def note(env, code):
    """Note that the page which is being read shows something that depends on `code`."""
    page = env.current_document.docname
    _uses(env).setdefault(page, {})[code] = fingerprints.current.of(code)


def outdated(_app, env, *_):
    """Name the pages whose code would not find everything as it was."""
    return [
        page
        for page, codes in _uses(env).items()
        if page in env.all_docs
        if any(state != fingerprints.current.of(code) for code, state in codes.items())
    ]


def forget(_app, env, page):
    """Forget a page that is removed, or about to be read again."""
    _uses(env).pop(page, None)


def _uses(env):
    env.page_uses = getattr(env, "page_uses", {})
    return env.page_uses


def setup(app):
    """Connect the hooks."""
    app.setup_extension("cnnvis_site.rebuild.records")
    page_notes.keep(app, "page_uses")
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", forget)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
