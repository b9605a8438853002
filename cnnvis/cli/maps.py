"""The command ``maps``: the face of `layer_figure`, for a photo and the name of a network."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib.figure import Figure  # not pyplot's: it needs no window
from torch import Tensor

from cnnvis.arrays import Scale
from cnnvis.data.http import DownloadError
from cnnvis.data.image_files import read_image
from cnnvis.layers.receptive_fields import times
from cnnvis.layers.table import layer_table
from cnnvis.models.find_model import Network, find_network, first_convolution
from cnnvis.plots.layer_figure import layer_figure, panels_of
from cnnvis.plots.layer_panels import Channels, LayerPanel
from cnnvis.plots.save import write_figure

SUFFIXES = (".pdf", ".png", ".svg")
MOST_SIDE = 4096


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a parser the options of the command."""
    add = parser.add_argument
    add("photo", nargs="?", type=Path, metavar="PHOTO", help="an image file of any common kind")
    add(
        *("--model", "-m"),
        required=True,
        metavar="MODEL",
        help="a model of torchvision, as squeezenet1_1; mnist, fashion-mnist or cifar10; or a "
        "Python file of yours, as net.py or net.py:Net, which is run",
    )
    add(
        *("--layer", "-l"),
        action="append",
        metavar="NAME",
        help="a layer, as features.0; may be given several times (default: the first convolution)",
    )
    add("--list", action="store_true", help="print the table of layers and draw nothing")
    add("--kernels", action="store_true", help="draw the kernels of the layers, not their outputs")
    add(
        "--channels",
        type=_channels,
        default=16,
        metavar="WHICH",
        help="how many maps of each layer, those that vary most over the image (default: 16), or "
        "how many filters, the first ones; all; or numbers with commas, as 3,17 or 5,",
    )
    add(
        "--scale",
        type=_scale,
        default="layer",
        metavar="SCALE",
        help="what shares a scale of colours: layer, all maps of a layer (the default); map, each "
        "has its own, so that weak ones are seen; or two numbers for all layers, as 0,4 or =-1,1",
    )
    add(
        "--weights",
        metavar="WEIGHTS",
        help="the name of weights in torchvision (default: its best, downloaded once), none for "
        "random ones, or a file: a state_dict or .safetensors",
    )
    add("--seed", type=int, default=0, help="decides random weights (default: 0)")
    add(
        "--size",
        type=_size,
        metavar="SIZE",
        help="size that the image gets: one number for a square, or HEIGHTxWIDTH (default: the "
        "model's own, else 224)",
    )
    add("--mean", type=_numbers, metavar="MEAN", help="subtracted from 0 to 1, as 0.5 or 0.4,0.5,1")
    add("--std", type=_numbers, metavar="STD", help="what the difference is divided by")
    add("--invert", action="store_true", help="swap dark and bright: pen on paper for mnist")
    add(
        *("--output", "-o"),
        type=_output,
        default=Path("maps.png"),
        metavar="FILE",
        help="the figure, a .png, .svg or .pdf (default: maps.png); overwritten if it is there",
    )


