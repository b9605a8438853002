"""Garments drawn by the program: the ten classes of Fashion-MNIST, from geometry and chance."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from cnnvis.standins.checks import Images, check_split, whole_number
from cnnvis.standins.garments import sandals, shoes, tops, trousers_and_bags
from cnnvis.standins.garments.fabrics import photograph
from cnnvis.standins.garments.outlines import Dice

_CUTS = {
    "T-shirt/top": tops.t_shirt,
    "Trouser": trousers_and_bags.trousers,
    "Pullover": tops.pullover,
    "Dress": tops.dress,
    "Coat": tops.coat,
    "Sandal": sandals.sandal,
    "Shirt": tops.shirt,
    "Sneaker": shoes.sneaker,
    "Bag": trousers_and_bags.bag,
    "Ankle boot": shoes.ankle_boot,
}
_SPLITS = {"train": (4000, 1), "test": (1000, 2)}  # how many, and from which seed


def garments(split: str) -> Images:
    """Garments drawn by the program, of the classes and framed like those of Fashion-MNIST.

    Args:
        split: ``"train"`` for 4,000 garments or ``"test"`` for 1,000 others.

    Returns:
        Images, uint8 (N, 1, 28, 28), 0 to 255; labels, int64 (N,); the names of the ten classes.

    Raises:
        TypeError: If the split is no text.
        ValueError: If it is neither of the two.
    """
    check_split(split)
    images, labels = _drawn(split)
    return images.clone(), labels.clone(), tuple(_CUTS)


@lru_cache
def _drawn(split: str) -> tuple[Tensor, Tensor]:
    return draw_garments(*_SPLITS[split])


def draw_garments(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Draw garments, as many as wanted.

    Every ten that follow each other from the first on hold one of each class. A garment depends
    on the seed and on its place only: the first hundred are the same however many follow. Other
    machines draw the same, but may round a few pixels differently.

    Args:
        count: How many.
        seed: Decides which.

    Returns:
        Images, uint8 (count, 1, 28, 28), the garment bright on black; labels, int64 (count,).

    Raises:
        TypeError: If a number is not a whole one.
        ValueError: If ``count`` is below 1 or ``seed`` below 0.
    """
    count, seed = whole_number("count", count, 1), whole_number("seed", seed, 0)
    cuts = list(_CUTS.values())
    tens = np.tile(np.arange(len(cuts)), (-(-count // len(cuts)), 1))
    labels = np.random.default_rng([seed, 0]).permuted(tens, axis=1).ravel()[:count]
    images = np.empty((count, 1, 28, 28), np.uint8)
    for place, label in enumerate(labels):
        dice = Dice(seed, 1, place)
        images[place, 0] = photograph(*cuts[label](dice), dice)
    return torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64))
