"""
How does a small network learn to read digits?
==============================================

Nobody tells the network what a 7 looks like. It starts with random filters, guesses, is told how
wrong it was, and turns every weight a little in the direction that would have been less wrong. Then
it guesses again. Here we train a network of three convolutions on handwritten digits, watch loss
and accuracy on the way, and then look at the digits that it gets wrong, since a single percentage
hides them.

After this page you can

* write a training loop and say what each of its lines does,
* read curves of loss and accuracy,
* judge a classifier by its mistakes, and say how sure a measured accuracy is.

In the glossary: `epoch <../../glossary.html#term-epoch>`_, `learning rate
<../../glossary.html#term-learning-rate>`_, `cross-entropy
<../../glossary.html#term-cross-entropy>`_, `logits <../../glossary.html#term-logits>`_, `confusion
matrix <../../glossary.html#term-confusion-matrix>`_.
"""

# sphinx_gallery_thumbnail_number = 5

import math
from textwrap import fill

import torch
import torch.nn.functional as F
from matplotlib import pyplot as plt
from sklearn.metrics import confusion_matrix

from cnnvis import (
    SmallCNN,
    Spread,
    evaluate,
    fit,
    layer_table,
    load,
    plot_confusion,
    plot_history,
    plot_images,
    save_figure,
)

# %%
# The digits
# ----------
#
# MNIST holds 60,000 digits to learn from and 10,000 to be tested on, 28×28 grey pixels each. Where
# it can't be had, a smaller set of real handwriting takes its place; the first line says which.

train, test = load("mnist", "train"), load("mnist", "test")
print(train.source)
print(f"train: {tuple(train.images.shape)}, test: {tuple(test.images.shape)}, {train.images.dtype}")
print(f"values from {train.images.min()} to {train.images.max()}")

counts = train.labels.bincount()
axes = plot_images(
    train.images[:24], columns=8, labels=[str(n) for n in train.labels[:24].tolist()]
)
save_figure(
    axes.figure,
    "digits",
    f"The first 24 of {len(train):,} handwritten digits, white on black, with their labels. Most "
    f"frequent in the set is {counts.argmax()}, with {counts.max():,} examples.",
)

# %%
# The network
# -----------
#
# Three convolutions, each followed by a ReLU and a pooling, then one fully connected layer that
# turns the last maps into ten numbers, the *logits*: one for each digit. The *receptive field* is
# the patch of the picture that one value can depend on.

torch.manual_seed(0)
network = SmallCNN()
layer_table(network, test.images[:1] / 255)

# %%
# Predict first: how many of the test digits does the network get right before it has learned
# anything?

untrained = evaluate(network, test)
print(f"untrained: accuracy {untrained.accuracy:.1%}, loss {untrained.loss:.3f}")
print(f"a blind guess among ten: 10 %, loss {math.log(10):.3f}")
assert untrained.accuracy < 0.3
assert abs(untrained.loss - math.log(10)) < 0.1

# %%
# The loop
# --------
#
# Here is a whole training loop. For each *batch* of digits: compute the logits; compute the loss
# (the *cross-entropy*, large where the right digit was given a low probability); compute the
# gradient of the loss with respect to every weight; let the optimizer take a step against it.


