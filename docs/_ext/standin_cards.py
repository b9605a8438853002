"""``standin-cards``: how near the stand-ins are, from the card that a measurement wrote."""

import json
from pathlib import Path

from data_page import DataDirective, image_sets

CARDS = "cards/standins.json"


class Cards(DataDirective):
    """How well networks trained on the real sets recognise the stand-ins, and the reverse."""

    def lines(self):
        """Print each card that has been written."""
        file = Path(self.env.srcdir, CARDS)
        self.env.note_dependency(str(file))
        cards = json.loads(file.read_text("utf-8")) if file.exists() else {}
        for name, card in cards.items():
            yield from _card(card, image_sets()[name])
        if not cards:
            yield "This has not been measured yet."


def _card(card, facts):
    yield from (f"**{facts.stand_in.title}, in place of {facts.title}**", "")
    yield from _table(card, f"trained on {facts.title}", ("its test pictures", "the stand-in"))
    yield (
        "Share of pictures recognised: the mean of the trainings, with the lowest and the "
        f"highest. Measured on {card['date']} with PyTorch {card['torch']}, on all "
        f"{card['pictures']:,} pictures of the stand-in. {_worst(card)}"
    )
    yield ""
    reverse = card.get("trained_on_drawings")
    if reverse:
        yield "The other way round, networks that have seen no real picture:"
        yield ""
        head = f"trained on {reverse['pictures']:,} drawings"
        yield from _table(reverse, head, (f"the test pictures of {facts.title}",))


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
    return f"{spread['mean']:.1%} ({100 * lowest:.1f} to {100 * highest:.1f})"


def _worst(card):
    """What each network reads worst, where that was noted."""
    found = {
        network: shares["stand_in"].get("worst_class")
        for network, shares in card["accuracy"].items()
    }
    told = [
        f"{worst['name']} by {name} ({worst['share']:.0%})"
        for name, worst in found.items()
        if worst
    ]
    return f"The class of the stand-in that is read worst: {', '.join(told)}." if told else ""


def setup(app):
    """Register the directive."""
    app.add_directive("standin-cards", Cards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
