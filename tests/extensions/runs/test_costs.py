"""What tutorials cost, measured, printed and shown beside their budgets."""

import json
import os
import re
import sys

from cnnvis_site.runs import cost_tables, costs
from small_site import DOCS


def test_costs_are_measured_and_shown_beside_their_budgets(site, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    site.configure("myst_parser")
    code = "import time\nimport numpy as np\nx = np.ones(50_000_000)\ndel x\ntime.sleep(0.3)"
    site.script("slow", code, title="A slow one")
    head = "---\norphan: true\n---\n# Page\n\n"
    site.write("docs/seconds.md", f"{head}```{{build-seconds}}\n```\n")
    site.write("docs/profile.md", f"{head}```{{build-profile}}\n```\n")

    def table(name):
        rows = [row.find_all("td") for row in site.page(name).find("table").find_all("tr")[1:]]
        return {cells[0].text: [cell.text for cell in cells[1:]] for cells in rows}

    assert site.build() is None
    seconds = float(table("seconds")["A slow one"][0])
    assert 0.3 <= seconds == float(table("seconds")["all of them"][0])
    assert site.page("seconds").find("td").find("a")["href"] == "tutorials/plot_slow.html"
    assert "watt-hours" in site.page("seconds").text
    took, allowed, held, may_hold, over = table("profile")["A slow one"]
    assert (float(took), allowed, may_hold, over) == (seconds, "15", "1500", "nothing")
    if sys.platform == "linux":
        assert 380 < float(held) < 700  # 400 MB of numbers, and what importing numpy takes
    else:
        assert held == "n/a"

    budget = {"plot_slow": {"seconds": 0.1, "why": "It sleeps."}}
    site.write("docs/budgets.json", json.dumps(budget))
    assert site.build() is None
    assert table("profile")["A slow one"][1::3] == ["0.1", "seconds"]
    assert "It sleeps." in site.page("profile").text
    assert table("seconds")["A slow one"] == [f"{seconds}"], "not run again"

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert site.build() is None
    for name in ("seconds", "profile"):
        assert site.page(name).find("table") is None
        assert "reproducible" in site.page(name).text


def test_the_build_prints_the_costs_when_something_ran(site, monkeypatch):
    said = []
    monkeypatch.setattr(costs.logger, "info", lambda text, *facts: said.append(text % facts))
    for name in ("one", "two"):
        site.script(name, f"x = '{name}'", title=name)
    site.write("docs/budgets.json", '{"plot_two": {"seconds": 0, "megabytes": 7}}')
    assert site.build() is None
    assert [line[:2] for line in said] == ["  ", "* ", "* "]
    assert re.search(r"plot_two +0\.0 +0 +(\d+|n/a) +7 +over: seconds$", said[2].rstrip())
    said.clear()
    site.script("one", "x = 3", title="one")
    assert site.build() is None
    assert [line[:2] for line in said] == ["  ", "* ", "  "]
    said.clear()
    assert site.build() is None
    assert said == []


def test_energy_is_watts_times_seconds():

    text = " ".join(cost_tables.energy(3600.0))
    assert "10 to 150 watt-hours" in text
    assert "60 to 900 minutes" in text


def test_budgets_are_of_tutorials_that_there_are_and_say_why():
    budgets = json.loads((DOCS / "budgets.json").read_text("utf-8"))
    for name, budget in budgets.items():
        assert (DOCS.parent / "gallery" / f"{name}.py").is_file(), name
        assert budget.keys() <= {"seconds", "megabytes", "why"}
        assert len(budget["why"]) > 20


def test_the_environment_does_not_make_builds_reproducible_by_itself():
    assert "SOURCE_DATE_EPOCH" not in os.environ, "the tests of costs would mean nothing"
