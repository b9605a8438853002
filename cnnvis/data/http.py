"""Files from the network, in bounded time, and whether the network may be used at all."""

import math
import os
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import requests
import urllib3
from tqdm import tqdm

from cnnvis.atomic import checksum

CONNECT_SECONDS = 10  # to reach a host
SILENCE_SECONDS = 20  # without a byte

_failed_hosts: dict[str, str] = {}  # and what they did, in words that follow the name


class DownloadError(RuntimeError):
    """What is not on disk could not, or was not allowed to, be downloaded."""


class _HostError(Exception):
    """What a host did instead of sending a file, in words that follow its name."""


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
    try:
        _stream(url, path, max_bytes=max_bytes)
    except _HostError as error:
        why = f"{_host(url)} {error}"
        raise DownloadError(f"{lack} and could not be downloaded: {why}.") from None
    except OSError as error:
        raise DownloadError(f"{lack} and could not be stored: {error}.") from error


def fetch_from_any(urls: Sequence[str], path: Path, md5: str, *, seconds: float) -> None:
    """Download a file from the first address that delivers it whole.

    A host that fails is not asked again in this process, unless `forget_failures` is called.

    Args:
        urls: Addresses, best first.
        path: The file to write.
        md5: Its checksum.
        seconds: How long each host may take.

    Raises:
        DownloadError: If none delivers it; the message says what each host did.
        OSError: If it cannot be stored.
    """
    for url in urls:
        if _host(url) in _failed_hosts:
            continue
        try:
            _stream(url, path, seconds=seconds)
            if checksum(path, "md5") == md5:
                return
            raise _HostError(f"sent {path.name} with the wrong md5 sum")
        except _HostError as error:
            _failed_hosts[_host(url)] = f"{error}"
    hosts = dict.fromkeys(map(_host, urls))
    raise DownloadError("; ".join(f"{host} {_failed_hosts[host]}" for host in hosts))


def forget_failures(urls: Sequence[str]) -> None:
    """Let the hosts of some addresses be asked again, also if they failed before."""
    for url in urls:
        _failed_hosts.pop(_host(url), None)


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _stream(
    url: str, path: Path, *, seconds: float = math.inf, max_bytes: float = math.inf
) -> None:
    """Write what a host sends to a file; where it doesn't send all, no file is left."""
    try:
        with _ask(url) as response:
            response.raise_for_status()
            _write(response, path, seconds, max_bytes)
    except BaseException as error:
        with suppress(OSError):
            path.unlink()
        if isinstance(error, requests.RequestException | urllib3.exceptions.HTTPError):
            raise _HostError(_explain(error)) from None
        raise


def _write(response: requests.Response, path: Path, seconds: float, max_bytes: float) -> None:
    """Write bytes as they come: a host that dribbles would outlast any bound on full blocks."""
    deadline = time.monotonic() + seconds
    size = int(response.headers.get("Content-Length", 0)) or None
    bar = tqdm(desc=path.name, total=size, unit="B", unit_scale=True, disable=None)
    with path.open("wb") as file, bar:
        while chunk := response.raw.read1(1 << 16):
            file.write(chunk)
            bar.update(len(chunk))
            if file.tell() > max_bytes:
                raise _HostError(f"sends more than the {max_bytes:,} bytes that are allowed")
            if time.monotonic() > deadline:
                raise _HostError(f"took longer than {seconds} s")


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
        raise _HostError(f"did not answer within {seconds} s") from None


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
