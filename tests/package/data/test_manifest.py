"""A folder remembers on what request it was made, and whether it still holds what was made."""

import pytest

from cnnvis.data.manifest import MANIFEST, made_before, write_manifest

REQUEST = {"seed": 0, "shares": (0.5, 0.5)}
FILES = {"Train": {"Bike": ["a.png"]}, "Val": {"Bike": []}}


@pytest.fixture
def made(tmp_path):
    (tmp_path / "Train" / "Bike").mkdir(parents=True)
    (tmp_path / "Train" / "Bike" / "a.png").touch()
    write_manifest(tmp_path, REQUEST, FILES)
    return tmp_path


def test_the_same_request_finds_its_files(made):
    (made / "Train" / ".DS_Store").touch()
    assert made_before(made, REQUEST, replace=False) == FILES


def test_a_new_or_an_empty_folder_is_to_be_filled(tmp_path):
    assert made_before(tmp_path, REQUEST, replace=False) is None
    assert made_before(tmp_path / "new", REQUEST, replace=False) is None


def test_another_request_replaces_only_where_it_may(made):
    with pytest.raises(FileExistsError, match=r"another request \(not the same: seed\)"):
        made_before(made, REQUEST | {"seed": 1}, replace=False)
    assert made_before(made, REQUEST | {"seed": 1}, replace=True) is None


def test_a_missing_file_is_named(made):
    (made / "Train" / "Bike" / "a.png").unlink()
    with pytest.raises(FileExistsError, match=r"lacks Train/Bike/a\.png"):
        made_before(made, REQUEST, replace=False)
    assert made_before(made, REQUEST, replace=True) is None


@pytest.mark.parametrize("replace", [False, True])
def test_a_file_of_someone_else_is_named(made, replace):
    (made / "mine.png").touch()
    with pytest.raises(FileExistsError, match=r"it also holds mine\.png"):
        made_before(made, REQUEST, replace=replace)


@pytest.mark.parametrize("content", ["", "[]", '{"files": {}}', '{"request": {}, "files": [1]}'])
def test_a_folder_without_a_manifest_that_can_be_read_is_someone_elses(made, content):
    (made / MANIFEST).write_text(content)
    with pytest.raises(FileExistsError, match="must be a new or an empty folder; it holds"):
        made_before(made, REQUEST, replace=True)
