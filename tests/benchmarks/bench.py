"""Measure what the project promises, and print each figure beside its bar.

    python tests/benchmarks/bench.py            # everything that can be measured here
    python tests/benchmarks/bench.py capture mosaic

Comparisons are ratios of medians, taken turn by turn in one run. What needs the real sets is
measured where CNNVIS_DATA or the cache holds them, and named as left out where not.
"""

import argparse
import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from matplotlib import pyplot as plt
from torch import nn

from cnnvis import (
    PhotoCNN,
    SmallCNN,
    capture,
    evaluate,
    fit,
    load,
    mosaic,
    plot_maps,
    rescale,
    top_patches,
)

ROOT = Path(__file__).parents[2]
ROWS = []


def report(what: str, measured: str, bar: str, holds: bool) -> None:
    ROWS.append((what, measured, bar, "holds" if holds else "FALLS SHORT"))
    print(" | ".join(ROWS[-1]), flush=True)


def compare(*works: Callable[[], object], rounds: int = 31) -> list[float]:
    """Median seconds of each work, measured in turns so that noise meets all alike."""
    for work in works:
        work()
    times = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def bench_capture() -> None:
    """In two processes: as it comes, and with memory kept by the process once it has it.

    What is recorded lives longer than the pass, so glibc fetches memory anew for every pass and
    gives it back; a program that goes on for a while, or another allocator, doesn't.
    """
    here = [sys.executable, __file__, "capture-here"]
    keep = {"MALLOC_TRIM_THRESHOLD_": "1000000000", "MALLOC_MMAP_THRESHOLD_": "1000000000"}
    for label, variables in {"as it comes": {}, "memory kept": keep}.items():
        run = subprocess.run(here, env=os.environ | variables, text=True, stdout=subprocess.PIPE)
        for line in run.stdout.splitlines():
            if line.startswith("capture,"):
                what, measured, bar, verdict = line.split(" | ")
                report(f"{what}, {label}", measured, bar, verdict == "holds")
            elif line.startswith("a pass"):
                print(line)


def bench_capture_here() -> None:
    from torchvision.models import resnet18

    model, images = resnet18().eval(), torch.rand(1, 3, 224, 224)
    convolutions = [name for name, one in model.named_modules() if isinstance(one, nn.Conv2d)]

    @torch.inference_mode()
    def plain():
        model(images)

    @torch.inference_mode()
    def with_maps(copy):
        with capture(model, convolutions, copy=copy):
            model(images)

    kept = {}

    def keep(module, _, output):
        kept[module] = output.detach().clone()

    @torch.inference_mode()
    def bare_hooks():
        handles = [model.get_submodule(name).register_forward_hook(keep) for name in convolutions]
        model(images)
        for handle in handles:
            handle.remove()

    base, copies, live, bare = compare(
        plain, lambda: with_maps(True), lambda: with_maps(False), bare_hooks, rounds=61
    )
    report(
        "capture, resnet18, beside bare hooks that copy",
        f"{copies / bare:.3f} ×",
        "1.02 ×",
        copies <= 1.02 * bare,
    )
    lacks = sum(one.numel() * one.element_size() for one in kept.values()) / 2**20
    print(
        f"a pass without hooks lacks the {lacks:.0f} MB that the copies fill: "
        f"with them it takes {copies / base:.3f} ×"
    )
    # Two runs of the very same code differ by a percent here.
    report("capture, resnet18, live", f"{live / base:.3f} ×", "1.00 ×", live <= 1.01 * base)


def bench_mosaic() -> None:
    from torchvision.utils import make_grid

    kernels = torch.randn(512, 7, 7)
    ours, theirs = compare(
        lambda: mosaic(rescale(kernels, scale="map")),
        lambda: make_grid(kernels[:, None], normalize=True, scale_each=True),
        rounds=101,
    )
    ratio = theirs / ours
    report("mosaic of 512 kernels", f"{ratio:.1f} × faster", "10 ×", ratio >= 10)


