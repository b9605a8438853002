"""Batch normalization behind every convolution for a training, and folded in afterwards."""

import math

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from cnnvis.layers.hooks import capture, eval_mode


def add_batch_norm(model: nn.Module, images: Tensor | None = None) -> nn.Module:
    """Put batch normalization behind every convolution of a model, for its training.

    Normalization after Ioffe and Szegedy (2015, https://arxiv.org/abs/1502.03167). Each
    convolution becomes a sequence of itself and its normalization, under its old name.

    Args:
        model: Any module that isn't itself a convolution; it is changed in place.
        images: Float tensor (N, C, H, W) such as the model takes, for a model that is trained
            already: each normalization then starts with the means and deviations that these
            images cause, so that the outputs stay as they are. The kernels are scaled to the
            length of new ones; behind a normalization only their direction counts, but long ones
            would hardly move.

    Returns:
        nn.Module: The same model, in the mode that it was in.
    """
    outputs = {} if images is None else _convolved(model, images)
    prefixes = {parent: f"{name}." if name else "" for name, parent in model.named_modules()}
    for parent, prefix in prefixes.items():
        for name, layer in list(parent.named_children()):
            if isinstance(layer, nn.Conv2d):
                norm = nn.BatchNorm2d(layer.out_channels).to(layer.weight.device)
                if images is not None:
                    _keep_outputs(layer, norm, outputs[prefix + name])
                setattr(parent, name, nn.Sequential(layer, norm).train(layer.training))
    return model


def fold_batch_norm(model: nn.Module) -> nn.Module:
    """Make each convolution do what its batch normalization did, in evaluation mode.

    Args:
        model: What `add_batch_norm` made, in evaluation mode; it is changed in place.

    Returns:
        nn.Module: The same model, with the layers that it had before normalization was added, and
        the same logits up to rounding.

    Raises:
        ValueError: If the model is in training mode.
    """
    if model.training:
        raise ValueError("the model must be in evaluation mode; call model.eval() first.")
    for parent in list(model.modules()):
        for name, layer in list(parent.named_children()):
            if isinstance(layer, nn.Sequential) and _kinds(layer) == (nn.Conv2d, nn.BatchNorm2d):
                setattr(parent, name, fuse_conv_bn_eval(*layer))
    return model


def _convolved(model: nn.Module, images: Tensor) -> dict[str, Tensor]:
    with capture(model, nn.Conv2d) as outputs, eval_mode(model), torch.no_grad():
        model(images)
    return dict(outputs)


def _keep_outputs(layer: nn.Conv2d, norm: nn.BatchNorm2d, outputs: Tensor) -> None:
    """Let a normalized layer go on giving outputs (N, C, H, W), with kernels of another length."""
    variance, mean = torch.var_mean(outputs, dim=(0, 2, 3), correction=0)
    with torch.no_grad():
        factor = math.sqrt(layer.out_channels / 3) / layer.weight.norm().clamp(min=1e-12)
        for part in filter(lambda one: one is not None, (layer.weight, layer.bias)):
            part *= factor
        norm.running_mean.copy_(mean * factor)
        norm.running_var.copy_(variance * factor.square())
        norm.weight.copy_((variance + norm.eps / factor.square()).sqrt())
        norm.bias.copy_(mean)


def _kinds(layers: nn.Sequential) -> tuple[type, ...]:
    return tuple(type(layer) for layer in layers)
