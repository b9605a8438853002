"""The curves of the shipped networks' trainings, from their cards."""

from matplotlib import pyplot as plt
from matplotlib.ticker import LogLocator

from cnnvis import load_pretrained, save_figure
from cnnvis.models.pretrained import NETWORKS

cards = [load_pretrained(name).card for name in NETWORKS]
figure, panels = plt.subplots(1, len(cards), figsize=(8, 3.1), layout="constrained", sharey=True)
for axes, card in zip(panels, cards, strict=True):
    for part, color, line in (("train", "#0b5fa5", "-"), ("test", "#c4560f", "--")):
        wrong = [max(1 - value, 1e-4) for value in card.history[f"{part}_accuracy"]]
        axes.plot(wrong, line, color=color, label=f"{part} images")
    axes.set(title=card.data["title"], xlabel="epochs", yscale="log", ylim=(5e-4, 1))
    axes.yaxis.set_major_locator(LogLocator())
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:g}%")
    axes.grid(color="#e6e6e6")
    axes.spines[["top", "right"]].set_visible(False)
panels[0].set_ylabel("named wrongly")
panels[0].legend(frameon=False)
gaps = {
    card.data["title"]: card.history["train_accuracy"][-1] - card.history["test_accuracy"][-1]
    for card in cards
}
widest = max(gaps, key=gaps.get)
save_figure(
    figure,
    "training_curves",
    "Share of images named wrongly after each epoch, on a logarithmic axis, for the three "
    f"networks. The curves of training and test end farthest apart for {widest}, by "
    f"{100 * gaps[widest]:.1f} points.",
)
