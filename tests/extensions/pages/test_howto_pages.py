"""The how-to pages keep what they say: their code runs, their outputs and error messages are true.

A block of Python whose first line is a comment ``# needs …`` can't run here; it has to compile. A
block of text right below a block of Python is what that block prints. On the page of problems
blocks of ``pytb`` are messages, each of which is provoked here unless it is listed as beyond us.
"""

import ast
import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

import cnnvis
from cnnvis.__main__ import main

matplotlib.use("Agg")
from matplotlib import pyplot as plt

FOLDER = Path(__file__).parents[3] / "docs" / "howto"
README = FOLDER.parents[1] / "README.md"
# Pages that other tests look after: they need archives of photos.
ELSEWHERE = {"index", "your-photos"}
PAGES = sorted(page for page in FOLDER.glob("*.md") if page.stem not in ELSEWHERE)
UNRUN = {"gpu": 2, "several-machines": 2}
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
pytestmark = pytest.mark.data


class Block(NamedTuple):
    language: str
    text: str
    line: int
    follows: bool  # whether nothing but blank lines parts it from the block before


def blocks(page):
    text, end, found = page.read_text("utf-8"), 0, []
    for match in FENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 2
        found.append(Block(*match.groups(), line, not text[end : match.start()].strip()))
        end = match.end()
    return found


def needs_more(block):
    return block.text.startswith("# needs ")


