"""Image sets by name: found on disk, downloaded and checked, or a stand-in that says so.

Two environment variables steer it. ``CNNVIS_DATA`` names the folder that holds the sets, in
torchvision's own layout; without it that is the cache folder which platformdirs names.
``CNNVIS_OFFLINE=1`` never touches the network.
"""

import difflib
import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import torch
from torch import Tensor

from cnnvis.data.http import (
    DownloadError,
    damaged,
    dataset_class,
    fetch,
    is_offline,
    missing,
    place,
)
from cnnvis.data.registry import SETS, Source, source_of

_lines_said: set[str] = set()


@dataclass(frozen=True, eq=False, repr=False)
class ImageSet:
    """Images with their labels, held in memory.

    ``len(images)`` counts them, and ``images[:5]``, or any other index that a tensor of one
    dimension takes, is a smaller `ImageSet`; with a whole number it holds one image.

    Attributes:
        images: uint8, (N, C, H, W), 0 to 255.
        labels: int64, (N,), positions in ``classes``.
        classes: Names of the classes.
        source: Where the images come from.

    Raises:
        TypeError: If a field has another type or dtype.
        ValueError: If the shapes do not fit together, or a label has no class.
    """

    images: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    source: Source

    def __post_init__(self) -> None:
        _check_tensor("images", self.images, torch.uint8, "(N, C, H, W)")
        _check_tensor("labels", self.labels, torch.int64, "(N,)")
        if not (isinstance(self.classes, tuple) and all(isinstance(c, str) for c in self.classes)):
            raise TypeError(f"classes must be a tuple of names; got {self.classes!r}.")
        if not isinstance(self.source, Source):
            raise TypeError(f"source must be a Source; got {type(self.source).__name__}.")
        if len(self.labels) != len(self.images):
            raise ValueError(
                "images and labels must be equally many; "
                f"got {len(self.images)} images and {len(self.labels)} labels."
            )
        outside = self.labels[(self.labels < 0) | (self.labels >= len(self.classes))]
        if len(outside):
            raise ValueError(
                f"labels must be positions in classes, from 0 to {len(self.classes) - 1}; "
                f"got {outside[0].item()}."
            )

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: object) -> "ImageSet":
        chosen = torch.arange(len(self))[index].reshape(-1)
        return replace(self, images=self.images[chosen], labels=self.labels[chosen])

    def __repr__(self) -> str:
        role = "a stand-in" if self.source.is_stand_in else "the real set"
        return (
            f"ImageSet({self.source.name!r}, images {tuple(self.images.shape)}, "
            f"{len(self.classes)} classes, {role}: {self.source.title})"
        )


def load(name: str, split: str = "train", *, download: bool | None = None) -> ImageSet:
    """Load an image set from disk, else download it, else take its stand-in.

    The set is looked for where ``CNNVIS_DATA`` says, else in the cache folder. If
    ``CNNVIS_DATA`` lacks it, it is downloaded to there; if that folder cannot be written, the
    cache folder is looked in and downloaded to. A stand-in is announced by one warning of the
    logger ``cnnvis``, and its ``source.is_stand_in`` is true.

    Args:
        name: ``"mnist"``, ``"fashion-mnist"`` or ``"cifar10"``.
        split: ``"train"`` or ``"test"``.
        download: ``None`` downloads sets of up to 50 MB, and gives up after two minutes a file;
            ``True`` downloads a set of any size, however long it takes, and asks hosts anew that
            failed before; ``False`` never does. Where a download fails, the stand-in is taken
            (`download` raises instead).

    Returns:
        The images, their labels, the names of the classes and the source.

    Raises:
        TypeError: If an argument is of another type.
        ValueError: If the name or the split is unknown, a file on disk is damaged, or an
            environment variable has a value that cannot be used.
        DownloadError: If the set can't be had and has no stand-in.
    """
    _check_choice("name", name, SETS)
    _check_choice("split", split, ("train", "test"))
    if not (download is None or isinstance(download, bool)):
        raise TypeError(f"download must be True, False or None; got {download!r}.")
    is_offline()  # a value that can't be used is an error even where it makes no difference
    folder = place(name)
    if missing(name, folder):
        try:
            fetch(name, folder, download=download)
        except DownloadError as error:
            return _stand_in(name, split, f"{error}")
    return _read(name, split, folder)


