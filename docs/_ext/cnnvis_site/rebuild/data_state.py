"""What image sets are on this machine, told by their files' contents."""

import os
from pathlib import Path

from platformdirs import user_cache_path

from cnnvis_site.rebuild.files import digest, memory

FOLDERS = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST", "cifar10": "cifar-10-batches-py"}


def listing(names=None):
    """Return the checksum of each file of the sets, by its path below the data's folder.

    All sets if `names` is None; beside them a word on whether a build may use the network.
    """
    files = {}
    for folder in _places():
        known = FOLDERS.keys() & (names or ())  # `load` refuses any other name
        tops = ["[!.]*"] if names is None else [FOLDERS[name] for name in sorted(known)]
        for top in tops:
            for file in sorted(folder.glob(f"{top}/**/*")):
                if file.is_file():
                    path = file.relative_to(folder).as_posix()
                    files.setdefault(f"data {path}", _digest(file))
    return {"CNNVIS_OFFLINE": os.environ.get("CNNVIS_OFFLINE", ""), **files}


def _places():
    """Return where `cnnvis.load` may look: in the cache also if the folder can't be written."""
    cache, value = user_cache_path("cnnvis"), os.environ.get("CNNVIS_DATA")
    return [Path(value).expanduser(), cache] if value else [cache]


def _digest(file):
    """Return the checksum; one of a file that has not changed is not worked out again."""
    state = file.stat()
    key = f"{file} {state.st_size} {state.st_mtime_ns}"
    return memory.get(key, lambda: digest(file.read_bytes()))
