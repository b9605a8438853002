"""Fixtures: small image sets and the server that hands them out."""

import pytest
from package.served_sets import (
    cache,
    cifar,
    fashion,
    make_server,
    mnist,
    no_network,
    server,
)

__all__ = ["cache", "cifar", "fashion", "make_server", "mnist", "no_network", "server"]


@pytest.fixture(autouse=True)
def no_sets(request, monkeypatch, tmp_path_factory):
    """Only tests that are marked for it see the image sets of this machine."""
    if not request.node.get_closest_marker("data"):
        folder = tmp_path_factory.getbasetemp() / "no sets"
        folder.mkdir(exist_ok=True)
        monkeypatch.setenv("CNNVIS_DATA", str(folder))
