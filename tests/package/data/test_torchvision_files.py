"""The files of a set lie where torchvision looks for them, and their damage is seen."""

import os
import tempfile
from pathlib import Path

import pytest
from package.served_sets import files_in
from torchvision import datasets

from cnnvis.data.http import DownloadError
from cnnvis.data.loading import download, load

pytestmark = pytest.mark.usefixtures("cache", "mnist", "fashion", "cifar")


def forbid_writing(monkeypatch, folder):
    """What a read-only folder does; file modes would not stop a test that runs as root."""
    make = tempfile.mkdtemp

    def refuse(suffix=None, prefix=None, dir=None):  # noqa: A002
        if Path(dir).is_relative_to(folder):
            raise PermissionError(13, "Permission denied", str(dir))
        return make(suffix, prefix, dir)

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)


def test_torchvision_reads_what_was_downloaded(mnist, fashion, cache):
    folder = download("mnist")
    assert folder == download("fashion-mnist") == cache
    for made in (mnist, fashion):
        assert len(made.dataset(folder, train=False, download=False)) == 4
        raw = f"{made.dataset.__name__}/raw"
        assert files_in(folder / raw) == sorted(made.raw)
    assert len(files_in(folder)) == 8


# Where they lie.


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


def test_an_archive_that_lacks_a_file(cache, monkeypatch):
    monkeypatch.setattr(datasets.CIFAR10, "test_list", [("other_batch", "0" * 32)])
    with pytest.raises(DownloadError, match="other_batch came out damaged"):
        download("cifar10")
    assert files_in(cache) == []
