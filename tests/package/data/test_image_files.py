import io
import os
import struct
import zlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from cnnvis import read_image
from cnnvis.data.image_files import FORMATS, decode

RED = (255, 0, 0)


@pytest.fixture
def random():
    return np.random.default_rng(0)


def saved(image, path, **options):
    image.save(path, **options)
    return path


def close(image, expected, atol=0.01):
    return torch.allclose(image, torch.as_tensor(expected, dtype=torch.float32), atol=atol)


def test_values_layout_and_dtype(tmp_path, random):
    pixels = random.integers(256, size=(5, 7, 3), dtype=np.uint8)
    image = read_image(saved(Image.fromarray(pixels), tmp_path / "a.png"))
    assert image.dtype == torch.float32
    assert image.is_contiguous()
    assert torch.equal(image[0], torch.from_numpy(pixels).permute(2, 0, 1) / 255)
    grey = read_image(str(tmp_path / "a.png"), mode="L")
    assert grey.shape == (1, 1, 5, 7)
    luma = (image[0] * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0)
    assert close(grey[0, 0], luma, 0.003)


@pytest.mark.parametrize("suffix", ["bmp", "gif", "jpg", "jp2", "png", "ppm", "tif", "webp"])
def test_kinds_of_files(tmp_path, suffix):
    path = saved(Image.new("RGB", (8, 4), (200, 100, 50)), tmp_path / f"a.{suffix}")
    expected = torch.tensor([200, 100, 50])[None, :, None, None].expand(1, 3, 4, 8) / 255
    assert close(read_image(path), expected, 0.03)


@pytest.mark.parametrize("turn", range(1, 9))
def test_upright_as_exif_says(tmp_path, turn):
    pixels = np.zeros((16, 32, 3), np.uint8)
    pixels[:8, :16] = 255  # the quarter at the top left
    upright = Image.fromarray(pixels)
    back = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    stored = upright
    for step in back.get(turn, []):
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = turn
    image = read_image(saved(stored, tmp_path / "a.png", exif=exif))
    assert torch.equal(image[0], torch.from_numpy(pixels).permute(2, 0, 1) / 255)


@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_sixteen_bits_keep_their_levels(tmp_path, suffix, mode):
    values = np.array([[0, 1, 300, 32768, 65535]], np.uint16)
    image = read_image(saved(Image.fromarray(values), tmp_path / f"a.{suffix}"), mode=mode)
    assert image.shape[1] == (3 if mode == "RGB" else 1)
    expected = torch.from_numpy(values.astype(np.float32) / 65535)
    assert all(torch.equal(channel, expected) for channel in image[0])


def test_sixteen_bits_upright_and_scaled(tmp_path):
    values = np.repeat(np.linspace(0, 65535, 20, dtype=np.uint16)[None], 10, axis=0)
    exif = Image.Exif()
    exif[0x0112] = 3
    path = saved(Image.fromarray(values), tmp_path / "a.png", exif=exif)
    row = read_image(path, (5, 10), "L")[0, 0, 2]
    assert (row.diff() < 0).all()  # the gradient runs the other way now
    assert close(row.mean(), 0.5)


def test_greys_without_an_agreed_white_are_stretched(tmp_path, caplog):
    whole = Image.fromarray(np.array([[-100, 0, 300]], np.int32))
    image = read_image(saved(whole, tmp_path / "i.tif"), mode="L")
    assert close(image, [[[[0, 0.25, 1]]]], 1e-6)
    assert "stretched from -100 to 300" in caplog.text
    caplog.clear()
    floats = Image.fromarray(np.array([[0.25, 0.5, np.nan, np.inf]], np.float32))
    image = read_image(saved(floats, tmp_path / "f.tif"), mode="L")
    assert close(image, [[[[0.25, 0.5, 0, 1]]]], 1e-6)
    assert not caplog.text
    nothing = Image.fromarray(np.full((2, 2), np.nan, np.float32))
    with pytest.raises(ValueError, match="finite"):
        read_image(saved(nothing, tmp_path / "n.tif"))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L"])
