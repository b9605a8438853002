"""Passes over image sets: one process and several say the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torchvision.models import ResNet18_Weights, resnet18
from torchvision.transforms import v2

import cnnvis
from cnnvis import (
    SmallCNN,
    ablation_effects,
    channel_statistics,
    layer_features,
    layer_probes,
    plot_patches,
    top_patches,
)
from cnnvis.analysis.batches import Share
from cnnvis.data.image_set import ImageSet
from cnnvis.data.registry import source_of

LAYERS = ["conv1", "relu2", "pool3", "fc"]
PAGE = Path(__file__).parents[3] / "docs" / "howto" / "several-machines.md"
# A thread of the group that outlives the program's end aborts it, now and then.
NO_THREAD_IS_LEFT = """
from pathlib import Path
threads = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
assert not [name for name in threads if "gloo" in name], threads
"""
unix = pytest.mark.skipif(sys.platform == "win32", reason="torchrun needs libuv")


def network():
    torch.manual_seed(0)
    return SmallCNN(widths=(3, 4, 5), n_classes=3)


def image_set(count):
    """Every fifth image is the same and has most contrast, so that there are ties to break."""
    generator = torch.Generator().manual_seed(1)
    images = torch.randint(256, (count, 1, 12, 12), dtype=torch.uint8, generator=generator)
    images[::5] = (images[0] > 127) * 255
    source = source_of("mnist", is_stand_in=True)
    return ImageSet(images, torch.arange(count) % 3, ("a", "b", "c"), source)


# The second: fewer batches than processes.
CASES = {"many batches": (53, 6), "one batch": (5, 10), "equal shares": (16, 4)}


def everything(count, batch_size, **options):
    images, options = image_set(count), options | {"batch_size": batch_size}
    effects = [
        ablation_effects(network(), "conv2", images, groups, **options)
        for groups in (None, [], [[0, 1], 2])
    ]
    return {
        "patches": top_patches(network(), LAYERS, images, count=4, **options),
        "statistics": channel_statistics(network(), LAYERS, images, **options),
        "effects": dict(enumerate(effects)),
    }


def run_as_one_of_several(folder):
    """What each process does when this file is started by torchrun.

    The page's example opens the process group, which can be opened but once, and closes it.
    """
    example, closing = page_block("python").split("dist.destroy_process_group()")
    exec(compile(example, str(PAGE), "exec"), {})
    torch.set_num_threads(1)
    found = {name: everything(*case, distributed=True) for name, case in CASES.items()}
    torch.save(found, Path(folder) / f"{torch.distributed.get_rank()}.pt")
    assert not closing.strip()
    torch.distributed.destroy_process_group()
    exec(NO_THREAD_IS_LEFT)


def page_block(language):
    return PAGE.read_text("utf-8").split(f"```{language}\n")[1].split("```")[0]


def torchrun(folder):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    root = str(Path(cnnvis.__file__).parents[1])
    return subprocess.run(
        [*command, __file__, str(folder)],
        env=os.environ | {"PYTHONPATH": root, "OMP_NUM_THREADS": "1", "CNNVIS_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Slow, because torchrun and its two processes import torch, one after the other."""
    folder = tmp_path_factory.mktemp("shares")
    run = torchrun(folder)
    assert run.returncode == 0, run.stderr
    return run, folder


@pytest.fixture(scope="module")
def found(run):
    """What two real processes have found, each."""
    return [torch.load(run[1] / f"{rank}.pt", weights_only=False) for rank in range(2)]


@unix
@pytest.mark.parametrize("rank", [0, 1])
@pytest.mark.parametrize("case", CASES)
def test_two_processes_find_what_one_finds(found, case, rank):
    mine, alone = found[rank][case], everything(*CASES[case])
    for kind, parts in alone.items():
        assert list(mine[kind]) == list(parts)
        for name, one in parts.items():
            other = mine[kind][name]
            for field, value in vars(one).items():
                where = f"{kind} {name} {field}"
                assert_same(getattr(other, field), value, where)


def assert_same(one, other, where):
    """Bit by bit, but for sums of rounded numbers."""
    if isinstance(other, torch.Tensor) and other.dtype == torch.float64:
        torch.testing.assert_close(one, other, rtol=1e-13, atol=1e-15, equal_nan=True, msg=where)
    elif isinstance(other, torch.Tensor):
        assert torch.equal(one, other), where
    elif isinstance(other, float):
        assert one == pytest.approx(other, rel=1e-13), where
    else:
        assert one == other, where


