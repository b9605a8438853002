"""An image set checks its fields, and is indexed as a tensor is."""

from dataclasses import FrozenInstanceError

import pytest
import torch

from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import Source

SOURCE = Source("mnist", "MNIST", "https://example.org", "MIT", "A (2020)")
IMAGES = torch.zeros(4, 1, 5, 3, dtype=torch.uint8)
LABELS = torch.tensor([0, 1, 1, 0])


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"images": IMAGES.numpy()}, TypeError, "images must be a tensor; got ndarray"),
        ({"images": IMAGES.float()}, TypeError, "images must be torch.uint8; got torch.float32"),
        ({"images": IMAGES[0]}, ValueError, r"shape \(N, C, H, W\); got \(1, 5, 3\)"),
        ({"labels": [0, 1, 1, 0]}, TypeError, "labels must be a tensor; got list"),
        ({"labels": LABELS.int()}, TypeError, "labels must be torch.int64; got torch.int32"),
        ({"labels": LABELS[:, None]}, ValueError, r"shape \(N,\); got \(4, 1\)"),
        ({"labels": LABELS[:3]}, ValueError, "got 4 images and 3 labels"),
        ({"labels": LABELS + 1}, ValueError, "from 0 to 1; got 2"),
        ({"labels": LABELS - 1}, ValueError, "from 0 to 1; got -1"),
        ({"classes": ["a", "b"]}, TypeError, "classes must be a tuple of names"),
        ({"classes": (1, 2)}, TypeError, "classes must be a tuple of names"),
        ({"source": "here"}, TypeError, "source must be a Source; got str"),
    ],
)
def test_image_sets_are_checked(change, kind, message):
    fields = {"images": IMAGES, "labels": LABELS, "classes": ("a", "b"), "source": SOURCE}
    with pytest.raises(kind, match=message):
        ImageSet(**fields | change)


def test_an_image_set():
    images = torch.arange(60, dtype=torch.uint8).reshape(4, 1, 5, 3)
    image_set = ImageSet(images, LABELS, ("a", "b"), SOURCE)
    assert len(image_set) == 4
    for index in (slice(1, 3), [1, 2], torch.tensor([1, 2]), LABELS == 1):
        assert torch.equal(image_set[index].images, images[1:3])
        assert image_set[index].labels.tolist() == [1, 1]
    assert torch.equal(image_set[-1].images, images[3:])
    assert len(image_set[4:]) == 0
    assert (image_set[:2].classes, image_set[:2].source) == (("a", "b"), SOURCE)
    with pytest.raises(IndexError):
        image_set[4]
    with pytest.raises(FrozenInstanceError):
        image_set.images = images
    shown = "ImageSet('mnist', images (4, 1, 5, 3), 2 classes, the real set: MNIST)"
    assert repr(image_set) == shown
