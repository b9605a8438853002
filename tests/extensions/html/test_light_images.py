"""Heavy images become WebP that looks the same, and pages name it."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from cnnvis_site import finish
from cnnvis_site.html import light_images
from PIL import Image


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def loaded(webp):
    return np.asarray(Image.open(io.BytesIO(webp)).convert("RGB")).astype(int)


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8)


def test_an_image_of_few_bytes_keeps_every_pixel(noise):
    pixels = noise[:200, :200]
    assert len(png(pixels)) < light_images.HEAVIEST
    assert (loaded(light_images.lighter(png(pixels))) == pixels).all()


def test_colours_of_a_heavy_image_are_off_by_two_at_most(noise):
    noise[:20] = 255
    noise[-20:] = 0
    data = png(noise)
    assert len(data) > light_images.HEAVIEST
    webp = light_images.lighter(data)
    found = loaded(webp)
    assert np.abs(found - noise).max() == 2
    assert (found[:20] == 255).all()
    assert (found[-20:] == 0).all()
    assert len(webp) < 0.8 * len(data)


def test_what_is_transparent_becomes_white():
    pixels = np.zeros((20, 20, 4), np.uint8)
    assert (loaded(light_images.lighter(png(pixels))) == 255).all()


def test_pages_name_the_lighter_image_and_a_second_build_changes_nothing(noise, tmp_path):
    site = tmp_path / "html"
    app = SimpleNamespace(outdir=site, srcdir=tmp_path, extensions=[light_images.__name__])

    def rewrite(app):
        light_images.write(app)
        finish.rewrite_pages(app)

    (site / "_images").mkdir(parents=True)
    (site / "_images" / "heavy.png").write_bytes(png(noise))
    (site / "_images" / "light.png").write_bytes(png(noise[:9, :9]))
    page = site / "sub" / "page.html"
    page.parent.mkdir()
    page.write_text(
        '<img src="../_images/heavy.png" srcset="../_images/heavy.png 2x, '
        '../_images/light.png 1x"><a href="../_images/other.png">',
        "utf-8",
    )
    for _ in range(2):
        rewrite(app)
        assert page.read_text("utf-8") == (
            '<img src="../_images/heavy.webp" srcset="../_images/heavy.webp 2x, '
            '../_images/light.png 1x"><a href="../_images/other.png">'
        )
        names = {file.name for file in (site / "_images").iterdir()}
        assert names == {"heavy.webp", "light.png"}
    assert len(list((tmp_path / "_build" / "webp").iterdir())) == 1
    # the next build draws it lighter, and writes only another page anew
    (site / "_images" / "heavy.png").write_bytes(png(noise[:9, :9]))
    rewrite(app)
    assert ".webp" not in page.read_text("utf-8")
    assert {file.name for file in (site / "_images").iterdir()} == {"heavy.png", "light.png"}
