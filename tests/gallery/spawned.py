"""Run a script in a child that was spawned, as Windows and macOS start them: name it after me."""

import multiprocessing
import runpy
import sys


def work(script):
    """Run as the main module, from which whatever the script starts is spawned too."""
    multiprocessing.set_start_method("spawn", force=True)
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    child = multiprocessing.get_context("spawn").Process(target=work, args=sys.argv[1:])
    child.start()
    child.join()
    sys.exit(child.exitcode)
