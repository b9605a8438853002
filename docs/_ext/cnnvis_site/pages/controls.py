"""``control-tables``: what several trainings or starts gave, from what ``make controls`` wrote."""

from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from cnnvis_site.rebuild import control_code, page_dependencies
from cnnvis_site.rebuild.files import digest_of

logger = logging.getLogger(__name__)
STATES = {"real": "real images", "stand-ins": "stand-ins"}


class ControlTables(SphinxDirective):
    """A section for each control, a row for each number."""

    def run(self):
        """Return the sections."""
        page_dependencies.note(self.env, "controls")
        page_dependencies.note(self.env, "code", "from cnnvis.analysis.spread import Spread")
        lines = []
        for name in control_code.names():
            if record := control_code.record(name):
                lines += [*_section(name, record), ""]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def _section(name, record):
    versions = ", ".join(f"{library} {number}" for library, number in record["versions"].items())
    states = [state for state in STATES if state in record["numbers"]]
    heads = [STATES[state] if record["sets"] else "mean" for state in states]
    yield from (f"## {name.replace('_', ' ').capitalize()}", "", record["about"], "")
    yield f"| number | {' | '.join(heads)} |"
    yield "| --- " * (len(states) + 1) + "|"
    for number in record["numbers"][states[0]]:
        cells = [_cell(record["numbers"][state].get(number)) for state in states]
        yield f"| {number} | {' | '.join(cells)} |"
    yield ""
    seeds = ", ".join(map(str, record["seeds"]))
    many = f"{len(record['seeds'])} {record['of']}"
    yield f"The mean of {many} and its 95 % interval. Seeds: {seeds}. "
    yield f"Measured on {record['date']} with {versions}."


def _cell(values):
    if values is None:
        return "–"
    # here, since a build that changes no page needs no PyTorch
    from cnnvis.analysis.spread import Spread

    spread = Spread(tuple(values))
    low, high = spread.interval
    return f"{_number(spread.mean)} ({_number(low)} to {_number(high)})"


def _number(value):
    return f"{value:.3g}".replace("-", "−") if abs(value) < 1000 else f"{value:,.0f}"


def report(_app, _exception):
    """Name the controls that were measured with other code than is there now."""
    for name in control_code.names():
        if changed := control_code.stale(name):
            logger.info("control %s is stale, since %s; make controls", name, ", ".join(changed))


def state(_env, _key):
    """Return what is another when a control has come, gone or changed."""
    names = control_code.names()
    return {name: digest_of(control_code.RESULTS / f"{name}.json") for name in names}


def setup(app):
    """Register the directive."""
    page_dependencies.watch(app, "controls", state)
    app.add_directive("control-tables", ControlTables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
