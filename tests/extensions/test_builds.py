"""Builds as a whole: stopped midway, by two processes, and twice the same."""

import time

import compare_builds
import pytest
from every_kind import make

PLACES = ["tutorial", "image", "records", "drawn", "page", "copy", "finish"]


def differences(one, two):
    """What differs between two built sites, the archives with their times apart."""
    found = compare_builds.differences(one.html, two.html)
    return [line for line in found if not line.partition(" ")[0].endswith(".zip")]


@pytest.fixture(autouse=True)
def one_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A build in a process of its own, since each orders sets by another seed."""
    site = make(tmp_path_factory.mktemp("undisturbed"))
    settings = {"SOURCE_DATE_EPOCH": "1700000000", "PYTHONHASHSEED": "1"}
    assert site.build_apart(**settings) == (0, "")
    return site


def test_two_builds_in_two_folders_are_the_same(undisturbed, tmp_path):
    site = make(tmp_path / "another folder")
    assert site.build_apart(PYTHONHASHSEED="2") == (0, "")
    assert differences(undisturbed, site) == []
    assert len(compare_builds.files(site.html)) > 40


def kill_build(site, place):
    """Build, and kill it where it stops."""
    process = site.start_apart(STOP_AT=place)
    while not (site.folder / "stopped").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    process.kill()
    process.communicate()


@pytest.mark.parametrize("place", PLACES)
def test_after_a_build_that_was_killed_the_next_is_as_if_nothing_had_been(
    undisturbed, tmp_path, place
):
    site = make(tmp_path)
    kill_build(site, place)
    assert (site.docs / "_doctrees/html/build-not-finished").exists(), "it was not midway"
    assert site.build_apart() == (0, "")
    assert differences(undisturbed, site) == []


def test_what_pages_depend_on_is_kept_when_two_processes_read_them(tmp_path):
    site = make(tmp_path)
    assert site.build_apart("-j2") == (0, "")
    site.write("shapes/names.py", "def name(x):\n    return 'other'\n")
    status, errors = site.build_apart()
    assert status
    assert "The examples of examples do not print" in errors
