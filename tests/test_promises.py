"""The page of promises names scripts and tests that exist; its sections are checked on the site."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "about" / "promises.md"
ROW = re.compile(
    r"^\| (?P<promise>[^|]+) \| \{doc\}`(?P<page>/[^`]+)`: (?P<section>[^|]+)"
    r" \| (?P<script>[^|]+) \| (?P<test>[^|]+) \|$"
)


def rows():
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [line for line in lines if not re.match(r"\| (promise|---) ", line)]


@pytest.mark.parametrize("line", rows())
def test_what_a_row_names_exists(line):
    row = ROW.match(line)
    assert row, "a row is: promise | {doc}`page`: section | script | test"
    script = row["script"].strip("`")
    assert script == "–" or list((ROOT / "gallery").glob(f"*/{script}"))
    file, _, name = row["test"].strip("`").partition("::")
    found = [path for path in (ROOT / "tests").rglob(file) if f"def {name}(" in path.read_text()]
    assert found, row["test"]


def test_all_five_systems_are_walked_through():
    headings = re.findall(r"^## ([A-E])\. ", PAGE.read_text("utf-8"), re.MULTILINE)
    assert headings == list("ABCDE")
    assert len(rows()) > 40
