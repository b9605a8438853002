"""The page on photos of one's own keeps what it says: code, outputs and error messages."""

import ast
import contextlib
import doctest
import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from cnnvis import prepare_folders

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "your-photos.md"
FENCES = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
MESSAGES = [text for language, text in FENCES if language == "pytb"]


def alike(expected, got):
    return doctest.OutputChecker().check_output(expected, got, doctest.ELLIPSIS)


def jpeg(shade=0):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 200, 100)).save(buffer, "JPEG")
    return buffer.getvalue()


def pack(name, count=40, more=(), compression=zipfile.ZIP_STORED):
    images = [(f"{name}/{at}.jpg", jpeg(at)) for at in range(count)]
    with zipfile.ZipFile(f"{name}.zip", "w", compression) as packed:
        for entry, content in [*images, *more]:
            packed.writestr(entry, content)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    for name in ("apples", "pears", "plums"):
        pack(name)


def test_code_runs_and_prints_what_the_page_says():
    names, printed = {}, ""
    for language, text in FENCES:
        if language == "python" and text.startswith("# needs "):
            ast.parse(text)
        elif language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(text, names)
            printed = out.getvalue()
        elif language == "text":
            assert alike(text, printed), printed
    assert set(names["own_archives"]) == set(
        names["prepare_folders"](names["own_archives"]).classes
    )


def ask(pears="pears.zip", destination="datasets", **options):
    prepare_folders({"Apple": "apples.zip", "Pear": pears}, destination, **options)


def other_seed():
    ask(destination="fruit")
    ask(destination="fruit", seed=1)


def with_more(entry, content, **options):
    def provoke():
        pack("pears", more=[(entry, content)], **options)
        ask()

    return provoke


def few():
    pack("pears", 3)
    ask()


def twins():
    pack("pears", 0, [("pear.jpg", jpeg()), ("PEAR.JPG", jpeg())])
    ask()


PROVOCATIONS = [
    other_seed,
    with_more("notes.txt", b"sweet"),
    with_more("../pear.jpg", jpeg()),
    twins,
    with_more("pear.bmp", bytes(1 << 20), compression=zipfile.ZIP_DEFLATED),
    with_more("cut.jpg", jpeg()[:-10]),
    few,
    lambda: ask("https://example.org/pears.zip"),
]


def test_every_message_is_provoked():
    assert len(MESSAGES) == len(PROVOCATIONS)


@pytest.mark.parametrize("at", range(len(PROVOCATIONS)))
def test_messages_are_literal(at):
    kind, _, words = MESSAGES[at].rstrip("\n").partition(": ")
    with pytest.raises(Exception) as caught:  # noqa: PT011 (the kind is checked below)
        PROVOCATIONS[at]()
    assert type(caught.value).__name__ == kind
    assert alike(words, str(caught.value)), str(caught.value)
