"""Notebooks are Markdown, lead somewhere, and install what they need."""

import json
import re
from types import SimpleNamespace

import pytest
from cnnvis_site.downloads import notebooks

CLEANED = {
    "``a = [b](c)`` and ``d\n  e``": "`a = [b](c)` and `d e`",
    "[text](https://example.org/a_(b)).": "[text](https://example.org/a_(b)).",
    "[a\nword](../../glossary.html#w), [x](#y)": "a\nword, x",
    "[Next?](../2_part/plot_20_next.html#a)": "Next? (`2_part/plot_20_next.ipynb`)",
    "\\begin{align}x_1\\end{align}": "$$x_1$$",
    "\\begin{align}a &= b\\end{align}": "$$\\begin{aligned}a &= b\\end{aligned}$$",
    "It prints::\n\n    1": "It prints:\n\n    1",
    "the axes [a, b] (and c) are $[a](b)$": "the axes [a, b] (and c) are $[a](b)$",
}


@pytest.mark.parametrize("text", CLEANED)
def test_markdown_is_cleaned(text):
    assert notebooks.clean(text, "tutorials/1_part") == CLEANED[text]


def test_with_an_address_links_lead_to_the_site():
    text = "[a](../../glossary.html#w) [b](plot_2.html) [c](https://example.org)"
    cleaned = notebooks.clean(text, "tutorials/1_part", "https://a.org/site/")
    assert cleaned == (
        "[a](https://a.org/site/glossary.html#w) "
        "[b](https://a.org/site/tutorials/1_part/plot_2.html) [c](https://example.org)"
    )


@pytest.mark.parametrize(
    "text",
    [
        ":term:`kernel`",
        ".. note:: Take care",
        "..\n   a comment",
        ".. _target: https://example.org",
        "A\n\n:param x: a field",
        "`link <https://example.org>`_",
        "``half",
        "a name_ here",
        "a note [1]_",
        "prints::",
        "|version|",
        "Title\n~~~~~",
    ],
)
def test_what_is_left_of_rest_is_found(text):
    assert notebooks.leftovers(text)


@pytest.mark.parametrize(
    "text",
    [
        "Text with `a_ = b::c`, a_b, __init__.py, $a_1 |x| b_2$: fine.",
        "[link](https://example.org/a_/b)\n\n* point: one\n\n    code_ = ``x``",
        "a shape of (N, C), |x - y|; a * b; 5_000",
    ],
)
def test_good_markdown_is_left_in_peace(text):
    assert notebooks.leftovers(text) == []


@pytest.mark.parametrize(
    ("versions", "needs", "installs"),
    [
        ([], "", True),
        (["1.1"], "", True),
        (["1.2"], "", False),
        (["1.2"], "import no_such_captum", False),
        (["1.2"], "import captum", True),
    ],
)
def test_the_first_cell_installs_what_is_not_there_in_this_version(
    versions, needs, installs, tmp_path, monkeypatch
):
    wheel = "cnnvis-1.2-py3-none-any.whl"
    (tmp_path / wheel).touch()
    (tmp_path / "cnnvis").mkdir()  # a folder of that name is no package
    monkeypatch.chdir(tmp_path)
    found, asked = [SimpleNamespace(version=one) for one in versions], []
    monkeypatch.setattr("importlib.metadata.distributions", lambda **_: iter(found))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name != "captum")
    code = {"cell_type": "code", "source": [needs]}
    cell = json.loads(notebooks.finish({"cells": [code]}, "tutorials/x", wheel))["cells"][0]
    source = re.sub(r"%pip install --quiet (.*)", r"asked.append(f\1)", "".join(cell["source"]))
    if installs:
        with pytest.raises(AssertionError, match=f"put {wheel} into"):
            exec(source, {"asked": asked})
    else:
        exec(source, {"asked": asked})
    assert asked == ([f"./{wheel}[tutorials]"] if installs else [])
