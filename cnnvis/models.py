"""Small networks whose layers have readable names."""

from torch import Tensor, nn


class SmallCNN(nn.Module):
    """A network of three convolutions, small enough to train while one waits.

    The layers run in the order of their names: ``conv1``, ``relu1``, ``pool1``, the same
    again with 2 and 3, then ``squeeze``, which brings the maps to 3×3 whatever the picture's
    size, and the fully connected ``fc``. Kernels are 3×3 with a border of one zero, so that
    only pooling makes the maps smaller.

    Args:
        in_channels: Channels of the pictures: 1 for grey, 3 for colour.
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
        widths = tuple(widths)
        if len(widths) != 3 or min(in_channels, n_classes, *widths) < 1:
            raise ValueError(
                "SmallCNN needs in_channels, n_classes and three widths of at least 1; got "
                f"in_channels={in_channels}, n_classes={n_classes}, widths={widths}. "
                "The defaults, 1, 10 and (16, 32, 32), fit pictures like MNIST's."
            )
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

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits of a batch of pictures.

        Args:
            pictures: Float tensor (N, in_channels, H, W), values 0 to 1; H and W at least 8.

        Returns:
            Float tensor (N, n_classes): the higher, the likelier the class.
        """
        maps = self.pool1(self.relu1(self.conv1(pictures)))
        maps = self.pool2(self.relu2(self.conv2(maps)))
        maps = self.pool3(self.relu3(self.conv3(maps)))
        return self.fc(self.squeeze(maps).flatten(1))
