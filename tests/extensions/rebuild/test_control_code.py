"""Which code a control's numbers are made of, and what of it has changed since."""

import json

import pytest
from cnnvis_site.rebuild import control_code
from cnnvis_site.rebuild.fingerprints import READERS
from cnnvis_site.rebuild.module_use import Package

FILES = {
    "docs/controls/pages.py": "def functions_of(script): ...\n",
    "docs/controls/trained.py": "EPOCHS = 2\n",
    "docs/controls/edges.py": (
        "from controls.pages import functions_of\n"
        'page = functions_of("part/plot_edges.py")\n'
        "def measure(start):\n    return page.strength(start)\n"
    ),
    "docs/controls/whole.py": (
        "from controls.pages import run_of\ndef measure(start):\n"
        '    return run_of("part/plot_edges.py", start)\n'
    ),
    "gallery/part/plot_edges.py": (
        '"""\nEdges\n=====\n"""\nfrom cnnvis import square\nSIDE = 3\n\n# %%\n# Text.\n'
        "def strength(start):\n    return square(start) * SIDE\n\nprint(strength(1))\n"
    ),
    "cnnvis/__init__.py": "from cnnvis.area import square\nfrom cnnvis.names import name\n",
    "cnnvis/area.py": "def square(x):\n    return x * x\n",
    "cnnvis/names.py": "def name(x):\n    return str(x)\n",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    monkeypatch.setattr(control_code, "ROOT", tmp_path)
    monkeypatch.setattr(control_code, "GALLERY", tmp_path / "gallery")
    monkeypatch.setattr(control_code, "CONTROLS", tmp_path / "docs" / "controls")
    monkeypatch.setattr(control_code, "RESULTS", tmp_path / "cnnvis" / "controls")
    monkeypatch.setattr(control_code, "_package", lambda: Package(tmp_path / "cnnvis", READERS))
    return tmp_path


@pytest.fixture
def measured(project):
    (project / "cnnvis" / "controls").mkdir()
    for name in ("edges", "whole"):
        record = {"code": control_code.code_of(name)}
        (project / "cnnvis" / "controls" / f"{name}.json").write_text(json.dumps(record), "utf-8")
    return project


def edit(project, path, old, new):
    text = FILES[path]
    assert old in text
    (project / path).write_text(text.replace(old, new), "utf-8")


@pytest.mark.usefixtures("project")
def test_what_controls_share_is_no_control():
    assert control_code.names() == ["edges", "whole"]


@pytest.mark.usefixtures("project")
def test_a_control_that_was_never_measured_is_stale():
    assert control_code.stale("edges") == ["docs/controls/edges.py"]


@pytest.mark.usefixtures("measured")
def test_nothing_changed():
    assert control_code.stale("edges") == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("docs/controls/edges.py", "strength(start)", "strength(2 * start)"),
        ("docs/controls/trained.py", "EPOCHS = 2", "EPOCHS = 3"),
        ("gallery/part/plot_edges.py", "SIDE = 3", "SIDE = 5"),
        ("gallery/part/plot_edges.py", "square(start) *", "square(start) +"),
        ("cnnvis/area.py", "x * x", "x ** 2"),
    ],
)
def test_code_that_makes_the_numbers_counts(measured, path, old, new):
    edit(measured, path, old, new)
    assert control_code.stale("edges") == [path]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("gallery/part/plot_edges.py", "# Text.", "# Another text."),
        ("gallery/part/plot_edges.py", "print(strength(1))", "print(strength(2))"),
        ("gallery/part/plot_edges.py", "start):\n", 'start):\n    """Return it."""\n'),
        ("cnnvis/area.py", "x * x", "x * x  # its square"),
        ("cnnvis/names.py", "str(x)", "repr(x)"),
    ],
)
def test_texts_and_what_is_not_used_do_not_count(measured, path, old, new):
    edit(measured, path, old, new)
    assert control_code.stale("edges") == []


def test_a_control_that_runs_the_whole_page_counts_all_of_its_code_but_no_text(measured):
    edit(measured, "gallery/part/plot_edges.py", "# Text.", "# Another text.")
    assert control_code.stale("whole") == []
    edit(measured, "gallery/part/plot_edges.py", "print(strength(1))", "print(strength(2))")
    assert control_code.stale("whole") == ["gallery/part/plot_edges.py"]