@unix
def test_ties_are_there_and_the_earlier_image_wins(found):
    for one in found:
        images = one["many batches"]["patches"]["conv1"].images
        assert images.tolist() == [[0, 5, 10, 15]] * 3


@unix
def test_the_example_of_the_page_runs_in_two_processes(run):
    assert run[0].stdout == page_block("text")


# Shares


@pytest.mark.parametrize("world", [1, 2, 3, 7])
def test_shares_hold_each_batch_once(world):
    shares = [Share(rank, world) for rank in range(world)]
    starts = [start for share in shares for start in share.starts(23, 5)]
    assert sorted(starts) == [0, 5, 10, 15, 20]
    sizes = [len(share.starts(23, 5)) for share in shares]
    assert max(sizes) - min(sizes) <= 1


def test_alone_nothing_is_merged():
    mine = {"a": 1}
    assert Share().merged(mine, max) == mine


def test_sharing_needs_a_process_group():
    for measure in (top_patches, channel_statistics, ablation_effects):
        with pytest.raises(ValueError, match=r"needs a process group.*torchrun"):
            measure(network(), "conv1", image_set(4), distributed=True)


# Preprocessing


class Normalizing(SmallCNN):
    """What preprocessing with `NORMALIZE` amounts to, within the model."""

    def forward(self, x):
        return super().forward((x - 0.4) / 0.2)


NORMALIZE = v2.Normalize([0.4], [0.2])
ON_SETS = {
    "top_patches": lambda model, **options: top_patches(model, LAYERS, image_set(9), **options),
    "channel_statistics": lambda model, **options: channel_statistics(
        model, LAYERS, image_set(9), **options
    ),
    "layer_features": lambda model, **options: layer_features(
        model, LAYERS, image_set(9), **options
    ),
    "layer_probes": lambda model, **options: layer_probes(
        model, LAYERS, image_set(30), image_set(12), **options
    ),
    "ablation_effects": lambda model, **options: {
        "conv2": ablation_effects(model, "conv2", image_set(9), **options)
    },
}


@pytest.mark.parametrize("function", ON_SETS)
def test_preprocessing_is_the_same_as_a_model_that_does_it(function):
    torch.manual_seed(0)
    inside = Normalizing(widths=(3, 4, 5), n_classes=3)
    found = ON_SETS[function](network(), batch_size=4, preprocess=NORMALIZE)
    expected = ON_SETS[function](inside, batch_size=4)
    for name, one in expected.items():
        parts = vars(one) if hasattr(one, "__dict__") and not torch.is_tensor(one) else {"": one}
        for field, value in parts.items():
            other = getattr(found[name], field) if field else found[name]
            if torch.is_tensor(value) or isinstance(value, float):
                torch.testing.assert_close(other, value, rtol=1e-4, atol=1e-5, equal_nan=True)
            else:
                assert other == value


@pytest.mark.parametrize("function", ON_SETS)
def test_preprocessing_that_loses_images(function):
    with pytest.raises(ValueError, match="as many images as it is given"):
        ON_SETS[function](network(), preprocess=lambda images: images[1:])


def test_patches_of_preprocessed_images_lie_in_those():
    """With the transforms of torchvision's weights: resized, cropped and normalized."""
    transform = ResNet18_Weights.DEFAULT.transforms(resize_size=40, crop_size=32)
    torch.manual_seed(0)
    model, images = resnet18(weights=None), torch.randint(256, (5, 3, 24, 24), dtype=torch.uint8)
    found = top_patches(model, "layer1", images, count=2, preprocess=transform)["layer1"]
    expected = top_patches(model, "layer1", transform(images / 255), count=2)["layer1"]
    assert found.receptive_field.image == (32, 32)
    assert torch.equal(found.values, expected.values)
    assert torch.equal(found.boxes, expected.boxes)
    with pytest.raises(ValueError, match="they are of images of 32×32 pixels"):
        plot_patches(found, images, 0)
    plot_patches(found, transform(images / 255).clamp(0, 1), 0)


if __name__ == "__main__":
    run_as_one_of_several(sys.argv[1])
