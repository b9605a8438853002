"""How the shipped networks are trained; ``python -m cnnvis train NAME`` does it again."""

import functools
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from cnnvis.data.image_set import ImageSet
from cnnvis.models.architectures import build
from cnnvis.models.batchnorm import add_batch_norm, fold_batch_norm
from cnnvis.models.card_facts import confusion_counts, curves, facts_of_data, facts_of_machine
from cnnvis.models.pretrained import half_precision, save_pretrained
from cnnvis.training.augment import Augment
from cnnvis.training.loop import evaluate, fit
from cnnvis.training.results import History

USE = (
    "To look into, in courses and in tests of methods: its layers have names, and its convolutions "
    "hold their normalization. "
)
LIMITS = (
    " The recipe was chosen while looking at the test set, so the accuracy on images that nobody "
    "has looked at may be lower. It gives one of its classes to any image whatever, with a "
    "probability that isn't calibrated."
)


AUGMENT_TEXTS = {  # for each field of Augment what becomes of the images
    "shift": "moved by up to {} px",
    "flip": "mirrored",
    "degrees": "turned by up to {:g}°",
    "scale": "stretched by up to {:.0%}",
    "shear": "slanted by up to {:.0%}",
    "erase": "with a square of {0}×{0} px covered",
    "padding_mode": "with {} at the border",
}


@dataclass(frozen=True)
class Phase:
    """A training from a rising and falling learning rate to its end; a recipe has one or more.

    Attributes:
        epochs: How often each image is seen.
        augment: How the images are changed.
        learning_rate: Peak of the one-cycle schedule.
    """

    epochs: int
    augment: Augment
    learning_rate: float = 0.1

    def __str__(self) -> str:
        plain = Augment()
        changed = [
            name for name in AUGMENT_TEXTS if getattr(self.augment, name) != getattr(plain, name)
        ]
        changes = [AUGMENT_TEXTS[name].format(getattr(self.augment, name)) for name in changed]
        return (
            f"{self.epochs} epoch{'s' * (self.epochs > 1)} with a learning rate of at most "
            f"{self.learning_rate:g}, images {', '.join(changes) or 'unchanged'}"
        )


@dataclass(frozen=True)
class Recipe:
    """How one network is trained: stochastic gradient descent with Nesterov momentum.

    Attributes:
        kind: Class in `cnnvis.models`.
        widths: Filters of its convolutions.
        phases: One after the other; normalization is folded in after each.
        use: What the network is for, beside being looked into.
        limits: What it can't do.
        batch_size: Images per step.
        weight_decay: Pull of all parameters towards zero.
        label_smoothing: Share of the target spread over all classes.
    """

    kind: str
    widths: tuple[int, ...]
    phases: tuple[Phase, ...]
    use: str
    limits: str
    batch_size: int = 128
    weight_decay: float = 5e-4
    label_smoothing: float = 0.1

    def texts(self, seed: int) -> dict[str, str]:
        """The recipe in words, for the card."""
        return {
            "optimizer": "stochastic gradient descent with Nesterov momentum (0.85 to 0.95)",
            "schedule": "one cycle: " + "; then one cycle: ".join(map(str, self.phases)),
            "epochs": f"{sum(phase.epochs for phase in self.phases)}",
            "batch size": f"{self.batch_size}",
            "weight decay": f"{self.weight_decay:g}",
            "label smoothing": f"{self.label_smoothing:g}",
            "normalization": "batch normalization after each convolution, folded in afterwards",
            "precision": "weights rounded to half precision after training",
            "seed": f"{seed}",
        }


RECIPES = {
    "mnist": Recipe(
        "SmallCNN",
        (8, 16, 32),
        (Phase(25, Augment(shift=2, degrees=8, scale=0.08, shear=0.08)),),
        "Small enough to run in a web page.",
        "It has seen single white digits on black, 28×28, centred as in MNIST, and nothing else.",
        weight_decay=1e-4,
    ),
    "fashion-mnist": Recipe(
        "SmallCNN",
        (48, 96, 128),
        (
            Phase(20, Augment(shift=2, flip=True)),
            Phase(12, Augment(shift=1, flip=True), learning_rate=0.05),
        ),
        "A small network on a set that isn't solved.",
        "It has seen catalogue images of ten kinds of clothes, white on black, 28×28, upright and "
        "filling the frame; the catalogue's idea of who wears what is in its classes.",
    ),
    "cifar10": Recipe(
        "PhotoCNN",
        (32, 64, 96, 96, 128, 128, 176, 192),
        (Phase(60, Augment(shift=4, flip=True, erase=8, padding_mode="reflection")),),
        "Deep enough for stages, small enough for a laptop.",
        "It has seen ten kinds of animals and vehicles in 32×32 thumbnails, cropped as in "
        "CIFAR-10; it isn't fit for photographs of any other kind or for any decision about them.",
    ),
}


