"""What each tutorial costs in seconds and memory, measured, and printed beside its budget.

sphinx-gallery keeps the time of each tutorial's last run beside its page; `watch` adds the memory.
``budgets.json`` beside conf.py says what a tutorial may cost. One that takes more is marked, not
refused: machines differ.
"""

import json
from pathlib import Path
from typing import NamedTuple

from sphinx.util import logging

from cnnvis_site.rebuild.files import read_json, write
from cnnvis_site.rebuild.gallery_files import MEASURED, tutorials
from cnnvis_site.runs import peak_memory

logger = logging.getLogger(__name__)
BUDGET = {"seconds": 15, "megabytes": 1500}


class Cost(NamedTuple):
    """What the last run of a tutorial took; `megabytes` is None where they can't be measured."""

    seconds: float
    megabytes: float | None
    budget: dict

    @property
    def over(self):
        """What of it is more than the budget, in words."""
        took = {"seconds": self.seconds, "megabytes": self.megabytes or 0}
        return ", ".join(key for key, value in took.items() if value > self.budget[key])

    def cells(self):
        """The numbers as text: seconds, their budget, megabytes, their budget."""
        held = "n/a" if self.megabytes is None else f"{self.megabytes:.0f}"
        return (
            f"{self.seconds:.1f}",
            f"{self.budget['seconds']}",
            held,
            f"{self.budget['megabytes']}",
        )


class Run:
    """The tutorials of one build: their copies, which have run, and the memory at a start."""

    def __init__(self, app):
        self.copies = [copy for copy, _ in tutorials(app)]
        self.ran, self.held = set(), None

    def finish(self, script_name):
        """Note what a script took that has passed."""
        held = peak_memory.above(self.held)
        for copy in self.copies:
            if copy.name == script_name and copy.with_name(copy.name + ".md5").is_file():
                file = copy.with_name(copy.stem + MEASURED)
                cost = read_json(file) | {"memory": held or 0.0}
                write(file, json.dumps(cost))
                self.ran.add(copy)


run = None


def prepare(app):
    """Begin a build."""
    global run
    run = Run(app)


def watch(_conf, script, when):
    """Measure the memory of a tutorial; sphinx-gallery calls this before and after each script."""
    if run and when == "before":
        run.held = peak_memory.start()
    elif run:
        run.finish(Path(script).name)


def costs(config, source):
    """Return the cost of each tutorial below the source folder, by the name of its page."""
    budgets = read_json(Path(source, "budgets.json"))
    found = {}
    for folder in config.sphinx_gallery_conf["gallery_dirs"]:
        for file in sorted(Path(source, folder).glob(f"**/*{MEASURED}")):
            cost, page = read_json(file), file.relative_to(source).as_posix()
            page = page.removesuffix(MEASURED)
            if cost.get("time"):
                budget = BUDGET | budgets.get(page.partition("/")[2], {})
                found[page] = Cost(cost["time"], cost.get("memory") or None, budget)
    return found


def report(app, _exception):
    """Print what all tutorials took, if any has run; those that have carry a star."""
    if run is None or not run.ran:
        return
    ran = {copy.relative_to(app.srcdir).with_suffix("").as_posix() for copy in run.ran}
    rows = [("  tutorial (* ran in this build)", "seconds", "of", "MB", "of", "")]
    for page, cost in costs(app.config, app.srcdir).items():
        mark = f"over: {cost.over}" if cost.over else ""
        rows.append(("* "[page not in ran] + f" {page}", *cost.cells(), mark))
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *numbers, mark in rows:
        cells = (cell.rjust(width) for cell, width in zip(numbers, wide[1:-1], strict=True))
        logger.info("%s  %s  %s", name.ljust(wide[0]), "  ".join(cells), mark)


def setup(app):
    """Connect the hooks around sphinx-gallery's, which have the priority 500."""
    app.connect("builder-inited", prepare, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