def as_documented(expected, got):
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(expected, got, options)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder with the reader's files, no network, no settings of the user."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    monkeypatch.delenv("CNNVIS_SITE_BUILD", raising=False)
    random = np.random.default_rng(0)
    photo = Image.fromarray(random.integers(256, size=(150, 200, 3), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    photo.save("photo.jpg", exif=exif)
    photo.convert("RGBA").save("drawing.png")
    for name in ("cat", "dog"):
        Path("images", name).mkdir(parents=True)
        for number in range(12):
            photo.crop((number, 0, number + 100, 80)).save(f"images/{name}/{number}.jpg")
    with matplotlib.rc_context():
        yield tmp_path
    plt.close("all")


@each_page
@pytest.mark.filterwarnings("ignore:.*non-full backward hook", "ignore:Input Tensor")
@pytest.mark.usefixtures("place")
def test_code_runs_and_prints_what_the_page_says(page):
    namespace, printed, unrun = {"__name__": "__main__"}, None, 0
    for block in blocks(page):
        if block.language == "python" and needs_more(block):
            ast.parse(block.text)
            unrun += 1
            printed = None
        elif block.language == "python":
            # blank lines before, so that an error names the line of the page
            code = compile("\n" * (block.line - 1) + block.text, str(page), "exec")
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(code, namespace)
            printed = out.getvalue()
        elif block.language == "text" and block.follows:
            assert printed is not None, f"line {block.line}: the output of no block"
            assert as_documented(block.text, printed), f"line {block.line}: it prints\n{printed}"
    assert unrun == UNRUN.get(page.stem, 0)


@each_page
def test_pages_are_short_and_start_with_code(page):
    text = re.sub(r"\A---\n.*?\n---\n+", "", page.read_text("utf-8"), flags=re.DOTALL)
    assert text.startswith("# ")
    assert text.index("```python") < 900
    languages = {block.language for block in blocks(page)}
    assert languages <= {"console", "python", "pytb", "text"}
    opened = re.findall(r"^```+(\S*)", text, flags=re.MULTILINE)
    assert {one for one in opened if one} <= languages | {"{tutorial-figure}"}


@pytest.mark.parametrize("page", [*PAGES, README], ids=lambda page: page.stem)
def test_the_command_understands_what_the_page_says(page, monkeypatch, capsys):
    monkeypatch.setattr("cnnvis.cli.maps.run", lambda _: 0)
    text = page.read_text("utf-8")
    for command in re.findall(r"^(?:\$ )?python -m cnnvis (maps .*)$", text, re.MULTILINE):
        assert main(shlex.split(command)) == 0
    with pytest.raises(SystemExit):
        main(["maps", "--help"])
    known = set(re.findall(r"--\w+", capsys.readouterr().out))
    assert set(re.findall(r"`(--\w+)", text)) <= known


def test_every_page_is_listed():
    index = (FOLDER / "index.md").read_text("utf-8")
    listed = re.search(r"```\{toctree\}\n:hidden:\n\n(.*?)```", index, re.DOTALL)[1].split()
    assert {page.stem for page in PAGES} <= set(listed)
    for name in listed:
        assert f"{{doc}}`{name}`" in index


# -- messages ----------------------------------------------------------------------------------


def net():
    return cnnvis.SmallCNN().eval()


def run_on(*shape, **options):
    return lambda: net()(torch.zeros(*shape, **options))


def record(model, layer, run=True):
    with cnnvis.capture(model, layer) as maps:
        if run:
            model(torch.zeros(1, 1, 28, 28))
        return maps["conv1"]


def image_set(images, labels):
    source = cnnvis.Source("s", "s", "s", "s", "s")
    return cnnvis.ImageSet(images, labels, ("a", "b"), source)


def digits():
    return cnnvis.load("mnist", "test")[:64]


def normalized():
    image = torch.zeros(1, 3, 8, 8)
    image[0, 0, 0, 0], image[0, 0, 0, 1] = -2.41, 2.74
    return image


def long_description():
    figure = plt.figure()
    return cnnvis.save_figure(figure, "maps", "x" * 300)


PROVOKED = {
    "Given groups=1": run_on(1, 3, 28, 28),
    "mat1 and mat2": run_on(1, 28, 28),
    "Expected 3D": run_on(28, 28),
    "unsigned char": run_on(1, 1, 28, 28, dtype=torch.uint8),
    "Output size is too small": run_on(1, 1, 4, 4),
    "the model fails on": lambda: cnnvis.layer_table(net(), torch.zeros(1, 3, 28, 28)),
    "no layer named": lambda: record(net(), "conv4"),
    "nothing is recorded": lambda: record(net(), "conv1", run=False),
    "scripted or traced": lambda: record(torch.jit.trace(net(), torch.zeros(1, 1, 8, 8)), None),
    "maps must have the shape": lambda: cnnvis.plot_maps(net()(torch.zeros(1, 1, 28, 28))),
    "only convolutions": lambda: cnnvis.plot_kernels(nn.ReLU()),
    "images must lie": lambda: cnnvis.plot_images(normalized()),
    "a description has": long_description,
    "images must be": lambda: image_set(torch.rand(2, 1, 4, 4), torch.tensor([0, 1])),
    "the loss must stay": lambda: cnnvis.fit(net(), digits(), epochs=3, learning_rate=1e30),
    "Target 4": lambda: cnnvis.fit(cnnvis.SmallCNN(n_classes=4), digits()[digits().labels == 4]),
    "requires grad": lambda: torch.zeros(1, requires_grad=True).numpy(),
}
# Those of data need a folder or a server, and have tests of their own below.
OF_DATA = {
    "CNNVIS_OFFLINE is set",
    "answered 404",
    "wrong md5 sum",
    "must be whole",
    "CNNVIS_DATA must name",
}
# No GPU, no broken installation: these were copied from where they appeared.
BEYOND_US = {
    "torch.cuda.FloatTensor",
    "found at least two devices",
    "different from other tensors",
    "CUDA out of memory",
    "can't convert cuda:0",
    "No module named 'cnnvis'",
    "torchvision::nms",
    "compiled using NumPy 1.x",
}


def message_of(words):
    page = FOLDER / "problems.md"
    found = [b.text for b in blocks(page) if b.language == "pytb" and words in b.text]
    # "Given groups=1" also stands within a longer message, behind another beginning
    assert found, f"no message on the page has the words {words!r}"
    return found[0].strip()


def as_traceback(error):
    return f"{type(error).__name__}: {error}"


def check(words, provoke):
    with pytest.raises(Exception) as caught:  # noqa: PT011 (its text is what is checked)
        provoke()
    got = as_traceback(caught.value)
    assert as_documented(message_of(words), got), f"it says now:\n{got}"


@pytest.mark.parametrize("words", PROVOKED)
@pytest.mark.filterwarnings("ignore:.*torch.jit")
@pytest.mark.usefixtures("place")
def test_the_message_is_the_one_on_the_page(words):
    check(words, PROVOKED[words])


def test_every_message_on_the_page_is_known():
    known = [message_of(words) for words in (*PROVOKED, *OF_DATA, *BEYOND_US)]
    assert len(set(known)) == len(known)
    page = FOLDER / "problems.md"
    assert {b.text.strip() for b in blocks(page) if b.language == "pytb"} == set(known)


@pytest.mark.usefixtures("cache")
def test_offline(monkeypatch):
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    check("CNNVIS_OFFLINE is set", lambda: cnnvis.download("mnist"))


@pytest.mark.usefixtures("cache", "mnist")
def test_a_host_that_lacks_the_file(server):
    server.mood = "missing"
    check("answered 404", lambda: cnnvis.download("mnist"))


@pytest.mark.usefixtures("cache", "mnist")
def test_a_host_that_sends_something_else(server):
    server.mood = "corrupt"
    check("wrong md5 sum", lambda: cnnvis.download("mnist"))


def test_a_damaged_file(cache, mnist, monkeypatch):
    next(mnist.lay_out(cache).iterdir()).write_bytes(b"half")
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    check("must be whole", lambda: [cnnvis.load("mnist", split) for split in ("train", "test")])


@pytest.mark.usefixtures("cache")
def test_a_folder_that_is_not_there(monkeypatch):
    monkeypatch.setenv("CNNVIS_DATA", "/no/such/folder")
    check("CNNVIS_DATA must name", lambda: cnnvis.load("mnist"))


def test_a_missing_package_in_another_python(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import cnnvis"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stderr.strip().endswith(message_of("No module named 'cnnvis'"))
