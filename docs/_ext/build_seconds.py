"""``build-seconds``: how long the tutorials took to run, and what energy that may have cost.

sphinx-gallery keeps the time of each tutorial's last run beside its page, so the table is there
also after a build in which none ran.
"""

import json
import os
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

WATTS = (10, 150)  # a thrifty laptop, a busy desktop computer: the whole machine, no screen
LAMP = 10  # watts


class BuildSeconds(SphinxDirective):
    """A table of tutorials and seconds, and the energy as a range."""

    def run(self):
        """Return the table, or a sentence where there is none."""
        self.env.build_seconds_pages = getattr(self.env, "build_seconds_pages", set())
        self.env.build_seconds_pages.add(self.env.current_document.docname)
        times = {} if _reproducible() else measured(self.env)
        return self.parse_text_to_nodes("\n".join(_lines(times)))


def measured(env):
    """Return the seconds of each tutorial, by the name of its page, in reading order."""
    times = {}
    for folder in env.config.sphinx_gallery_conf["gallery_dirs"]:
        for file in sorted(Path(env.srcdir, folder).glob("**/*.cost.json")):
            seconds = json.loads(file.read_text("utf-8"))["time"]
            page = file.relative_to(env.srcdir).as_posix().removesuffix(".cost.json")
            if seconds:
                times[page] = seconds
    return times


def _lines(times):
    if _reproducible():
        yield "This build was asked to be reproducible, the same to the last byte wherever and "
        yield "whenever it is made. Measured times differ from run to run, so they are left out."
        return
    if not times:
        yield "No time has been measured yet."
        return
    total = sum(times.values())
    yield from ("| tutorial | seconds |", "| --- | ---: |")
    yield from (f"| {{doc}}`/{page}` | {seconds:.1f} |" for page, seconds in times.items())
    yield from (f"| **all of them** | **{total:.1f}** |", "")
    low, high = (watts * total / 3600 for watts in WATTS)
    yield "Energy is power times time. Nobody measured the power; for a computer that draws "
    yield f"{WATTS[0]} to {WATTS[1]} watts while it works, an assumption that spans laptops and "
    yield f"desktops, {total:.0f} seconds make {_round(low)} to {_round(high)} watt-hours: what a "
    yield f"lamp of {LAMP} watts uses in {_minutes(low)} to {_minutes(high)} minutes."


def _round(number):
    return f"{number:.2g}" if number < 10 else f"{number:.0f}"


def _minutes(watt_hours):
    return _round(60 * watt_hours / LAMP)


def _reproducible():
    return "SOURCE_DATE_EPOCH" in os.environ


def outdated(_app, env, *_):
    """Name the pages to read again if a tutorial has run since."""
    times = {} if _reproducible() else measured(env)
    before, env.build_seconds = getattr(env, "build_seconds", None), times
    pages = getattr(env, "build_seconds_pages", set())
    return sorted(pages & env.all_docs.keys()) if before != times else []


def setup(app):
    """Register the directive."""
    app.add_directive("build-seconds", BuildSeconds)
    app.connect("env-get-outdated", outdated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
