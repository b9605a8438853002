"""Rows that print as a table, in a terminal and on a page."""

import html
from collections.abc import Sequence
from typing import Any


class Table(Sequence[Any]):
    """Rows that print as a table, in a terminal and on a page; a slice is a smaller table.

    A row's ``cells()`` are its texts; ``HEADS`` names the columns.
    """

    HEADS: tuple[str, ...] = ()
    CSS = ""

    def __init__(self, rows: Sequence[Any]):
        self._rows = tuple(rows)

    def __getitem__(self, key: int | slice) -> Any:
        return type(self)(self._rows[key]) if isinstance(key, slice) else self._rows[key]

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        lines = [self.HEADS, *(row.cells() for row in self._rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        lines.insert(1, tuple("─" * width for width in widths))
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )

    def _repr_html_(self) -> str:
        heads = "".join(f'<th scope="col">{head}</th>' for head in self.HEADS)
        rows = [[html.escape(cell) for cell in row.cells()] for row in self._rows]
        body = "".join(
            f'<tr><th scope="row">{first}</th>'
            + "".join(f"<td>{cell}</td>" for cell in rest)
            + "</tr>"
            for first, *rest in rows
        )
        return (
            f'<table class="{self.CSS}">'
            f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
        )
