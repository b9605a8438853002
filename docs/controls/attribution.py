"""How maps of attribution fare when weights become random, and where a mark is a clue or a decoy.

Each training has random weights and 16 digits of its own.
"""

import warnings

import torch
from controls.pages import functions_of

from cnnvis import SmallCNN, evaluate, load

page = functions_of("6_attribution/plot_10_captum.py")
warnings.filterwarnings("ignore", module="captum")

STARTS = range(8)
SETS = ("mnist",)
OF = "trainings"


def measure(start: int) -> dict[str, float]:
    """Train, draw the weights and choose the digits anew, and measure what the page does."""
    train, test = load("mnist", "train")[:12_000], load("mnist", "test")
    network, few = page.learn(train, start), slice(16 * start, 16 * start + 16)
    result = evaluate(network, test)
    chosen = test[result.predictions == test.labels][few]
    digits, numbers = chosen.images / 255, chosen.labels
    networks = {"trained": network, "untrained": SmallCNN()}
    return {
        "accuracy": result.accuracy,
        **{
            f"Grad-CAM, unread, {key}": page.unread(page.gradcam(one, digits, numbers))
            for key, one in networks.items()
        },
        **_randomised(page.randomised(network, start), digits, numbers),
        **_marked(train[:4000], page.mark(test[test.labels != 3][few], slice(None)), start),
    }


def _randomised(stages, digits, numbers):
    shades = digits[:, 0]
    ink, found = shades > 0, {}
    for name, method in page.METHODS.items():
        trained, *random = (
            page.draw(method, stages[stage], digits, numbers)
            for stage in ("trained", "fc", "conv1")
        )
        if name != "edge detector":  # which never asks the network
            found[f"{name}, fc"], found[f"{name}, conv1"] = (
                page.likeness(trained, one, ink) for one in random
            )
        if name == "integrated gradients":
            size, other, pixels = trained.abs(), random[1].abs(), ink | True
            torch.manual_seed(0)
            found |= {
                f"{name}, size, every pixel": page.likeness(size, other, pixels),
                f"{name}, size, random numbers": page.likeness(
                    size, ink * torch.rand(ink.shape), pixels
                ),
                f"{name}, size, in the ink": page.likeness(size, other, ink),
                f"{name}, size, per brightness": page.likeness(size / shades, other / shades, ink),
            }
    return found


def _marked(digits, marked, start):
    found = {}
    for role, pupil in page.pupils(digits, start).items():
        threes = evaluate(pupil, marked).predictions == 3
        found[f"read as a 3, {role}"] = threes.float().mean()
        for name, method in page.METHODS.items():
            if name != "edge detector":
                found[f"{name} on the mark, {role}"] = page.on_mark(method, pupil, marked)
    return found
