"""Colour images of bikes and cars, drawn from geometry and random numbers alone."""

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageFilter
from torch import Tensor

from cnnvis.atomic import workshop
from cnnvis.standins.checks import whole_number
from cnnvis.standins.vehicles.bicycles import bicycle
from cnnvis.standins.vehicles.cars import car
from cnnvis.standins.vehicles.motorcycles import motorcycle
from cnnvis.standins.vehicles.scenery import Scene, finished, scene
from cnnvis.standins.vehicles.solids import Thing, View, paint, projected, silhouette, turned

VEHICLES = ("Bike", "Car")

_MAKERS = {"Bike": (bicycle, motorcycle), "Car": (car,)}
_FINE = 4  # vehicles are drawn so many times larger than needed
_MISFIT = 0.12  # the logarithm of how much wider or narrower than natural a vehicle may become
_TRIES = 4  # to find one that fits
_SMALLEST = 32
_QUALITY = 90


def draw_vehicles(count: int, seed: int = 0, size: int = 96) -> tuple[Tensor, Tensor]:
    """Draw bicycles, motorcycles and cars outdoors, from the side and at an angle.

    A place is chosen first: what is behind and before the vehicle, the light, two paints, and the
    box that the vehicle is to fill. Only then comes the vehicle. So neither colours nor background
    nor size nor position tell bikes from cars; their shapes do.

    Args:
        count: How many images; every two that follow each other hold one of each class, so that
            half of an even count are bikes.
        seed: A number from 0. Image i of a seed is the same whatever the count.
        size: The images' height and width in pixels, from 32.

    Returns:
        Images, uint8 (count, 3, size, size), 0 to 255; labels, int64 (count,): indices of
        `VEHICLES`.

    Raises:
        TypeError: If a number is not a whole one.
        ValueError: If a number is too small.
    """
    count = whole_number("count", count, 1)
    seed, size = whole_number("seed", seed, 0), whole_number("size", size, _SMALLEST)
    images = np.empty((count, size, size, 3), np.uint8)
    labels = [_label(seed, index) for index in range(count)]
    for index, label in enumerate(labels):
        images[index], _ = _draw(np.random.default_rng([seed, index]), VEHICLES[label], size)
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels)


def save_archives(
    folder: str | os.PathLike, count: int = 400, seed: int = 0, size: int = 96
) -> dict[str, Path]:
    """Save the images of `draw_vehicles` as one zip archive of photos for each class.

    ``Bike.zip`` holds ``Bike/bike_0001.jpg`` and so on, ``Car.zip`` likewise. The same arguments
    give the same bytes. An archive that is there already is replaced once the new one is whole.

    Args:
        folder: Where to save; made if it isn't there.
        count: How many images in both archives together, from 2.
        seed: As for `draw_vehicles`.
        size: As for `draw_vehicles`.

    Returns:
        The path of each class's archive.

    Raises:
        TypeError: If a number is not a whole one.
        ValueError: If a number is too small.
        OSError: If the archives cannot be written.
    """
    folder = Path(folder)
    images, labels = draw_vehicles(whole_number("count", count, 2), seed, size)
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.zip" for name in VEHICLES}
    with workshop(folder) as bench:
        for label, (name, path) in enumerate(paths.items()):
            _pack(bench / path.name, name, images[labels == label])
        for path in paths.values():
            (bench / path.name).replace(path)
    return paths


def _label(seed: int, index: int) -> int:
    """One of each class in every pair of images, in random order."""
    first = int(np.random.default_rng([seed, index // 2, 1]).integers(2))
    return first ^ (index % 2)


def _pack(path: Path, name: str, images: Tensor) -> None:
    """Write images, (N, 3, size, size), as JPEG files in a folder of an archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, image in enumerate(images.permute(0, 2, 3, 1).numpy(), start=1):
            file = io.BytesIO()
            Image.fromarray(image).save(file, "JPEG", quality=_QUALITY)
            entry = zipfile.ZipInfo(f"{name}/{name.lower()}_{number:04}.jpg")  # dated 1980
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.getvalue())


def _draw(random: np.random.Generator, kind: str, size: int) -> tuple[np.ndarray, np.ndarray]:
    """An image, uint8 (size, size, 3), and how much of each pixel is the vehicle, 0 to 1."""
    for_place, for_vehicle, for_camera = random.spawn(3)
    place = scene(for_place, size)
    thing, view = _fitting(for_vehicle, kind, place)
    vehicle, shadow = _painted(thing, view, place, size, for_vehicle.random() < 0.5)
    image = place.behind.copy()
    image.paste((0, 0, 0), mask=shadow)
    image.paste(vehicle, mask=vehicle)
    image.paste(place.before, mask=place.before)
    mask = np.asarray(vehicle.getchannel("A"), np.float32) / 255
    return finished(for_camera, image, place), mask


def _fitting(random: np.random.Generator, kind: str, place: Scene) -> tuple[Thing, View]:
    """A vehicle and an angle at which its outline is about as wide and high as the box."""
    left, upper, right, lower = place.box
    aspect, makers = (right - left) / (lower - upper), _MAKERS[kind]
    best = np.inf, None, None
    for _ in range(_TRIES):
        thing = makers[random.integers(len(makers))](random, *place.paints)
        pitch, tilt, near = random.uniform(4, 16), random.normal(0, 1.5), random.uniform(1.7, 3.5)
        for yaw in random.permutation(np.linspace(-55, 55, 10) + random.uniform(-5, 5)):
            view = View(yaw, pitch, near * thing.length, tilt)
            left, upper, right, lower = thing.box(view)
            misfit = abs(np.log((right - left) / (lower - upper) / aspect))
            if misfit < best[0]:
                best = misfit, thing, view
            if misfit < _MISFIT:
                return thing, view
    return best[1:]


def _painted(
    thing: Thing, view: View, place: Scene, size: int, mirrored: bool
) -> tuple[Image.Image, Image.Image]:
    """The vehicle in its box, RGBA, and its shadow on the ground, mode L."""
    box, (left, upper, right, lower) = thing.box(view), place.box
    scale = np.array([right - left, lower - upper]) / (box[2:] - box[:2])

    def placed(world: np.ndarray, fine: float) -> np.ndarray:
        seen = (projected(world, view) - box[:2]) * scale
        if mirrored:
            seen[:, 0] = right - left - seen[:, 0]
        seen += left, upper
        return seen * fine

    world = turned(thing.points, view)
    ground = world - world[:, 1:2] * (place.sun / place.sun[1])
    light, stroke = thing.brightness(view, place.sun), scale.mean()
    vehicle = paint(thing, placed(world, _FINE), light, stroke * _FINE, size * _FINE)
    shadow = silhouette(thing, placed(ground, 2), stroke * 2, size * 2).reduce(2)
    shadow = shadow.filter(ImageFilter.GaussianBlur(place.softness))
    return vehicle.reduce(_FINE), shadow.point(lambda value: value * place.shade)
