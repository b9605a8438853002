"""Bikes and cars are drawn as asked, look varied, and are told apart by their shape alone."""

import zipfile

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits
from torch import nn

from cnnvis.standins.vehicles import draw as vehicles
from cnnvis.standins.vehicles import scenery
from cnnvis.standins.vehicles.draw import VEHICLES, draw_vehicles, save_archives

SIZE = 96


# What is drawn.


@pytest.mark.parametrize("size", [32, 75, 96])
def test_images_are_bytes_and_labels_whole_numbers(size):
    images, labels = draw_vehicles(3, size=size)
    assert (images.shape, images.dtype) == ((3, 3, size, size), torch.uint8)
    assert (labels.shape, labels.dtype) == ((3,), torch.int64)
    assert images.is_contiguous()
    assert VEHICLES == ("Bike", "Car")


def test_a_seed_gives_the_same_images_whatever_the_count_and_the_global_state():
    images, labels = draw_vehicles(6, seed=4)
    torch.manual_seed(1)
    np.random.seed(1)  # noqa: NPY002 - the old global state is what must not matter
    before = torch.get_rng_state()
    fewer, fewer_labels = draw_vehicles(3, seed=4)
    assert torch.equal(fewer, images[:3])
    assert torch.equal(fewer_labels, labels[:3])
    assert torch.equal(before, torch.get_rng_state())
    assert not torch.equal(draw_vehicles(3, seed=5)[0], fewer)


def test_every_pair_holds_one_of_each_in_random_order():
    firsts = [vehicles._label(2, index) for index in range(0, 200, 2)]
    seconds = [vehicles._label(2, index) for index in range(1, 200, 2)]
    assert [1 - first for first in firsts] == seconds
    assert 30 < sum(firsts) < 70


def test_images_differ_from_each_other():
    images, _ = draw_vehicles(40, seed=1)
    pixels = images.float().flatten(1)
    assert torch.pdist(pixels).min() > 0.2 * torch.pdist(pixels).mean()
    assert pixels.std(1).min() > 15, "none is blank"
    assert images.float().mean((2, 3)).std(0).min() > 10, "light and colour vary"


@pytest.mark.parametrize("kind", VEHICLES)
def test_the_vehicle_fills_the_box_that_was_chosen_without_knowing_it(kind):
    for index in range(8):
        random = np.random.default_rng([7, index])
        box = scenery.scene(random.spawn(3)[0], SIZE).box
        _, mask = vehicles._draw(np.random.default_rng([7, index]), kind, SIZE)
        np.testing.assert_allclose(edges(mask), box, atol=2.5)


def test_bikes_and_cars_stand_in_the_same_places():
    for index in range(3):
        (one, bike), (other, car) = (
            vehicles._draw(np.random.default_rng([3, index]), kind, SIZE) for kind in VEHICLES
        )
        away = (bike == 0) & (car == 0)
        away[int(edges(bike)[3]) - 25 :] = False  # nor shadows
        light = [image[away].astype(float).mean(-1) for image in (one, other)]
        assert np.corrcoef(light)[0, 1] > 0.97, "but for exposure and contrast"


