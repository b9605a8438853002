"""Link types of signatures under the names by which their libraries document them."""

from sphinx import addnodes

NAMES = {
    "Axes": "matplotlib.axes.Axes",
    "Colormap": "matplotlib.colors.Colormap",
    "Figure": "matplotlib.figure.Figure",
    "Tensor": "torch.Tensor",
    "nn.Module": "torch.nn.Module",
    "torch.nn.modules.module.Module": "torch.nn.Module",
    "torch._C.Generator": "torch.Generator",
    "torch.optim.optimizer.Optimizer": "torch.optim.Optimizer",
}


def rename(_app, doctree):
    """Rename the targets of links in one page."""
    for link in doctree.findall(addnodes.pending_xref):
        link["reftarget"] = NAMES.get(link.get("reftarget"), link.get("reftarget"))


def setup(app):
    """Connect to the event after a page has been read."""
    app.connect("doctree-read", rename)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
