import io
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import FrozenInstanceError
from pathlib import Path

import pooch
import pytest
import requests
import torch
from torchvision import datasets

from cnnvis import data
from cnnvis.data import SETS, DownloadError, ImageSet, Source, download, load

pytestmark = pytest.mark.usefixtures("cache", "mnist", "fashion", "cifar")
REAL_FOLDER = os.environ.get("CNNVIS_DATA")  # before the tests hide it


def files_in(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())


def lay_out(mnist, folder):
    raw = folder / mnist.dataset.__name__ / "raw"
    raw.mkdir(parents=True)
    for name, content in mnist.raw.items():
        (raw / name).write_bytes(content)
    return raw


def forget(monkeypatch):
    """Forget failed hosts and lines that were said, as a new process would."""
    monkeypatch.setattr(data, "_failed_hosts", {})
    monkeypatch.setattr(data, "_lines_said", set())


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


def test_download_is_read(mnist, cache, caplog):
    train, test = load("mnist"), load("mnist", "test")
    assert train.images.shape == (6, 1, 5, 3)
    assert train.images.dtype == torch.uint8
    assert train.images.flatten().tolist() == list(range(90))
    assert train.labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert test.labels.tolist() == [0, 1, 2, 3]
    assert train.classes == tuple("0123456789")
    assert not train.source.is_stand_in
    assert train.source.title == "MNIST"
    assert files_in(cache) == sorted(f"MNIST/raw/{name}" for name in mnist.raw)
    assert not caplog.records


def test_a_set_on_disk_is_not_downloaded_again(server):
    load("mnist")
    before = len(server.asked)
    load("mnist", "test")
    load("mnist", download=True)
    download("mnist")
    assert len(server.asked) == before == 4


