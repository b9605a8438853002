"""What a training run and a measurement give back."""

from dataclasses import dataclass, field

from torch import Tensor


@dataclass
class History:
    """How a training run went. Losses are cross-entropies in nats, accuracies shares of 1.

    Attributes:
        step_loss: Loss of each batch as it was learned from, changed and with smoothed targets if
            the run asked for that, just before the step.
        step_accuracy: Accuracy on each batch, likewise.
        train_loss: Loss after each epoch on a fixed share of the training images, as many as
            there are test images or 10,000; entry 0 is the network before training;
            empty where `fit` was told not to measure.
        train_accuracy: Accuracy on the same images.
        test_loss: Loss after each epoch on the test images; empty without any.
        test_accuracy: Accuracy on the test images, likewise.
        batch_size: Images in a batch.
        epochs: Number of epochs trained.
        seconds: Duration of the run, measurements and watching included.
    """

    batch_size: int
    epochs: int = 0
    step_loss: list[float] = field(default_factory=list)
    step_accuracy: list[float] = field(default_factory=list)
    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_loss: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        rows = [
            "epoch  train loss  train accuracy"
            + ("  test loss  test accuracy" if self.test_loss else "")
        ]
        for epoch, (loss, accuracy) in enumerate(
            zip(self.train_loss, self.train_accuracy, strict=True)
        ):
            row = f"{epoch:5d}  {loss:10.4f}  {accuracy:14.2%}"
            if self.test_loss:
                row += f"  {self.test_loss[epoch]:9.4f}  {self.test_accuracy[epoch]:13.2%}"
            rows.append(row)
        return "\n".join(rows)


@dataclass(frozen=True)
class Evaluation:
    """What a network makes of labelled images.

    Attributes:
        probabilities: float32 tensor (N, K): each image's probability for each class.
        labels: int64 tensor (N,): the true classes.
        loss: Mean cross-entropy in nats.
    """

    probabilities: Tensor
    labels: Tensor
    loss: float

    @property
    def predictions(self) -> Tensor:
        """int64 tensor (N,): the likeliest class of each image."""
        return self.probabilities.argmax(dim=1)

    @property
    def accuracy(self) -> float:
        """Share of the images whose likeliest class is the true one, 0 to 1."""
        return (self.predictions == self.labels).float().mean().item()
