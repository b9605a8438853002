"""Preferred images: planted preferences come back, activations are true, no trace is left."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional
from torchvision.models import ResNet18_Weights, resnet18
from torchvision.transforms import v2

from cnnvis import PhotoCNN, SmallCNN, capture, preferred_images

QUICK = {"steps": 8, "size": 16}


@pytest.fixture
def network():
    torch.manual_seed(0)
    return SmallCNN(in_channels=3, widths=(4, 5, 6)).eval()


def gabor(degrees, period, size=17):
    """Stripes that run in this direction, counted from the horizontal, dark and light by turns."""
    reach = size // 2
    y, x = torch.meshgrid(*[torch.arange(-reach, reach + 1.0)] * 2, indexing="ij")
    across = x * math.sin(math.radians(degrees)) + y * math.cos(math.radians(degrees))
    around = torch.exp(-(x**2 + y**2) / 20)
    stripes = torch.cos(2 * math.pi * across / period)
    return around * (stripes - (around * stripes).sum() / around.sum())  # blind to plain fields


def convolution(*kernels):
    """A model of one convolution with these kernels, each (height, width) or (3, …)."""
    weight = torch.stack([one if one.dim() == 3 else one[None] for one in kernels])
    layer = nn.Conv2d(weight.shape[1], len(weight), weight.shape[2:], bias=False)
    layer.weight.data = weight
    return nn.Sequential(layer)


def wave(image):
    """Direction in degrees and period in pixels of the strongest wave in a grey image."""
    spectrum = torch.fft.fft2(image - image.mean(), s=(256, 256)).abs()
    row, column = divmod(spectrum.argmax().item(), 256)
    down, right = (at - 256 if at > 128 else at for at in (row, column))
    return math.degrees(math.atan2(right, down)) % 180, 256 / math.hypot(down, right)


# -- planted truths ------------------------------------------------------------------------------


def test_gabor_kernels_get_stripes_of_their_angle_and_width():
    planted = [(angle, period) for angle in (0, 30, 60, 90, 120, 150) for period in (4, 5.5)]
    model = convolution(*(gabor(*one) for one in planted))
    found = preferred_images(model, "0")
    assert found.images.shape == (12, 1, 17, 17)
    for (angle, period), (image,) in zip(planted, found.images, strict=True):
        seen, wide = wave(image)
        assert abs((seen - angle + 90) % 180 - 90) <= 5
        assert 0.95 * period <= wide <= 1.25 * period  # low frequencies come easier, as documented


def test_colour_detectors_get_their_colour():
    red, green, blue = torch.eye(3)
    kernels = [
        (2 * one - red - green - blue + one)[:, None, None].expand(3, 3, 3)
        for one in (red, green, blue)
    ]
    found = preferred_images(convolution(*kernels), "0", steps=200)
    means = found.images.mean(dim=(2, 3))
    assert means.argmax(dim=1).tolist() == [0, 1, 2]
    others = (means.sum(dim=1) - means.amax(dim=1)) / 2
    assert (means.amax(dim=1) > others + 0.2).all()


def test_a_unit_that_looks_at_one_place_gets_light_there():
    model = nn.Sequential(nn.Flatten(), nn.Linear(20 * 20, 2))
    nn.init.zeros_(model[1].weight)
    model[1].weight.data[0, 4 * 20 + 5] = 1
    model[1].weight.data[1, 15 * 20 + 12] = 1
    for jitter in (0, 1):
        found = preferred_images(
            model, "1", start=torch.full((1, 20, 20), 0.5), jitter=jitter, step_size=0.01
        )
        peaks = found.images.flatten(1).argmax(dim=1).tolist()
        for peak, place in zip(peaks, [(4, 5), (15, 12)], strict=True):
            assert math.dist(divmod(peak, 20), place) <= jitter


def test_the_unit_asked_for_is_the_one_that_responds():
    spot = torch.zeros(3, 3)
    spot[1, 1] = 1
    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1, bias=False))
    model[0].weight.data[0, 0] = spot
    for unit, place in (("centre", (8, 8)), ((2, 11), (2, 11))):
        found = preferred_images(model, "0", unit=unit, size=16, step_size=0.01)
        assert divmod(found.images.argmax().item(), 16) == place


def test_the_whole_map_gets_a_texture():
    model = nn.Sequential(convolution(gabor(60, 5.5)), nn.ReLU())
    (one,) = preferred_images(model, "1", size=44).images
    (whole,) = preferred_images(model, "1", unit="channel", size=44).images
    assert wave(whole[0])[0] == pytest.approx(60, abs=8)
    corners = [(slice(0, 12), slice(0, 12)), (slice(-12, None), slice(-12, None))]
    for rows, columns in corners:
        assert whole[0, rows, columns].std() > 2 * one[0, rows, columns].std()


def test_a_dark_image_for_an_inverted_detector():
    model = convolution(-torch.ones(5, 5))
    assert preferred_images(model, "0").images.mean() < 0.1


# -- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["conv1", "relu2", "conv3", "fc"])
def test_it_beats_its_start_and_a_thousand_random_images(network, layer):
    found = preferred_images(network, layer, [0, 1, 2], size=24)
    noise = torch.rand(1000, 3, 24, 24, generator=torch.Generator().manual_seed(1))
    with capture(network, layer) as maps, torch.no_grad():
        network(noise)
    maps = maps[layer][:, :3]
    middle = maps[..., maps.shape[2] // 2, maps.shape[3] // 2] if maps.dim() == 4 else maps
    best = middle.amax(dim=0)
    assert (found.activations > best).all()
    assert (found.activations > found.before).all()
    assert not found.silent.any()


@pytest.mark.parametrize("unit", ["centre", "channel", (1, 2)])
@pytest.mark.parametrize("layer", ["conv2", "relu2", "pool2"])
def test_activations_are_what_the_layer_puts_out(network, layer, unit):
    found = preferred_images(network, layer, [3, 1], unit=unit, **QUICK)
    with capture(network, layer) as maps:
        network(found.images)
    own = maps[layer][[0, 1], [3, 1]]
    row, column = (n // 2 for n in own.shape[1:]) if unit == "centre" else (1, 2)
    expected = own.relu().mean(dim=(1, 2)) if unit == "channel" else own[:, row, column]
    assert torch.allclose(found.activations, expected, atol=1e-5)
    assert found.channels.tolist() == [3, 1]


def test_an_in_place_relu_changes_nothing():
    torch.manual_seed(0)
    layers = [nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3), nn.ReLU()]
    plain = nn.Sequential(*layers)
    in_place = nn.Sequential(*(nn.ReLU(inplace=True) if i % 2 else layers[i] for i in range(4)))
    for layer in ("0", "1", "2", "3"):
        expected = preferred_images(plain, layer, **QUICK)
        found = preferred_images(in_place, layer, **QUICK)
        assert torch.equal(found.images, expected.images)
        assert torch.equal(found.activations, expected.activations)


def test_preprocessing_is_a_part_in_front_of_the_model(network):
    mean, spread = [0.5, 0.4, 0.3], [0.2, 0.3, 0.25]

    class Normalized(nn.Module):
        def __init__(self):
            super().__init__()
            self.network = network

        def forward(self, x):
            return self.network(
                (x - torch.tensor(mean)[:, None, None]) / torch.tensor(spread)[:, None, None]
            )

    expected = preferred_images(Normalized(), "network.conv2", **QUICK)
    found = preferred_images(network, "conv2", preprocess=v2.Normalize(mean, spread), **QUICK)
    assert torch.allclose(found.images, expected.images, atol=1e-4)
    plain = preferred_images(network, "conv2", **QUICK)
    assert not torch.allclose(plain.images, expected.images, atol=1e-2)


# -- silent channels -----------------------------------------------------------------------------


def test_a_unit_that_is_off_at_first_is_found():
    model = nn.Sequential(convolution(gabor(30, 5.5)), nn.ReLU(inplace=True))
    model[0][0].bias = nn.Parameter(torch.tensor([-0.5]))
    found = preferred_images(model, "1")
    assert found.before == 0
    assert found.activations > 1
    assert not found.silent.any()


def test_channels_that_nothing_activates_are_flagged():
    kernel = gabor(30, 5.5)
    model = nn.Sequential(convolution(kernel, kernel, 0 * kernel), nn.ReLU())
    model[0][0].bias = nn.Parameter(torch.tensor([0.0, -1e4, 1.0]))
    found = preferred_images(model, "1")
    assert found.silent.tolist() == [False, True, True]
    assert found.activations[1:].tolist() == [0, 1]
    assert torch.isfinite(found.images).all()
    assert repr(found) == "PreferredImages(3 channels, images 17×17, 2 silent)"


def test_a_network_that_is_all_nan_is_silent():
    model = convolution(torch.full((3, 3), float("nan")))
    found = preferred_images(model, "0")
    assert found.silent.all()
    assert torch.isfinite(found.images).all()


# -- seeds ---------------------------------------------------------------------------------------


def test_the_seed_decides_and_the_global_generator_is_left_alone(network):
    state = torch.get_rng_state()
    first = preferred_images(network, "conv3", [0, 1], **QUICK)
    torch.manual_seed(99)
    again = preferred_images(network, "conv3", [0, 1], **QUICK)
    other = preferred_images(network, "conv3", [0, 1], seed=1, **QUICK)
    assert torch.equal(first.images, again.images)
    assert torch.equal(first.activations, again.activations)
    assert not torch.allclose(first.images, other.images, atol=1e-3)
    torch.set_rng_state(state)
    preferred_images(network, "conv1", [0], **QUICK)
    assert torch.equal(torch.get_rng_state(), state)


def test_an_image_does_not_depend_on_the_channels_beside_it(network):
    together = preferred_images(network, "conv2", [4, 0, 4], **QUICK).images
    alone = preferred_images(network, "conv2", [4], **QUICK).images
    assert torch.allclose(together[0], alone[0], atol=1e-3)
    assert torch.allclose(together[2], alone[0], atol=1e-3)
    assert not torch.allclose(together[1], alone[0], atol=1e-2)


# -- no trace ------------------------------------------------------------------------------------


class Fails(nn.Module):
    def forward(self, x):  # noqa: ARG002
        raise RuntimeError("no")


@pytest.mark.parametrize("fails", [False, True])
def test_the_model_is_left_as_it_was(fails):
    last = Fails() if fails else nn.Conv2d(4, 2, 3)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), last)
    model.train()
    model[1].eval()
    model[0].weight.requires_grad_(False)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    if fails:
        with pytest.raises(RuntimeError, match="the model fails on images"):
            preferred_images(model, "3", [0], **QUICK)
    else:
        preferred_images(model, "3", [0], **QUICK)
    assert [one.training for one in model.modules()] == [True, True, False, True, True]
    assert not any(one._forward_hooks or one._forward_pre_hooks for one in model.modules())
    assert all(one.grad is None for one in model.parameters())
    assert not model[0].weight.requires_grad
    assert model[2].inplace
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode, torch.enable_grad])
def test_it_works_whatever_the_grad_mode(network, context):
    with context():
        found = preferred_images(network, "conv2", [0], **QUICK)
        assert torch.is_grad_enabled() == (context is torch.enable_grad)
    assert found.activations > found.before
    assert not found.images.requires_grad
    assert not found.images.is_inference()


# -- sizes, starts, other models -----------------------------------------------------------------


def test_the_size_just_holds_the_receptive_field():
    model = PhotoCNN(widths=(2,) * 8)
    sizes = {
        layer: tuple(preferred_images(model, layer, [0], steps=1).images.shape[2:])
        for layer in ("conv1a", "conv2a", "conv4b", "fc")
    }
    assert sizes == {"conv1a": (5, 5), "conv2a": (13, 13), "conv4b": (64, 64), "fc": (64, 64)}
    whole = preferred_images(model, "conv1a", [0], unit="channel", steps=1)
    assert whole.images.shape == (1, 3, 64, 64)


def test_sides_may_differ(network):
    found = preferred_images(network, "conv2", steps=2, size=(12, 20))
    assert found.images.shape == (5, 3, 12, 20)
    assert found.images.dtype == torch.float32
    assert 0 <= found.images.min() < found.images.max() <= 1


def test_a_start_is_developed_and_not_changed(network):
    start = torch.rand(3, 16, 16, generator=torch.Generator().manual_seed(0))
    kept = start.clone()
    found = preferred_images(network, "conv2", [0, 1], steps=1, step_size=1e-6, start=start)
    assert torch.allclose(found.images, start.clamp(0.02, 0.98).expand(2, -1, -1, -1), atol=1e-3)
    assert torch.equal(start, kept)


def test_a_half_precision_model(network):
    found = preferred_images(network.bfloat16(), "conv3", [0], **QUICK)
    assert found.images.dtype == found.activations.dtype == torch.float32
    assert found.activations > found.before


@pytest.fixture(scope="module")
def resnet():
    torch.manual_seed(0)
    return resnet18(weights=None)


@pytest.mark.parametrize("layer", ["relu", "layer1.0.relu", "layer1.0.relu#2", "layer2", "fc"])
def test_a_model_of_torchvision(resnet, layer):
    imagenet = v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    found = preferred_images(resnet, layer, [0, 5], size=48, steps=6, preprocess=imagenet)
    assert (found.activations > found.before).all()
    assert resnet.training
    assert all(one.inplace for one in resnet.modules() if isinstance(one, nn.ReLU))


def test_the_transforms_of_torchvisions_weights_are_a_preprocess(network):
    transforms = ResNet18_Weights.DEFAULT.transforms(crop_size=14, resize_size=16)
    found = preferred_images(network, "conv2", [0], preprocess=transforms, **QUICK)
    assert found.images.shape == (1, 3, 16, 16)
    with capture(network, "conv2") as maps:
        network(transforms(found.images))
    assert torch.allclose(found.activations, maps["conv2"][0, 0, 3, 3], atol=1e-5)
    assert found.activations > found.before


def test_a_preprocess_may_write_into_its_images(network):
    expected = preferred_images(network, "conv2", [0], preprocess=lambda x: x - 0.5, **QUICK)
    found = preferred_images(network, "conv2", [0], preprocess=lambda x: x.sub_(0.5), **QUICK)
    assert torch.equal(found.images, expected.images)


def test_a_second_run_is_another_objective():
    torch.manual_seed(0)

    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 3, padding=1)

        def forward(self, x):
            return self.conv(self.conv(x))

    model = Twice()
    found = preferred_images(model, "conv#2", **QUICK)
    with torch.no_grad():
        expected = model(found.images)[0, 0, 8, 8]
    assert torch.allclose(found.activations[0], expected, atol=1e-5)


# -- errors --------------------------------------------------------------------------------------


class Cut(nn.Module):
    def forward(self, x):
        return functional.relu(x).detach()


class Odd(nn.Module):
    def forward(self, x):
        return x.flatten(1)[None]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"model": torch.relu}, TypeError, "model must be a torch.nn.Module"),
        ({"layer": ["conv1"]}, TypeError, "the name of one layer"),
        ({"layer": "conv9"}, ValueError, "nearest are 'conv"),
        ({"layer": "conv1#2"}, ValueError, "must put out a tensor"),
        ({"channels": 3}, TypeError, "sequence of whole numbers"),
        ({"channels": [0.5]}, TypeError, "whole numbers"),
        ({"channels": [True, False]}, TypeError, "whole numbers"),
        ({"channels": "12"}, TypeError, "whole numbers"),
        ({"channels": [4]}, ValueError, r"from 0 to 3; got \[4\]"),
        ({"channels": [-1]}, ValueError, "from 0 to 3"),
        ({"channels": []}, ValueError, "from 0 to 3"),
        ({"steps": 2.5}, TypeError, "steps=2.5"),
        ({"step_size": "0.1"}, TypeError, "step_size='0.1'"),
        ({"jitter": "none"}, TypeError, "jitter='none'"),
        ({"steps": 0}, ValueError, "steps=0"),
        ({"step_size": 0}, ValueError, "step_size=0"),
        ({"jitter": -1}, ValueError, "jitter=-1"),
        ({"size": 24.0}, TypeError, r"two such as \(48, 64\); got 24.0"),
        ({"size": 0}, ValueError, "at least 1; got 0"),
        ({"size": (3, 4, 5)}, ValueError, "one or two"),
        ({"unit": 3}, TypeError, "'centre', 'channel'.* or a row and a column"),
        ({"unit": (0.5, 1)}, TypeError, r"got \(0.5, 1\)"),
        ({"unit": "all"}, ValueError, "'centre', 'channel'.* or a row and a column"),
        ({"unit": (0, 16)}, ValueError, r"16×16 units, from \(0, 0\) to \(15, 15\)"),
        ({"preprocess": ([0.5], [0.5])}, TypeError, r"transforms.v2.Normalize\(mean, std\)"),
        ({"preprocess": lambda x: x[0]}, ValueError, "as many images"),
        ({"preprocess": lambda x: x.detach()}, ValueError, "must be differentiable"),
        ({"size": None, "start": torch.zeros(3, 8, 8).int()}, TypeError, "float tensor"),
        ({"size": None, "start": torch.full((3, 8, 8), 2.0)}, ValueError, "0 to 1"),
        ({"size": None, "start": torch.zeros(0, 8, 8)}, ValueError, r"got the shape \(0, 8, 8\)"),
        ({"start": torch.zeros(3, 8, 8)}, ValueError, "got size=16 too"),
    ],
)
def test_wrong_arguments(network, options, error, message):
    with pytest.raises(error, match=message):
        preferred_images(**{"model": network, "layer": "conv1", "size": 16, **options})


@pytest.mark.parametrize(
    ("model", "layer", "message"),
    [
        (nn.Sequential(nn.Conv2d(1, 1, 3), Cut()), "1", "gradients must flow"),
        (nn.Sequential(nn.Conv2d(1, 1, 3), Odd()), "1", "must be floats"),
        (nn.Sequential(nn.Flatten(), nn.Linear(4, 2)), "1", "pass start"),
    ],
)
def test_models_that_cannot_be_asked(model, layer, message):
    with pytest.raises(ValueError, match=message):
        preferred_images(model, layer, **QUICK)


def test_a_size_that_the_model_cannot_take():
    model = nn.Sequential(nn.Conv2d(1, 1, 3), nn.Flatten(), nn.Linear(26 * 26, 10))
    with pytest.raises(RuntimeError, match=r"\(1, 64, 64\).*Give the size"):
        preferred_images(model, "2")
    assert preferred_images(model, "2", size=28, steps=1).images.shape == (10, 1, 28, 28)
