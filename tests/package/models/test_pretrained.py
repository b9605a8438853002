"""The shipped networks are what their cards say, and files that don't fit are told."""

import hashlib
import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save
from torch import nn

from cnnvis.data.http import DownloadError
from cnnvis.data.loading import load
from cnnvis.models.architectures import PhotoCNN, SmallCNN
from cnnvis.models.pretrained import FOLDER, NETWORKS, load_pretrained
from cnnvis.models.recipes import LIMITS, RECIPES, USE
from cnnvis.training.loop import evaluate

BARS = {"mnist": 0.993, "fashion-mnist": 0.935, "cifar10": 0.93}
KINDS = {"mnist": SmallCNN, "fashion-mnist": SmallCNN, "cifar10": PhotoCNN}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_network_is_plain_ready_and_as_its_card_says(name):
    network, card = load_pretrained(name)
    assert type(network) is KINDS[name]
    assert not any(module.training for module in network.modules())
    assert {type(one) for one in network.children()} <= {
        *(nn.Conv2d, nn.ReLU, nn.MaxPool2d, nn.AdaptiveAvgPool2d, nn.Linear)
    }, "normalization is folded in"
    assert all(one.dtype == torch.float32 for one in network.parameters())
    assert card.parameters == sum(one.numel() for one in network.parameters())
    assert card.name == name
    assert not card.data["is_stand_in"]
    assert card.accuracy >= BARS[name]
    assert card.runs[0]["accuracy"] == card.accuracy
    table = torch.tensor(card.confusions)
    assert table.sum() == card.data["test"] == 10_000
    assert table.diag().sum().item() == round(card.accuracy * 10_000)
    assert card.intended_use.endswith(".")
    assert card.limits.endswith(".")
    assert f"{card.accuracy:.2%}" in str(card)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_card_says_what_the_recipe_says(name):
    card, recipe = load_pretrained(name).card, RECIPES[name]
    assert card.recipe == recipe.texts(0)
    assert card.intended_use == USE + recipe.use
    assert card.limits == recipe.limits + LIMITS


def test_sizes():
    assert load_pretrained("cifar10").card.parameters <= 1_000_000
    assert (FOLDER / "cifar10.safetensors").stat().st_size <= 2_000_000
    assert (FOLDER / "mnist.safetensors").stat().st_size <= 20_000, "a web page carries it"


@pytest.mark.data
@pytest.mark.parametrize("name", NETWORKS)
def test_the_shipped_weights_reproduce_the_cards_figures_on_the_real_set(name):
    network, card = load_pretrained(name)
    try:
        test = load(name, "test")
    except DownloadError as error:
        pytest.skip(f"{error}")
    if test.source.is_stand_in:
        pytest.skip(f"{card.data['title']} is not on disk")
    evaluation = evaluate(network, test)
    assert evaluation.accuracy == pytest.approx(card.accuracy, abs=3e-4), "rounding apart"
    found = torch.zeros(10, 10, dtype=torch.int64)
    for true, named in zip(test.labels, evaluation.predictions, strict=True):
        found[true, named] += 1
    assert (found - torch.tensor(card.confusions)).abs().sum() <= 12
    sure = evaluation.probabilities.max(dim=1).values.mean().item()
    assert sure < evaluation.accuracy - 0.05, "the card says that probabilities aren't calibrated"


def test_each_call_gives_a_network_of_its_own():
    first, second = (load_pretrained("mnist").network for _ in range(2))
    with torch.no_grad():
        first.conv1.weight.zero_()
    assert second.conv1.weight.abs().sum() > 0


@pytest.mark.parametrize(
    ("name", "hint"), [("MNIST", "'mnist'"), ("fashion_mnist", "'fashion-mnist'"), ("", "got ''")]
)
def test_an_unknown_name_is_told_with_the_nearest(name, hint):
    with pytest.raises(ValueError, match="name must be one of 'cifar10', 'fashion-mnist', 'mnist'"):
        load_pretrained(name)
    with pytest.raises(ValueError, match=hint):
        load_pretrained(name)


def test_wrong_kind_and_empty_folder(tmp_path):
    with pytest.raises(TypeError, match="name must be a text such as 'mnist'; got int"):
        load_pretrained(3)
    with pytest.raises(ValueError, match=r"none: .* holds none; got 'mnist'"):
        load_pretrained("mnist", tmp_path)


@pytest.fixture
def copied(tmp_path):
    for suffix in ("json", "safetensors"):
        shutil.copy(FOLDER / f"mnist.{suffix}", tmp_path)
    return tmp_path


def test_a_folder_of_ones_own(copied):
    network, card = load_pretrained("mnist", copied)
    assert card == load_pretrained("mnist").card
    assert torch.equal(network.fc.weight, load_pretrained("mnist").network.fc.weight)


def test_a_card_without_weights_is_no_network(copied):
    (copied / "mnist.safetensors").rename(copied / "other.safetensors")
    with pytest.raises(ValueError, match=r"none: .* holds none; got 'mnist'\.$"):
        load_pretrained("mnist", copied)


def changed(folder, **values):
    path = folder / "mnist.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values))


def repacked(folder, **values):
    """Other weights, with a card that knows their checksum."""
    weights = {k: v for k, v in load_file(folder / "mnist.safetensors").items() if k not in values}
    packed = save(weights | {name: value for name, value in values.items() if value is not None})
    (folder / "mnist.safetensors").write_bytes(packed)
    changed(folder, sha256=hashlib.sha256(packed).hexdigest())


def huge(folder):
    """Convolutions of terabytes, which must not be made in order to be refused."""
    widths = [100_000, 1_000_000, 100_000]
    changed(folder, architecture={"class": "SmallCNN", "arguments": {"widths": widths}})


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda at: changed(at, sha256="0"), "weights with another checksum"),
        (lambda at: changed(at, more=1), "doesn't have the fields of a ModelCard"),
        (lambda at: changed(at, architecture={"class": "Linear", "arguments": {}}), "got 'Linear'"),
        (lambda at: changed(at, architecture={}), "class"),
        (lambda at: (at / "mnist.json").write_text("[]"), "the fields of a ModelCard"),
        (lambda at: (at / "mnist.json").write_text("{"), "Expecting"),
        (lambda at: (at / "mnist.safetensors").write_bytes(b"?"), "another checksum"),
        (lambda at: repacked(at, **{"fc.bias": None}), 'Missing key(s) in state_dict: "fc.bias"'),
        (lambda at: repacked(at, **{"fc.bias": torch.zeros(9)}), "size mismatch for fc.bias"),
        (lambda at: repacked(at, **{"fc.bias": torch.ones(10) / 0}), "those of fc.bias are not"),
        (huge, "size mismatch for conv1.weight"),
    ],
)
def test_files_that_do_not_fit_together_are_told(copied, damage, message):
    damage(copied)
    with pytest.raises(ValueError, match="must be a network and its card, as `python -m") as info:
        load_pretrained("mnist", copied)
    assert message in str(info.value)
