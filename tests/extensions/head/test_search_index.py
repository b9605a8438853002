"""The index that the site's search reads; tests/site/test_search.py asks it questions."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes

sys.path.append(str(Path(__file__).parents[3] / "docs" / "_ext"))
from cnnvis_site.head import search_index as site_search


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
    assert len({site_search.stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    "pair", [("map", "make"), ("rate", "ratio"), ("layer", "lay-out"), ("one", "on")]
)
def test_other_words_stay_apart(pair):
    assert len({site_search.stem(word) for word in pair}) == 2


def test_words_that_say_nothing_and_numbers_are_left_out():
    assert site_search.words("Why is the layer’s map at 0.5 blank?") == ["lay", "map", "blank"]
    assert site_search.words("nn.MaxPool2d(2), freeze_support") == [
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
    assert list(site_search._sections(page)) == [
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
    found = site_search.index(env)
    assert found["pages"] == [["a", "A", "About a."], ["b", "B", ""]]
    assert found["sections"] == [[0, "", ""], [1, "", ""], [1, "more", "More"]]
    assert found["words"] == {"map": [1, 1], "pad": [0, 2]}
