"""The template for new tutorials is a tutorial that the site takes as it is."""

import shutil
import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "docs" / "tutorial_template.py"
CONF = f"""
import runpy
conf = {str(ROOT / "docs" / "conf.py")!r}
globals().update(runpy.run_path(conf, init_globals={{"tags": tags}}))
ours = ["sphinx_gallery.gen_gallery", "cnnvis_site.figures", "cnnvis_site.html"]
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", *ours]
templates_path, html_static_path, html_css_files, html_js_files = [], [], [], []
html_favicon, html_sidebars, intersphinx_mapping = None, {{}}, {{}}
"""
INDEX = """
Home
====

.. toctree::

   tutorials/1_part/index
"""


def test_the_template_builds_without_a_warning(tmp_path):
    part, docs = tmp_path / "gallery" / "1_part", tmp_path / "docs"
    part.mkdir(parents=True)
    docs.mkdir()
    for folder in (part, part.parent):
        (folder / "GALLERY_HEADER.rst").write_text("A part\n======\n", "utf-8")
    (docs / "conf.py").write_text(CONF, "utf-8")
    (docs / "index.rst").write_text(INDEX, "utf-8")
    shutil.copy(TEMPLATE, part / "plot_10_order.py")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", docs, tmp_path / "html"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "html" / "tutorials" / "1_part" / "plot_10_order.html").read_text("utf-8")
    images = BeautifulSoup(page, "html.parser").select("figure.tutorial-figure img")
    assert len(images) == 1
    assert "Averaging first loses" in images[0]["alt"]
