"""The parts of scripts and styles in docs/explorer, and how they are put together for a page."""

from pathlib import Path

from cnnvis_site.rebuild import page_dependencies
from cnnvis_site.rebuild.files import digest

FOLDER = "explorer"  # below the source folder: the parts, and the explorer's page
HEAD = "/* Put together from docs/explorer when the site is built. */\n"


def find_parts(source, patterns):
    """Return the parts of a script and a style, by their paths, in the order of the patterns."""
    folder = Path(source).parent / "cnnvis" / "explorer" / "web"
    files = [file for pattern in patterns for file in sorted(folder.glob(pattern))]
    files = [file for file in files if file.suffix in {".js", ".css"}]
    return {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in files}


def state(env, patterns):
    """Return what is another when a part of the patterns has come, gone or changed."""
    return digest(repr(find_parts(env.srcdir, patterns)).encode())


def join(parts):
    """Put the parts of a script into one function, so that their names stay among themselves."""
    body = "\n".join(part.removeprefix('"use strict";\n').strip() + "\n" for part in parts)
    return f'{HEAD}"use strict";\n(() => {{\n{body}}})();\n'


def setup(app):
    """Have pages read again when their parts change."""
    page_dependencies.watch(app, "explorer", state)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
