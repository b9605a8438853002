"""``model-cards``: what the cards of the shipped networks say, a section for each."""

from sphinx.util.docutils import SphinxDirective

from cnnvis_site.rebuild import page_dependencies

CODE = "from cnnvis.models.pretrained import NETWORKS, load_pretrained\nload_pretrained(*NETWORKS)"


class ModelCards(SphinxDirective):
    """Written from the cards themselves, so that page and package can't drift apart."""

    def run(self):
        """Return a section for each network."""
        # here, since a build that changes no page needs no PyTorch
        from cnnvis.models import pretrained

        page_dependencies.note(self.env, "code", CODE)
        lines = []
        for name in pretrained.NETWORKS:
            size = (pretrained.FOLDER / f"{name}.safetensors").stat().st_size
            lines += [*_card(pretrained.load_pretrained(name).card, size), ""]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def _card(card, size):
    yield from (f"## {card.data['title']}", "", f"**What it is for.** {card.intended_use}", "")
    yield from (f"**What it can't do.** {card.limits}", "")
    rows = {
        "Ask for it with": f'`load_pretrained("{card.name}")`',
        "Network": _architecture(card),
        "Size": f"{card.parameters:,} parameters, {size / 1000:,.0f} KB in half precision",
        "Learned from": f"the {card.data['train']:,} training images of {card.data['title']}",
        "Test accuracy": _accuracy(card),
        "Most confused": _confused(card),
        "Recipe": "; ".join(f"{term}: {text}" for term, text in card.recipe.items()),
        "Trained on": f"{card.hardware}, in {_minutes(card.runs[0]['seconds'])}, {card.date}",
        "Versions": ", ".join(f"{name} {version}" for name, version in card.versions.items()),
        "Train it again": f"`python -m cnnvis train {card.name}`",
    }
    for term, text in rows.items():
        yield from (term, f": {text}", "")


def _architecture(card):
    arguments = ", ".join(
        f"{name}={value}" for name, value in card.architecture["arguments"].items()
    )
    return f"`{card.architecture['class']}({arguments})`"


def _accuracy(card):
    """The shipped one, and how far trainings by the same recipe lie apart."""
    right = round(card.accuracy * card.data["test"])
    text = f"{card.accuracy:.2%} ({right:,} of {card.data['test']:,} test images)"
    others = [run["accuracy"] for run in card.runs]
    if len(others) == 1:
        return f"{text}; trained once, so how far trainings differ isn't known"
    mean = sum(others) / len(others)
    return (
        f"{text}; {len(others)} trainings, of which the first is shipped: mean {mean:.2%}, from "
        f"{min(others):.2%} to {max(others):.2%}"
    )


def _confused(card):
    return ", ".join(f"{true} called {named} ({n} times)" for true, named, n in card.confused(3))


def _minutes(seconds):
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds"


def setup(app):
    """Register the directive."""
    app.add_directive("model-cards", ModelCards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