def download(name: str, folder: str | Path | None = None) -> Path:
    """Download an image set, unless it is already there and whole.

    Hosts that failed before are asked anew, and there is no limit on how long a file may take as
    long as bytes arrive.

    Args:
        name: ``"mnist"``, ``"fashion-mnist"`` or ``"cifar10"``.
        folder: Where it shall lie; by default where `load` looks for it.

    Returns:
        The folder that holds the set in torchvision's layout: the ``root`` of torchvision's
        classes, and a value for ``CNNVIS_DATA``.

    Raises:
        TypeError: If the name is no text.
        ValueError: If the name is unknown, or an environment variable cannot be used.
        DownloadError: If no host delivers the set, the folder cannot be written, or
            ``CNNVIS_OFFLINE`` is set.
    """
    _check_choice("name", name, SETS)
    folder = place(name) if folder is None else Path(folder).expanduser()
    if damaged(name, folder):
        fetch(name, folder, download=True)
    return folder


def _check_tensor(role: str, value: object, dtype: torch.dtype, shape: str) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(f"{role} must be a tensor; got {type(value).__name__}.")
    if value.dtype != dtype:
        raise TypeError(f"{role} must be {dtype}; got {value.dtype}.")
    if value.ndim != shape.count(",") + (not shape.endswith(",)")):
        raise ValueError(f"{role} must have the shape {shape}; got {tuple(value.shape)}.")


def _check_choice(role: str, value: object, choices: Collection[str]) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{role} must be a text; got {type(value).__name__}.")
    if value not in choices:
        nearest = difflib.get_close_matches(value.lower().replace("_", "-"), choices, 1)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        raise ValueError(
            f"{role} must be one of {', '.join(map(repr, choices))}; got {value!r}.{hint}"
        )


def _read(name: str, split: str, folder: Path) -> ImageSet:
    title = SETS[name].title
    try:
        dataset = dataset_class(name)(folder, train=split == "train", download=False)
        images, labels = torch.as_tensor(dataset.data), torch.as_tensor(dataset.targets)
        images = images[:, None] if images.ndim == 3 else images.permute(0, 3, 1, 2)
        classes = tuple(text.partition(" - ")[0] for text in dataset.classes)
        return ImageSet(images, labels, classes, source_of(name, is_stand_in=False))
    except Exception as error:  # torchvision fails in a different way for every damage
        if file := damaged(name, folder):
            raise ValueError(
                f"The files of {title} must be whole; {file} is damaged or cut short. Delete "
                f"it and load the set again, or run `python -m cnnvis download {name}`."
            ) from None
        raise ValueError(
            f"The files of {title} must fit together; those in {folder} do not: {error}. Delete "
            f"them and load the set again, or run `python -m cnnvis download {name}`."
        ) from error


def _stand_in(name: str, split: str, why: str) -> ImageSet:
    facts = SETS[name].stand_in
    unless = " with CNNVIS_OFFLINE unset" if is_offline() else ""
    remedy = (
        f"For the real set run `python -m cnnvis download {name}`{unless}, or let CNNVIS_DATA "
        "name a folder that holds it."
    )
    if facts is None:
        raise DownloadError(f"{why} It has no stand-in yet. {remedy}") from None
    line = f"{why} A stand-in takes its place: {facts.title}. {remedy}"
    if line not in _lines_said:
        _lines_said.add(line)
        logging.getLogger("cnnvis").warning(line)
    module, _, function = facts.maker.rpartition(".")
    maker = getattr(import_module(f"cnnvis.standins.{module}"), function)
    images, labels, classes = maker(split)
    return ImageSet(images, labels, tuple(classes), source_of(name, is_stand_in=True))
