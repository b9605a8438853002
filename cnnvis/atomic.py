"""Names that every system can store, and folders that are made whole or not at all."""

import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_TEMPORARY = ".cnnvis-"
_CLUTTER = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini"}
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"}
_RESERVED |= {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}


def check_free(folder: Path) -> None:
    """Raise a ``FileExistsError`` unless ``folder`` is empty or not there."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FileExistsError(f"{folder} must be a new or an empty folder; it is a file or a link.")
    if folder.is_dir() and (inside := sorted(path.name for path in folder.iterdir())):
        raise FileExistsError(
            f"{folder} must be a new or an empty folder; it holds {inside[0]!r}. "
            "Choose another name, or move what it holds away."
        )


@contextmanager
def whole_or_nothing(folder: Path) -> Iterator[Path]:
    """A new folder beside ``folder`` that takes its place at the end, or vanishes on any failure.

    Args:
        folder: A new or an empty folder. Its parents are made, and unmade on a failure.

    Yields:
        Path: The folder to fill.
    """
    made = [parent for parent in folder.absolute().parents if not parent.exists()]
    beside = folder.absolute().with_name(f"{_TEMPORARY}{secrets.token_hex(6)}")
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


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that is there stands until its follower is ready."""
    beside = path.with_name(f"{_TEMPORARY}{secrets.token_hex(6)}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def name_problem(name: str) -> str | None:
    """What keeps ``name`` from being the name of a file or a folder on every system, if anything.

    Args:
        name: One part of a path, without separators.
    """
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        return "has a control character in its name"
    if re.search("[\u202a-\u202e\u2066-\u2069]", name):
        return "has a character in its name that reverses the direction of writing"
    if "\\" in name:
        return "has a backslash in its name"
    if found := re.search(r'[<>:"|?*/]', name):
        return f"has the character {found[0]} in its name, which Windows can't store"
    if name in ("", ".", ".."):
        return "isn't a name"
    if name.endswith((".", " ")):
        return "has a name that ends in a dot or a space, which Windows can't store"
    if name.split(".")[0].strip().casefold() in _RESERVED:
        return f"has the name {name.split('.')[0].strip()}, which Windows keeps for a device"
    if len(name.encode()) > 200:
        return "has a name of more than 200 bytes"
    return None


def name_key(name: str) -> str:
    """The same text for all names that some system takes for one, such as a.JPG and A.jpg."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


@contextmanager
def out_of_the_way(folder: Path) -> Iterator[None]:
    """Put what stands at ``folder`` aside, delete it at the end, and put it back on any failure."""
    aside = folder.absolute().with_name(f"{_TEMPORARY}{secrets.token_hex(6)}")
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
    """A folder within ``folder`` that is gone at the end."""
    place = folder / f"{_TEMPORARY}{secrets.token_hex(6)}"
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place)


def is_clutter(parts: Iterable[str]) -> bool:
    """Whether a path belongs to what systems leave in folders and archives."""
    return any(part.casefold() in _CLUTTER or part.startswith("._") for part in parts)
