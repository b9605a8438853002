"""What was measured, beside its bar, in one table at the end of the tests' output."""

import re

import pytest


class Measured:
    """Puts a figure beside its bar at the end of the tests' output.

    It takes what was measured, what was found, and the bar, as texts; a figure that misses its bar
    is marked. `met` says whether it does where the texts can't (see `meets`). Of several `worst`
    of one name the table has the largest.
    """

    def __init__(self, node):
        self.node = node

    def __call__(self, what, found, bar, met=None, name="measured"):
        row = (what, found, bar, meets(found, bar) if met is None else met)
        self.node.user_properties.append((name, row))  # these come from all processes

    def worst(self, what, found, bar):
        self(what, found, bar, name="worst")


@pytest.fixture
def measured(request):
    return Measured(request.node)


def meets(found, bar):
    """Whether the first number found is at most the bar's, or with "or more" at least; or None."""
    numbers = [re.findall(r"-?\d[\d,]*\.?\d*(?:e-?\d+)?", text) for text in (found, bar)]
    if not all(numbers):
        return None
    at, limit = (float(number.replace(",", "")) for number in (numbers[0][0], numbers[1][0]))
    return at >= limit if re.search("or more|at least", bar) else at <= limit


def worst(rows):
    """Return of each thing that was measured several times the row of the largest number."""
    rows = sorted(rows, key=lambda row: float(row[1].split()[0]))
    return list({row[0]: row for row in rows}.values())


def pytest_terminal_summary(terminalreporter):
    """Print the figures in one table, whether or not tests print what they capture."""
    reports = [one for some in terminalreporter.stats.values() for one in some]
    reports = [one for one in reports if getattr(one, "when", None) == "call"]
    reports.sort(key=lambda report: report.nodeid)
    rows = [row for one in reports for name, row in one.user_properties if name == "measured"]
    rows += worst([row for one in reports for name, row in one.user_properties if name == "worst"])
    if not rows:
        return
    missed = sum(row[3] is False for row in rows)
    terminalreporter.section(f"{len(rows)} figures and their bars, {missed} missed")
    rows = [("measured", "found", "bar", True), *rows]
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    for what, found, bar, met in rows:
        line = f"{what:<{wide[0]}}  {found:>{wide[1]}}  {bar:>{wide[2]}}"
        terminalreporter.write_line(line if met is not False else f"{line}  MISSED")
