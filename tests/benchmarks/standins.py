"""How well networks trained on the real MNIST read its stand-in; ``--write`` keeps it in a card.

``python tests/benchmarks/standins.py [--write] [--seeds 3] [--epochs 4]`` needs the real set on
disk (``make data``, or ``CNNVIS_DATA``). The stand-in was made with an eye on networks like
SmallCNN. LeNet-5 had no part in that, so that its figures are the ones to trust.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import torch
from torch import nn

from cnnvis import standins
from cnnvis.data import ImageSet, load
from cnnvis.models import SmallCNN
from cnnvis.training import evaluate, fit

CARD = Path(__file__).parents[2] / "docs" / "cards" / "standins.json"


def lenet() -> nn.Module:
    """LeNet-5 as in LeCun et al. (1998), with a plain linear layer for its output."""
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh()),
        nn.Linear(84, 10),
    )


NETWORKS = {"SmallCNN": SmallCNN, "LeNet-5": lenet}


def real_sets() -> tuple[ImageSet, ImageSet]:
    """The training and the test set of the real MNIST."""
    sets = load("mnist", "train", download=False), load("mnist", "test", download=False)
    if any(one.source.is_stand_in for one in sets):
        raise SystemExit(
            "This measurement needs the real MNIST on disk: run `make data`, "
            "or let CNNVIS_DATA name a folder that holds it."
        )
    return sets


def all_digits(like: ImageSet) -> ImageSet:
    """Every stand-in digit of both splits."""
    splits = [standins.digits(split) for split in ("train", "test")]
    images, labels = (torch.cat([split[part] for split in splits]) for part in (0, 1))
    return replace(like, images=images, labels=labels)


def measure(
    make: Callable[[], nn.Module], train: ImageSet, judged: dict, *, seeds: int, epochs: int
) -> dict:
    """Accuracies on the sets in ``judged`` of networks trained from ``seeds`` seeds."""
    accuracies = {name: [] for name in judged}
    for seed in range(seeds):
        torch.manual_seed(seed)
        model = make()
        fit(model, train, epochs=epochs, seed=seed)
        for name, pictures in judged.items():
            accuracies[name].append(evaluate(model, pictures).accuracy)
    return {name: summary(values) for name, values in accuracies.items()}


def summary(values: list[float]) -> dict[str, float]:
    """Mean, lowest and highest, to four places."""
    figures = {"mean": sum(values) / len(values), "lowest": min(values), "highest": max(values)}
    return {name: round(value, 4) for name, value in figures.items()}


def main() -> None:
    """Measure, print, and write the card if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"write {CARD.name}")
    parser.add_argument("--seeds", type=int, default=3, help="networks of each kind")
    parser.add_argument("--epochs", type=int, default=4, help="epochs of training")
    options = parser.parse_args()
    settings = {"seeds": options.seeds, "epochs": options.epochs}
    train, test = real_sets()
    judged = {"real_test_set": test, "stand_in": all_digits(test)}
    card = {
        "date": date.today().isoformat(),
        "torch": torch.__version__.partition("+")[0],
        "pictures": len(judged["stand_in"]),
        **settings,
        "accuracy": {
            name: measure(make, train, judged, **settings) for name, make in NETWORKS.items()
        },
    }
    print(json.dumps({"mnist": card}, indent=2))
    if options.write:
        cards = json.loads(CARD.read_text("utf-8")) if CARD.exists() else {}
        CARD.parent.mkdir(parents=True, exist_ok=True)
        CARD.write_text(json.dumps(cards | {"mnist": card}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
