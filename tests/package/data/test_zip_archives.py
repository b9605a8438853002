"""Archives that do what they mustn't: each is refused by the name of the entry, without a trace."""

import io
import stat
import struct
import zipfile

import pytest
from PIL import Image

from cnnvis import unpack_images
from cnnvis.data import zip_archives


def image(color="red", size=(8, 6), kind="PNG"):
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, kind)
    return buffer.getvalue()


PIXELS = image()


def pack(path, entries, compression=zipfile.ZIP_STORED):
    """Write a zip of (name or ZipInfo, bytes) as it is told, collisions included."""
    with zipfile.ZipFile(path, "w", compression) as packed:
        for entry, content in entries:
            with (
                pytest.warns(UserWarning, match="Duplicate") if twice(entry, packed) else nothing()
            ):
                packed.writestr(entry, content, compression)
    return path


def twice(entry, packed):
    return (entry if isinstance(entry, str) else entry.filename) in packed.namelist()


class nothing:  # noqa: N801
    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def special(name, mode=0, flags=0, attributes=0):
    entry = zipfile.ZipInfo("x")
    entry.filename = name  # its constructor would tidy the name up
    entry.external_attr = mode << 16 | attributes
    entry.flag_bits |= flags
    return entry


def refused(archive, entry, words, **options):
    """Unpacking is refused with the entry's name, and nothing is there afterwards."""
    before = sorted(archive.parent.rglob("*"))
    with pytest.raises(ValueError, match=r"^[^\n]*$") as caught:
        unpack_images(archive, archive.parent / "new" / "images", **options)
    message = str(caught.value)
    assert repr(entry) in message
    assert words in message
    assert archive.name in message
    assert sorted(archive.parent.rglob("*")) == before


@pytest.fixture
def target(tmp_path):
    return tmp_path / "images"


# What is taken.


def test_images_are_unpacked_side_by_side_and_clutter_is_passed_over(tmp_path, target):
    entries = [
        ("Bikes/", b""),
        ("Bikes/2021/a.jpg", image(kind="JPEG")),
        ("Bikes/2022/a.jpg", image("blue", kind="JPEG")),
        ("./Bikes/b.PNG", image("green")),
        ("Bikes/.DS_Store", b"x"),
        ("Bikes/2021/Thumbs.db", b"x"),
        ("__MACOSX/Bikes/2021/._a.jpg", b"x"),
        ("Bikes/2021/._a.jpg", b"x"),
    ]
    found = unpack_images(pack(tmp_path / "b.zip", entries), target)
    assert found == sorted(target.iterdir())
    assert [path.name for path in found] == ["2021_a.jpg", "2022_a.jpg", "b.PNG"]
    assert found[1].read_bytes() == entries[2][1]
    assert sorted(tmp_path.iterdir()) == [tmp_path / "b.zip", target]


@pytest.mark.parametrize("kind", ["BMP", "PNG", "JPEG", "TIFF", "WEBP", "PPM"])
def test_formats(tmp_path, target, kind):
    suffix = {"JPEG": "jpg", "TIFF": "tif"}.get(kind, kind.lower())
    archive = pack(tmp_path / "b.zip", [(f"a.{suffix}", image(kind=kind))])
    assert [path.name for path in unpack_images(archive, target)] == [f"a.{suffix}"]


def test_names_keep_their_letters_and_are_composed(tmp_path, target):
    archive = pack(tmp_path / "b.zip", [("Fahrra\u0308der/gru\u0308n 自転車.png", PIXELS)])
    assert [path.name for path in unpack_images(archive, target)] == ["gr\u00fcn 自転車.png"]


def test_an_empty_folder_may_be_filled(tmp_path, target):
    target.mkdir()
    assert unpack_images(pack(tmp_path / "b.zip", [("a.png", PIXELS)]), str(target))


# Names.


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/etc/a.png", "has an absolute path"),
        ("//server/share/a.png", "has an absolute path"),
        ("\\a.png", "has an absolute path"),
        ("C:/a.png", "has an absolute path"),
        ("c:a.png", "has an absolute path"),
        ("../a.png", "leads out of the folder"),
        ("b/../../a.png", "leads out of the folder"),
        ("..\\a.png", "leads out of the folder"),
        ("__MACOSX/../../a.png", "leads out of the folder"),
        ("../", "leads out of the folder"),
        ("b\\a.png", "has a backslash"),
        ("b/a\x00.png", "has a control character"),
        ("b/a\n.png", "has a control character"),
        ("b/a\x1b[2J.png", "has a control character"),
        ("b/\u202egnp.exe.png", "reverses the direction"),
        ("CON.png", "which Windows keeps for a device"),
        ("nul.tar.png", "which Windows keeps for a device"),
        ("aux/a.png", "which Windows keeps for a device"),
        ("com1 .png", "which Windows keeps for a device"),
        ("b./a.png", "ends in a dot or a space"),
        ("b /a.png", "ends in a dot or a space"),
        ("a.png ", "ends in a dot or a space"),
        ("a.png:stream.png", "has the character :"),
        ("a?.png", "has the character ?"),
        ("x" * 201 + ".png", "more than 200 bytes"),
    ],
)
def test_names_are_refused(tmp_path, name, words):
    refused(pack(tmp_path / "b.zip", [("a.png", PIXELS), (special(name), PIXELS)]), name, words)


