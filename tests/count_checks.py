"""How many assertions hold of one page and of its download: count_checks.py [NAME] [--root FOLDER].

    python tests/count_checks.py plot_20_filters

Runs the tests of the built site whose names hold NAME, in the clone that ``--root`` names (this
one without it, so that two states can be compared), and counts every assertion that held, loops
included. With xdist the counts would stay in its processes, and so one process runs them all.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDERS = ("tests/gallery", "tests/site")

counts = Counter()


def pytest_assertion_pass(item):
    counts[item.nodeid.partition("::")[0]] += 1


def pytest_sessionfinish():
    Path(os.environ["CNNVIS_COUNTS"]).write_text(json.dumps(counts), "utf-8")


def counted(name, root, folder):
    """Return the assertions that held by file, and pytest's last line."""
    with tempfile.TemporaryDirectory() as scratch:
        kept = Path(scratch) / "counts.json"
        paths = os.pathsep.join([str(HERE), str(root)])
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", folder, "-k", name, "-q"),
                *("-p", "count_checks", "-p", "no:cacheprovider"),
                *("-o", "enable_assertion_pass_hook=true"),
            ],
            cwd=root,
            env=os.environ | {"PYTHONPATH": paths, "CNNVIS_COUNTS": str(kept)},
            capture_output=True,
            text=True,
        )
        return json.loads(kept.read_text("utf-8")), done.stdout.strip().splitlines()[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="?", default="plot_20_filters")
    parser.add_argument("--root", type=Path, default=HERE.parent)
    options = parser.parse_args()
    for folder in FOLDERS:
        found, last = counted(options.name, options.root.resolve(), folder)
        for file, number in sorted(found.items()):
            print(f"{number:6}  {file}")
        print(f"{sum(found.values()):6}  {folder}, {options.name}: {last}\n", flush=True)


if __name__ == "__main__":
    main()
