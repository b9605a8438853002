import dataclasses
import hashlib
import io

import pytest
import torch
from torch import nn
from torchvision import models
from torchvision.transforms.functional import to_pil_image

from cnnvis import DownloadError, SmallCNN, load_pretrained
from cnnvis.models import pretrained
from cnnvis.models.find_model import IMAGE_SIDES, find_network, first_convolution


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """An empty folder for weights, no network."""
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    return tmp_path / "hub" / "checkpoints"


@pytest.fixture(scope="module")
def trained():
    """What a host would send: a state dict of SqueezeNet, and its SHA-256 sum."""
    file = io.BytesIO()
    torch.manual_seed(5)
    torch.save(models.squeezenet1_1(weights=None).state_dict(), file)
    return file.getvalue(), hashlib.sha256(file.getvalue()).hexdigest()


@pytest.fixture
def host(make_server, trained, monkeypatch):
    """A host that has SqueezeNet's weights, at the address that torchvision knows."""
    monkeypatch.setenv("CNNVIS_OFFLINE", "0")
    server = make_server()
    name = f"squeezenet1_1-{trained[1][:8]}.pth"
    server.files[name] = trained[0]
    entry = models.SqueezeNet1_1_Weights.DEFAULT
    there = dataclasses.replace(entry.value, url=server.url + name)
    monkeypatch.setattr(entry, "_value_", there)
    return server


def weight(network):
    return network.module.get_parameter("features.0.weight")


def test_random_weights_are_seeded_and_leave_the_random_state(hub):
    state = torch.random.get_rng_state()
    one, again, other = (find_network("squeezenet1_1", "none", seed) for seed in (0, 0, 1))
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(weight(one), weight(again))
    assert not torch.equal(weight(one), weight(other))
    assert one.weights == "random weights (seed 0)"
    assert not one.module.training
    assert (one.resize, one.crop, one.channels) == ((256, 256), (224, 224), 3)
    assert not hub.exists()


def test_offline_names_the_ways_out(hub):
    with pytest.raises(DownloadError, match=r"CNNVIS_OFFLINE is set\. Use --weights none"):
        find_network("squeezenet1_1")
    assert not hub.exists()


def test_weights_are_downloaded_once(hub, host, trained, monkeypatch):
    for _ in range(2):
        network = find_network("squeezenet1_1")
        expected = torch.load(hub / next(iter(host.files)), weights_only=True)
        assert torch.equal(weight(network), expected["features.0.weight"])
        assert network.weights == "weights IMAGENET1K_V1"
        monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    assert len(host.asked) == 1
    assert [path.read_bytes() for path in hub.iterdir()] == [trained[0]]


@pytest.mark.parametrize(
    ("mood", "message"),
    [
        ("corrupt", "must have the SHA-256 sum that its name tells"),
        ("missing", "answered 404"),
        ("truncated", "broke off before the end"),
    ],
)
def test_a_failed_download_leaves_nothing(hub, host, mood, message):
    host.mood = mood
    with pytest.raises(DownloadError, match=message) as error:
        find_network("squeezenet1_1")
    assert "Use --weights none" in str(error.value)
    assert list(hub.iterdir()) == []


def test_damaged_weights_on_disk(hub):
    hub.mkdir(parents=True)
    (hub / "squeezenet1_1-b8a52dc0.pth").write_bytes(b"half")
    with pytest.raises(ValueError, match=r"b8a52dc0.pth is damaged .* Delete it"):
        find_network("squeezenet1_1", "IMAGENET1K_V1")


@pytest.mark.usefixtures("hub")
def test_weights_from_a_file(tmp_path):
    other = models.squeezenet1_1(weights=None)
    torch.save(other.state_dict(), tmp_path / "mine.pt")
    network = find_network("squeezenet1_1", str(tmp_path / "mine.pt"))
    assert torch.equal(weight(network), other.features[0].weight)
    assert network.weights == "weights from mine.pt"
    assert network.mean == (0.485, 0.456, 0.406)


