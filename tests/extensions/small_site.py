"""A small site with the extensions of docs/_ext, for tests; conftest.py has the fixtures."""

import importlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

DOCS = Path(__file__).parents[2] / "docs"

CONF = """
import sys
extensions = {extensions}
html_theme = "basic"
html_math_renderer = "{maths}"
exclude_patterns = ["_build"]
suppress_warnings = ["sphinx_gallery.space_in_filename"]  # in the path of the clone
templates_path = []  # else sphinx-gallery lengthens the default of all builds in this process
sphinx_gallery_conf = {{
    "examples_dirs": ["../gallery"],
    "gallery_dirs": ["tutorials"],
    "filename_pattern": "plot_",
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": ("figure_scraper.scrape",),
    "reset_modules": ("build_costs.watch", "freshness.watch"),
    "reset_modules_order": "both",
    "only_warn_on_example_error": True,
    "backreferences_dir": "tutorials/backreferences",
    "doc_module": ("shapes",),
    "write_computation_times": False,
    "download_all_examples": False,
}}
freshness_package = "../shapes"
"""
OURS = ["build_costs", "failures", "figure_strip", "freshness", "named_figures", "scratch_folder"]
OURS += ["output_images", "used_in"]

SCRIPT = '''"""
{title}
{line}

What it is about.
"""
{code}
'''

FIGURE = """
import matplotlib.pyplot as plt
from cnnvis import save_figure
fig, ax = plt.subplots(figsize=(4, 3))
ax.set_title("a line")
ax.plot([1, 2])
save_figure(fig, "{name}", '{description}', caption={caption!r})
"""


class Site:
    """A project with docs, a gallery and a package named shapes."""

    def __init__(self, folder):
        self.folder = folder
        self.builder = "html"
        self.docs = folder / "docs"
        self.html = self.docs / "_build"
        self.configure()
        self.write("gallery/GALLERY_HEADER.rst", "Tutorials\n=========\n")
        self.write("docs/index.rst", "Home\n====\n\n.. toctree::\n   :glob:\n\n   tutorials/*\n")
        self.write("shapes/__init__.py", "from .area import square\nfrom .names import name\n")
        self.write("shapes/area.py", "from . import numbers\n\ndef square(x):\n    return x * x\n")
        self.write("shapes/names.py", "def name(x):\n    return str(x)\n")
        self.write("shapes/numbers.py", "TWO = 2\n")

    def configure(self, *more, maths="mathml"):
        extensions = ["sphinx_gallery.gen_gallery", *OURS, *more]
        if maths == "mathml":
            extensions.append("mathml")
        self.write("docs/conf.py", CONF.format(extensions=extensions, maths=maths))

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def script(self, name, code, title="A question"):
        text = SCRIPT.format(title=title, line="=" * len(title), code=code)
        self.write(f"gallery/plot_{name}.py", text)

    def build(self, builder=None):
        """Build as ``sphinx-build -W`` does; return the warnings, or None if it passes."""
        builder = builder or self.builder
        for name in [name for name in sys.modules if name.partition(".")[0] == "shapes"]:
            del sys.modules[name]
        importlib.invalidate_caches()
        warnings = io.StringIO()
        output = self.html if builder == "html" else self.docs / "_build" / builder
        with docutils_namespace(), patch_docutils(self.docs):
            app = Sphinx(
                self.docs,
                self.docs,
                output,
                self.docs / "_doctrees" / builder,
                builder,
                status=None,
                warning=warnings,
                warningiserror=True,
            )
            app.build()
        return re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()) if app.statuscode else None

    def start(self, *options, **settings):
        """Start a build in a process of its own, as ``sphinx-build -W`` is started."""
        command = [sys.executable, "-m", "sphinx", "--keep-going", "-q", "-b", "html", *options]
        paths = [str(DOCS / "_ext"), str(self.folder), str(DOCS.parent)]
        settings["PYTHONPATH"] = os.pathsep.join(paths)
        return subprocess.Popen(
            [*command, "-d", "docs/_doctrees/html", "docs", "docs/_build"],
            cwd=self.folder,
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def page(self, name="index"):
        return BeautifulSoup((self.html / f"{name}.html").read_text("utf-8"), "html.parser")
