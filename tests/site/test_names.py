"""Headings, links and images of every page make sense to who hears them one by one."""

import itertools
import re
from collections import Counter, defaultdict
from urllib.parse import urljoin

import pytest
from bs4 import Comment

VAGUE = re.compile(
    r"here|this|that|it|click here|this (page|link|one)|link|more|read more|see|page|download"
    r"|https?://\S+|www\.\S+|\d+|\W*",
    re.IGNORECASE,
)

pytestmark = pytest.mark.data  # built anew on other sets, a page says other things


def name(link):
    """The words by which a screen reader lists a link."""
    if link.get("aria-label"):
        return link["aria-label"]
    words = [text for text in link.strings if not isinstance(text, Comment)]
    words += [image.get("alt", "") for image in link.find_all("img")]
    return " ".join("".join(words).split())


def test_headings_go_down_one_rank_at_a_time(path, soup):
    ranks = [int(one.name[1]) for one in soup(path).select("h1, h2, h3, h4, h5, h6")]
    assert ranks[0] == 1
    assert all(lower <= upper + 1 for upper, lower in itertools.pairwise(ranks)), ranks


def test_parts_of_the_page_have_names_of_their_own(path, soup):
    page = soup(path)
    assert len(page.select("[role=main], main")) == 1
    names = [part.get("aria-label") for part in page.select("aside, nav, [role=navigation]")]
    assert len(set(names)) == len(names), names


def test_link_text_stands_alone(path, soup):
    vague = [link for link in soup(path).select("article a[href]") if VAGUE.fullmatch(name(link))]
    # in code a link is part of the code, and says no less than the code
    assert [link for link in vague if not link.find_parent(class_="highlight")] == []


def test_one_text_leads_to_one_place(path, soup):
    """Links of the same name go to the same page, those in code and of the index apart.

    The index of names (genindex) has its sub-entries named after their kind, as in print.
    """
    places = defaultdict(set)
    for link in soup(path).select("article a[href]"):
        if not link.find_parent(class_=["highlight", "genindextable"]):
            places[name(link)].add(urljoin(path, link["href"]))
    assert {text: found for text, found in places.items() if len(found) > 1} == {}


def test_signs_beside_headings_say_where_they_lead(path, soup):
    signs = soup(path).select("a.headerlink")
    labels = [sign.get("aria-label", "") for sign in signs]
    assert all(label.startswith("Link to: ") and len(label) > 9 for label in labels)
    for heading in soup(path).select("h1, h2, h3, h4, h5, h6"):
        for sign in heading.select("a.headerlink"):
            words = " ".join(heading.text.removesuffix("¶").split())
            assert " ".join(sign["aria-label"].split()) == f"Link to: {words}"


def test_no_two_images_have_one_text(path, soup):
    texts = Counter(image["alt"] for image in soup(path).select("img[alt]") if image["alt"])
    assert [text for text, count in texts.items() if count > 1] == []
