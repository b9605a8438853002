import subprocess
import sys

import pytest
import requests
import torch
from PIL import Image
from torchvision import datasets

import cnnvis
from cnnvis.__main__ import main

pytestmark = pytest.mark.usefixtures("cache", "mnist", "fashion", "cifar")


@pytest.mark.parametrize("names", [[], ["all"], ["mnist", "fashion-mnist", "cifar10"]])
def test_download_everything(names, cache, server, capsys):
    assert main(["download", *names]) == 0
    out, err = capsys.readouterr()
    assert out == f"mnist: {cache}\nfashion-mnist: {cache}\ncifar10: {cache}\n"
    assert err == ""
    assert {p.name for p in cache.iterdir()} == {"MNIST", "FashionMNIST", "cifar-10-batches-py"}
    assert len(server.asked) == 9
    assert main(["download", *names]) == 0
    assert len(server.asked) == 9


def test_download_one_to_a_folder(tmp_path, cache, capsys):
    assert main(["download", "mnist", "mnist", "--folder", str(tmp_path / "here")]) == 0
    assert capsys.readouterr().out == f"mnist: {tmp_path / 'here'}\n"
    assert [p.name for p in (tmp_path / "here").iterdir()] == ["MNIST"]
    assert not cache.exists()


def test_a_failure_does_not_keep_the_others_back(make_server, monkeypatch, capsys, cache):
    other = make_server()
    monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [other.url])
    assert main(["download"]) == 1
    out, err = capsys.readouterr()
    assert out == f"mnist: {cache}\ncifar10: {cache}\n"
    why = f"Fashion-MNIST is not on disk and could not be downloaded: {other.host} answered 404"
    assert err == f"fashion-mnist: {why} Not Found.\n"


def test_a_wrong_setting_is_one_line(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("CNNVIS_DATA", str(tmp_path / "absent"))
    assert main(["download", "mnist"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("mnist: CNNVIS_DATA must name a folder")
    assert err.count("\n") == 1


def test_an_interruption_is_no_traceback(monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(requests, "get", interrupt)
    assert main(["download"]) == 130
    assert capsys.readouterr() == ("", "Interrupted.\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["download", "mnits"], "one of mnist, fashion-mnist, cifar10 or all; got mnits"),
        ([], "required: COMMAND"),
        (["upload"], "upload"),
    ],
)
def test_wrong_usage(arguments, message, capsys, server):
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == 2
    assert message in capsys.readouterr().err
    assert not server.asked


def test_maps_is_a_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Image.new("L", (30, 40), 99).save("photo.png")
    (tmp_path / "net.py").write_text("from cnnvis import SmallCNN\nnet = SmallCNN()\n", "utf-8")
    assert main(["maps", "photo.png", "--model", "net.py", "-l", "relu2", "--size", "40x30"]) == 0
    out, err = capsys.readouterr()
    assert "relu2 · ReLU: 20×15, " in out
    assert err == ""
    assert (tmp_path / "maps.png").is_file()


def test_version_of_the_module():
    command = [sys.executable, "-m", "cnnvis", "--version"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, f"cnnvis {cnnvis.__version__}\n")


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
    monkeypatch.setattr("cnnvis.__main__.load", lambda *_, **__: noise)


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
