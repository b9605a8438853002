import subprocess
import sys

import pytest
import requests
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


def test_version_of_the_module():
    command = [sys.executable, "-m", "cnnvis", "--version"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, f"cnnvis {cnnvis.__version__}\n")
