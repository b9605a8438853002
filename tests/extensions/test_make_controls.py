"""Controls are measured for every start, on the real sets and on their stand-ins, and written."""

import json
import sys
from pathlib import Path

import make_controls
import pytest
from cnnvis_site.rebuild import control_code

RESULTS = sorted(control_code.RESULTS.glob("*.json"))
CONTROL = '''"""How bright random images are,
for several seeds.

The rest is for contributors.
"""

import torch

from cnnvis import load

STARTS = range(3, 8)
SETS = {sets}
OF = "draws"


def measure(start):
    image = torch.rand(9, generator=torch.Generator().manual_seed(start))
    sets = [load(name, "test") for name in SETS]
    return {{"brightness": image.mean(), "stand-ins": sum(one.source.is_stand_in for one in sets)}}
'''


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """Measure one control of this project's own, in a process for itself."""

    def measure(sets):
        folder = tmp_path / "controls"
        folder.mkdir()
        here = Path(make_controls.__file__).parent / "controls"
        for shared in ("pages", "trained"):
            (folder / f"{shared}.py").write_text((here / f"{shared}.py").read_text("utf-8"))
        (folder / "bright.py").write_text(CONTROL.format(sets=sets), "utf-8")
        monkeypatch.setattr(make_controls, "names", lambda: ["bright"])
        monkeypatch.setattr(make_controls, "code_of", lambda name: {name: "abc"})
        monkeypatch.setattr(make_controls, "RESULTS", tmp_path)
        monkeypatch.setattr(make_controls, "PROCESSES", 1)
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
        for name in [name for name in sys.modules if name.partition(".")[0] == "controls"]:
            monkeypatch.delitem(sys.modules, name)
        make_controls.main(["bright"])
        return json.loads((tmp_path / "bright.json").read_text("utf-8"))

    return measure


@pytest.mark.slow
def test_every_number_of_every_start_is_written(measured):
    result = measured(())
    assert result["about"] == "How bright random images are, for several seeds."
    assert result["seeds"] == [3, 4, 5, 6, 7]
    assert result["of"] == "draws"
    assert set(result["numbers"]) == {"real"}
    values = result["numbers"]["real"]["brightness"]
    assert len(set(values)) == 5
    assert all(0 < value < 1 for value in values)
    assert {"python", "torch", "torchvision", "numpy"} <= set(result["versions"])
    assert result["code"] == {"bright": "abc"}
    assert len(result["date"]) == len("2026-01-31")


@pytest.mark.slow
@pytest.mark.data
def test_both_states_are_measured_or_the_missing_set_is_named(measured):
    from cnnvis import load

    if load("mnist", "test").source.is_stand_in:
        with pytest.raises(SystemExit, match="mnist isn't on this machine"):
            measured(("mnist",))
    else:
        numbers = measured(("mnist",))["numbers"]
        assert numbers["real"]["stand-ins"] == [0] * 5
        assert numbers["stand-ins"]["stand-ins"] == [1] * 5


def test_an_unknown_control_is_named():
    with pytest.raises(SystemExit, match=r"no control \['weather'\]"):
        make_controls.main(["weather"])


def test_there_is_a_result_for_every_control_and_no_other():
    assert [file.stem for file in RESULTS] == control_code.names()


@pytest.mark.parametrize("file", RESULTS, ids=lambda file: file.stem)
def test_what_is_committed_was_measured_with_this_code(file):
    """Of the package alone the start decides that a page measures anew."""
    assert not [path for path in control_code.stale(file.stem) if control_code.is_own(path)]


@pytest.mark.parametrize("file", RESULTS, ids=lambda file: file.stem)
def test_what_is_committed_holds_five_starts_of_every_number(file):
    result = json.loads(file.read_text("utf-8"))
    assert len(result["seeds"]) >= 5
    assert set(result["numbers"]) == ({"real", "stand-ins"} if result["sets"] else {"real"})
    for numbers in result["numbers"].values():
        assert numbers
        assert all(len(values) == len(result["seeds"]) for values in numbers.values())
