"""What one should know of a network that comes trained: its card."""

from dataclasses import dataclass
from typing import Any

from torch import nn

from cnnvis.models.architectures import build
from cnnvis.training.results import History


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
            correctly, 0 to 1.
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
            f"{self.accuracy:.2%} of the {images:,} test images correctly "
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
        epochs = len(self.history["train_loss"]) - 1
        return History(batch_size=size, epochs=epochs, seconds=seconds, **self.history)

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
