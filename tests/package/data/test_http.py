import io
import logging
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from torchvision import datasets

from cnnvis.data import http, loading
from cnnvis.data.http import DownloadError
from cnnvis.data.loading import download, load
from cnnvis.data.registry import SETS

pytestmark = pytest.mark.usefixtures("cache", "mnist", "fashion", "cifar")


def files_in(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())


def forbid_writing(monkeypatch, folder):
    """What a read-only folder does; file modes would not stop a test that runs as root."""
    make = tempfile.mkdtemp

    def refuse(suffix=None, prefix=None, dir=None):  # noqa: A002
        if Path(dir).is_relative_to(folder):
            raise PermissionError(13, "Permission denied", str(dir))
        return make(suffix, prefix, dir)

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)


@pytest.fixture
def refused():
    """Address of a port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}/"


@pytest.fixture
def no_network(monkeypatch):
    asked = []

    def refuse(*address, **_):
        asked.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return asked


# A download that works.


def test_torchvision_reads_what_was_downloaded(mnist, fashion, cache):
    folder = download("mnist")
    assert folder == download("fashion-mnist") == cache
    for made in (mnist, fashion):
        assert len(made.dataset(folder, train=False, download=False)) == 4
        raw = f"{made.dataset.__name__}/raw"
        assert files_in(folder / raw) == sorted(made.raw)
    assert len(files_in(folder)) == 8


def test_cifar_only_on_request(cifar, server, cache, caplog):
    assert load("cifar10").source.is_stand_in
    assert not server.asked
    assert "its 170 MB are downloaded only on request" in caplog.text
    assert not load("cifar10", download=True).source.is_stand_in
    assert files_in(cache.parent) == [
        f"cache/cifar-10-batches-py/{m}" for m in sorted(cifar.members)
    ]


def test_quiet_where_nobody_watches(capfd, caplog):
    caplog.set_level(logging.INFO)
    load("mnist")
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_a_bar_in_a_terminal(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    load("mnist")
    assert "train-images-idx3-ubyte.gz: 100%" in terminal.getvalue()


def test_nothing_is_in_place_before_everything_is(server, cache):
    seen = []
    server.before = lambda _: seen.extend(path.name for path in cache.iterdir())
    load("mnist")
    assert len(seen) == 4
    assert all(name.startswith(".cnnvis-") for name in seen)


# A download that fails.

FAILURES = {
    "truncated": "broke off before the end",
    "corrupt": "sent train-images-idx3-ubyte.gz with the wrong md5 sum",
    "silent": "sent nothing for 0.2 s",
    "stalling": "sent nothing for 0.2 s",
    "missing": "answered 404 Not Found",
    "refused": "could not be reached",
    "dribbling": "took longer than 0.05 s",
}


@pytest.fixture(params=FAILURES)
def failure(request, server, refused, monkeypatch):
    with monkeypatch.context() as patch:
        if request.param == "refused":
            patch.setattr(datasets.MNIST, "mirrors", [refused])
        server.mood = request.param
        patience = {"silent": 0.2, "stalling": 0.2, "dribbling": 3}
        patch.setattr(http, "SILENCE_SECONDS", patience.get(request.param, 20))
        patch.setattr(loading, "UNASKED_SECONDS", 0.05 if request.param == "dribbling" else 60)
        yield request.param
    server.mood = "good"


def test_failure_gives_the_stand_in_and_leaves_nothing(failure, cache, caplog):
    images = [load("mnist"), load("mnist", "test")]
    assert all(p.source.is_stand_in for p in images)
    assert [len(p) for p in images] == [4, 2]
    assert files_in(cache) == []
    assert list(cache.iterdir()) == []
    (record,) = caplog.records
    line = record.getMessage()
    assert (record.name, record.levelname) == ("cnnvis", "WARNING")
    assert line.startswith("MNIST is not on disk and could not be downloaded: 127.0.0.1:")
    assert FAILURES[failure] in line
    assert "A stand-in takes its place: UCI handwritten digits." in line
    assert "For the real set run `python -m cnnvis download mnist`" in line
    assert "\n" not in line


def test_failed_hosts_are_not_asked_again(failure, server):
    load("mnist")
    before = list(server.asked)
    load("mnist", "test")
    assert server.asked == before
    assert len(before) == (failure != "refused")


@pytest.mark.parametrize("mood", [m for m in FAILURES if m not in ("refused", "dribbling")])
def test_the_next_run_starts_clean(mood, mnist, server, monkeypatch, cache):
    with monkeypatch.context() as patch:
        patch.setattr(http, "SILENCE_SECONDS", 0.2)
        server.mood = mood
        assert load("mnist").source.is_stand_in
    server.mood = "good"
    http._failed_hosts.clear()  # as in a new process
    assert not load("mnist").source.is_stand_in
    assert files_in(cache) == sorted(f"MNIST/raw/{name}" for name in mnist.raw)


@pytest.mark.parametrize("mood", [m for m in FAILURES if m not in ("refused", "dribbling")])
def test_download_says_why_and_asks_anew(mood, server, monkeypatch, cache):
    with monkeypatch.context() as patch:
        patch.setattr(http, "SILENCE_SECONDS", 0.2)
        server.mood = mood
        with pytest.raises(DownloadError, match=FAILURES[mood]):
            download("mnist")
    assert files_in(cache) == []
    server.mood = "good"
    assert download("mnist") == cache


def test_load_asks_anew_when_told_to_download(server):
    server.mood = "missing"
    assert load("mnist").source.is_stand_in
    server.mood = "good"
    assert load("mnist").source.is_stand_in
    assert not load("mnist", download=True).source.is_stand_in


def test_a_download_that_was_asked_for_may_take_long(server, monkeypatch):
    monkeypatch.setattr(loading, "UNASKED_SECONDS", 0.05)
    server.mood = "slow"
    assert not load("mnist", download=True).source.is_stand_in


def test_waiting_for_an_answer_is_bounded_as_a_whole(monkeypatch, caplog):
    late = threading.Event()
    monkeypatch.setattr(requests, "get", lambda *_, **__: late.wait(10))
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(http, "SILENCE_SECONDS", 0.1)
    assert load("mnist").source.is_stand_in
    late.set()
    assert "did not answer within 0.2 s" in caplog.text


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (requests.ConnectTimeout(), "did not answer within 10 s"),
        (requests.exceptions.SSLError(), "has a certificate that could not be verified"),
        (requests.TooManyRedirects(), "could not be reached"),
    ],
)
def test_other_failures_are_named(error, reason, monkeypatch, caplog):
    asked = []

    def fail(*_, timeout, **__):
        asked.append(timeout)
        raise error

    monkeypatch.setattr(requests, "get", fail)
    assert load("mnist").source.is_stand_in
    assert reason in caplog.text
    assert asked == [(10, 20)]


def test_the_second_mirror_serves_what_the_first_does_not(server, make_server, monkeypatch):
    first, second = make_server(), make_server()
    first.mood, second.files = "corrupt", server.files
    first.files = server.files
    mirrors = [f"{first.url}MNIST/", f"{second.url}MNIST/"]
    monkeypatch.setattr(datasets.MNIST, "mirrors", mirrors)
    assert not load("mnist").source.is_stand_in
    assert (len(first.asked), len(second.asked)) == (1, 4)


def test_every_mirror_is_named_when_all_fail(server, refused, monkeypatch, caplog):
    server.mood = "missing"
    monkeypatch.setattr(datasets.MNIST, "mirrors", [refused, f"{server.url}MNIST/"])
    load("mnist")
    assert f"could not be reached; {server.host} answered 404 Not Found." in caplog.text


def test_a_folder_that_cannot_be_made(server, tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(tmp_path / "file" / "cache"))
    assert load("mnist").source.is_stand_in
    assert "could not be stored" in caplog.text
    assert not server.asked


def test_an_archive_that_lacks_a_file(cache, monkeypatch):
    monkeypatch.setattr(datasets.CIFAR10, "test_list", [("other_batch", "0" * 32)])
    with pytest.raises(DownloadError, match="other_batch came out damaged"):
        download("cifar10")
    assert files_in(cache) == []


# Interruptions and company.


class Interrupting:
    """A progress bar at which the user presses Ctrl-C."""

    def __init__(self, **_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def update(self, _):
        raise KeyboardInterrupt


def interrupt(*_, **__):
    raise KeyboardInterrupt


@pytest.mark.parametrize("where", ["downloading", "unpacking", "asking"])
def test_an_interruption_leaves_nothing(where, cache, monkeypatch):
    with monkeypatch.context() as patch:
        if where == "downloading":
            patch.setattr(http, "tqdm", Interrupting)
        elif where == "unpacking":
            patch.setattr(shutil, "copyfileobj", interrupt)
        else:
            patch.setattr(requests, "get", interrupt)
        with pytest.raises(KeyboardInterrupt):
            load("mnist")
    assert list(cache.iterdir()) == []
    assert not load("mnist").source.is_stand_in


def test_what_killed_processes_left_is_removed_after_a_day(cache):
    for name, age in {".cnnvis-old": 2, ".cnnvis-new": 0.5}.items():
        (cache / name).mkdir(parents=True)
        (cache / name / "part").write_bytes(b"half")
        then = time.time() - age * 24 * 3600
        os.utime(cache / name, (then, then))
    load("mnist")
    assert sorted(p.name for p in cache.iterdir()) == [".cnnvis-new", "MNIST"]


def test_another_process_was_faster(mnist, server, cache):
    def overtake(path):
        if path.endswith(mnist.dataset.resources[-1][0]):
            mnist.lay_out(cache)

    server.before = overtake
    assert not load("mnist").source.is_stand_in
    assert files_in(cache) == sorted(f"MNIST/raw/{name}" for name in mnist.raw)


def test_two_downloads_at_once(mnist, server, cache):
    both = threading.Barrier(2)
    last = mnist.dataset.resources[-1][0]
    server.before = lambda path: both.wait(10) if path.endswith(last) else None
    done = []
    threads = [threading.Thread(target=lambda: done.append(download("mnist"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [cache, cache]
    assert files_in(cache) == sorted(f"MNIST/raw/{name}" for name in mnist.raw)


def test_an_incomplete_set_is_completed(mnist, cache, monkeypatch, caplog):
    raw = mnist.lay_out(cache)
    (raw / "t10k-labels-idx1-ubyte").unlink()
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    assert load("mnist").source.is_stand_in
    assert "MNIST is incomplete on disk (MNIST/raw/t10k-labels-idx1-ubyte is" in caplog.text
    monkeypatch.delenv("CNNVIS_OFFLINE")
    assert not load("mnist").source.is_stand_in
    assert sorted(p.name for p in raw.iterdir()) == sorted(mnist.raw)


# Settings.


@pytest.mark.parametrize("value", ["1", "true", "YES"])
def test_offline_never_touches_the_network(value, monkeypatch, no_network):
    monkeypatch.setenv("CNNVIS_OFFLINE", value)
    assert load("mnist").source.is_stand_in
    assert load("cifar10", download=True).source.is_stand_in
    assert load("fashion-mnist").source.is_stand_in
    monkeypatch.setitem(SETS, "fashion-mnist", replace(SETS["fashion-mnist"], stand_in=None))
    with pytest.raises(DownloadError, match=r"CNNVIS_OFFLINE is set.*with CNNVIS_OFFLINE unset"):
        load("fashion-mnist")
    with pytest.raises(DownloadError, match="CNNVIS_OFFLINE is set"):
        download("mnist")
    assert no_network == []


@pytest.mark.parametrize("value", ["0", "false", "no", ""])
def test_offline_can_be_switched_off(value, monkeypatch):
    monkeypatch.setenv("CNNVIS_OFFLINE", value)
    assert not load("mnist").source.is_stand_in


def test_offline_maybe(mnist, cache, monkeypatch):
    mnist.lay_out(cache)
    monkeypatch.setenv("CNNVIS_OFFLINE", "maybe")
    with pytest.raises(ValueError, match="CNNVIS_OFFLINE must be 1 or 0; got 'maybe'"):
        load("mnist")


def test_download_false_never_touches_the_network(cache, no_network, caplog):
    assert load("mnist", download=False).source.is_stand_in
    assert "download=False forbids fetching it" in caplog.text
    assert no_network == []
    assert not cache.exists()


def test_a_folder_given_is_read(mnist, server, tmp_path, monkeypatch, cache):
    mnist.lay_out(tmp_path / "sets")
    monkeypatch.setenv("CNNVIS_DATA", str(tmp_path / "sets"))
    forbid_writing(monkeypatch, tmp_path)
    assert not load("mnist").source.is_stand_in
    assert download("mnist") == tmp_path / "sets"
    assert not server.asked
    assert not cache.exists()


def test_a_folder_given_is_downloaded_to(tmp_path, monkeypatch, cache):
    (tmp_path / "sets").mkdir()
    monkeypatch.setenv("CNNVIS_DATA", str(tmp_path / "sets"))
    assert not load("mnist").source.is_stand_in
    assert len(files_in(tmp_path / "sets")) == 4
    assert not cache.exists()


def test_a_read_only_folder_is_left_for_the_cache(server, tmp_path, monkeypatch, cache):
    (tmp_path / "sets").mkdir()
    monkeypatch.setenv("CNNVIS_DATA", str(tmp_path / "sets"))
    forbid_writing(monkeypatch, tmp_path / "sets")
    assert not load("mnist").source.is_stand_in
    assert list((tmp_path / "sets").iterdir()) == []
    assert len(files_in(cache)) == 4
    load("mnist", "test")
    assert len(server.asked) == 4


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_with_read_only_modes(tmp_path, monkeypatch):
    (tmp_path / "sets").mkdir(mode=0o555)
    monkeypatch.setenv("CNNVIS_DATA", str(tmp_path / "sets"))
    assert not load("mnist").source.is_stand_in


@pytest.mark.parametrize("kind", ["absent", "file", "unreadable"])
def test_a_folder_given_must_be_one(kind, mnist, tmp_path, monkeypatch):
    mnist.lay_out(tmp_path / "unreadable")
    (tmp_path / "file").write_text("no folder")
    if kind == "unreadable":
        monkeypatch.setattr(os, "access", lambda path, mode: False)  # noqa: ARG005
    monkeypatch.setenv("CNNVIS_DATA", str(tmp_path / kind))
    for act in (load, download):
        with pytest.raises(ValueError, match=f"CNNVIS_DATA must name a folder.*{kind}"):
            act("mnist")


def test_an_empty_setting_is_none(monkeypatch, cache):
    monkeypatch.setenv("CNNVIS_DATA", "")
    assert download("mnist") == cache


# Damage on disk.


def test_download_replaces_what_is_damaged(mnist, cache):
    file = mnist.lay_out(cache) / "t10k-images-idx3-ubyte"
    file.write_bytes(b"half")
    download("mnist")
    assert len(load("mnist", "test")) == 4


def test_damage_stays_where_it_cannot_be_mended(mnist, server, cache):
    mnist.lay_out(cache).joinpath("t10k-images-idx3-ubyte").write_bytes(b"half")
    server.mood = "missing"
    with pytest.raises(DownloadError, match="MNIST is damaged on disk and could not be downloaded"):
        download("mnist")
