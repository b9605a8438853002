"""What the tutorial on bikes and cars leaves beside its figures."""

from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def check(folder):
    check_datasets(folder / "datasets")
    check_logs(folder / "logs")
    check_results(folder)


def check_datasets(folder):
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"Train", "Val", "Test"}
    counts = {
        (split.name, one.name): len(list(one.iterdir()))
        for split in folder.iterdir()
        if split.is_dir()
        for one in split.iterdir()
    }
    assert {name for _, name in counts} == {"Bike", "Car"}
    total = sum(counts.values())
    for split, share in {"Train": 0.6, "Val": 0.15, "Test": 0.25}.items():
        assert abs(sum(counts[split, one] for one in ("Bike", "Car")) - share * total) <= 2
    names = [path.name for path in folder.glob("*/*/*")]
    assert len(set(names)) == len(names) == total, "no image is in two splits"


def check_logs(folder):
    """Read the logs as TensorBoard itself does."""
    (run,) = folder.iterdir()
    events = EventAccumulator(str(run)).Reload()
    scalars = {name: events.Scalars(name) for name in events.Tags()["scalars"]}
    assert set(scalars) == {
        f"{what}/{p}" for what in ("loss", "accuracy") for p in ("train", "val")
    }
    steps = {tuple(one.step for one in values) for values in scalars.values()}
    (steps,) = steps
    assert steps == tuple(range(1, len(steps) + 1))
    assert len(steps) >= 5
    for part in ("train", "val"):
        losses = [one.value for one in scalars[f"loss/{part}"]]
        assert min(losses[-3:]) < 0.5 * losses[0]
        assert max(one.value for one in scalars[f"accuracy/{part}"]) > 0.9


def check_results(folder):
    filters = {"conv1": 16, "conv2": 32, "conv3": 48, "conv4": 48}
    expected = {f"{layer}_filter{at:02d}.png" for layer, n in filters.items() for at in range(n)}
    for name in ("Bike", "Car"):
        found = {path.name: path for path in (folder / f"results_{name}").iterdir()}
        assert set(found) == expected | {"image.png"}
        contents = set()
        for path in found.values():
            with Image.open(path) as image:
                assert (image.format, image.mode, image.size) == ("PNG", "RGB", (256, 256))
                contents.add(image.tobytes())
        assert len(contents) > 0.9 * len(found), "the maps differ"
