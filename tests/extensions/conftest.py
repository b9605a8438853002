"""Small sites to build; one that has been built once can be had as often as tests want it."""

import sys
from pathlib import Path

import pytest

HERE, DOCS = Path(__file__).parent, Path(__file__).parents[2] / "docs"
sys.path[:0] = [str(HERE), str(DOCS), str(DOCS / "_ext")]

from small_site import Kept, Runs, Site, add_logged  # noqa: E402 (from this folder)


@pytest.fixture
def site(tmp_path):
    """A small site that has not been built."""
    return Site(tmp_path)


@pytest.fixture(scope="session")
def logged(tmp_path_factory):
    """Four scripts that use the package in different ways and log that they run."""

    return Kept(tmp_path_factory.mktemp("logged"), add_logged)


def log(site, name):
    """Return code that writes a name to the log of what ran."""
    return (
        f'with open({str(site.folder / "runs.txt")!r}, "a") as log:\n    _ = log.write("{name} ")'
    )


@pytest.fixture
def built(logged):
    """That site as it was when all four had run, its log emptied."""
    site = logged.restored()
    Runs(site)()
    return site


@pytest.fixture
def runs(built):
    return Runs(built)
