"""Train a classifier and measure it: one visible loop."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from cnnvis.data.image_set import ImageSet
from cnnvis.layers.checks import (
    check_functions,
    check_image_set,
    check_module,
    check_numbers,
    check_preprocess,
    check_whole,
)
from cnnvis.layers.hooks import eval_mode
from cnnvis.layers.inputs import Preprocess, as_floats, batches, preprocessed
from cnnvis.training.results import Evaluation, History


def fit(
    model: nn.Module,
    train: ImageSet,
    test: ImageSet | None = None,
    *,
    epochs: int = 4,
    batch_size: int = 128,
    learning_rate: float = 5e-3,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.Adam,
    label_smoothing: float = 0.0,
    augment: Callable[[Tensor, torch.Generator], Tensor] | None = None,
    preprocess: Preprocess | None = None,
    measure: bool = True,
    watch: Callable[[int, nn.Module], object] | None = None,
    seed: int = 0,
    progress: bool | None = None,
) -> History:
    """Train a classifier on images that all fit into memory.

    The learning rate rises to its peak and falls nearly to zero within the run (the one-cycle
    schedule of Smith and Topin, 2019, https://doi.org/10.1117/12.2520589). The optimizer's
    momentum, Adam's first beta, goes the other way: from 0.95 to 0.85 and back. Where the
    processor calculates in bfloat16, the forward pass uses it; weights stay float32.

    Args:
        model: Takes float images (N, C, H, W) from 0 to 1, or what ``preprocess`` makes of them,
            and gives logits (N, K). It is trained in place, on the device that it is on, and left
            in evaluation mode.
        train: The images to learn from.
        test: Images to measure the network on before training and after each epoch.
        epochs: How often each training image is seen.
        batch_size: Images per step.
        learning_rate: Peak of the learning rate.
        optimizer: Makes the optimizer from the parameters and ``lr``; with options of its own,
            for example ``functools.partial(torch.optim.SGD, weight_decay=5e-4)``. The schedule
            sets learning rate and momentum, whatever they were. Adam itself is made with
            ``fused=True`` where torch has that for the weights.
        label_smoothing: Share of the target spread evenly over all classes, 0 to below 1. Losses
            of steps are measured against such targets, all others against the true class.
        augment: Changes each batch before the step, such as `Augment`. It gets the images as
            floats (N, C, H, W) from 0 to 1 and a generator, on the CPU, for its draws.
        preprocess: Makes of the floats, batch by batch, when they have been augmented, what the
            model takes, as for `top_patches`. The images to measure on are preprocessed too.
        measure: Whether to measure the network before training and after each epoch. Of a large
            network or of many test images that takes a good part of the run: without it the lists
            of loss and accuracy by epoch stay empty, and `evaluate` measures once, at the end.
        watch: Called with the number of steps taken and the model, once before the first step, with
            0, and after every step. It sees the model in evaluation mode and without gradients, may
            run it and draw random numbers, and doesn't change the run as long as it leaves the
            weights alone. What it returns is ignored; weights to keep have to be copied.
        seed: Decides the order of the images and the draws of layers such as dropout. It
            doesn't decide the initial weights: call ``torch.manual_seed`` before making the model.
        progress: Whether to show a progress bar; by default only in a terminal.

    Returns:
        History: Loss and accuracy at every step and, if measured, after every epoch.

    Raises:
        TypeError: If an argument is of the wrong kind, such as tensors instead of an `ImageSet`.
        ValueError: If a number isn't positive, the model has no parameters, there are no images,
            the optimizer has neither momentum nor betas, or ``preprocess`` doesn't return a tensor
            of as many images.
        FloatingPointError: If the loss becomes infinite or NaN.
    """
    check_module(model)
    check_image_set("train", train)
    if test is not None:
        check_image_set("test", test)
    check_whole(epochs=epochs, batch_size=batch_size, seed=seed)
    check_numbers(learning_rate=learning_rate, label_smoothing=label_smoothing)
    check_functions(optimizer=optimizer, augment=augment, watch=watch)
    check_preprocess(preprocess)
    if min(epochs, batch_size, learning_rate) <= 0:
        raise ValueError(
            "epochs, batch_size and learning_rate must be positive; got "
            f"{epochs}, {batch_size} and {learning_rate}."
        )
    _check_ready(model, train=train, test=test)
    images = _fast_layout(as_floats(model, train.images))
    labels = train.labels.to(images.device)
    shares = _measured(train, test) if measure else {}
    steps = epochs * math.ceil(len(train) / batch_size)
    optimize = _optimizer(optimizer, model, learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimize, learning_rate, steps)
    history = History(batch_size, epochs)
    started = time.perf_counter()
    with (
        _prepared(model, seed) as generator,
        tqdm(total=steps, unit="step", disable=None if progress is None else not progress) as bar,
    ):
        _measure(model, shares, preprocess, history)
        _show(model, 0, watch)
        for _ in range(epochs):
            for batch in torch.randperm(len(train), generator=generator).split(batch_size):
                inputs, targets = images[batch], labels[batch]
                if augment is not None:
                    inputs = augment(inputs, generator)
                inputs = _fast_layout(preprocessed(inputs, preprocess))
                logits, loss = _step(model, inputs, targets, optimize, label_smoothing)
                schedule.step()
                _note(history, loss, logits, targets)
                _show(model, len(history.step_loss), watch)
                bar.update()
            _measure(model, shares, preprocess, history)
    history.seconds = time.perf_counter() - started
    return history


def evaluate(
    model: nn.Module,
    images: ImageSet,
    *,
    batch_size: int = 250,
    preprocess: Preprocess | None = None,
) -> Evaluation:
    """Run a classifier over labelled images, in evaluation mode and in its weights' dtype.

    Args:
        model: Takes float images (N, C, H, W) from 0 to 1, or what ``preprocess`` makes of them,
            and gives logits (N, K). It is left as it was.
        images: The images and their labels.
        batch_size: Images at a time; only as many go to the model's device at once.
        preprocess: As for `top_patches`.

    Returns:
        Evaluation: Probabilities, predictions, loss and accuracy, on the CPU.

    Raises:
        TypeError: If an argument is of the wrong kind, such as tensors instead of an `ImageSet`.
        ValueError: If ``batch_size`` isn't positive, the model has no parameters, there are no
            images, or ``preprocess`` doesn't return a tensor of as many images.
    """
    check_module(model)
    check_image_set("images", images)
    check_whole(batch_size=batch_size)
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1; got {batch_size}.")
    _check_ready(model, images=images)
    logits = _logits(model, images.images, batch_size, preprocess).cpu()
    loss = F.cross_entropy(logits, images.labels).item()
    return Evaluation(logits.softmax(dim=1), images.labels, loss)


def has_bfloat16(device: torch.device) -> bool:
    """Whether a device multiplies bfloat16 numbers in hardware, faster than float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    # Before torch 2.10 there is no public way to ask the processor.
    capabilities = getattr(torch.cpu, "get_capabilities", dict)() if device.type == "cpu" else {}
    return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16", "sve_bf16"))


def _check_ready(model: nn.Module, **sets: ImageSet | None) -> None:
    if next(model.parameters(), None) is None:
        raise ValueError(
            f"the model must have parameters; {type(model).__name__} has none to train or to run."
        )
    for name, images in sets.items():
        if images is not None and len(images) == 0:
            raise ValueError(f"{name} must hold at least one image; got none.")


def _optimizer(
    make: Callable[..., torch.optim.Optimizer], model: nn.Module, learning_rate: float
) -> torch.optim.Optimizer:
    if make is torch.optim.Adam:
        # One call for all weights; not every version of torch has it for every device and dtype.
        with suppress(RuntimeError):
            return make(model.parameters(), lr=learning_rate, fused=True)
    return make(model.parameters(), lr=learning_rate)


def _autocast(device: torch.device) -> torch.autocast:
    return torch.autocast(device.type, torch.bfloat16, enabled=has_bfloat16(device))


def _fast_layout(inputs: Tensor) -> Tensor:
    """Channels-last, the layout in which CPUs and GPUs convolve fastest."""
    return inputs.contiguous(memory_format=torch.channels_last) if inputs.dim() == 4 else inputs


@contextmanager
def _prepared(model: nn.Module, seed: int) -> Iterator[torch.Generator]:
    """The model in training mode and in the fast memory layout, random numbers from ``seed``."""
    model.train().to(memory_format=torch.channels_last)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            yield torch.Generator().manual_seed(seed)
    finally:
        model.eval().to(memory_format=torch.contiguous_format)


def _step(
    model: nn.Module,
    inputs: Tensor,
    targets: Tensor,
    optimize: torch.optim.Optimizer,
    label_smoothing: float,
) -> tuple[Tensor, Tensor]:
    """Learn from one batch; return its logits and its loss from before."""
    with _autocast(inputs.device):
        logits = model(inputs)
        loss = F.cross_entropy(logits, targets, label_smoothing=label_smoothing)
    optimize.zero_grad()
    loss.backward()
    optimize.step()
    return logits, loss


def _show(model: nn.Module, step: int, watch: Callable[[int, nn.Module], object] | None) -> None:
    """Let ``watch`` see the model as it is between two steps, and undo what looking does to it."""
    if watch is not None:
        # not inference mode, whose tensors could not be trained when they are copied
        with eval_mode(model), torch.no_grad(), torch.random.fork_rng():
            watch(step, model)


def _measured(train: ImageSet, test: ImageSet | None) -> dict[str, ImageSet]:
    share = train[: 10_000 if test is None else len(test)]
    return {"train": share} if test is None else {"train": share, "test": test}


def _logits(
    model: nn.Module, images: Tensor, batch_size: int, preprocess: Preprocess | None
) -> Tensor:
    with eval_mode(model), torch.inference_mode():
        parts = batches(model, images, batch_size, preprocess)
        return torch.cat([model(_fast_layout(batch)).float() for _, batch in parts])


def _measure(
    model: nn.Module,
    shares: dict[str, ImageSet],
    preprocess: Preprocess | None,
    history: History,
) -> None:
    for name, share in shares.items():
        with _autocast(next(model.parameters()).device):
            logits = _logits(model, share.images, 250, preprocess)
        labels = share.labels.to(logits.device)
        getattr(history, f"{name}_loss").append(F.cross_entropy(logits, labels).item())
        getattr(history, f"{name}_accuracy").append(_share_right(logits, labels))


def _share_right(logits: Tensor, labels: Tensor) -> float:
    return (logits.argmax(dim=1) == labels).float().mean().item()


def _note(history: History, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
    history.step_loss.append(loss.item())
    history.step_accuracy.append(_share_right(logits.detach(), labels))
    if not math.isfinite(history.step_loss[-1]):
        raise FloatingPointError(
            f"the loss must stay finite; at step {len(history.step_loss)} it is "
            f"{history.step_loss[-1]}. Lower the learning rate, or look for NaN in the images."
        )
