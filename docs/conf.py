"""How the site is built; the reasons stand in docs/contributing.md."""

import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE / "_ext"), str(ROOT)]
from cnnvis_site.downloads.stage import site_address  # noqa: E402 (from _ext)

os.environ["CNNVIS_SITE_BUILD"] = "1"  # before cnnvis is imported: figures go to the scraper
os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # a busy machine trains ten times faster so

project = "cnnvis"
author = "The cnnvis contributors"
copyright = author  # noqa: A001
# read rather than imported: a build in which nothing has changed need not wait for PyTorch
init = (ROOT / "cnnvis" / "__init__.py").read_text("utf-8")
release = version = re.search(r'__version__ = "(.+)"', init)[1]
language = "en_GB"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.intersphinx",
    "myst_parser",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "sphinx_gallery.gen_gallery",
    # our own, in _ext
    "cnnvis_site.book",
    "cnnvis_site.downloads",
    "cnnvis_site.explorer",
    "cnnvis_site.figures",
    "cnnvis_site.finish",
    "cnnvis_site.head",
    "cnnvis_site.html",
    "cnnvis_site.pages",
    "cnnvis_site.rebuild",
    "cnnvis_site.runs",
]
exclude_patterns = ["_build", "**/README.md", "**/sg_execution_times.rst"]
if not tags.has("book"):  # noqa: F821 (Sphinx gives it)
    exclude_patterns += ["book.md"]
templates_path = ["_templates"]
nitpicky = True
nitpick_ignore_regex = [
    # napoleon takes these words of a type for names of classes
    ("py:class", r"optional|callable|default.*|shape.*|\(.*|.*\)|N|C|H|W"),
]
suppress_warnings = [
    "config.cache",
    "sphinx_gallery.space_in_filename",  # it means the whole path: C:\\Users\\Jane Doe, too
]

# -- tutorials ---------------------------------------------------------------------------------
reproducible = "SOURCE_DATE_EPOCH" in os.environ
sphinx_gallery_conf = {
    "examples_dirs": ["../gallery"],
    "gallery_dirs": ["tutorials"],
    "filename_pattern": r"[\\/]plot_",
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": ("cnnvis_site.figures.scraper.scrape",),
    "reset_modules": (
        "matplotlib",
        "cnnvis_site.figures.style.reset",
        "cnnvis_site.runs.costs.watch",
        "cnnvis_site.rebuild.records.watch",
    ),
    "reset_modules_order": "both",  # the last two look at a script when it ends, too
    "only_warn_on_example_error": True,  # failures.py makes the build fail at its very end
    "capture_repr": ("_repr_html_", "__repr__"),
    "ignore_repr_types": r"matplotlib|FigureText|[Pp]ath",
    "backreferences_dir": "tutorials/backreferences",
    "doc_module": ("cnnvis",),
    "thumbnail_size": (640, 400),
    "remove_config_comments": True,
    "min_reported_time": 1e9 if reproducible else 1,
    "inspect_global_variables": False,  # a link on every variable is more than one can tab through
    "write_computation_times": False,  # its page would load scripts from other hosts
    "show_memory": False,
    "show_signature": False,
    "download_all_examples": False,
}
rebuild_package = "../cnnvis"
checked_examples = ["explain/"]

# -- references --------------------------------------------------------------------------------
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"
bibtex_reference_style = "whole_link"  # of link_names
# Inventories are vendored, so that a build needs no network; the .txt files are written by hand
# and hold the names that the package and the tutorials use.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", "_inventories/python.inv"),
    "torch": ("https://docs.pytorch.org/docs/stable", "_inventories/torch.txt"),
    "numpy": ("https://numpy.org/doc/stable", "_inventories/numpy.txt"),
    "matplotlib": ("https://matplotlib.org/stable", "_inventories/matplotlib.txt"),
}

# -- pages -------------------------------------------------------------------------------------
myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True  # an optimizer as it is called, not as it prints
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
python_maximum_signature_line_length = 72
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .gp, .go"

html_theme = "furo"
html_title = "cnnvis"
# with its address the site has social cards, a sitemap and a page for what is missing
html_baseurl = site_address()
html_static_path = ["_static"]
html_css_files = ["custom.css"]
html_js_files = [("scrollers.js", {"defer": "defer"}), ("drawers.js", {"defer": "defer"})]
html_favicon = "_static/favicon.svg"
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "github-dark-high-contrast"
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {
        "color-brand-primary": "#1d5c74",
        "color-brand-content": "#14607c",
        "color-brand-visited": "#5b4a8a",
        "color-foreground-primary": "#1c2329",
        "color-foreground-secondary": "#4a555e",
        "color-foreground-muted": "#56626c",
        "color-background-primary": "#ffffff",
        "color-background-secondary": "#f6f8f8",
        "color-background-border": "#dde4e6",
        "color-api-name": "#14607c",
        "color-api-pre-name": "#3d4a52",
        "color-code-background": "#f6f8f9",
    },
    "dark_css_variables": {
        "color-brand-primary": "#7fd0d8",
        "color-brand-content": "#84cfe6",
        "color-brand-visited": "#c3b5f0",
        "color-foreground-primary": "#dbe2e5",
        "color-foreground-secondary": "#a9b5bb",
        "color-foreground-muted": "#9aa7ae",
        "color-background-primary": "#14191c",
        "color-background-secondary": "#191f23",
        "color-background-border": "#2c363b",
        "color-api-name": "#84cfe6",
        "color-api-pre-name": "#b9c5ca",
        "color-code-background": "#0f1315",
    },
}
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
