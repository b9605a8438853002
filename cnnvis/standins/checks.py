"""What all stand-ins have in common: what they give, and how they check what they are asked."""

import operator

from torch import Tensor

Images = tuple[Tensor, Tensor, tuple[str, ...]]  # images, labels, names of the classes


def check_split(split: str) -> None:
    """Check that a split is one of the two.

    Raises:
        TypeError: If it is no text.
        ValueError: If it is another one.
    """
    if not isinstance(split, str):
        raise TypeError(f"split must be 'train' or 'test'; got {type(split).__name__} {split!r}.")
    if split not in ("train", "test"):
        raise ValueError(f"split must be 'train' or 'test'; got {split!r}.")


def whole_number(name: str, value: int, least: int) -> int:
    """A number that was asked for, as Python's own.

    Raises:
        TypeError: If it is not a whole one.
        ValueError: If it is below ``least``.
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name} must be a whole number; got {type(value).__name__} {value!r}. "
            f"Pass {least} or more."
        ) from None
    if number < least:
        raise ValueError(f"{name} must be {least} or more; got {number}.")
    return number