def test_a_name_that_becomes_too_long_is_refused(tmp_path):
    long = "/".join(["x" * 90] * 3) + ".png"
    refused(pack(tmp_path / "b.zip", [(long, PIXELS), ("a.png", PIXELS)]), long, "200 bytes")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.png", "a.png"),
        ("a.png", "A.PNG"),
        ("stra\u00dfe.png", "STRASSE.png"),
        ("gr\u00fcn.png", "gru\u0308n.png"),
        ("\ufb01n.png", "fin.png"),
        ("b/a.png", "b_a.png"),
        ("b/a.png", "./b//a.png"),
    ],
)
def test_names_that_collide_are_refused(tmp_path, first, second):
    archive = pack(tmp_path / "b.zip", [("z.png", PIXELS), (first, PIXELS), (second, PIXELS)])
    refused(archive, second, f"would overwrite {first!r}")


# Kinds.


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (stat.S_IFLNK | 0o777, "is a link"),
        (stat.S_IFIFO | 0o644, "is a device or another special file"),
        (stat.S_IFCHR | 0o644, "is a device or another special file"),
        (stat.S_IFSOCK | 0o644, "is a device or another special file"),
    ],
)
@pytest.mark.parametrize("name", ["a.png", "b/", "Thumbs.db"])
def test_links_and_special_files_are_refused(tmp_path, name, mode, words):
    entries = [("c.png", PIXELS), (special(name, mode), b"/etc/passwd")]
    refused(pack(tmp_path / "b.zip", entries), name, words)


def test_links_of_windows_are_refused(tmp_path):
    entry = special("a.png", attributes=0x400)
    refused(pack(tmp_path / "b.zip", [(entry, PIXELS)]), "a.png", "is a link")


@pytest.mark.parametrize("flag", [0x1, 0x40, 0x2000])
def test_encrypted_entries_are_refused(tmp_path, flag):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS)])
    content = bytearray(archive.read_bytes())
    at = content.index(b"PK\x01\x02") + 8
    content[at : at + 2] = struct.pack("<H", flag)
    archive.write_bytes(content)
    refused(archive, "a.png", "is encrypted")


@pytest.mark.parametrize(
    "name", ["more.zip", "notes.txt", "a", "a.png.exe", "a.svg", "b/a.heic", "a.gif", ".png"]
)
def test_what_is_no_image_is_refused(tmp_path, name):
    refused(pack(tmp_path / "b.zip", [("a.png", PIXELS), (name, PIXELS)]), name, "isn't an image")


# Bombs.


def test_bombs_by_ratio(tmp_path):
    entries = [("a.png", PIXELS), ("bomb.bmp", bytes(1 << 20))]
    archive = pack(tmp_path / "b.zip", entries, zipfile.ZIP_DEFLATED)
    refused(archive, "bomb.bmp", "times as large when unpacked")
    refused(archive, "bomb.bmp", "every image must be whole", max_ratio=2000)


def test_bombs_by_size(tmp_path):
    archive = pack(tmp_path / "b.zip", [(f"{at}.bmp", bytes(1000)) for at in range(5)])
    words = "brings the unpacked size to 3,000 bytes. Nothing was unpacked; max_bytes allows 2,500."
    refused(archive, "2.bmp", words, max_bytes=2500)


def test_bombs_by_number(tmp_path):
    archive = pack(tmp_path / "b.zip", [(f"{at}.png", PIXELS) for at in range(5)])
    words = "is entry 4 of 5. Nothing was unpacked; max_files allows 3."
    refused(archive, "3.png", words, max_files=3)


