"""A failing tutorial is named in the last lines, and the rest is built."""

from every_kind import LINE, make


def test_a_failing_tutorial_is_named_in_the_last_lines_and_the_rest_is_built(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    site = make(tmp_path)
    site.script("two", f"{LINE}\n# %%\n# More.\nx = 0\n1 / x\n\n# %%\n# End.\n", title="Two")
    site.script("zero", "raise ValueError('two\\nlines')", title="Zero")
    site.write("shapes/broken.py", "def f(:\n")
    site.script("broken", "import shapes.broken", title="Broken")
    site.script("exit", "import sys\nsys.exit()", title="Exit")
    lines = site.build().splitlines()
    assert lines[-5] == "ERROR: 4 tutorials failed; the rest of the site is in docs/_build:"
    line = (tmp_path / "gallery/plot_two.py").read_text().splitlines().index("1 / x") + 1
    assert lines[-4].startswith("ERROR: gallery/plot_broken.py, line 7: SyntaxError: ")
    assert lines[-3].startswith(
        "ERROR: gallery/plot_exit.py, line 8: RuntimeError: a tutorial must"
    )
    assert lines[-2:] == [
        f"ERROR: gallery/plot_two.py, line {line}: ZeroDivisionError: division by zero",
        "ERROR: gallery/plot_zero.py, line 7: ValueError: two",
    ]
    page = site.page("tutorials/plot_two")
    assert "ZeroDivisionError" in page.text
    assert page.find("figure")
    assert (site.html / "tutorials" / page.find("figure").find("img")["src"]).is_file()
    for name in ("index", "tutorials/plot_one", "tutorials/plot_six", "explorer/index"):
        assert site.page(name).find("h1")
    assert site.build().splitlines()[-2:] == lines[-2:], "it runs again and fails again"
    for name in ("zero", "broken", "exit", "two"):
        site.script(name, "x = 1", title=name)
    assert site.build() is None


def test_a_failing_tutorial_fails_also_a_build_that_allows_warnings(tmp_path):
    site = make(tmp_path)
    site.script("two", "1 / 0", title="Two")
    assert site.build(strict=False)
