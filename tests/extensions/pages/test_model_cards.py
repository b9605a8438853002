"""The page of networks says what their cards say."""

from cnnvis import load_pretrained


def test_model_cards_say_what_the_cards_say(site):

    site.configure("pages.model_cards", "myst_parser")
    site.write("docs/nets.md", "---\norphan: true\n---\n# Networks\n\n```{model-cards}\n```\n")
    assert site.build() is None
    page = site.page("nets")
    for name in ("mnist", "fashion-mnist", "cifar10"):
        card = load_pretrained(name).card
        heading = next(h for h in page.find_all("h2") if h.text.startswith(card.data["title"]))
        text = " ".join(heading.parent.text.split()).replace("’", "'")
        assert f"{card.accuracy:.2%} (" in text
        assert f"{card.parameters:,} parameters" in text
        assert card.limits in text
        true, named, count = card.confused(1)[0]
        assert f"{true} called {named} ({count} times)" in text
