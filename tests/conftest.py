"""The order of all tests, and how long they will still take."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import progress


def pytest_configure(config):
    """Put the longest tests first, and say how long they will still take."""
    progress.register(config)
