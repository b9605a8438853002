"""Tables in a terminal and on a page."""

from typing import NamedTuple

from bs4 import BeautifulSoup

from cnnvis.tables import Table


class Row(NamedTuple):
    name: str
    number: int

    def cells(self):
        return self.name, f"{self.number:,}"


class Numbers(Table):
    HEADS = ("name", "number")
    CSS = "numbers"


TABLE = Numbers([Row("one", 1), Row("<b>&", 12345)])


def test_its_text_stands_in_columns():
    assert repr(TABLE).splitlines() == [
        "name  number",
        "────  ──────",
        "one   1",
        "<b>&  12,345",
    ]


def test_its_html_says_the_same_and_is_escaped():
    text = TABLE._repr_html_()
    page = BeautifulSoup(text, "html.parser")
    assert [head.text for head in page.select("table.numbers > thead th[scope=col]")] == [
        "name",
        "number",
    ]
    rows = page.select("tbody > tr")
    assert [tuple(cell.text for cell in row.select("th, td")) for row in rows] == [
        row.cells() for row in TABLE
    ]
    assert all(len(row.select("th[scope=row]")) == 1 for row in rows)
    assert "&lt;b&gt;&amp;" in text
    assert "<b>" not in text


def test_a_slice_is_a_smaller_table_and_a_position_a_row():
    assert isinstance(TABLE[:1], Numbers)
    assert list(TABLE[:1]) == [Row("one", 1)]
    assert TABLE[-1] == Row("<b>&", 12345)
    assert len(TABLE) == 2


def test_an_empty_table_has_its_heads():
    assert repr(Numbers([])).splitlines() == ["name  number", "────  ──────"]
