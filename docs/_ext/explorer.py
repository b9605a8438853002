"""``explorer``: a network that runs in the page, exported from the package at every build.

The directive stands on a page whose folder holds the parts of one classic script, ``*.js`` in the
order of their names, and its style, ``explorer.css``. The page alone gets both, and the network as
a third file. Its content is what stands there without scripts. Nothing is loaded by `fetch` or as
a module, so the page also works when it is opened from the disk.
"""

import base64
import json
from pathlib import Path

import module_use
import numpy as np
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

HEAD = "// Put together from docs/explorer/*.js when the site is built.\n"
LEVELS = 15  # shades between black and white that a drawing can have


class explorer(nodes.General, nodes.Element):  # noqa: N801 (docutils names its nodes so)
    """Where the script builds the explorer; `files` maps names to texts."""


class Explorer(SphinxDirective):
    """Show the network that the argument names; the content replaces it without scripts."""

    required_arguments = 1
    has_content = True

    def run(self):
        """Return the place, which carries the files that its page needs."""
        folder = Path(self.env.relfn2path("explorer.css")[1]).parent
        parts = sorted(folder.glob("*.js"))
        if not parts or not (folder / "explorer.css").is_file():
            raise self.error(f"{folder.name} has to hold the script's parts and explorer.css.")
        package = Path(self.env.srcdir, self.config.freshness_package).resolve()
        used = module_use.files_used(__file__, package)
        for file in (*parts, folder / "explorer.css", Path(__file__), *used):
            self.env.note_dependency(str(file))
        self.env.note_dependency(str(folder))  # a part that is added or taken away
        files = {
            "explorer-network.js": f"window.cnnvisNetwork = {network_text(self.arguments[0])};\n",
            "explorer.js": join(file.read_text("utf-8") for file in parts),
            "explorer.css": (folder / "explorer.css").read_text("utf-8"),
        }
        place = explorer("", *self.parse_content_to_nodes(), files=files)
        self.set_source_info(place)
        return [place]


def join(parts):
    """Put the parts of a script into one function, so that their names stay among themselves."""
    body = "\n".join(part.removeprefix('"use strict";\n').strip() + "\n" for part in parts)
    return f'{HEAD}"use strict";\n(() => {{\n{body}}})();\n'


def network_text(name):
    """A shipped network as JSON: its layers, its weights in half precision, some digits."""
    from cnnvis import pretrained  # here, since a build that changes no page needs no PyTorch

    network, card = pretrained.load_pretrained(name)
    weights = pretrained.half(network)
    facts = {
        "name": card.name,
        "classes": card.classes,
        "size": 28,
        "layers": [[layer, type(module).__name__] for layer, module in network.named_children()],
        "shapes": {key: list(value.shape) for key, value in weights.items()},
        "weights": _packed(np.concatenate([value.numpy().ravel() for value in weights.values()])),
        "levels": LEVELS,
        "digits": _digits(network),
    }
    return json.dumps(facts, separators=(",", ":"))


def _packed(values):
    """Base64 of half-precision numbers, little-endian; all first bytes, then all second ones.

    Apart, the bytes that hold signs and exponents compress better.
    """
    pairs = values.astype("<f2").view(np.uint8).reshape(-1, 2)
    return base64.b64encode(pairs.T.tobytes()).decode()


def _digits(network):
    """One handwritten digit of each class that the network names rightly, two pixels a byte."""
    import torch

    from cnnvis.standins.digits import digits

    pictures, labels, classes = digits("test")
    shades = (pictures.float() / 255 * LEVELS).round()
    with torch.no_grad():
        likely = torch.softmax(network(shades / LEVELS), 1)
    found = []
    for label in range(len(classes)):
        sure = torch.where(labels == label, likely[:, label], 0)
        flat = shades[sure.argmax()].numpy().astype(np.uint8).reshape(-1, 2)
        found.append(base64.b64encode((flat[:, 0] * 16 + flat[:, 1]).tobytes()).decode())
    return found


def load(app, _pagename, _template, _context, doctree):
    """Write the files, and add them to the page that needs them."""
    place = next(doctree.findall(explorer), None) if doctree is not None else None
    if place is None:
        return
    folder = Path(app.outdir, "_static")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in place["files"].items():
        (folder / name).write_text(text, "utf-8")
        if name.endswith(".css"):
            app.add_css_file(name)
        else:
            app.add_js_file(name, loading_method="defer")


def visit_html(translator, _node):
    """Open the place in which the script builds."""
    translator.body.append('<div class="explorer">\n')


def depart_html(translator, _node):
    """Close it."""
    translator.body.append("</div>\n")


def passed(_translator, _node):
    """In the book only the content stands."""


def setup(app):
    """Register the directive."""
    app.add_node(explorer, html=(visit_html, depart_html), latex=(passed, passed))
    app.add_directive("explorer", Explorer)
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
