"""Top patches: the right images, the right places, and no trace left on the model."""

import pytest
import torch
from torch import nn

from cnnvis.analysis.patches import top_patches
from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import source_of
from cnnvis.models.architectures import SmallCNN


@pytest.fixture
def images():
    return torch.rand(23, 1, 28, 20, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def network():
    torch.manual_seed(0)
    return SmallCNN(widths=(3, 4, 5))


def spots(*places, size=(9, 11)):
    """Black images, each with one white pixel."""
    images = torch.zeros(len(places), 1, *size)
    for image, (row, column, brightness) in zip(images, places, strict=True):
        image[0, row, column] = brightness
    return images


def test_values_are_the_highest_of_a_plain_search(network, images):
    found = top_patches(network, ["relu1", "conv3"], images, count=4, batch_size=6)
    maps = images
    for name, layer in network.named_children():
        maps = layer(maps.flatten(1) if name == "fc" else maps)
        if name in found:
            highest = maps.amax(dim=(2, 3)).topk(4, dim=0)
            torch.testing.assert_close(found[name].values, highest.values.T, rtol=0, atol=1e-5)
            assert torch.equal(found[name].images, highest.indices.T)
    assert list(found) == ["relu1", "conv3"]


@pytest.mark.parametrize("batch_size", [1, 5, 100])
def test_batches_make_no_difference(network, images, batch_size):
    whole = top_patches(network, "conv2", images)["conv2"]
    parts = top_patches(network, "conv2", images, batch_size=batch_size)["conv2"]
    assert torch.equal(whole.images, parts.images)
    assert torch.equal(whole.boxes, parts.boxes)


def test_planted_patches_are_the_first_found():
    """Each filter's own pattern stands somewhere in one of many images of noise."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(60, 200, (200, 3, 24, 24), dtype=torch.uint8, generator=generator)
    patterns = torch.rand(6, 3, 5, 5, generator=generator) < 0.5
    planted = []
    for number, pattern in enumerate(patterns):
        place = (31 * number + 17, 3 * number + 1, 18 - 2 * number)  # image, row, column
        image, row, column = place
        images[image, :, row : row + 5, column : column + 5] = 255 * pattern
        planted.append(place)
    model = nn.Sequential(nn.Conv2d(3, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2))
    model[0].weight.data = patterns.float() - patterns.float().mean(dim=(1, 2, 3), keepdim=True)
    found = top_patches(model, ["0", "2"], images, batch_size=33)
    for channel, (image, row, column) in enumerate(planted):
        assert found["0"].images[channel, 0] == found["2"].images[channel, 0] == image
        assert found["0"].boxes[channel, 0].tolist() == [[row, row + 4], [column, column + 4]]
        (top, bottom), (left, right) = found["2"].boxes[channel, 0].tolist()
        assert top <= row <= row + 4 <= bottom
        assert left <= column <= column + 4 <= right
        assert (found["0"].values[channel, 0] > 1.5 * found["0"].values[channel, 1]).all()


def test_boxes_hold_what_the_unit_saw():
    model = nn.Sequential(nn.Conv2d(1, 1, 3, bias=False), nn.MaxPool2d(2))
    nn.init.zeros_(model[0].weight)
    model[0].weight.data[0, 0, 1, 1] = 1  # answers to the pixel in the middle
    found = top_patches(model, ["0", "1"], spots((3, 7, 0.5), (4, 2, 1.0)))
    assert found["0"].images.tolist() == [[1, 0]]
    assert found["0"].values.tolist() == [[1.0, 0.5]]
    assert found["0"].boxes.tolist() == [[[[3, 5], [1, 3]], [[2, 4], [6, 8]]]]
    # pooling: unit (1, 0) sees rows 2 to 5 and columns 0 to 3
    assert found["1"].boxes[0, 0].tolist() == [[2, 5], [0, 3]]
    assert found["1"].receptive_field.size == (4, 4)


def test_boxes_end_at_the_edge():
    model = nn.Sequential(nn.Conv2d(1, 1, 5, padding=2, bias=False))
    nn.init.ones_(model[0].weight)
    boxes = top_patches(model, "0", spots((0, 10, 1.0)))["0"].boxes
    assert boxes[0, 0, 0, 0] == 0
    assert boxes[0, 0, 1, 1] == 10


def test_changing_pixels_outside_the_box_changes_nothing(network, images):
    found = top_patches(network, "conv3", images, count=1)["conv3"]
    for channel in range(5):
        (top, bottom), (left, right) = found.boxes[channel, 0].tolist()
        image = torch.rand(1, 1, 28, 20)
        original = images[found.images[channel, 0]]
        box = (0, 0, slice(top, bottom + 1), slice(left, right + 1))
        image[box] = original[box[1:]]
        alone = top_patches(network, "conv3", image)["conv3"].values[channel, 0]
        assert alone >= found.values[channel, 0] - 1e-5


def test_of_equal_images_the_first_come_first(network, images):
    same = images[:1].expand(6, -1, -1, -1)
    found = top_patches(network, "conv1", same, count=3, batch_size=2)["conv1"]
    assert found.images.tolist() == [[0, 1, 2]] * 3


def test_rows_of_numbers_see_the_whole_image(network, images):
    found = top_patches(network, "fc", images, count=2)["fc"]
    assert found.boxes[0].tolist() == [[[0, 27], [0, 19]]] * 2
    assert found.receptive_field.whole


def test_a_block_is_searched_like_its_last_layer(images):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU()), nn.Conv2d(4, 2, 3))
    found = top_patches(model, ["0", "0.1", nn.Sequential], images, count=3)
    assert list(found) == ["0.1", "0", ""]
    for name, value in vars(found["0.1"]).items():
        other = getattr(found["0"], name)
        assert torch.equal(other, value) if isinstance(value, torch.Tensor) else other == value
    assert found[""].receptive_field.size == (5, 5)


def test_fewer_images_than_asked_for(network, images):
    assert top_patches(network, "conv1", images[:2])["conv1"].values.shape == (3, 2)


def test_of_images_only_a_batch_is_turned_into_floats(network):
    """What the model is given is a batch, however many images there are."""
    given = []
    network.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0]))
    images = torch.zeros(1, 1, 12, 12, dtype=torch.uint8).expand(2000, -1, -1, -1)
    top_patches(network, "conv1", images, batch_size=500)
    assert [len(one) for one in given] == [1, 500, 500, 500, 500]
    assert {one.dtype for one in given} == {torch.float32}


def test_an_image_set_is_taken_as_floats_from_0_to_1(network):
    images = torch.randint(256, (6, 1, 12, 12), dtype=torch.uint8)
    labels = torch.zeros(6, dtype=torch.int64)
    image_set = ImageSet(images, labels, ("one",), source_of("mnist", is_stand_in=True))
    of_set = top_patches(network, "conv1", image_set)["conv1"]
    of_floats = top_patches(network, "conv1", images / 255)["conv1"]
    assert torch.equal(of_set.values, of_floats.values)


def test_a_half_precision_model_is_given_its_own_dtype(network):
    images = torch.randint(256, (6, 1, 12, 12), dtype=torch.uint8)
    found = top_patches(network.bfloat16(), "conv1", images)["conv1"]
    expected = top_patches(network, "conv1", (images / 255).bfloat16())["conv1"]
    assert found.values.dtype == torch.float32
    assert torch.equal(found.values, expected.values)


def test_results_are_tensors_like_any_other(network, images):
    found = top_patches(network, "conv1", images)["conv1"]
    assert not found.values.is_inference()
    assert not found.images.is_inference()


def test_values_are_right_under_an_in_place_relu(images):
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True))
    nn.init.constant_(model[0].bias, -9)
    assert (top_patches(model, "0", images)["0"].values < 0).all()


def test_the_model_is_left_as_it_was(network, images):
    network.train()
    top_patches(network, None, images)
    assert all(module.training for module in network.modules())
    assert not any(module._forward_hooks for module in network.modules())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_a_short_repr(network, images):
    found = top_patches(network, "pool1", images, count=2)["pool1"]
    assert repr(found) == "Patches(3 channels, 2 each, receptive field 4×4)"


class Pair(nn.Module):
    def forward(self, x):
        return x, x


@pytest.mark.parametrize(
    ("model", "layer", "message"),
    [
        (nn.Sequential(nn.Conv2d(1, 2, 3), Pair()), "1", "output of '1' must be one float tensor"),
        (nn.Sequential(nn.PixelShuffle(1), nn.Conv2d(1, 1, 1)), "1", "field of '1' is unknown"),
        (nn.Sequential(nn.Conv2d(1, 2, 3)), "conv", "no layer"),
    ],
)
def test_layers_without_patches_are_refused(model, layer, message, images):
    with pytest.raises(ValueError, match=message):
        top_patches(model, layer, images)


@pytest.mark.parametrize("options", [{"count": 0}, {"batch_size": 0}])
def test_numbers_must_be_positive(network, images, options):
    with pytest.raises(ValueError, match="at least 1"):
        top_patches(network, "conv1", images, **options)


def test_images_must_be_a_batch(network, images):
    with pytest.raises(TypeError, match=r"\(N, C, H, W\); got \(1, 28, 20\)"):
        top_patches(network, "conv1", images[0])
    with pytest.raises(ValueError, match="0 images"):
        top_patches(network, "conv1", images[:0])
