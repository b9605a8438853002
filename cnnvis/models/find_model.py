"""Find a network by name or in a file, with its weights and the preparation that it expects."""

import difflib
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import torch
from torch import Tensor, nn

from cnnvis.atomic import checksum, workshop
from cnnvis.data.http import DownloadError, fetch_file, is_offline
from cnnvis.models.checkpoints import SUFFIXES, load_checkpoint
from cnnvis.models.pretrained import load_pretrained
from cnnvis.models.user_models import file_and_name, load_user_model

IMAGE_SIDES = {"mnist": 28, "fashion-mnist": 28, "cifar10": 32}  # networks in the package
SIDE = 224  # where nothing better is known
MAX_WEIGHTS = 4 * 1024**3
# Parts of torchvision's registry that take something else than one image.
_OTHER_INPUT = {"video": "films", "optical_flow": "pairs of images"}


@dataclass(frozen=True, eq=False)
class Network:
    """A network in evaluation mode, and how to prepare an image for it.

    Attributes:
        module: The network.
        title: What to call it.
        weights: Where its weights come from, as words that follow "with".
        channels: Channels of its input, 1 or 3.
        resize: Height and width that the image gets.
        crop: Height and width of the middle that is kept of this.
        mean: Subtracted from values that lie between 0 and 1, for each channel.
        std: What the difference is divided by, for each channel.
    """

    module: nn.Module
    title: str
    weights: str
    channels: int
    resize: tuple[int, int] = (SIDE, SIDE)
    crop: tuple[int, int] = (SIDE, SIDE)
    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)

    def preprocess(self, images: Tensor) -> Tensor:
        """Images (N, C, H, W) of values from 0 to 1, normalized as the network expects them."""
        mean, std = (images.new_tensor(one).reshape(1, -1, 1, 1) for one in (self.mean, self.std))
        return (images - mean) / std

    def adapted(self, size=None, mean=None, std=None) -> "Network":
        """The same network with another preparation, where one is given.

        Raises:
            ValueError: If there are neither one number nor one for each channel, or a ``std`` isn't
                positive.
        """
        for name, values in (("mean", mean), ("std", std)):
            if values is not None and len(values) not in (1, self.channels):
                raise ValueError(
                    f"{name} must be one number, or one for each of the {self.channels} channels "
                    f"that {self.title} takes; got {len(values)}."
                )
        if std and min(std) <= 0:
            raise ValueError(f"std must be positive; got {min(std):g}.")
        return replace(
            self,
            resize=size or self.resize,
            crop=size or self.crop,
            mean=mean or self.mean,
            std=std or self.std,
        )


def find_network(name: str, weights: str | None = None, seed: int = 0) -> Network:
    """Find a network, load its weights and put it into evaluation mode.

    Args:
        name: A model of torchvision; ``mnist``, ``fashion-mnist`` or ``cifar10``, which come with
            this package; or a Python file, as ``net.py`` or ``net.py:Net``, which is run.
        weights: For a model of torchvision the name of its weights, by default the best, which
            are downloaded unless they are there. For all but the package's own ``"none"``, which
            leaves weights as they are made, or a file (``state_dict`` or safetensors).
        seed: Decides random weights. The global random state is left as it was.

    Returns:
        Network: The network and its preparation.

    Raises:
        TypeError: If ``name`` or ``weights`` is no text.
        FileNotFoundError: If there is no such file.
        ValueError: If there is no network or there are no weights of that name, or they don't
            fit, or the network takes something else than one image.
        DownloadError: If weights can't be downloaded.
    """
    if not isinstance(name, str) or not isinstance(weights, str | None):
        raise TypeError(
            f"a model and its weights must be named by texts, such as 'resnet18' and 'none'; got "
            f"{name!r} and {weights!r}."
        )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if name in IMAGE_SIDES:
            found = _shipped(name, weights)
        elif place := file_and_name(name):
            found = _from_file(*place, weights)
        elif Path(name).suffix.lower() in (*SUFFIXES, ".onnx", ".h5", ".pt2", ".jit"):
            raise ValueError(
                f"a model must be a name or a Python file; {name} holds weights or a program, and "
                "the layers stand in the code. Give both: --model net.py:Net --weights "
                "weights.pt, with torch.save(model.state_dict(), 'weights.pt')."
            )
        else:
            found = _torchvision(name, weights, seed)
    found.module.eval()
    return found


def first_convolution(model: nn.Module) -> str | None:
    """The name of the convolution that reads a model's image, if it has one.

    Layers may be listed in another order than that in which they run, so it is the first of those
    with 1 or 3 input channels; where there are none, the first of all.
    """
    kinds = (nn.Conv2d, nn.ConvTranspose2d)
    found = {name: one for name, one in model.named_modules() if isinstance(one, kinds)}
    fitting = [name for name, one in found.items() if one.in_channels in (1, 3)]
    return next(iter([*fitting, *found]), None)


