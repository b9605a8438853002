"""Ablation: what is switched off is off, and quick effects are those of the plain way."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torchvision import models

from cnnvis.analysis.ablation import ablate, ablation_effects
from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import source_of
from cnnvis.layers.hooks import capture
from cnnvis.models.architectures import PhotoCNN, SmallCNN


@pytest.fixture
def network():
    torch.manual_seed(0)
    model = SmallCNN(widths=(3, 4, 5), n_classes=3)
    for one in (model.conv1, model.conv2, model.conv3):
        nn.init.constant_(one.bias, 0.5)  # so that every channel answers
    return model


def image_set(count=12, channels=1, side=12, classes=3):
    generator = torch.Generator().manual_seed(1)
    shape = (count, channels, side, side)
    images = torch.randint(256, shape, dtype=torch.uint8, generator=generator)
    labels = torch.randint(classes, (count,), generator=generator)
    names = tuple(f"class {one}" for one in range(classes))
    return ImageSet(images, labels, names, source_of("mnist", is_stand_in=True))


# One layer switched off


def test_channels_are_zero_and_the_others_as_before(network):
    images = torch.rand(4, 1, 12, 12)
    with capture(network, "conv2") as before:
        network(images)
    with ablate(network, "conv2", [1, 3]) as same, capture(network, ["conv2", "relu2"]) as maps:
        network(images)
    assert same is network
    assert maps["relu2"][:, [1, 3]].abs().max() == 0
    assert torch.equal(maps["conv2"][:, [0, 2]], before["conv2"][:, [0, 2]])
    assert before["conv2"][:, [1, 3]].abs().min() > 0


@pytest.mark.parametrize("channels", [2, torch.tensor(2), [2, 2], (2,), torch.tensor([2]), {2}])
def test_channels_may_come_in_many_kinds(network, channels):
    images = torch.rand(2, 1, 12, 12)
    with ablate(network, "conv3", channels), capture(network, "relu3") as maps:
        network(images)
    assert (maps["relu3"].amax(dim=(0, 2, 3)) == 0).nonzero().flatten().tolist() == [2]


def test_it_is_the_same_as_a_filter_of_zeros(network):
    images = torch.rand(4, 1, 12, 12)
    with ablate(network, "conv2", 1):
        found = network(images)
    with torch.no_grad():
        network.conv2.weight[1] = 0
        network.conv2.bias[1] = 0
    torch.testing.assert_close(found, network(images))


def test_each_run_of_a_layer_is_changed():
    model = nn.Sequential(nn.Conv2d(2, 2, 1), nn.ReLU())
    model.append(model[0])
    with ablate(model, "0", 0):
        assert model(torch.rand(1, 2, 3, 3))[:, 0].abs().max() == 0


def test_gradients_flow_through_the_rest_only(network):
    with ablate(network, "conv1", [0]):
        network(torch.rand(1, 1, 12, 12)).sum().backward()
    sizes = network.conv1.weight.grad.abs().sum(dim=(1, 2, 3))
    assert sizes[0] == 0
    assert (sizes[1:] > 0).all()


def test_blocks_may_be_nested_and_leave_no_trace(network):
    images = torch.rand(2, 1, 12, 12)
    before = network(images)
    once, twice = ablate(network, "conv1", 0), ablate(network, "conv1", 2)
    with once, twice, capture(network, "relu1") as maps:
        network(images)
    assert maps["relu1"].amax(dim=(0, 2, 3))[[0, 2]].tolist() == [0, 0]
    with pytest.raises(KeyError), ablate(network, "conv1", 0):
        raise KeyError
    assert torch.equal(network(images), before)
    assert not any(module._forward_hooks for module in network.modules())


def test_what_can_not_be_switched_off(network):
    images = torch.rand(1, 1, 12, 12)
    with ablate(network, "conv1", 3), pytest.raises(ValueError, match="from 0 to 2; got 3"):
        network(images)
    flat = nn.Sequential(nn.Flatten(0))
    with ablate(flat, "0", 0), pytest.raises(ValueError, match=r"one tensor .* got \(144,\)"):
        flat(images)
    wrong = [
        (ValueError, "conv9", 0, "no layer named 'conv9'"),
        (ValueError, "conv1", -1, "count from 0; got -1"),
        (TypeError, "conv1", 0.5, "whole numbers.*got 0.5"),
        (TypeError, "conv1", "all", "whole numbers.*got 'all'"),
        (TypeError, "conv1", True, "whole numbers.*got True"),
        (TypeError, "conv1", torch.tensor([False, True, False]), "Of a mask take mask.nonzero"),
        (TypeError, ["conv1"], 0, "one name"),
    ]
    for kind, layer, channels, message in wrong:
        with pytest.raises(kind, match=message), ablate(network, layer, channels):
            pass


# Effects


def plainly(model, layer, images, groups):
    """Accuracy, loss and accuracies by class without each group, each by a pass of its own."""
    found = []
    for group in groups:
        with ablate(model.eval(), layer, group), torch.no_grad():
            logits = model(images.images / 255)
        right = (logits.argmax(dim=1) == images.labels).double()
        by_class = [right[images.labels == one].mean() for one in range(len(images.classes))]
        found.append((right.mean(), F.cross_entropy(logits, images.labels), by_class))
    return [torch.tensor(one, dtype=torch.float64) for one in zip(*found, strict=True)]


def assert_as_plainly(model, layer, images, groups, **options):
    found = ablation_effects(model, layer, images, groups, **options)
    expected = plainly(model, layer, images, [(), *groups])
    for mine, whole, plain in zip(
        (found.accuracies, found.losses, found.class_accuracies),
        (found.accuracy, found.loss, found.class_accuracy),
        expected,
        strict=True,
    ):
        torch.testing.assert_close(mine, plain[1:], rtol=0, atol=1e-6, equal_nan=True)
        whole = torch.as_tensor(whole, dtype=torch.float64)
        torch.testing.assert_close(whole, plain[0], rtol=0, atol=1e-6, equal_nan=True)
    return found


@pytest.mark.parametrize("layer", ["conv1", "relu2", "pool2", "conv3", "squeeze", "fc"])
@pytest.mark.parametrize("batch_size", [5, 100])
def test_effects_of_a_small_network(network, layer, batch_size):
    groups = [[0], [1, 2], [0, 1, 2]]
    assert_as_plainly(network, layer, image_set(), groups, batch_size=batch_size)


def test_effects_of_a_photo_network():
    torch.manual_seed(0)
    model = PhotoCNN(widths=(4,) * 8, n_classes=3)
    images = image_set(8, channels=3, side=16)
    for layer in ("conv1a", "conv2b", "conv4b"):
        assert_as_plainly(model, layer, images, [[0], [1, 2]], batch_size=4)


@pytest.mark.parametrize(
    "layer", ["bn1", "relu", "layer1.0.conv2", "layer1.1", "layer2.0.downsample.0", "layer2.1.relu"]
)
def test_effects_of_a_residual_network(layer):
    """Branches, sums and ReLUs in place, ReLUs that run twice."""
    torch.manual_seed(0)
    model = models.resnet18(num_classes=3)
    found = assert_as_plainly(model, layer, image_set(4, 3, 32), [[0], range(1, 60)])
    assert found.losses[1] != found.loss


def test_effects_of_a_network_with_joined_branches():
    torch.manual_seed(0)
    model = models.squeezenet1_1(num_classes=3)
    for layer in ("features.0", "features.3.squeeze", "features.3.expand3x3"):
        assert_as_plainly(model, layer, image_set(3, 3, 40), [[0], [1, 2, 3]])


def test_a_planted_reader_loses_its_class_and_no_other():
    """Class c is the image whose corner c is bright; channel c of the layer reads it."""
    model = nn.Sequential(nn.Conv2d(1, 3, 2, bias=False), nn.ReLU(), nn.Flatten())
    corners = torch.zeros(3, 1, 2, 2, dtype=torch.uint8)
    for one in range(3):
        corners[one, 0, one // 2, one % 2] = 255
    model[0].weight.data = 5 * corners.float() / 255
    images = image_set(classes=3, side=2)
    labels = torch.arange(12) % 3
    images = ImageSet(corners[labels], labels, images.classes, images.source)
    found = ablation_effects(model, "0", images)
    assert found.accuracy == 1
    # without a reader all logits are 0, and the first class is named
    assert found.class_accuracy_change.tolist() == [[0, 0, 0], [0, -1, 0], [0, 0, -1]]
    assert found.accuracy_change[1:].tolist() == pytest.approx([-1 / 3] * 2)
    loss = (math.log(3) - math.log(1 + 2 * math.exp(-5))) / 3
    assert found.loss_change.tolist() == pytest.approx([loss] * 3)
    assert found.groups == ((0,), (1,), (2,))
    assert repr(found).startswith("AblationEffects('0', 3 groups, accuracy 100.00%, the loss rises")


def test_groups_and_channels_may_be_mixed(network):
    found = ablation_effects(network, "conv2", image_set(), [3, [0, 1], torch.tensor([2])])
    assert found.groups == ((3,), (0, 1), (2,))
    nothing = ablation_effects(network, "conv2", image_set(), [])
    assert (nothing.groups, nothing.losses.shape) == ((), (0,))
    assert (nothing.accuracy, nothing.loss) == (found.accuracy, found.loss)
    assert ablation_effects(network, "conv2", image_set()).losses.shape == (4,)


def test_an_empty_class_has_no_accuracy(network):
    images = image_set()
    found = ablation_effects(network, "conv1", images[images.labels != 1], [0])
    assert found.class_accuracy.isnan().tolist() == [False, True, False]


def test_an_outer_ablation_counts_as_part_of_the_network(network):
    images = image_set()
    with ablate(network, "conv1", [0, 1]):
        found = assert_as_plainly(network, "conv2", images, [[0], [1]])
    assert found.loss != ablation_effects(network, "conv2", images, []).loss


def test_the_model_is_left_as_it_was(network):
    network.train()
    ablation_effects(network, "conv2", image_set())
    with pytest.raises(ValueError, match="from 0 to 3; got 4"):
        ablation_effects(network, "conv2", image_set(), [4])
    for module in network.modules():
        assert module.training
        assert not module._forward_hooks
        assert "forward" not in vars(module)
    assert all(parameter.grad is None for parameter in network.parameters())


def test_a_compiled_model_has_the_same_effects(network):
    compiled = torch.compile(network, backend="eager")
    found = ablation_effects(compiled, "_orig_mod.conv2", image_set(), [0])
    assert found.losses == ablation_effects(network, "conv2", image_set(), [0]).losses
    assert "forward" in vars(compiled)
    assert compiled(torch.rand(1, 1, 12, 12)).shape == (1, 3)


def test_what_has_no_effects(network):
    with pytest.raises(TypeError, match="must be an ImageSet, since labels are needed"):
        ablation_effects(network, "conv2", torch.rand(2, 1, 12, 12))
    with pytest.raises(ValueError, match="at least 1"):
        ablation_effects(network, "conv2", image_set(), batch_size=0)
    network.unused = nn.Conv2d(1, 1, 1)
    with pytest.raises(ValueError, match="doesn't run"):
        ablation_effects(network, "unused", image_set())
