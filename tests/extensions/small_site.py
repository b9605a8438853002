"""A small site with the extensions of docs/_ext, for tests; conftest.py has the fixtures."""

import importlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

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
    "image_scrapers": ("cnnvis_site.figures.scraper.scrape",),
    "reset_modules": ("cnnvis_site.runs.costs.watch", "cnnvis_site.rebuild.records.watch"),
    "reset_modules_order": "both",
    "only_warn_on_example_error": True,
    "backreferences_dir": "tutorials/backreferences",
    "doc_module": ("shapes",),
    "write_computation_times": False,
    "download_all_examples": False,
}}
rebuild_package = "../shapes"
"""
OURS = ["finish", "figures", "html.incremental", "pages.used_in", "rebuild", "runs"]
ROOMS = {file.stem for file in (DOCS / "_ext" / "cnnvis_site").iterdir()}

OF_SITES = {"shapes", "stopper"}  # modules of which each site has its own

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
        self.read, self.written = set(), set()  # pages of the last build
        self.configure()
        (folder / "data").mkdir(parents=True, exist_ok=True)
        self.write("gallery/GALLERY_HEADER.rst", "Tutorials\n=========\n")
        self.write("docs/index.rst", "Home\n====\n\n.. toctree::\n   :glob:\n\n   tutorials/*\n")
        self.write("shapes/__init__.py", "from .area import square\nfrom .names import name\n")
        self.write("shapes/area.py", "from . import numbers\n\ndef square(x):\n    return x * x\n")
        self.write("shapes/names.py", "def name(x):\n    return str(x)\n")
        self.write("shapes/numbers.py", "TWO = 2\n")

    def configure(self, *more, maths="mathml", settings=""):
        """Use these extensions too, ours by their names below cnnvis_site."""
        ours = [*OURS, *more, *(["html.mathml"] if maths == "mathml" else [])]
        names = [f"cnnvis_site.{one}" if one.split(".")[0] in ROOMS else one for one in ours]
        extensions = ["sphinx_gallery.gen_gallery", *names]
        conf = CONF.format(extensions=extensions, maths=maths)
        self.write("docs/conf.py", f"{conf}{settings}\n")

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def script(self, name, code, title="A question"):
        text = SCRIPT.format(title=title, line="=" * len(title), code=code)
        self.write(f"gallery/plot_{name}.py", text)

    def build(self, builder=None, *, strict=True):
        """Build as ``sphinx-build -W`` does; return the warnings, or None if it passes."""
        builder = builder or self.builder
        for name in [name for name in sys.modules if name.partition(".")[0] in OF_SITES]:
            del sys.modules[name]
        importlib.invalidate_caches()
        self.read, self.written = set(), set()
        warnings = io.StringIO()
        output = self.html if builder == "html" else self.docs / "_build" / builder
        variables = {"CNNVIS_SITE_BUILD": "1", "CNNVIS_DATA": str(self.folder / "data")}
        with (
            docutils_namespace(),
            patch_docutils(self.docs),
            mock.patch.dict(os.environ, variables),
            mock.patch.object(sys, "path", [str(self.folder), *sys.path]),
        ):
            app = Sphinx(
                self.docs,
                self.docs,
                output,
                self.docs / "_doctrees" / builder,
                builder,
                status=None,
                warning=warnings,
                warningiserror=strict,
            )
            app.connect("env-purge-doc", lambda _app, _env, page: self.read.add(page))
            app.connect("html-page-context", lambda _app, page, *_: self.written.add(page))
            app.build()
        self.written -= {"genindex", "search"}
        return re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()) if app.statuscode else None

    def start_apart(self, *options, **settings):
        """Start a build in a process of its own, as ``sphinx-build -W`` does, and return that."""
        command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
        settings |= {"CNNVIS_SITE_BUILD": "1", "CNNVIS_DATA": str(self.folder / "data")}
        paths = [str(DOCS / "_ext"), str(self.folder), str(DOCS.parent)]
        settings["PYTHONPATH"] = os.pathsep.join(paths)
        return subprocess.Popen(
            [*command, *options, "-d", "docs/_doctrees/html", "docs", "docs/_build"],
            cwd=self.folder,
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def build_apart(self, *options, **settings):
        """Build in a process of its own; return status and errors."""
        process = self.start_apart(*options, **settings)
        _, errors = process.communicate()
        return process.returncode, errors

    def page(self, name="index"):
        return BeautifulSoup((self.html / f"{name}.html").read_text("utf-8"), "html.parser")


class Kept:
    """A site that was built once, in its place: Sphinx reads all anew where a site has moved."""

    def __init__(self, folder, prepare, *builders):
        self.site, self.copy = Site(folder / "site"), folder / "copy"
        prepare(self.site)
        for builder in builders or (self.site.builder,):
            assert self.site.build(builder) is None
        shutil.copytree(self.site.folder, self.copy)

    def restored(self):
        """Return the site as it was when it had been built."""
        shutil.rmtree(self.site.folder)
        shutil.copytree(self.copy, self.site.folder)
        return self.site


LOGGED = {
    "area": "from shapes import square",
    "both": "import shapes\nshapes.square(2), shapes.name(2)",
    "names": "from shapes import name",
    "none": "x = 1",
}


def add_logged(site, scripts=LOGGED):
    """Add scripts that log that they run; what runs does not depend on the builder."""
    site.builder = "dummy"
    file = str(site.folder / "runs.txt")
    for name, code in scripts.items():
        note = f'with open({file!r}, "a") as log:\n    _ = log.write("{name} ")'
        site.script(name, f"{code}\n{note}", title=name)


class Runs:
    """Call it for the names of the scripts that ran since the last look."""

    def __init__(self, site):
        self.file = site.folder / "runs.txt"

    def __call__(self):
        names = self.file.read_text().split() if self.file.exists() else []
        self.file.unlink(missing_ok=True)
        return names
