"""Names of files and folders that every system can store and tell apart."""

import re
import unicodedata
from collections.abc import Iterable

_CLUTTER = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini"}
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"}
_RESERVED |= {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}


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


def is_clutter(parts: Iterable[str]) -> bool:
    """Whether a path belongs to what systems leave in folders and archives."""
    return any(part.casefold() in _CLUTTER or part.startswith("._") for part in parts)
