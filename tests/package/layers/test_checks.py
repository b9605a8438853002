"""The wrong kind of argument is a TypeError in every public function that takes it."""

import numpy as np
import pytest
import torch
from torch import nn

import cnnvis
from cnnvis import ImageSet, SmallCNN
from cnnvis.data.registry import source_of

IMAGES = ImageSet(
    torch.zeros(4, 1, 12, 12, dtype=torch.uint8),
    torch.arange(4) % 2,
    ("a", "b"),
    source_of("mnist", is_stand_in=True),
)
MODEL = SmallCNN(widths=(1, 1, 1), n_classes=2)
MAPS, LABELS = torch.rand(4, 3, 2, 2), torch.arange(4) % 2


def capture(*arguments):
    with cnnvis.capture(*arguments):
        pass


def eval_mode(model):
    with cnnvis.eval_mode(model):
        pass


def ablate(*arguments):
    with cnnvis.ablate(*arguments):
        pass


# What each function is called with when nothing is wrong.
CALLS = {
    capture: (MODEL, "conv1"),
    eval_mode: (MODEL,),
    ablate: (MODEL, "conv1", 0),
    cnnvis.layer_table: (MODEL, torch.rand(1, 1, 12, 12)),
    cnnvis.fit: (MODEL, IMAGES, IMAGES),
    cnnvis.evaluate: (MODEL, IMAGES),
    cnnvis.top_patches: (MODEL, "conv1", IMAGES),
    cnnvis.channel_statistics: (MODEL, "conv1", IMAGES),
    cnnvis.layer_features: (MODEL, "conv1", IMAGES),
    cnnvis.layer_probes: (MODEL, "conv1", IMAGES, IMAGES),
    cnnvis.ablation_effects: (MODEL, "conv1", IMAGES),
    cnnvis.shift_sensitivity: (MODEL, "conv1", IMAGES),
    cnnvis.class_selectivity: (MAPS, LABELS),
    cnnvis.map_correlation: (MAPS, torch.rand(4, 1, 4, 4)),
    cnnvis.linear_probe: (MAPS, LABELS, MAPS, LABELS),
    cnnvis.project_features: (MAPS,),
}
OPTIONS = {
    cnnvis.fit: [
        ("epochs", 1.5),
        ("batch_size", "32"),
        ("learning_rate", "0.1"),
        ("label_smoothing", "0.1"),
        ("seed", 0.5),
        ("optimizer", "adam"),
        ("augment", 2),
        ("watch", True),
        ("preprocess", ([0.5], [0.5])),
    ],
    cnnvis.evaluate: [("batch_size", 2.0), ("preprocess", "imagenet")],
    cnnvis.top_patches: [("count", 2.5), ("batch_size", None), ("preprocess", 0.5)],
    cnnvis.channel_statistics: [("batch_size", "500"), ("preprocess", 0.5)],
    cnnvis.layer_features: [("side", 1.5), ("batch_size", 1.5), ("preprocess", 0.5)],
    cnnvis.layer_probes: [("side", 1.5), ("preprocess", nn.Identity)],
    cnnvis.ablation_effects: [("channels", 3), ("batch_size", 1.5), ("preprocess", 0.5)],
    cnnvis.shift_sensitivity: [("shift", 0.5), ("preprocess", 0.5)],
    cnnvis.linear_probe: [("penalty", "little")],
    cnnvis.project_features: [("dimensions", 1.5)],
    cnnvis.Augment: [
        ("shift", 1.5),
        ("degrees", "8"),
        ("erase", 2.5),
        ("flip", 1),
        ("scale", None),
    ],
}
MODELS = [f for f, arguments in CALLS.items() if arguments[0] is MODEL]
IMAGE_SETS = [(f, at) for f, all_ in CALLS.items() for at, one in enumerate(all_) if one is IMAGES]
TENSORS = [
    (f, at) for f, all_ in CALLS.items() for at, one in enumerate(all_) if torch.is_tensor(one)
]


def called(function, position, value):
    arguments = list(CALLS[function])
    arguments[position] = value
    return function(*arguments)


@pytest.mark.parametrize("function", CALLS)
def test_nothing_is_wrong_with_the_right_kinds(function):
    function(*CALLS[function])


@pytest.mark.parametrize("model", ["conv1", print, SmallCNN, None, IMAGES])
@pytest.mark.parametrize("function", MODELS)
def test_a_model_that_is_no_module(function, model):
    with pytest.raises(
        TypeError, match=r"model must be a torch\.nn\.Module; got .*wrap a function"
    ):
        called(function, 0, model)


@pytest.mark.parametrize("images", [[1, 2], "mnist", np.zeros((4, 1, 12, 12)), MODEL])
@pytest.mark.parametrize(("function", "at"), IMAGE_SETS)
def test_images_of_the_wrong_kind(function, at, images):
    with pytest.raises(
        TypeError, match=r"must be an ImageSet.*; got (list|str|ndarray|SmallCNN)\."
    ):
        called(function, at, images)


@pytest.mark.parametrize(("function", "at"), TENSORS)
def test_arrays_and_lists_instead_of_tensors(function, at):
    for wrong in (CALLS[function][at].numpy(), CALLS[function][at].tolist(), None):
        with pytest.raises(TypeError, match=r"must be a tensor.*; got (ndarray|list|NoneType)"):
            called(function, at, wrong)


@pytest.mark.parametrize(
    ("function", "option", "value"),
    [(function, *option) for function, options in OPTIONS.items() for option in options],
)
def test_options_of_the_wrong_kind(function, option, value):
    with pytest.raises(TypeError, match=rf"{option} must be .*; got"):
        function(*CALLS.get(function, ()), **{option: value})


def test_the_hints_work():
    """What a message tells to do is done."""

    class Wrapped(nn.Module):
        def forward(self, x):
            return torch.relu(x)

    capture(Wrapped(), None)
    assert cnnvis.class_selectivity(MAPS, torch.as_tensor(LABELS.numpy())).shape == (3,)
    cnnvis.layer_features(MODEL, "conv1", torch.from_numpy(np.zeros((4, 1, 12, 12))))
    cnnvis.layer_features(MODEL, "conv1", torch.zeros(1, 12, 12)[None])
    cnnvis.ablation_effects(MODEL, "conv1", IMAGES, [0])