def bench_figure() -> None:
    maps = torch.rand(64, 32, 32)
    with tempfile.TemporaryDirectory() as folder:

        def ours():
            axes = plot_maps(maps)
            axes.figure.savefig(Path(folder) / "a.png", dpi=100)
            plt.close("all")

        def subplots():
            figure, axes = plt.subplots(8, 8, figsize=(8, 8))
            for axis, one in zip(axes.flat, maps, strict=True):
                axis.imshow(one)
                axis.axis("off")
            figure.savefig(Path(folder) / "b.png", dpi=100)
            plt.close("all")

        mine, theirs = compare(ours, subplots, rounds=9)
    ratio = theirs / mine
    report("figure of 64 maps", f"{ratio:.1f} × faster", "5 ×", ratio >= 5)


def bench_epoch() -> None:
    from torchvision.datasets import MNIST
    from torchvision.transforms import ToTensor

    train, test = real("mnist")
    if train is None:
        return
    raw = MNIST(data_folder(), train=True, transform=ToTensor())

    def ours():
        torch.manual_seed(0)
        model = SmallCNN()
        start = time.perf_counter()
        fit(model, train, epochs=1, measure=False, seed=0, progress=False)
        return time.perf_counter() - start, evaluate(model, test).accuracy

    def dataloader():
        torch.manual_seed(0)
        model = SmallCNN()
        start = time.perf_counter()
        plain_epoch(model, raw)
        return time.perf_counter() - start, evaluate(model, test).accuracy

    pairs = [(ours(), dataloader()) for _ in range(3)]
    ratio = statistics.median(theirs[0] / mine[0] for mine, theirs in pairs)
    mine, theirs = pairs[0][0][1], pairs[0][1][1]
    what = "MNIST epoch, measuring apart, against DataLoader"
    report(what, f"{ratio:.2f} × faster", "2.5 ×", ratio >= 2.5)
    report(
        "its accuracy",
        f"{mine:.2%} against {theirs:.2%}",
        "the same ± 0.5 %",
        mine > theirs - 0.005,
    )


def plain_epoch(model: nn.Module, data, batch_size: int = 128) -> None:
    """The same optimizer, schedule, batch and number of steps, in float32 through a DataLoader."""
    loader = torch.utils.data.DataLoader(data, batch_size=batch_size, shuffle=True, num_workers=0)
    optimizer = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, len(loader))
    for images, labels in loader:
        loss = nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()


def bench_accuracy() -> None:
    recipes = {
        "mnist": ({"epochs": 3}, 0.99, 20),
        "fashion-mnist": ({"epochs": 16, "batch_size": 256, "learning_rate": 1e-2}, 0.915, 120),
    }
    for name, (recipe, bar, seconds) in recipes.items():
        train, test = real(name)
        if train is None:
            continue
        runs = []
        for seed in range(5):
            torch.manual_seed(seed)
            model = SmallCNN()
            taken = fit(model, train, seed=seed, progress=False, **recipe).seconds
            runs.append((evaluate(model, test).accuracy, taken))
        accuracy, taken = (statistics.mean(values) for values in zip(*runs, strict=True))
        low, high = min(runs)[0], max(runs)[0]
        report(
            f"{name}, {recipe['epochs']} epochs, mean of 5 seeds",
            f"{accuracy:.2%} ({low:.2%} to {high:.2%}) in {taken:.1f} s",
            f"{bar:.1%} in {seconds} s",
            accuracy >= bar and taken <= seconds,
        )


