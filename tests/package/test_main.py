"""The parser of ``python -m cnnvis`` and what all its commands share."""

import subprocess
import sys

import pytest
import requests
from PIL import Image

import cnnvis
from cnnvis.__main__ import main

pytestmark = pytest.mark.usefixtures("cache", "mnist", "fashion", "cifar")


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
