"""The command line: ``python -m cnnvis download | train | maps``."""

import argparse
import sys
from collections.abc import Sequence

from cnnvis import __version__
from cnnvis.cli import download, maps, train

COMMANDS = {
    "download": (download, "download image sets, unless they are already there"),
    "train": (
        train,
        "train a shipped network again by its recipe; write NAME.safetensors and NAME.json",
    ),
    "maps": (maps, "draw what the layers of a network make of a photo"),
}


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
    for name, (command, about) in COMMANDS.items():
        one = commands.add_parser(name, help=about, description=about.capitalize() + ".")
        command.add_options(one)
        one.set_defaults(run=command.run)
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