@pytest.mark.usefixtures("hub")
def test_the_preparation_is_that_of_the_weights():
    network = find_network("squeezenet1_1", "none")
    image = torch.rand(1, 3, 256, 256).mul(255).round().div(255)
    cut = image[:, :, 16:240, 16:240]
    theirs = models.SqueezeNet1_1_Weights.DEFAULT.transforms()(to_pil_image(image[0]))
    assert torch.allclose(network.preprocess(cut)[0], theirs, atol=1e-5)


@pytest.mark.usefixtures("hub")
def test_another_preparation():
    network = find_network("squeezenet1_1", "none").adapted((64, 96), (0.5,), (0.25,))
    assert (network.resize, network.crop) == ((64, 96), (64, 96))
    assert torch.equal(network.preprocess(torch.ones(1, 3, 2, 2)), torch.full((1, 3, 2, 2), 2.0))
    with pytest.raises(ValueError, match="mean must be one number, or one for each of the 3"):
        network.adapted(mean=(1.0, 2.0))
    with pytest.raises(ValueError, match="std must be positive; got 0"):
        network.adapted(std=(0.0,))


@pytest.mark.parametrize(
    ("name", "weights", "message"),
    [
        ("squeezenet11", None, "the nearest are squeezenet1_1"),
        ("resnet-18", None, "resnet18"),
        ("xyzzy", None, "resnet18 is one"),
        ("r3d_18", "none", "takes films"),
        ("raft_small", "none", "takes pairs of images"),
        ("quantized_resnet18", "none", "Take resnet18"),
        ("resnet18", "IMAGENET1K_V7", "must be IMAGENET1K_V1, none, or a file"),
        ("model.pt", None, "Give both: --model net.py:Net"),
        ("net.onnx", None, "Give both"),
        ("mnist", "none", "comes with its weights"),
    ],
)
@pytest.mark.usefixtures("hub")
def test_what_is_no_network(name, weights, message):
    with pytest.raises(ValueError, match=message):
        find_network(name, weights)


@pytest.mark.parametrize(("name", "weights"), [(18, None), ("resnet18", 1), (nn.ReLU(), None)])
def test_networks_are_named_by_texts(name, weights):
    with pytest.raises(TypeError, match="such as 'resnet18' and 'none'; got"):
        find_network(name, weights)


@pytest.mark.parametrize("name", pretrained.NETWORKS)
def test_shipped_networks(name):
    network, given = find_network(name), load_pretrained(name).network
    image = torch.rand(1, network.channels, *network.crop)
    assert torch.equal(network.module(network.preprocess(image)), given(image))
    assert not network.module.training
    assert network.resize == network.crop == (IMAGE_SIDES[name], IMAGE_SIDES[name])
    assert network.weights == "trained weights"


def test_own_files(tmp_path):
    file = tmp_path / "own_net.py"
    file.write_text("from cnnvis import SmallCNN\nnet = SmallCNN(in_channels=1)\n", "utf-8")
    network = find_network(f"{file}:net")
    assert (network.title, network.channels, network.crop) == ("own_net.net", 1, (224, 224))
    torch.save(SmallCNN().state_dict(), tmp_path / "w.pt")
    assert find_network(str(file), str(tmp_path / "w.pt")).weights == "weights from w.pt"
    file.write_text("from torch import nn\nnet = nn.Conv2d(4, 1, 3)\n", "utf-8")
    with pytest.raises(ValueError, match=r"with 1 or 3 channels; own_net\.py takes 4"):
        find_network(str(file))


def test_first_convolution():
    assert first_convolution(SmallCNN()) == "conv1"
    assert first_convolution(nn.ReLU()) is None
    listed_last = nn.ModuleDict({"head": nn.Conv2d(8, 2, 1), "stem": nn.Conv2d(3, 8, 3)})
    assert first_convolution(listed_last) == "stem"
    assert first_convolution(nn.Sequential(nn.Conv2d(4, 8, 3), nn.Conv2d(8, 2, 1))) == "0"