def train_briefly(learning_rate, seed, steps=80):
    torch.manual_seed(seed)
    network = SmallCNN()
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate)
    for _ in range(steps):
        chosen = torch.randint(len(train), (64,))
        logits = network(train.images[chosen] / 255)
        loss = F.cross_entropy(logits, train.labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return evaluate(network, test[:1000]).accuracy


# %%
# How large a step? The naive answer, "as large as possible", fails. A step a hundred times smaller
# repairs it, for each of five starts.

too_large, sensible = (
    Spread([train_briefly(rate, seed) for seed in range(5)]) for rate in (0.5, 0.005)
)
print(f"learning rate 0.5:   accuracy {too_large:.0%}")
print(f"learning rate 0.005: accuracy {sensible:.0%}")
assert max(too_large.values) < 0.3
assert min(sensible.values) > 0.6
assert (sensible - too_large).sign == 1

# %%
# Training in earnest
# -------------------
#
# `fit` is the same loop with three additions: it goes through all digits in random order, an
# *epoch* at a time; it raises the learning rate at the start and lowers it towards the end; and it
# keeps a record. A small set gets more epochs.

epochs = 3 if len(train) > 10_000 else 20
history = fit(network, train, test, epochs=epochs, seed=0)
print(f"{len(history.step_loss):,} steps in {epochs} epochs")
print(history)

# %%
# Look at the thin line first: the loss of every single batch, as noisy as batches are different.
# The marks are measured between epochs, on digits the network learns from and on the test digits.

axes = plot_history(history, "loss")
save_figure(
    axes.figure,
    "training_loss",
    f"Loss over {epochs} epochs on a logarithmic axis. On the test digits it falls from "
    f"{history.test_loss[0]:.2f} to {history.test_loss[-1]:.3f}, on training digits to "
    f"{history.train_loss[-1]:.3f}.",
)

axes = plot_history(history, "accuracy")
save_figure(
    axes.figure,
    "training_accuracy",
    f"Accuracy over {epochs} epochs. On the test digits it rises from "
    f"{history.test_accuracy[0]:.0%} to {history.test_accuracy[-1]:.1%}, more than half of the way "
    "in the first half.",
)
halfway = (history.test_accuracy[0] + history.test_accuracy[-1]) / 2
assert history.test_accuracy[epochs // 2] > halfway

# %%
# How good is it?
# ---------------
#
# A test set is a sample, and its accuracy has a margin. With a share of :math:`p` right out of
# :math:`n`, 95 of 100 such samples lie within about :math:`2\sqrt{p(1-p)/n}` of the truth.

result = evaluate(network, test)
margin = 1.96 * math.sqrt(result.accuracy * (1 - result.accuracy) / len(test))
print(f"accuracy {result.accuracy:.1%} ± {margin:.1%} on {len(test):,} digits")
assert result.accuracy > 0.95

# %%
# Which digits does it take for which? The *confusion matrix* counts the true digits by row and the
# answers by column. Its diagonal holds the right answers and is left without colour, so that the
# mistakes stand out.

matrix = confusion_matrix(test.labels, result.predictions, labels=range(10))
mistakes = matrix.copy()
mistakes[range(10), range(10)] = 0
true, taken = divmod(int(mistakes.argmax()), 10)
axes = plot_confusion(matrix, test.classes)
save_figure(
    axes.figure,
    "confusion_matrix",
    f"Ten by ten counts of true digits and answers, {mistakes.sum()} of them mistakes. The most "
    f"frequent: a {true} taken for a {taken}, {mistakes[true, taken]} times.",
)

# %%
# The most confident mistakes
# ---------------------------
#
# Of all wrong answers, these were given with the highest probability. Would you have done better?

wrong = (result.predictions != result.labels).nonzero().flatten()
confidence, guess = result.probabilities[wrong].max(dim=1)
order = confidence.argsort(descending=True)[:10]
worst = wrong[order]
labels = [
    f"{result.labels[at]} read as {result.predictions[at]}\n{sure:.0%} sure"
    for at, sure in zip(worst, confidence[order])
]
axes = plot_images(test.images[worst], columns=5, labels=labels)
save_figure(
    axes.figure,
    "confident_mistakes",
    f"The {len(worst)} wrong answers that were given with most confidence, of {len(wrong)}. The "
    f"first: a {result.labels[worst[0]]} read as {result.predictions[worst[0]]}, "
    f"{confidence.max():.0%} sure.",
)

# %%
# A network always names some digit: the `network in the explorer
# <../../explorer/index.html#ink=none>`_ does so when it is shown none. But these are the *most*
# confident mistakes. How sure is it of the others, and how sure when it is right? Predict, then
# look at both.

sure = result.probabilities.max(dim=1).values
right = sure[result.predictions == result.labels]
figure, axes = plt.subplots(2, 1, figsize=(7, 3.6), sharex=True, layout="constrained")
for ax, (title, values), color in zip(
    axes, {"right": right, "wrong": confidence}.items(), ("#0b5fa5", "#c4560f")
):
    ax.hist(values, bins=torch.linspace(0, 1, 21).tolist(), color=color)
    ax.axvline(values.median(), color="black", linestyle=":")
    ax.set(title=f"{title}: {len(values):,} digits, median {values.median():.0%}", ylabel="digits")
    ax.spines[["top", "right"]].set_visible(False)
axes[1].set_xlabel("probability given to the answer")
blind = (confidence > 0.95).sum()
save_figure(
    figure,
    "confidence",
    "How sure the network is of its answers, for right and wrong ones. Medians: "
    f"{right.median():.0%} and {confidence.median():.0%}. Of the {len(wrong)} wrong answers "
    f"{blind} were given with more than 95 %.",
)
print(
    fill(
        f"Median confidence {right.median():.1%} when right, {confidence.median():.1%} when wrong. "
        f"Of the wrong answers {blind / len(wrong):.0%} are given with over 95 %, of the right "
        f"ones {(right > 0.95).float().mean():.0%}.",
        88,
    )
)
assert right.median() > confidence.median() + 0.1
assert confidence.max() > 0.95
assert confidence.median() > 0.4
assert blind < len(wrong) / 2
assert (right > 0.95).float().mean() > 0.9

# %%
# It is usually less sure when it is wrong. So a look at all answers below 95 % would find most of
# the mistakes, and not those that were given with more.
#
# What we learned
# ---------------
#
# * Training is one short loop: guess, measure, take the gradient, step.
# * The loss says how wrong the network is, step by step; accuracy on unseen digits says how useful.
# * The mistakes show what a percentage can't, and the percentage has a margin.
#
# **Limits.** One seed, one network; another seed gives another accuracy. And these digits are
# centred, scaled and cut out: reading a letter is a longer way.
#
# **Ethics.** MNIST's digits were written by employees of the US Census Bureau and by high-school
# students. Other people write a 1 or a 7 differently; a share of right answers over all hides who
# the wrong ones belong to. Before such a network sorts anyone's post, measure it on their hands.
#
# Exercise
# --------
#
# Print black digits on white paper: show the trained network the *negative* of the test digits. To
# us they are as easy to read. What will its accuracy be?
#
# Answer: far lower. Much of what it has learned depends on white strokes on black.

negative = type(test)(255 - test.images, test.labels, test.classes, test.source)
print(f"on negatives: {evaluate(network, negative).accuracy:.1%}")
assert evaluate(network, negative).accuracy < 0.6

# %%
# Where to go next
# ----------------
#
# `What do learned filters look like? <plot_20_filters.html>`_ takes the filters out of such a
# network and looks at what each of them sees.
#
# References
# ----------
#
# * Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998). `Gradient-based learning applied to
#   document recognition <https://doi.org/10.1109/5.726791>`_.
# * Y. LeCun, C. Cortes and C. Burges. `The MNIST database of handwritten digits
#   <http://yann.lecun.com/exdb/mnist/>`_.
# * D. P. Kingma and J. Ba (2015). `Adam: a method for stochastic optimization
#   <https://arxiv.org/abs/1412.6980>`_.
# * L. N. Smith and N. Topin (2019). `Super-convergence
#   <https://doi.org/10.1117/12.2520589>`_. The learning rate that rises and falls.
# * E. Alpaydin and C. Kaynak (1998). `Optical recognition of handwritten digits
#   <https://doi.org/10.24432/C50P49>`_. The stand-in.
