"""A tutorial that fails: the build goes on, fails in the end, and its last lines say where.

Each failed tutorial gets one line with the file, the line of the failing statement and the
exception. The site is there to be looked at, with the traceback on the page of the tutorial.
``sys.exit`` in a tutorial is such a failure too: sphinx-gallery would end the build with it.
"""

import re
import sys
from pathlib import Path

from sphinx.util import logging

logger = logging.getLogger(__name__)
EXIT = sys.exit


def forbid_exit(_app):
    """Make ``sys.exit``, while tutorials run, an error that sphinx-gallery catches."""

    def refuse(*_):
        raise RuntimeError("a tutorial must not end the program, which is the build here")

    sys.exit = refuse


def allow_exit(_app):
    """Make ``sys.exit`` what it was."""
    sys.exit = EXIT


def summarise(app, _exception):
    """Name the tutorials that failed, and make the build fail also where warnings don't."""
    failed = app.config.sphinx_gallery_conf.get("failing_examples", {})
    if not failed:
        return
    app.statuscode = app.statuscode or 1
    lines = [one_line(script, text) for script, text in sorted(failed.items())]
    count = "1 tutorial" if len(lines) == 1 else f"{len(lines)} tutorials"
    logger.error("%s failed; the rest of the site is in %s:", count, _near(app.outdir))
    for line in lines:
        logger.error("%s", line)


def one_line(script, traceback):
    """Return file, line and exception of a traceback: the last frame that is in the script."""
    frames = re.findall(rf'File "{re.escape(script)}", line (\d+)', traceback)
    said = [line for line in traceback.splitlines()[1:] if line and not line.startswith(" ")]
    place = f"{_near(script)}, line {frames[-1]}" if frames else _near(script)
    return f"{place}: {said[0] if said else 'failed'}"


def _near(path):
    """Return a path from where the build was started, or as it is if it isn't below that."""
    path, here = Path(path), Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def setup(app):
    """Connect around sphinx-gallery's own hook, which has the priority 500."""
    app.connect("builder-inited", forbid_exit, priority=490)
    app.connect("builder-inited", allow_exit, priority=510)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
