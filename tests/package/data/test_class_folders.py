"""Archives become class folders: the same ones for the same request, whole or not at all."""

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from torchvision.datasets import ImageFolder

from cnnvis import DownloadError, draw_archives, prepare_folders
from cnnvis.data import class_folders, http
from cnnvis.standins.vehicles import draw


def pack(path, count, color="red", broken=()):
    """A zip of ``count`` images of ever other shades, those in ``broken`` cut short."""
    with zipfile.ZipFile(path, "w") as packed:
        for at in range(count):
            buffer = io.BytesIO()
            Image.new("RGB", (6, 5), color).point(lambda value, at=at: value - at).save(
                buffer, "PNG"
            )
            content = buffer.getvalue()
            name = f"{path.stem}/{at:03d}.png"
            packed.writestr(zipfile.ZipInfo(name), content[:30] if at in broken else content)
    return path


def tree(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def files(folder):
    return [name for name in tree(folder) if (folder / name).is_file()]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def archives(tmp_path):
    kept = tmp_path / "archives"
    kept.mkdir()
    return {
        "Bike": pack(kept / "bikes.zip", 20),
        "Car": str(pack(kept / "cars.zip", 40, "blue")),
    }


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


# What is made.


def test_images_are_split_by_shares(archives):
    made = prepare_folders(archives)
    assert made.counts == {
        "Train": {"Bike": 14, "Car": 28},
        "Val": {"Bike": 3, "Car": 6},
        "Test": {"Bike": 3, "Car": 6},
    }
    assert made.folder == Path("datasets")
    assert made.classes == ("Bike", "Car")
    assert not made.reused
    assert {name: len(list(Path("datasets").glob(f"{name}/*"))) for name in tree(made.folder)} == {
        **{f"{split}": 2 for split in made.counts},
        **{f"{split}/{name}": n for split, of in made.counts.items() for name, n in of.items()},
        **dict.fromkeys(files(made.folder), 0),
    }
    everything = [path.name for path in Path("datasets").glob("*/Bike/*")]
    assert sorted(everything) == [f"{at:03d}.png" for at in range(20)]


def test_imagefolder_reads_them(archives):
    made = prepare_folders(archives)
    for split, counts in made.counts.items():
        images = ImageFolder(made.folder / split)
        assert images.classes == list(made.classes)
        assert len(images) == sum(counts.values())
        assert {images.classes[label]: image.getpixel((0, 0)) for image, label in images}["Car"][
            2
        ] > 200


def test_the_table(archives):
    assert str(prepare_folders(archives)).splitlines() == [
        "          Train    Val   Test",
        "Bike         14      3      3",
        "Car          28      6      6",
    ]


def test_more_than_two_classes(archives, here):
    archives["Tram"] = pack(here / "archives" / "trams.zip", 10, "green")
    made = prepare_folders(archives, here / "deep" / "er", shares=(0.5, 0.25, 0.25))
    assert [made.counts[split]["Tram"] for split in made.counts] == [5, 3, 2]
    assert len(str(made).splitlines()) == 4


def test_the_seed_decides_and_nothing_else(archives, monkeypatch):
    first = files(prepare_folders(archives, "first").folder)
    backwards = dict(reversed(archives.items()))
    listing = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda self: reversed(list(listing(self))))
    assert files(prepare_folders(backwards, "second").folder) == first
    assert files(prepare_folders(archives, "third", seed=1).folder) != first
    names = [name.split("/") for name in first if name.startswith("Test")]
    assert {n for _, c, n in names if c == "Bike"} != {n for _, c, n in names if c == "Car"}


def test_the_split_is_that_of_earlier_versions(archives):
    prepare_folders(archives)
    found = [path.stem for path in sorted(Path("datasets/Test/Bike").iterdir())]
    assert found == ["000", "007", "010"]


# What is used again.


def test_the_same_request_is_answered_at_once(archives, monkeypatch):
    made = prepare_folders(archives)
    (made.folder / "Train" / ".DS_Store").write_bytes(b"clutter")
    monkeypatch.setattr(class_folders, "unpack_images", None)
    again = prepare_folders({name: Path(path) for name, path in archives.items()})
    assert again.counts == made.counts
    assert again.reused


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 1}, "not the same: seed"),
        ({"shares": (0.6, 0.2, 0.2)}, "not the same: shares"),
        ({"skip_broken": True}, "not the same: skip_broken"),
    ],
)
def test_another_request_is_refused_or_replaces(archives, change, words):
    before = files(prepare_folders(archives).folder)
    with pytest.raises(FileExistsError, match=rf"datasets must be new, .*\({words}\)"):
        prepare_folders(archives, **change)
    assert files(Path("datasets")) == before
    assert not prepare_folders(archives, replace=True, **change).reused
    assert prepare_folders(archives, **change).reused
    assert tree(Path.cwd())[:3] == ["archives", "archives/bikes.zip", "archives/cars.zip"]
    assert not list(Path.cwd().glob(".*"))