def _channels(model: nn.Module, title: str) -> int:
    name = first_convolution(model)
    channels = 3 if name is None else model.get_submodule(name).in_channels
    if channels not in (1, 3):
        raise ValueError(
            f"a network must take images, with 1 or 3 channels; {title} takes {channels}."
        )
    return channels


def _shipped(name: str, weights: str | None) -> Network:
    if weights is not None:
        raise ValueError(f"{name} comes with its weights; got --weights {weights}. Leave it out.")
    module, side = load_pretrained(name).network, (IMAGE_SIDES[name],) * 2
    channels = _channels(module, name)
    return Network(module, name, "trained weights", channels, resize=side, crop=side)


def _from_file(file: Path, name: str | None, weights: str | None) -> Network:
    module = load_user_model(file, name)
    title = f"{file.stem}.{name}" if name else file.stem
    words = "weights as its file makes them"
    if weights not in (None, "none"):
        load_checkpoint(module, weights)
        words = f"weights from {Path(weights).name}"
    return Network(module, title, words, _channels(module, file.name))


def _torchvision(name: str, weights: str | None, seed: int) -> Network:
    from torchvision import models

    known = models.list_models()
    if name not in known:
        near = difflib.get_close_matches(name.lower(), [*known, *IMAGE_SIDES], n=3, cutoff=0.5)
        hint = f"the nearest are {', '.join(near)}" if near else "resnet18 is one"
        raise ValueError(
            "a model must be one of torchvision's, mnist, fashion-mnist, cifar10, or a Python file "
            f"as net.py:Net; got {name!r}; {hint}."
        )
    entries = models.get_model_weights(name)
    part = models.get_model_builder(name).__module__.split(".")[2]
    if part == "quantization":
        raise ValueError(
            f"a model must compute with floats; {name} is quantized. Take "
            f"{name.removeprefix('quantized_')}."
        )
    if other := _OTHER_INPUT.get(part):
        raise ValueError(f"a model must take one image; {name} takes {other}.")
    entry = _entry(name, entries, weights)
    module = _built(name, entry, fetch=weights is None or weights in entries.__members__)
    words = f"weights {entry.name}"
    if weights == "none":
        words = f"random weights (seed {seed})"
    elif weights not in (None, *entries.__members__):
        load_checkpoint(module, weights)
        words = f"weights from {Path(weights).name}"
    return Network(module, name, words, 3, **_preparation(entry.transforms()))


def _entry(name: str, entries: Any, weights: str | None) -> Any:
    """The weights' entry in torchvision; the default's where they come from somewhere else."""
    if weights in entries.__members__:
        return entries[weights]
    if weights not in (None, "none") and not Path(weights).exists():
        listed = ", ".join(known.name for known in entries)
        raise ValueError(
            f"weights of {name} must be {listed}, none, or a file; there is no {weights!r}."
        )
    return entries.DEFAULT


def _built(name: str, entry: Any, *, fetch: bool) -> nn.Module:
    from torchvision import models

    with warnings.catch_warnings(action="ignore"):  # of some models, about their random weights
        if fetch:
            path = _fetched(name, entry)
            try:
                return models.get_model(name, weights=entry, progress=False)
            except Exception as error:
                raise ValueError(
                    f"weights must be whole; {path} is damaged ({error}). Delete it and try again."
                ) from error
        try:
            return models.get_model(name, weights=None, weights_backbone=None)
        except TypeError:  # most have no backbone
            return models.get_model(name, weights=None)


def _fetched(name: str, entry: Any) -> Path:
    """Where torchvision keeps an entry's weights, once they are there.

    Its own download has no time limit, so it finds here what it would have fetched. The file's
    name tells the beginning of its SHA-256 sum.
    """
    path = Path(torch.hub.get_dir(), "checkpoints", Path(urlsplit(entry.url).path).name)
    if path.is_file():
        return path
    ways = "Use --weights none (random weights) or --weights FILE."
    if is_offline():
        raise DownloadError(
            f"the weights of {name} must be on disk or be downloaded; {path} isn't there and "
            f"CNNVIS_OFFLINE is set. {ways}"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with workshop(path.parent) as bench:
        beside = bench / path.name
        try:
            fetch_file(entry.url, beside, max_bytes=MAX_WEIGHTS)
        except DownloadError as error:
            raise DownloadError(f"{error} {ways}") from error
        found = checksum(beside)
        if not found.startswith(path.stem.rpartition("-")[2]):
            raise DownloadError(
                f"{entry.url} must have the SHA-256 sum that its name tells; what came has "
                f"{found[:8]}. {ways}"
            )
        beside.replace(path)
    return path


def _preparation(transforms: Any) -> dict[str, Any]:
    """The sizes and the normalization in the transforms that torchvision keeps with weights."""
    known = {}
    sides = getattr(transforms, "resize_size", None) or [520]
    known["resize"] = (sides[0], sides[-1])
    crop = getattr(transforms, "crop_size", None) or sides
    known["crop"] = (crop[0], crop[-1])
    if hasattr(transforms, "mean"):
        known["mean"], known["std"] = tuple(transforms.mean), tuple(transforms.std)
    return known
