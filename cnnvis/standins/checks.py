"""What all stand-ins have in common: two splits, and images with labels."""

from torch import Tensor

Images = tuple[Tensor, Tensor, tuple[str, ...]]  # images, labels, names of the classes


def check_split(split: str) -> None:
    """Raise a ``ValueError`` unless the split is one of the two."""
    if split not in ("train", "test"):
        raise ValueError(f"split must be 'train' or 'test'; got {split!r}.")
