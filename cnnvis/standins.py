"""Pictures that need no download, standing in for image sets that could not be had.

They come with libraries that are installed anyway: scikit-learn's handwritten digits and
scikit-image's photographs. What is done to them is geometry and fixed arithmetic.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

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

Pictures = tuple[Tensor, Tensor, tuple[str, ...]]


def digits(split: str) -> Pictures:
    """Handwritten digits made to look like MNIST's: white on black, framed and centred alike.

    They are scikit-learn's copy of the UCI optical digits: pen strokes, scanned, stretched to
    fill a box of 32×32 pixels, and published as the count of ink in 8×8 blocks. Here the pixels
    are restored and the stretching undone, and then each digit is scaled to 20 pixels and
    centred by its mass, as MNIST was made. The same people wrote the digits of both splits.

    Args:
        split: ``"train"`` for 1,297 digits or ``"test"`` for the other 500.

    Returns:
        Images, uint8 (N, 1, 28, 28), 0 to 255; labels, int64 (N,); the names of the ten classes.

    Raises:
        ValueError: If the split is neither of the two.

    References:
        The digits: Alpaydin and Kaynak (1998), doi:10.24432/C50P49. MNIST's frame: LeCun et al.
        (1998), doi:10.1109/5.726791.
    """
    _check(split)
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    counts, labels = load_digits(return_X_y=True)
    parts = train_test_split(np.arange(len(labels)), test_size=500, stratify=labels, random_state=0)
    chosen = parts[split == "test"]
    ink = _restore(torch.tensor(counts[chosen], dtype=torch.float32).reshape(-1, 8, 8))
    images = _frame(ink).mul(255).round().to(torch.uint8).unsqueeze(1)
    return images, torch.tensor(labels[chosen], dtype=torch.int64), tuple("0123456789")


def _restore(counts: Tensor) -> Tensor:
    """Turn counts of ink, (N, 8, 8), 0 to 16, into drawings, (N, 32, 32), of zeros and ones.

    Each block of 4×4 pixels puts its ink where the surroundings, smoothed, are darkest.
    Repeated, this gives smooth outlines that agree with every count. Sums of whole numbers are
    exact, so that all machines draw the same.
    """
    wanted = np.arange(16) < counts.unsqueeze(-1).numpy()
    ink = counts.repeat_interleave(4, 1).repeat_interleave(4, 2)
    for _ in range(4):
        for _ in range(3):
            ink = F.avg_pool2d(ink, 3, stride=1, padding=1, divisor_override=1)
        darkness = ink.reshape(-1, 8, 4, 8, 4).transpose(2, 3).reshape(-1, 8, 8, 16).numpy()
        blocks = np.empty_like(darkness)
        np.put_along_axis(blocks, np.argsort(-darkness, kind="stable"), wanted, axis=-1)
        ink = torch.from_numpy(blocks).reshape(-1, 8, 8, 4, 4).transpose(2, 3).reshape(-1, 32, 32)
    return ink


def _frame(ink: Tensor) -> Tensor:
    """Unstretch drawings, (N, 32, 32), and frame them like MNIST, (N, 28, 28), 0 to 1.

    How far a digit was stretched is seen by its strokes: a narrow 1 that fills the box is a very
    fat one. Digits whose strokes are thicker than 6 pixels (twice the ink by the outline) are
    squeezed. Then the longer side becomes 20 pixels, and the centre of mass the frame's centre.
    """
    padded = F.pad(ink, (1, 1, 1, 1))
    outline = sum(padded.diff(dim=axis).abs().sum((1, 2)) for axis in (1, 2)) * torch.pi / 4
    squeeze = (6 * outline / (2 * ink.sum((1, 2)))).square().clamp(max=1)
    rows, columns = ink.sum(2), ink.sum(1)
    zoom = 20 / torch.maximum((rows > 0).sum(1), (columns > 0).sum(1) * squeeze)
    even = (2 * F.avg_pool2d(ink, 3, stride=1, padding=1) - 0.7).clamp(0, 1)
    return _shares(rows, zoom) @ even @ _shares(columns, zoom * squeeze).transpose(1, 2)


def _shares(mass: Tensor, zoom: Tensor) -> Tensor:
    """What part of each of 28 pixels of the frame each of a drawing's 32 covers, along one axis.

    The ink along that axis, (N, 32), and how many pixels of the frame make one of the
    drawing's, (N,), become shares of 0 to 1, (N, 28, 32).
    """
    start = torch.arange(32.0)
    centre = (mass * (start + 0.5)).sum(1, keepdim=True) / mass.sum(1, keepdim=True)
    edges = (centre + (torch.arange(29) - 14) / zoom[:, None])[:, :, None]
    overlap = torch.minimum(edges[:, 1:], start + 1) - torch.maximum(edges[:, :-1], start)
    return overlap.clamp(min=0) * zoom[:, None, None]


def photos(split: str) -> Pictures:
    """Tiles of six photographs; the label is the photograph that a tile was cut from.

    The photographs come with scikit-image and are CC0 or in the public domain. Tiles are squares
    of many sizes, scaled down; nearly flat ones are left out. Each photograph is cut in two, so
    that tiles to learn from and tiles to test with have no pixel in common. The first six
    pictures are the largest of each class, and every six that follow hold one of each.

    Args:
        split: ``"train"`` for 400 tiles of each photograph or ``"test"`` for 100.

    Returns:
        Images, uint8 (N, 3, 32, 32), 0 to 255; labels, int64 (N,); the names of the classes.

    Raises:
        ValueError: If the split is neither of the two.
    """
    _check(split)
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


def _check(split: str) -> None:
    if split not in ("train", "test"):
        raise ValueError(f"split must be 'train' or 'test'; got {split!r}.")
