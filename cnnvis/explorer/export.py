"""Export a network, and digits to start with, as a text that the page's script reads."""

import base64
import json

import numpy as np
import torch
from torch import nn

from cnnvis.models.model_cards import ModelCard
from cnnvis.models.pretrained import half_precision
from cnnvis.standins.digits import digits

LEVELS = 15  # shades between black and white that a drawing can have


def export_network(network: nn.Sequential, card: ModelCard) -> str:
    """Write a network that reads handwritten digits as JSON.

    Args:
        network: Its layers by name, in the order in which they run.
        card: Names the network and its ten classes.

    Returns:
        An object of: `name` and `classes`, from the card; `size`, the side of its images in pixels;
        `layers`, pairs of a layer's name and its kind; `shapes` of the weights by name; `weights`,
        all of them in half precision, see `pack_halves`; `levels`, how many shades lie between
        black and white in `digits`, of which there is one for each class, see `sample_digits`.
    """
    weights = half_precision(network)
    facts = {
        "name": card.name,
        "classes": card.classes,
        "size": 28,
        "layers": [[layer, type(module).__name__] for layer, module in network.named_children()],
        "shapes": {key: list(value.shape) for key, value in weights.items()},
        "weights": pack_halves(torch.cat([value.flatten() for value in weights.values()])),
        "levels": LEVELS,
        "digits": sample_digits(network),
    }
    return json.dumps(facts, separators=(",", ":"))


def pack_halves(values: torch.Tensor) -> str:
    """Base64 of numbers in half precision, little-endian: all first bytes, then all second ones.

    Apart, the bytes that hold signs and exponents compress better.
    """
    pairs = values.numpy().astype("<f2").view(np.uint8).reshape(-1, 2)
    return base64.b64encode(pairs.T.tobytes()).decode()


@torch.no_grad()
def sample_digits(network: nn.Module) -> list[str]:
    """For each class the handwritten digit that the network is surest of and names correctly.

    Returns:
        Base64 of 28×28 shades of 0 to `LEVELS`, row by row, two pixels to a byte.
    """
    images, labels, classes = digits("test")
    shades = (images.float() / 255 * LEVELS).round()
    likely = torch.softmax(network(shades / LEVELS), 1)
    found = []
    for label in range(len(classes)):
        surest = torch.where(labels == label, likely[:, label], 0).argmax()
        pairs = shades[surest].numpy().astype(np.uint8).reshape(-1, 2)
        found.append(base64.b64encode((pairs[:, 0] * 16 + pairs[:, 1]).tobytes()).decode())
    return found
