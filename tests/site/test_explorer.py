"""The explorer in a browser: its numbers against PyTorch's, and all that a reader can do there."""

import base64
import gzip
import json
import re

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch import nn

from cnnvis import capture, load_pretrained
from cnnvis.standins.digits import digits

PAGE = "explorer/index.html"
SWITCHES = [(pooling, relu) for pooling in ("max", "average", "none") for relu in (True, False)]
# all values of some pictures, as base64 of one array after the other: JSON would be slow
RUN = """([pictures, switches]) => pictures.map((text) => {
    const picture = new Float32Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
    const found = cnnvisExplorer.run(picture, switches);
    return Object.fromEntries(Object.entries(found).map(([name, values]) => {
        const bytes = new Uint8Array(values.buffer);
        let text = "";
        for (let i = 0; i < bytes.length; i += 8192)
            text += String.fromCharCode(...bytes.subarray(i, i + 8192));
        return [name, btoa(text)];
    }));
})"""


@pytest.fixture(scope="module")
def network():
    return load_pretrained("mnist").network  # in the file's half precision, as on the page


@pytest.fixture(scope="module")
def pictures():
    """200 inputs: handwritten digits, as they are and upside down, noise, flat ones and spots."""
    written = digits("test")[0][:120].float() / 255
    generator = torch.Generator().manual_seed(0)
    noise = torch.rand(58, 1, 28, 28, generator=generator)
    flat = torch.tensor([0.0, 1.0, 0.5]).reshape(3, 1, 1, 1).expand(3, 1, 28, 28)
    spots = torch.zeros(19, 1, 28, 28)
    for i, spot in enumerate(spots):
        spot[0, (5 * i) % 28, (11 * i) % 28] = 1
    return torch.cat([written[:100], 1 - written[100:], noise, flat, spots]).contiguous()


def switched(network, pooling, relu):
    """The network as it is with the switches in another position."""
    model = load_pretrained("mnist").network
    model.load_state_dict(network.state_dict())
    kinds = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    for number in (1, 2, 3):
        pool = kinds[pooling](2) if pooling in kinds else nn.Identity()
        setattr(model, f"pool{number}", pool)
        if not relu:
            setattr(model, f"relu{number}", nn.Identity())
    return model


def numbers(text):
    return np.frombuffer(base64.b64decode(text), "<f4")


@pytest.mark.parametrize(("pooling", "relu"), SWITCHES)
def test_every_value_of_every_layer_is_pytorchs(pooling, relu, network, pictures, visit):
    assert len(pictures) == 200
    page = visit(PAGE)
    model = switched(network, pooling, relu)
    with torch.no_grad(), capture(model) as maps:
        logits = model(pictures)
    wanted = {"input": pictures, **maps, "softmax": logits.softmax(1)}
    furthest = 0.0
    for start in range(0, 200, 25):
        part = [base64.b64encode(one.numpy().tobytes()).decode() for one in pictures[start:][:25]]
        for i, found in enumerate(page.evaluate(RUN, [part, {"pooling": pooling, "relu": relu}])):
            assert list(found) == list(wanted)
            for name, text in found.items():
                mine = wanted[name][start + i].numpy().ravel()
                furthest = max(furthest, np.abs(numbers(text) - mine).max())
    print(f"\n{pooling} pooling, ReLU {relu}: furthest value {furthest:.1e} off (bar 1e-4)")
    assert furthest <= 1e-4


@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
def test_convolutions_of_any_kind_are_pytorchs(kernel, visit):
    page = visit(PAGE)
    generator = torch.Generator().manual_seed(kernel)
    maps = torch.rand(3, 13, 16, generator=generator) - 0.5
    weight = torch.rand(4, 3, kernel, kernel, generator=generator) - 0.5
    bias = torch.rand(4, generator=generator)
    for stride, padding, dilation in np.ndindex(3, 4, 3):
        how = {"stride": stride + 1, "padding": padding, "dilation": dilation + 1}
        wanted = nn.functional.conv2d(maps[None], weight, bias, **how)
        found = page.evaluate(
            "([a, s, w, b, how]) => [...cnnvisExplorer.convolve(a, s, w, b, how)]",
            [*(maps.flatten().tolist(), list(maps.shape), weight.flatten().tolist()),
             bias.tolist(), {"kernel": kernel, **how}],
        )  # fmt: skip
        assert len(found) == wanted.numel()
        assert np.allclose(found, wanted.flatten().numpy(), atol=1e-5)
