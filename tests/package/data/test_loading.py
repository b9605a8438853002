"""Sets are read from disk, else downloaded whole or not at all, else a stand-in says so."""

import os
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import torch
from package.served_sets import files_in

from cnnvis.data import http
from cnnvis.data.http import DownloadError
from cnnvis.data.loading import download, load
from cnnvis.data.registry import SETS, source_of
from cnnvis.data.torchvision_files import files_of

pytestmark = pytest.mark.usefixtures("cache", "mnist", "fashion", "cifar")
REAL_FOLDER = os.environ.get("CNNVIS_DATA")  # before the tests hide it


# From disk or from the network.


def test_digits_are_read(caplog):
    train, test = load("mnist"), load("mnist", "test")
    assert train.images.shape == (6, 1, 5, 3)
    assert train.images.dtype == torch.uint8
    assert train.images.flatten().tolist() == list(range(90))
    assert train.labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert test.labels.tolist() == [0, 1, 2, 3]
    assert train.classes == tuple("0123456789")
    assert train.source == source_of("mnist", is_stand_in=False)
    assert not caplog.records


def test_photographs_are_read():
    images = load("cifar10", download=True)
    assert images.images.shape == (4, 3, 32, 32)
    assert images.images[0].flatten().tolist() == [i % 256 for i in range(3072)]
    assert images.images.is_contiguous()
    assert images.labels.tolist() == [0, 1, 0, 1]
    assert images.labels.dtype == torch.int64
    assert images.classes == ("cat", "dog")
    assert not load("cifar10", "test").source.is_stand_in


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


def test_without_a_stand_in_the_error_says_what_to_do(server, monkeypatch):
    alone = replace(SETS["fashion-mnist"], stand_in=None)
    monkeypatch.setitem(SETS, "fashion-mnist", alone)
    server.mood = "missing"
    wanted = r"404.*no stand-in yet.*cnnvis download fashion-mnist"
    with pytest.raises(DownloadError, match=wanted) as error:
        load("fashion-mnist")
    assert error.value.__suppress_context__
    server.mood = "good"
    images = load("fashion-mnist", download=True)
    assert images.source.title == "Fashion-MNIST"
    assert images.classes[-1] == "Ankle boot"


def test_a_stand_in_says_so():
    images = load("mnist", download=False)
    assert images.source == source_of("mnist", is_stand_in=True)
    assert images.classes == ("a", "b")


def test_the_line_is_said_once_a_set(caplog):
    for name in ("mnist", "cifar10", "mnist", "cifar10"):
        load(name, download=False)
    assert len(caplog.records) == 2


def test_cifar_only_on_request(cifar, server, cache, caplog):
    assert load("cifar10").source.is_stand_in
    assert not server.asked
    assert "its 170 MB are downloaded only on request" in caplog.text
    assert not load("cifar10", download=True).source.is_stand_in
    assert files_in(cache.parent) == [
        f"cache/cifar-10-batches-py/{m}" for m in sorted(cifar.members)
    ]


def test_download_false_never_touches_the_network(cache, no_network, caplog):
    assert load("mnist", download=False).source.is_stand_in
    assert "download=False forbids fetching it" in caplog.text
    assert no_network == []
    assert not cache.exists()


# Downloads that are whole or nothing.


def test_nothing_is_in_place_before_everything_is(server, cache):
    seen = []
    server.before = lambda _: seen.extend(path.name for path in cache.iterdir())
    load("mnist")
    assert len(seen) == 4
    assert all(name.startswith(".cnnvis-") for name in seen)


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


def test_a_folder_that_cannot_be_made(server, tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(tmp_path / "file" / "cache"))
    assert load("mnist").source.is_stand_in
    assert "could not be stored" in caplog.text
    assert not server.asked


# Damage on disk.


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"])
@pytest.mark.parametrize("length", [0, 3, 11, -1])
def test_a_file_cut_short_is_named(name, length, mnist, server, cache):
    file = mnist.lay_out(cache) / name
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
    raw = mnist.lay_out(cache)
    shutil.copy(raw / "t10k-labels-idx1-ubyte", raw / "train-labels-idx1-ubyte")
    with pytest.raises(ValueError, match=r"must fit together.*6 images and 4 labels"):
        load("mnist")


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


# The real things.


@pytest.mark.parametrize(
    ("name", "shape"),
    [("mnist", (1, 28, 28)), ("fashion-mnist", (1, 28, 28)), ("cifar10", (3, 32, 32))],
)
def test_the_real_stand_ins(name, shape, monkeypatch, tmp_path):
    monkeypatch.undo()  # the fakes above
    monkeypatch.setenv("CNNVIS_DATA", str(tmp_path))
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    for split in ("train", "test"):
        images = load(name, split)
        assert images.images.shape[1:] == shape
        assert images.source.is_stand_in
        assert set(images.labels.tolist()) == set(range(len(images.classes)))


@pytest.mark.data
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
    if not REAL_FOLDER or files_of(name, Path(REAL_FOLDER)).missing():
        pytest.skip(f"CNNVIS_DATA names no folder with {name}")
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    for split, count in zip(("train", "test"), counts, strict=True):
        images = load(name, split)
        assert images.images.shape == (count, *shape)
        assert images.labels.bincount().tolist() == pytest.approx([count / 10] * 10, rel=0.15)
        assert not images.source.is_stand_in
        assert len(images.classes) == 10
