"""Images on their way to a model: device, dtype, range, and what preprocessing may do."""

import pytest
import torch
from torch import nn
from torchvision.transforms import v2

from cnnvis.layers.inputs import as_floats, batches, first_weight, model_input

IMAGES = torch.randint(256, (7, 3, 6, 6), dtype=torch.uint8)


def test_bytes_become_floats_from_0_to_1_of_the_weights_dtype():
    for dtype in (torch.float32, torch.float64, torch.bfloat16):
        found = as_floats(nn.Conv2d(3, 2, 1).to(dtype), IMAGES)
        assert found.dtype == dtype
        torch.testing.assert_close(found, (IMAGES.float() / 255).to(dtype), rtol=0, atol=0)
    assert as_floats(nn.ReLU(), IMAGES).dtype == torch.float32


def test_floats_keep_their_values():
    images = torch.rand(2, 1, 4, 4) * 9
    assert as_floats(nn.ReLU(), images) is images
    assert as_floats(nn.Conv2d(1, 1, 1), images) is images
    double = as_floats(nn.Conv2d(1, 1, 1).double(), images)
    assert double.dtype == torch.float64
    assert torch.equal(double, images.double())


def test_images_go_where_the_model_is():
    assert as_floats(nn.Conv2d(3, 2, 1, device="meta"), IMAGES).device.type == "meta"


def test_the_first_weight_holds_floats_and_may_be_a_buffer():
    model = nn.Module()
    model.register_buffer("count", torch.zeros(1, dtype=torch.int64))
    assert first_weight(model) is None
    model.register_buffer("mean", torch.zeros(1, dtype=torch.float64))
    assert first_weight(model) is model.mean
    model.weight = nn.Parameter(torch.zeros(1))
    assert first_weight(model) is model.weight


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_preprocessing_is_given_floats_from_0_to_1_of_the_models_dtype(dtype):
    given = []

    def note(images):
        given.append(images)
        return images - 1

    found = model_input(nn.Conv2d(3, 2, 1).to(dtype), IMAGES, note)
    assert given[0].dtype == dtype
    assert torch.equal(given[0], (IMAGES.float() / 255).to(dtype))
    assert torch.equal(found, given[0] - 1)


def test_torchvisions_normalize_is_a_preprocess():
    mean, std = [0.5, 0.4, 0.3], [0.2, 0.3, 0.4]
    found = model_input(nn.Conv2d(3, 2, 1), IMAGES, v2.Normalize(mean, std))
    centre, spread = (torch.tensor(one)[:, None, None] for one in (mean, std))
    torch.testing.assert_close(found, (IMAGES / 255 - centre) / spread)


def test_gradients_flow_back_to_the_images():
    images = torch.rand(2, 1, 3, 3, requires_grad=True)
    model_input(nn.Conv2d(1, 1, 1), images, lambda x: 3 * x).sum().backward()
    assert torch.equal(images.grad, torch.full_like(images, 3))


def test_batches_come_one_by_one_with_their_places():
    model, given = nn.Conv2d(3, 2, 1), []
    found = list(batches(model, IMAGES, 3, lambda x: given.append(len(x)) or x))
    assert [start for start, _ in found] == [0, 3, 6]
    assert given == [3, 3, 1]
    assert torch.equal(torch.cat([batch for _, batch in found]), IMAGES / 255)
    (only,) = batches(model, IMAGES, 3, starts=[3])
    assert only[0] == 3
    assert torch.equal(only[1], IMAGES[3:6] / 255)


@pytest.mark.parametrize("wrong", [([0.5], [0.2]), "imagenet", 0.5, nn.Identity])
def test_what_can_not_preprocess(wrong):
    with pytest.raises(TypeError, match=r"must be a function of float images.*v2\.Normalize"):
        model_input(nn.ReLU(), IMAGES, wrong)


@pytest.mark.parametrize(
    ("result", "got"),
    [(torch.zeros(6, 3, 6, 6), r"\(6, 3, 6, 6\)"), (torch.tensor(1.0), r"\(\)"), ([], "list")],
)
def test_what_preprocessing_must_return(result, got):
    with pytest.raises(ValueError, match=f"as many images as it is given, 7; got {got}"):
        model_input(nn.ReLU(), IMAGES, lambda _: result)
