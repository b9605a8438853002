"""Image sets by name: found on disk, downloaded and checked, or a stand-in that says so.

Two environment variables steer it. ``CNNVIS_DATA`` names the folder that holds the sets, in
torchvision's own layout; without it that is the cache folder which platformdirs names.
``CNNVIS_OFFLINE=1`` never touches the network.
"""

import difflib
import gzip
import logging
import math
import os
import shutil
import tarfile
import tempfile
import time
import warnings
import zlib
from collections.abc import Collection
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Thread
from typing import IO
from urllib.parse import urlsplit

import platformdirs
import requests
import torch
import urllib3
from torch import Tensor
from tqdm import tqdm

CONNECT_SECONDS = 10  # to reach a host
SILENCE_SECONDS = 20  # without a byte
TOTAL_SECONDS = 120  # for one file, where nobody asked for the download
UNASKED_MEGABYTES = 50  # larger sets are downloaded only on request

_TEMPORARY = ".cnnvis-"
_failed_hosts: dict[str, str] = {}
_lines_said: set[str] = set()


class DownloadError(RuntimeError):
    """A set is not on disk and could not, or was not allowed to, be downloaded."""


@dataclass(frozen=True)
class SetFacts:
    """What pages and messages say about an image set or a stand-in.

    Attributes:
        title: The name people use.
        description: One sentence.
        citation: Authors, year, title and a DOI or another lasting address.
        licence: The terms of use.
        homepage: Address of the page that describes the pictures.
        maker: The class in ``torchvision.datasets`` that reads a set, or the function in
            `cnnvis.standins` that makes a stand-in.
        megabytes: Size of the download, 0 for a stand-in.
        stand_in: What takes the set's place without a network, if there is anything.
    """

    title: str
    description: str
    citation: str
    licence: str
    homepage: str
    maker: str
    megabytes: float = 0
    stand_in: "SetFacts | None" = None


SETS: dict[str, SetFacts] = {
    "mnist": SetFacts(
        title="MNIST",
        description="70,000 handwritten digits, grey, 28×28 pixels.",
        citation="LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to "
        "document recognition, doi:10.1109/5.726791",
        licence="no formal licence text comes with the files (LeCun, Cortes and Burges)",
        homepage="http://yann.lecun.com/exdb/mnist/",
        maker="MNIST",
        megabytes=11.6,
        stand_in=SetFacts(
            title="UCI handwritten digits",
            description="1,797 handwritten digits that come with scikit-learn, drawn at "
            "28×28 pixels from their 8×8 counts of ink.",
            citation="Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, "
            "UCI Machine Learning Repository, doi:10.24432/C50P49",
            licence="CC BY 4.0",
            homepage="https://archive.ics.uci.edu/dataset/80/",
            maker="digits",
        ),
    ),
    "fashion-mnist": SetFacts(
        title="Fashion-MNIST",
        description="70,000 pictures of garments in ten classes, grey, 28×28 pixels.",
        citation="Xiao, Rasul and Vollgraf (2017), Fashion-MNIST: a novel image dataset for "
        "benchmarking machine learning algorithms, arXiv:1708.07747",
        licence="MIT, Zalando SE, 2017",
        homepage="https://github.com/zalandoresearch/fashion-mnist",
        maker="FashionMNIST",
        megabytes=30.9,
    ),
    "cifar10": SetFacts(
        title="CIFAR-10",
        description="60,000 photographs of animals and vehicles in ten classes, in colour, "
        "32×32 pixels.",
        citation="Krizhevsky (2009), Learning multiple layers of features from tiny images, "
        "https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf",
        licence="no formal licence; the authors ask to cite Krizhevsky (2009)",
        homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
        maker="CIFAR10",
        megabytes=170.5,
        stand_in=SetFacts(
            title="scikit-image's photographs",
            description="Tiles of 32×32 pixels cut from the photographs that come with "
            "scikit-image; the label is the photograph.",
            citation="van der Walt et al. (2014), scikit-image: image processing in Python, "
            "doi:10.7717/peerj.453",
            licence="CC0 or public domain",
            homepage="https://scikit-image.org/docs/stable/api/skimage.data.html",
            maker="photos",
        ),
    ),
}


@dataclass(frozen=True)
class Source:
    """Where pictures come from, and on what terms.

    Attributes:
        name: The name given to `load`.
        title: What the pictures are: the set itself or its stand-in.
        origin: Address of the page that describes them; never a local path.
        licence: The terms of use.
        citation: What to cite.
        is_stand_in: Whether these pictures stand in for the set that was asked for.
    """

    name: str
    title: str
    origin: str
    licence: str
    citation: str
    is_stand_in: bool = False

    def __str__(self) -> str:
        role = f", standing in for {self.name}" if self.is_stand_in else ""
        return f"{self.title}{role}: {self.citation}; {self.origin}; licence: {self.licence}"


