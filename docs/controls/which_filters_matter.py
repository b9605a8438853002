"""What switching filters off tells in other trainings of the network for clothes."""

import numpy as np
from controls import trained
from controls.pages import functions_of

from cnnvis import ablation_effects, channel_statistics, load

page = functions_of("3_layer_maps/plot_30_which_filters_matter.py")
SETS = TRAINED = ("fashion-mnist",)
STARTS = range(5)
OF = "trainings"
LAYER = "squeeze"


def measure(start: int) -> dict[str, float]:
    """Rank correlations, both layers' averages, and what half of the last layer costs."""
    network = trained.network("fashion-mnist", start)
    test = load("fashion-mnist", "test")
    half = min(1500, len(test) // 2)
    choosing, judging = test[:half], test[half : 2 * half]
    effects, again = (ablation_effects(network, LAYER, part) for part in (choosing, judging))
    statistics = channel_statistics(network, ["pool1", LAYER], choosing)
    agree = page.agreement(network, effects, again, statistics[LAYER])
    first = ablation_effects(network, "pool1", choosing[:150], batch_size=50)
    chosen = {name: of.selectivity.nan_to_num(0).numpy() for name, of in statistics.items()}
    rises = first.loss_change.mean() - effects.loss_change.mean()
    return {
        "accuracy": trained.accuracy("fashion-mnist", start),
        **{f"rank correlation of the loss with {name}": of[0] for name, of in agree.items()},
        "conv1 less conv3: selectivity": chosen["pool1"].mean() - chosen[LAYER].mean(),
        "conv1 less conv3: rise of the loss": rises.item(),
        "half off: most selective first, less random": _half(network, judging, chosen[LAYER]),
    }


def _half(network, judging, selectivity):
    """Accuracy without the most selective half, less the median of six random halves."""
    width = len(selectivity)
    rng = np.random.default_rng(0)
    groups = [np.argsort(-selectivity), *(rng.permutation(width) for _ in range(6))]
    halves = [group[: width // 2].tolist() for group in groups]
    accuracies = ablation_effects(network, LAYER, judging, halves).accuracies.numpy()
    return float(accuracies[0] - np.median(accuracies[1:]))
