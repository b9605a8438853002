"""What other networks, trained and untrained, give on the page about clothes."""

from controls import trained
from controls.pages import functions_of

from cnnvis import load

page = functions_of("4_hierarchy/plot_10_clothes.py")
SETS = TRAINED = ("fashion-mnist",)
STARTS = range(5)


def measure(start: int) -> dict[str, float]:
    """How a network's maps look like the image, and its best map of a heel."""
    test = load("fashion-mnist", "test")
    boots = test.images[test.labels == test.classes.index("Ankle boot")][:500] / 255
    networks = trained.before_and_after("fashion-mnist", start)
    found = {}
    for name, network in networks.items():
        found[f"heel, {name}"] = page.heel_shares(network, boots).max().item()
        for layer, value in page.likeness(network, test.images[:100] / 255).items():
            found[f"likeness {layer}, {name}"] = value
    return found
