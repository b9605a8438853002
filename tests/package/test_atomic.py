"""Files and folders are there whole or not at all, whatever interrupts their making."""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from cnnvis.atomic import (
    check_free,
    checksum,
    out_of_the_way,
    replace_file,
    sweep,
    whole_or_nothing,
    workshop,
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def interrupt(*_, **__):
    raise KeyboardInterrupt


# Checksums.


@pytest.mark.parametrize("method", ["sha256", "md5"])
def test_files_and_bytes_have_the_same_sum(tmp_path, method):
    content = bytes(range(256)) * 2000
    (tmp_path / "file").write_bytes(content)
    expected = hashlib.new(method, content, usedforsecurity=False).hexdigest()
    assert checksum(tmp_path / "file", method) == checksum(content, method) == expected


def test_a_sum_is_a_sha256_sum_unless_told():
    assert checksum(b"") == hashlib.sha256(b"").hexdigest()


# Files.


def test_a_file_is_replaced(tmp_path):
    for content in (b"old", b"new"):
        replace_file(tmp_path / "file", content)
        assert (tmp_path / "file").read_bytes() == content
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("where", ["write_bytes", "replace"])
def test_an_interruption_leaves_the_older_file(tmp_path, monkeypatch, where):
    replace_file(tmp_path / "file", b"old")
    monkeypatch.setattr(Path, where, interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_file(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


# Folders.


def test_a_folder_is_there_when_it_is_whole(tmp_path):
    folder = tmp_path / "deep" / "er"
    with whole_or_nothing(folder) as beside:
        (beside / "file").write_bytes(b"content")
        assert not folder.exists()
    assert names(folder) == ["file"]
    assert names(folder.parent) == ["er"]


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "new").mkdir()
    with whole_or_nothing(tmp_path / "new") as beside:
        (beside / "file").write_bytes(b"content")
    assert names(tmp_path / "new") == ["file"]


def test_an_interruption_leaves_no_folder_and_no_parent(tmp_path):
    def fill():
        with whole_or_nothing(tmp_path / "deep" / "er") as beside:
            (beside / "file").write_bytes(b"content")
            interrupt()

    with pytest.raises(KeyboardInterrupt):
        fill()
    assert names(tmp_path) == []


def test_what_was_there_is_deleted_at_the_end(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "old").touch()
    with out_of_the_way(tmp_path / "folder"):
        (tmp_path / "folder").mkdir()
    assert names(tmp_path / "folder") == []
    assert names(tmp_path) == ["folder"]


def test_what_was_there_is_put_back_after_an_interruption(tmp_path):
    (tmp_path / "folder").mkdir()

    def replace():
        with out_of_the_way(tmp_path / "folder"):
            assert names(tmp_path) != ["folder"]
            interrupt()

    with pytest.raises(KeyboardInterrupt):
        replace()
    assert names(tmp_path) == ["folder"]


def test_where_nothing_was_nothing_is_deleted(tmp_path):
    with out_of_the_way(tmp_path / "folder"):
        (tmp_path / "folder").mkdir()
    assert names(tmp_path) == ["folder"]


@pytest.mark.parametrize("end", [str, interrupt])
def test_a_workshop_is_gone_at_the_end(tmp_path, end):
    with suppress(KeyboardInterrupt), workshop(tmp_path) as bench:
        (bench / "file").touch()
        assert names(tmp_path) == [bench.name]
        end()
    assert names(tmp_path) == []


def test_what_killed_processes_left_is_swept_after_a_day(tmp_path):
    with workshop(tmp_path) as bench:
        made = bench.name
    for name, days in {made: 2, f"{made}-new": 0.5, "mine": 2}.items():
        (tmp_path / name).mkdir()
        then = time.time() - days * 24 * 3600
        os.utime(tmp_path / name, (then, then))
    sweep(tmp_path)
    assert names(tmp_path) == sorted([f"{made}-new", "mine"])


def test_a_free_folder_is_a_new_or_an_empty_one(tmp_path):
    check_free(tmp_path / "new")
    check_free(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError, match="must be a new or an empty folder; it holds 'file'"):
        check_free(tmp_path)
    with pytest.raises(FileExistsError, match="it is a file or a link"):
        check_free(tmp_path / "file")