def test_other_archives_are_another_request(archives):
    prepare_folders(archives)
    pack(Path("archives/bikes.zip"), 21)
    with pytest.raises(FileExistsError, match="not the same: archives"):
        prepare_folders(archives)
    assert prepare_folders(archives, replace=True).counts["Train"]["Bike"] == 15


def test_a_missing_image_is_noticed(archives):
    prepare_folders(archives)
    gone = sorted(Path("datasets/Val/Car").iterdir())[0]
    gone.unlink()
    with pytest.raises(FileExistsError, match=f"it lacks Val/Car/{gone.name}"):
        prepare_folders(archives)
    prepare_folders(archives, replace=True)
    assert gone.exists()


def test_what_readers_put_there_is_never_deleted(archives):
    prepare_folders(archives)
    mine = Path("datasets/Train/Bike/mine.png")
    mine.write_bytes(b"mine")
    for replace in (False, True):
        with pytest.raises(FileExistsError, match=r"it also holds Train/Bike/mine\.png"):
            prepare_folders(archives, replace=replace, seed=1)
    assert mine.read_bytes() == b"mine"


@pytest.mark.parametrize("manifest", [None, "{}", "no json", '{"request": 1, "files": [2]}'])
def test_a_folder_of_someone_else_is_left_alone(archives, manifest):
    Path("datasets").mkdir()
    Path("datasets/mine.txt").write_text("mine")
    if manifest:
        Path("datasets/made_by_cnnvis.json").write_text(manifest)
    with pytest.raises(FileExistsError, match="must be a new or an empty folder; it holds"):
        prepare_folders(archives, replace=True)
    assert Path("datasets/mine.txt").read_text() == "mine"


# What is refused.


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", "nul", "Bike.", "a:b", "x" * 201, "a\nb"]
)
def test_class_names_that_are_no_folders(archives, name):
    with pytest.raises(ValueError, match=r"(?s)a class must be the name of a folder; '"):
        prepare_folders({**archives, name: archives["Bike"]})
    assert tree(Path.cwd()) == ["archives", "archives/bikes.zip", "archives/cars.zip"]


def test_classes_that_are_one_folder(archives):
    with pytest.raises(ValueError, match="'Bike' and 'BIKE' are one folder"):
        prepare_folders({**archives, "BIKE": archives["Car"]})


def test_fewer_than_two_classes(archives):
    with pytest.raises(ValueError, match=r"two or more classes; got \['Bike'\]"):
        prepare_folders({"Bike": archives["Bike"]})


@pytest.mark.parametrize(
    "wrong", [["a.zip", "b.zip"], {"A": 1, "B": 2}, {1: "a", 2: "b"}, {"A": ("a", 1), "B": "b"}]
)
def test_arguments_of_another_kind(wrong):
    with pytest.raises(TypeError, match="archives must map the name of each class"):
        prepare_folders(wrong)


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.5, 0.5, 0), (0.7, 0.2, 0.2), (1.2, -0.1, -0.1)])
def test_shares_that_do_not_fit(archives, shares):
    with pytest.raises(ValueError, match="shares must be three positive numbers that sum to 1"):
        prepare_folders(archives, shares=shares)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"shares": 1}, "shares must be three numbers; got int 1"),
        ({"shares": "abc"}, "shares must be three numbers; got str 'abc'"),
        ({"seed": 0.5}, "seed must be a whole number; got float 0.5"),
    ],
)
def test_numbers_of_another_kind(archives, wrong, message):
    with pytest.raises(TypeError, match=message):
        prepare_folders(archives, **wrong)


def nothing_made():
    kept = {"archives", "archives/bikes.zip", "archives/cars.zip"}
    return set(tree(Path.cwd())) - kept == set()


def test_a_split_that_would_be_left_empty(archives):
    pack(Path("archives/cars.zip"), 3)
    with pytest.raises(ValueError, match=r"of the 3 of class 'Car' none would go to") as caught:
        prepare_folders(archives)
    assert nothing_made()
    enough = int(str(caught.value).split(" or more")[0].split()[-1])
    pack(Path("archives/cars.zip"), enough - 1)
    with pytest.raises(ValueError, match=f"needs {enough} or more"):
        prepare_folders(archives)
    pack(Path("archives/cars.zip"), enough)
    assert min(prepare_folders(archives).counts["Val"].values()) == 1


def test_an_empty_class_is_named(archives):
    pack(Path("archives/cars.zip"), 0)
    with pytest.raises(ValueError, match="class 'Car': an archive must hold images"):
        prepare_folders(archives)
    assert nothing_made()


