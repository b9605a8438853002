"""The buttons of a tutorial's page.

sphinx-gallery puts a note above the title and three links at the end. In their place come two
buttons, and a third where the notebooks also lie on GitHub, from where Colab can open them.
"""

import os
import re

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ConfigError

from cnnvis_site.downloads import stage

COLAB = "https://colab.research.google.com/github/{0}/blob/{1}/{2}"
RUN_IT = "Run it yourself"


def colab_branch():
    """Return repository and branch of the published notebooks, or nothing.

    Colab opens notebooks on GitHub alone, and they install the wheel from the site: it takes both
    ``CNNVIS_NOTEBOOKS``, as ``owner/repository/branch``, and the site's address.

    Raises:
        ConfigError: The variable names no branch of a repository.
    """
    place = os.environ.get("CNNVIS_NOTEBOOKS", "").strip()
    if not place or not stage.site_address():
        return None
    if not re.fullmatch(r"[\w.-]+/[\w.-]+/[\w.-]+", place):
        raise ConfigError(
            f"CNNVIS_NOTEBOOKS names a branch as owner/repository/branch; it is {place!r}. "
            "Name a branch without a slash, or unset it if the notebooks are on no branch."
        )
    owner, repository, branch = place.split("/")
    return f"{owner}/{repository}", branch


def dress(app, doctree):
    """Put the buttons on a page just read; Sphinx collects its downloads after that, at 500."""
    footers = list(doctree.findall(_is("sphx-glr-footer-example")))
    if app.builder.format != "html" or not footers:
        return
    for note in list(doctree.findall(_is("sphx-glr-download-link-note"))):
        note.parent.parent.remove(note.parent)  # with the `only` around it
    page = app.env.current_document.docname
    title = next(iter(doctree.findall(nodes.title)))
    title.parent.insert(title.parent.index(title) + 1, buttons(page, app.config.colab_branch))
    footers[0].children.clear()
    footers[0]["classes"] = ["tutorial-footer"]
    footers[0] += [*_advice(page), buttons(page, app.config.colab_branch)]


def buttons(page, branch):
    """Return the buttons of a tutorial; `branch` is what `colab_branch` returns."""
    part, name = page.split("/")[-2:]
    row = nodes.container(classes=["tutorial-downloads"])
    for suffix in (".py", ".ipynb"):
        words = nodes.inline("", f"Download {name}{suffix}")
        target = f"/{stage.FOLDER}/{part}/{name}{suffix}"
        row += nodes.paragraph("", "", _download(target, words, page))
    if branch:
        address = COLAB.format(*branch, f"{part}/{name}.ipynb")
        link = nodes.reference("", "Open this notebook in Colab", refuri=address, internal=False)
        row += nodes.paragraph("", "", link)
    return row


def _download(target, words, page):
    kind = {"refdomain": "", "reftype": "download", "refexplicit": True, "refwarn": False}
    return addnodes.download_reference("", "", words, refdoc=page, reftarget=target, **kind)


def _advice(page):
    """Say what the files are good for."""
    link = addnodes.pending_xref(
        "",
        nodes.inline("", "The page of downloads"),
        refdomain="std",
        reftype="doc",
        reftarget="/downloads",
        refdoc=page,
        refexplicit=True,
        refwarn=True,
    )
    text = (
        "Script and notebook hold all of this page. Both run on a laptop, without a graphics card "
        "and without the internet, once the package is installed. "
    )
    end = nodes.Text(" has the package, and all tutorials in one archive.")
    yield nodes.rubric("", RUN_IT)
    yield nodes.paragraph("", "", nodes.Text(text), link, end)


def _is(name):
    """Return a test for elements of a class."""
    return lambda node: isinstance(node, nodes.Element) and name in node.get("classes", [])


def setup(app):
    """Connect before Sphinx collects the downloads of a page."""
    app.add_config_value("colab_branch", colab_branch(), "env")
    app.connect("doctree-read", dress, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
