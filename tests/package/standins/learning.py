"""How well a small network learns a stand-in."""

import torch

from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import Source
from cnnvis.models.architectures import SmallCNN
from cnnvis.training.loop import evaluate, fit


def accuracy_of_a_small_network(splits, **how):
    """Train on one split, with the options of `fit`, and return the accuracy on the other."""
    source = Source("name", "title", "origin", "licence", "citation")
    train, test = (ImageSet(*splits[split], source) for split in ("train", "test"))
    torch.manual_seed(0)
    model = SmallCNN(train.images.shape[1], len(train.classes))
    fit(model, train, **how)
    return evaluate(model, test).accuracy
