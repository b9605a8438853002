"""The numbers of a figure as HTML, and their absence elsewhere."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from cnnvis_site.figures.numbers import html
from docutils import nodes

TABLE = {
    "caption": "loss < 1.",
    "head": ["epoch", "train & test"],
    "rows": [["0", "2.3"], ["1", "<0.1"]],
}


def test_a_table_has_a_name_and_headings_of_rows_and_columns():
    written = SimpleNamespace(body=[])
    node = html.number_tables(tables=[TABLE, TABLE], label="training_loss")
    html.visit_html(written, node)
    page = BeautifulSoup("".join(written.body), "html.parser")
    assert page.summary.text == "The numbers in this figure: training loss"
    assert not page.details.has_attr("open")
    assert len(page.find_all("table")) == 2
    names = [page.find(id=table["aria-labelledby"]) for table in page.find_all("table")]
    assert [name.text for name in names] == [TABLE["caption"]] * 2
    assert names[0] is not names[1]
    assert [cell.text for cell in page.table.select("thead th[scope=col]")] == TABLE["head"]
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in page.table.select("tr")]
    assert rows[1:] == TABLE["rows"]
    assert len(page.table.select("tbody th[scope=row]")) == 2


@pytest.mark.parametrize(("kind", "count"), [("html", 1), ("latex", 0)])
def test_a_book_goes_without(kind, count):
    page = nodes.section("", html.number_tables(tables=[TABLE], label="name"))
    html.leave_out(SimpleNamespace(builder=SimpleNamespace(format=kind)), page, "page")
    assert len(page) == count
