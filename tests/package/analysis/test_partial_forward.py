"""Replayed passes say what whole passes say, whatever the model does, and leave no trace."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from cnnvis.analysis.partial_forward import Replay


class Model(nn.Module):
    """Four convolutions and a ReLU, run by a function of the model and its input."""

    def __init__(self, run):
        super().__init__()
        self.run = run
        self.one, self.two = nn.Conv2d(2, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1)
        self.layer, self.last = nn.Conv2d(2, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1)
        self.relu = nn.ReLU()
        self.inplace = nn.ReLU(inplace=True)
        self.block = nn.Sequential(nn.Conv2d(2, 2, 1), nn.ReLU(inplace=True), nn.Conv2d(2, 2, 1))
        self.flag = False

    def forward(self, x):
        return self.run(self, x)


class Keeper(nn.Module):
    """Adds to its input, in place, and returns something else."""

    def forward(self, x):
        x += 1
        return x * 2


def added_in_place(m, x):
    kept = m.one(x)
    kept += m.two(x)
    return m.last(m.layer(kept) + kept)


def written_after_the_layer(m, x):
    kept = m.one(x)
    out = m.layer(kept)
    kept.mul_(3)
    return m.last(out) + kept


def ignored_return_values(m, x):
    kept = m.one(x)
    m.inplace(kept)
    return m.last(m.layer(kept))


def run_twice(m, x):
    return m.layer(m.relu(m.layer(m.relu(m.one(x))))) + m.one(m.one(x))


def run_again_later(m, x):
    return m.one(m.layer(m.one(m.relu(x)))) + m.block(m.layer(x))


def input_written(m, x):
    x -= 0.5
    return m.last(m.layer(m.one(x)))


def through_a_view(m, x):
    kept = nn.Flatten().forward(m.one(x))
    kept[:, :5] = 7
    return m.layer(kept.view(x.shape))


def in_a_block(m, x):
    return m.last(m.layer(m.block(x)))


def blocks_of_a_block(m, x):
    return F.relu(m.layer(F.relu_(m.block[1](m.block(m.block[0](x))))))


RUNS = [
    *(added_in_place, written_after_the_layer, ignored_return_values, run_twice),
    *(run_again_later, input_written, through_a_view, in_a_block, blocks_of_a_block),
]


def doubled(module, inputs, output):  # noqa: ARG001
    return output * doubled.by


@pytest.fixture
def images():
    return torch.rand(3, 2, 6, 6, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("wrap", [lambda m: m, lambda m: nn.Sequential(Keeper(), m)])
def test_replayed_is_as_computed(run, wrap, images):
    torch.manual_seed(0)
    model = wrap(Model(run))
    layer = next(one for name, one in model.named_modules() if name.endswith("layer"))
    layer.register_forward_hook(doubled)
    with torch.no_grad():
        expected = []
        for doubled.by in (1, 2, 3):
            expected.append(model(images.clone()))
        with Replay(model, layer) as replay:
            for batch in (images.flip(0), images):
                doubled.by = 1
                found = [replay.first(batch)]
                for doubled.by in (2, 3):
                    found.append(replay.again(batch))
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one, other)
    assert not torch.equal(found[0], found[1])


def test_what_lies_before_is_not_computed_again(images):
    model, runs = Model(in_a_block), []
    for name, part in model.named_modules():
        if isinstance(part, nn.Conv2d):
            part.register_forward_hook(lambda *_, name=name: runs.append(name))
    with torch.no_grad(), Replay(model, model.layer) as replay:
        replay.first(images)
        assert runs == ["block.0", "block.2", "layer", "last"]
        runs.clear()
        replay.again(images)
    assert runs == ["layer", "last"]


def test_a_model_that_changes_its_way_is_computed_anew(images):
    """With the hook at 2 it writes into what it left alone before, then takes other modules."""

    def fickle(m, x):
        kept = m.one(x)
        out = m.layer(kept)
        if doubled.by == 2:
            kept += 1
        return m.last(out) + kept

    def wanders(m, x):
        return m.layer(m.one(x) if doubled.by == 1 else m.two(x))

    for run in (fickle, wanders):
        model = Model(run)
        model.layer.register_forward_hook(doubled)
        with torch.no_grad(), Replay(model, model.layer) as replay:
            doubled.by = 1
            replay.first(images)
            for doubled.by in (2, 1, 2, 1):
                found = replay.again(images)
                assert torch.equal(found, run_alone(model, images))


def run_alone(model, images):
    with torch.no_grad():
        return unpatched(model)(images.clone())


def unpatched(model):
    """A copy of the model without what a replay has put in."""
    twin = Model(model.run)
    twin.load_state_dict(model.state_dict())
    twin.layer.register_forward_hook(doubled)
    return twin


def test_a_layer_that_does_not_run_is_refused(images):
    model = Model(lambda m, x: m.last(x))
    refused = pytest.raises(ValueError, match="the layer doesn't run")
    with torch.no_grad(), Replay(model, model.one) as replay, refused:
        replay.first(images)


def test_forward_methods_are_put_back(images):
    model = Model(in_a_block)
    own = model.relu.forward = nn.ReLU().forward
    with pytest.raises(RuntimeError, match="channels"), Replay(model, model.layer) as replay:
        replay.first(images[:, :1])
    assert model.relu.forward is own
    assert not any("forward" in vars(one) for one in model.modules() if one is not model.relu)


def test_the_images_are_left_alone(images):
    before, model = images.clone(), Model(input_written)
    with torch.no_grad(), Replay(model, model.layer) as replay:
        replay.first(images)
        replay.again(images)
    assert torch.equal(images, before)
