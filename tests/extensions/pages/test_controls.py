"""The page of controls lists what was measured, and a build says which are stale."""

import json

import pytest
from cnnvis_site.pages import controls
from cnnvis_site.rebuild import control_code

RECORD = {
    "about": "How bright images are.",
    "sets": ["mnist"],
    "of": "draws",
    "seeds": [5, 6],
    "date": "2026-01-31",
    "versions": {"torch": "2.6.0"},
    "code": {"docs/controls/bright.py": "abc"},
    "numbers": {"real": {"mean": [0.25, 0.75]}, "stand-ins": {"mean": [-0.1, -0.1]}},
}


@pytest.fixture
def page(site, tmp_path, monkeypatch):
    monkeypatch.setattr(control_code, "names", lambda: ["bright"])
    monkeypatch.setattr(control_code, "RESULTS", tmp_path)
    monkeypatch.setattr(control_code, "code_of", lambda _: {"docs/controls/bright.py": "abc"})
    site.configure("pages.controls", "myst_parser")
    site.write("docs/chance.md", "---\norphan: true\n---\n# Chance\n\n```{control-tables}\n```\n")

    def build(record=RECORD):
        (tmp_path / "bright.json").write_text(json.dumps(record), "utf-8")
        assert site.build() is None
        return " ".join(site.page("chance").find(id="bright").text.split())

    return build


def test_every_number_stands_with_its_interval_and_its_making(page):
    text = page()
    assert "How bright images are." in text
    assert "mean 0.5 (−2.68 to 3.68) −0.1 (−0.1 to −0.1)" in text
    assert "The mean of 2 draws and its 95 % interval. Seeds: 5, 6." in text
    assert "Measured on 2026-01-31 with torch 2.6.0." in text


def test_it_is_read_again_when_it_was_measured_again(page):
    page()
    assert "0.6 (" in page(RECORD | {"numbers": {"real": {"mean": [0.5, 0.7]}}})


def test_a_build_says_which_is_stale(page, monkeypatch):
    said = []
    monkeypatch.setattr(controls.logger, "info", lambda text, *values: said.append(text % values))
    page()
    assert said == []
    monkeypatch.setattr(control_code, "code_of", lambda _: {"docs/controls/bright.py": "def"})
    page()
    assert said == ["control bright is stale, since docs/controls/bright.py; make controls"]
