"""The recogniser of bikes and cars from other seeds: another split, start and order."""

import os
import tempfile
from collections import defaultdict
from unittest import mock

from cnnvis_site.rebuild.control_code import GALLERY

from cnnvis import Spread

SETS = ()  # the program draws its images
STARTS = range(5)
OF = "trainings"


def measure(start: int) -> dict[str, float]:
    """Run the whole tutorial, and take the numbers that it compares."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        page = run_of("5_recogniser/plot_10_bikes_and_cars.py", start)
        os.chdir(tempfile.gettempdir())
    numbers = {
        "accuracy, network": page["accuracy"],
        "accuracy, linear model": page["linear_accuracy"],
        "doubt, darkest quarter less the rest": page["darker_doubt"],
    }
    for name, (correlation, _, more) in page["table"].items():
        numbers[f"rank correlation of strength and loss, {name}"] = correlation
        numbers[f"half off, together less one by one, {name}"] = more.mean
    for change, share in page["shares"].items():
        numbers[f"accuracy, {change}"] = share
    return numbers | {"commonest answer, lower half covered": page["given"]["lower half covered"]}


def run_of(script: str, seed: int) -> dict[str, object]:
    """Run a tutorial from another seed, without what it asserts of its own; return its names."""
    path = GALLERY / script
    before, seeded, after = path.read_text("utf-8").partition("\nseed = 0\n")
    if not seeded:
        raise ValueError(f"{script} must set `seed = 0`; it doesn't.")
    code = compile(f"{before}\nseed = {seed}\n{after}", str(path), "exec", optimize=1)
    found, none = {"__name__": path.stem}, defaultdict(lambda: Spread((0, 1)))
    with mock.patch("cnnvis.load_controls", return_value=none):
        exec(code, found)  # noqa: S102
    return found
