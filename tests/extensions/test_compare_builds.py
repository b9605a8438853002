"""docs/compare_builds.py tells where two builds differ."""

import json
import re
import shutil
import sys
import zipfile

import compare_builds
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from small_site import FIGURE


@pytest.fixture
def two(site, tmp_path):
    """Two copies of one build."""
    site.script("one", FIGURE.format(name="line", description="A line.", caption=None))
    assert site.build() is None
    folders = tmp_path / "first", tmp_path / "second"
    for folder in folders:
        shutil.copytree(site.html, folder, ignore=shutil.ignore_patterns(".doctrees"))
    return folders


def test_a_comparison_says_what_differs(two, capsys, monkeypatch):
    one, other = two
    assert compare_builds.report(one, other) == 0
    (one / "alone.html").write_text("1")
    (other / "lonely.html").write_text("1")
    page = other / "index.html"
    page.write_text(page.read_text("utf-8").replace("Home", "House"), "utf-8")
    changed = next(other.glob("_images/*plot_one_001.png"))
    with Image.open(changed) as image:
        image.putpixel((3, 4), (1, 2, 3))
        image.save(changed)
    worded = next(other.glob("_images/*plot_one_001_2x.png"))
    with Image.open(worded) as image:
        words = PngInfo()
        words.add_text("Software", "other")
        image.save(worded, pnginfo=words)
    notebook = next(other.glob("_downloads/**/plot_one.ipynb"))
    content = json.loads(notebook.read_text("utf-8"))
    content["cells"][0]["id"] = "other"
    notebook.write_text(json.dumps(content), "utf-8")
    inventory = other / "objects.inv"
    inventory.write_bytes(inventory.read_bytes()[:-9])
    monkeypatch.setattr(sys, "argv", ["compare_builds.py", str(one), str(other)])
    assert compare_builds.main() == 7
    said = capsys.readouterr().out
    assert f"only in {one}: alone.html" in said
    assert f"only in {other}: lonely.html" in said
    assert re.search(r"index.html differs:\n    -.*Home.*\n    \+.*House", said)
    assert re.search(r"001.png differs:\n    -pixels: .*\n    \+pixels", said)
    assert re.search(r"001_2x.png differs:\n(    -.*\n)*    \+Software: other", said)
    assert "+cell 0: markdown, id other" in said
    assert "objects.inv differs:\n" in said
    assert "can't be read" in said


def test_times_of_archives_are_told(tmp_path):

    for name, year in (("one", 2001), ("two", 2002)):
        (tmp_path / name).mkdir()
        with zipfile.ZipFile(tmp_path / name / "a.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("inner.py", (year, 1, 1, 0, 0, 0)), "x")
    (line,) = compare_builds.differences(tmp_path / "one", tmp_path / "two")
    assert re.search(r"-inner.py: time \(2001.*\n    \+inner.py: time \(2002", line)
