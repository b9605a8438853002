"""Small networks whose layers have readable names."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import torch
from torch import Tensor, nn


class SmallCNN(nn.Module):
    """A network of three convolutions, small enough to train while one waits.

    The layers run in the order of their names: ``conv1``, ``relu1``, ``pool1``, the same
    again with 2 and 3, then ``squeeze``, which brings the maps to 3×3 whatever the image's
    size, and the fully connected ``fc``. Kernels are 3×3 with a border of one zero, so that
    only pooling makes the maps smaller.

    Args:
        in_channels: Channels of the images: 1 for grey, 3 for colour.
        n_classes: Number of classes, the length of each row of logits.
        widths: Number of filters of each of the three convolutions.

    Raises:
        TypeError: If a number isn't whole, or ``widths`` is no sequence.
        ValueError: If a number is below 1, or ``widths`` doesn't hold three of them.

    Example:
        >>> network = SmallCNN(widths=(8, 16, 32))
        >>> network(torch.zeros(5, 1, 28, 28)).shape
        torch.Size([5, 10])
    """

    def __init__(
        self,
        in_channels: int = 1,
        n_classes: int = 10,
        widths: tuple[int, int, int] = (16, 32, 32),
    ):
        _check_sizes("SmallCNN", 3, "MNIST", in_channels, n_classes, widths)
        super().__init__()
        first, second, third = widths
        self.conv1 = nn.Conv2d(in_channels, first, kernel_size=3, padding=1)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(first, second, kernel_size=3, padding=1)
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(2)
        self.conv3 = nn.Conv2d(second, third, kernel_size=3, padding=1)
        self.relu3 = nn.ReLU()
        self.pool3 = nn.MaxPool2d(2)
        self.squeeze = nn.AdaptiveAvgPool2d(3)
        self.fc = nn.Linear(third * 3 * 3, n_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Logits of a batch of images.

        Args:
            images: Float tensor (N, in_channels, H, W), values 0 to 1; H and W at least 8.

        Returns:
            Float tensor (N, n_classes): the higher, the likelier the class.
        """
        maps = self.pool1(self.relu1(self.conv1(images)))
        maps = self.pool2(self.relu2(self.conv2(maps)))
        maps = self.pool3(self.relu3(self.conv3(maps)))
        return self.fc(self.squeeze(maps).flatten(1))


class PhotoCNN(nn.Module):
    """A plain network of eight convolutions in four stages, for small colour photographs.

    The layers run in the order of their names. A stage is two convolutions, each with a ReLU, and
    a pooling: ``conv1a``, ``relu1a``, ``conv1b``, ``relu1b``, ``pool1``, and so on. Behind the
    fourth stage ``squeeze`` takes the mean of each map, and ``fc`` weighs these means. Kernels of
    ``conv1a`` are 5×5, all others 3×3, with borders of zeros, so that only pooling makes the maps
    smaller.

    Args:
        in_channels: Channels of the images: 1 for grey, 3 for colour.
        n_classes: Number of classes, the length of each row of logits.
        widths: Number of filters of each of the eight convolutions.

    Raises:
        TypeError: If a number isn't whole, or ``widths`` is no sequence.
        ValueError: If a number is below 1, or ``widths`` doesn't hold eight of them.

    Example:
        >>> network = PhotoCNN()
        >>> network(torch.zeros(5, 3, 32, 32)).shape
        torch.Size([5, 10])
    """

    def __init__(
        self,
        in_channels: int = 3,
        n_classes: int = 10,
        widths: Sequence[int] = (32, 64, 96, 96, 128, 128, 176, 192),
    ):
        _check_sizes("PhotoCNN", 8, "CIFAR-10", in_channels, n_classes, widths)
        super().__init__()
        before = in_channels
        names = [f"{stage}{letter}" for stage in "1234" for letter in "ab"]
        for name, width in zip(names, widths, strict=True):
            size = 5 if name == "1a" else 3
            self.add_module(f"conv{name}", nn.Conv2d(before, width, size, padding=size // 2))
            self.add_module(f"relu{name}", nn.ReLU())
            if name in ("1b", "2b", "3b"):
                self.add_module(f"pool{name[0]}", nn.MaxPool2d(2))
            before = width
        self.squeeze = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(before, n_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Logits of a batch of images.

        Args:
            images: Float tensor (N, in_channels, H, W), values 0 to 1; H and W at least 8.

        Returns:
            Float tensor (N, n_classes): the higher, the likelier the class.
        """
        maps = images
        for name, layer in self.named_children():
            maps = layer(maps.flatten(1) if name == "fc" else maps)
        return maps


def build(architecture: dict[str, Any], seed: int) -> nn.Module:
    """A new network from a card's ``architecture``; ``seed`` decides its random weights."""
    kinds = {"SmallCNN": SmallCNN, "PhotoCNN": PhotoCNN}
    kind = architecture["class"]
    if kind not in kinds:
        raise ValueError(f"the class must be one of {', '.join(kinds)}; got {kind!r}.")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return kinds[kind](**architecture["arguments"])


def _check_sizes(
    name: str, count: int, fits: str, in_channels: Any, n_classes: Any, widths: Any
) -> None:
    listed = isinstance(widths, Sequence)
    numbers = (in_channels, n_classes, *widths) if listed else (widths,)
    whole = listed and all(isinstance(number, Integral) for number in numbers)
    if not whole or len(widths) != count or min(numbers) < 1:
        kind = ValueError if whole else TypeError
        raise kind(
            f"{name} needs in_channels, n_classes and {count} widths of at least 1, all whole "
            f"numbers; got in_channels={in_channels!r}, n_classes={n_classes!r}, "
            f"widths={tuple(widths) if whole else widths!r}. The defaults fit images like {fits}'s."
        )
