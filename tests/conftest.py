"""Fixtures: a small site with our extensions, and what runs in it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import progress
from extensions.small_site import DOCS, Site


def pytest_configure(config):
    """Put the longest tests first, and say how long they will still take."""
    progress.register(config)


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(DOCS / "_ext")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CNNVIS_SITE_BUILD", "1")
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("CNNVIS_DATA", str(tmp_path / "data"))
    return Site(tmp_path)


@pytest.fixture
def runs(site):
    """The names of the scripts that ran since the last look, from a log that they write."""
    site.builder = "dummy"  # faster, and what runs does not depend on it
    log = site.folder / "runs.txt"

    def look():
        names = log.read_text().split() if log.exists() else []
        log.unlink(missing_ok=True)
        return names

    for name, code in {
        "area": "from shapes import square",
        "both": "import shapes\nshapes.square(2), shapes.name(2)",
        "names": "from shapes import name",
        "none": "x = 1",
    }.items():
        note = f'with open({str(log)!r}, "a") as log:\n    _ = log.write("{name} ")'
        site.script(name, f"{code}\n{note}", title=name)
    return look
