"""The numbers that a figure draws, folded away below it, as tables that can be read out.

``tables.py`` writes them when the figure is made. Books and other formats go without.
"""

from html import escape

from docutils import nodes


class number_tables(nodes.General, nodes.Element):  # noqa: N801 (docutils names its nodes so)
    """The `tables` of the figure named `label`."""


def leave_out(app, doctree, _docname):
    """Remove the tables where nothing can be folded away."""
    if app.builder.format != "html":
        for node in list(doctree.findall(number_tables)):
            node.parent.remove(node)


def visit_html(translator, node):
    """Write a `details` element with all tables; its name differs from figure to figure."""
    name = escape(node["label"].replace("_", " "))
    tables = "\n".join(
        _table(f"numbers-{escape(node['label'])}-{number}", **table)
        for number, table in enumerate(node["tables"])
    )
    translator.body.append(
        '<details class="figure-numbers"><summary>The numbers in this figure'
        f'<span class="visually-hidden">: {name}</span></summary>\n{tables}\n</details>\n'
    )


def _table(name, caption, head, rows):
    # a caption would be as wide as its table: cut beside a wide one, a column above a narrow one
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{escape(value)}</td>" for value in values)
        + "</tr>"
        for name, *values in rows
    )
    return (
        f'<p id="{name}">{escape(caption)}</p>\n'
        f'<div class="table-wrapper"><table aria-labelledby="{name}">\n'
        f"<thead><tr>{top}</tr></thead>\n<tbody>{lines}</tbody></table></div>"
    )


def setup(app):
    """Register the node."""
    app.add_node(number_tables, html=(visit_html, lambda *_: None))
    app.connect("doctree-resolved", leave_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
