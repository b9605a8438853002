"""The command ``train``: the face of `train_networks`."""

import argparse
import sys
from pathlib import Path

from cnnvis.data.http import DownloadError
from cnnvis.data.loading import load
from cnnvis.models.pretrained import load_pretrained
from cnnvis.models.recipes import RECIPES, train_networks


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    parser.add_argument("name", choices=list(RECIPES), metavar="NAME", help=", ".join(RECIPES))
    parser.add_argument(
        "--runs",
        type=_positive,
        default=1,
        metavar="N",
        help="train N times, with the seeds 0 to N - 1, for the spread; seed 0 is written",
    )
    parser.add_argument("--epochs", type=_positive, metavar="N", help="in place of the recipe's")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="where the files go (default: the current folder)",
    )


def run(options: argparse.Namespace) -> int:
    """Do what the options say; a failure is one line, and the exit code 1.

    Args:
        options: What a parser with `add_options` has read.

    Returns:
        int: The exit code.
    """
    try:
        options.folder.mkdir(parents=True, exist_ok=True)  # before the work, not after it
        sets = [load(options.name, split, download=True) for split in ("train", "test")]
        path = train_networks(
            options.name,
            *sets,
            seeds=range(options.runs),
            epochs=options.epochs,
            folder=options.folder,
        )
    except (DownloadError, OSError, ValueError, FloatingPointError) as error:
        print(f"{options.name}: {error}", file=sys.stderr, flush=True)
        return 1
    print(load_pretrained(options.name, options.folder).card)
    print(f"written: {path} and {path.with_suffix('.safetensors').name}", flush=True)
    return 0


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"N must be a whole number of at least 1; got {text}")
    return int(text)
