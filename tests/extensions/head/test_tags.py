"""Descriptions, social cards and what a site with an address has besides its pages."""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

sys.path.append(str(Path(__file__).parents[3] / "docs" / "_ext"))
from cnnvis_site.head import descriptions as page_descriptions
from cnnvis_site.head import published, social_cards
from cnnvis_site.html import content_policy

LONG = "A convolution asks at every place of the image whether a small pattern is there"


def test_a_description_is_made_of_whole_sentences():
    paragraphs = [f"{LONG}. Pooling keeps the answer. {LONG}, and so on.", "Not needed."]
    assert page_descriptions.describe(paragraphs) == f"{LONG}. Pooling keeps the answer."
    assert page_descriptions.describe(["Short.", f"{LONG}.", "Last."]) == f"Short. {LONG}. Last."


def test_a_long_sentence_is_cut_after_a_clause_or_else_a_word():
    found = page_descriptions.describe([f"{LONG} and how sure one can be of it, {LONG}."])
    assert found == f"{LONG} and how sure one can be of it…"
    found = page_descriptions.describe([f"{LONG} {LONG} {LONG}."])
    assert len(found) <= 160
    assert f"{LONG} {LONG} ".startswith(found.removesuffix("…") + " ")


@pytest.mark.parametrize("size", [(1600, 300), (500, 900), (800, 600)])
def test_a_card_shows_title_and_figure(size, tmp_path):
    figure = tmp_path / "figure.png"
    Image.new("RGBA", size, "red").save(figure)
    card = np.asarray(social_cards.draw("cnnvis", "What do filters look like?", "", figure))
    assert card.shape == (630, 1200, 3)
    red = (card == [255, 0, 0]).all(axis=2)
    assert red[:, 620:].mean() > 0.2
    assert not red[:, :600].any()
    title = (card[:, :600] == 255).all(axis=2)
    assert title[300:460].any()
    assert not title[:, :50].any()
    assert not title[:, 580:].any()


def test_a_card_without_a_figure_shows_the_description(tmp_path):
    bare = social_cards.draw("cnnvis", "Glossary", "")
    said = social_cards.draw("cnnvis", "Glossary", "Words in a sentence or two each.")
    assert (np.asarray(bare) != np.asarray(said)).any()
    for name in "ab":
        social_cards.draw("cnnvis", "Glossary", "").save(tmp_path / f"{name}.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_long_title_stays_on_its_half(tmp_path):
    figure = tmp_path / "figure.png"
    Image.new("RGB", (800, 600), "red").save(figure)
    title = "How does a convolutional network that has never seen a bicycle tell it from a car?"
    card = np.asarray(social_cards.draw("cnnvis", title, "", figure))
    white = (card[:, :600] == 255).all(axis=2)
    assert not white[:, 585:].any()
    assert not white[600:].any()


def test_the_sitemap_lists_the_pages_that_are_worth_finding():
    text = published.sitemap("https://example.org/cnnvis/", {"index", "a/b&c", "search", "404"})
    found = [one.text for one in ET.fromstring(text.encode()).findall("{*}url/{*}loc")]
    assert found == [
        "https://example.org/cnnvis/a/b&c.html",
        "https://example.org/cnnvis/index.html",
    ]


def test_the_page_for_missing_pages_links_from_the_root_of_the_host():
    page = (
        '<html data-content_root="./"><link href="_static/a.css?v=1"><a href="#top">'
        '<a class="x" href="b/c.html#d"><a href="https://e.org"><form action="search.html">'
        '<link rel="canonical" href="https://example.org/cnnvis/404.html"><use href="#svg"/>'
    )
    found = published.from_root(page, "/cnnvis/")
    assert re.findall(r'"(/cnnvis/[^"]*)"', found) == [
        "/cnnvis/./",
        "/cnnvis/_static/a.css?v=1",
        "/cnnvis/b/c.html#d",
        "/cnnvis/search.html",
    ]
    assert found.count('href="#') == 2
    assert published.from_root("<a href='x'>", "/") == "<a href='x'>"


def test_the_policy_allows_what_stands_in_the_page_and_no_more():
    page = '<script>let a = 1;</script><style>b {}</style><script src="c.js"></script>'
    rules = dict(rule.split(" ", 1) for rule in content_policy.policy(page).split("; "))
    # as `openssl dgst -sha256 -binary | base64` gives it
    assert rules["script-src"].split()[2:] == [
        "'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='"
    ]
    assert rules["style-src"].split()[2:] == [
        "'sha256-zy87ZYlZV4kMyp51wB+3ABJeEclAGRFupKDmlDS9DAw='"
    ]
    assert rules["default-src"] == "'none'"
    other = content_policy.policy(page.replace("a = 1", "a = 2"))
    assert other != content_policy.policy(page)
