"""Read a page again when what it shows has changed, as a tutorial is run again.

Sphinx looks at dates of files alone. A directive that shows something else calls `note`, with the
kind of thing and a key that says which; `watch` tells how the state of a kind is found. A page is
read again when the state of a thing that it noted is another. Of code, that is the content of the
modules, networks and image sets that the code uses, and the versions of libraries.
"""

from functools import cache

from cnnvis_site.rebuild import fingerprints

STATES = {"code": lambda _env, code: fingerprints.current.of(code)}


def watch(app, kind, state):
    """Have `state(env, key)` return the state of the things that pages note as of this kind."""
    app.setup_extension(__name__)
    STATES[kind] = state


def note(env, kind, key=""):
    """Note that the page which is being read shows this, in the state in which it is."""
    page = env.current_document.docname
    _noted(env).setdefault(page, {})[kind, key] = STATES[kind](env, key)


def outdated(_app, env, _added, _changed, removed):
    """Name the pages that would not find all as it was; all pages, for their links, if one went."""
    if removed:
        return env.found_docs
    state = cache(lambda kind, key: STATES[kind](env, key) if kind in STATES else None)
    return [
        page
        for page, things in _noted(env).items()
        if page in env.all_docs
        if any(state(*thing) != before for thing, before in things.items())
    ]


def forget(_app, env, page):
    """Forget a page that is removed, or about to be read again."""
    _noted(env).pop(page, None)


def merge(_app, env, pages, other):
    """Take over what another process noted of the pages that it read."""
    theirs = _noted(other)
    _noted(env).update({page: theirs[page] for page in pages if page in theirs})


def _noted(env):
    env.page_dependencies = getattr(env, "page_dependencies", {})
    return env.page_dependencies


def setup(app):
    """Connect the hooks."""
    app.setup_extension("cnnvis_site.rebuild.records")
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 2}
