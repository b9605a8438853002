"""Batch normalization comes and goes without a change of what a network computes."""

import pytest
import torch
from torch import nn

from cnnvis.layers.hooks import capture
from cnnvis.models.architectures import PhotoCNN, SmallCNN
from cnnvis.models.batchnorm import add_batch_norm, fold_batch_norm


@pytest.mark.parametrize("make", [SmallCNN, lambda: PhotoCNN(1, widths=(4, 5, 6, 7, 8, 9, 10, 11))])
def test_folded_batch_norm_gives_the_same_logits_from_the_plain_layers(make):
    torch.manual_seed(0)
    plain = make()
    names = list(plain.state_dict())
    network = add_batch_norm(plain)
    assert len([one for one in network.modules() if isinstance(one, nn.BatchNorm2d)]) in (3, 8)
    images = torch.rand(64, 1, 28, 28)
    for _ in range(5):  # so that means, deviations, weights and biases aren't the initial ones
        network(images).square().mean().backward()
        with torch.no_grad():
            for one in network.parameters():
                one -= 0.1 * one.grad.sign()
    network.eval()
    expected = network(images)
    assert fold_batch_norm(network) is network
    assert torch.allclose(network(images), expected, rtol=1e-3, atol=1e-3 * expected.std().item())
    assert list(network.state_dict()) == names
    with capture(network) as maps:
        network(images)
    assert [type(network.get_submodule(name)) for name in maps][:2] == [nn.Conv2d, nn.ReLU]


def test_batch_norm_added_to_a_trained_network_changes_nothing_at_first():
    torch.manual_seed(0)
    network = PhotoCNN(1, widths=(4, 5, 6, 7, 8, 9, 10, 11)).eval()
    images = torch.rand(200, 1, 16, 16)
    before = network(images)
    add_batch_norm(network, images)
    assert torch.allclose(network(images), before, atol=1e-4)
    assert torch.allclose(network.train()(images), before, atol=1e-3), "by the batch's own means"
    assert network.conv2b[1].running_mean.abs().sum() > 0
    lengths = [
        one[0].weight.norm().item() for one in network.children() if len(list(one.children()))
    ]
    expected = [(width / 3) ** 0.5 for width in (4, 5, 6, 7, 8, 9, 10, 11)]
    assert lengths == pytest.approx(expected, rel=1e-4)
    assert nn.Conv2d(64, 64, 3).weight.norm().item() == pytest.approx((64 / 3) ** 0.5, rel=0.05)


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_takes_the_mode_of_its_convolution(training):
    network = SmallCNN(widths=(4, 5, 6)).train(training)
    images = torch.rand(50, 1, 16, 16)
    before = network(images)
    add_batch_norm(network, images)
    assert all(module.training == training for module in network.modules())
    if not training:
        assert torch.allclose(network(images[:3]), before[:3], atol=1e-4)
        assert network.conv1[1].num_batches_tracked == 0


def test_batch_norm_folds_in_evaluation_mode_only():
    with pytest.raises(ValueError, match=r"call model\.eval\(\) first"):
        fold_batch_norm(add_batch_norm(SmallCNN()))


def test_folding_leaves_other_sequences_alone():
    model = nn.Sequential(nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU()), nn.BatchNorm2d(1)).eval()
    before = str(model)
    assert str(fold_batch_norm(model)) == before
