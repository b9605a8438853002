"""The receptive field of a unit is where the input's gradient isn't zero, or it is unknown."""

import itertools
import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torchvision import models

from cnnvis.layers.hooks import capture
from cnnvis.layers.receptive_fields import FieldTracer, ReceptiveField
from cnnvis.layers.table import layer_table
from cnnvis.models.architectures import PhotoCNN, SmallCNN

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")
fast = settings(max_examples=40, deadline=None, derandomize=True, database=None)


class Model(nn.Module):
    """Modules by name, run by a function of the model and its input; ``out`` runs last."""

    def __init__(self, run, **parts):
        super().__init__()
        self.run = run
        for name, part in parts.items():
            setattr(self, name, part)
        self.out = nn.Identity()

    def forward(self, x):
        return self.out(self.run(self, x))


def conv(size=3, **options):
    return nn.Conv2d(1, 1, size, **options)


def positive(model):
    """The model in double precision and evaluation mode, so that no gradient is zero by chance.

    Weights are random but positive, so that every ReLU lets through what reaches it.
    """
    torch.manual_seed(0)
    for module in model.double().eval().modules():
        for name, values in [
            *module.named_parameters(recurse=False),
            *module.named_buffers(recurse=False),
        ]:
            if values.is_floating_point():
                sign = -1 if name == "running_mean" else 1
                values.data.copy_(
                    sign * (torch.rand_like(values) + 0.1) / max(1, values[0].numel())
                )
    return model


def with_average_pooling(model):
    """The same model, but its max poolings pass gradients to all that they see."""
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.MaxPool2d):
            parent, _, last = name.rpartition(".")
            sizes = module.kernel_size, module.stride, module.padding, module.ceil_mode
            setattr(model.get_submodule(parent), last, nn.AvgPool2d(*sizes))
    return model


def boxes(model, image, names, choose):
    """Each layer's name, unit, the box of its field and that of its gradient."""
    table = layer_table(model, image)
    image = image.clone().requires_grad_()
    with capture(model, copy=False) as maps:
        model(image)
    for name in names or [row.name for row in table]:
        units = maps[name].shape[2:] or (1, 1)
        for unit in choose(units):
            values = maps[name][(0, slice(None), *unit)] if maps[name].dim() == 4 else maps[name][0]
            (gradient,) = torch.autograd.grad(values.sum(), image, retain_graph=True)
            yield name, unit, table[name].receptive_field.box(*unit), extent(gradient)


def extent(gradient):
    """First and last row and column that aren't zero; nothing where all are."""
    seen = gradient[0].abs().sum(0).nonzero()
    if len(seen) == 0:
        return ()
    return tuple(zip(seen.min(0).values.tolist(), seen.max(0).values.tolist(), strict=True))


def every_unit(units):
    return itertools.product(*map(range, units))


