"""Archives of photos, one for each class, become the folders that a recogniser learns from."""

import itertools
import math
import operator
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnnvis.atomic import checksum, out_of_the_way, whole_or_nothing, workshop
from cnnvis.data.http import fetch_file
from cnnvis.data.manifest import made_before, write_manifest
from cnnvis.data.portable_names import name_key, name_problem
from cnnvis.data.zip_archives import unpack_images

SPLITS = ("Train", "Val", "Test")
MAX_BYTES = 2 * 1024**3

Archive = str | Path | tuple[str | Path, str]


@dataclass(frozen=True)
class ImageFolders:
    """Where images lie, by split and class. Prints as a table of how many there are.

    Attributes:
        folder: Holds ``Train``, ``Val`` and ``Test``, each with a folder for every class, as
            ``torchvision.datasets.ImageFolder`` reads them.
        counts: For each split, how many images each class has.
        reused: Whether an earlier call with the same request had made them.
    """

    folder: Path
    counts: dict[str, dict[str, int]]
    reused: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, sorted as ``ImageFolder`` sorts them."""
        return tuple(sorted(self.counts["Train"]))

    def __str__(self) -> str:
        width = max(8, *map(len, self.classes))
        lines = [" " * width + "".join(f"{split:>7}" for split in self.counts)]
        for name in self.classes:
            cells = (counts[name] for counts in self.counts.values())
            lines.append(name.ljust(width) + "".join(f"{count:7d}" for count in cells))
        return "\n".join(lines)


def draw_archives(
    folder: str | Path = "archives", count: int = 400, seed: int = 0
) -> dict[str, Path]:
    """Write archives of drawn images, as a stand-in for photos: bikes and cars.

    Args:
        folder: Where ``Bike.zip`` and ``Car.zip`` go; made if it isn't there.
        count: How many images to draw, half of them of each class.
        seed: Decides the drawings.

    Returns:
        dict[str, Path]: The archive of each class, as `prepare_folders` takes them.
    """
    from cnnvis.standins.vehicles.draw import save_archives  # which brings scikit-image along

    return save_archives(folder, count=count, seed=seed)


def prepare_folders(
    archives: Mapping[str, Archive],
    destination: str | Path = "datasets",
    *,
    shares: Sequence[float] = (0.7, 0.15, 0.15),
    seed: int = 0,
    skip_broken: bool = False,
    replace: bool = False,
    max_bytes: int = MAX_BYTES,
) -> ImageFolders:
    """Unpack one archive for each class and split its images at random into Train, Val and Test.

    `unpack_images` says what an archive may hold. The split depends on the names of the
    images, the shares and the seed, and on nothing else. Either everything is made or nothing.
    What an earlier call with the same request made is used again, without a download.

    Args:
        archives: For each class its zip archive: a file or an address that begins with
            ``http://`` or ``https://``, or a pair of that and its SHA-256 sum, which is checked.
            The classes' names become names of folders.
        destination: A new or an empty folder, or one that an earlier call has made.
        shares: Of the images of each class: how many go to Train, to Val and to Test. They
            sum to 1.
        seed: Decides which.
        skip_broken: Leave out images that can't be decoded, and warn of them, instead of
            raising an error that lists them.
        replace: Whether a destination that an earlier call has made on another request may be
            replaced. Any other folder is left alone.
        max_bytes: How large an archive may be, and how large its images together.

    Returns:
        ImageFolders: Where they are, and how many.

    Raises:
        TypeError: If an argument is of another type.
        ValueError: If there are fewer than two classes, a class can't be the name of a folder,
            the shares don't fit, a class has too few images for every split to get one, an
            archive has another SHA-256 sum than given, or holds what it mustn't.
        FileNotFoundError: If there is no such archive.
        FileExistsError: If ``destination`` holds something else.
        DownloadError: If an archive can't be downloaded.
    """
    sources = _checked(archives)
    shares = _checked_shares(shares)
    destination = Path(destination)
    request = {"shares": shares, "seed": _checked_seed(seed), "skip_broken": bool(skip_broken)}
    request["archives"] = {name: _identity(*sources[name]) for name in sorted(sources)}
    if found := made_before(destination, request, replace=replace):
        return ImageFolders(destination, _counts(found), reused=True)
    files = {split: {} for split in SPLITS}
    with out_of_the_way(destination), whole_or_nothing(destination) as beside:
        for name, (place, digest) in sources.items():
            with workshop(beside) as bench:
                archive = _fetched(place, digest, bench / f"{name}.zip", max_bytes)
                images = _unpacked(name, archive, bench / "images", max_bytes, skip_broken)
                for split, chosen in _split(name, images, shares, seed).items():
                    files[split][name] = [path.name for path in chosen]
                    (beside / split / name).mkdir(parents=True)
                    for path in chosen:
                        path.rename(beside / split / name / path.name)
        write_manifest(beside, request, files)
    return ImageFolders(destination, _counts(files))


def _checked(archives: Mapping[str, Archive]) -> dict[str, tuple[str | Path, str | None]]:
    """For each class the place of its archive and its SHA-256 sum, if one was given."""
    if not isinstance(archives, Mapping):
        raise TypeError(
            "archives must map the name of each class to a zip file or an address; got "
            f"{type(archives).__name__}. Try {{'Bike': 'bikes.zip', 'Car': 'cars.zip'}}."
        )
    if len(archives) < 2:
        raise ValueError(f"archives must name two or more classes; got {list(archives)}.")
    sources, keys = {}, {}
    for name, value in archives.items():
        place, digest = value if isinstance(value, tuple) and len(value) == 2 else (value, None)
        fits = isinstance(place, str | Path) and isinstance(digest, str | None)
        if not (isinstance(name, str) and fits):
            raise TypeError(
                "archives must map the name of each class to a file or an address, or to a pair "
                f"of that and its SHA-256 sum; got {name!r}: {value!r}."
            )
        if problem := name_problem(name):
            raise ValueError(f"a class must be the name of a folder; {name!r} {problem}.")
        if other := keys.get(name_key(name)):
            raise ValueError(
                f"classes must differ on every system; {other!r} and {name!r} are one folder "
                "on some."
            )
        keys[name_key(name)] = name
        sources[name] = place, digest and digest.lower()
    return sources


def _checked_shares(shares: Sequence[float]) -> tuple[float, ...]:
    try:
        shares = tuple(map(float, shares))
    except (TypeError, ValueError):
        raise TypeError(
            f"shares must be three numbers; got {type(shares).__name__} {shares!r}. "
            "Try (0.7, 0.15, 0.15)."
        ) from None
    if len(shares) != 3 or not min(shares) > 0 or not math.isclose(sum(shares), 1, abs_tol=1e-6):
        raise ValueError(
            "shares must be three positive numbers that sum to 1, for Train, Val and Test; got "
            f"{shares}, which sum to {sum(shares):.6g}."
        )
    return shares


def _checked_seed(seed: int) -> int:
    try:
        return operator.index(seed)
    except TypeError:
        raise TypeError(
            f"seed must be a whole number; got {type(seed).__name__} {seed!r}. Try 0."
        ) from None


def _is_address(place: str | Path) -> bool:
    if not isinstance(place, str) or "://" not in place:
        return False
    if not place.lower().startswith(("http://", "https://")):
        raise ValueError(f"an address must begin with http:// or https://; got {place!r}.")
    return True


def _identity(place: str | Path, digest: str | None) -> list[str | None]:
    """What tells an archive from others without asking the network."""
    if _is_address(place):
        return [place, digest]
    path = Path(place).expanduser()
    if not path.is_file():
        raise FileNotFoundError(
            f"archives must be zip files or addresses; there is no file {str(place)!r} in "
            f"{Path.cwd()}."
        )
    return ["file", _verified(path, digest, path.name)]


def _verified(path: Path, digest: str | None, title: str) -> str:
    found = checksum(path)
    if digest not in (None, found):
        raise ValueError(
            f"{title} must have the SHA-256 sum {digest}; it has {found}. It isn't the file that "
            "you meant, or was damaged on its way."
        )
    return found


def _fetched(place: str | Path, digest: str | None, path: Path, max_bytes: int) -> Path:
    """The archive as a local file; an address is downloaded to ``path``."""
    if not _is_address(place):
        return Path(place).expanduser()
    fetch_file(place, path, max_bytes=max_bytes)
    _verified(path, digest, place)
    return path


def _unpacked(name: str, archive: Path, folder: Path, max_bytes: int, skip_broken: bool):
    try:
        return unpack_images(archive, folder, max_bytes=max_bytes, skip_broken=skip_broken)
    except ValueError as error:
        raise ValueError(f"class {name!r}: {error}") from error


def _split(
    name: str, images: list[Path], shares: tuple[float, ...], seed: int
) -> dict[str, list[Path]]:
    """Which images of a class go where; the order on disk plays no role."""
    sizes = _sizes(len(images), shares)
    if 0 in sizes:
        enough = next(n for n in range(3, 10**9) if 0 not in _sizes(n, shares))
        raise ValueError(
            "every split must get an image of every class; of the "
            f"{len(images)} of class {name!r} none would go to {SPLITS[sizes.index(0)]}. "
            f"With the shares {shares} it needs {enough} or more."
        )
    images = sorted(images, key=lambda path: path.name)
    random.Random(f"{seed} {name}").shuffle(images)  # noqa: S311
    ends = [sum(sizes[:at]) for at in range(len(sizes) + 1)]
    return {
        split: sorted(images[start:end])
        for split, (start, end) in zip(SPLITS, itertools.pairwise(ends), strict=True)
    }


def _sizes(count: int, shares: tuple[float, ...]) -> list[int]:
    ends = [0, *(math.floor(count * sum(shares[:at]) + 0.5) for at in (1, 2)), count]
    return [end - start for start, end in itertools.pairwise(ends)]


def _counts(files: dict[str, dict[str, list[str]]]) -> dict[str, dict[str, int]]:
    return {
        split: {name: len(names) for name, names in classes.items()}
        for split, classes in files.items()
    }