def bench_patches() -> None:
    """Speed turn by turn on 5,000 images; memory in processes of their own."""
    model, images = PhotoCNN().eval(), photos(5000)

    @torch.inference_mode()
    def plain(batch):
        model(batch.float() / 255)

    ratios = []
    for batch in images.split(1000):
        bare, ours = compare(
            lambda batch=batch: [plain(part) for part in batch.split(500)],
            lambda batch=batch: top_patches(model, nn.Conv2d, batch),
            rounds=1,
        )
        ratios.append(bare / ours)
    ratio = statistics.median(ratios)
    report("top patches, speed of the bare pass", f"{ratio:.1%}", "85 %", ratio >= 0.85)
    peaks = []
    for count in (10_000, 60_000):
        code = f"import bench; bench.search({count})"
        here = {"cwd": Path(__file__).parent, "text": True, "stdout": subprocess.PIPE}
        run = subprocess.run([sys.executable, "-c", code], check=True, **here)
        peaks.append(int(run.stdout.split()[-1]))
    report(
        "top patches, peak memory beside the images, 60,000 against 10,000",
        f"{peaks[1] / 2**20:.0f} MB against {peaks[0] / 2**20:.0f} MB",
        "1.10 ×",
        0 < peaks[1] <= 1.1 * peaks[0],
    )


def search(count: int) -> None:
    """Print the bytes that a search takes at its peak beyond what the process held before.

    A narrow network, so that 60,000 images are searched while one waits; batches are as large.
    """

    def peak() -> int:
        # On Linux, getrusage would start from the peak of the process that started this one.
        status = Path("/proc/self/status")
        if status.exists():
            return int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS

    shape, generator = (count, 3, 32, 32), torch.Generator().manual_seed(0)
    images = torch.randint(256, shape, dtype=torch.uint8, generator=generator)
    model = PhotoCNN(widths=(8,) * 8).eval()
    before = peak()
    top_patches(model, nn.Conv2d, images)
    print(peak() - before)


