"""The state in which every tutorial starts."""

import matplotlib as mpl
import numpy as np
import torch
from cnnvis_site.figures import style


def test_every_tutorial_starts_in_the_same_state():
    with mpl.rc_context():
        style.reset({}, "plot_one.py")
        first = torch.rand(3), np.random.rand(3)  # noqa: NPY002
        style.reset({}, "plot_two.py")
        second = torch.rand(3), np.random.rand(3)  # noqa: NPY002
        assert mpl.rcParams["figure.facecolor"] == "white"
        assert mpl.rcParams["image.cmap"] in {"viridis", "cividis"}
        sizes = [v for k, v in style.STYLE.items() if k.endswith("size") and k != "figsize"]
        assert min(size for size in sizes if isinstance(size, int)) >= 10
    assert torch.equal(first[0], second[0])
    assert (first[1] == second[1]).all()