def test_transparent_parts_lie_on_white(tmp_path, mode):
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))  # hidden below: black
    image.putpixel((1, 0), (0, 0, 0, 255))
    options = {}
    if mode == "L":
        image, options = Image.fromarray(np.array([[7, 0]], np.uint8)), {"transparency": 7}
    elif mode == "P":
        image = Image.fromarray(np.array([[1, 0]], np.uint8)).convert("P")
        image.putpalette([0, 0, 0, 9, 9, 9])
        options = {"transparency": 1}
    else:
        image = image.convert(mode)
    path = saved(image, tmp_path / "a.png", **options)
    assert torch.equal(read_image(path)[0, :, 0].T, torch.tensor([[1.0] * 3, [0.0] * 3]))
    assert torch.equal(read_image(path, mode="L")[0, 0, 0], torch.tensor([1.0, 0.0]))


def test_half_transparent_red_is_pink(tmp_path):
    path = saved(Image.new("RGBA", (1, 1), (*RED, 128)), tmp_path / "a.png")
    assert close(read_image(path).flatten(), [1, 0.5, 0.5])


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_cmyk(tmp_path, suffix):
    image = Image.new("CMYK", (16, 16), (0, 255, 255, 0))  # red ink: magenta and yellow
    path = saved(image, tmp_path / f"a.{suffix}")
    assert close(read_image(path)[0, :, 8, 8], [1, 0, 0], 0.03)


def test_other_modes(tmp_path):
    bits = Image.fromarray(np.array([[True, False]]))
    assert bits.mode == "1"
    assert torch.equal(
        read_image(saved(bits, tmp_path / "a.png"))[0, :, 0].T,
        torch.tensor([[1.0] * 3, [0.0] * 3]),
    )
    lab = Image.new("LAB", (4, 4), (136, 208, 195))  # a strong red
    red, green, blue = read_image(saved(lab, tmp_path / "a.tif"))[0, :, 0, 0]
    assert red > 0.8
    assert green < 0.3
    assert blue < 0.3


def test_a_colour_profile_counts(tmp_path):
    for title in ("a profile    ", "Linear sRGB  "):
        linear = _profile_with_gamma_one(title)
        path = saved(Image.new("RGB", (2, 2), (55, 55, 55)), tmp_path / "a.png", icc_profile=linear)
        # light of 55/255 = 0.216 of white has the value 0.5 in sRGB
        assert close(read_image(path).mean(), 0.5, 0.02)
    path = saved(Image.new("RGB", (2, 2), RED), tmp_path / "b.png", icc_profile=b"no profile")
    assert close(read_image(path)[0, :, 0, 0], [1, 0, 0], 1e-6)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = saved(Image.new("L", (2, 2), 77), tmp_path / "c.png", icc_profile=srgb)
    assert close(read_image(path, mode="L"), torch.full((1, 1, 2, 2), 77 / 255), 1e-6)


def _profile_with_gamma_one(title):
    """An sRGB profile whose curves are replaced by straight lines."""
    content = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for at in range(struct.unpack(">I", content[128:132])[0]):
        place = 132 + 12 * at
        tag, offset, _ = struct.unpack(">4sII", content[place : place + 12])
        if tag in (b"rTRC", b"gTRC", b"bTRC"):
            content[offset : offset + 12] = struct.pack(">4sIHHI", b"curv", 0, 0, 0, 0)[:12]
    name = "sRGB built-in".encode("utf-16-be")
    assert content.count(name) == 1
    return bytes(content).replace(name, title.encode("utf-16-be"))


def test_the_first_frame_of_an_animation(tmp_path):
    frames = [Image.new("RGB", (6, 6), color) for color in (RED, (0, 0, 255))]
    for name in ("a.gif", "a.png", "a.webp", "a.tif"):
        options = {"save_all": True, "append_images": frames[1:]}
        path = saved(frames[0], tmp_path / name, **options)
        assert close(read_image(path)[0, :, 3, 3], [1, 0, 0], 0.05), name


@settings(max_examples=40, deadline=None)
@given(
    shape=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    size=st.none() | st.integers(1, 40) | st.tuples(st.integers(1, 40), st.integers(1, 40)),
    mode=st.sampled_from(["RGB", "L"]),
)
def test_any_shape_to_any_size(tmp_path_factory, shape, size, mode):
    path = tmp_path_factory.getbasetemp() / "any.png"
    Image.new("RGB", shape[::-1], (51, 51, 51)).save(path)
    image = read_image(path, size, mode)
    wanted = shape if size is None else (size, size) if isinstance(size, int) else size
    assert image.shape == (1, 3 if mode == "RGB" else 1, *wanted)
    assert close(image, torch.full_like(image, 0.2), 1e-6)


