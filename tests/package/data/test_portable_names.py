"""Names that some system can't store, or takes for another, are told from those that all can."""

import pytest

from cnnvis.data.portable_names import is_clutter, name_key, name_problem


@pytest.mark.parametrize("name", ["a.jpg", "Übung 1.png", "写真.webp", ".hidden", "x" * 200])
def test_names_that_every_system_can_store(name):
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "isn't a name"),
        ("..", "isn't a name"),
        ("a\nb", "control character"),
        ("a\ud800", "control character"),
        ("gpj.\u202eexe", "reverses the direction"),
        ("a\\b", "backslash"),
        ("a/b", "the character /"),
        ("a?", "the character ?"),
        ("a.", "ends in a dot or a space"),
        ("a ", "ends in a dot or a space"),
        ("NUL.png", "the name NUL"),
        ("com¹", "the name com¹"),
        ("ü" * 101, "more than 200 bytes"),
    ],
)
def test_names_that_some_system_cannot_store(name, words):
    assert words in name_problem(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a.JPG", "A.jpg"), ("e\u0301", "é"), ("ﬁn", "fin"), ("STRASSE", "straße")],
)
def test_names_that_are_one_on_some_system(one, other):
    assert name_key(one) == name_key(other)


def test_names_that_differ_everywhere():
    assert name_key("a.jpg") != name_key("b.jpg") != name_key("b.png")


@pytest.mark.parametrize("path", ["__MACOSX/a.png", "a/.DS_Store", "Thumbs.db", "a/._b.png"])
def test_clutter(path):
    assert is_clutter(path.split("/"))
    assert not is_clutter(["macosx", "thumbs.png", "_.png"])
