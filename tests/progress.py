"""How long the tests will still take, and an order in which they end soonest.

What each test took is kept in pytest's cache. What takes long starts first, so that processes that
share the tests end together; every quarter of a minute a line says how far they are. With
CNNVIS_TIMES, a folder (``.ci/run`` sets it), the minutes of the steps in it are printed at the end,
and the slowest tests of all steps.
"""

import os
import time
from pathlib import Path

import pytest

KEPT, MARKED = "cnnvis/seconds", "cnnvis/slow"
EVERY = 15
UNKNOWN, SLOW = 0.5, 20.0  # seconds that are taken for granted until a run is recorded
FILES_STAY_WHOLE = ("tests/package/", "tests/extensions/")  # their fixtures are a file's
SLOWEST = 20


def register(config):
    """Order the tests here; tell of them where they are reported, which is in one process alone."""
    if not config.pluginmanager.has_plugin("cacheprovider"):
        return  # nothing is kept from run to run
    if not config.pluginmanager.has_plugin("cacheprovider"):
        return
    costs = Costs(config.cache.get(KEPT, {}))
    config.pluginmanager.register(Order(config, costs), "cnnvis-order")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config, costs), "cnnvis-progress")


def plain(nodeid):
    """Return the name of a test without the group that xdist appends."""
    at = nodeid.rfind("@")
    return nodeid[:at] if at > nodeid.rfind("]") else nodeid


class Costs:
    """The seconds that tests took last, or a guess."""

    def __init__(self, kept):
        self.kept, self.slow = kept, set()

    def of(self, nodeid):
        return self.kept.get(nodeid, SLOW if nodeid in self.slow else UNKNOWN)


class Order:
    """Groups of tests that share what they set up, the longest first, and what is timed last."""

    def __init__(self, config, costs):
        self.config, self.costs = config, costs

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        slow = [item.nodeid for item in items if item.get_closest_marker("slow")]
        self.costs.slow = set(slow)
        self.config.cache.set(MARKED, slow)  # for the process that tells of them
        groups = {}
        for item in items:
            groups.setdefault(self._group(item), []).append(item)
        items[:] = [item for group in sorted(groups.values(), key=self._place) for item in group]

    def _group(self, item):
        mark = item.get_closest_marker("xdist_group")
        if item.get_closest_marker("timed"):
            return "timed"
        if mark:
            return mark.kwargs.get("name") or mark.args[0]
        file = item.nodeid.partition("::")[0]
        if file.startswith(FILES_STAY_WHOLE):
            item.add_marker(pytest.mark.xdist_group(file))
            return file
        return item.nodeid

    def _place(self, group):
        timed = group[0].get_closest_marker("timed") is not None
        return timed, -sum(self.costs.of(plain(item.nodeid)) for item in group)


class Progress:
    """Lines that say how far the tests are, and the tables at the end."""

    def __init__(self, config, costs):
        self.config, self.costs = config, costs
        self.processes = config.getoption("numprocesses", None) or 1
        self.started = self.said = time.monotonic()
        self.total = None
        self.seconds = {}  # of each test that has begun, its fixtures included
        self.finished = set()

    def pytest_collection_finish(self, session):
        if session.items:  # with processes that share the tests, they collect
            self.expect(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        self.expect(ids)

    def expect(self, nodeids):
        """Take down what will run, and start the clock."""
        if self.total is None:
            self.started = self.said = time.monotonic()
        self.costs.slow = set(self.config.cache.get(MARKED, []))
        self.total = {name: self.costs.of(name) for name in map(plain, nodeids)}

    def pytest_runtest_logreport(self, report):
        name = plain(report.nodeid)
        self.seconds[name] = self.seconds.get(name, 0) + report.duration
        if report.when == "teardown":
            self.finished.add(name)
        now = time.monotonic()
        if now - self.said >= EVERY and self.total:
            self.said = now
            terminal = self.config.pluginmanager.get_plugin("terminalreporter")
            terminal.ensure_newline()
            terminal.write_line(
                outlook(self.total, self.seconds, self.finished, now - self.started, self.processes)
            )

    def pytest_sessionfinish(self):
        kept = {name: round(self.seconds[name], 2) for name in self.finished}
        if kept:
            self.config.cache.set(KEPT, self.costs.kept | kept)
        folder = os.environ.get("CNNVIS_TIMES")
        if folder:
            with Path(folder, "tests").open("a", encoding="utf-8") as file:
                file.writelines(f"{taken:.1f}\t{name}\n" for name, taken in self.seconds.items())

    def pytest_terminal_summary(self, terminalreporter):
        folder = os.environ.get("CNNVIS_TIMES")
        if folder:
            terminalreporter.section("minutes of each step, and the slowest tests of all")
            for line in [*steps(Path(folder), time.time()), "", *slowest(Path(folder))]:
                terminalreporter.write_line(line)


def outlook(total, seconds, finished, elapsed, processes):
    """Return a line such as ``[ 42 %] about 2 min left``.

    Tests that have ended tell how this machine compares with the one that was recorded, or guessed.
    """
    done = sum(total.get(name, 0) for name in finished)
    begun = sum(
        min(total.get(name, 0), taken) for name, taken in seconds.items() if name not in finished
    )
    whole = sum(total.values()) or 1
    share = min(done + begun, whole) / whole
    pace = elapsed * processes / (done + begun) if done + begun else 1
    left = (1 - share) * whole * pace / processes
    words = f"{left / 60:.0f} min" if left >= 90 else f"{max(5, round(left / 5) * 5)} s"
    return f"[{share:4.0%}] {len(finished)} of {len(total)} tests, about {words} left"


def steps(folder, now):
    """Return lines with the minutes of the steps, the one under way included, and their sum."""
    rows, start = [], None
    for line in (folder / "steps").read_text("utf-8").splitlines():
        moment, name = line.split("\t")
        if rows:
            rows[-1][1] = float(moment) - rows[-1][1]
        rows.append([name, float(moment)])
        start = start or float(moment)
    rows[-1][1] = now - rows[-1][1]
    return [f"{taken / 60:6.1f}  {name}" for name, taken in [*rows, ["together", now - start]]]


def slowest(folder):
    """Return lines with the seconds of the tests that took longest."""
    rows = [line.split("\t") for line in (folder / "tests").read_text("utf-8").splitlines()]
    rows.sort(key=lambda row: -float(row[0]))
    return [f"{float(taken):6.1f} s  {name}" for taken, name in rows[:SLOWEST]]
