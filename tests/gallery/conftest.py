"""What the built site hands out, and a Python in which only its wheel is installed.

The environment holds the libraries that the wheel itself asks for, with its extra ``tutorials``,
and nothing else of the environment that the tests run in. It has no network.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from email import message_from_bytes
from importlib.metadata import distribution, distributions
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytest.register_assert_rewrite("gallery.recogniser")

ROOT = Path(__file__).parents[2]
HTML = ROOT / "docs" / "_build" / "html"
NO_NETWORK = Path(__file__).with_name("no_network.py")
UNWANTED = re.compile(
    "CNNVIS_(?!DATA)|MPL|PIP_|JUPYTER|PYTHON(PATH|HOME)|.*DISPLAY$|VIRTUAL_ENV|.*_proxy",
    re.IGNORECASE,
)


@dataclass
class Environment:
    python: Path
    packages: Path


# -- what the site hands out -------------------------------------------------------------------


@pytest.fixture(scope="session")
def site():
    """The files that the site offers: `tutorials[name][suffix]`, `wheel` and `archive`."""
    files, pages = {}, {}
    for page in sorted(HTML.glob("tutorials/*/plot_*.html")):
        pages[page.stem] = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        links = [page.parent / unquote(a["href"]) for a in pages[page.stem].select("a.download")]
        files[page.stem] = {link.suffix: link.resolve() for link in links}
    wheels = list(HTML.glob("*.whl"))
    archive = HTML / "cnnvis-tutorials.zip"
    found = SimpleNamespace(html=HTML, tutorials=files, pages=pages, archive=archive)
    found.wheel = wheels[0] if len(wheels) == 1 else None
    why = outdated(found)
    if why:
        pytest.fail(f"{why}. These tests take what the built site offers: run `make site` first.")
    return found


@pytest.fixture
def why_not():
    return outdated


def outdated(found):
    """Return in what the site isn't made from these sources, or nothing."""
    if found.wheel is None or not found.archive.is_file():
        return f"{HTML} has no wheel or no archive"
    scripts = {script.stem: script for script in (ROOT / "gallery").glob("*/plot_*.py")}
    if set(scripts) != set(found.tutorials):
        return f"The site's tutorials are {sorted(found.tutorials)}"
    for name, script in scripts.items():
        served = found.tutorials[name].get(".py")
        if served is None or served.read_bytes() != script.read_bytes():
            return f"The site's {script.name} isn't the one in gallery/"
    with ZipFile(found.wheel) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("cnnvis/")}
        ours = (path for path in ROOT.glob("cnnvis/**/*") if path.is_file())
        here = {path.relative_to(ROOT).as_posix(): path for path in ours if path.suffix != ".pyc"}
        if packed != set(here):
            return f"The site's wheel lacks or adds {sorted(packed ^ set(here))}"
        for name, path in here.items():
            if wheel.read(name) != path.read_bytes():
                return f"The {name} in the site's wheel isn't the one in cnnvis/"
    return ""


# -- an environment of one's own ---------------------------------------------------------------


def requirements(wheel):
    """Return what a wheel asks for, with its extra ``tutorials``."""
    with ZipFile(wheel) as content:
        name = next(name for name in content.namelist() if name.endswith(".dist-info/METADATA"))
        lines = message_from_bytes(content.read(name)).get_all("Requires-Dist")
    return wanted(lines, {"tutorials"})


def wanted(lines, extras):
    found = map(Requirement, lines)
    return [
        one
        for one in found
        if not one.marker or any(one.marker.evaluate({"extra": name}) for name in {"", *extras})
    ]


def closure(first):
    """Return the names of the distributions that requirements lead to, among those installed."""
    extras, waiting = {}, list(first)
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name not in extras or not one.extras <= extras[name]:
            extras[name] = extras.get(name, set()) | one.extras
            waiting += wanted(distribution(name).requires or [], extras[name])
    return set(extras)


