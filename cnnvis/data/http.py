"""Image sets on disk: whether they are there and whole, and how they are downloaded."""

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
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import IO
from urllib.parse import urlsplit

import platformdirs
import requests
import urllib3
from tqdm import tqdm

from cnnvis.data.registry import SETS

CONNECT_SECONDS = 10  # to reach a host
SILENCE_SECONDS = 20  # without a byte
TOTAL_SECONDS = 120  # for one file, where nobody asked for the download
UNASKED_MEGABYTES = 50  # larger sets are downloaded only on request

_TEMPORARY = ".cnnvis-"
_failed_hosts: dict[str, str] = {}


class DownloadError(RuntimeError):
    """What is not on disk could not, or was not allowed to, be downloaded."""


def is_offline() -> bool:
    """Whether ``CNNVIS_OFFLINE`` forbids the network.

    Raises:
        ValueError: If it is neither 1 nor 0 nor a word for them.
    """
    value = os.environ.get("CNNVIS_OFFLINE", "").strip().lower()
    if value not in ("", "0", "false", "no", "off", "1", "true", "yes", "on"):
        raise ValueError(
            f"CNNVIS_OFFLINE must be 1 or 0; got {value!r}. With 1 the network is never touched."
        )
    return value in ("1", "true", "yes", "on")


# What a set consists of: torchvision knows the files, the addresses and the md5 sums.


def dataset_class(name: str) -> type:
    """The class in ``torchvision.datasets`` that reads a set."""
    from torchvision import datasets  # takes a second, which only loading should cost

    return getattr(datasets, SETS[name].maker)


def _files(name: str) -> dict[str, str | None]:
    """Every file of a set, relative to its root, and the md5 sum where torchvision has one."""
    dataset = dataset_class(name)
    if hasattr(dataset, "resources"):
        folder = f"{dataset.__name__}/raw"
        return {f"{folder}/{file.removesuffix('.gz')}": None for file, _ in dataset.resources}
    listed = [*dataset.train_list, *dataset.test_list]
    listed.append((dataset.meta["filename"], dataset.meta["md5"]))
    return {f"{dataset.base_folder}/{file}": md5 for file, md5 in listed}


def _archives(name: str) -> list[tuple[list[str], str]]:
    """The addresses of every archive of a set, best first, and its md5 sum."""
    dataset = dataset_class(name)
    if hasattr(dataset, "resources"):
        return [([m + file for m in dataset.mirrors], md5) for file, md5 in dataset.resources]
    return [([dataset.url], dataset.tgz_md5)]


# On disk.


def place(name: str) -> Path:
    """The folder that holds a set or, where none does, the one to download it to.

    Raises:
        ValueError: If ``CNNVIS_DATA`` names no folder that can be read.
    """
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
    return folder if not missing(name, folder) or _is_writable(folder) else cache


def _is_writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=folder):
            return True
    except OSError:
        return False


def missing(name: str, folder: Path) -> list[str]:
    """The files of a set that ``folder`` lacks, relative to it."""
    return [file for file in _files(name) if not (folder / file).is_file()]


def damaged(name: str, folder: Path) -> Path | None:
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


# The network.


def fetch(name: str, folder: Path, *, download: bool | None) -> None:
    """Download, check and unpack a set beside its place, then move it there in one go.

    Args:
        name: A key of `SETS`.
        folder: The folder to hold the set in torchvision's layout.
        download: Whether it was asked for, as in `cnnvis.load`.

    Raises:
        ValueError: If ``CNNVIS_OFFLINE`` cannot be used.
        DownloadError: If the download is not allowed or fails, or cannot be stored.
    """
    lack = _lack(name, folder)
    if refusal := _refusal(name, download):
        raise DownloadError(f"{lack} and {refusal}.")
    if download:
        for host in (urlsplit(url).netloc for urls, _ in _archives(name) for url in urls):
            _failed_hosts.pop(host, None)
    seconds = math.inf if download else TOTAL_SECONDS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with tempfile.TemporaryDirectory(
            prefix=_TEMPORARY, dir=folder, ignore_cleanup_errors=True
        ) as temporary:
            for urls, md5 in _archives(name):
                _unpack(_retrieve(urls, md5, temporary, seconds), name, Path(temporary))
            if file := damaged(name, Path(temporary)):
                raise OSError(f"{file.name} came out damaged")
            _move(name, Path(temporary), folder)
    except DownloadError as error:
        raise DownloadError(f"{lack} and could not be downloaded: {error}.") from None
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise DownloadError(f"{lack} and could not be stored: {error}.") from error


def fetch_file(url: str, path: Path, *, max_bytes: float = math.inf) -> None:
    """Download one file that was asked for; nothing half-written is left.

    There is no limit on how long it takes as long as bytes arrive.

    Args:
        url: An address that begins with ``http://`` or ``https://``.
        path: The file to write.
        max_bytes: How large it may be.

    Raises:
        ValueError: If ``CNNVIS_OFFLINE`` cannot be used.
        DownloadError: If ``CNNVIS_OFFLINE`` is set, the host doesn't deliver the file, or it is
            larger than allowed or cannot be stored.
    """
    lack = f"{url} is not on disk"
    if is_offline():
        raise DownloadError(f"{lack} and CNNVIS_OFFLINE is set.")
    host = urlsplit(url).netloc
    try:
        _stream(url, path, None, seconds=math.inf, max_bytes=max_bytes)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, requests.RequestException | urllib3.exceptions.HTTPError):
            why = f"{host} {_explain(error)}"
        elif isinstance(error, TimeoutError | EOFError):
            why = f"{host} {error}"
        elif isinstance(error, OSError):
            raise DownloadError(f"{lack} and could not be stored: {error}.") from error
        else:
            raise
        raise DownloadError(f"{lack} and could not be downloaded: {why}.") from None


def _lack(name: str, folder: Path) -> str:
    title, absent = SETS[name].title, missing(name, folder)
    if not absent:
        return f"{title} is damaged on disk"
    if len(absent) < len(_files(name)):
        return f"{title} is incomplete on disk ({absent[0]} is missing)"
    return f"{title} is not on disk"


def _refusal(name: str, download: bool | None) -> str | None:
    size = SETS[name].megabytes
    if is_offline():
        return "CNNVIS_OFFLINE is set"
    if download is False:
        return "download=False forbids fetching it"
    if download is None and size > UNASKED_MEGABYTES:
        return f"its {size:.0f} MB are downloaded only on request"
    return None


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


def _stream(
    url: str, output_file: str | Path, _: object, *, seconds: float, max_bytes: float = math.inf
) -> None:
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
                if file.tell() > max_bytes:
                    raise EOFError(f"sends more than the {max_bytes:,} bytes that are allowed")
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
