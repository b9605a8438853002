"""Examples on pages print what the pages say."""


def test_examples_that_print_something_else_or_have_no_prompt_are_warnings(site):
    site.configure("pages.checked_examples", settings='checked_examples = ["a"]')
    head = ":orphan:\n\nPage\n====\n\n"

    def page(*codes):
        parts = ("\n   ".join([".. code-block:: python\n", *code.split("\n")]) for code in codes)
        return head + "\n\nThen:\n\n".join(parts) + "\n"

    site.write("docs/a.rst", page(">>> x = 2", ">>> x + x\n4"))
    assert site.build() is None
    site.write("docs/a.rst", page(">>> x = 2", ">>> x + x\n5"))
    warnings = site.build()
    assert "The examples of a do not print what it says." in warnings
    assert "+ 4" in warnings
    site.write("docs/a.rst", page("x = 2"))
    assert "without >>>" in site.build()
    site.write("docs/a.rst", head)
    site.write("docs/b.rst", page(">>> 2\n3"))  # not among the pages that are checked
    assert site.build() is None
