"""Channel statistics: what is planted is counted, batches make no difference."""

import pytest
import torch
from torch import nn

from cnnvis.analysis.selectivity import class_selectivity
from cnnvis.analysis.statistics import channel_statistics
from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import source_of
from cnnvis.layers.hooks import capture
from cnnvis.models.architectures import SmallCNN

SOURCE = source_of("mnist", is_stand_in=True)


@pytest.fixture
def network():
    torch.manual_seed(0)
    model = SmallCNN(widths=(3, 4, 5))
    nn.init.constant_(model.conv1.bias, 0.5)  # so that every channel answers
    return model


@pytest.fixture
def images():
    generator = torch.Generator().manual_seed(1)
    images = torch.randint(256, (23, 1, 12, 16), dtype=torch.uint8, generator=generator)
    return ImageSet(images, torch.arange(23) % 4, ("a", "b", "c", "d"), SOURCE)


@pytest.mark.parametrize("batch_size", [1, 5, 100])
def test_counts_are_those_of_all_maps_at_once(network, images, batch_size):
    found = channel_statistics(network, ["conv1", "relu2", "fc"], images, batch_size=batch_size)
    with capture(network, list(found)) as maps, torch.no_grad():
        network(images.images / 255)
    assert list(found) == ["conv1", "relu2", "fc"]
    for name, one in found.items():
        values = maps[name].double().reshape(23, maps[name].shape[1], -1)
        by_class = [values[images.labels == c].mean(dim=(0, 2)) for c in range(4)]
        close = {"rtol": 0, "atol": 1e-6}
        torch.testing.assert_close(one.class_means, torch.stack(by_class), **close)
        torch.testing.assert_close(one.means, values.mean(dim=(0, 2)), **close)
        torch.testing.assert_close(one.sparsity, (values <= 0).double().mean(dim=(0, 2)), **close)
        answering = (values > 0).any(dim=2).double().mean(dim=0)
        assert torch.equal(one.active_images, answering)
        torch.testing.assert_close(one.highest.double(), values.amax(dim=(0, 2)), **close)
        torch.testing.assert_close(one.lowest.double(), values.amin(dim=(0, 2)), **close)
        assert one.class_counts.tolist() == [6, 6, 6, 5]


def test_selectivity_is_the_same_index(network, images):
    found = channel_statistics(network, "relu2", images, batch_size=7)["relu2"]
    with capture(network, "relu2") as maps, torch.no_grad():
        network(images.images / 255)
    expected = class_selectivity(maps["relu2"], images.labels)
    torch.testing.assert_close(found.selectivity.float(), expected, rtol=1e-4, atol=1e-6)


def test_planted_channels():
    """One answers to class 0 alone, one to all alike, one never."""
    model = nn.Sequential(nn.Conv2d(1, 3, 1), nn.ReLU())
    model[0].weight.data = torch.tensor([1.0, 0.0, -1.0]).reshape(3, 1, 1, 1)
    model[0].bias.data = torch.tensor([0.0, 2.0, -0.5])
    images = torch.zeros(4, 1, 2, 2, dtype=torch.uint8)
    images[0, 0, 0, 0] = images[1, 0, 1, 1] = 255
    images = ImageSet(images, torch.tensor([0, 0, 1, 1]), ("bright", "dark"), SOURCE)
    found = channel_statistics(model, "1", images, batch_size=3)["1"]
    assert found.class_means.tolist() == [[0.25, 2, 0], [0, 2, 0]]
    assert found.active_units.tolist() == [0.125, 1, 0]
    assert found.active_images.tolist() == [0.5, 1, 0]
    assert found.highest.tolist() == [1, 2, 0]
    assert found.dead.tolist() == [False, False, True]
    assert found.selectivity[:2].tolist() == [1, 0]
    assert found.selectivity[2].isnan()
    assert repr(found) == "ChannelStatistics(3 channels, 4 images of 2 classes, 1 dead)"


def test_sums_are_of_double_precision():
    """Tenths behind a large number; in single precision they would be lost."""
    model = nn.Sequential(nn.Identity())
    images = torch.full((3000, 1, 1, 1), 0.1)
    images[0] = 1e7
    found = channel_statistics(model, "0", images, batch_size=1)["0"]
    assert found.means.item() * 3000 == pytest.approx(1e7 + 299.9, abs=1e-3)


def test_images_without_labels_are_of_one_class(network, images):
    found = channel_statistics(network, "relu1", images.images)["relu1"]
    with_labels = channel_statistics(network, "relu1", images)["relu1"]
    assert found.class_means.shape == (1, 3)
    torch.testing.assert_close(found.means, with_labels.means)
    assert "of 1 class," in repr(found)
    with pytest.raises(ValueError, match="two classes or more; got 1"):
        _ = found.selectivity


def test_an_empty_class_has_no_mean_and_does_not_count(network, images):
    some = images[images.labels != 2]
    found = channel_statistics(network, "relu1", some)["relu1"]
    assert found.class_means.isnan().any(dim=1).tolist() == [False, False, True, False]
    assert not found.means.isnan().any()
    assert not found.selectivity.isnan().any()


def test_means_weigh_classes_by_double_numbers():
    """A third isn't a float32: weights of that kind would be off in the eighth digit."""
    images = ImageSet(
        torch.full((3, 1, 2, 2), 255, dtype=torch.uint8),
        torch.tensor([0, 0, 1]),
        ("a", "b"),
        SOURCE,
    )
    found = channel_statistics(nn.Sequential(nn.Identity()), "0", images)["0"]
    assert found.means.item() == pytest.approx(1, abs=1e-14)


def test_a_mean_of_nan_is_not_taken_for_an_empty_class(network, images):
    network.conv1.bias.data[1] = float("nan")
    found = channel_statistics(network, "conv1", images[images.labels != 2])["conv1"]
    assert found.means.isnan().tolist() == [False, True, False]


def test_results_are_tensors_like_any_other(network, images):
    found = channel_statistics(network, "conv1", images)["conv1"]
    assert not [name for name, one in vars(found).items() if one.is_inference()]


def test_selectivity_needs_a_relu(network, images):
    found = channel_statistics(network, "conv1", images)["conv1"]
    with pytest.raises(ValueError, match="aren't negative"):
        _ = found.selectivity


def test_values_are_right_under_an_in_place_relu(images):
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True))
    assert (channel_statistics(model, "0", images)["0"].lowest < 0).any()


def test_the_model_is_left_as_it_was(network, images):
    network.train()
    channel_statistics(network, "conv1", images)
    assert all(module.training for module in network.modules())
    assert not any(module._forward_hooks for module in network.modules())


def test_what_has_no_channels(network, images):
    with pytest.raises(ValueError, match="output of '0' must be one float tensor"):
        channel_statistics(nn.Sequential(nn.Flatten(0)), "0", images)
    with pytest.raises(TypeError, match="ImageSet or a tensor"):
        channel_statistics(network, "conv1", [1, 2])
    with pytest.raises(ValueError, match="0 images"):
        channel_statistics(network, "conv1", images[:0])
