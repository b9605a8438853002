"""Scikit-learn's handwritten digits, made to look like MNIST's by geometry and fixed arithmetic."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from cnnvis.standins.checks import Images, check_split


def digits(split: str) -> Images:
    """Handwritten digits made to look like MNIST's: white on black, framed and centred alike.

    They are scikit-learn's copy of the UCI optical digits: pen strokes, scanned, stretched to
    fill a box of 32×32 pixels, and published as the count of ink in 8×8 blocks. Here the pixels
    are restored and the stretching undone, and then each digit is scaled to 20 pixels and
    centred by its mass, as MNIST was made. The same people wrote the digits of both splits.

    Args:
        split: ``"train"`` for 1,297 digits or ``"test"`` for the other 500.

    Returns:
        Images, uint8 (N, 1, 28, 28), 0 to 255; labels, int64 (N,); the names of the ten classes.

    Raises:
        TypeError: If the split is no text.
        ValueError: If it is neither of the two.

    References:
        The digits: Alpaydin and Kaynak (1998), doi:10.24432/C50P49. MNIST's frame: LeCun et al.
        (1998), doi:10.1109/5.726791.
    """
    check_split(split)
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    counts, labels = load_digits(return_X_y=True)
    parts = train_test_split(np.arange(len(labels)), test_size=500, stratify=labels, random_state=0)
    chosen = parts[split == "test"]
    ink = _restore(torch.tensor(counts[chosen], dtype=torch.float32).reshape(-1, 8, 8))
    images = _frame(ink).mul(255).round().to(torch.uint8).unsqueeze(1)
    return images, torch.tensor(labels[chosen], dtype=torch.int64), tuple("0123456789")


def _restore(counts: Tensor) -> Tensor:
    """Turn counts of ink, (N, 8, 8), 0 to 16, into drawings, (N, 32, 32), of zeros and ones.

    Each block of 4×4 pixels puts its ink where the surroundings, smoothed, are darkest.
    Repeated, this gives smooth outlines that agree with every count. Sums of whole numbers are
    exact, so that all machines draw the same.
    """
    wanted = np.arange(16) < counts.unsqueeze(-1).numpy()
    ink = counts.repeat_interleave(4, 1).repeat_interleave(4, 2)
    for _ in range(4):
        for _ in range(3):
            ink = F.avg_pool2d(ink, 3, stride=1, padding=1, divisor_override=1)
        darkness = ink.reshape(-1, 8, 4, 8, 4).transpose(2, 3).reshape(-1, 8, 8, 16).numpy()
        blocks = np.empty_like(darkness)
        np.put_along_axis(blocks, np.argsort(-darkness, kind="stable"), wanted, axis=-1)
        ink = torch.from_numpy(blocks).reshape(-1, 8, 8, 4, 4).transpose(2, 3).reshape(-1, 32, 32)
    return ink


def _frame(ink: Tensor) -> Tensor:
    """Unstretch drawings, (N, 32, 32), and frame them like MNIST, (N, 28, 28), 0 to 1.

    How far a digit was stretched is seen by its strokes: a narrow 1 that fills the box is a very
    fat one. Digits whose strokes are thicker than 6 pixels (twice the ink by the outline) are
    squeezed. Then the longer side becomes 20 pixels, and the centre of mass the frame's centre.
    """
    padded = F.pad(ink, (1, 1, 1, 1))
    outline = sum(padded.diff(dim=axis).abs().sum((1, 2)) for axis in (1, 2)) * torch.pi / 4
    squeeze = (6 * outline / (2 * ink.sum((1, 2)))).square().clamp(max=1)
    rows, columns = ink.sum(2), ink.sum(1)
    zoom = 20 / torch.maximum((rows > 0).sum(1), (columns > 0).sum(1) * squeeze)
    even = (2 * F.avg_pool2d(ink, 3, stride=1, padding=1) - 0.7).clamp(0, 1)
    return _shares(rows, zoom) @ even @ _shares(columns, zoom * squeeze).transpose(1, 2)


def _shares(mass: Tensor, zoom: Tensor) -> Tensor:
    """What part of each of 28 pixels of the frame each of a drawing's 32 covers, along one axis.

    The ink along that axis, (N, 32), and how many pixels of the frame make one of the
    drawing's, (N,), become shares of 0 to 1, (N, 28, 32).
    """
    start = torch.arange(32.0)
    centre = (mass * (start + 0.5)).sum(1, keepdim=True) / mass.sum(1, keepdim=True)
    edges = (centre + (torch.arange(29) - 14) / zoom[:, None])[:, :, None]
    overlap = torch.minimum(edges[:, 1:], start + 1) - torch.maximum(edges[:, :-1], start)
    return overlap.clamp(min=0) * zoom[:, None, None]
