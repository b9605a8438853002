"""What image sets are on this machine, told by file names and sizes."""

import os
from pathlib import Path

from platformdirs import user_cache_path


def listing():
    """Return one line per file, and one that says whether a build may use the network."""
    folder = Path(os.environ.get("CNNVIS_DATA") or user_cache_path("cnnvis"))
    files = sorted(file for file in folder.glob("[!.]*/**/*") if file.is_file())
    lines = [f"{file.relative_to(folder).as_posix()} {file.stat().st_size}" for file in files]
    return [f"offline {os.environ.get('CNNVIS_OFFLINE', '')}", *lines]