@dataclass(frozen=True, eq=False, repr=False)
class ImageSet:
    """Pictures with their labels, held in memory.

    ``len(pictures)`` counts them, and ``pictures[:5]``, or any other index that a tensor of one
    dimension takes, is a smaller `ImageSet`; with a whole number it holds one picture.

    Attributes:
        images: uint8, (N, C, H, W), 0 to 255.
        labels: int64, (N,), positions in ``classes``.
        classes: Names of the classes.
        source: Where the pictures come from.

    Raises:
        TypeError: If a field has another type or dtype.
        ValueError: If the shapes do not fit together, or a label has no class.
    """

    images: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    source: Source

    def __post_init__(self) -> None:
        _check_tensor("images", self.images, torch.uint8, "(N, C, H, W)")
        _check_tensor("labels", self.labels, torch.int64, "(N,)")
        if not (isinstance(self.classes, tuple) and all(isinstance(c, str) for c in self.classes)):
            raise TypeError(f"classes must be a tuple of names; got {self.classes!r}.")
        if not isinstance(self.source, Source):
            raise TypeError(f"source must be a Source; got {type(self.source).__name__}.")
        if len(self.labels) != len(self.images):
            raise ValueError(
                "images and labels must be equally many; "
                f"got {len(self.images)} images and {len(self.labels)} labels."
            )
        outside = self.labels[(self.labels < 0) | (self.labels >= len(self.classes))]
        if len(outside):
            raise ValueError(
                f"labels must be positions in classes, from 0 to {len(self.classes) - 1}; "
                f"got {outside[0].item()}."
            )

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: object) -> "ImageSet":
        chosen = torch.arange(len(self))[index].reshape(-1)
        return replace(self, images=self.images[chosen], labels=self.labels[chosen])

    def __repr__(self) -> str:
        role = "a stand-in" if self.source.is_stand_in else "the real set"
        return (
            f"ImageSet({self.source.name!r}, images {tuple(self.images.shape)}, "
            f"{len(self.classes)} classes, {role}: {self.source.title})"
        )


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
        The pictures, their labels, the names of the classes and the source.

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
    _is_offline()  # a value that can't be used is an error even where it makes no difference
    folder = _place(name)
    if _missing(name, folder):
        try:
            _permit(name, folder, download=download)
            _fetch(name, folder, seconds=math.inf if download else TOTAL_SECONDS)
        except DownloadError as error:
            return _stand_in(name, split, f"{error}")
    return _read(name, split, folder)


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
    folder = _place(name) if folder is None else Path(folder).expanduser()
    if _damaged(name, folder):
        _permit(name, folder, download=True)
        _fetch(name, folder, seconds=math.inf)
    return folder


def _check_tensor(role: str, value: object, dtype: torch.dtype, shape: str) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(f"{role} must be a tensor; got {type(value).__name__}.")
    if value.dtype != dtype:
        raise TypeError(f"{role} must be {dtype}; got {value.dtype}.")
    if value.ndim != shape.count(",") + (not shape.endswith(",)")):
        raise ValueError(f"{role} must have the shape {shape}; got {tuple(value.shape)}.")


def _check_choice(role: str, value: object, choices: Collection[str]) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{role} must be a text; got {type(value).__name__}.")
    if value not in choices:
        nearest = difflib.get_close_matches(value.lower().replace("_", "-"), choices, 1)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        raise ValueError(
            f"{role} must be one of {', '.join(map(repr, choices))}; got {value!r}.{hint}"
        )


def _is_offline() -> bool:
    value = os.environ.get("CNNVIS_OFFLINE", "").strip().lower()
    if value not in ("", "0", "false", "no", "off", "1", "true", "yes", "on"):
        raise ValueError(
            f"CNNVIS_OFFLINE must be 1 or 0; got {value!r}. With 1 the network is never touched."
        )
    return value in ("1", "true", "yes", "on")


# What a set consists of: torchvision knows the files, the addresses and the md5 sums.


def _dataset(name: str) -> type:
    from torchvision import datasets  # takes a second, which only loading should cost

    return getattr(datasets, SETS[name].maker)


def _files(name: str) -> dict[str, str | None]:
    """Every file of a set, relative to its root, and the md5 sum where torchvision has one."""
    dataset = _dataset(name)
    if hasattr(dataset, "resources"):
        folder = f"{dataset.__name__}/raw"
        return {f"{folder}/{file.removesuffix('.gz')}": None for file, _ in dataset.resources}
    listed = [*dataset.train_list, *dataset.test_list]
    listed.append((dataset.meta["filename"], dataset.meta["md5"]))
    return {f"{dataset.base_folder}/{file}": md5 for file, md5 in listed}


