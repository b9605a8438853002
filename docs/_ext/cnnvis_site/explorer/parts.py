"""The parts that a script and a style are joined of, and when a page is read again for them."""

import importlib.util
import sys
from pathlib import Path

from cnnvis_site.rebuild import page_dependencies
from cnnvis_site.rebuild.files import digest

JOIN = Path(__file__).parents[4] / "cnnvis" / "explorer" / "join.py"


def _load():
    """Load the package's joining from its file: through the package it would wait for PyTorch."""
    spec = importlib.util.spec_from_file_location("cnnvis_explorer_join", JOIN)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


join = _load()


def folder(env):
    """Return the folder of all parts, beside the source folder's own."""
    return Path(env.srcdir).parent / "cnnvis" / "explorer" / "web"


def state(env, entry):
    """Return what is another when a part that a script needs has come, gone or changed."""
    try:
        parts = join.find_parts([entry], folder(env))
    except (OSError, join.JoinError):  # which is told when the page is read
        return None
    return digest(repr(parts).encode())


def setup(app):
    """Have pages read again when their parts change."""
    page_dependencies.watch(app, "explorer", state)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
