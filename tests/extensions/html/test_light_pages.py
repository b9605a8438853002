"""Pages load only what they use, and their files are light."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from cnnvis_site.html import light_pages


def test_scripts_and_styles_lose_comments_and_nothing_else(tmp_path):
    folder = tmp_path / "_static"
    folder.mkdir()
    script = """/*! MIT */
/* What
   it is. */
// Why.

const one = (a) => {
  const text = `rows ${a ? `${a}` : ""} to // ${a} /* not one */`; // kept
  return "//" + text;
};
"""
    (folder / "a.js").write_text(script)
    (folder / "a.css").write_text("/* Why. */\na {\n  color: red; /* kept */\n}\n")
    app = SimpleNamespace(outdir=tmp_path)
    for _ in range(2):
        light_pages.shrink(app)
        assert (folder / "a.js").read_text().splitlines() == [
            "/*! MIT */",
            "const one = (a) => {",
            'const text = `rows ${a ? `${a}` : ""} to // ${a} /* not one */`; // kept',
            'return "//" + text;',
            "};",
        ]
        assert (folder / "a.css").read_text() == "a {\ncolor: red; /* kept */\n}\n"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<p>Words.</p>", {"furo.js"}),
        ('<div class="highlight-python notranslate">', {"furo.js", "copybutton.js"}),
        ('<div class="sd-tab-set">', {"furo.js", "design-tabs.js"}),
    ],
)
def test_a_page_gets_the_scripts_that_it_uses(body, names):
    every = ["doctools.js", "furo.js", "copybutton.js", "design-tabs.js", "sphinx_highlight.js"]
    scripts = [SimpleNamespace(filename=f"_static/{name}", attributes={}) for name in every]
    context = {"body": body, "script_files": scripts}
    light_pages.lighten(None, "page", None, context, None)
    assert {Path(one.filename).name for one in context["script_files"]} == names
    assert all(one.attributes == {"defer": "defer"} for one in context["script_files"])


def test_a_page_loads_only_the_styles_and_scripts_it_needs(site):
    site.configure("sphinx_design", "html.light_pages")
    site.write("docs/plain.rst", ":orphan:\n\nPlain\n=====\n")
    site.write("docs/folds.rst", ":orphan:\n\nFolds\n=====\n\n.. dropdown:: Why?\n\n   So.\n")
    tabs = ".. tab-set::\n\n   .. tab-item:: One\n\n      1\n"
    site.write("docs/tabs.rst", f":orphan:\n\nTabs\n====\n\n{tabs}")
    assert site.build() is None
    found = {}
    for name in ("plain", "folds", "tabs"):
        text = (site.html / f"{name}.html").read_text("utf-8")
        found[name] = ["sphinx-design" in text, "design-tabs" in text]
    assert found == {"plain": [False, False], "folds": [True, False], "tabs": [True, True]}