def test_download_goes_where_it_is_told(tmp_path, monkeypatch, cache):
    assert download("mnist", tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert not cache.exists()
    monkeypatch.setenv("CNNVIS_DATA", str(tmp_path / "a" / "b"))
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    assert not load("mnist").source.is_stand_in


def test_torchvision_reads_what_was_downloaded(cache):
    folder = download("mnist")
    assert folder == cache
    assert len(datasets.MNIST(folder, train=False, download=False)) == 4


def test_cifar_only_on_request(cifar, server, cache, caplog):
    assert load("cifar10").source.is_stand_in
    assert not server.asked
    assert "its 170 MB are downloaded only on request" in caplog.text
    pictures = load("cifar10", download=True)
    assert pictures.images.shape == (4, 3, 32, 32)
    assert pictures.images[0].flatten().tolist() == [i % 256 for i in range(3072)]
    assert pictures.images.is_contiguous()
    assert pictures.labels.tolist() == [0, 1, 0, 1]
    assert pictures.labels.dtype == torch.int64
    assert pictures.classes == ("cat", "dog")
    assert not load("cifar10", "test").source.is_stand_in
    assert files_in(cache.parent) == [
        f"cache/cifar-10-batches-py/{m}" for m in sorted(cifar.members)
    ]


def test_quiet_where_nobody_watches(capfd):
    logged, handler = [], logging.Handler()
    handler.emit = logged.append
    logger = pooch.get_logger()
    logger.addHandler(handler)
    load("mnist")
    logger.removeHandler(handler)
    assert capfd.readouterr() == ("", "")
    assert not logged
    assert logger.level == logging.NOTSET


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
        patch.setattr(data, "SILENCE_SECONDS", patience.get(request.param, 20))
        patch.setattr(data, "TOTAL_SECONDS", 0.05 if request.param == "dribbling" else 60)
        yield request.param
    server.mood = "good"


def test_failure_gives_the_stand_in_and_leaves_nothing(failure, cache, caplog):
    pictures = [load("mnist"), load("mnist", "test")]
    assert all(p.source.is_stand_in for p in pictures)
    assert [len(p) for p in pictures] == [4, 2]
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
        patch.setattr(data, "SILENCE_SECONDS", 0.2)
        server.mood = mood
        assert load("mnist").source.is_stand_in
    server.mood = "good"
    forget(monkeypatch)
    assert not load("mnist").source.is_stand_in
    assert files_in(cache) == sorted(f"MNIST/raw/{name}" for name in mnist.raw)


@pytest.mark.parametrize("mood", [m for m in FAILURES if m not in ("refused", "dribbling")])
def test_download_says_why_and_asks_anew(mood, server, monkeypatch, cache):
    with monkeypatch.context() as patch:
        patch.setattr(data, "SILENCE_SECONDS", 0.2)
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
    monkeypatch.setattr(data, "TOTAL_SECONDS", 0.05)
    server.mood = "slow"
    assert not load("mnist", download=True).source.is_stand_in


def test_waiting_for_an_answer_is_bounded_as_a_whole(monkeypatch, caplog):
    late = threading.Event()
    monkeypatch.setattr(requests, "get", lambda *_, **__: late.wait(10))
    monkeypatch.setattr(data, "CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(data, "SILENCE_SECONDS", 0.1)
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


def test_the_line_is_said_once_a_set(caplog):
    for name in ("mnist", "cifar10", "mnist", "cifar10"):
        load(name, download=False)
    assert len(caplog.records) == 2


def test_without_a_stand_in_the_error_says_what_to_do(fashion, server, cache):
    server.mood = "missing"
    wanted = r"404.*no stand-in yet.*cnnvis download fashion-mnist"
    with pytest.raises(DownloadError, match=wanted) as error:
        load("fashion-mnist")
    assert error.value.__suppress_context__
    server.mood = "good"
    pictures = load("fashion-mnist", download=True)
    assert pictures.source.title == "Fashion-MNIST"
    assert pictures.classes[-1] == "Ankle boot"
    assert files_in(cache) == sorted(f"FashionMNIST/raw/{name}" for name in fashion.raw)


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
            patch.setattr(data, "tqdm", Interrupting)
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
            lay_out(mnist, cache)

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
    raw = lay_out(mnist, cache)
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
    lay_out(mnist, cache)
    monkeypatch.setenv("CNNVIS_OFFLINE", "maybe")
    with pytest.raises(ValueError, match="CNNVIS_OFFLINE must be 1 or 0; got 'maybe'"):
        load("mnist")


def test_download_false_never_touches_the_network(cache, no_network, caplog):
    assert load("mnist", download=False).source.is_stand_in
    assert "download=False forbids fetching it" in caplog.text
    assert no_network == []
    assert not cache.exists()


def test_a_folder_given_is_read(mnist, server, tmp_path, monkeypatch, cache):
    lay_out(mnist, tmp_path / "sets")
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
    lay_out(mnist, tmp_path / "unreadable")
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


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"])
@pytest.mark.parametrize("length", [0, 3, 11, -1])
def test_a_file_cut_short_is_named(name, length, mnist, server, cache):
    file = lay_out(mnist, cache) / name
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(ValueError, match=r"damaged or cut short. Delete it and load") as error:
        load("mnist")
    assert str(file) in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__
    assert not server.asked
    file.unlink()
    assert load("mnist").images.flatten().tolist() == list(range(90))


def test_files_that_do_not_fit_together(mnist, cache):
    raw = lay_out(mnist, cache)
    shutil.copy(raw / "t10k-labels-idx1-ubyte", raw / "train-labels-idx1-ubyte")
    with pytest.raises(ValueError, match=r"must fit together.*6 images and 4 labels"):
        load("mnist")


def test_download_replaces_what_is_damaged(mnist, cache):
    file = lay_out(mnist, cache) / "t10k-images-idx3-ubyte"
    file.write_bytes(b"half")
    download("mnist")
    assert len(load("mnist", "test")) == 4


def test_damage_stays_where_it_cannot_be_mended(mnist, server, cache):
    lay_out(mnist, cache).joinpath("t10k-images-idx3-ubyte").write_bytes(b"half")
    server.mood = "missing"
    with pytest.raises(DownloadError, match="MNIST is damaged on disk and could not be downloaded"):
        download("mnist")


def test_a_damaged_batch_is_named(cache):
    download("cifar10")
    (cache / "cifar-10-batches-py" / "data_batch_2").write_bytes(b"half")
    with pytest.raises(ValueError, match="data_batch_2 is damaged or cut short"):
        load("cifar10")


# Arguments and results.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "MNIST"}, "'mnist', 'fashion-mnist', 'cifar10'; got 'MNIST'. Did you .* 'mnist'"),
        ({"name": "fashion_mnist"}, "Did you mean 'fashion-mnist'"),
        ({"name": "CIFAR-10"}, "Did you mean 'cifar10'"),
        ({"name": "imagenet"}, "got 'imagenet'.$"),
        ({"name": "mnist", "split": "tset"}, "'train', 'test'; got 'tset'. Did you mean 'test'"),
    ],
)
def test_unknown_names(arguments, message):
    with pytest.raises(ValueError, match=message):
        load(**arguments)


def test_wrong_kinds_of_arguments():
    with pytest.raises(TypeError, match="name must be a text; got int"):
        load(7)
    with pytest.raises(TypeError, match="download must be True, False or None; got 'yes'"):
        load("mnist", download="yes")
    with pytest.raises(ValueError, match="Did you mean 'mnist'"):
        download("Mnist")


