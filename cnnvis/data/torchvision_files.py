"""The files of an image set as torchvision keeps them: which they are, and whether all are whole.

torchvision knows them, their addresses and their md5 sums.
"""

import gzip
import os
import shutil
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, NamedTuple

import platformdirs

from cnnvis.atomic import checksum, workshop
from cnnvis.data.registry import SETS


class Archive(NamedTuple):
    """A file to download.

    Attributes:
        urls: Its addresses, best first.
        md5: Its checksum.
    """

    urls: list[str]
    md5: str

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.urls[0].rpartition("/")[2]


@dataclass(frozen=True)
class SetFiles:
    """The files of an image set in one folder, be they there or not.

    Attributes:
        title: The set's name among people.
        folder: The ``root`` of torchvision's classes.
        reader: The class in ``torchvision.datasets`` that reads the set.
        files: Every file, relative to ``folder``, and its md5 sum where torchvision has one.
        archives: What to download, to have them all.
    """

    title: str
    folder: Path
    reader: type
    files: dict[str, str | None]
    archives: list[Archive]

    def within(self, folder: Path) -> "SetFiles":
        """The same files in another folder."""
        return replace(self, folder=folder)

    def missing(self) -> list[str]:
        """The files that aren't there, relative to the folder."""
        return [file for file in self.files if not (self.folder / file).is_file()]

    def damaged(self) -> Path | None:
        """The first file that is missing or not whole."""
        from torchvision.datasets.mnist import read_sn3_pascalvincent_tensor

        for file, md5 in self.files.items():
            path = self.folder / file
            try:
                if md5 is None:
                    read_sn3_pascalvincent_tensor(path)
                elif checksum(path, "md5") != md5:
                    return path
            except Exception:  # torchvision's reader fails in a different way for every damage
                return path
        return None

    def lack(self) -> str:
        """What keeps the set from being read, in words; at least one file is missing or damaged."""
        absent = self.missing()
        if not absent:
            return f"{self.title} is damaged on disk"
        if len(absent) < len(self.files):
            return f"{self.title} is incomplete on disk ({absent[0]} is missing)"
        return f"{self.title} is not on disk"

    def unpack(self, archive: Path) -> None:
        """Unpack the set's own files from ``archive``, and nothing else that might be in it."""
        if archive.name.endswith(".tar.gz"):
            with tarfile.open(archive) as tar:
                for member in tar:
                    if member.isfile() and member.name in self.files:
                        self._write(tar.extractfile(member), member.name)
        else:
            file = next(file for file in self.files if Path(file).name == archive.stem)
            with gzip.open(archive) as packed:
                self._write(packed, file)

    def _write(self, stream: IO[bytes], file: str) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as written:
            shutil.copyfileobj(stream, written)

    def move(self, folder: Path) -> None:
        """Move all files to another folder on the same disk, in one go if it has none of them."""
        top = next(iter(self.files)).split("/")[0]
        try:
            (self.folder / top).replace(folder / top)
        except OSError:  # parts of the set lie there, or another process was faster
            for file in self.files:
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / file).replace(folder / file)


def files_of(name: str, folder: Path) -> SetFiles:
    """The files of an image set, as they would lie in a folder.

    Args:
        name: A key of `SETS`.
        folder: The folder.
    """
    from torchvision import datasets  # takes a second, which only loading should cost

    reader = getattr(datasets, SETS[name].reader)
    if hasattr(reader, "resources"):
        raw = f"{reader.__name__}/raw"
        files = {f"{raw}/{file.removesuffix('.gz')}": None for file, _ in reader.resources}
        archives = [
            Archive([mirror + file for mirror in reader.mirrors], md5)
            for file, md5 in reader.resources
        ]
    else:
        listed = [*reader.train_list, *reader.test_list]
        listed.append((reader.meta["filename"], reader.meta["md5"]))
        files = {f"{reader.base_folder}/{file}": md5 for file, md5 in listed}
        archives = [Archive([reader.url], reader.tgz_md5)]
    return SetFiles(SETS[name].title, folder, reader, files, archives)


def find_files(name: str) -> SetFiles:
    """The files of an image set where they are or, if nowhere, where to download them to.

    Args:
        name: A key of `SETS`.

    Raises:
        ValueError: If ``CNNVIS_DATA`` names no folder that can be read.
    """
    cache = Path(platformdirs.user_cache_dir("cnnvis"))
    value = os.environ.get("CNNVIS_DATA")
    if not value:
        return files_of(name, cache)
    folder = Path(value).expanduser()
    if not (os.access(folder, os.R_OK | os.X_OK) and folder.is_dir()):
        raise ValueError(
            f"CNNVIS_DATA must name a folder that can be read; got {value!r}. "
            "Make that folder, or unset the variable to use the cache folder."
        )
    files = files_of(name, folder)
    return files.within(cache) if files.missing() and not _is_writable(folder) else files


def _is_writable(folder: Path) -> bool:
    try:
        with workshop(folder):
            return True
    except OSError:
        return False