def some_units(units):
    """Three of the corners and one in the middle."""
    last = [n - 1 for n in units]
    return {(0, 0), (0, last[1]), tuple(last), tuple(n // 2 for n in units)}


def inside(seen, box):
    """Whether a box holds all that was seen, if anything was."""
    return all(b <= a and c <= d for (a, c), (b, d) in zip(seen, box, strict=bool(seen)))


# Against gradients


@pytest.mark.parametrize("size", [(28, 28), (24, 48), (8, 8)])
def test_every_unit_of_a_small_network(size):
    model = with_average_pooling(positive(SmallCNN(widths=(2, 2, 2))))
    image = torch.rand(1, 1, *size).double() + 0.1
    names = ["pool1", "conv2", "pool2", "conv3", "pool3", "fc"]
    for name, unit, box, seen in boxes(model, image, names, some_units):
        assert box == seen, (name, unit)


@pytest.mark.parametrize("size", [24, 28, 32, 40, 64])
def test_adaptive_pooling_sees_no_pixel_outside_its_box(size):
    """Its windows are of the same size and distance only where 3 divides the maps' side."""
    model = with_average_pooling(positive(SmallCNN(widths=(1, 1, 1))))
    image = torch.rand(1, 1, size, size).double() + 0.1
    for name, unit, box, seen in boxes(model, image, ["squeeze", "fc"], every_unit):
        assert inside(seen, box), (name, unit, box, seen)
        if name == "fc" or size == 24:
            assert box == seen, (name, unit)


def test_max_pooling_sees_no_pixel_outside_its_box():
    model = SmallCNN(widths=(4, 4, 4)).double().eval()
    image = torch.rand(1, 1, 24, 24).double()
    for name, unit, box, seen in boxes(model, image, ["pool1", "pool2", "conv3"], some_units):
        assert inside(seen, box), (name, unit)


class Varied(nn.Module):
    """Strides, paddings, dilations, kernels of two sizes, both kinds of pooling, a branch."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 3, (5, 3), stride=(2, 1), padding=(0, 1))
        self.dilated = nn.Conv2d(3, 3, 3, padding="same", dilation=(1, 2), groups=3)
        self.mean = nn.AvgPool2d((1, 2), stride=(1, 2))
        self.left = nn.Conv2d(3, 2, (3, 5), padding=(1, 2), padding_mode="zeros")
        self.right = nn.Conv2d(3, 2, 1)
        self.joined = nn.Identity()
        self.mixed = nn.Conv2d(4, 2, 2, stride=2)

    def forward(self, x):
        x = self.mean(self.dilated(self.first(x)).relu())
        x = self.joined(torch.cat([self.left(x), self.right(x)], dim=1))
        return self.mixed(F.gelu(x))


def test_strides_dilations_paddings_and_branches():
    model = positive(Varied())
    image = torch.rand(1, 2, 33, 40).double() + 0.1
    table = layer_table(model, image)
    joined, left, right = (table[name].receptive_field for name in ("joined", "left", "right"))
    assert joined == left != right
    found = 0
    for name, unit, box, seen in boxes(model, image, None, every_unit):
        assert inside(seen, box), (name, unit)
        # A dilated kernel with gaps over the edge may begin further inside than its box.
        within = all(low > 0 and high < n - 1 for (low, high), n in zip(box, (33, 40), strict=True))
        if within:
            assert box == seen, (name, unit)
            found += 1
    assert found > 200


layers = st.lists(
    st.tuples(
        st.sampled_from(["conv", "mean", "max"]),
        st.tuples(st.integers(1, 4), st.integers(1, 4)),  # kernel
        st.tuples(st.integers(1, 3), st.integers(1, 3)),  # stride
        st.tuples(st.integers(0, 2), st.integers(0, 2)),  # padding
        st.tuples(st.integers(1, 2), st.integers(1, 2)),  # dilation
    ),
    min_size=1,
    max_size=3,
)


@fast
@given(layers, st.tuples(st.integers(18, 23), st.integers(18, 23)))
def test_random_stacks_of_layers(stack, size):
    parts = []
    for kind, kernel, stride, padding, dilation in stack:
        if kind == "conv":
            parts.append(nn.Conv2d(1, 1, kernel, stride, padding, dilation))
        else:
            padding = tuple(min(p, k // 2) for p, k in zip(padding, kernel, strict=True))
            parts.append({"mean": nn.AvgPool2d, "max": nn.MaxPool2d}[kind](kernel, stride, padding))
    model = with_average_pooling(positive(nn.Sequential(*parts)))
    image = torch.rand(1, 1, *size).double() + 0.1
    try:
        model(image)
    except RuntimeError:
        return  # nothing is left for the last kernels
    for name, unit, box, seen in boxes(model, image, None, some_units):
        assert inside(seen, box), (name, unit)
        if all(low > 0 and high < n - 1 for (low, high), n in zip(box, size, strict=True)):
            assert box == seen, (name, unit)


@pytest.mark.parametrize(
    ("build", "side", "names"),
    [
        (models.resnet18, 64, ["conv1", "maxpool", "layer1.1.relu#2", "layer2.0.downsample.0"]),
        (models.resnet18, 64, ["layer2.1.conv2", "layer3.0.conv1", "avgpool", "fc"]),
        (models.squeezenet1_1, 65, ["features.0", "features.3.expand1x1", "features.5"]),
        (models.squeezenet1_1, 65, ["features.6.expand3x3", "features.8", "features.12.squeeze"]),
        (lambda weights: models.vgg11(weights=weights).features, 48, ["0", "5", "8", "13", "20"]),
    ],
    ids=["resnet18", "resnet18 deep", "squeezenet1_1", "squeezenet1_1 deep", "vgg11"],
)
def test_networks_of_torchvision(build, side, names):
    model = with_average_pooling(positive(build(weights=None)))
    image = torch.rand(1, 3, side, side).double() + 0.1
    for name, unit, box, seen in boxes(model, image, names, some_units):
        assert box == seen, (name, unit)


def thin(build):
    """A network of the same layers with fewer channels: fields don't depend on how many."""
    with torch.device("meta"):
        model = build(weights=None)
    few = lambda channels: max(channels // 32, 1) if channels > 3 else channels  # noqa: E731
    for parent in list(model.modules()):
        for name, one in list(parent.named_children()):
            if isinstance(one, nn.Conv2d):
                options = {"stride": one.stride, "padding": one.padding}
                widths = few(one.in_channels), few(one.out_channels)
                setattr(parent, name, nn.Conv2d(*widths, one.kernel_size, **options))
            elif isinstance(one, nn.BatchNorm2d):
                setattr(parent, name, nn.BatchNorm2d(few(one.num_features)))
            elif isinstance(one, nn.Linear):
                setattr(parent, name, nn.Linear(few(one.in_features), few(one.out_features)))
    return model


@pytest.mark.parametrize(
    ("build", "shape", "rows"),
    [
        (lambda: SmallCNN(widths=(2, 2, 2)), (1, 24, 24), 11),
        (lambda: PhotoCNN(widths=(2,) * 8), (3, 32, 32), 21),
        (lambda: thin(models.resnet18), (3, 128, 128), 60),
        (lambda: thin(models.vgg11), (3, 224, 224), 29),
    ],
    ids=["SmallCNN", "PhotoCNN", "resnet18", "vgg11"],
)
def test_every_layer_sees_what_its_gradient_says(build, shape, rows):
    model = with_average_pooling(positive(build()))
    image = torch.rand(1, *shape).double() + 0.1
    places = list(boxes(model, image, None, lambda units: [tuple(n // 2 for n in units)]))
    assert len(places) == rows
    for name, unit, box, seen in places:
        assert box == seen, (name, unit)


def test_pixels_that_no_stride_reaches_lie_at_most_in_boxes_at_the_edge():
    model = with_average_pooling(positive(models.squeezenet1_1(weights=None).features))
    image = torch.rand(1, 3, 64, 64).double() + 0.1
    for name, unit, box, seen in boxes(model, image, ["0", "2", "5", "8"], some_units):
        assert inside(seen, box), (name, unit)
        assert [low for low, _ in box] == [low for low, _ in seen], (name, unit)


# Known by arithmetic


def fields(run, shape=(1, 1, 12, 12), **parts):
    table = layer_table(Model(run, **parts), torch.rand(shape))
    return {row.name: row.receptive_field for row in table}


def test_the_textbook_example():
    rows = layer_table(SmallCNN(), torch.rand(1, 1, 64, 64))[:9]
    assert [row.receptive_field.size[0] for row in rows] == [3, 3, 4, 8, 8, 10, 18, 18, 22]
    assert [row.receptive_field.stride[1] for row in rows] == [1, 1, 2, 2, 2, 4, 4, 4, 8]
    assert [row.receptive_field.start[0] for row in rows] == [-1, -1, -1, -3, -3, -3, -7, -7, -7]


def test_one_and_three_axes():
    one = fields(lambda m, x: m.c(x), (2, 1, 20), c=nn.Conv1d(1, 1, 3, stride=2, padding=1))["c"]
    assert (one.size, one.stride, one.start, one.image) == ((3,), (2,), (-1,), (20,))
    assert one.box(0) == ((0, 1),)
    three = fields(lambda m, x: F.max_pool3d(m.c(x), 2), (1, 1, 8, 9, 10), c=nn.Conv3d(1, 1, 3))
    assert str(three["out"]) == "4×4×4"
    assert three["out"].stride == (2, 2, 2)


@pytest.mark.parametrize(
    "gather",
    [
        lambda x: F.adaptive_avg_pool2d(x, 1),
        lambda x: x.mean((2, 3)),
        lambda x: x.amax((2, 3), keepdim=True),
        lambda x: x.flatten(1) @ torch.rand(100, 3),
        lambda x: F.linear(x.flatten(1), torch.rand(3, 100), torch.rand(3)),
        lambda x: x * F.adaptive_avg_pool2d(x, 1).sigmoid(),
        lambda x: F.group_norm(x, 1),
        lambda x: torch.cat([x.mean((2, 3)), x.amax((2, 3))], dim=1),
    ],
)
def test_what_depends_on_the_whole_image(gather):
    field = fields(lambda m, x: gather(m.c(x)), c=conv())["out"]
    assert field.whole
    assert str(field) == "whole image"
    assert field.box(0, 0) == field.box(5, 3) == ((0, 11), (0, 11))


def test_a_unit_that_sees_every_output_below_may_still_miss_pixels():
    field = fields(lambda m, x: m.c(x).mean((2, 3)), c=conv(1, stride=4))["out"]
    assert not field.whole
    assert field.box(0, 0) == ((0, 8), (0, 8))


@pytest.mark.parametrize(
    "local",
    [
        F.relu_,
        F.silu,
        F.gelu,
        F.hardswish,
        lambda x: F.dropout(x, 0.5, training=False),
        lambda x: x.clone().detach(),
        lambda x: x.contiguous(memory_format=torch.channels_last),
        lambda x: x * 2 + torch.ones(10),
        lambda x: torch.where(x > 0, x, 0.0),
        lambda x: F.batch_norm(x, torch.zeros(1), torch.ones(1)),
        lambda x: torch.cat([x, x], dim=1),
        lambda x: torch.cat([x, x], dim=0),
        lambda x: torch.cat([x, x], dim=1).chunk(2, dim=1)[1],
        lambda x: torch.cat([x] * 4, 1).view(1, 2, 2, 10, 10).transpose(1, 2).reshape(1, 4, 10, 10),
    ],
)
def test_what_leaves_fields_alone(local):
    found = fields(lambda m, x: local(m.c(x)), c=conv())
    assert found["out"] == found["c"]
    assert found["c"].size == (3, 3)


def test_a_sum_sees_what_its_terms_see():
    parts = {"wide": conv((1, 5), padding=(0, 2)), "tall": conv((5, 1), padding=(2, 0))}
    found = fields(lambda m, x: m.wide(x) + m.tall(x), **parts)
    assert (found["out"].size, found["out"].start) == ((5, 5), (-2, -2))
    assert found["wide"].size == (1, 5)


def test_a_sum_in_place_does_not_widen_what_was_recorded_before():
    def run(model, x):
        return model.narrow(x).add_(model.wide(x))

    found = fields(run, wide=conv(padding=1), narrow=conv(1))
    assert found["out"].size == (3, 3)
    assert found["narrow"].size == (1, 1)


def shifted(x):
    """Each row in the place of the one below, written through a view."""
    below = x.clone()
    below[:, :, 1:] = x[:, :, :-1]
    return below


def framed(x):
    """A sum with what stands in the middle of a larger tensor, made without the image's help."""
    frame = torch.zeros(1, 1, 14, 14, dtype=x.dtype)
    frame[:, :, 2:-2, 2:-2] = x
    return x + F.avg_pool2d(frame, 5, stride=1)


MIXING = {
    "fft": lambda x: torch.fft.fft2(x).real,
    "roll": lambda x: x.roll(3, 2),
    "flip": lambda x: x.flip(2),
    "sort": lambda x: x.sort(2).values,
    "cumsum": lambda x: x.cumsum(3),
    "softmax": lambda x: x.softmax(3),
    "matmul": lambda x: x @ torch.rand(10, 10, dtype=x.dtype),
    "transpose": lambda x: x.transpose(2, 3),
    "mT": lambda x: x.mT,
    "there and back": lambda x: x.reshape(1, 1, 100).reshape(1, 1, 10, 10),
    "reshape": lambda x: x.reshape(1, 1, 5, 20),
    "side by side": lambda x: torch.cat([x, x], dim=3),
    "swapped halves": lambda x: torch.cat([x[..., 5:], x[..., :5]], dim=3),
    "interpolate": lambda x: F.interpolate(x, scale_factor=2),
    "transposed convolution": lambda x: F.conv_transpose2d(
        x, torch.ones(1, 1, 2, 2, dtype=x.dtype), stride=2
    ),
    "units of two distances": lambda x: F.avg_pool2d(x, 2) + F.avg_pool2d(x, 6, stride=1),
    "instance norm": lambda x: F.instance_norm(x),
    "batch norm in training": lambda x: F.batch_norm(x, None, None, training=True),
    "layer norm": lambda x: F.layer_norm(x, (10, 10)),
    "written through a view": shifted,
    "written into a new tensor": framed,
    "grid sample": lambda x: F.grid_sample(
        x, torch.zeros(1, 9, 9, 2, dtype=x.dtype), align_corners=False
    ),
}


@pytest.mark.parametrize("mix", MIXING.values(), ids=MIXING.keys())
def test_what_cannot_be_followed_is_never_called_local(mix):
    """Unknown, or at least a field in which the pixels lie that the units depend on."""
    model = Model(lambda m, x: mix(m.c(x)), c=conv()).double().eval()
    image = torch.rand(1, 1, 12, 12).double().requires_grad_()
    with torch.no_grad():
        field = layer_table(model, image)["out"].receptive_field
    if field is not None:
        out = model(image)
        for unit in some_units(out.shape[2:]):
            (gradient,) = torch.autograd.grad(out[(0, 0, *unit)], image, retain_graph=True)
            assert inside(extent(gradient), field.box(*unit)), unit


def test_what_follows_the_unknown_is_unknown():
    found = fields(lambda m, x: m.late(m.c(x).flip(2)).mean((2, 3)), c=conv(), late=conv())
    assert found["c"].size == (3, 3)
    assert found["late"] is found["out"] is None


def test_what_does_not_come_from_the_image_is_unknown():
    assert fields(lambda m, x: m.c(torch.rand(1, 1, 12, 12)), c=conv())["c"] is None  # noqa: ARG005


# ReceptiveField itself


def test_a_box_is_cut_at_the_edges():
    field = ReceptiveField(size=(5, 3), stride=(2, 1), start=(-2, 0), image=(10, 8))
    assert field.box(0, 0) == ((0, 2), (0, 2))
    assert field.box(2, 3) == ((2, 6), (3, 5))
    assert field.box(4, 7) == ((6, 9), (7, 7))
    assert str(field) == "5×3"
    assert not field.whole


@pytest.mark.parametrize("unit", [(), (1,), (1, 2, 3)])
def test_a_box_needs_a_position_on_each_axis(unit):
    field = ReceptiveField(size=(5, 3), stride=(2, 1), start=(-2, 0), image=(10, 8))
    with pytest.raises(ValueError, match="one position for each of 2 axes; got"):
        field.box(*unit)


def test_only_what_every_unit_shares_is_whole():
    one = {"start": (0, 0), "image": (4, 4)}
    assert ReceptiveField(size=(4, 4), stride=(0, 0), **one).whole
    assert not ReceptiveField(size=(4, 4), stride=(1, 1), **one).whole
    assert not ReceptiveField(size=(4, 3), stride=(0, 0), **one).whole
    assert not ReceptiveField(size=(4, 4), stride=(0, 0), start=(1, 0), image=(4, 4)).whole


def test_the_tracer_knows_nothing_of_other_tensors():
    image = torch.rand(1, 1, 4, 4)
    with FieldTracer(image) as tracer:
        result = image + 1
        other = torch.rand(1, 1, 4, 4) + 1
    assert tracer.of(result).size == (1, 1)
    assert tracer.of(result).image == (4, 4)
    assert tracer.of(other) is None
    assert tracer.of(torch.rand(3)) is None
    assert math.prod(tracer.of(image).size) == 1
