"""The command ``download``: what it fetches, what it says, how it fails."""

import pytest
from torchvision import datasets

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
