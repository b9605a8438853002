"""Networks that come with the package, each with a card that says how it was made."""

import difflib
import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load as read_weights
from safetensors.torch import save as pack_weights
from torch import nn

from cnnvis.atomic import checksum, replace_file
from cnnvis.models.architectures import build
from cnnvis.models.model_cards import ModelCard

FOLDER = Path(__file__).parents[1] / "weights"
NETWORKS = ("mnist", "fashion-mnist", "cifar10")


class Pretrained(NamedTuple):
    """A trained network and its card.

    Attributes:
        network: In evaluation mode, float32, on the CPU; takes float images (N, C, H, W) from
            0 to 1 and gives logits (N, K).
        card: What is known of it.
    """

    network: nn.Module
    card: ModelCard


def load_pretrained(name: str, folder: str | Path | None = None) -> Pretrained:
    """Load a network that has been trained before.

    Its weights are rounded to half precision in the file; they are calculated with in float32.
    Normalization is folded into the convolutions.

    ::

        network, card = load_pretrained("mnist")

    Args:
        name: ``"mnist"``, ``"fashion-mnist"`` or ``"cifar10"``, or another name in ``folder``.
        folder: Holds ``NAME.safetensors`` and ``NAME.json``, as ``python -m cnnvis train`` writes
            them; by default the package's own.

    Returns:
        Pretrained: The network and its card.

    Raises:
        TypeError: If the name is no text.
        ValueError: If there is no network of that name, or its files don't fit together.
    """
    folder = FOLDER if folder is None else Path(folder).expanduser()
    if not isinstance(name, str):
        raise TypeError(f"name must be a text such as 'mnist'; got {type(name).__name__}.")
    weights, card = folder / f"{name}.safetensors", folder / f"{name}.json"
    cards = [path for path in folder.glob("*.json") if path.is_file()]
    known = sorted(one.stem for one in cards if one.with_suffix(".safetensors").is_file())
    if name not in known:
        near = difflib.get_close_matches(name.lower().replace("_", "-"), known, 1)
        raise ValueError(
            f"name must be one of {', '.join(map(repr, known)) or f'none: {folder} holds none'}; "
            f"got {name!r}." + (f" Did you mean {near[0]!r}?" if near else "")
        )
    try:
        return _read(weights.read_bytes(), json.loads(card.read_text("utf-8")))
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise ValueError(
            f"{weights.name} and {card.name} must be a network and its card, as `python -m cnnvis "
            f"train` writes them; those in {folder} are not: {error}"
        ) from error


def save_pretrained(network: nn.Module, card: dict[str, Any], folder: str | Path) -> Path:
    """Write a network's weights, rounded to half precision, and its card.

    Args:
        network: One of `cnnvis.models`, float32.
        card: The fields of a `ModelCard` but for ``sha256``.
        folder: Where to; made if it isn't there.

    Returns:
        The path of the card; the weights lie beside it.
    """
    folder = Path(folder).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    packed = pack_weights(half_precision(network))
    whole = ModelCard(**card, sha256=checksum(packed))
    replace_file(folder / f"{whole.name}.safetensors", packed)
    path = folder / f"{whole.name}.json"
    replace_file(path, (json.dumps(asdict(whole), indent=1, ensure_ascii=False) + "\n").encode())
    return path


def half_precision(network: nn.Module) -> dict[str, torch.Tensor]:
    """A network's weights in half precision, as they lie in the file."""
    return {
        name: value.detach().to("cpu", torch.float16).contiguous()
        for name, value in network.state_dict().items()
    }


def _read(packed: bytes, card: dict[str, Any]) -> Pretrained:
    if not isinstance(card, dict) or set(card) != {field.name for field in fields(ModelCard)}:
        raise ValueError("the card doesn't have the fields of a ModelCard.")
    if (found := checksum(packed)) != card["sha256"]:
        raise ValueError(f"the card is for weights with another checksum; got {found}.")
    with torch.device("meta"):  # sizes alone: a card can't ask for more memory than its weights
        network = build(card["architecture"], seed=0)
    weights = {name: value.float() for name, value in read_weights(packed).items()}
    if broken := [name for name, value in weights.items() if not value.isfinite().all()]:
        raise ValueError(f"weights must be finite; those of {broken[0]} are not.")
    network.load_state_dict(weights, assign=True)
    return Pretrained(network.eval(), ModelCard(**card))
