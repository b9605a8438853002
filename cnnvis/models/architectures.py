"""Small networks whose layers have readable names, and batch normalization put in and folded."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from cnnvis.layers.hooks import capture, eval_mode


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


def _check_sizes(
    name: str, count: int, fits: str, in_channels: int, n_classes: int, widths: Sequence[int]
) -> None:
    if len(widths) != count or min(in_channels, n_classes, *widths) < 1:
        raise ValueError(
            f"{name} needs in_channels, n_classes and {count} widths of at least 1; got "
            f"in_channels={in_channels}, n_classes={n_classes}, widths={tuple(widths)}. "
            f"The defaults fit images like {fits}'s."
        )


def add_normalization(model: nn.Module, images: Tensor | None = None) -> nn.Module:
    """Put batch normalization behind every convolution of a model, for its training.

    Normalization after Ioffe and Szegedy (2015, https://arxiv.org/abs/1502.03167). Each
    convolution becomes a sequence of itself and its normalization, under its old name.

    Args:
        model: Any module that isn't itself a convolution; it is changed in place.
        images: Float tensor (N, C, H, W) such as the model takes, for a model that is trained
            already: each normalization then starts with the means and deviations that these
            images cause, so that the outputs stay as they are. The kernels are scaled to the
            length of new ones; behind a normalization only their direction counts, but long ones
            would hardly move.

    Returns:
        nn.Module: The same model, in the mode that it was in.
    """
    outputs = {} if images is None else _convolved(model, images)
    prefixes = {parent: f"{name}." if name else "" for name, parent in model.named_modules()}
    for parent, prefix in prefixes.items():
        for name, layer in list(parent.named_children()):
            if isinstance(layer, nn.Conv2d):
                norm = nn.BatchNorm2d(layer.out_channels).to(layer.weight.device)
                if images is not None:
                    _keep_outputs(layer, norm, outputs[prefix + name])
                setattr(parent, name, nn.Sequential(layer, norm).train(layer.training))
    return model


def fold_normalization(model: nn.Module) -> nn.Module:
    """Make each convolution do what its batch normalization did, in evaluation mode.

    Args:
        model: What `add_normalization` made, in evaluation mode; it is changed in place.

    Returns:
        nn.Module: The same model, with the layers that it had before normalization was added, and
        the same logits up to rounding.

    Raises:
        ValueError: If the model is in training mode.
    """
    if model.training:
        raise ValueError("the model must be in evaluation mode; call model.eval() first.")
    for parent in list(model.modules()):
        for name, layer in list(parent.named_children()):
            if isinstance(layer, nn.Sequential) and _kinds(layer) == (nn.Conv2d, nn.BatchNorm2d):
                setattr(parent, name, fuse_conv_bn_eval(*layer))
    return model


def _convolved(model: nn.Module, images: Tensor) -> dict[str, Tensor]:
    with capture(model, nn.Conv2d) as outputs, eval_mode(model), torch.no_grad():
        model(images)
    return dict(outputs)


def _keep_outputs(layer: nn.Conv2d, norm: nn.BatchNorm2d, outputs: Tensor) -> None:
    """Let a normalized layer go on giving outputs (N, C, H, W), with kernels of another length."""
    variance, mean = torch.var_mean(outputs, dim=(0, 2, 3), correction=0)
    with torch.no_grad():
        factor = math.sqrt(layer.out_channels / 3) / layer.weight.norm().clamp(min=1e-12)
        for part in filter(lambda one: one is not None, (layer.weight, layer.bias)):
            part *= factor
        norm.running_mean.copy_(mean * factor)
        norm.running_var.copy_(variance * factor.square())
        norm.weight.copy_((variance + norm.eps / factor.square()).sqrt())
        norm.bias.copy_(mean)


def _kinds(layers: nn.Sequential) -> tuple[type, ...]:
    return tuple(type(layer) for layer in layers)
