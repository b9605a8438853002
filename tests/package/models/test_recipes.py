"""Training by recipe is repeatable and writes what the shipped files hold."""

import json
from dataclasses import fields, replace
from importlib.metadata import version

import pytest
import torch

from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import Source
from cnnvis.models import recipes
from cnnvis.models.pretrained import NETWORKS, load_pretrained
from cnnvis.models.recipes import AUGMENT_TEXTS, RECIPES, Phase, train_networks
from cnnvis.training.augment import Augment
from cnnvis.training.loop import evaluate

SOURCE = Source("name", "Bars", "origin", "licence", "citation")


def bars(count, seed, channels=1):
    """Upright and lying bars at places of their own, with noise."""
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 80, (count, channels, 16, 16), generator=generator)
    labels = torch.arange(count) % 2
    places = torch.randint(5, 10, (count,), generator=generator)
    for image, label, place in zip(images, labels, places, strict=True):
        (image[:, :, place] if label else image[:, place])[:] = 255
    return ImageSet(images.to(torch.uint8), labels, ("lying", "upright"), SOURCE)


@pytest.fixture
def _small(monkeypatch):
    phase = replace(RECIPES["mnist"].phases[0], epochs=3)
    recipe = replace(RECIPES["mnist"], widths=(4, 6, 8), phases=(phase,), batch_size=20)
    monkeypatch.setitem(RECIPES, "mnist", recipe)


SETS = bars(200, 0), bars(90, 1)


@pytest.mark.usefixtures("_small")
def test_the_same_training_twice_gives_the_same_files(tmp_path):
    first, second = (train_networks("mnist", *SETS, folder=tmp_path / one) for one in "ab")
    weights = [path.with_suffix(".safetensors").read_bytes() for path in (first, second)]
    assert weights[0] == weights[1]
    cards = [json.loads(path.read_text()) for path in (first, second)]
    for card in cards:
        for run in card["runs"]:
            del run["seconds"]
    assert cards[0] == cards[1]


@pytest.mark.usefixtures("_small")
def test_another_seed_gives_other_weights_and_the_first_is_written(tmp_path):
    path = train_networks("mnist", *SETS, seeds=(3, 4), folder=tmp_path / "both")
    alone = train_networks("mnist", *SETS, seeds=(3,), folder=tmp_path / "alone")
    other = train_networks("mnist", *SETS, seeds=(4,), folder=tmp_path / "other")
    weights = [one.with_suffix(".safetensors").read_bytes() for one in (path, alone, other)]
    assert weights[0] == weights[1] != weights[2]
    card = json.loads(path.read_text())
    assert [run["seed"] for run in card["runs"]] == [3, 4]
    assert card["runs"][1]["accuracy"] == json.loads(other.read_text())["accuracy"]
    assert card["recipe"]["seed"] == "3"


@pytest.mark.usefixtures("_small")
def test_the_card_tells_what_was_done(tmp_path):
    state = torch.get_rng_state()
    path = train_networks("mnist", *SETS, epochs=8, folder=tmp_path)
    assert torch.equal(state, torch.get_rng_state())
    network, card = load_pretrained("mnist", tmp_path)
    evaluation = evaluate(network, SETS[1])
    assert card.accuracy == card.runs[0]["accuracy"]
    assert card.accuracy == pytest.approx(evaluation.accuracy, abs=1e-6)
    assert card.accuracy > 0.9
    table = torch.tensor(card.confusions)
    assert table.sum(dim=1).tolist() == [45, 45]
    assert table.diag().sum().item() == round(card.accuracy * 90)
    assert (card.data["title"], card.data["train"], card.data["test"]) == ("Bars", 200, 90)
    assert card.classes == ["lying", "upright"]
    assert card.parameters == sum(one.numel() for one in network.parameters())
    assert [len(card.history[name]) for name in ("train_loss", "test_accuracy")] == [9, 9]
    assert card.history["test_loss"][0] > card.history["test_loss"][-1]
    assert card.recipe["epochs"] == "8"
    assert card.versions["torch"] == version("torch")
    assert path.name == "mnist.json"


