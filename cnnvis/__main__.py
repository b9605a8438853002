"""The command line: ``python -m cnnvis download [NAME ...] [--folder DIR]``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cnnvis import DownloadError, __version__, download
from cnnvis.sets import SETS


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


if __name__ == "__main__":
    sys.exit(main())
