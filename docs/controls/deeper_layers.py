"""What other networks, trained and untrained, give on the page about deeper layers."""

from controls import trained
from controls.pages import functions_of

from cnnvis import evaluate, load, top_patches

page = functions_of("4_hierarchy/plot_20_edges_to_objects.py")
SETS = TRAINED = ("fashion-mnist",)
STARTS = range(5)


def measure(start: int) -> dict[str, float]:
    """All numbers of the page, for a network before and after its training."""
    test = load("fashion-mnist", "test")
    networks = trained.before_and_after("fashion-mnist", start)
    found = {}
    for name, network in networks.items():
        numbers = {"accuracy": evaluate(network, test).accuracy}
        for stage, share in page.mean_probes(network, test[:4000]).items():
            numbers[f"probe {stage}"] = share
        for stage, value in page.selectivities(network, test[:1000]).items():
            numbers[f"selectivity {stage}"] = value
        for stage, values in page.shift_changes(network, test[:500]).items():
            numbers |= {f"{part} {stage}": one for part, one in values.items()}
        patches = top_patches(network, page.LAYERS, test[:3000])
        for layer, value in page.purities(patches, test[:3000].labels).items():
            numbers[f"purity {layer}"] = value
        found |= {f"{number}, {name}": value for number, value in numbers.items()}
    return found
