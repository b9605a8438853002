"""What the tests say of their own progress, and their order."""

import subprocess
import sys
from pathlib import Path

import progress
import pytest

CONFTEST = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import progress
progress.EVERY = 0
def pytest_configure(config):
    for name in ("slow", "timed"):
        config.addinivalue_line("markers", name)
    progress.register(config)
"""
SHORT = """
import pytest
def test_one(): pass
@pytest.mark.timed
def test_timed(): pass
"""
LONG = """
import time
import pytest
@pytest.mark.slow
def test_marked(): pass
def test_that_takes_its_time(): time.sleep(0.7)
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A function that runs four tests of two files, and returns what was printed."""
    for name in ("CNNVIS_TIMES", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    for name, text in {"conftest": CONFTEST, "test_a": SHORT, "test_b": LONG}.items():
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")

    def call(*options):
        command = [sys.executable, "-m", "pytest", "-p", "no:randomly", *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call


def order(output):
    names = [line.split("::")[1].split()[0] for line in output.splitlines() if "::" in line]
    return list(dict.fromkeys(names))


def test_what_is_marked_starts_first_then_what_took_longest_and_what_is_timed_last(run):
    marked_first = ["test_marked", "test_one", "test_that_takes_its_time", "test_timed"]
    assert order(run("-v")) == marked_first
    took_longest = ["test_that_takes_its_time", "test_marked", "test_one", "test_timed"]
    again = order(run("-v"))
    assert (again[0], again[-1]) == (took_longest[0], took_longest[-1])


@pytest.mark.parametrize("options", [(), ("-n", "2", "--dist", "loadgroup")], ids=["one", "two"])
def test_lines_tell_how_far_the_tests_are(run, options):
    output = run(*options)
    assert "of 4 tests, about" in output
    assert output.splitlines()[-1].strip("= ").startswith("4 passed")


def test_what_is_left_goes_by_the_pace_of_what_is_done():
    total = {"a": 100, "b": 100, "c": 200}
    line = progress.outlook(total, {"a": 50, "b": 50}, {"a", "b"}, elapsed=50, processes=2)
    assert line == "[ 50%] 2 of 3 tests, about 50 s left"
    line = progress.outlook(total, {"a": 300}, {"a"}, elapsed=300, processes=1)
    assert line == "[ 25%] 1 of 3 tests, about 15 min left"


def test_what_is_under_way_counts_as_far_as_it_is():
    line = progress.outlook({"a": 40}, {"a": 30}, set(), elapsed=30, processes=1)
    assert line == "[ 75%] 0 of 1 tests, about 10 s left"


def test_a_test_that_takes_longer_than_last_time_leaves_no_negative_rest():
    line = progress.outlook({"a": 40}, {"a": 90}, set(), elapsed=90, processes=1)
    assert line == "[100%] 0 of 1 tests, about 5 s left"


def test_minutes_of_the_steps_and_the_slowest_tests(run, tmp_path, monkeypatch):
    (tmp_path / "steps").write_text("60\tinstall\n180\tsite\n", "utf-8")
    (tmp_path / "tests").write_text("3.0\ta::b\n12.5\tc::d\n", "utf-8")
    assert progress.steps(tmp_path, 210) == ["   2.0  install", "   0.5  site", "   2.5  together"]
    assert progress.slowest(tmp_path) == ["  12.5 s  c::d", "   3.0 s  a::b"]
    monkeypatch.setenv("CNNVIS_TIMES", str(tmp_path))
    lines = run().splitlines()
    assert "   2.0  install" in lines
    assert any(line.endswith("test_b.py::test_that_takes_its_time") for line in lines)
    assert lines[-1].strip("= ").startswith("4 passed")


def test_a_group_is_no_part_of_a_name():
    assert progress.plain("tests/a.py::test_b@group") == "tests/a.py::test_b"
    assert (
        progress.plain("tests/a.py::test_b[me@example.org]") == "tests/a.py::test_b[me@example.org]"
    )
