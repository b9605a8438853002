"""The command line: ``python -m cnnvis download | train | maps``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cnnvis import DownloadError, __version__, download, load, load_pretrained
from cnnvis.cli import maps
from cnnvis.data.registry import SETS
from cnnvis.models.recipes import RECIPES, train_networks


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: What follows ``python -m cnnvis``; by default that of this process.

    Returns:
        The exit code: 0 if everything went well, 1 if something failed, 130 if interrupted.
    """
    parser = argparse.ArgumentParser(prog="python -m cnnvis", description="Tools around cnnvis.")
    parser.add_argument("--version", action="version", version=f"cnnvis {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_download(commands)
    _add_train(commands)
    _add_maps(commands)
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def _add_download(commands: argparse._SubParsersAction) -> None:
    about = "download image sets, unless they are already there"
    parser = commands.add_parser("download", help=about, description=about.capitalize() + ".")
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
    parser.set_defaults(run=_download)


def _add_maps(commands: argparse._SubParsersAction) -> None:
    about = "draw what the layers of a network make of a photo"
    parser = commands.add_parser("maps", help=about, description=about.capitalize() + ".")
    maps.add_options(parser)
    parser.set_defaults(run=maps.run)


def _name(text: str) -> str:
    if text != "all" and text not in SETS:
        raise argparse.ArgumentTypeError(
            f"NAME must be one of {', '.join(SETS)} or all; got {text}"
        )
    return text


def _download(options: argparse.Namespace) -> int:
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


def _add_train(commands: argparse._SubParsersAction) -> None:
    about = "train a shipped network again by its recipe; write NAME.safetensors and NAME.json"
    parser = commands.add_parser("train", help=about, description=about.capitalize() + ".")
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
    parser.set_defaults(run=_train)


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"N must be a whole number of at least 1; got {text}")
    return int(text)


def _train(options: argparse.Namespace) -> int:
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


if __name__ == "__main__":
    sys.exit(main())
