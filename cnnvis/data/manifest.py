"""What an earlier call has made, written down in the folder itself."""

import json
from pathlib import Path

from cnnvis.atomic import check_free
from cnnvis.data.portable_names import is_clutter

MANIFEST = "made_by_cnnvis.json"


def write_manifest(folder: Path, request: dict, files: dict) -> None:
    """Write down on what request a folder was made, and which files it holds.

    Args:
        folder: The folder.
        request: All that decides what is made, as JSON can hold it.
        files: For each split and class the names of the files.
    """
    text = json.dumps({"request": request, "files": files}, indent=1)
    (folder / MANIFEST).write_text(text, "utf-8")


def made_before(destination: Path, request: dict, *, replace: bool) -> dict | None:
    """The files of an earlier call with the same request, or ``None`` where all is to be made.

    Args:
        destination: The folder.
        request: As for `write_manifest`.
        replace: Whether a folder made on another request may go.

    Raises:
        FileExistsError: If the folder holds something else, or may not be replaced.
    """
    if not destination.is_dir() or not any(destination.iterdir()):
        check_free(destination)
        return None
    try:
        made = json.loads((destination / MANIFEST).read_text("utf-8"))
        recorded, before = made["files"], made["request"]
        expected = {
            f"{split}/{name}/{file}"
            for split, classes in recorded.items()
            for name, files in classes.items()
            for file in files
        }
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        check_free(destination)
    present = {
        path.relative_to(destination).as_posix()
        for path in destination.rglob("*")
        if path.is_symlink() or not path.is_dir()
    } - {MANIFEST}
    present = {path for path in present if not is_clutter(path.split("/"))}
    if before == json.loads(json.dumps(request)) and present == expected:
        return recorded
    _check_replaceable(destination, before, request, present, expected, replace=replace)
    return None


def _check_replaceable(destination, before, request, present, expected, *, replace) -> None:
    """Raise a ``FileExistsError`` that says how a destination differs, unless it may go."""
    if foreign := sorted(present - expected):
        raise FileExistsError(
            f"{destination} must hold what prepare_folders has made and nothing else; it also "
            f"holds {foreign[0]}. Move that away, or choose another destination."
        )
    if replace:
        return
    changed = [key for key in request if before.get(key) != json.loads(json.dumps(request[key]))]
    problem = (
        f"was made on another request (not the same: {', '.join(changed)})"
        if changed
        else f"lacks {min(expected - present)}"
    )
    raise FileExistsError(
        f"{destination} must be new, or as an earlier call with the same request has made it; "
        f"it {problem}. Allow replace=True, or choose another destination."
    )
