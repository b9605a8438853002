"""The explorer's network and sample digits, exported from the package as a text for the page."""

import base64
import json

import numpy as np

LEVELS = 15  # shades between black and white that a drawing can have


def network_text(network, card):
    """A network as JSON: its layers, its weights in half precision, some digits."""
    from cnnvis.models.pretrained import (
        half_precision,  # here, since a build that changes no page needs no PyTorch
    )

    weights = half_precision(network)
    facts = {
        "name": card.name,
        "classes": card.classes,
        "size": 28,
        "layers": [[layer, type(module).__name__] for layer, module in network.named_children()],
        "shapes": {key: list(value.shape) for key, value in weights.items()},
        "weights": _packed(np.concatenate([value.numpy().ravel() for value in weights.values()])),
        "levels": LEVELS,
        "digits": _digits(network),
    }
    return json.dumps(facts, separators=(",", ":"))


def _packed(values):
    """Base64 of half-precision numbers, little-endian; all first bytes, then all second ones.

    Apart, the bytes that hold signs and exponents compress better.
    """
    pairs = values.astype("<f2").view(np.uint8).reshape(-1, 2)
    return base64.b64encode(pairs.T.tobytes()).decode()


def _digits(network):
    """One handwritten digit of each class that the network names rightly, two pixels a byte."""
    import torch

    from cnnvis.standins.digits import digits

    images, labels, classes = digits("test")
    shades = (images.float() / 255 * LEVELS).round()
    with torch.no_grad():
        likely = torch.softmax(network(shades / LEVELS), 1)
    found = []
    for label in range(len(classes)):
        sure = torch.where(labels == label, likely[:, label], 0)
        flat = shades[sure.argmax()].numpy().astype(np.uint8).reshape(-1, 2)
        found.append(base64.b64encode((flat[:, 0] * 16 + flat[:, 1]).tobytes()).decode())
    return found
