"""Below each function and class of the API, links to the tutorials that use it."""

import json
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective


class UsedIn(SphinxDirective):
    """List the tutorials that use a public name; nothing if none does."""

    required_arguments = 1

    def run(self):
        """Return one paragraph of links."""
        conf = self.config.sphinx_gallery_conf
        file = Path(self.env.srcdir, conf["backreferences_dir"], "backreferences_all.json")
        if not file.exists():
            return []
        self.env.note_dependency(str(file))
        uses = json.loads(file.read_text("utf-8")).get(self.arguments[0], [])
        links = []
        for script, _source, folder, _intro, title in sorted(
            uses, key=lambda use: (use[2], use[0])
        ):
            doc = Path(folder, script).relative_to(self.env.srcdir).with_suffix("").as_posix()
            links += [nodes.Text(" · "), self._link("/" + doc, title)]
        if not links:
            return []
        label = nodes.strong("", "Used in")
        return [nodes.paragraph("", "", label, nodes.Text(" "), *links[1:], classes=["used-in"])]

    def _link(self, target, title):
        link = addnodes.pending_xref(
            "",
            nodes.inline("", title),
            refdomain="std",
            reftype="doc",
            reftarget=target,
            refdoc=self.env.current_document.docname,
            refexplicit=True,
            refwarn=True,
        )
        self.set_source_info(link)
        return link


def append(_app, what, name, _obj, _options, lines):
    """Add the directive to a docstring."""
    if what in {"function", "class"}:
        lines += ["", f".. used-in:: {name}", ""]


def setup(app):
    """Register the directive and add it to what autodoc writes."""
    app.setup_extension("sphinx.ext.autodoc")
    app.add_directive("used-in", UsedIn)
    app.connect("autodoc-process-docstring", append, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
