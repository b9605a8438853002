"""The package's face: its public names, and what importing it costs."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import cnnvis

PACKAGE = Path(cnnvis.__file__).parent
HEAVY = {"matplotlib.pyplot", "torchvision", "sklearn", "skimage", "scipy"}


def test_public_names_are_sorted_and_complete():
    found = {
        name
        for name, value in vars(cnnvis).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert cnnvis.__all__ == sorted(found)


def test_public_names_come_from_the_package_and_say_what_they_are():
    for name in cnnvis.__all__:
        value = getattr(cnnvis, name)
        assert value.__module__.startswith("cnnvis."), name
        assert value.__doc__, name
        assert getattr(sys.modules[value.__module__], name) is value


def test_what_is_public_is_what_a_user_calls():
    """Classes of results live in their modules: nobody makes them by hand."""
    assert 35 <= len(cnnvis.__all__) <= 46
    called = {"Augment", "DownloadError", "ImageSet", "PhotoCNN", "SmallCNN", "Source", "Spread"}
    classes = {name for name in cnnvis.__all__ if isinstance(getattr(cnnvis, name), type)}
    assert classes == called


def test_public_names_promised_by_the_design():
    promised = (
        "load ImageSet Source download capture SmallCNN fit evaluate layer_table mosaic rescale "
        "plot_maps plot_kernels plot_history plot_confusion plot_images save_figure"
    )
    assert set(promised.split()) <= set(cnnvis.__all__)


def test_the_version_is_one():
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc|\.dev)\d+)?", cnnvis.__version__)
    source = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    assert source.count("__version__ =") == 1


def test_importing_brings_nothing_heavy_along():
    code = f"import sys, cnnvis; print(*sorted({HEAVY!r} & set(sys.modules)))"
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
    result = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:cnnvis", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert result.stdout.split() == []
    assert result.stderr == ""