def train_networks(
    name: str,
    train: ImageSet,
    test: ImageSet,
    *,
    seeds: Sequence[int] = (0,),
    epochs: int | None = None,
    folder: str | Path = ".",
    progress: bool | None = None,
) -> Path:
    """Train a network by its recipe, once for each seed, and write weights and card of the first.

    Args:
        name: ``"mnist"``, ``"fashion-mnist"`` or ``"cifar10"``.
        train: Images to learn from.
        test: Images to measure on.
        seeds: Decide initial weights, order and changes of the images; one training each.
        epochs: Of each phase, in place of the recipe's.
        folder: Where ``NAME.safetensors`` and ``NAME.json`` go.
        progress: As in `fit`.

    Returns:
        The path of the card.

    Raises:
        TypeError: If the name is no text, or ``seeds`` are no whole numbers.
        ValueError: If the name is unknown, there is no seed, or ``epochs`` isn't positive.
    """
    whole = isinstance(seeds, Sequence) and all(isinstance(seed, int) for seed in seeds)
    if not isinstance(name, str) or not whole:
        raise TypeError(
            "the name must be a text such as 'mnist', and seeds a sequence of whole numbers such "
            f"as (0, 1); got {name!r} and {seeds!r}."
        )
    if name not in RECIPES or not seeds:
        raise ValueError(
            f"there must be a seed, and the name must be one of {', '.join(RECIPES)}; got "
            f"{name!r} and {list(seeds)}."
        )
    phases = RECIPES[name].phases
    if epochs is not None:
        phases = tuple(replace(phase, epochs=epochs) for phase in phases)
    recipe = replace(RECIPES[name], phases=phases)
    shipped, runs = None, []
    for seed in seeds:
        network = build(_architecture(recipe, train), seed)
        histories = [
            _train(network, recipe, number, train, test, seed, progress)
            for number in range(len(phases))
        ]
        evaluation = evaluate(_rounded(network), test)
        seconds = round(sum(history.seconds for history in histories), 1)
        accuracy = round(evaluation.accuracy, 6)
        runs.append({"seed": seed, "accuracy": accuracy, "seconds": seconds})
        shipped = shipped or (network, histories, evaluation)
    network, histories, evaluation = shipped
    card = {
        "name": name,
        "data": facts_of_data(train, test),
        "classes": list(train.classes),
        "architecture": _architecture(recipe, train),
        "parameters": sum(one.numel() for one in network.parameters()),
        "accuracy": runs[0]["accuracy"],
        "runs": runs,
        "confusions": confusion_counts(evaluation, len(test.classes)),
        "recipe": recipe.texts(seeds[0]),
        "history": curves(histories),
        **facts_of_machine(_device()),
        "intended_use": USE + recipe.use,
        "limits": recipe.limits + LIMITS,
    }
    return save_pretrained(network, card, folder)


def _architecture(recipe: Recipe, images: ImageSet) -> dict[str, Any]:
    arguments = {
        "in_channels": images.images.shape[1],
        "n_classes": len(images.classes),
        "widths": list(recipe.widths),
    }
    return {"class": recipe.kind, "arguments": arguments}


def _train(
    network: nn.Module,
    recipe: Recipe,
    number: int,
    train: ImageSet,
    test: ImageSet,
    seed: int,
    progress: bool | None,
) -> History:
    """One phase: the network is trained in place, normalization comes and goes."""
    phase = recipe.phases[number]
    add_batch_norm(network, train.images[:2000] / 255 if number else None).to(_device())
    optimizer = functools.partial(
        torch.optim.SGD, momentum=0.9, nesterov=True, weight_decay=recipe.weight_decay
    )
    history = fit(
        network,
        train,
        test,
        epochs=phase.epochs,
        batch_size=recipe.batch_size,
        learning_rate=phase.learning_rate,
        optimizer=optimizer,
        label_smoothing=recipe.label_smoothing,
        augment=phase.augment,
        seed=seed + 1000 * number,
        progress=progress,
    )
    fold_batch_norm(network.cpu())
    return history


def _rounded(network: nn.Module) -> nn.Module:
    """The network as it will be read from its file."""
    copy = deepcopy(network)
    copy.load_state_dict({name: value.float() for name, value in half_precision(network).items()})
    return copy


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
