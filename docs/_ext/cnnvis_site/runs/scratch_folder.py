"""What a tutorial writes while the site is built lands in the build folder.

sphinx-gallery runs each script in the script's own folder, with no option to change that. While it
works, a change into a folder of the gallery becomes a change into its twin in the build folder,
which is empty when a build starts: what an earlier run has left would stand in for a new result.
"""

import os
import shutil
from pathlib import Path

CHDIR = os.chdir


def redirect(app):
    """Send changes into the gallery's folders to their twins."""
    twins = Path(app.doctreedir, "scratch")
    sources = [
        Path(app.srcdir, folder).resolve()
        for folder in app.config.sphinx_gallery_conf["examples_dirs"]
    ]

    shutil.rmtree(twins, ignore_errors=True)

    def chdir(path):
        here = Path(path).resolve()
        for source in sources:
            if here == source or source in here.parents:
                path = twins / source.name / here.relative_to(source)
                path.mkdir(parents=True, exist_ok=True)
        CHDIR(path)

    os.chdir = chdir


def restore(_app):
    """Make changes of folder plain again."""
    os.chdir = CHDIR


def setup(app):
    """Connect around sphinx-gallery's own hook, which has the priority 500."""
    app.connect("builder-inited", redirect, priority=490)
    app.connect("builder-inited", restore, priority=510)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