def link(names, folder):
    """Fill a folder with the installed distributions of these names, and nothing else."""
    installed = {canonicalize_name(one.name): one for one in distributions()}
    owners = {}
    for name, one in installed.items():
        for file in one.files or ():
            owners.setdefault(file.parts[0], set()).add(name)
    folder.mkdir()
    for name in names:
        for file in installed[name].files:
            top = file.parts[0]
            if top in {"..", "__pycache__"} or top.endswith(".pth"):
                continue
            depth = 1 if owners[top] <= names else 2  # others share the folder
            place = folder.joinpath(*file.parts[:depth])
            if not place.exists():
                place.parent.mkdir(exist_ok=True)
                _link(Path(installed[name].locate_file("")).joinpath(*file.parts[:depth]), place)


def _link(source, place):
    try:
        place.symlink_to(source, target_is_directory=source.is_dir())
    except OSError:  # Windows allows it to some only
        shutil.copytree(source, place) if source.is_dir() else shutil.copyfile(source, place)


def make_environment(folder, *libraries):
    """Make a virtual environment that sees these folders, and no network."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    base = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", "venv", base))
    shutil.copyfile(NO_NETWORK, packages / NO_NETWORK.name)
    lines = [*map(str, libraries), "import no_network"]
    (packages / "libraries.pth").write_text("\n".join(lines) + "\n", "utf-8")
    return Environment(python, packages)


@pytest.fixture(scope="session")
def libraries(site, tmp_path_factory):
    """A folder with what the wheel asks for."""
    folder = tmp_path_factory.mktemp("libraries") / "tutorials"
    link(closure(requirements(site.wheel)), folder)
    return folder


@pytest.fixture(scope="session")
def clean(site, libraries, tmp_path_factory):
    """The environment of a reader who has installed the site's wheel."""
    environment = make_environment(tmp_path_factory.mktemp("reader") / "environment", libraries)
    pip = [sys.executable, "-m", "pip", "--python", environment.python, "install", "--quiet"]
    subprocess.run([*pip, "--no-index", f"{site.wheel}[tutorials]"], check=True)
    return environment


@pytest.fixture(scope="session")
def make_jupyter(libraries, tmp_path_factory):
    """A function that makes an environment with a kernel and pip, but without the wheel."""
    more = tmp_path_factory.mktemp("libraries") / "jupyter"
    link(closure([Requirement("ipykernel"), Requirement("pip")]), more)
    return lambda folder: make_environment(folder, libraries, more)


@pytest.fixture(scope="session")
def python(clean):
    return clean.python


def variables(home):
    """Return variables of the environment: no display, no source tree, a cache without sets."""
    home.mkdir(parents=True)
    kept = {key: value for key, value in os.environ.items() if not UNWANTED.match(key)}
    if sys.platform != "linux":
        kept["MPLBACKEND"] = "agg"  # elsewhere there is always a display
    kept |= dict.fromkeys(("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(home))
    return kept | {"OMP_NUM_THREADS": "1", "PIP_NO_INDEX": "1"}


@pytest.fixture
def environment(tmp_path):
    return variables(tmp_path / "home")


# -- running in it -----------------------------------------------------------------------------

EXECUTE = """
import sys
import nbclient
import nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
client = nbclient.NotebookClient(notebook, timeout=600, kernel_name="reader")
client.allow_errors = "fails" in sys.argv[2:]
client.execute()
nbformat.write(notebook, sys.argv[1])
"""


def call(command, folder, environment):
    """Run a command, which has to succeed."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return SimpleNamespace(folder=folder, output=done.stdout, errors=done.stderr)


@pytest.fixture(scope="session")
def reader(site, clean, make_jupyter):
    """What one needs to run downloads as a reader does."""

    def execute(notebook, place, environment, fails=False):
        """Execute a notebook where the wheel isn't installed yet, by its first cell."""
        jupyter = make_jupyter(place)
        assert not (jupyter.packages / "cnnvis").exists()
        start = [str(jupyter.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        kernel = json.dumps({"argv": start, "display_name": "reader", "language": "python"})
        (place / "kernels" / "reader").mkdir(parents=True)
        (place / "kernels" / "reader" / "kernel.json").write_text(kernel, "utf-8")
        command = [sys.executable, "-c", EXECUTE, notebook.name, *["fails"] * fails]
        done = call(command, notebook.parent, environment | {"JUPYTER_PATH": str(place)})
        done.installed = (jupyter.packages / "cnnvis" / "__init__.py").is_file()
        return done

    facts = {"wheel": site.wheel, "clean": clean, "variables_at": variables}
    return SimpleNamespace(call=call, execute=execute, **facts)
