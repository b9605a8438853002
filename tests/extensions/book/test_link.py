"""The site offers the book where there is one."""

import re


def test_site_offers_the_book_where_there_is_one(book):
    page = ":orphan:\n\nPage\n====\n\nText.\n\n.. book-link:: Read the book\n"
    book.write("docs/a/page.rst", page)
    assert book.build() is None
    assert book.page("a/page").find("a", string=re.compile("Read the book")) is None

    book.write("docs/_build/pdf/cnnvis.pdf", "%PDF" + 2_000_000 * "x")
    assert book.build() is None
    link = book.page("a/page").find("a", string="Read the book (PDF, 2.0 MB)")
    assert link["href"] == "../cnnvis.pdf"
    assert (book.html / "cnnvis.pdf").stat().st_size > 2_000_000
    assert book.build("latex") is None

    (book.docs / "_build/pdf/cnnvis.pdf").unlink()
    assert book.build() is None
    assert book.page("a/page").find("a", string=re.compile("Read the book")) is None
    assert not (book.html / "cnnvis.pdf").exists()