@pytest.mark.usefixtures("_small")
def test_a_second_phase_goes_on_where_the_first_has_ended(tmp_path, monkeypatch):
    first = RECIPES["mnist"].phases[0]
    second = replace(first, epochs=1, learning_rate=1e-9)
    alone = train_networks("mnist", *SETS, folder=tmp_path / "alone")
    monkeypatch.setitem(RECIPES, "mnist", replace(RECIPES["mnist"], phases=(first, second)))
    both = train_networks("mnist", *SETS, folder=tmp_path / "both")
    one, other = (load_pretrained("mnist", path.parent) for path in (alone, both))
    assert len(other.card.history["test_loss"]) == 3 + 1 + 1
    assert other.card.history["test_loss"][:4] == one.card.history["test_loss"]
    assert other.card.recipe["epochs"] == "4"
    assert other.card.accuracy == pytest.approx(one.card.accuracy, abs=0.08), "a tiny step"
    assert "; then one cycle: 1 epoch with" in other.card.recipe["schedule"]


@pytest.mark.usefixtures("_small")
def test_an_interrupted_training_leaves_the_old_files(tmp_path, monkeypatch):
    path = train_networks("mnist", *SETS, epochs=1, folder=tmp_path)
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(recipes, "evaluate", stop)
    with pytest.raises(KeyboardInterrupt):
        train_networks("mnist", *SETS, epochs=1, seeds=(1,), folder=path.parent)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


@pytest.mark.usefixtures("_small")
def test_the_beginning_can_be_had_again(tmp_path):
    train_networks("mnist", *SETS, seeds=(5,), epochs=1, folder=tmp_path)
    network, card = load_pretrained("mnist", tmp_path)
    state = torch.get_rng_state()
    start = card.untrained()
    assert torch.equal(state, torch.get_rng_state())
    assert not start.training
    loss = evaluate(start, SETS[1]).loss
    assert loss > evaluate(network, SETS[1]).loss
    learned = network.conv2.weight.flatten(1)
    likeness = torch.cosine_similarity(start.conv2.weight.flatten(1), learned)
    other = recipes.build(card.architecture, seed=6).conv2.weight.flatten(1)
    assert likeness.mean() > 0.5, "ten steps don't lead far"
    assert torch.cosine_similarity(other, learned).mean() < 0.2


def test_every_shipped_name_has_a_recipe_whose_texts_name_its_settings():
    assert tuple(RECIPES) == NETWORKS
    for recipe in RECIPES.values():
        texts = recipe.texts(7)
        assert texts["seed"] == "7"
        for phase in recipe.phases:
            assert f"{phase.epochs} epochs with" in texts["schedule"]
            assert f"of at most {phase.learning_rate:g}" in texts["schedule"]
            assert f"moved by up to {phase.augment.shift} px" in texts["schedule"]


def test_each_change_of_the_images_is_told_in_words():
    every = Augment(2, True, 8.0, 0.08, 0.05, 9, "reflection")
    assert [field.name for field in fields(every)] == list(AUGMENT_TEXTS)
    assert str(Phase(1, every)) == (
        "1 epoch with a learning rate of at most 0.1, images moved by up to 2 px, mirrored, "
        "turned by up to 8°, stretched by up to 8%, slanted by up to 5%, with a square of 9×9 px "
        "covered, with reflection at the border"
    )
    assert str(Phase(2, Augment())).endswith("images unchanged")


@pytest.mark.parametrize(
    ("name", "seeds", "error", "message"),
    [
        ("svhn", (0,), ValueError, "must be a seed, and the name must be one of mnist.*got 'svhn'"),
        ("mnist", (), ValueError, "there must be a seed"),
        (["mnist"], (0,), TypeError, "the name must be a text such as 'mnist'"),
        ("mnist", 0, TypeError, r"whole numbers such as \(0, 1\)"),
        ("mnist", (0.5,), TypeError, r"got 'mnist' and \(0.5,\)"),
    ],
)
def test_wrong_arguments(name, seeds, error, message, tmp_path):
    with pytest.raises(error, match=message):
        train_networks(name, *SETS, seeds=seeds, folder=tmp_path)


def test_no_epochs_are_not_the_recipes_own(tmp_path):
    with pytest.raises(ValueError, match="epochs, batch_size and learning_rate must be positive"):
        train_networks("mnist", *SETS, epochs=0, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
