"""``explorer`` and ``explorer-widget``: a network, or one operation, that runs in the page.

They are made of the parts in docs/explorer. Those in ``shared`` belong to all; to the explorer
belongs what lies beside that folder, and to a widget ``widgets/board`` and the part of its own
name. A page gets one classic script and one style, put together from the parts that it needs, and
the explorer's page also the network, exported from the package at every build. Nothing is loaded by
`fetch` or as a module, so the pages work when they are opened from the disk, too. The content of a
directive is what stands there without scripts.

The role ``explorer`` links to the explorer in some state: ``{explorer}`a five <digit=5>` ``.
"""

from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import ReferenceRole, SphinxDirective

from cnnvis_site.explorer.parts import FOLDER, HEAD, find_parts, join
from cnnvis_site.rebuild import page_dependencies


class explorer(nodes.General, nodes.Element):  # noqa: N801 (docutils names its nodes so)
    """Where a script builds: `parts` and `data` map the names of files to texts."""


class Explorer(SphinxDirective):
    """Show the network that the argument names; the content replaces it without scripts."""

    required_arguments = 1
    has_content = True

    def run(self):
        """Return the place, which carries the files that its page needs."""
        from cnnvis.explorer import export  # which waits for PyTorch
        from cnnvis.models.pretrained import load_pretrained

        name = self.arguments[0]
        code = Path(export.__file__).read_text("utf-8")
        load = f"from cnnvis.models.pretrained import load_pretrained\nload_pretrained({name!r})\n"
        page_dependencies.note(self.env, "code", f"{code}\n{load}")
        text = export.network_text(*load_pretrained(name))
        network = f"window.cnnvisNetwork = {text};\n"
        return [self.place("", ["*"], {"explorer-network.js": network})]

    def place(self, widget, patterns, data):
        """Return the place of a widget, or of the explorer, with the parts of the patterns."""
        patterns = ["shared/*", *patterns]
        parts = find_parts(self.env.srcdir, patterns)
        if not any(part.endswith(".js") for part in find_parts(self.env.srcdir, patterns[-1:])):
            raise self.error(f"docs/{FOLDER}/{patterns[-1]} has no script for this.")
        self.env.note_dependency(__file__)
        page_dependencies.note(self.env, "explorer", tuple(patterns))
        content = self.parse_content_to_nodes()
        place = explorer("", *content, widget=widget, parts=parts, data=data)
        self.set_source_info(place)
        return place


class Widget(Explorer):
    """Show the widget that the argument names."""

    def run(self):
        """Return the place, which carries the files that its page needs."""
        name = self.arguments[0]
        return [self.place(name, ["widgets/board.*", f"widgets/{name}.*"], {})]


class State(ReferenceRole):
    """A link to the explorer in the state that the target tells."""

    def run(self):
        """Return the link."""
        up = "../" * self.env.current_document.docname.count("/")
        address = f"{up}{FOLDER}/index.html#{self.target}"
        return [nodes.reference(self.rawtext, self.title, refuri=address, internal=True)], []


def load(app, _pagename, _template, _context, doctree):
    """Write the files, and add them to the page that needs them."""
    places = list(doctree.findall(explorer)) if doctree is not None else []
    if not places:
        return
    parts, files = {}, {}
    for place in places:
        parts |= place["parts"]
        files |= place["data"]
    name = "-".join(["explorer", *sorted({place["widget"] for place in places} - {""})])
    files[f"{name}.js"] = join(text for part, text in parts.items() if part.endswith(".js"))
    styles = (text for part, text in parts.items() if part.endswith(".css"))
    files[f"{name}.css"] = HEAD + "\n".join(styles)
    folder = Path(app.outdir, "_static")
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text, "utf-8")
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
