"""Files and folders that are made whole or not at all, and sums that tell whether they are."""

import hashlib
import io
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

TEMPORARY = ".cnnvis-"  # how the names begin of what is being made, and is gone at the end


def checksum(content: Path | bytes, method: str = "sha256") -> str:
    """The checksum of a file or of bytes, in hexadecimal digits.

    Args:
        content: A file, read in parts, or what would be in one.
        method: A name that `hashlib.new` takes.
    """
    start = partial(hashlib.new, method, usedforsecurity=False)
    with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
        return hashlib.file_digest(file, start).hexdigest()


def check_free(folder: Path) -> None:
    """Raise a ``FileExistsError`` unless ``folder`` is empty or not there."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FileExistsError(f"{folder} must be a new or an empty folder; it is a file or a link.")
    if folder.is_dir() and (inside := sorted(path.name for path in folder.iterdir())):
        raise FileExistsError(
            f"{folder} must be a new or an empty folder; it holds {inside[0]!r}. "
            "Choose another name, or move what it holds away."
        )


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that is there stands until its follower is ready."""
    beside = _beside(path)
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def whole_or_nothing(folder: Path) -> Iterator[Path]:
    """A new folder beside ``folder`` that takes its place at the end, or vanishes on any failure.

    Args:
        folder: A new or an empty folder. Its parents are made, and unmade on a failure.

    Yields:
        Path: The folder to fill.
    """
    made = [parent for parent in folder.absolute().parents if not parent.exists()]
    beside = _beside(folder)
    try:
        beside.mkdir(parents=True)
        yield beside
        if folder.exists():
            folder.rmdir()  # on Windows nothing can be renamed onto an empty folder
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        for parent in made:
            if parent.exists():
                parent.rmdir()
        raise


@contextmanager
def out_of_the_way(folder: Path) -> Iterator[None]:
    """Put what stands at ``folder`` aside, delete it at the end, and put it back on any failure."""
    aside = _beside(folder)
    if not folder.exists():
        yield
        return
    folder.rename(aside)
    try:
        yield
    except BaseException:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A new folder within ``folder`` that is gone at the end."""
    with tempfile.TemporaryDirectory(
        prefix=TEMPORARY, dir=folder, ignore_cleanup_errors=True
    ) as place:
        yield Path(place)


def sweep(folder: Path) -> None:
    """Remove what processes that were killed left in ``folder`` more than a day ago."""
    for stale in folder.glob(f"{TEMPORARY}*"):
        with suppress(OSError):
            if time.time() - stale.stat().st_mtime > 24 * 3600:
                shutil.rmtree(stale)


def _beside(path: Path) -> Path:
    return path.absolute().with_name(f"{TEMPORARY}{secrets.token_hex(6)}")
