"""The parts of scripts and styles in docs/explorer, and how they are put together for a page."""

from pathlib import Path

from cnnvis_site.rebuild import page_notes

FOLDER = "explorer"  # below the source folder: the parts, and the explorer's page
HEAD = "/* Put together from docs/explorer when the site is built. */\n"


def find_parts(source, patterns):
    """Return the parts of a script and a style, by their paths, in the order of the patterns."""
    folder = Path(source).parent / "cnnvis" / "explorer" / "web"
    files = [file for pattern in patterns for file in sorted(folder.glob(pattern))]
    files = [file for file in files if file.suffix in {".js", ".css"}]
    return {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in files}


def noted(env):
    """Return, for each page, the patterns of its parts and what they found when it was read."""
    env.explorer_parts = getattr(env, "explorer_parts", {})
    return env.explorer_parts


def outdated(_app, env, *_):
    """Name the pages of which a part has come, gone or changed."""
    return [
        page
        for page, places in noted(env).items()
        if page in env.all_docs
        if any(find_parts(env.srcdir, patterns) != parts for patterns, parts in places)
    ]


def forget(_app, env, page):
    """Forget a page that is removed, or about to be read again."""
    noted(env).pop(page, None)


def join(parts):
    """Put the parts of a script into one function, so that their names stay among themselves."""
    body = "\n".join(part.removeprefix('"use strict";\n').strip() + "\n" for part in parts)
    return f'{HEAD}"use strict";\n(() => {{\n{body}}})();\n'


def setup(app):
    """Connect the hooks."""
    page_notes.keep(app, "explorer_parts")
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", forget)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