def test_a_size_keeps_the_middle_and_squeezes_nothing(tmp_path):
    pixels = np.zeros((10, 30), np.uint8)
    pixels[:, 10:20] = 255
    path = saved(Image.fromarray(pixels), tmp_path / "a.png")
    assert read_image(path, 10, "L").min() == 1


def test_one_pixel_and_a_long_strip(tmp_path):
    dot = saved(Image.new("RGB", (1, 1), RED), tmp_path / "dot.png")
    assert read_image(dot).shape == (1, 3, 1, 1)
    assert torch.equal(read_image(dot, 224)[0, 0], torch.ones(224, 224))
    strip = saved(Image.new("L", (60_000, 1), 255), tmp_path / "strip.png")
    assert read_image(strip, 224).shape == (1, 3, 224, 224)  # scaled whole: 13,440,000 wide


def test_damaged_exif_is_passed_over(tmp_path):
    path = saved(Image.new("RGB", (9, 9), RED), tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff")
    assert read_image(path).shape == (1, 3, 9, 9)


# -- what can't be read ---------------------------------------------------------------------------


def png_that_claims(width, height):
    def chunk(kind, content):
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "It is empty"),
        (b"just text", "not an image inside"),
        (b"%PDF-1.7 and more", "export it as PNG"),
        (b"<?xml?><svg></svg>", "export it as PNG"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "export it as JPEG"),
        (png_that_claims(100_000, 100_000), "more than 89,478,485 pixels"),
        (png_that_claims(10_000, 10_000), "more than 89,478,485 pixels"),
        (png_that_claims(10, 10), "can't be decoded"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not an image inside"),
    ],
)
def test_no_images(tmp_path, content, message):
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as error:
        read_image(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp", "tif"])
def test_a_truncated_image(tmp_path, random, suffix):
    pixels = random.integers(256, size=(64, 64, 3), dtype=np.uint8)
    path = saved(Image.fromarray(pixels), tmp_path / f"a.{suffix}")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match="whole image file"):
        read_image(path)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_is_an_error_or_an_image(tmp_path_factory, data):
    file = io.BytesIO()
    Image.new("RGB", (8, 8), RED).save(file, format=data.draw(st.sampled_from(["PNG", "GIF"])))
    content = bytearray(file.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(content)
    try:
        image = read_image(path, 4)
    except ValueError:
        return
    assert image.shape == (1, 3, 4, 4)


def test_what_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="isn't there"):
        read_image(tmp_path / "absent.jpg")
    with pytest.raises(ValueError, match="is a folder"):
        read_image(tmp_path)
    with pytest.raises(TypeError, match="got bytes"):
        read_image(b"a.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="is a pipe"):
        read_image(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("size", "error"), [(0, ValueError), ((5, -1), ValueError), (10**5, ValueError)]
)
def test_sizes_that_do_not_fit(tmp_path, size, error):
    with pytest.raises(error, match="size must be"):
        read_image(saved(Image.new("L", (4, 4)), tmp_path / "a.png"), size)


@pytest.mark.parametrize("size", [2.5, "224", (1, 2, 3), (True, 2)])
def test_sizes_of_another_kind(tmp_path, size):
    with pytest.raises(TypeError, match="size must be"):
        read_image(tmp_path / "a.png", size)


def test_another_mode(tmp_path):
    with pytest.raises(ValueError, match='mode must be "RGB" or "L"'):
        read_image(tmp_path / "a.png", mode="BGR")
    with pytest.raises(TypeError, match='mode must be "RGB" or "L"; got int 3'):
        read_image(tmp_path / "a.png", mode=3)


def test_a_large_jpeg_is_read_at_half_its_size(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 5000)
    large = Image.new("RGB", (151, 101), RED)
    image = read_image(saved(large, tmp_path / "a.jpg"))
    assert image.shape == (1, 3, 51, 76)
    assert close(image[0, :, 20, 20], [1, 0, 0], 0.02)
    assert "151×101 pixels; it was read as 76×51" in caplog.text
    for path in (
        saved(large, tmp_path / "p.jpg", progressive=True),
        saved(Image.new("RGB", (301, 201)), tmp_path / "h.jpg"),
        saved(large, tmp_path / "a.png"),
    ):
        with pytest.raises(ValueError, match="more than 5,000 pixels"):
            read_image(path)
    with pytest.raises(ValueError, match="more than 5,000 pixels"):
        decode(tmp_path / "a.jpg", FORMATS, reduce=False)
