"""Build the site twice from nothing, in folders of different names, and compare: reproduce.py [IN].

The two are left in the folder that the argument names, to be looked into; without it they go.

Both get the same ``SOURCE_DATE_EPOCH``, the moment of the last commit unless it is set. The sources
are those that git knows or would add; image sets are taken from where they are.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import compare_builds  # noqa: E402


def main():
    """Return the number of files that differ."""
    if len(sys.argv) > 1:
        return twice(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        return twice(Path(folder))


def twice(folder):
    """Build twice below a folder."""
    moment = os.environ.get("SOURCE_DATE_EPOCH") or asked("git", "log", "-1", "--format=%ct")
    trees = folder / "one", folder / "another folder" / "two"
    for tree in trees:
        copy(tree)  # both before the first is built, as someone may edit meanwhile
    for number, tree in enumerate(trees):
        print(f"building in {tree}", flush=True)
        build(tree, {"SOURCE_DATE_EPOCH": moment.strip(), "PYTHONHASHSEED": str(number + 1)})
    first, second = (tree / "docs" / "_build" / "html" for tree in trees)
    return compare_builds.report(first, second)


def copy(tree):
    """Copy the sources."""
    for name in asked("git", "ls-files", "-z", "-co", "--exclude-standard").split("\0"):
        if name and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)


def build(tree, settings):
    """Build the site as ``make site`` does."""
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "--keep-going", "-q", "-b", "html"]
    paths = {"CNNVIS_OFFLINE": "1", "PYTHONPATH": str(tree)}
    subprocess.run(  # noqa: S603
        [*command, "docs", "docs/_build/html"],
        cwd=tree,
        env=os.environ | paths | settings,
        check=True,
    )


def asked(*command):
    """Return what a command prints."""
    return subprocess.check_output(command, cwd=ROOT, text=True)  # noqa: S603


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
