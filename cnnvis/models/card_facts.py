"""What a training leaves for the card of its network: data, confusions, curves, machine.

Apart from the cards, since whoever loads a network needs no training loop.
"""

import datetime
import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import torch

from cnnvis.data.image_set import ImageSet
from cnnvis.training.loop import has_bfloat16
from cnnvis.training.results import Evaluation, History


def facts_of_data(train: ImageSet, test: ImageSet) -> dict[str, Any]:
    """A card's ``data``."""
    source = train.source
    return {
        "title": source.title,
        "licence": source.licence,
        "citation": source.citation,
        "train": len(train),
        "test": len(test),
        "is_stand_in": source.is_stand_in,
    }


def confusion_counts(evaluation: Evaluation, count: int) -> list[list[int]]:
    """A card's ``confusions`` of ``count`` classes."""
    from sklearn.metrics import confusion_matrix

    table = confusion_matrix(evaluation.labels, evaluation.predictions, labels=range(count))
    return table.tolist()


def curves(histories: Sequence[History]) -> dict[str, list[float]]:
    """A card's ``history``: all phases; where one ends and the next begins there is one entry."""
    first, *later = histories
    found = {}
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"):
        values = [*getattr(first, name)]
        for one in later:
            values += getattr(one, name)[1:]
        found[name] = [round(value, 5) for value in values]
    return found


def facts_of_machine(device: torch.device) -> dict[str, Any]:
    """A card's ``hardware``, ``versions`` and ``date``."""
    libraries = {name: version(name) for name in ("torch", "torchvision", "numpy")}
    return {
        "hardware": _hardware(device),
        "versions": {"python": platform.python_version(), **libraries},
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }


def _hardware(device: torch.device) -> str:
    number = "bfloat16" if has_bfloat16(device) else "float32"
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name()}, forward pass in {number}"
    threads = torch.get_num_threads()
    return (
        f"{threads} thread{'s' * (threads > 1)} of a processor ({platform.machine()}, "
        f"{torch.backends.cpu.get_cpu_capability()}), forward pass in {number}"
    )
