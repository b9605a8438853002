"""Features of layers, probes and principal components, against values known beforehand."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from cnnvis.analysis.probes import (
    Projection,
    layer_features,
    layer_probes,
    linear_probe,
    project_features,
)
from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import source_of
from cnnvis.layers.hooks import capture
from cnnvis.models.architectures import SmallCNN


@pytest.fixture
def network():
    torch.manual_seed(0)
    return SmallCNN(widths=(3, 4, 5))


def stripes(count, seed):
    """Upright stripes are of class 0, lying ones of class 1; noise over both."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % 2
    line = torch.tensor([0.0, 150.0]).repeat(6)
    images = torch.where(labels[:, None, None] == 0, line[None, None], line[None, :, None])
    images = images + torch.randint(100, (count, 12, 12), generator=generator)
    source = source_of("mnist", is_stand_in=True)
    return ImageSet(images[:, None].to(torch.uint8), labels, ("upright", "lying"), source)


@pytest.mark.parametrize("batch_size", [4, 100])
def test_features_are_the_means_of_parts_of_the_maps(network, batch_size):
    images = stripes(10, 0)
    layers = ["conv1", "pool3", "fc"]
    found = layer_features(network, layers, images, side=2, batch_size=batch_size)
    with capture(network, layers) as maps, torch.no_grad():
        network(images.images / 255)
    close = {"rtol": 0, "atol": 1e-6}
    expected = F.avg_pool2d(maps["conv1"], 6).flatten(1)
    torch.testing.assert_close(found["conv1"], expected, **close)
    torch.testing.assert_close(found["pool3"], maps["pool3"].flatten(1), **close)  # 1×1 already
    torch.testing.assert_close(found["fc"], maps["fc"], **close)
    assert list(found) == layers


def test_features_are_of_their_own_and_the_model_as_before(network):
    network.train()
    found = layer_features(network, "fc", torch.rand(3, 1, 12, 12))["fc"]
    assert not found.is_inference()
    assert all(module.training for module in network.modules())


def test_probes_are_those_of_the_features(network):
    train, test = stripes(40, 0), stripes(30, 1)
    found = layer_probes(network, ["conv1", "relu1", "pool3"], train, test, batch_size=16)
    for name, accuracy in found.items():
        known, asked = (layer_features(network, name, one)[name] for one in (train, test))
        assert accuracy == linear_probe(known, train.labels, asked, test.labels)


def test_a_layer_that_tells_stripes_apart_is_found():
    """The means of both kinds are alike; those of the upright edges are not."""
    model = nn.Sequential(nn.Conv2d(1, 1, 3, bias=False), nn.ReLU())
    model[0].weight.data = torch.tensor([[-1.0, 2, -1]] * 3).reshape(1, 1, 3, 3)
    found = layer_probes(model, ["0", "1"], stripes(80, 0), stripes(80, 1), side=1)
    assert found["1"] > 0.95
    assert found["0"] < 0.8


def clouds(generator, count=300, spread=0.3):
    centres = torch.eye(3, 8).repeat_interleave(count // 3, 0)
    noise = torch.randn(count, 8, generator=generator)
    return centres + spread * noise, torch.arange(3).repeat_interleave(count // 3)


def test_a_probe_reads_what_is_there_and_nothing_else():
    generator = torch.Generator().manual_seed(0)
    (train, labels), (test, answers) = clouds(generator), clouds(generator)
    assert linear_probe(train, labels, test, answers) > 0.9
    shuffled = labels[torch.randperm(300, generator=generator)]
    assert linear_probe(train, shuffled, test, answers) < 0.55


def test_a_probe_does_not_depend_on_the_features_scale_or_offset():
    generator = torch.Generator().manual_seed(0)
    (train, labels), (test, answers) = clouds(generator, spread=1), clouds(generator, spread=1)
    plain = linear_probe(train, labels, test, answers)
    moved = linear_probe(1000 * train + 5, labels, 1000 * test + 5, answers)
    assert plain == pytest.approx(moved, abs=0.01)
    assert plain < 0.9


def test_a_probe_takes_maps_and_more_features_than_images():
    generator = torch.Generator().manual_seed(0)
    train, labels = clouds(generator, 30)
    maps = torch.cat([train.reshape(30, 2, 2, 2), torch.zeros(30, 98, 2, 2)], dim=1)
    assert linear_probe(maps, labels, maps, labels) == 1


def test_a_probe_takes_outputs_as_layers_leave_them():
    """In bfloat16, with a graph."""
    train, labels = clouds(torch.Generator().manual_seed(0), 30)
    outputs = train.bfloat16().requires_grad_() * 1
    expected = linear_probe(train.bfloat16().float(), labels, train, labels)
    assert linear_probe(outputs, labels, train, labels) == expected


def test_a_probe_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="same features"):
        linear_probe(torch.rand(4, 3), torch.arange(4), torch.rand(4, 2), torch.arange(4))
    with pytest.raises(ValueError, match="a label for each"):
        linear_probe(torch.rand(4, 3), torch.arange(3), torch.rand(4, 3), torch.arange(4))


def test_points_along_known_directions():
    generator = torch.Generator().manual_seed(0)
    spread = torch.tensor([3.0, 2.0, 0.1, 0.1])
    rows = torch.randn(500, 4, generator=generator) * spread
    placed = project_features(rows.reshape(500, 2, 2) + 7)
    assert placed.points.shape == (500, 2)
    for axis in range(2):
        pair = torch.stack([placed.points[:, axis], rows[:, axis]])
        assert abs(torch.corrcoef(pair)[0, 1]) > 0.99
    expected = rows.var(dim=0)[:2] / rows.var(dim=0).sum()
    torch.testing.assert_close(placed.explained_variance_ratio, expected, rtol=0.02, atol=0)
    assert placed.points.mean(dim=0).abs().max() < 1e-5
    assert repr(Projection(placed.points, torch.tensor([0.7, 0.3]))) == (
        "Projection(500 images, shares of the variance 70%, 30%)"
    )


def test_all_directions_hold_all_variance_and_twice_is_the_same():
    rows = torch.rand(9, 3)
    placed = project_features(rows, 3)
    assert placed.explained_variance_ratio.sum() == pytest.approx(1)
    torch.testing.assert_close(torch.pdist(placed.points), torch.pdist(rows))
    assert torch.equal(placed.points, project_features(rows, 3).points)


@pytest.mark.parametrize(("shape", "dimensions"), [((5, 3), 4), ((2, 9), 3), ((5, 3), 0)])
def test_more_directions_than_there_are(shape, dimensions):
    with pytest.raises(ValueError, match="at least as many images and features"):
        project_features(torch.rand(shape), dimensions)


def test_what_can_not_be_probed(network):
    images = stripes(4, 0)
    with pytest.raises(TypeError, match="test must be an ImageSet, since labels are needed"):
        layer_probes(network, "conv1", images, images.images)
    with pytest.raises(ValueError, match="side must be at least 1; got 0"):
        layer_features(network, "conv1", images, side=0)
    with pytest.raises(ValueError, match="output of '0' must be one float tensor"):
        layer_features(nn.Sequential(nn.Flatten(0)), "0", images)
