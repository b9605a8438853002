"""The numbers that were measured once."""

import json

import pytest

from cnnvis import load, load_controls
from cnnvis.analysis import controls

RECORD = {
    "sets": ["mnist"],
    "of": "trainings",
    "seeds": [3, 4],
    "numbers": {"real": {"accuracy": [0.9, 0.92]}, "stand-ins": {"accuracy": [0.7, 0.72]}},
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(controls, "FOLDER", tmp_path)
    (tmp_path / "digits.json").write_text(json.dumps(RECORD), "utf-8")
    none = RECORD | {"sets": [], "numbers": {"real": {"accuracy": [0.5, 0.6]}}}
    (tmp_path / "drawn.json").write_text(json.dumps(none), "utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.data
def test_numbers_are_those_of_the_same_images():
    images = load("mnist", "test")
    accuracy = load_controls("digits", images)["accuracy"]
    assert accuracy.values == ((0.7, 0.72) if images.source.is_stand_in else (0.9, 0.92))
    assert accuracy.seeds == (3, 4)
    assert accuracy.of == "trainings"


@pytest.mark.usefixtures("folder")
def test_a_control_without_sets_needs_no_images():
    assert load_controls("drawn")["accuracy"].values == (0.5, 0.6)


@pytest.mark.usefixtures("folder")
def test_which_images_must_be_said_where_it_matters():
    with pytest.raises(ValueError, match="must be told which"):
        load_controls("digits")


@pytest.mark.usefixtures("folder")
def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'digits'"):
        load_controls("digit")


def test_wrong_kinds_are_refused():
    with pytest.raises(TypeError, match="images an ImageSet or None"):
        load_controls("digits", [1, 2])
    with pytest.raises(TypeError, match="name must be a text"):
        load_controls(3)
