"""The command ``train``: what it writes, what it says, how it fails."""

import pytest
import torch

import cnnvis
from cnnvis.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "svhn"], "invalid choice: 'svhn'"),
        (["train", "mnist", "--runs", "0"], "N must be a whole number of at least 1; got 0"),
        (["train", "mnist", "--epochs", "many"], "N must be a whole number of at least 1"),
    ],
)
def test_wrong_usage_of_train(arguments, message, capsys):
    with pytest.raises(SystemExit) as info:
        main(arguments)
    assert info.value.code == 2
    assert message in capsys.readouterr().err


@pytest.fixture
def _small_set(monkeypatch):
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (40, 1, 28, 28), generator=generator, dtype=torch.uint8)
    source = cnnvis.Source("mnist", "Noise", "origin", "licence", "citation")
    noise = cnnvis.ImageSet(images, torch.arange(40) % 10, tuple("0123456789"), source)
    monkeypatch.setattr("cnnvis.cli.train.load", lambda *_, **__: noise)


@pytest.mark.usefixtures("_small_set")
def test_train_writes_weights_and_card_and_says_so(tmp_path, capsys):
    assert main(["train", "mnist", "--epochs", "1", "--folder", str(tmp_path / "new")]) == 0
    out, _ = capsys.readouterr()
    assert f"{tmp_path / 'new' / 'mnist.json'} and mnist.safetensors" in out
    network, card = cnnvis.load_pretrained("mnist", tmp_path / "new")
    assert isinstance(network, cnnvis.SmallCNN)
    assert str(card) in out


@pytest.mark.usefixtures("_small_set")
def test_train_says_in_one_line_what_failed(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["train", "mnist", "--epochs", "1", "--folder", str(tmp_path / "file")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("mnist: ")
    assert "Traceback" not in err
