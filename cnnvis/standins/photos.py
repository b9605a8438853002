"""Tiles cut from scikit-image's photographs."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import torch
from PIL import Image

from cnnvis.standins.checks import Images, check_split

# A photograph in skimage.data, the name of its class, and the parts to learn from and to test
# with: left, upper, right and lower edge as shares of its width and height.
_PHOTOS = (
    ("chelsea", "cat", (0, 0, 0.47, 1), (0.47, 0, 1, 1)),
    ("astronaut", "astronaut", (0, 0, 0.6, 1), (0.6, 0, 1, 1)),
    ("coffee", "coffee", (0, 0, 0.5, 1), (0.5, 0, 1, 1)),
    ("hubble_deep_field", "galaxies", (0, 0, 0.6, 1), (0.6, 0, 1, 1)),
    ("retina", "retina", (0, 0, 1, 0.5), (0, 0.5, 1, 1)),
    ("rocket", "rocket", (0, 0, 0.45, 1), (0.45, 0, 1, 1)),
)
_TILES = {"train": 400, "test": 100}  # of each photograph
_LEAST_CONTRAST = 12  # standard deviation of a tile's grey values, 0 to 255


def photos(split: str) -> Images:
    """Tiles of six photographs; the label is the photograph that a tile was cut from.

    The photographs come with scikit-image and are CC0 or in the public domain. Tiles are squares
    of many sizes, scaled down; nearly flat ones are left out. Each photograph is cut in two, so
    that tiles to learn from and tiles to test with have no pixel in common. The first six
    images are the largest of each class, and every six that follow hold one of each.

    Args:
        split: ``"train"`` for 400 tiles of each photograph or ``"test"`` for 100.

    Returns:
        Images, uint8 (N, 3, 32, 32), 0 to 255; labels, int64 (N,); the names of the classes.

    Raises:
        TypeError: If the split is no text.
        ValueError: If it is neither of the two.
    """
    check_split(split)
    count = _TILES[split]
    tiles = np.empty((count, len(_PHOTOS), 32, 32, 3), np.uint8)
    for label, (name, _, *parts) in enumerate(_PHOTOS):
        photo = _photo(name)
        part = photo.crop(_pixels(photo.size, parts[split == "test"]))
        tiles[:, label] = _tiles(part, count, np.random.default_rng([label, split == "test"]))
    labels = np.tile(np.arange(len(_PHOTOS)), (count, 1))
    labels[1:] = np.random.default_rng(0).permuted(labels[1:], axis=1)
    images = torch.from_numpy(tiles[np.arange(count)[:, None], labels]).flatten(0, 1)
    classes = tuple(name for _, name, *_ in _PHOTOS)
    labels = torch.tensor(labels, dtype=torch.int64).flatten()
    return images.permute(0, 3, 1, 2).contiguous(), labels, classes


def _photo(name: str) -> Image.Image:
    from skimage import data

    return Image.fromarray(getattr(data, name)())


def _pixels(size: tuple[int, int], part: tuple[float, ...]) -> tuple[int, ...]:
    return tuple(round(share * length) for share, length in zip(part, size * 2, strict=True))


def _tiles(photo: Image.Image, count: int, random: np.random.Generator) -> np.ndarray:
    tiles = (
        photo.resize((32, 32), Image.Resampling.BICUBIC, box, reducing_gap=2)
        for box in _boxes(photo.size, random)
    )
    varied = (tile for tile in tiles if np.std(tile.convert("L")) >= _LEAST_CONTRAST)
    return np.stack(list(islice(varied, count)))


def _boxes(size: tuple[int, int], random: np.random.Generator) -> Iterator[tuple[int, ...]]:
    """Squares within ``size``, without end: the largest, then of random size and place."""
    side, place = min(size), (0.5, 0.5)
    while True:
        left, upper = (round((size[axis] - side) * place[axis]) for axis in (0, 1))
        yield left, upper, left + side, upper + side
        side, place = round(min(size) * 4.0 ** -random.random()), random.random(2)