def test_images_of_two_sizes_show_the_same():
    small, large = (draw_vehicles(4, seed=2, size=size)[0].float() for size in (48, 96))
    reduced = torch.nn.functional.avg_pool2d(large, 2)
    for one, other in zip(small, reduced, strict=True):
        assert np.corrcoef(one.flatten(), other.flatten())[0, 1] > 0.6


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"count": 0}, ValueError, "count must be 1 or more; got 0"),
        ({"count": -3}, ValueError, "count must be"),
        ({"count": 2.0}, TypeError, "count must be a whole number; got float 2.0"),
        ({"count": "2"}, TypeError, "got str '2'"),
        ({"count": True}, TypeError, "got bool True"),
        ({"count": 1, "size": 31}, ValueError, "size must be 32 or more; got 31"),
        ({"count": 1, "size": None}, TypeError, "size must be a whole number"),
        ({"count": 1, "seed": -1}, ValueError, "seed must be 0 or more"),
        ({"count": 1, "seed": 0.5}, TypeError, "seed must be a whole number"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        draw_vehicles(**arguments)


# That only shape tells.


def edges(mask):
    """Left, upper, right and lower edge of a mask."""
    rows, columns = (np.flatnonzero((mask > 0.2).any(axis)) for axis in (1, 0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


@pytest.fixture(scope="module")
def drawn():
    """600 images, (N, size, size, 3), their vehicles' masks and their labels.

    Slow, since each takes 10 ms; with fewer a share of 0.61 would not tell from chance.
    """
    labels = np.array([vehicles._label(12, index) for index in range(600)])
    pairs = [
        vehicles._draw(np.random.default_rng([12, index]), VEHICLES[label], SIZE)
        for index, label in enumerate(labels)
    ]
    return *(np.stack(parts) for parts in zip(*pairs, strict=True)), labels


def means_and_spreads(images):
    pixels = images.reshape(len(images), -1, 3) / 255
    return np.concatenate([pixels.mean(1), pixels.std(1)], 1)


def histograms(images):
    """The share of pixels in each of 4×4×4 bins of colour."""
    bins = (images // 64).reshape(len(images), -1, 3) @ (16, 4, 1)
    return np.stack([np.bincount(row, minlength=64) for row in bins]) / bins.shape[1]


def frames(images):
    """Means and spreads of the colours along the four borders."""
    sides = images[:, :6], images[:, -6:], images[:, :, :6], images[:, :, -6:]
    return np.concatenate([means_and_spreads(side) for side in sides], 1)


def greys(images):
    """All pixels of images reduced to 32×32, grey."""
    small = [Image.fromarray(one).convert("L").resize((32, 32), Image.BOX) for one in images]
    return np.stack(small).reshape(len(images), -1) / 255


def recognized(features, labels, strength=0.1):
    """The share of vehicles that a linear model names, cross-validated."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=500))
    with threadpool_limits(1):  # with more, they mostly wait for each other
        return cross_val_score(model, features, labels, cv=5).mean()


@pytest.mark.parametrize("measure", [means_and_spreads, histograms, frames])
def test_colour_and_background_do_not_tell(drawn, measure):
    images, _, labels = drawn
    assert recognized(measure(images), labels) < 0.61


@pytest.mark.parametrize("measure", [means_and_spreads, histograms, frames])
def test_but_would_if_one_class_were_tinted(drawn, measure):
    images, _, labels = drawn
    tint = np.where(labels[:, None] == 1, (18, 0, -18), 0)[:, None, None]
    tinted = np.clip(images + tint, 0, 255).astype(np.uint8)
    assert recognized(measure(tinted), labels) > 0.68


def test_size_and_position_do_not_tell(drawn):
    _, masks, labels = drawn
    boxes = np.array([edges(mask) for mask in masks], float)
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    boxes = np.column_stack([boxes, width, height, width / height])
    assert recognized(boxes, labels) < 0.61
    grown = boxes + np.where(labels == 1, 8, 0)[:, None] * (0, 0, 1, 0, 1, 0, 0)
    assert recognized(grown, labels) > 0.65


def test_the_centre_of_mass_hardly_tells(drawn):
    # Within its box a bike's mass lies lower, since most of it is wheels, and is less than a
    # car's: that is shape. Place and size vary so much that little of it is left.
    _, masks, labels = drawn
    rows, columns = np.mgrid[:SIZE, :SIZE]
    mass = masks.sum((1, 2))
    centres = np.column_stack([(masks * axis).sum((1, 2)) / mass for axis in (rows, columns)])
    assert recognized(centres, labels) < 0.61


def test_single_pixels_tell_little(drawn):
    images, _, labels = drawn
    assert recognized(greys(images), labels, strength=0.001) < 0.77
    brighter = np.clip(images + 40 * labels[:, None, None, None], 0, 255).astype(np.uint8)
    assert recognized(greys(brighter), labels, strength=0.001) > 0.85


def test_a_small_network_tells_by_shape(drawn):
    pixels = torch.from_numpy(drawn[0]).permute(0, 3, 1, 2).float() / 128 - 1
    train, test = nn.functional.avg_pool2d(pixels, 2).split((480, 120))
    labels, truth = torch.from_numpy(drawn[2]).split((480, 120))
    torch.manual_seed(0)
    layers, before = [], 3
    for width in (16, 32, 48):
        layers += [nn.Conv2d(before, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)]
        layers += [nn.ReLU(), nn.MaxPool2d(2)]
        before = width
    model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(4 * width, 2))
    steps = 8 * 16
    optimizer = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, total_steps=steps)
    for step in range(steps):
        if step % 16 == 0:
            order = torch.randperm(480).split(30)
        batch = order[step % 16]
        images = train[batch].flip(3) if step % 2 else train[batch]
        loss = nn.functional.cross_entropy(model(images), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        accuracy = (model.eval()(test).argmax(1) == truth).float().mean()
    assert accuracy > 0.87


# Archives.


def test_archives_hold_photos_in_a_folder(tmp_path):
    paths = save_archives(tmp_path / "new" / "place", count=5, seed=3, size=64)
    assert paths == {name: tmp_path / "new" / "place" / f"{name}.zip" for name in VEHICLES}
    images, labels = draw_vehicles(5, seed=3, size=64)
    for label, (name, path) in enumerate(paths.items()):
        originals = images[labels == label].permute(0, 2, 3, 1).numpy()
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            numbers = range(1, len(originals) + 1)
            assert archive.namelist() == [f"{name}/{name.lower()}_{k:04}.jpg" for k in numbers]
            for entry, original in zip(archive.infolist(), originals, strict=True):
                image = Image.open(archive.open(entry))
                assert (image.format, image.size, image.mode) == ("JPEG", (64, 64), "RGB")
                difference = np.asarray(image).astype(int) - original
                assert np.abs(difference).mean() < 12


def test_archives_are_the_same_bytes_again_and_replace_older_ones(tmp_path):
    first = save_archives(tmp_path / "a", count=4, size=32)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "Car.zip").write_bytes(b"older")
    second = save_archives(str(tmp_path / "b"), count=4, size=32)
    for name in VEHICLES:
        assert first[name].read_bytes() == second[name].read_bytes()
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == ["Bike.zip", "Car.zip"]


def test_a_failure_leaves_nothing_half_written(tmp_path, monkeypatch):
    (tmp_path / "Bike.zip").write_bytes(b"older")

    def full(path, name, _):
        path.write_bytes(b"half")
        if name == "Car":
            raise OSError("No space left on device")

    monkeypatch.setattr(vehicles, "_pack", full)
    with pytest.raises(OSError, match="No space"):
        save_archives(tmp_path, count=2, size=32)
    assert [path.name for path in tmp_path.iterdir()] == ["Bike.zip"]
    assert (tmp_path / "Bike.zip").read_bytes() == b"older"


@pytest.mark.parametrize("count", [0, 1])
def test_an_archive_is_never_empty(tmp_path, count):
    with pytest.raises(ValueError, match=f"count must be 2 or more; got {count}"):
        save_archives(tmp_path / "none", count)
    assert not (tmp_path / "none").exists()
