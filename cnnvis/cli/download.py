"""The command ``download``: the face of `download`."""

import argparse
import sys
from pathlib import Path

from cnnvis.data.http import DownloadError
from cnnvis.data.loading import download
from cnnvis.data.registry import SETS


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    parser.add_argument(
        "names",
        nargs="*",
        type=_name,
        metavar="NAME",
        help=f"{', '.join(SETS)} or all (the default)",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="DIR",
        help="where they shall lie (default: CNNVIS_DATA, else the cache folder)",
    )


def run(options: argparse.Namespace) -> int:
    """Do what the options say; the failure of a set is one line, and the exit code 1.

    Args:
        options: What a parser with `add_options` has read.

    Returns:
        int: The exit code.
    """
    everything = not options.names or "all" in options.names
    names = SETS if everything else dict.fromkeys(options.names)
    failed = False
    for name in names:
        try:
            print(f"{name}: {download(name, options.folder)}", flush=True)
        except (DownloadError, ValueError) as error:
            print(f"{name}: {error}", file=sys.stderr, flush=True)
            failed = True
    return int(failed)


def _name(text: str) -> str:
    if text != "all" and text not in SETS:
        raise argparse.ArgumentTypeError(
            f"NAME must be one of {', '.join(SETS)} or all; got {text}"
        )
    return text
