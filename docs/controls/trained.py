"""Networks of other seeds, trained as the shipped ones are, but on fewer images, and less often."""

import os
from pathlib import Path

from torch import nn

from cnnvis import load, load_pretrained
from cnnvis.models.pretrained import Pretrained
from cnnvis.models.recipes import train_networks

IMAGES = {"mnist": 60_000, "fashion-mnist": 20_000}
EPOCHS = {"mnist": 3, "fashion-mnist": 2}  # of each phase of the recipe; Fashion-MNIST's has two


def network(name: str, seed: int) -> nn.Module:
    """A network of another seed; trained only once in a run of ``make controls``."""
    return _trained(name, seed).network


def accuracy(name: str, seed: int) -> float:
    """The share of test images that it names correctly."""
    return _trained(name, seed).card.accuracy


def before_and_after(name: str, seed: int) -> dict[str, nn.Module]:
    """A network of another seed and its own start."""
    trained = _trained(name, seed)
    return {"trained": trained.network, "untrained": trained.card.untrained()}


def train(name: str, seed: int) -> Path:
    """Train it, if this run hasn't yet."""
    folder = Path(os.environ["CNNVIS_CONTROLS_SCRATCH"]) / f"{seed}"  # make_controls.py sets it
    if not (folder / f"{name}.json").is_file():
        learning, test = load(name, "train")[: IMAGES[name]], load(name, "test")
        train_networks(
            name,
            learning,
            test,
            seeds=(seed,),
            epochs=EPOCHS[name],
            folder=folder,
            progress=False,
        )
    return folder


def _trained(name: str, seed: int) -> Pretrained:
    return load_pretrained(name, train(name, seed))