def photos(count: int) -> torch.Tensor:
    """uint8 (N, 3, 32, 32): CIFAR-10's test images, or tiles of other photographs without them.

    What they show makes no difference to how long it takes.
    """
    os.environ["CNNVIS_OFFLINE"] = "1"
    images = load("cifar10", "test").images
    return images.repeat(-(-count // len(images)), 1, 1, 1)[:count]


# modules, and the names that the tutorials which use them have in their code
EDITED = {
    "feature_visualization/preferred.py": ("preferred_images",),
    "plots/training.py": ("plot_history", "plot_confusion"),
}


def bench_site() -> None:
    with tempfile.TemporaryDirectory() as folder:
        tree = copy_tree(Path(folder) / "tree")
        empty = Path(folder) / "no-data"
        empty.mkdir()
        seconds, _ = build(tree, empty)
        report("site from nothing, stand-ins", f"{seconds:.0f} s", "90 s", seconds <= 90)
        rebuilt, ran = zip(*(build(tree, empty) for _ in range(3)), strict=True)
        bare = empty_gallery(copy_tree(Path(folder) / "bare"))
        build(bare, empty)
        blank = [build(bare, empty)[0] for _ in range(3)]
        ratio = statistics.median(rebuilt) / statistics.median(blank)
        report(
            "rebuild, nothing changed", f"{ratio:.2f} × an empty gallery's", "1.15 ×", ratio <= 1.15
        )
        report("tutorials run by it", str(max(map(len, ran))), "0", not any(ran))
        one = next(tree.glob("gallery/1_*/plot_20_*.py"))
        one.write_text(one.read_text("utf-8") + "\n# edited\n", "utf-8")
        ran = build(tree, empty)[1]
        report("run after one tutorial was edited", ", ".join(ran), one.stem, ran == [one.stem])
        for module, names in EDITED.items():
            file = tree / "cnnvis" / module
            file.write_text(file.read_text("utf-8") + "\n# edited\n", "utf-8")
            ran, users = build(tree, empty)[1], naming(tree, names)
            report(f"run after {module} was", ", ".join(ran), ", ".join(users), ran == users)
        part = tree / "cnnvis" / "explorer" / "web" / "explorer.js"
        part.write_text(part.read_text("utf-8") + "\n// edited\n", "utf-8")
        ran = build(tree, empty)[1]
        report("run after the explorer's script was", ", ".join(ran), "none", not ran)
        weigh_pages(tree / "docs" / "_build" / "html")
        if real("mnist")[0] is not None:
            tree = copy_tree(Path(folder) / "real")
            seconds, _ = build(tree, data_folder())
            report("site from nothing, real sets", f"{seconds:.0f} s", "200 s", seconds <= 200)


def naming(tree: Path, names: tuple[str, ...]) -> list[str]:
    """The tutorials whose code names one of these."""
    scripts = sorted(tree.glob("gallery/*/plot_*.py"))
    return sorted(one.stem for one in scripts if any(n in one.read_text("utf-8") for n in names))


def weigh_pages(html: Path) -> None:
    heaviest, where = 0, ""
    for page in html.rglob("*.html"):
        text = page.read_text("utf-8")
        parts = [page] + [
            one
            for one in html.glob("_static/**/*")
            if one.suffix in (".css", ".js") and one.name in text
        ]
        size = sum(len(gzip.compress(part.read_bytes())) for part in parts)
        if size > heaviest:
            heaviest, where = size, page.relative_to(html).as_posix()
    report(
        "heaviest page without figures",
        f"{heaviest / 1000:.0f} KB ({where})",
        "60 KB",
        heaviest <= 60_000,
    )


def copy_tree(folder: Path) -> Path:
    listed = subprocess.check_output(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, text=True
    )
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def empty_gallery(tree: Path) -> Path:
    """Leave nothing of the tutorials but titles, and empty figures where other pages show one."""
    pages = "".join(page.read_text("utf-8") for page in tree.glob("docs/**/*.md"))
    shown = set(re.findall(r"^`{3}\{tutorial-figure\} (\S+)$", pages, re.MULTILINE))
    for script in tree.glob("gallery/*/plot_*.py"):
        lines = ['"""', "Empty", "=====", "", "Nothing.", '"""', "from matplotlib import pyplot"]
        lines.append("from cnnvis import save_figure")
        for name in sorted(shown):
            where, _, figure = name.rpartition("/")
            if script.stem == (where or "plot_20_filters"):
                lines.append(f'save_figure(pyplot.figure(), "{figure}", "Nothing, for a measure.")')
        script.write_text("\n".join([*lines, ""]), "utf-8")
    return tree


def build(tree: Path, data: Path) -> tuple[float, list[str]]:
    """Seconds of a build and the tutorials that ran in it."""
    before = time.time()
    start = time.perf_counter()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "-n",
            "-b",
            "html",
            "docs",
            "docs/_build/html",
        ],
        cwd=tree,
        env=os.environ | {"CNNVIS_OFFLINE": "1", "CNNVIS_DATA": str(data), "PYTHONPATH": str(tree)},
        check=True,
        capture_output=True,
    )
    seconds = time.perf_counter() - start
    written = tree.glob("docs/tutorials/*/images/sphx_glr_*_001.png")
    ran = {one.stem[9:-4] for one in written if one.stat().st_mtime > before}
    return seconds, sorted(ran)


def real(name: str):
    """The real train and test set, or a pair of None, with a line that says so."""
    os.environ["CNNVIS_OFFLINE"] = "1"
    train, test = load(name, "train"), load(name, "test")
    if train.source.is_stand_in:
        print(f"left out: what needs the real {name}, which isn't on this machine")
        return None, None
    return train, test


def data_folder() -> Path:
    from platformdirs import user_cache_dir

    return Path(os.environ.get("CNNVIS_DATA") or user_cache_dir("cnnvis"))


BENCHES = {
    "capture": bench_capture,
    "capture-here": bench_capture_here,
    "mosaic": bench_mosaic,
    "figure": bench_figure,
    "epoch": bench_epoch,
    "accuracy": bench_accuracy,
    "patches": bench_patches,
    "site": bench_site,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Print each promised figure beside its bar.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    chosen = parser.parse_args().names or [name for name in BENCHES if name != "capture-here"]
    plt.switch_backend("agg")
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads")
    for chosen_name in chosen:
        BENCHES[chosen_name]()
    sys.exit(any(row[3] != "holds" for row in ROWS))
