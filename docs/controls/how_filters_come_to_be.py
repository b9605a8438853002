"""What other starts, shuffled labels and another order do to the filters of a small network."""

from controls.pages import functions_of

from cnnvis import evaluate, load

page = functions_of("2_learned_filters/plot_30_how_filters_come_to_be.py")
SETS = ("mnist",)
STARTS = range(5)


def measure(start: int) -> dict[str, float]:
    """Four trainings: as on the page, on shuffled labels, in another order, from another start."""
    train, test = load("mnist", "train")[:1000], load("mnist", "test")[:500]
    moments = page.train_and_watch(train, start)
    accuracy = {step: evaluate(network, test).accuracy for step, network in moments.items()}
    nonsense = page.shuffled(train)
    control = page.train_and_watch(nonsense, start)
    digits = test.images[:200] / 255
    numbers = page.early(moments, accuracy) | page.likeness_to_start(moments)
    numbers |= page.without_a_rule(moments, control, test, nonsense)
    numbers |= page.nearness(moments[0], moments[600], digits)
    for what, other in {
        "order": page.train_and_watch(train, start, order=1),
        "start": page.train_and_watch(train, start + 100),
    }.items():
        for layer, cosine in page.same_place(moments[600], other[600]).items():
            numbers[f"same place, another {what}, {layer}"] = cosine
    return numbers
