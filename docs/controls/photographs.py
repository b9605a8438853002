"""What can be read from the stages of untrained networks, on the page about photographs."""

import torch
from controls.pages import functions_of

from cnnvis import PhotoCNN, layer_probes, load

page = functions_of("4_hierarchy/plot_30_photographs.py")
SETS = ("cifar10",)
STARTS = range(5)


def measure(start: int) -> dict[str, float]:
    """The class and the redness, by stage, in the build that the page measures."""
    train, test = load("cifar10", "train"), load("cifar10", "test")
    asked = test[:500]
    learning = train[:500] if test.source.is_stand_in else test[500:1000]
    torch.manual_seed(start)
    network = PhotoCNN().eval()
    of_class = layer_probes(network, page.STAGES, learning, asked)
    of_redness = page.redness_by_stage(network, learning, asked)
    return {f"class {stage}, untrained": share for stage, share in of_class.items()} | {
        f"redness {stage}, untrained": share for stage, share in of_redness.items()
    }
