"""Figures of the tests: drawn without a window, closed after each, free of a user's style."""

import matplotlib
import pytest
import torch

matplotlib.use("Agg")
from matplotlib import pyplot as plt


@pytest.fixture(autouse=True)
def _no_figure_stays(monkeypatch):
    monkeypatch.delenv("CNNVIS_SITE_BUILD", raising=False)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        yield
    plt.close("all")


@pytest.fixture
def maps():
    """Ten maps of 4×6, all positive."""
    return torch.rand(10, 4, 6, generator=torch.Generator().manual_seed(0)) + 0.1
