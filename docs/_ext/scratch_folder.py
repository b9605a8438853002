"""What a tutorial writes while the site is built lands in the build folder.

sphinx-gallery runs each script in the script's own folder, with no option to change that. While it
works, a change into a folder of the gallery becomes a change into its twin in the build folder.
"""

import json
import os
from pathlib import Path

CHDIR = os.chdir
TWINS = "CNNVIS_SCRATCH_TWINS"  # the environment is what the processes that run scripts inherit


def announce(app):
    """Say which folders have which twins, and send changes of folder in this process there."""
    folders = app.config.sphinx_gallery_conf["examples_dirs"]
    sources = [Path(app.srcdir, folder).resolve() for folder in folders]
    twins = {str(one): str(Path(app.doctreedir, "scratch", one.name)) for one in sources}
    os.environ[TWINS] = json.dumps(twins)
    redirect()


def redirect():
    """Send changes into the gallery's folders to their twins, as announced."""
    os.chdir = _chdir


def _chdir(path):
    here = Path(path).resolve()
    for source, twin in json.loads(os.environ[TWINS]).items():
        if here.is_relative_to(source):
            path = Path(twin, here.relative_to(source))
            path.mkdir(parents=True, exist_ok=True)
    CHDIR(path)


def restore(_app):
    """Make changes of folder plain again."""
    os.chdir = CHDIR


def setup(app):
    """Connect around sphinx-gallery's own hook, which has the priority 500."""
    app.connect("builder-inited", announce, priority=490)
    app.connect("builder-inited", restore, priority=510)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
