"""``explorer`` and ``explorer-widget``: a network, or one operation, that runs in the page.

They are made of the parts in cnnvis/explorer/web: the explorer of ``explorer.js`` and what that
imports, a widget of the part of its own name in ``widgets``. A page gets one classic script and one
style, joined from the parts that it needs, and the explorer's page also the network, exported from
the package at every build. Nothing is loaded by `fetch` or as a module, so the pages work when they
are opened from the disk, too. The content of a directive is what stands there without scripts.

The role ``explorer`` links to the explorer in some state: ``{explorer}`a five <digit=5>` ``.
"""

from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import ReferenceRole, SphinxDirective

from cnnvis_site.explorer import parts
from cnnvis_site.rebuild import page_dependencies

PAGE = "explorer/index.html"  # the explorer's
CODE = """
from cnnvis.explorer.export import export_network
from cnnvis.models.pretrained import load_pretrained
export_network(*load_pretrained({!r}))
"""


class explorer(nodes.General, nodes.Element):  # noqa: N801 (docutils names its nodes so)
    """Where a script builds: `entry` is its first part, `data` maps names of files to texts."""


class Explorer(SphinxDirective):
    """Show the network that the argument names; the content replaces it without scripts."""

    required_arguments = 1
    has_content = True

    def run(self):
        """Return the place, with the network that its page needs."""
        from cnnvis.explorer.export import export_network  # which waits for PyTorch
        from cnnvis.models.pretrained import load_pretrained

        name = self.arguments[0]
        page_dependencies.note(self.env, "code", CODE.format(name))
        network = export_network(*load_pretrained(name))
        data = {"explorer-network.js": f"window.cnnvisNetwork = {network};\n"}
        return [self.place("explorer.js", data=data)]

    def place(self, entry, widget="", data=None):
        """Return the place in which the script of a part builds."""
        folder = parts.folder(self.env)
        if not (folder / entry).is_file():
            raise self.error(f"There is no {entry} in cnnvis/explorer/web.")
        try:
            parts.join.find_parts([entry], folder)
        except parts.join.JoinError as error:
            raise ExtensionError(f"cnnvis/explorer/web: {error}") from error
        for file in (__file__, parts.__file__, parts.join.__file__):
            self.env.note_dependency(file)
        page_dependencies.note(self.env, "explorer", entry)
        content = self.parse_content_to_nodes()
        place = explorer("", *content, widget=widget, entry=entry, data=data or {})
        self.set_source_info(place)
        return place


class Widget(Explorer):
    """Show the widget that the argument names."""

    def run(self):
        """Return the place."""
        name = self.arguments[0]
        return [self.place(f"widgets/{name}.js", widget=name)]


class State(ReferenceRole):
    """A link to the explorer in the state that the target tells."""

    def run(self):
        """Return the link."""
        up = "../" * self.env.current_document.docname.count("/")
        address = f"{up}{PAGE}#{self.target}"
        return [nodes.reference(self.rawtext, self.title, refuri=address, internal=True)], []


def load(app, _pagename, _template, _context, doctree):
    """Write the files, and add them to the page that needs them."""
    places = list(doctree.findall(explorer)) if doctree is not None else []
    if not places:
        return
    files = {name: text for place in places for name, text in place["data"].items()}
    name = "-".join(["explorer", *sorted({place["widget"] for place in places} - {""})])
    entries, folder = sorted({place["entry"] for place in places}), parts.folder(app.env)
    files[f"{name}.js"] = parts.join.join_script(entries, folder)
    files[f"{name}.css"] = parts.join.join_style(entries, folder)
    static = Path(app.outdir, "_static")
    static.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (static / file).write_text(text, "utf-8")
        if file.endswith(".css"):
            app.add_css_file(file)
        else:
            app.add_js_file(file, loading_method="defer")


def visit_html(translator, node):
    """Open the place in which a script builds."""
    name = node["widget"]
    kind = f'class="ex-widget" data-widget="{name}"' if name else 'class="explorer"'
    translator.body.append(f"<div {kind}>\n")


def depart_html(translator, _node):
    """Close it."""
    translator.body.append("</div>\n")


def passed(_translator, _node):
    """In the book only the content stands."""


def setup(app):
    """Register the directives and the role."""
    app.add_node(explorer, html=(visit_html, depart_html), latex=(passed, passed))
    app.add_directive("explorer", Explorer)
    app.add_directive("explorer-widget", Widget)
    app.add_role("explorer", State())
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
