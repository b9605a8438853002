"""``build-seconds`` and ``build-profile``: tables of what the tutorials took in their last runs.

The numbers are those of ``costs.py``, so the tables are there also after a build in which no
tutorial ran.
"""

import os

from sphinx.util.docutils import SphinxDirective

from cnnvis_site.rebuild import page_dependencies
from cnnvis_site.runs.costs import costs

WATTS = (10, 150)  # a thrifty laptop, a busy desktop computer: the whole machine, no screen
LAMP = 10  # watts
LEFT_OUT = (
    "This build was asked to be reproducible, the same to the last byte wherever and whenever it "
    "is made. What it measures differs from run to run, and is left out."
)


class Table(SphinxDirective):
    """What the subclasses share."""

    def run(self):
        """Return what `lines` of the subclass say, or a sentence where there is nothing to say."""
        page_dependencies.note(self.env, "costs")
        found = shown(self.config, self.env.srcdir)
        lines = [LEFT_OUT] if _reproducible() else ["Nothing has been measured yet."]
        return self.parse_text_to_nodes("\n".join(self.lines(found) if found else lines))


class Seconds(Table):
    """The seconds of each tutorial, and what energy they may stand for."""

    def lines(self, found):
        """Yield the lines."""
        total = sum(cost.seconds for cost in found.values())
        yield from ("| tutorial | seconds |", "| --- | ---: |")
        yield from (f"| {{doc}}`/{page}` | {cost.seconds:.1f} |" for page, cost in found.items())
        yield from (f"| **all of them** | **{total:.1f}** |", "", *energy(total))


class Profile(Table):
    """The seconds and the peak memory of each tutorial, beside its budget."""

    def lines(self, found):
        """Yield the lines."""
        yield "| tutorial | seconds | allowed | megabytes | allowed | more than allowed |"
        yield "| --- | ---: | ---: | ---: | ---: | --- |"
        for page, cost in found.items():
            cells = " | ".join(cost.cells())
            yield f"| {{doc}}`/{page}` | {cells} | {cost.over or 'nothing'} |"
        whys = {page: cost.budget["why"] for page, cost in found.items() if "why" in cost.budget}
        yield from ("", "Why some may take longer:", "") if whys else ()
        yield from (f"- {{doc}}`/{page}`: {why}" for page, why in whys.items())


def shown(config, source):
    """Return the costs that pages show: none in a reproducible build."""
    return {} if _reproducible() else costs(config, source)


def energy(seconds):
    """Yield sentences on the energy, as a range."""
    low, high = (watts * seconds / 3600 for watts in WATTS)
    yield "Energy is power times time. Nobody measured the power; for a computer that draws "
    yield f"{WATTS[0]} to {WATTS[1]} watts while it works, an assumption that spans laptops and "
    yield f"desktops, {seconds:.0f} seconds make {_round(low)} to {_round(high)} watt-hours: what "
    yield f"a lamp of {LAMP} watts uses in {_minutes(low)} to {_minutes(high)} minutes."


def _round(number):
    return f"{number:.2g}" if number < 10 else f"{number:.0f}"


def _minutes(watt_hours):
    return _round(60 * watt_hours / LAMP)


def _reproducible():
    return "SOURCE_DATE_EPOCH" in os.environ


def state(env, _key):
    """Return what is another when a tutorial has run since, or a budget has changed."""
    found = {page: tuple(cost) for page, cost in shown(env.config, env.srcdir).items()}
    return _reproducible(), found


def setup(app):
    """Register the directives."""
    page_dependencies.watch(app, "costs", state)
    app.add_directive("build-seconds", Seconds)
    app.add_directive("build-profile", Profile)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
