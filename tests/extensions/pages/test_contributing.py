"""The page for contributors names rooms that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "contributing.md").read_text("utf-8")
TABLE = PAGE.partition("| to change | go to |")[2].partition("\n\n")[0]
ROWS = [row.strip("| ").split(" | ") for row in TABLE.strip().splitlines()[1:]]


def test_the_table_has_thirty_rows_and_no_change_twice():
    assert len(ROWS) >= 30
    assert len({change for change, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("change", "rooms"), ROWS, ids=[change for change, _ in ROWS])
def test_the_room_of_each_change_is_there(change, rooms):
    places = re.findall("`(.+?)`", rooms)
    assert places, change
    for place in places:
        found = ROOT / place
        assert found.is_dir() if place.endswith("/") else found.is_file(), place
