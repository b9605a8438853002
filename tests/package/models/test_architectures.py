"""The networks run their layers in the order of their names, whatever the images' size."""

import pytest
import torch
import torch.nn.functional as F

from cnnvis.layers.hooks import capture
from cnnvis.models.architectures import PhotoCNN, SmallCNN, build

LAYERS = [f"{kind}{at}" for at in (1, 2, 3) for kind in ("conv", "relu", "pool")] + [
    "squeeze",
    "fc",
]


def test_layers_are_defined_and_run_in_the_order_of_their_names():
    network = SmallCNN()
    assert [name for name, _ in network.named_children()] == LAYERS
    with capture(network) as maps:
        network(torch.rand(2, 1, 28, 28))
    assert list(maps) == LAYERS


def test_only_pooling_makes_the_maps_smaller():
    with capture(network := SmallCNN(3, 7, (4, 5, 6))) as maps:
        logits = network(torch.rand(2, 3, 32, 20))
    assert [tuple(one.shape[1:]) for one in maps.values()] == [
        (4, 32, 20),
        (4, 32, 20),
        (4, 16, 10),
        (5, 16, 10),
        (5, 16, 10),
        (5, 8, 5),
        (6, 8, 5),
        (6, 8, 5),
        (6, 4, 2),
        (6, 3, 3),
        (7,),
    ]
    assert logits.shape == (2, 7)


def test_it_is_convolution_relu_and_pooling_and_nothing_else():
    network, x = SmallCNN(widths=(2, 3, 4)), torch.rand(3, 1, 42, 57)
    expected = x
    for conv in (network.conv1, network.conv2, network.conv3):
        expected = F.conv2d(expected, conv.weight, conv.bias, padding=1)
        expected = F.max_pool2d(expected.clamp(min=0), 2)
    expected = F.adaptive_avg_pool2d(expected, (3, 3)).flatten(1)
    expected = expected @ network.fc.weight.T + network.fc.bias
    torch.testing.assert_close(network(x), expected)
    network.train()
    torch.testing.assert_close(network(x), expected)


def test_pre_activations_are_recorded_with_their_signs():
    with capture(network := SmallCNN(), copy=False) as maps:
        network(torch.rand(1, 1, 28, 28))
    assert (maps["conv1"] < 0).any()
    assert torch.equal(maps["relu1"], maps["conv1"].relu())


@pytest.mark.parametrize("height", [8, 9, 15, 28, 64, 101])
@pytest.mark.parametrize("width", [8, 33])
def test_any_image_of_at_least_8_pixels(height, width):
    assert SmallCNN(widths=(1, 1, 1))(torch.rand(1, 1, height, width)).shape == (1, 10)


@pytest.mark.parametrize("shape", [(1, 1, 7, 28), (1, 3, 28, 28)])
def test_images_that_do_not_fit(shape):
    with pytest.raises(RuntimeError):
        SmallCNN()(torch.rand(shape))


def test_the_defaults_fit_mnist():
    network = SmallCNN()
    assert (network.conv1.in_channels, network.fc.out_features) == (1, 10)
    widths = [network.get_submodule(f"conv{at}").out_channels for at in (1, 2, 3)]
    assert widths == [16, 32, 32]


def test_initial_weights_follow_the_seed():
    def weights(seed):
        torch.manual_seed(seed)
        return SmallCNN().conv2.weight

    assert torch.equal(weights(1), weights(1))
    assert not torch.equal(weights(1), weights(2))


def test_weights_go_by_their_names_and_travel():
    first, second = SmallCNN(widths=[2, 2, 2]), SmallCNN(widths=(2, 2, 2))
    second.load_state_dict(first.state_dict())
    images = torch.rand(2, 1, 28, 28)
    assert torch.equal(first(images), second(images))
    assert set(first.state_dict()) == {
        f"{layer}.{kind}"
        for layer in ("conv1", "conv2", "conv3", "fc")
        for kind in ("weight", "bias")
    }


STAGES = [
    *("conv1a", "relu1a", "conv1b", "relu1b", "pool1"),
    *("conv2a", "relu2a", "conv2b", "relu2b", "pool2"),
    *("conv3a", "relu3a", "conv3b", "relu3b", "pool3"),
    *("conv4a", "relu4a", "conv4b", "relu4b", "squeeze", "fc"),
]


def test_photocnn_runs_in_the_order_of_its_names_and_shrinks_by_pooling_only():
    network = PhotoCNN(widths=(4, 5, 6, 7, 8, 9, 10, 11), n_classes=3)
    assert [name for name, _ in network.named_children()] == STAGES
    with capture(network) as maps:
        logits = network(torch.rand(2, 3, 32, 24))
    assert list(maps) == STAGES
    assert [tuple(maps[name].shape[1:]) for name in STAGES if "conv" in name] == [
        *((4, 32, 24), (5, 32, 24)),
        *((6, 16, 12), (7, 16, 12)),
        *((8, 8, 6), (9, 8, 6)),
        *((10, 4, 3), (11, 4, 3)),
    ]
    assert logits.shape == (2, 3)


def test_photocnn_does_what_its_layers_say():
    network = PhotoCNN(widths=(4, 5, 6, 7, 8, 9, 10, 11))
    images = torch.rand(2, 3, 32, 32)
    with capture(network, "relu4b") as maps:
        logits = network(images)
    assert torch.allclose(network.fc(maps["relu4b"].mean(dim=(2, 3))), logits, atol=1e-6)
    assert maps["relu4b"].amin() == 0


def test_photocnn_keeps_to_a_million_parameters():
    assert sum(one.numel() for one in PhotoCNN().parameters()) <= 1_000_000


@pytest.mark.parametrize(("make", "count"), [(SmallCNN, 3), (PhotoCNN, 8)])
@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"in_channels": 0}, ValueError),
        ({"n_classes": 0}, ValueError),
        ({"n_classes": -1}, ValueError),
        ({"widths": lambda count: (8,) * (count - 1) + (0,)}, ValueError),
        ({"widths": lambda count: (8,) * (count - 1)}, ValueError),
        ({"widths": lambda count: (8,) * (count + 1)}, ValueError),
        ({"widths": ()}, ValueError),
        ({"in_channels": "1"}, TypeError),
        ({"n_classes": 2.5}, TypeError),
        ({"n_classes": None}, TypeError),
        ({"widths": 16}, TypeError),
        ({"widths": lambda count: (8.5,) * count}, TypeError),
        ({"widths": "sixteen"}, TypeError),
    ],
)
def test_what_makes_no_network(make, count, options, error):
    ((name, value),) = options.items()
    value = value(count) if callable(value) else value
    with pytest.raises(error, match=f"{count} widths of at least 1") as caught:
        make(**{name: value})
    assert f"{name}={value!r}" in str(caught.value)
    assert str(caught.value).startswith(f"{make.__name__} needs in_channels")
    assert "The defaults" in str(caught.value)


def test_a_network_by_the_words_of_a_card_follows_its_seed_and_no_other():
    words = {"class": "SmallCNN", "arguments": {"n_classes": 3, "widths": [2, 3, 4]}}
    state = torch.get_rng_state()
    first, again, other = (build(words, seed) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), state)
    assert first.fc.out_features == 3
    assert torch.equal(first.conv2.weight, again.conv2.weight)
    assert not torch.equal(first.conv2.weight, other.conv2.weight)
    with pytest.raises(ValueError, match="one of SmallCNN, PhotoCNN; got 'ResNet'"):
        build({"class": "ResNet", "arguments": {}}, seed=0)