def run(options: argparse.Namespace) -> int:
    """Do what the options say; a failure is one line, and the exit code 1.

    Args:
        options: What a parser with `add_options` has read.

    Returns:
        int: The exit code.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every console has every letter
    try:
        _check(options)
        network = find_network(options.model, options.weights, options.seed)
        network = network.adapted(options.size, options.mean, options.std)
        if options.list:
            print(layer_table(network.module, network.preprocess(_image(options, network))))
            return 0
        _draw(options, network)
    except (DownloadError, OSError, RuntimeError, TypeError, ValueError, MemoryError) as error:
        print(f"maps: {_one_line(error)}", file=sys.stderr, flush=True)
        return 1
    return 0


def _check(options: argparse.Namespace) -> None:
    """What can be refused before a model is built."""
    if options.photo is None and not (options.kernels or options.list):
        raise ValueError("maps are drawn of a PHOTO; give a file, or use --kernels or --list.")
    output = options.output
    if options.list:
        return
    if output.is_dir() or not output.parent.is_dir():
        problem = "is a folder" if output.is_dir() else f"{output.parent} is no folder"
        raise ValueError(f"the figure must go to a file in a folder that is there; {problem}.")
    places = [output.parent, output] if output.exists() else [output.parent]
    if not all(os.access(place, os.W_OK) for place in places):
        raise ValueError(f"the figure must go where one can write; {output} is no such place.")
    same = options.photo and output.exists() and options.photo.exists()
    if same and output.samefile(options.photo):
        raise ValueError(f"the figure must not overwrite the photo; both are {output}.")


def _draw(options: argparse.Namespace, network: Network) -> None:
    image = None if options.kernels else _image(options, network)
    title = about = _storable(f"{network.title} with {network.weights}")
    if image is not None:
        title = f"{_storable(options.photo.name)} in {about}"
    figure = layer_figure(
        network.module,
        options.layer or _default_layer(network),
        image,
        channels=options.channels,
        kernels=options.kernels,
        scale=options.scale,
        preprocess=network.preprocess,
        title=title,
        fig=Figure(),
    )
    panels, there = panels_of(figure), options.output.exists()
    what = ": kernels" if image is None else f"; {options.photo} as {times(image.shape)}"
    print(about + what)
    for panel in panels:
        print(f"{panel.heading.replace(chr(10), ': ')}: {_listed(panel.numbers)}")
    write_figure(figure, options.output, title, _description(title, panels))
    print(f"{options.output} {'overwritten' if there else 'written'}")


def _image(options: argparse.Namespace, network: Network) -> Tensor:
    """The image as the network gets it, but for the normalization; noise where there is none."""
    if options.photo is None:
        return torch.rand(1, network.channels, *network.crop)
    mode = "L" if network.channels == 1 else "RGB"
    image = read_image(options.photo, network.resize, mode)
    (height, width), (tall, wide) = network.crop, image.shape[2:]
    top, left = max(0, tall - height) // 2, max(0, wide - width) // 2
    image = image[:, :, top : top + height, left : left + width]
    return 1 - image if options.invert else image


def _default_layer(network: Network) -> str:
    name = first_convolution(network.module)
    if name is None:
        raise ValueError(
            f"{network.title} has no convolution to begin with; choose a layer with --layer, and "
            "--list shows which there are."
        )
    return name


def _channels(text: str) -> Channels:
    if text == "all":
        return "all"
    parts = [part for part in text.split(",") if part.strip()]
    if not parts or not all(part.strip().isdecimal() for part in parts):
        raise argparse.ArgumentTypeError(
            f"WHICH must be a number, all, or numbers with commas; got {text}"
        )
    numbers = tuple(int(part) for part in parts)
    if "," in text:
        return numbers
    if numbers[0] < 1:
        raise argparse.ArgumentTypeError(f"WHICH must be 1 or more maps; got {text}")
    return numbers[0]


def _scale(text: str) -> Scale:
    if text in ("map", "layer"):
        return text
    try:
        lowest, highest = (float(part) for part in text.split(","))
    except ValueError:
        lowest, highest = 1.0, 0.0
    if not -np.inf < lowest <= highest < np.inf:
        raise argparse.ArgumentTypeError(
            f"SCALE must be map, layer, or two numbers, the lower first; got {text}"
        )
    return lowest, highest


def _size(text: str) -> tuple[int, int]:
    sides = text.lower().replace("×", "x").split("x")
    if len(sides) > 2 or not all(side.isdecimal() for side in sides):
        raise argparse.ArgumentTypeError(f"SIZE must be as 224 or 240x320; got {text}")
    pair = int(sides[0]), int(sides[-1])
    if not 1 <= min(pair) <= max(pair) <= MOST_SIDE:
        raise argparse.ArgumentTypeError(f"SIZE must be 1 to {MOST_SIDE} pixels; got {text}")
    return pair


def _numbers(text: str) -> tuple[float, ...]:
    try:
        values = tuple(float(part) for part in text.split(","))
    except ValueError:
        values = ()
    if not values or not np.isfinite(values).all():
        raise argparse.ArgumentTypeError(f"give a number, or three with commas; got {text}")
    return values


def _output(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in SUFFIXES:
        raise argparse.ArgumentTypeError(f"FILE must end in .png, .svg or .pdf; got {text}")
    return path


def _description(title: str, panels: Sequence[LayerPanel]) -> str:
    found = "; ".join(
        f"{panel.layer or 'output'}: {len(panel.numbers)} drawn"
        + (f", {panel.blank} blank" if panel.blank else "")
        for panel in panels
    )
    return f"{title}. {found}."[:250]


def _storable(text: str) -> str:
    """A text without the halves of letters that stand for odd bytes in the names of files."""
    return text.encode("utf-8", "replace").decode()


def _one_line(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "this needs more memory than there is; choose a smaller --size."
    return " ".join(str(error).split()) or type(error).__name__


def _listed(items: Sequence[Any], most: int = 16) -> str:
    items = [str(item) for item in items]
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")
