"""Mathematics is MathML."""


def test_mathematics_is_mathml(site):
    formulas = "Inline :math:`a < b`.\n\n.. math:: \\frac{x}{2}\n   :label: half\n\nSee :eq:`half`."
    site.write("docs/page.rst", f":orphan:\n\nPage\n====\n\n{formulas}\n")
    assert site.build() is None
    page = site.page("page")
    inline, block = page.find_all("math")
    assert inline.find_parent("p")
    assert block["display"] == "block"
    assert block.find("mfrac")
    assert not [script for script in page.find_all("script") if "jax" in str(script).lower()]
    target = page.find("a", class_="reference internal", string="(1)")["href"]
    assert page.find(id=target.removeprefix("#")).find("math")


def test_mathematics_that_cannot_be_converted_is_a_warning_and_shown_as_it_is(site):
    site.write("docs/page.rst", ":orphan:\n\nPage\n====\n\n:math:`\\nosuch{<x>}`\n")
    assert "as MathML" in site.build()
    assert "\\nosuch{<x>}" in site.page("page").find("code").text
