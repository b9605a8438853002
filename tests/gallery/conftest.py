"""A Python in which only the built wheel of the package can be imported, not the source tree."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def python(wheel, tmp_path_factory):
    """Path of the interpreter of an environment that holds the wheel and borrows its libraries."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    program = scripts / ("python.exe" if os.name == "nt" else "python")
    site_packages = Path(
        subprocess.check_output(
            [program, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
        ).strip()
    )
    # A folder named in a .pth file is searched, but its own .pth files aren't: the editable
    # install of the source tree stays out of sight.
    (site_packages / "libraries.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", site_packages, wheel], check=True)
    return program


@pytest.fixture
def environment(tmp_path):
    """Environment variables without display and network, with a cache that holds no sets."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("CNNVIS_SITE")}
    home = tmp_path / "home"
    home.mkdir()
    return kept | {
        "MPLBACKEND": "agg",
        "CNNVIS_OFFLINE": "1",
        "PYTHONPATH": "",
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home),
        "LOCALAPPDATA": str(home),
    }
