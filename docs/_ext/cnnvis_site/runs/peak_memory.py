"""The most memory that this process has held since some moment, where the system can tell: Linux.

Memory is what is resident. Other systems know the peak since the process started alone.
"""

import ctypes
import gc
from pathlib import Path

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def start():
    """Start anew; return the megabytes held now, None where nobody can tell."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)  # what earlier work has freed goes back to the system
        RESET.write_text("5")
        return _megabytes("VmRSS")
    except (OSError, AttributeError, TypeError):
        return None


def above(before):
    """Return by how many megabytes the peak since `start`, which returned `before`, exceeds it."""
    return None if before is None else max(0.0, _megabytes("VmHWM") - before)


def _megabytes(field):
    lines = STATUS.read_text("ascii").splitlines()
    (value,) = (line.split()[1] for line in lines if line.startswith(f"{field}:"))
    return int(value) * 1024 / 1e6