def _archives(name: str) -> list[tuple[list[str], str]]:
    """The addresses of every archive of a set, best first, and its md5 sum."""
    dataset = _dataset(name)
    if hasattr(dataset, "resources"):
        return [([m + file for m in dataset.mirrors], md5) for file, md5 in dataset.resources]
    return [([dataset.url], dataset.tgz_md5)]


# On disk.


def _place(name: str) -> Path:
    """The folder that holds a set or, where none does, the one to download it to."""
    cache = Path(platformdirs.user_cache_dir("cnnvis"))
    value = os.environ.get("CNNVIS_DATA")
    if not value:
        return cache
    folder = Path(value).expanduser()
    if not (os.access(folder, os.R_OK | os.X_OK) and folder.is_dir()):
        raise ValueError(
            f"CNNVIS_DATA must name a folder that can be read; got {value!r}. "
            "Make that folder, or unset the variable to use the cache folder."
        )
    return folder if not _missing(name, folder) or _is_writable(folder) else cache


def _is_writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=folder):
            return True
    except OSError:
        return False


def _missing(name: str, folder: Path) -> list[str]:
    return [file for file in _files(name) if not (folder / file).is_file()]


def _damaged(name: str, folder: Path) -> Path | None:
    """The first file of a set that is missing or not whole."""
    from torchvision.datasets.mnist import read_sn3_pascalvincent_tensor
    from torchvision.datasets.utils import check_integrity

    for file, md5 in _files(name).items():
        try:
            if md5 is None:
                read_sn3_pascalvincent_tensor(folder / file)
            elif not check_integrity(folder / file, md5):
                return folder / file
        except Exception:  # torchvision's reader fails in a different way for every damage
            return folder / file
    return None


def _read(name: str, split: str, folder: Path) -> ImageSet:
    title = SETS[name].title
    try:
        dataset = _dataset(name)(folder, train=split == "train", download=False)
        images, labels = torch.as_tensor(dataset.data), torch.as_tensor(dataset.targets)
        images = images[:, None] if images.ndim == 3 else images.permute(0, 3, 1, 2)
        classes = tuple(text.partition(" - ")[0] for text in dataset.classes)
        return ImageSet(images, labels, classes, _source(name, SETS[name], is_stand_in=False))
    except Exception as error:  # as above
        if damaged := _damaged(name, folder):
            raise ValueError(
                f"The files of {title} must be whole; {damaged} is damaged or cut short. Delete "
                f"it and load the set again, or run `python -m cnnvis download {name}`."
            ) from None
        raise ValueError(
            f"The files of {title} must fit together; those in {folder} do not: {error}. Delete "
            f"them and load the set again, or run `python -m cnnvis download {name}`."
        ) from error


# The network.


def _permit(name: str, folder: Path, *, download: bool | None) -> None:
    """Raise a DownloadError unless a download is allowed; ask failed hosts anew if wanted."""
    size = SETS[name].megabytes
    if _is_offline():
        why = "CNNVIS_OFFLINE is set"
    elif download is False:
        why = "download=False forbids fetching it"
    elif download is None and size > UNASKED_MEGABYTES:
        why = f"its {size:.0f} MB are downloaded only on request"
    else:
        for url in (url for urls, _ in _archives(name) if download for url in urls):
            _failed_hosts.pop(urlsplit(url).netloc, None)
        return
    raise DownloadError(f"{_lack(name, folder)} and {why}.")


def _lack(name: str, folder: Path) -> str:
    title, missing = SETS[name].title, _missing(name, folder)
    if not missing:
        return f"{title} is damaged on disk"
    if len(missing) < len(_files(name)):
        return f"{title} is incomplete on disk ({missing[0]} is missing)"
    return f"{title} is not on disk"


