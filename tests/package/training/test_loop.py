"""Training is seeded, learns, measures honestly and leaves nothing else changed."""

import functools
import sys
from copy import deepcopy
from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models import ResNet18_Weights
from torchvision.transforms import v2

from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import Source
from cnnvis.models.architectures import SmallCNN
from cnnvis.training.loop import evaluate, fit, has_bfloat16

SOURCE = Source("name", "title", "origin", "licence", "citation")


def images(count, seed=0, channels=1):
    """Noise with a bright bar: the left side of the image in class 0, the right in class 1."""
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 90, (count, channels, 8, 10), generator=generator)
    labels = torch.arange(count) % 2
    images[labels == 0, :, :, 1:3] += 150
    images[labels == 1, :, :, 7:9] += 150
    return ImageSet(images.to(torch.uint8), labels, ("left", "right"), SOURCE)


def network(seed=0):
    torch.manual_seed(seed)
    return SmallCNN(n_classes=2, widths=(4, 8, 8))


class Mixed(nn.Module):
    """With batch normalization and dropout, which act differently in the two modes."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(4 * 6 * 8, 2)
        self.modes = []

    def forward(self, x):
        self.modes.append((self.training, torch.is_grad_enabled()))
        return self.fc(self.drop(self.norm(self.conv(x)).relu().flatten(1)))


@pytest.fixture(scope="module")
def train():
    return images(100)


@pytest.fixture(scope="module")
def held_out():
    return images(30, seed=1)


def same_weights(one, other):
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


# fit


def test_it_learns_what_can_be_told_apart(train, held_out):
    model = network()
    history = fit(model, train, held_out, epochs=10, batch_size=20, learning_rate=0.02)
    assert history.train_accuracy[0] < 0.8
    assert history.train_accuracy[-1] == history.test_accuracy[-1] == 1
    assert history.test_loss[-1] < 0.2 < history.test_loss[0]
    assert evaluate(model, held_out).accuracy == 1


@pytest.mark.parametrize("make", [network, Mixed])
def test_the_same_seed_gives_the_same_weights(make, train, held_out):
    runs = []
    for draws in (1, 99):
        model = make()
        torch.manual_seed(draws)
        history = fit(model, train, held_out, epochs=2, batch_size=32, seed=3)
        history.seconds = 0.0
        runs.append((model, history))
    (one, first), (other, second) = runs
    assert same_weights(one, other)
    assert first == second


@pytest.mark.parametrize("make", [network, Mixed])
def test_another_seed_gives_other_weights(make, train):
    one, other = make(), make()
    fit(one, train, epochs=1, batch_size=32, seed=3)
    fit(other, train, epochs=1, batch_size=32, seed=4)
    assert not same_weights(one, other)


def test_the_seed_decides_what_dropout_drops(train):
    """With all images in one batch their order does not matter, so only dropout is left."""

    def run(seed):
        model = Mixed()
        fit(model, train, epochs=2, batch_size=100, seed=seed)
        return model.fc.weight.detach()

    torch.testing.assert_close(run(0), run(0), rtol=0, atol=0)
    assert (run(0) - run(1)).abs().max() > 1e-4


def test_the_order_of_the_images_changes_from_epoch_to_epoch(train):
    seen = []

    class Watcher(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(80, 2)

        def forward(self, x):
            if self.training:
                seen.append(x.detach().clone().flatten(1))
            return self.fc(x.flatten(1))

    fit(Watcher(), train, epochs=2, batch_size=30)
    assert [len(batch) for batch in seen] == [30, 30, 30, 10] * 2
    first, second = torch.cat(seen[:4]), torch.cat(seen[4:])
    expected = (train.images / 255).flatten(1)
    assert not torch.equal(first, second)
    for epoch in (first, second):
        assert not torch.equal(epoch, expected)
        assert sorted(epoch.tolist()) == sorted(expected.tolist())


def test_what_history_holds(train, held_out):
    history = fit(network(), train, held_out, epochs=3, batch_size=40)
    assert len(history.step_loss) == len(history.step_accuracy) == 3 * 3
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"):
        assert len(getattr(history, name)) == 4, name
    assert history.epochs == 3
    assert history.batch_size == 40
    assert 0 < history.seconds < 60
    assert all(0 <= share <= 1 for share in history.step_accuracy + history.test_accuracy)


def test_the_first_entry_is_the_network_before_training(train, held_out, monkeypatch):
    monkeypatch.setattr("cnnvis.training.loop.has_bfloat16", lambda _: False)
    model = network()
    before = evaluate(model, held_out), evaluate(model, train[: len(held_out)])
    history = fit(model, train, held_out, epochs=2)
    assert history.test_loss[0] == pytest.approx(before[0].loss)
    assert history.train_loss[0] == pytest.approx(before[1].loss)
    assert history.train_accuracy[0] == pytest.approx(before[1].accuracy)
    assert history.test_loss[-1] == pytest.approx(evaluate(model, held_out).loss, rel=1e-4)


def test_each_step_follows_the_gradient_of_its_own_batch(train):
    """With steps too small to matter, the last gradient is that of the untrained network."""
    model, untrained = Mixed(), Mixed()
    model.drop.p = untrained.drop.p = 0
    fit(model, train, epochs=3, batch_size=100, learning_rate=1e-12)
    F.cross_entropy(untrained(train.images / 255), train.labels).backward()
    expected = untrained.fc.weight.grad
    assert (model.fc.weight.grad - expected).norm() < 0.1 * expected.norm()


def test_the_first_step_is_measured_before_it_is_taken(train):
    model = network()
    loss = evaluate(model, train).loss
    history = fit(model, train, epochs=1, batch_size=100)
    assert history.step_loss == [pytest.approx(loss, abs=0.01)]


def test_a_run_that_is_not_measured_takes_the_same_steps(train, held_out):
    model, plain = Mixed(), Mixed()
    history = fit(plain, train, held_out, epochs=2, batch_size=40)
    unmeasured = fit(model, train, held_out, epochs=2, batch_size=40, measure=False)
    assert model.modes == [(True, True)] * 6, "the model runs for its steps alone"
    assert unmeasured.train_loss == unmeasured.test_accuracy == []
    assert unmeasured.step_loss == history.step_loss
    assert unmeasured.epochs == history.epochs == 2
    assert same_weights(model, plain)


def test_without_a_test_set(train):
    history = fit(network(), train, epochs=2)
    assert history.test_loss == history.test_accuracy == []
    assert len(history.train_loss) == 3


@pytest.mark.parametrize("count", range(1, 13))
def test_any_number_of_steps(count):
    history = fit(network(), images(count), epochs=1, batch_size=1)
    assert len(history.step_loss) == count


@pytest.mark.parametrize("epochs", [1, 2, 5])
def test_a_batch_may_hold_all_images_and_more(epochs):
    history = fit(network(), images(6), epochs=epochs, batch_size=1000)
    assert len(history.step_loss) == epochs


def test_it_trains_in_training_mode_and_measures_in_evaluation_mode(train, held_out):
    model = Mixed().eval()
    fit(model, train, held_out, epochs=2, batch_size=50)
    measured, epoch = [(False, False)] * 2, [(True, True)] * 2
    assert model.modes == measured + (epoch + measured) * 2


def test_measuring_changes_no_running_statistics(train, held_out):
    one, other = Mixed(), Mixed()
    fit(one, train, epochs=1)
    fit(other, train, held_out, epochs=1)
    assert torch.equal(one.norm.running_mean, other.norm.running_mean)
    assert one.norm.num_batches_tracked == 1


def test_the_model_ends_in_evaluation_mode_and_the_usual_layout(train):
    model = network()
    fit(model, train, epochs=1)
    assert not any(module.training for module in model.modules())
    assert all(one.is_contiguous() and one.dtype == torch.float32 for one in model.parameters())
    assert model.conv2.weight.stride() == (36, 9, 3, 1)


def test_random_numbers_of_the_caller_stay(train, held_out):
    model = Mixed()
    before = torch.get_rng_state()
    fit(model, train, held_out, epochs=1)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_images_stay(train, held_out):
    before = deepcopy((train.images, train.labels, held_out.images))
    fit(network(), train, held_out, epochs=1)
    assert torch.equal(train.images, before[0])
    assert torch.equal(train.labels, before[1])
    assert torch.equal(held_out.images, before[2])


def test_colour():
    torch.manual_seed(0)
    model = SmallCNN(3, 2, (2, 2, 2))
    assert len(fit(model, images(20, channels=3), epochs=1).step_loss) == 1


class Broken(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)

    def forward(self, x):
        return self.conv(x).mean((2, 3)) / (0 if self.training else 1)


def test_a_loss_that_is_not_finite_ends_the_training(train):
    model = Broken()
    before = torch.get_rng_state()
    with pytest.raises(FloatingPointError, match=r"must stay finite; at step 1 it is nan\. Lower"):
        fit(model, train)
    assert not model.training
    assert model.conv.weight.is_contiguous()
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("option", ["epochs", "batch_size", "learning_rate"])
@pytest.mark.parametrize("value", [0, -1])
def test_numbers_that_are_not_positive(option, value, train):
    model = network()
    before = deepcopy(model)
    with pytest.raises(ValueError, match="epochs, batch_size and learning_rate must be positive"):
        fit(model, train, **{option: value})
    assert same_weights(model, before)


# Watching a run


@pytest.mark.parametrize("make", [network, Mixed])
def test_watching_changes_nothing_that_the_run_decides(make, train, held_out):
    """Not even if the watcher runs the model, draws numbers, takes gradients and changes modes."""

    def meddle(_, model):
        torch.manual_seed(5)
        torch.rand(3)
        evaluate(model, held_out)
        with torch.enable_grad():
            model(torch.rand(4, 1, 8, 10)).sum().backward()
        for module in model.modules():
            module.training = isinstance(module, nn.Dropout)

    runs = []
    for watch in (None, meddle):
        model = make()
        history = fit(model, train, held_out, epochs=2, batch_size=32, watch=watch)
        history.seconds = 0.0
        runs.append((model, history, [module.training for module in model.modules()]))
    (one, first, modes), (other, second, same_modes) = runs
    assert same_weights(one, other)
    assert first == second
    assert modes == same_modes


def test_what_a_watcher_sees(train):
    """The weights before the first step and after each, in evaluation mode, without gradients."""
    model = Mixed()
    model.drop.p = 0
    seen = []

    def watch(step, watched):
        assert watched is model
        assert not any(module.training for module in watched.modules())
        assert not torch.is_grad_enabled()
        seen.append((step, deepcopy(watched)))

    untrained = deepcopy(model)
    history = fit(model, train, epochs=2, batch_size=40, watch=watch)
    assert [step for step, _ in seen] == [0, 1, 2, 3, 4, 5, 6]
    assert same_weights(seen[0][1], untrained)
    assert same_weights(seen[-1][1], model)
    assert not any(same_weights(a[1], b[1]) for a, b in pairwise(seen))
    assert len(history.step_loss) == 6
    fit(seen[3][1], train, epochs=1)  # a copy is a network like any other


def test_an_error_of_the_watcher_ends_the_run_and_leaves_the_model_usable(train):
    def stop(step, _):
        if step == 2:
            raise KeyboardInterrupt

    model, draws = Mixed(), torch.get_rng_state()
    with pytest.raises(KeyboardInterrupt):
        fit(model, train, epochs=1, batch_size=20, watch=stop)
    assert not any(module.training for module in model.modules())
    assert model.conv.weight.is_contiguous()
    assert torch.equal(torch.get_rng_state(), draws)


# The progress bar


def test_it_is_quiet_where_there_is_no_terminal(train, capfd):
    fit(network(), train, epochs=1)
    assert capfd.readouterr() == ("", "")


def test_a_terminal_gets_a_progress_bar(train, capfd, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    fit(network(), train, epochs=1, batch_size=25)
    assert "4/4" in capfd.readouterr().err


@pytest.mark.parametrize("progress", [True, False])
def test_the_progress_bar_may_be_asked_for_and_refused(train, capfd, monkeypatch, progress):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: not progress)
    fit(network(), train, epochs=1, batch_size=25, progress=progress)
    out, err = capfd.readouterr()
    assert out == ""
    assert ("4/4" in err) == progress


# evaluate


@pytest.mark.parametrize("batch_size", [1, 7, 1000])
@pytest.mark.parametrize("make", [network, Mixed])
def test_evaluate_is_the_plain_computation(make, batch_size, held_out):
    model = make()
    found = evaluate(model, held_out, batch_size=batch_size)
    model.eval()
    with torch.no_grad():
        logits = model(held_out.images / 255)
    torch.testing.assert_close(found.probabilities, logits.softmax(1))
    assert found.loss == pytest.approx(F.cross_entropy(logits, held_out.labels).item(), rel=1e-5)
    assert found.accuracy == pytest.approx(
        sum(logits.argmax(1) == held_out.labels).item() / len(held_out), rel=1e-6
    )
    assert torch.equal(found.predictions, logits.argmax(1))
    assert torch.equal(found.labels, held_out.labels)
    assert found.probabilities.dtype == torch.float32


def test_evaluate_leaves_the_model_as_it_was(held_out):
    model = Mixed()
    model.drop.eval()
    before, draws = deepcopy(model), torch.get_rng_state()
    evaluate(model, held_out)
    assert model.modes == [(False, False)]
    assert [m.training for m in model.modules()] == [m.training for m in before.modules()]
    assert same_weights(model, before)
    assert all(one.grad is None for one in model.parameters())
    assert torch.equal(torch.get_rng_state(), draws)


# The number format


@pytest.mark.parametrize("name", ["avx512_bf16", "amx_bf16", "sve_bf16", None])
def test_bfloat16_is_used_where_the_processor_has_it(name, monkeypatch):
    found = {"avx512_bf16": False, "avx2": True} | ({name: True} if name else {})
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)
    assert has_bfloat16(torch.device("cpu")) == bool(name)


def test_bfloat16_is_not_used_where_nobody_can_tell(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert has_bfloat16(torch.device("cpu")) is False


@pytest.mark.parametrize("has", [True, False])
def test_weights_and_measures_are_float32_either_way(has, train, held_out, monkeypatch):
    monkeypatch.setattr("cnnvis.training.loop.has_bfloat16", lambda _: has)
    kinds = set()
    model = network()
    model.conv2.register_forward_hook(lambda _, __, output: kinds.add(output.dtype))
    history = fit(model, train, held_out, epochs=10, batch_size=20, learning_rate=0.02)
    assert kinds == {torch.bfloat16 if has else torch.float32}
    assert {one.dtype for one in model.parameters()} == {torch.float32}
    assert history.test_accuracy[-1] == 1
    kinds.clear()
    evaluate(model, held_out)
    assert kinds == {torch.float32}


def test_a_model_without_parameters(train):
    for use in (fit, evaluate):
        with pytest.raises(ValueError, match="must have parameters; Flatten has none"):
            use(nn.Flatten(), train)


def test_the_optimizer_is_the_one_that_is_asked_for(train):
    made = []

    def descent(parameters, lr):
        made.append(torch.optim.SGD(parameters, lr=lr, momentum=0.9))
        return made[0]

    model, plain = network(), network()
    fit(model, train, epochs=1, batch_size=50, learning_rate=0.1, optimizer=descent)
    assert made[0].state_dict()["state"], "it has taken steps"
    fit(plain, train, epochs=1, batch_size=50, learning_rate=0.1)
    assert not same_weights(model, plain)


def test_fused_adam_takes_the_steps_of_the_plain_one(train):
    made = []

    def noted(fused):
        def make(parameters, lr):
            made.append(torch.optim.Adam(parameters, lr=lr, fused=fused))
            return made[-1]

        return make

    fused, plain, default = network(), network(), network()
    fit(fused, train, epochs=1, batch_size=25, optimizer=noted(True))
    fit(plain, train, epochs=1, batch_size=25, optimizer=noted(False))
    fit(default, train, epochs=1, batch_size=25)
    assert [one.defaults["fused"] for one in made] == [True, False]
    assert same_weights(default, fused)
    for one, other in zip(fused.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def test_where_torch_has_no_fused_adam_it_is_the_plain_one(train, monkeypatch):
    class Old(torch.optim.Adam):
        def __init__(self, parameters, lr, fused=None):
            if fused:
                raise RuntimeError("`fused=True` requires another device")
            super().__init__(parameters, lr=lr, fused=False)

    model, plain = network(), network()
    fit(plain, train, epochs=1, optimizer=functools.partial(torch.optim.Adam, fused=False))
    monkeypatch.setattr(torch.optim, "Adam", Old)
    fit(model, train, epochs=1, optimizer=Old)
    assert same_weights(model, plain)


def test_rate_and_momentum_go_through_one_cycle(train):
    used = []

    class Noted(torch.optim.SGD):
        def step(self, closure=None):
            used.append((self.param_groups[0]["lr"], self.param_groups[0]["momentum"]))
            return super().step(closure)

    fit(network(), train, epochs=10, batch_size=10, learning_rate=0.5, optimizer=Noted)
    rates, momenta = zip(*used, strict=True)
    assert len(used) == 100
    assert rates[0] == pytest.approx(0.5 / 25)
    peak = rates.index(max(rates))
    assert rates[peak] == pytest.approx(0.5, rel=1e-3)
    assert list(rates) == sorted(rates[:peak]) + sorted(rates[peak:], reverse=True)
    assert 0 < rates[-1] < 1e-4
    assert (momenta[0], momenta[peak], momenta[-1]) == pytest.approx((0.95, 0.85, 0.95), abs=1e-3)


def test_weight_decay_of_the_optimizer_counts(train):
    norms = []
    for decay in (0.0, 1.0):
        model = network()
        optimizer = functools.partial(torch.optim.SGD, momentum=0.9, weight_decay=decay)
        fit(model, train, epochs=2, batch_size=10, learning_rate=0.05, optimizer=optimizer)
        norms.append(model.conv1.weight.norm().item())
    assert norms[1] < 0.7 * norms[0]


def test_label_smoothing_keeps_the_probabilities_from_the_ends(train):
    surest = []
    for smoothing in (0.0, 0.4):
        model = network()
        fit(model, train, epochs=20, batch_size=10, label_smoothing=smoothing)
        evaluation = evaluate(model, train)
        assert evaluation.accuracy == 1
        surest.append(evaluation.probabilities.amax(dim=1).median().item())
    assert surest[0] > 0.97
    assert 0.7 < surest[1] < 0.9, "the target is 0.8"


def test_batches_are_changed_before_each_step_and_only_there(train, held_out):
    seen = []

    def black(batch, generator):
        assert isinstance(generator, torch.Generator)
        seen.append((tuple(batch.shape), batch.amax().item() <= 1))
        return torch.zeros_like(batch)

    model = network()
    fit(model, train, held_out, epochs=2, batch_size=40, augment=black)
    assert seen == [((40, 1, 8, 10), True), ((40, 1, 8, 10), True), ((20, 1, 8, 10), True)] * 2
    before, after = network().conv1.weight, model.conv1.weight
    assert torch.equal(before, after), "nothing is learned from the images as they are"


# Preprocessing


def test_preprocessing_comes_after_augmenting_and_before_the_model(train):
    order = []

    class Model(Mixed):
        def forward(self, x):
            order.append(("model", x.amax().item()))
            return super().forward(x)

    def augment(batch, _):
        order.append(("augment", batch.amax().item() <= 1))
        return torch.zeros_like(batch)

    def preprocess(batch):
        order.append(("preprocess", batch.amax().item()))
        return batch + 5

    fit(
        Model(),
        train,
        epochs=1,
        batch_size=100,
        augment=augment,
        preprocess=preprocess,
        measure=False,
    )
    assert order == [("augment", True), ("preprocess", 0), ("model", 5)]


def test_measuring_and_evaluating_preprocess_too(train, held_out):
    """A network that is given inverted images is the same as one trained on inverted ones."""
    inverted, held_inverted = (
        ImageSet(255 - one.images, one.labels, one.classes, SOURCE) for one in (train, held_out)
    )
    model, plain = network(), network()
    preprocess = v2.RandomInvert(p=1)
    history = fit(model, train, held_out, epochs=2, preprocess=preprocess)
    expected = fit(plain, inverted, held_inverted, epochs=2)
    assert history.test_loss == pytest.approx(expected.test_loss, rel=1e-2)
    assert history.train_loss == pytest.approx(expected.train_loss, rel=1e-2)
    found = evaluate(model, held_out, preprocess=preprocess)
    torch.testing.assert_close(found.probabilities, evaluate(model, held_inverted).probabilities)
    assert found.loss != evaluate(model, held_out).loss


def test_the_preprocessing_of_torchvisions_weights():
    """Resized, cropped and normalized for a network of another size of image."""
    colour = images(4, channels=3)
    transform = ResNet18_Weights.DEFAULT.transforms(resize_size=64, crop_size=64)
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 64 * 64, 2))
    found = evaluate(model, colour, batch_size=3, preprocess=transform)
    with torch.no_grad():
        expected = model(transform(colour.images)).softmax(1)
    torch.testing.assert_close(found.probabilities, expected, rtol=0, atol=1e-2)
    fit(model, colour, epochs=1, preprocess=transform)


@pytest.mark.parametrize("use", [fit, evaluate])
def test_preprocessing_that_loses_images(use, train):
    with pytest.raises(
        ValueError, match=r"as many images as it is given, \d+; got \(1, 1, 8, 10\)"
    ):
        use(network(), train, preprocess=lambda batch: batch[:1])


def test_a_model_in_double_precision_is_given_doubles(train):
    model = network().double()
    fit(model, train, epochs=1, batch_size=50)
    assert evaluate(model, train).accuracy > 0.4
    assert {one.dtype for one in model.parameters()} == {torch.float64}


@pytest.mark.parametrize("use", [fit, evaluate])
def test_a_set_without_images(use, train):
    with pytest.raises(ValueError, match="must hold at least one image; got none"):
        use(network(), train[:0])
    with pytest.raises(ValueError, match=r"batch_size.* must be"):
        use(network(), train, batch_size=0)
