"""Signatures link to other libraries by the names that their inventories have."""

from small_site import DOCS
from sphinx.util.inventory import InventoryFile


def test_inventories_can_be_read_and_hold_what_we_link_to():

    names = set()
    for file in (DOCS / "_inventories").iterdir():
        data = InventoryFile.loads(file.read_bytes(), uri="https://example.org").data
        names |= {name for kind in data.values() for name in kind}
    assert {"pathlib.Path", "torch.nn.Conv2d", "torch.Tensor", "matplotlib.axes.Axes"} <= names