def _fetch(name: str, folder: Path, *, seconds: float) -> None:
    """Download, check and unpack a set beside its place, then move it there in one go."""
    lack = _lack(name, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with tempfile.TemporaryDirectory(
            prefix=_TEMPORARY, dir=folder, ignore_cleanup_errors=True
        ) as temporary:
            for urls, md5 in _archives(name):
                _unpack(_retrieve(urls, md5, temporary, seconds), name, Path(temporary))
            if damaged := _damaged(name, Path(temporary)):
                raise OSError(f"{damaged.name} came out damaged")
            _move(name, Path(temporary), folder)
    except DownloadError as error:
        raise DownloadError(f"{lack} and could not be downloaded: {error}.") from None
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise DownloadError(f"{lack} and could not be stored: {error}.") from error


def _sweep(folder: Path) -> None:
    """Remove what processes that were killed left behind; a day is longer than any download."""
    for stale in folder.glob(f"{_TEMPORARY}*"):
        with suppress(OSError):
            if time.time() - stale.stat().st_mtime > 24 * 3600:
                shutil.rmtree(stale)


def _unpack(archive: Path, name: str, folder: Path) -> None:
    """Unpack a set's own files from ``archive``, and nothing else that might be in it."""
    files = {Path(file).name: file for file in _files(name)}
    if not archive.name.endswith(".tar.gz"):
        with gzip.open(archive) as packed:
            _write(packed, folder / files[archive.name.removesuffix(".gz")])
        return
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and member.name in files.values():
                _write(tar.extractfile(member), folder / member.name)


def _write(stream: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file)


def _move(name: str, temporary: Path, folder: Path) -> None:
    files = list(_files(name))
    top = files[0].split("/")[0]
    try:
        (temporary / top).replace(folder / top)
    except OSError:  # parts of the set lie there, or another process was faster
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (temporary / file).replace(folder / file)


def _retrieve(urls: list[str], md5: str, folder: str, seconds: float) -> Path:
    """Download a file from the first address that delivers it with the right md5 sum."""
    with warnings.catch_warnings(action="ignore"):  # in notebooks tqdm.auto asks for ipywidgets
        import pooch

    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        for url in urls:
            host = urlsplit(url).netloc
            if host in _failed_hosts:
                continue
            downloader = partial(_stream, seconds=seconds)
            file = url.rpartition("/")[2]
            try:
                return Path(pooch.retrieve(url, f"md5:{md5}", file, folder, downloader=downloader))
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                _failed_hosts[host] = _explain(error)
            except TimeoutError as error:
                _failed_hosts[host] = f"{error}"
            except ValueError:
                _failed_hosts[host] = f"sent {file} with the wrong md5 sum"
    finally:
        logger.setLevel(level)
    hosts = dict.fromkeys(urlsplit(url).netloc for url in urls)
    raise DownloadError("; ".join(f"{host} {_failed_hosts[host]}" for host in hosts))


def _explain(error: Exception) -> str:
    if isinstance(error, requests.HTTPError):
        return f"answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.SSLError):
        return "has a certificate that could not be verified"
    if isinstance(error, requests.ConnectTimeout):
        return f"did not answer within {CONNECT_SECONDS} s"
    if isinstance(error, requests.ReadTimeout | urllib3.exceptions.ReadTimeoutError):
        return f"sent nothing for {SILENCE_SECONDS} s"
    if isinstance(error, urllib3.exceptions.HTTPError):
        return "broke off before the end"
    return "could not be reached"


def _stream(url: str, output_file: str, _: object, *, seconds: float) -> None:
    """Write what a host sends to a file: pooch's HTTP downloader with a bound on the whole.

    Bytes are taken as they come, since waiting for a full block would let a host that dribbles
    outlast any bound.
    """
    deadline = time.monotonic() + seconds
    with _ask(url) as response:
        response.raise_for_status()
        size, title = int(response.headers.get("Content-Length", 0)), url.rpartition("/")[2]
        bar = tqdm(desc=title, total=size or None, unit="B", unit_scale=True, disable=None)
        with Path(output_file).open("wb") as file, bar:
            while chunk := response.raw.read1(1 << 16):
                file.write(chunk)
                bar.update(len(chunk))
                if time.monotonic() > deadline:
                    raise TimeoutError(f"took longer than {seconds} s")


def _ask(url: str) -> requests.Response:
    """Send a GET request and read the headers of the answer, in bounded time.

    The timeouts of requests bound neither the look-up of a name nor the sum over a host's
    addresses, so the request has a thread of its own, which is left behind when it is late.
    """
    answer = Future()

    def ask() -> None:
        try:
            timeout = (CONNECT_SECONDS, SILENCE_SECONDS)
            headers = {"Accept-Encoding": "identity"}  # the md5 sums are of the packed files
            answer.set_result(requests.get(url, stream=True, timeout=timeout, headers=headers))
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    seconds = CONNECT_SECONDS + SILENCE_SECONDS
    try:
        return answer.result(seconds)
    except TimeoutError:
        raise TimeoutError(f"did not answer within {seconds} s") from None


# Stand-ins.


def _stand_in(name: str, split: str, why: str) -> ImageSet:
    facts = SETS[name].stand_in
    unless = " with CNNVIS_OFFLINE unset" if _is_offline() else ""
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
    from cnnvis import standins  # brings scikit-learn and scikit-image along

    images, labels, classes = getattr(standins, facts.maker)(split)
    return ImageSet(images, labels, tuple(classes), _source(name, facts, is_stand_in=True))


def _source(name: str, facts: SetFacts, *, is_stand_in: bool) -> Source:
    return Source(
        name, facts.title, facts.homepage, facts.licence, facts.citation, is_stand_in=is_stand_in
    )