def test_broken_images(archives, caplog):
    pack(Path("archives/cars.zip"), 40, broken=(3, 5))
    with pytest.raises(ValueError, match=r"class 'Car': .*2 of the 40.*003\.png.*005\.png"):
        prepare_folders(archives)
    assert nothing_made()
    made = prepare_folders(archives, skip_broken=True)
    assert sum(counts["Car"] for counts in made.counts.values()) == 38
    assert "cars/003.png" in caplog.text


def test_no_such_archive(archives):
    with pytest.raises(FileNotFoundError, match=r"there is no file 'trams\.zip' in "):
        prepare_folders({**archives, "Tram": "trams.zip"})
    assert nothing_made()


def test_another_sum_than_given(archives):
    good = {name: (path, sha256(path).upper()) for name, path in archives.items()}
    with pytest.raises(ValueError, match=r"bikes\.zip must have the SHA-256 sum 00"):
        prepare_folders({**good, "Bike": (archives["Bike"], "00")})
    assert nothing_made()
    assert prepare_folders(good).counts["Test"] == {"Bike": 3, "Car": 6}


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize("where", ["_split", "_unpacked", "write_manifest"])
def test_an_interruption_leaves_everything_as_it_was(archives, where, earlier, monkeypatch):
    if earlier:
        prepare_folders(archives)
    before = tree(Path.cwd())

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(class_folders, where, interrupt)
    with pytest.raises(KeyboardInterrupt):
        prepare_folders(archives, seed=1, replace=True)
    assert tree(Path.cwd()) == before


# Addresses.


@pytest.fixture
def online(server, cache, archives):  # noqa: ARG001
    server.files = {Path(path).name: Path(path).read_bytes() for path in archives.values()}
    return {"Bike": f"{server.url}bikes.zip", "Car": f"{server.url}cars.zip"}


def test_archives_are_downloaded_once(online, server, archives):
    made = prepare_folders(online)
    assert made.counts == prepare_folders(archives, "local").counts
    assert prepare_folders(online).reused
    assert server.asked == ["bikes.zip", "cars.zip"]
    assert not list(Path.cwd().rglob(".*"))
    assert json.loads((made.folder / "made_by_cnnvis.json").read_text())["request"]["seed"] == 0


def test_a_sum_checks_a_download(online, archives):
    good = {name: (online[name], sha256(archives[name])) for name in online}
    prepare_folders(good)
    with pytest.raises(ValueError, match=r"bikes\.zip must have the SHA-256 sum 00"):
        prepare_folders({**good, "Bike": (online["Bike"], "00")}, "other")
    assert not Path("other").exists()


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("missing", "answered 404 Not Found"),
        ("truncated", "broke off before the end"),
        ("stalling", "sent nothing for 0.2 s"),
    ],
)
def test_a_download_that_fails(online, server, monkeypatch, mood, words):
    monkeypatch.setattr(http, "SILENCE_SECONDS", 0.2 if mood == "stalling" else 20)
    server.mood = mood
    with pytest.raises(DownloadError, match=rf"bikes\.zip is not on disk and could not .*{words}"):
        prepare_folders(online)
    assert nothing_made()


def test_a_download_that_is_too_large(online):
    with pytest.raises(DownloadError, match="sends more than the 1,000 bytes"):
        prepare_folders(online, max_bytes=1000)
    assert nothing_made()


def test_offline(online, server, monkeypatch):
    monkeypatch.setenv("CNNVIS_OFFLINE", "1")
    with pytest.raises(DownloadError, match=r"bikes\.zip is not on disk and CNNVIS_OFFLINE is set"):
        prepare_folders(online)
    assert nothing_made()
    assert not server.asked


@pytest.mark.parametrize("address", ["ftp://host/a.zip", "file:///etc/passwd"])
def test_other_addresses(archives, address):
    with pytest.raises(ValueError, match="must begin with http:// or https://; got '"):
        prepare_folders({**archives, "Tram": address})


# The drawn default.


def test_drawn_archives_are_what_the_stand_ins_write(monkeypatch):
    asked = {}
    monkeypatch.setattr(draw, "save_archives", lambda at, **how: asked.update(how) or {"A": at})
    assert draw_archives("kept", 30, seed=2) == {"A": "kept"}
    assert asked == {"count": 30, "seed": 2}


def test_drawn_archives_can_be_prepared_again_and_again():
    made = [prepare_folders(draw_archives("drawn", 24), shares=(0.5, 0.25, 0.25)) for _ in "ab"]
    assert [one.reused for one in made] == [False, True]
    assert made[0].counts == {
        split: {"Bike": n, "Car": n} for split, n in {"Train": 6, "Val": 3, "Test": 3}.items()
    }


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_destination_that_is_a_link_is_refused(archives, here):
    (here / "elsewhere").mkdir()
    Path("datasets").symlink_to(here / "elsewhere")
    with pytest.raises(FileExistsError, match="it is a file or a link"):
        prepare_folders(archives)
