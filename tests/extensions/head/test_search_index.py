"""The index that the site's search reads; tests/site/test_search.py asks it questions."""

from types import SimpleNamespace

import pytest
from cnnvis_site.head import search_index
from docutils import nodes


@pytest.mark.parametrize(
    "forms",
    [
        ("pool", "pools", "pooling", "pooled", "poolings"),
        ("pad", "padding", "padded", "pads"),
        ("hook", "hooks", "hooked"),
        ("map", "maps", "mapped", "mapping"),
        ("convolution", "convolutions", "convolutional"),
        ("image", "images"),
        ("train", "training", "trained", "trains"),
    ],
)
def test_forms_of_a_word_are_one(forms):
    assert len({search_index.stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    "pair", [("map", "make"), ("rate", "ratio"), ("layer", "lay-out"), ("one", "on")]
)
def test_other_words_stay_apart(pair):
    assert len({search_index.stem(word) for word in pair}) == 2


def test_words_that_say_nothing_and_numbers_are_left_out():
    assert search_index.words("Why is the layer’s map at 0.5 blank?") == ["lay", "map", "blank"]
    assert search_index.words("nn.MaxPool2d(2), freeze_support") == [
        "nn",
        "maxpool2d",
        "freez",
        "support",
    ]


def section(name, *children):
    return nodes.section("", nodes.title("", name.title()), *children, ids=[name])


def test_every_section_has_its_own_words_and_not_those_below():
    inner = section("inner", nodes.paragraph("", "kernels"), nodes.comment("", "hidden"))
    image = nodes.image(alt="a dog")
    page = nodes.document(
        None, None, "", section("outer", nodes.paragraph("", "maps"), image, inner)
    )
    assert list(search_index._sections(page)) == [
        ("outer", "Outer", ["dog", "map", "out"]),
        ("inner", "Inner", ["in", "kernel"]),
    ]


def test_the_index_counts_sections_in_steps():
    env = SimpleNamespace(
        search_sections={
            "b": [("top", "B", ["map"]), ("more", "More", ["map", "pad"])],
            "a": [("top", "A", ["pad"])],
            "empty": [],
        },
        titles={"a": nodes.title("", "A"), "b": nodes.title("", "B")},
        page_descriptions={"a": "About a."},
    )
    found = search_index.index(env)
    assert found["pages"] == [["a", "A", "About a."], ["b", "B", ""]]
    assert found["sections"] == [[0, "", ""], [1, "", ""], [1, "more", "More"]]
    assert found["words"] == {"map": [1, 1], "pad": [0, 2]}
