"""The page of promises names tests that exist; its sections are checked on the built site."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "about" / "promises.md").read_text("utf-8")
ROW = re.compile(
    r"^\* - (?!promise)(?P<promise>.+)\n"
    r"  - \{doc\}`(\w+ <)?(?P<page>/[\w/-]+)>?`:\n    (?P<section>.+)\n\n    `(?P<test>.+)`$",
    re.MULTILINE,
)


ROWS = list(ROW.finditer(PAGE))


@pytest.mark.parametrize("row", ROWS, ids=[row["promise"] for row in ROWS])
def test_page_and_test_of_a_row_exist(row):
    if row["page"].startswith("/tutorials/"):
        assert (ROOT / "gallery" / f"{row['page'].removeprefix('/tutorials/')}.py").is_file()
    else:
        assert (ROOT / "docs" / f"{row['page'][1:]}.md").is_file()
    file, _, name = row["test"].partition("::")
    found = [one.read_text("utf-8") for one in (ROOT / "tests").rglob(file)]
    assert any(f"def {name}(" in code for code in found)


def test_every_row_is_understood():
    assert len(ROWS) == PAGE.count("\n* - ") - PAGE.count("* - promise\n") > 50


def test_all_five_systems_are_walked_through():
    assert re.findall(r"^## ([A-E])\. ", PAGE, re.MULTILINE) == list("ABCDE")


def test_every_tutorial_keeps_a_promise():
    pages = {row["page"] for row in ROWS}
    for script in (ROOT / "gallery").glob("*/plot_*.py"):
        assert f"/tutorials/{script.parent.name}/{script.stem}" in pages
