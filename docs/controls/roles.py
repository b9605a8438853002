"""The names, orders and patterns of filters in other trainings of the network for digits.

They are trained as the shipped one is, for less long; each is also measured before its training.
"""

import numpy as np
from controls import trained
from controls.pages import functions_of

from cnnvis import derivative_orders, filter_roles

page = functions_of("3_layer_maps/plot_20_roles.py")
SETS = TRAINED = ("mnist",)
STARTS = range(5)
OF = "trainings"


def measure(start: int) -> dict[str, float]:
    """Count names in each layer, and measure conv2's orders of derivative and common patterns."""
    numbers = {"accuracy": trained.accuracy("mnist", start)}
    networks = trained.before_and_after("mnist", start)
    for which, network in networks.items():
        for layer in ("conv1", "conv2"):
            for name, share in page.names_of(page.kernels(network, layer)).items():
                numbers[f"{layer} {name}, {which}"] = share
        weight = network.conv2.weight.detach()
        level = weight - weight.mean(dim=(2, 3), keepdim=True)
        numbers[f"means and slopes, {which}"] = derivative_orders(weight).mean(dim=0)[:2].sum()
        numbers[f"one pattern, {which}"] = _pattern(weight)
        numbers[f"one pattern, means apart, {which}"] = _pattern(level)
    for name, share in page.names_of(page.shuffled(networks["trained"])).items():
        numbers[f"conv2 {name}, shuffled"] = share
    return numbers


def _pattern(weight):
    return np.mean([role.share for role in filter_roles(weight)])
