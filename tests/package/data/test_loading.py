import os
import shutil
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
import torch

from cnnvis.data.http import DownloadError
from cnnvis.data.image_set import ImageSet
from cnnvis.data.loading import download, load
from cnnvis.data.registry import SETS, Source, source_of
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
    image_set = ImageSet(images, LABELS, ("a", "b"), SOURCE)
    assert len(image_set) == 4
    for index in (slice(1, 3), [1, 2], torch.tensor([1, 2]), LABELS == 1):
        assert torch.equal(image_set[index].images, images[1:3])
        assert image_set[index].labels.tolist() == [1, 1]
    assert torch.equal(image_set[-1].images, images[3:])
    assert len(image_set[4:]) == 0
    assert (image_set[:2].classes, image_set[:2].source) == (("a", "b"), SOURCE)
    with pytest.raises(IndexError):
        image_set[4]
    with pytest.raises(FrozenInstanceError):
        image_set.images = images
    shown = "ImageSet('mnist', images (4, 1, 5, 3), 2 classes, the real set: MNIST)"
    assert repr(image_set) == shown


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
