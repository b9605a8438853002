"""Downloads fail within bounded time, in one line, and leave nothing half-written."""

import io
import logging
import socket
import sys
import threading
from dataclasses import replace

import pytest
import requests
from package.served_sets import files_in
from torchvision import datasets

from cnnvis.data import http, loading
from cnnvis.data.http import DownloadError
from cnnvis.data.loading import download, load
from cnnvis.data.registry import SETS

pytestmark = pytest.mark.usefixtures("cache", "mnist", "fashion", "cifar")


@pytest.fixture
def refused():
    """Address of a port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}/"


# A download that works.


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