SOURCE = Source("mnist", "MNIST", "https://example.org", "MIT", "A (2020)")
IMAGES = torch.zeros(4, 1, 5, 3, dtype=torch.uint8)
LABELS = torch.tensor([0, 1, 1, 0])


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"images": IMAGES.numpy()}, TypeError, "images must be a tensor; got ndarray"),
        ({"images": IMAGES.float()}, TypeError, "images must be torch.uint8; got torch.float32"),
        ({"images": IMAGES[0]}, ValueError, r"shape \(N, C, H, W\); got \(1, 5, 3\)"),
        ({"labels": [0, 1, 1, 0]}, TypeError, "labels must be a tensor; got list"),
        ({"labels": LABELS.int()}, TypeError, "labels must be torch.int64; got torch.int32"),
        ({"labels": LABELS[:, None]}, ValueError, r"shape \(N,\); got \(4, 1\)"),
        ({"labels": LABELS[:3]}, ValueError, "got 4 images and 3 labels"),
        ({"labels": LABELS + 1}, ValueError, "from 0 to 1; got 2"),
        ({"labels": LABELS - 1}, ValueError, "from 0 to 1; got -1"),
        ({"classes": ["a", "b"]}, TypeError, "classes must be a tuple of names"),
        ({"classes": (1, 2)}, TypeError, "classes must be a tuple of names"),
        ({"source": "here"}, TypeError, "source must be a Source; got str"),
    ],
)
def test_image_sets_are_checked(change, kind, message):
    fields = {"images": IMAGES, "labels": LABELS, "classes": ("a", "b"), "source": SOURCE}
    with pytest.raises(kind, match=message):
        ImageSet(**fields | change)


def test_an_image_set():
    images = torch.arange(60, dtype=torch.uint8).reshape(4, 1, 5, 3)
    pictures = ImageSet(images, LABELS, ("a", "b"), SOURCE)
    assert len(pictures) == 4
    for index in (slice(1, 3), [1, 2], torch.tensor([1, 2]), LABELS == 1):
        assert torch.equal(pictures[index].images, images[1:3])
        assert pictures[index].labels.tolist() == [1, 1]
    assert torch.equal(pictures[-1].images, images[3:])
    assert len(pictures[4:]) == 0
    assert (pictures[:2].classes, pictures[:2].source) == (("a", "b"), SOURCE)
    with pytest.raises(IndexError):
        pictures[4]
    with pytest.raises(FrozenInstanceError):
        pictures.images = images
    shown = "ImageSet('mnist', images (4, 1, 5, 3), 2 classes, the real set: MNIST)"
    assert repr(pictures) == shown


def test_a_source_fits_on_a_line(tmp_path):
    real, stand_in = load("mnist").source, load("cifar10").source
    assert str(real).startswith("MNIST: LeCun, Bottou")
    assert str(stand_in).startswith("scikit-image's photographs, standing in for cifar10: ")
    for source in (real, stand_in):
        assert source.licence in str(source)
        assert source.citation in str(source)
        assert "\n" not in str(source)
        assert str(tmp_path) not in str(source)


def test_what_is_known_of_every_set():
    for name, facts in SETS.items():
        assert issubclass(getattr(datasets, facts.maker), datasets.VisionDataset)
        assert (facts.megabytes > 50) == (name == "cifar10")
        for known in filter(None, (facts, facts.stand_in)):
            assert all((known.title, known.description, known.citation, known.licence))
            assert known.homepage.startswith("http")
    assert SETS["mnist"].stand_in.maker == "digits"
    assert SETS["cifar10"].stand_in.maker == "photos"


def test_importing_is_light():
    code = "import sys, cnnvis.data; sys.exit(bool({'torchvision', 'pooch'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# The real things.


@pytest.mark.parametrize(("name", "shape"), [("mnist", (1, 28, 28)), ("cifar10", (3, 32, 32))])
def test_the_real_stand_ins(name, shape, monkeypatch, tmp_path):
    monkeypatch.undo()  # the fakes above
    monkeypatch.setenv("CNNVIS_DATA", str(tmp_path))
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    for split in ("train", "test"):
        pictures = load(name, split)
        assert pictures.images.shape[1:] == shape
        assert pictures.source.is_stand_in
        assert set(pictures.labels.tolist()) == set(range(len(pictures.classes)))


@pytest.mark.parametrize(
    ("name", "counts", "shape"),
    [
        ("mnist", (60_000, 10_000), (1, 28, 28)),
        ("fashion-mnist", (60_000, 10_000), (1, 28, 28)),
        ("cifar10", (50_000, 10_000), (3, 32, 32)),
    ],
)
def test_the_real_sets(name, counts, shape, monkeypatch):
    monkeypatch.undo()  # the tiny sets above
    if not REAL_FOLDER or data._missing(name, Path(REAL_FOLDER)):
        pytest.skip(f"CNNVIS_DATA names no folder with {name}")
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    for split, count in zip(("train", "test"), counts, strict=True):
        pictures = load(name, split)
        assert pictures.images.shape == (count, *shape)
        assert pictures.labels.bincount().tolist() == pytest.approx([count / 10] * 10, rel=0.15)
        assert not pictures.source.is_stand_in
        assert len(pictures.classes) == 10
