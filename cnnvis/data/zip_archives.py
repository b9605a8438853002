"""Unpack a zip archive of images, trusting neither its names nor its contents."""

import logging
import re
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import NoReturn

from cnnvis.atomic import check_free, whole_or_nothing
from cnnvis.data.image_files import decode
from cnnvis.data.portable_names import is_clutter, name_key, name_problem

# What torchvision's ImageFolder takes for an image, and the decoders that may be used on it.
SUFFIXES = (".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
DECODERS = ("BMP", "JPEG", "PNG", "PPM", "TIFF", "WEBP")

_ENCRYPTED = 0x1 | 0x40 | 0x2000
_REPARSE_POINT = 0x400  # how Windows marks links


def unpack_images(
    archive: str | Path,
    folder: str | Path,
    *,
    max_bytes: int = 2 * 1024**3,
    max_ratio: float = 200,
    max_files: int = 100_000,
    skip_broken: bool = False,
) -> list[Path]:
    """Unpack a zip archive of images into a folder, all of it or nothing.

    The images end up side by side: folders that all of them share are dropped, others become
    part of the name, so that ``Bikes/2021/a.jpg`` beside ``Bikes/2022/a.jpg`` gives
    ``2021_a.jpg`` and ``2022_a.jpg``. What systems leave in archives (``__MACOSX``,
    ``.DS_Store``, ``Thumbs.db``, ``desktop.ini``, names that begin with ``._``) is passed over.
    Everything is unpacked beside the place where it belongs, and moved there when it is whole.

    Args:
        archive: A zip file. Only names that any system can store are taken, and only files with
            one of the endings bmp, jpeg, jpg, pgm, png, ppm, tif, tiff or webp.
        folder: Where the images go: a new or an empty folder.
        max_bytes: How many bytes all files may have together, unpacked.
        max_ratio: How many times as large as in the archive a file may become.
        max_files: How many entries the archive may have.
        skip_broken: Leave out images that can't be decoded, and warn of them (the logger
            ``cnnvis``), instead of raising an error that lists them.

    Returns:
        list[Path]: The images, sorted by name.

    Raises:
        FileNotFoundError: If there is no such archive.
        FileExistsError: If ``folder`` holds something already, or is a file.
        ValueError: If the file is no zip archive; an entry is absolute, leads out of the folder,
            is a link, a device, encrypted, too large or no image, or has a name that not
            every system can store or that another entry has too (the message names the entry);
            images can't be decoded (it names all of them); or none is left.
    """
    archive, folder = Path(archive), Path(folder)
    if not archive.is_file():
        raise FileNotFoundError(f"the archive must be a zip file; there is no file {archive}.")
    check_free(folder)
    try:
        with zipfile.ZipFile(archive) as packed:
            _check_sizes(archive, packed.infolist(), max_bytes, max_ratio, max_files)
            images = _targets(archive, packed.infolist())
            with whole_or_nothing(folder) as beside:
                broken = _unpack(archive, packed, images, beside)
                _report(archive, broken, len(images), skip_broken=skip_broken)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise ValueError(
            f"the archive must be a zip file; {archive.name} isn't one, or is damaged: {error}."
        ) from error
    return sorted(folder.iterdir())


def _refuse(archive: Path, entry: str, problem: str, remedy: str = "") -> NoReturn:
    raise ValueError(
        f"an archive must hold nothing but images, as plain files with names that any system "
        f"can store; in {archive.name}, {entry!r} {problem}. Nothing was unpacked"
        + (f"; {remedy}." if remedy else ".")
    )


def _check_sizes(archive, entries, max_bytes, max_ratio, max_files) -> None:
    """Refuse what the archive's own list declares to be too much."""
    if len(entries) > max_files:
        name = entries[max_files].orig_filename
        problem = f"is entry {max_files + 1:,} of {len(entries):,}"
        _refuse(archive, name, problem, f"max_files allows {max_files:,}")
    total = 0
    for entry in entries:
        name, total = entry.orig_filename, total + entry.file_size
        if total > max_bytes:
            problem = f"brings the unpacked size to {total:,} bytes"
            _refuse(archive, name, problem, f"max_bytes allows {max_bytes:,}")
        if entry.file_size > max_ratio * max(entry.compress_size, 1):
            ratio = entry.file_size / max(entry.compress_size, 1)
            problem = f"becomes {ratio:,.0f} times as large when unpacked"
            _refuse(archive, name, problem, f"max_ratio allows {max_ratio:,}")


def _targets(archive: Path, entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The file name to give to each image; anything that isn't allowed is refused."""
    paths = {}
    for entry in entries:
        # zipfile cuts a name at a zero byte, and turns the backslashes of Windows' own paths.
        name = entry.orig_filename
        parts = _checked_parts(archive, name)
        _check_kind(archive, name, entry)
        if entry.is_dir() or is_clutter(parts):
            continue
        if Path(name).suffix.lower() not in SUFFIXES:
            endings = ", ".join(SUFFIXES)
            _refuse(archive, name, "isn't an image", f"images end in {endings}")
        paths[entry] = parts
    if not paths:
        raise ValueError(f"an archive must hold images; {archive.name} holds none.")
    shared = len(_shared([parts[:-1] for parts in paths.values()]))
    targets, taken = {}, {}
    for entry, parts in paths.items():
        target = unicodedata.normalize("NFC", "_".join(parts[shared:]))
        if problem := name_problem(target):
            _refuse(archive, entry.orig_filename, problem)
        if other := taken.get(name_key(target)):
            problem = f"would overwrite {other!r}: both become {target!r}"
            _refuse(archive, entry.orig_filename, problem, "rename one of the two")
        taken[name_key(target)] = entry.orig_filename
        targets[target] = entry
    return targets


def _checked_parts(archive: Path, name: str) -> list[str]:
    if name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name):
        _refuse(archive, name, "has an absolute path")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in re.split(r"[/\\]", name):
        _refuse(archive, name, "leads out of the folder")
    if problem := next(filter(None, map(name_problem, parts)), None):
        _refuse(archive, name, problem)
    return parts


def _check_kind(archive: Path, name: str, entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK or entry.external_attr & _REPARSE_POINT:
        _refuse(archive, name, "is a link", "pack the file that it leads to")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        _refuse(archive, name, "is a device or another special file")
    if entry.flag_bits & _ENCRYPTED:
        _refuse(archive, name, "is encrypted", "pack it without a password")


def _shared(folders: list[list[str]]) -> list[str]:
    """The parts with which all paths begin."""
    low, high = min(folders), max(folders)
    same = [a == b for a, b in zip(low, high, strict=False)]
    return low[: same.index(False) if False in same else len(same)]


def _unpack(archive: Path, packed: zipfile.ZipFile, images: dict, folder: Path) -> dict:
    """Write and decode every image; returns what is wrong with those that are broken."""
    broken = {}
    for target, entry in images.items():
        path, name = folder / target, entry.orig_filename
        try:
            stream = packed.open(entry)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            _refuse(archive, name, f"can't be read ({error})")
        try:
            with stream, path.open("xb") as file:
                _copy(stream, file, entry.file_size)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            broken[name] = f"damaged in the archive ({error})"
        else:
            if problem := _decode(path):
                broken[name] = problem
        if name in broken:
            path.unlink()
    return broken


def _copy(stream, file, declared: int) -> None:
    """Copy, counting the bytes: what the archive declares about itself may be a lie."""
    count = 0
    while chunk := stream.read(1 << 16):
        count += len(chunk)
        if count > declared:
            break
        file.write(chunk)
    if count != declared:
        raise ValueError(f"declared to have {declared:,} bytes, but has {count:,}")


def _decode(path: Path) -> str | None:
    """What is wrong with an image, if anything: it is decoded whole, as training will do."""
    try:
        decode(path, DECODERS, reduce=False).convert("RGB")
    except ValueError as error:
        return str(error)
    return None


def _report(archive: Path, broken: dict, count: int, *, skip_broken: bool) -> None:
    if not broken:
        return
    listed = "; ".join(f"{name!r}: {problem}" for name, problem in broken.items())
    line = f"{len(broken)} of the {count} images in {archive.name} can't be used: {listed}."
    if not skip_broken:
        raise ValueError(
            f"every image must be whole; {line} Repair or remove them, or leave them out "
            "with skip_broken=True."
        )
    if len(broken) == count:
        raise ValueError(f"an archive must hold an image that is whole; {line}")
    logging.getLogger("cnnvis").warning("%s They were left out.", line)
