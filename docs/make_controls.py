"""Measure the controls: ``make controls``, or ``python docs/make_controls.py [NAME ...]``.

A control is a file in ``docs/controls``: what a tutorial shows of one training or one random start,
measured for several. Each number goes into ``cnnvis/controls``, for the real sets and for their
stand-ins, where pages read it by `cnnvis.load_controls`. Without names, those are measured whose
code has changed since.
"""

import importlib
import json
import os
import platform
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from importlib.metadata import version
from itertools import product
from multiprocessing import get_context
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "_ext"), str(HERE.parent)]

from cnnvis_site.rebuild.control_code import RESULTS, code_of, names, stale  # noqa: E402
from cnnvis_site.rebuild.files import write  # noqa: E402

PROCESSES = 2
LIBRARIES = ("torch", "torchvision", "numpy", "scikit-learn")


def main(wanted):
    """Measure and write the controls that are named, or those that are stale.

    Raises:
        SystemExit: A name is unknown, or a real set that is needed isn't there.
    """
    if unknown := set(wanted) - set(names()):
        raise SystemExit(f"There is no control {sorted(unknown)}; there are {names()}.")
    chosen = wanted or [name for name in names() if stale(name)]
    found = {name: {} for name in chosen}
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as empty:
        for state, folder in {"real": os.environ.get("CNNVIS_DATA"), "stand-ins": empty}.items():
            with tempfile.TemporaryDirectory() as scratch:
                for name, numbers in _measure(state, folder, scratch, chosen):
                    found[name][state] = numbers
    for name, numbers in found.items():
        _write(name, numbers)
    minutes = (time.perf_counter() - started) / 60
    print(f"{', '.join(chosen) or 'no control'}: measured in {minutes:.1f} minutes")


def _measure(state, folder, scratch, chosen):
    """Yield each control's numbers in one state of the sets."""
    facts = {name: importlib.import_module(f"controls.{name}") for name in chosen}
    facts = {name: one for name, one in facts.items() if one.SETS or state == "real"}
    pool = ProcessPoolExecutor(
        PROCESSES, get_context("spawn"), initializer=_begin, initargs=(folder, scratch)
    )
    with pool:
        sets = sorted({one for control in facts.values() for one in control.SETS})
        for one, is_stand_in in zip(sets, pool.map(_is_stand_in, sets), strict=True):
            if is_stand_in != (state == "stand-ins"):
                raise SystemExit(f"{one} isn't on this machine; download it by: make data")
        trainings = {
            (one, start)
            for control in facts.values()
            for one, start in product(getattr(control, "TRAINED", ()), control.STARTS)
        }
        list(pool.map(_train, sorted(trainings)))
        for name, control in facts.items():
            began, starts = time.perf_counter(), list(control.STARTS)
            rows = list(pool.map(_run, [name] * len(starts), starts))
            print(f"{name}, {state}: {time.perf_counter() - began:.0f} s", flush=True)
            yield name, {key: [_short(row[key]) for row in rows] for key in rows[0]}


def _begin(folder, scratch):
    os.environ |= {"CNNVIS_OFFLINE": "1", "CNNVIS_CONTROLS_SCRATCH": scratch, "MPLBACKEND": "agg"}
    if folder is not None:
        os.environ["CNNVIS_DATA"] = folder
    import torch

    torch.set_num_threads(1)


def _is_stand_in(name):
    from cnnvis import load

    return load(name, "test").source.is_stand_in


def _train(training):
    from controls import trained

    trained.train(*training)


def _run(name, start):
    os.chdir(tempfile.gettempdir())  # a page's functions may write figures
    return importlib.import_module(f"controls.{name}").measure(start)


def _short(number):
    return float(f"{float(number):.6g}")


def _write(name, numbers):
    control = importlib.import_module(f"controls.{name}")
    result = {
        "about": " ".join(control.__doc__.split("\n\n")[0].split()),
        "sets": list(control.SETS),
        "of": getattr(control, "OF", "starts"),
        "seeds": list(control.STARTS),
        "date": f"{date.today()}",
        "versions": {"python": platform.python_version()}
        | {library: version(library) for library in LIBRARIES},
        "code": code_of(name),
        "numbers": numbers,
    }
    write(RESULTS / f"{name}.json", json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
