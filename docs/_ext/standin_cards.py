"""``standin-cards``: how near the stand-ins are, from the card that a measurement wrote."""

import json
from pathlib import Path

from data_page import DataDirective, image_sets

CARDS = "cards/standins.json"


class Cards(DataDirective):
    """How well networks trained on the real sets recognise the stand-ins."""

    def lines(self):
        """Print each card that has been written."""
        file = Path(self.env.srcdir, CARDS)
        self.env.note_dependency(str(file))
        cards = json.loads(file.read_text("utf-8")) if file.exists() else {}
        for name, card in cards.items():
            facts = image_sets()[name]
            yield f"**{facts.stand_in.title}, in place of {facts.title}**"
            yield from ("", f"| trained on {facts.title} | its test pictures | the stand-in |")
            yield "| --- | --- | --- |"
            for network, shares in card["accuracy"].items():
                cells = (_share(shares[key]) for key in ("real_test_set", "stand_in"))
                yield f"| {network} | {' | '.join(cells)} |"
            yield ""
            yield (
                f"Share of pictures recognised: the mean of {card['seeds']} trainings, with the "
                f"lowest and the highest. Measured on {card['date']} with PyTorch "
                f"{card['torch']}, on all {card['pictures']:,} pictures of the stand-in."
            )
            yield ""
        if not cards:
            yield "This has not been measured yet."


def _share(spread):
    lowest, highest = spread["lowest"], spread["highest"]
    return f"{spread['mean']:.1%} ({100 * lowest:.1f} to {100 * highest:.1f})"


def setup(app):
    """Register the directive."""
    app.add_directive("standin-cards", Cards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
