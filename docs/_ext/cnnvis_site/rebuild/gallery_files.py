"""The tutorials' scripts, their copies in the gallery that sphinx-gallery makes, and what is left.

What stands beside a copy is made of it: its page, notebook, archive, figures and thumbnail.
"""

import shutil
from pathlib import Path

from cnnvis_site.rebuild.files import digest_of

PRESENT = {".ipynb", ".zip"}  # written in one go, and what is in them is seen to elsewhere
MEASURED = ".cost.json"  # another one in each run


def tutorials(app):
    """Yield the copy of each tutorial, and its script."""
    for source, target in _galleries(app):
        for script in sorted(source.glob("**/plot_*.py")):
            yield target / script.relative_to(source), script


def left(copy):
    """Return the checksums of the files that a tutorial left, by name."""
    return {
        file.relative_to(copy.parent).as_posix(): (
            "there" if file.suffix in PRESENT else digest_of(file)
        )
        for file in _made_of(copy)
        if not file.name.endswith((MEASURED, ".new"))
    }


def forget_removed(app):
    """Delete the pages of what was renamed or removed: Sphinx would still read them."""
    wanted = {copy for copy, _ in tutorials(app)}
    for source, target in _galleries(app):
        for index in target.glob("*/index.rst"):
            if not (source / index.parent.name).is_dir():
                shutil.rmtree(index.parent)
        for copy in set(target.glob("**/plot_*.py")) - wanted:
            for file in _made_of(copy):
                file.unlink()


def _galleries(app):
    conf = app.config.sphinx_gallery_conf
    for source, target in zip(conf["examples_dirs"], conf["gallery_dirs"], strict=True):
        yield Path(app.srcdir, source).resolve(), Path(app.srcdir, target)


def _made_of(copy):
    figure = f"images/sphx_glr_{copy.stem}_[0-9][0-9][0-9]"
    patterns = (f"{copy.stem}.*", f"{figure}*", f"images/thumb/sphx_glr_{copy.stem}_thumb.*")
    return sorted(file for pattern in patterns for file in copy.parent.glob(pattern))