def declare(archive, size):
    """Let the archive lie about the size of its entry, in both of the places that say it."""
    content = bytearray(archive.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(mark) + offset
        content[at : at + 4] = struct.pack("<I", size)
    archive.write_bytes(content)


@pytest.mark.parametrize("size", [100, 1 << 18])
def test_a_lie_about_the_size_is_found_out(tmp_path, size):
    archive = pack(tmp_path / "b.zip", [("a.bmp", bytes(1 << 17))], zipfile.ZIP_DEFLATED)
    declare(archive, size)
    refused(archive, "a.bmp", "damaged in the archive", max_ratio=1e6)


def test_bytes_are_counted(tmp_path, monkeypatch):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS)])
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: io.BytesIO(PIXELS + bytes(1 << 20)))
    refused(archive, "a.png", f"declared to have {len(PIXELS)} bytes")


def test_an_image_of_too_many_pixels(tmp_path, monkeypatch):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS), ("b.png", image(size=(9, 9)))])
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 50)
    refused(archive, "b.png", "more than 50 pixels")


# Damage.


BROKEN = {
    "text.jpg": b"not an image at all",
    "cut.jpg": image(size=(200, 200), kind="JPEG")[:-200],
    "cut.png": image(size=(200, 200))[:-60],
    "empty.png": b"",
    "vector.png": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


def test_all_broken_images_are_named(tmp_path, target):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS), *BROKEN.items()])
    for name in BROKEN:
        refused(archive, name, f"{len(BROKEN)} of the {len(BROKEN) + 1} images")
    assert not target.exists()


def test_broken_images_are_left_out_when_asked(tmp_path, target, caplog):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS), *BROKEN.items()])
    assert unpack_images(archive, target, skip_broken=True) == [target / "a.png"]
    assert [path.name for path in target.iterdir()] == ["a.png"]
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("cnnvis", "WARNING")
    assert all(repr(name) in record.getMessage() for name in BROKEN)
    assert "They were left out" in record.getMessage()


def test_an_archive_of_broken_images_alone_is_refused(tmp_path):
    archive = pack(tmp_path / "b.zip", [("a.jpg", b"x")])
    refused(archive, "a.jpg", "must hold an image that is whole", skip_broken=True)


def test_damage_of_the_archive_is_that_of_the_image(tmp_path, target, caplog):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS), ("b.png", image("blue"))])
    content = archive.read_bytes()
    archive.write_bytes(content.replace(PIXELS, PIXELS[:-9] + bytes(9)))
    refused(archive, "a.png", "damaged in the archive")
    assert unpack_images(archive, target, skip_broken=True) == [target / "b.png"]
    assert "'a.png': damaged in the archive" in caplog.text


def test_a_local_header_that_names_another_file(tmp_path):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS)])
    content = archive.read_bytes()
    archive.write_bytes(content.replace(b"a.png", b"b.png", 1))
    refused(archive, "a.png", "can't be read")


def test_an_unknown_compression(tmp_path):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS)])
    content = bytearray(archive.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.index(mark) + offset
        content[at : at + 2] = struct.pack("<H", 99)
    archive.write_bytes(content)
    refused(archive, "a.png", "can't be read")


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_what_is_no_archive(tmp_path, target, content):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS)])
    archive.write_bytes(archive.read_bytes()[:-8] if content is None else content)
    with pytest.raises(ValueError, match=r"must be a zip file; b\.zip isn't one, or is damaged"):
        unpack_images(archive, target)
    assert list(tmp_path.iterdir()) == [archive]


def test_an_archive_without_images(tmp_path, target):
    archive = pack(tmp_path / "b.zip", [("Bikes/", b""), (".DS_Store", b"x")])
    with pytest.raises(ValueError, match=r"must hold images; b\.zip holds none"):
        unpack_images(archive, target)


def test_no_such_archive(tmp_path, target):
    with pytest.raises(FileNotFoundError, match=r"there is no file .*b\.zip"):
        unpack_images(tmp_path / "b.zip", target)


# The folder.


def test_a_folder_that_holds_something_is_left_alone(tmp_path, target):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS)])
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match=r"images must be .* it holds 'mine\.txt'"):
        unpack_images(archive, target)
    assert [path.name for path in target.iterdir()] == ["mine.txt"]
    with pytest.raises(FileExistsError, match="it is a file or a link"):
        unpack_images(archive, target / "mine.txt")
    assert (target / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("where", ["_decode", "_copy", "_report"])
def test_an_interruption_leaves_nothing(tmp_path, where, monkeypatch):
    archive = pack(tmp_path / "b.zip", [("a.png", PIXELS)])

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(zip_archives, where, interrupt)
    with pytest.raises(KeyboardInterrupt):
        unpack_images(archive, tmp_path / "new" / "images")
    assert list(tmp_path.iterdir()) == [archive]
