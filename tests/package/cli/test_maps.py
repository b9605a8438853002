"""The command ``maps``, from its arguments to its file."""

import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from cnnvis.__main__ import main
from cnnvis.plots.layer_figure import panels_of

PLANTED = """
import torch
from torch import nn

def edges():  # channel 1 subtracts each pixel from its right neighbour; channel 0 is blank
    net = nn.Sequential(nn.Conv2d(1, 3, (1, 2), bias=False), nn.ReLU(), nn.Flatten())
    weight = torch.zeros(3, 1, 1, 2)
    weight[1, 0, 0] = torch.tensor([-1.0, 1.0])
    weight[2, 0, 0, 0] = 0.25
    net[0].weight.data = weight
    return net

class Colour(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(4, 2))

class Flat(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(1, 1))

class Three(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.next = nn.Conv2d(3, 3, 1), nn.Conv2d(3, 2, 1)
        self.left_out, self.again = nn.Conv2d(3, 2, 1), self.stem

    def forward(self, x):
        return self.next(self.stem(x))
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    (tmp_path / "planted.py").write_text(PLANTED, "utf-8")
    pixels = np.zeros((20, 20), np.uint8)
    pixels[:, 10:] = 255
    Image.fromarray(pixels).save("photo.png")
    return tmp_path


def maps(*arguments):
    return main(["maps", *arguments])


EDGES = ("photo.png", "--model", "planted.py:edges", "--size", "20")
COLOUR = ("photo.png", "--model", "planted.py:Colour", "--size", "20")


@pytest.fixture
def figures(monkeypatch):
    """What is drawn, as the command has it from `layer_figure`: arguments, panels, figure."""
    from cnnvis.cli import maps

    kept, draw = [], maps.layer_figure

    def drawn(model, layers, image, **how):
        figure = draw(model, layers, image, **how)
        kept.append(SimpleNamespace(image=image, panels=panels_of(figure), **how))
        return figure

    monkeypatch.setattr(maps, "layer_figure", drawn)
    return kept


@pytest.mark.usefixtures("place")
def test_a_known_kernel_gives_its_map(figures, capsys):
    assert maps(*EDGES, "--layer", "0", "--layer", "1") == 0
    out, err = capsys.readouterr()
    assert err == ""
    drawn = figures[0]
    expected = np.zeros((20, 19), np.float32)
    expected[:, 9] = 1  # the edge lies between columns 9 and 10
    for panel in drawn.panels:
        assert panel.numbers == (0, 1, 2)
        assert np.array_equal(panel.values[1], expected)
        assert panel.blank == 1
    assert drawn.title == "photo.png in planted.edges with weights as its file makes them"
    assert torch.equal(drawn.image[0, 0, 0], torch.arange(20).ge(10).float())
    assert drawn.scale == "layer"
    assert out.splitlines() == [
        "planted.edges with weights as its file makes them; photo.png as 1×1×20×20",
        "0 · Conv2d: 20×19, all 3 channels; 1 shows nothing: 0, 1, 2",
        "1 · ReLU: 20×19, all 3 channels; 1 shows nothing: 0, 1, 2",
        "maps.png written",
    ]


@pytest.mark.usefixtures("place")
def test_the_map_is_seen_in_the_file():
    assert maps(*EDGES, "--channels", "1,", "--scale", "layer") == 0
    with Image.open("maps.png") as image:
        assert image.info["Description"].endswith("0: 1 drawn, 1 blank.")
        pixels = np.asarray(image.convert("RGB")).astype(int)
    highest = (abs(pixels - (253, 231, 37)) < 12).all(axis=2)  # the colour bar has it too
    columns = np.flatnonzero(highest.sum(axis=0) > 300)
    assert columns.size
    assert np.ptp(columns) < pixels.shape[1] * 0.05


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("option", "scale"),
    [("map", "map"), ("layer", "layer"), ("0,4", (0, 4)), ("-1,0.5", (-1, 0.5))],
)
def test_scales(figures, option, scale):
    assert maps(*EDGES, f"--scale={option}") == 0
    assert figures[0].scale == scale


@pytest.mark.usefixtures("place")
def test_the_most_varied_channel_comes_first(figures):
    assert maps(*EDGES, "--channels", "1") == 0
    assert figures[0].panels[0].numbers == (1,)


@pytest.mark.parametrize("name", ["a.png", "a.SVG", "a.pdf"])
def test_kinds_of_files(place, name, capsys):
    assert maps(*COLOUR, "-o", name) == 0
    assert capsys.readouterr().out.endswith(f"{name} written\n")
    start = (place / name).read_bytes()[:200]
    assert any(mark in start for mark in (b"\x89PNG", b"<svg", b"<?xml", b"%PDF"))
    assert maps(*COLOUR, "-o", name) == 0
    assert capsys.readouterr().out.endswith(f"{name} overwritten\n")


@pytest.mark.usefixtures("place")
def test_preparation(figures):
    options = ("--size", "8x12", "--mean", "0.5", "--std", "0.5,0.5,0.25", "--invert")
    assert maps("photo.png", "--model", "planted.py:Colour", *options) == 0
    assert figures[0].image.shape == (1, 3, 8, 12)
    assert figures[0].image[0, 0, 0, 0] == 1  # black was at the left


@pytest.mark.usefixtures("place")
def test_kernels(figures, capsys):
    assert maps("--model", "planted.py:edges", "--kernels") == 0
    assert np.array_equal(figures[0].panels[0].values[1, 0], [[-1, 1]])
    assert "0 · Conv2d: 1×2, 3 of 3 filters" in capsys.readouterr().out
    with Image.open("maps.png") as image:
        assert image.info["Description"].endswith("0: 3 drawn.")
    assert maps(*COLOUR, "--kernels", "--layer", "1") == 1
    assert "only convolutions have kernels; ReLU has none" in capsys.readouterr().err


@pytest.mark.usefixtures("place")
def test_only_kernels_that_read_the_image_are_coloured(figures):
    layers = ("--layer", "stem", "--layer", "next")
    assert maps("--model", "planted.py:Three", "--kernels", *layers) == 0
    assert [panel.colour for panel in figures[0].panels] == [True, False]


@pytest.mark.usefixtures("place")
def test_a_layer_goes_by_each_of_its_names(figures):
    layers = ("--layer", "again", "--layer", "stem")
    assert maps("photo.png", "--model", "planted.py:Three", *layers) == 0
    again, stem = figures[0].panels
    assert np.array_equal(again.values, stem.values)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("output", ["a.png", "a.svg", "a.pdf"])
def test_a_name_that_is_no_text(place, output, capsys):
    name = os.fsdecode(b"photo\xff.png")
    (place / "photo.png").rename(name)
    assert maps(name, *EDGES[1:], "-o", output) == 0
    assert capsys.readouterr().err == ""


def test_list(place, capsys):
    assert maps(*COLOUR, "--list") == 0
    assert "1×4×18×18" in capsys.readouterr().out
    assert not (place / "maps.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*COLOUR, "-l", "O"), "no layer named 'O'"),
        ((*COLOUR, "-l", "4"), "4 puts out 1×2"),
        ((*COLOUR, "-l", "1#2"), "1#2 puts out nothing"),
        ((*COLOUR, "--channels", "4,"), "numbered from 0 to 3; got 4"),
        ((*COLOUR, "-o", "absent/maps.png"), "absent is no folder"),
        ((*COLOUR, "-o", "photo.png"), "must not overwrite the photo"),
        ((*COLOUR, "--size", "2"), "fails on an input of 1×3×2×2"),
        ((*COLOUR, *["-l", "0"] * 25), "24 layers at most"),
        (("--model", "planted.py:Colour"), "give a file"),
        (("absent.jpg", "--model", "planted.py:Colour"), "absent.jpg isn't there"),
        (("planted.py", "--model", "planted.py:Colour"), "not an image inside"),
        (("photo.png", "--model", "planted.py"), "its name must be given"),
        (
            ("photo.png", "--model", "planted.py:Three", "-l", "left_out"),
            "left_out puts out nothing",
        ),
        (("photo.png", "--model", "planted.py:Flat"), "has no convolution to begin with"),
        (("photo.png", "--model", "resnet_18"), "the nearest are resnet18"),
        (("photo.png", "--model", "squeezenet1_1", "--weights", "no"), "there is no 'no'"),
    ],
)
@pytest.mark.usefixtures("figures")
def test_failures_are_one_line(place, arguments, message, capsys):
    assert maps(*arguments) == 1
    out, err = capsys.readouterr()
    assert message in err
    assert err.startswith("maps: ")
    assert err.count("\n") == 1
    assert out == ""
    assert not (place / "maps.png").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *[("--size", one) for one in ("0", "big", "1x2x3", "99999")],
        *[("--channels", one) for one in ("0", "some", "1;2", ",")],
        *[("--mean", one) for one in ("", "x", "nan")],
        ("-o", "maps.jpg"),
        *[("--scale", one) for one in ("none", "all", "1", "2,1", "0,1,2", "0,inf", "")],
        ("--seed", "x"),
    ],
)
def test_wrong_usage(option, value, capsys):
    with pytest.raises(SystemExit) as error:
        maps("photo.png", "--model", "resnet18", option, value)
    assert error.value.code == 2
    assert "error: argument" in capsys.readouterr().err


def test_in_a_process_of_its_own(place):
    command = [sys.executable, "-m", "cnnvis", "maps", *COLOUR, "-o", "own.png"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("own.png written\n")
    with Image.open(place / "own.png") as image:
        assert image.width > 1000
