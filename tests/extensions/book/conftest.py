"""A site whose book is made of its tutorials and of two pages."""

import pytest


@pytest.fixture
def book(site):
    site.configure("book", settings='project, author = "cnnvis", "Somebody"')
    site.write(
        "docs/book.rst",
        ":orphan:\n\nBook\n====\n\n.. book-pages::\n   tutorials/plot_*\n   page\n   nothing*\n\n"
        "Empty\n-----\n\n.. book-pages::\n   nothing*\n",
    )
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n\nText.\n")
    return site
