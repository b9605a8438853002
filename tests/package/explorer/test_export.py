"""The exported network is the package's."""

import base64
import json

import numpy as np
import pytest
import torch

from cnnvis import load_pretrained
from cnnvis.explorer.export import export_network, pack_halves


@pytest.fixture(scope="module")
def exported():
    network, card = load_pretrained("mnist")
    return json.loads(export_network(network, card)), network, card


def halves(text):
    pairs = np.frombuffer(base64.b64decode(text), np.uint8).reshape(2, -1).T
    return np.ascontiguousarray(pairs).view("<f2").ravel()


def test_halves_are_packed_first_bytes_first():
    assert base64.b64decode(pack_halves(torch.tensor([1.0, -2.0]).half())) == bytes.fromhex(
        "0000 3cc0"
    )


def test_layers_shapes_and_weights_are_the_networks(exported):
    facts, network, card = exported
    values, at = halves(facts["weights"]).astype(np.float32), 0
    for name, weight in network.state_dict().items():
        assert facts["shapes"][name] == list(weight.shape)
        assert (values[at : at + weight.numel()] == weight.numpy().ravel()).all()
        at += weight.numel()
    assert at == len(values)
    assert [name for name, _ in facts["layers"]] == [name for name, _ in network.named_children()]
    assert (facts["name"], facts["classes"]) == (card.name, list(card.classes))


def test_each_class_has_a_digit_that_the_network_names_correctly(exported):
    facts, network, _ = exported
    assert len(facts["digits"]) == 10
    for label, digit in enumerate(facts["digits"]):
        pairs = np.frombuffer(base64.b64decode(digit), np.uint8)
        shades = np.stack([pairs >> 4, pairs & 15], 1).reshape(1, 1, 28, 28) / facts["levels"]
        assert network(torch.tensor(shades, dtype=torch.float32)).argmax() == label
