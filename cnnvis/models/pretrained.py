"""Networks that come with the package, each with a card that says how it was made."""

import difflib
import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load as read_weights
from safetensors.torch import save as pack_weights
from torch import nn

from cnnvis.atomic import replace_file
from cnnvis.models import architectures
from cnnvis.training.loop import History

FOLDER = Path(__file__).parents[1] / "weights"
NAMES = ("mnist", "fashion-mnist", "cifar10")


@dataclass(frozen=True)
class ModelCard:
    """What one should know of a network before using it (Mitchell et al., 2019).

    After "Model Cards for Model Reporting", https://doi.org/10.1145/3287560.3287596. Prints as a
    short text.

    Attributes:
        name: The network's name, that of the image set that it learned from.
        data: The image set: ``title``, ``licence``, ``citation``, ``train`` and ``test`` (numbers
            of images), ``is_stand_in``.
        classes: What its logits stand for.
        architecture: ``class`` in `cnnvis.models` and its ``arguments``.
        parameters: Number of weights and biases.
        accuracy: Share of the test images that the weights as shipped, after rounding, name
            rightly, 0 to 1.
        runs: For each training by this recipe, ``seed``, ``accuracy`` of its rounded weights on
            the test images, and ``seconds``. The first is the one that is shipped.
        confusions: Test images by true class (rows) and named class (columns).
        recipe: How it was trained, as text by keyword.
        history: ``train_loss``, ``train_accuracy``, ``test_loss`` and ``test_accuracy`` before
            training and after each epoch, of the network before rounding. The images were
            changed at random and the targets smoothed in training, but not for these numbers.
        hardware: What it was trained on.
        versions: Of Python and the libraries.
        date: Day of the training.
        intended_use: What it is for.
        limits: What it can't do.
        sha256: Checksum of the file with the weights.
    """

    name: str
    data: dict[str, Any]
    classes: list[str]
    architecture: dict[str, Any]
    parameters: int
    accuracy: float
    runs: list[dict[str, float]]
    confusions: list[list[int]]
    recipe: dict[str, str]
    history: dict[str, list[float]]
    hardware: str
    versions: dict[str, str]
    date: str
    intended_use: str
    limits: str
    sha256: str

    def __str__(self) -> str:
        kind, images = self.architecture["class"], self.data["test"]
        accuracies = ", ".join(f"{run['accuracy']:.2%}" for run in self.runs)
        return (
            f"{self.name}: a {kind} of {self.parameters:,} parameters, trained on "
            f"{self.data['title']} ({self.data['train']:,} images) on {self.date}; names "
            f"{self.accuracy:.2%} of the {images:,} test images rightly "
            f"(accuracies of {len(self.runs)} training{'s' * (len(self.runs) > 1)} by this "
            f"recipe: {accuracies})"
        )

    def untrained(self) -> nn.Module:
        """The network as it was before its training, drawn anew from its seed.

        Returns:
            nn.Module: Of the same architecture, in evaluation mode; on one version of PyTorch the
            very weights from which the training set out.
        """
        return build(self.architecture, int(self.recipe["seed"])).eval()

    def training(self) -> History:
        """The curves of the training, for `plot_history`; single steps weren't recorded.

        Returns:
            History: Loss and accuracy before training and after each epoch, on the images that
            the network learned from (as many as there are test images) and the test images.
        """
        size, seconds = int(self.recipe["batch size"]), self.runs[0]["seconds"]
        return History(batch_size=size, seconds=seconds, **self.history)

    def confused(self, count: int = 3) -> list[tuple[str, str, int]]:
        """The most frequent confusions.

        Args:
            count: How many.

        Returns:
            list of (true class, named class, number of test images), most frequent first; less
            than ``count`` where no more happened.
        """
        found = [
            (self.classes[true], self.classes[named], number)
            for true, row in enumerate(self.confusions)
            for named, number in enumerate(row)
            if true != named and number
        ]
        return sorted(found, key=lambda one: -one[2])[:count]


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
    packed = pack_weights(half(network))
    whole = ModelCard(**card, sha256=hashlib.sha256(packed).hexdigest())
    replace_file(folder / f"{whole.name}.safetensors", packed)
    path = folder / f"{whole.name}.json"
    replace_file(path, (json.dumps(asdict(whole), indent=1, ensure_ascii=False) + "\n").encode())
    return path


def half(network: nn.Module) -> dict[str, torch.Tensor]:
    """A network's weights in half precision, as they lie in the file."""
    return {
        name: value.detach().to("cpu", torch.float16).contiguous()
        for name, value in network.state_dict().items()
    }


def build(architecture: dict[str, Any], seed: int) -> nn.Module:
    """A new network from a card's ``architecture``; ``seed`` decides its random weights."""
    kinds = {"SmallCNN": architectures.SmallCNN, "PhotoCNN": architectures.PhotoCNN}
    kind = architecture["class"]
    if kind not in kinds:
        raise ValueError(f"the class must be one of {', '.join(kinds)}; got {kind!r}.")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return kinds[kind](**architecture["arguments"])


def _read(packed: bytes, card: dict[str, Any]) -> Pretrained:
    if not isinstance(card, dict) or set(card) != {field.name for field in fields(ModelCard)}:
        raise ValueError("the card doesn't have the fields of a ModelCard.")
    if (found := hashlib.sha256(packed).hexdigest()) != card["sha256"]:
        raise ValueError(f"the card is for weights with another checksum; got {found}.")
    with torch.device("meta"):  # sizes alone: a card can't ask for more memory than its weights
        network = build(card["architecture"], seed=0)
    weights = {name: value.float() for name, value in read_weights(packed).items()}
    if broken := [name for name, value in weights.items() if not value.isfinite().all()]:
        raise ValueError(f"weights must be finite; those of {broken[0]} are not.")
    network.load_state_dict(weights, assign=True)
    return Pretrained(network.eval(), ModelCard(**card))
