"""Image sets by name: found on disk, downloaded and checked, or a stand-in that says so.

Two environment variables steer it. ``CNNVIS_DATA`` names the folder that holds the sets, in
torchvision's own layout; without it that is the cache folder which platformdirs names.
``CNNVIS_OFFLINE=1`` never touches the network.
"""

import difflib
import logging
import math
import tarfile
import zlib
from collections.abc import Collection
from pathlib import Path

import torch

from cnnvis.atomic import sweep, workshop
from cnnvis.data.http import DownloadError, fetch_from_any, forget_failures, is_offline
from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import SETS, source_of
from cnnvis.data.torchvision_files import SetFiles, files_of, find_files

UNASKED_MEGABYTES = 50  # larger sets are downloaded only on request
UNASKED_SECONDS = 120  # for one file, where nobody asked for the download

_lines_said: set[str] = set()


def load(name: str, split: str = "train", *, download: bool | None = None) -> ImageSet:
    """Load an image set from disk, else download it, else take its stand-in.

    The set is looked for where ``CNNVIS_DATA`` says, else in the cache folder. If
    ``CNNVIS_DATA`` lacks it, it is downloaded to there; if that folder cannot be written, the
    cache folder is looked in and downloaded to. A stand-in is announced by one warning of the
    logger ``cnnvis``, and its ``source.is_stand_in`` is true.

    Args:
        name: ``"mnist"``, ``"fashion-mnist"`` or ``"cifar10"``.
        split: ``"train"`` or ``"test"``.
        download: ``None`` downloads sets of up to 50 MB, and gives up after two minutes a file;
            ``True`` downloads a set of any size, however long it takes, and asks hosts anew that
            failed before; ``False`` never does. Where a download fails, the stand-in is taken
            (`download` raises instead).

    Returns:
        The images, their labels, the names of the classes and the source.

    Raises:
        TypeError: If an argument is of another type.
        ValueError: If the name or the split is unknown, a file on disk is damaged, or an
            environment variable has a value that cannot be used.
        DownloadError: If the set can't be had and has no stand-in.
    """
    _check_choice("name", name, SETS)
    _check_choice("split", split, ("train", "test"))
    if not (download is None or isinstance(download, bool)):
        raise TypeError(f"download must be True, False or None; got {download!r}.")
    is_offline()  # a value that can't be used is an error even where it makes no difference
    files = find_files(name)
    if files.missing():
        try:
            _fetch(name, files, download=download)
        except DownloadError as error:
            return _stand_in(name, split, f"{error}")
    return _read(name, split, files)


def download(name: str, folder: str | Path | None = None) -> Path:
    """Download an image set, unless it is already there and whole.

    Hosts that failed before are asked anew, and there is no limit on how long a file may take as
    long as bytes arrive.

    Args:
        name: ``"mnist"``, ``"fashion-mnist"`` or ``"cifar10"``.
        folder: Where it shall lie; by default where `load` looks for it.

    Returns:
        The folder that holds the set in torchvision's layout: the ``root`` of torchvision's
        classes, and a value for ``CNNVIS_DATA``.

    Raises:
        TypeError: If the name is no text.
        ValueError: If the name is unknown, or an environment variable cannot be used.
        DownloadError: If no host delivers the set, the folder cannot be written, or
            ``CNNVIS_OFFLINE`` is set.
    """
    _check_choice("name", name, SETS)
    files = find_files(name) if folder is None else files_of(name, Path(folder).expanduser())
    if files.damaged():
        _fetch(name, files, download=True)
    return files.folder


def _check_choice(role: str, value: object, choices: Collection[str]) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{role} must be a text; got {type(value).__name__}.")
    if value not in choices:
        nearest = difflib.get_close_matches(value.lower().replace("_", "-"), choices, 1)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        raise ValueError(
            f"{role} must be one of {', '.join(map(repr, choices))}; got {value!r}.{hint}"
        )


def _fetch(name: str, files: SetFiles, *, download: bool | None) -> None:
    """Download, check and unpack a set beside its place, then move it there in one go.

    Raises:
        DownloadError: If the download is not allowed or fails, or cannot be stored.
    """
    lack = files.lack()
    if refusal := _refusal(SETS[name].megabytes, download):
        raise DownloadError(f"{lack} and {refusal}.")
    if download:
        for archive in files.archives:
            forget_failures(archive.urls)
    try:
        files.folder.mkdir(parents=True, exist_ok=True)
        sweep(files.folder)
        with workshop(files.folder) as bench:
            _assemble(files.within(bench), math.inf if download else UNASKED_SECONDS)
            files.within(bench).move(files.folder)
    except DownloadError as error:
        raise DownloadError(f"{lack} and could not be downloaded: {error}.") from None
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise DownloadError(f"{lack} and could not be stored: {error}.") from error


def _refusal(megabytes: float, download: bool | None) -> str | None:
    if is_offline():
        return "CNNVIS_OFFLINE is set"
    if download is False:
        return "download=False forbids fetching it"
    if download is None and megabytes > UNASKED_MEGABYTES:
        return f"its {megabytes:.0f} MB are downloaded only on request"
    return None


def _assemble(files: SetFiles, seconds: float) -> None:
    for archive in files.archives:
        path = files.folder / archive.name
        fetch_from_any(archive.urls, path, archive.md5, seconds=seconds)
        files.unpack(path)
    if file := files.damaged():
        raise OSError(f"{file.name} came out damaged")


def _read(name: str, split: str, files: SetFiles) -> ImageSet:
    try:
        read = files.reader(files.folder, train=split == "train", download=False)
        images, labels = torch.as_tensor(read.data), torch.as_tensor(read.targets)
        images = images[:, None] if images.ndim == 3 else images.permute(0, 3, 1, 2)
        classes = tuple(text.partition(" - ")[0] for text in read.classes)
        return ImageSet(images, labels, classes, source_of(name, is_stand_in=False))
    except Exception as error:  # torchvision fails in a different way for every damage
        remedy = f"and load the set again, or run `python -m cnnvis download {name}`."
        if file := files.damaged():
            raise ValueError(
                f"The files of {files.title} must be whole; {file} is damaged or cut short. "
                f"Delete it {remedy}"
            ) from None
        raise ValueError(
            f"The files of {files.title} must fit together; those in {files.folder} do not: "
            f"{error}. Delete them {remedy}"
        ) from error


def _stand_in(name: str, split: str, why: str) -> ImageSet:
    facts = SETS[name].stand_in
    unless = " with CNNVIS_OFFLINE unset" if is_offline() else ""
    remedy = (
        f"For the real set run `python -m cnnvis download {name}`{unless}, or let CNNVIS_DATA "
        "name a folder that holds it."
    )
    if facts is None:
        raise DownloadError(f"{why} It has no stand-in yet. {remedy}") from None
    line = f"{why} A stand-in takes its place: {facts.title}. {remedy}"
    if line not in _lines_said:
        _lines_said.add(line)
        logging.getLogger("cnnvis").warning(line)
    return ImageSet(*facts.make(split), source_of(name, is_stand_in=True))
