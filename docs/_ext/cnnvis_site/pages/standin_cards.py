"""``standin-cards``: how near the stand-ins are, from the card that a measurement wrote."""

import json
from pathlib import Path

from cnnvis_site.pages.data import DataDirective, image_sets
from cnnvis_site.rebuild import page_dependencies
from cnnvis_site.rebuild.files import digest_of

CARDS = "cards/standins.json"


class Cards(DataDirective):
    """How well networks trained on the real sets recognise the stand-ins, and the reverse."""

    def lines(self):
        """Print each card that has been written."""
        page_dependencies.note(self.env, "cards")
        file = Path(self.env.srcdir, CARDS)
        cards = json.loads(file.read_text("utf-8")) if file.exists() else {}
        for name, card in cards.items():
            yield from _card(card, image_sets()[name])
        if not cards:
            yield "This has not been measured yet."


def _card(card, facts):
    yield from (f"**{facts.stand_in.title}, in place of {facts.title}**", "")
    yield from _table(card, f"trained on {facts.title}", ("its test images", "the stand-in"))
    yield (
        "Share of images recognised: the mean of the trainings, with the lowest and the "
        f"highest. Measured on {card['date']} with PyTorch {card['torch']}, on all "
        f"{card['images']:,} images of the stand-in. {_compared(card)} {_worst(card, 'stand_in')}"
    )
    yield ""
    reverse = card.get("trained_on_drawings")
    if reverse:
        yield "The other way round, networks that have seen no real image:"
        yield ""
        head = f"trained on {reverse['images']:,} drawings"
        yield from _table(reverse, head, (f"the test images of {facts.title}",))
        yield from (_worst(reverse, "real_test_set"), "")


def _table(card, head, columns):
    """A row for each network; a card without numbers of trainings holds one for all of them."""
    yield f"| {head} | trainings | {' | '.join(columns)} |"
    yield "| --- " * (len(columns) + 2) + "|"
    for network, shares in card["accuracy"].items():
        spreads = [shares[key] for key in ("real_test_set", "stand_in") if key in shares]
        cells = [str(shares.get("seeds") or card["seeds"]), *map(_share, spreads)]
        yield f"| {network} | {' | '.join(cells)} |"
    yield ""


def _share(spread):
    lowest, highest = spread["lowest"], spread["highest"]
    among = f" ({100 * lowest:.1f} to {100 * highest:.1f})" if lowest < highest else ""
    return f"{spread['mean']:.1%}{among}"


def _compared(card):
    """Say whether all trainings agree on which of the two sets is recognised better."""
    pairs = [(one["stand_in"], one["real_test_set"]) for one in card["accuracy"].values()]
    for more, first, second in (("more", 0, 1), ("less", 1, 0)):
        if all(pair[first]["lowest"] > pair[second]["highest"] for pair in pairs):
            return (
                f"Each training recognised {more} of the stand-in than any training of that "
                "network recognised of the test images."
            )
    return "The trainings don't agree on which of the two is recognised better."


def _worst(card, key):
    """Say what each network reads worst, where that was noted."""
    worst = {
        network: shares[key].get("worst_class") for network, shares in card["accuracy"].items()
    }
    told = [f"{one['name']} by {name} ({one['share']:.0%})" for name, one in worst.items() if one]
    return f"The class that is read worst: {', '.join(told)}." if told else ""


def state(env, _key):
    """Return what is another when the card has come, gone or changed."""
    return digest_of(Path(env.srcdir, CARDS))


def setup(app):
    """Register the directive."""
    page_dependencies.watch(app, "cards", state)
    app.add_directive("standin-cards", Cards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
