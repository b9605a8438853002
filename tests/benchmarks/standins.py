"""How well networks trained on real sets read the stand-ins; ``--write`` keeps it in a card.

``python tests/benchmarks/standins.py [mnist] [fashion-mnist] [--write] [--seeds 3]`` needs the
real sets on disk (``make data``, or ``CNNVIS_DATA``). The stand-ins were made with an eye on
networks like SmallCNN and NormCNN. LeNet-5 had no part in that: its figures are the ones to trust.
For drawn garments the other direction is measured as well: networks that have seen nothing but
drawings, judged by the real test set.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import torch
from torch import Tensor, nn

from cnnvis.data.image_set import ImageSet
from cnnvis.data.loading import load
from cnnvis.models.architectures import SmallCNN
from cnnvis.standins.digits import digits
from cnnvis.standins.garments.draw import draw_garments, garments
from cnnvis.training.loop import evaluate, fit
from cnnvis.training.results import Evaluation

CARD = Path(__file__).parents[2] / "docs" / "cards" / "standins.json"


def lenet() -> nn.Module:
    """LeNet-5 as in LeCun et al. (1998), with a plain linear layer for its output."""
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh()),
        nn.Linear(84, 10),
    )


def norm_cnn() -> nn.Module:
    """Five convolutions with batch normalization: wider and slower than SmallCNN, and better."""

    def layer(before: int, after: int) -> tuple[nn.Module, ...]:
        convolution = nn.Conv2d(before, after, 3, padding=1, bias=False)
        return convolution, nn.BatchNorm2d(after), nn.ReLU()

    return nn.Sequential(
        *(*layer(1, 32), *layer(32, 48), nn.MaxPool2d(2)),
        *(*layer(48, 96), *layer(96, 96), nn.MaxPool2d(2), nn.Dropout(0.2)),
        *(*layer(96, 128), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.4)),
        nn.Linear(128 * 9, 10),
    )


NETWORKS = {"SmallCNN": SmallCNN, "LeNet-5": lenet, "NormCNN": norm_cnn}


@dataclass(frozen=True)
class Plan:
    """What is measured for a set.

    Attributes:
        images: Gives the stand-in's images and labels.
        networks: How many trainings of each network at most, and of how many epochs.
        drawn: Gives so many images and labels to train on; None leaves that direction out.
    """

    images: Callable[[], tuple[Tensor, Tensor]]
    networks: dict[str, tuple[int, int]]
    drawn: Callable[[int], tuple[Tensor, Tensor]] | None = None


def both_splits(make: Callable) -> Callable[[], tuple[Tensor, Tensor]]:
    """Every image and label of a stand-in."""

    def images() -> tuple[Tensor, Tensor]:
        splits = [make(split) for split in ("train", "test")]
        return tuple(torch.cat([split[part] for split in splits]) for part in (0, 1))

    return images


PLANS = {
    "mnist": Plan(both_splits(digits), {"SmallCNN": (3, 4), "LeNet-5": (3, 4)}),
    "fashion-mnist": Plan(
        both_splits(garments),
        {"SmallCNN": (3, 4), "LeNet-5": (3, 8), "NormCNN": (1, 5)},
        lambda count: draw_garments(count, seed=10),
    ),
}
DRAWN = 10_000


def real_sets(name: str) -> tuple[ImageSet, ImageSet]:
    """The training and the test set of a real set."""
    sets = load(name, "train", download=False), load(name, "test", download=False)
    if any(one.source.is_stand_in for one in sets):
        raise SystemExit(
            f"This measurement needs the real {name} on disk: run `make data`, "
            "or let CNNVIS_DATA name a folder that holds it."
        )
    return sets


def measure(name: str, most_seeds: int) -> dict:
    """The card of one set."""
    plan = PLANS[name]
    train, test = real_sets(name)
    images, labels = plan.images()
    judged = {"real_test_set": test, "stand_in": replace(test, images=images, labels=labels)}
    card = {"images": len(images), "accuracy": {}}
    for network, (seeds, epochs) in plan.networks.items():
        settings = {"seeds": min(seeds, most_seeds), "epochs": epochs}
        card["accuracy"][network] = settings | trainings(network, train, judged, **settings)
    if plan.drawn:
        images, labels = plan.drawn(DRAWN)
        drawn = replace(train, images=images, labels=labels)
        settings = {"seeds": min(3, most_seeds), "epochs": 4}
        real = {"real_test_set": test}
        accuracy = {
            network: settings | trainings(network, drawn, real, **settings)
            for network in ("SmallCNN", "LeNet-5")
        }
        card["trained_on_drawings"] = {"images": DRAWN, "accuracy": accuracy}
    return card


def trainings(network: str, train: ImageSet, judged: dict, *, seeds: int, epochs: int) -> dict:
    """How networks trained from ``seeds`` seeds read the sets in ``judged``."""
    found = {name: [] for name in judged}
    for seed in range(seeds):
        torch.manual_seed(seed)
        model = NETWORKS[network]()
        fit(model, train, epochs=epochs, seed=seed)
        for name, images in judged.items():
            found[name].append(evaluate(model, images))
            print(network, seed, name, found[name][-1].accuracy, flush=True)
    return {name: summary(runs, judged[name].classes) for name, runs in found.items()}


def summary(runs: list[Evaluation], classes: tuple[str, ...]) -> dict:
    """Mean, lowest and highest accuracy, and the class that is read worst on average."""
    values = [run.accuracy for run in runs]
    figures = {"mean": sum(values) / len(values), "lowest": min(values), "highest": max(values)}
    shares = sum(class_shares(run, len(classes)) for run in runs) / len(runs)
    worst = {"name": classes[shares.argmin()], "share": round(shares.min().item(), 4)}
    return {name: round(value, 4) for name, value in figures.items()} | {"worst_class": worst}


def class_shares(run: Evaluation, count: int) -> Tensor:
    """The share of each class's images that were read rightly."""
    right = run.labels[run.predictions == run.labels]
    return right.bincount(minlength=count) / run.labels.bincount(minlength=count)


def main() -> None:
    """Measure, print, and write the card if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"sets, of {', '.join(PLANS)}; by default all")
    parser.add_argument("--write", action="store_true", help=f"write {CARD.name}")
    parser.add_argument("--seeds", type=int, default=3, help="networks of each kind at most")
    options = parser.parse_args()
    made = {"date": date.today().isoformat(), "torch": torch.__version__.partition("+")[0]}
    cards = {name: made | measure(name, options.seeds) for name in options.names or PLANS}
    print(json.dumps(cards, indent=2))
    if options.write:
        kept = json.loads(CARD.read_text("utf-8")) if CARD.exists() else {}
        CARD.parent.mkdir(parents=True, exist_ok=True)
        CARD.write_text(json.dumps(kept | cards, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
