"""The image that stands for a page where its link is shared."""

import numpy as np
import pytest
from cnnvis_site.head import social_cards
from PIL import Image


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
