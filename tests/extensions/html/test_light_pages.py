"""Pages load only what they use, and their files and images are light."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

sys.path.append(str(Path(__file__).parents[3] / "docs" / "_ext"))
from cnnvis_site.html import light_images as light_images
from cnnvis_site.html import light_pages


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
    app = SimpleNamespace(outdir=site, srcdir=tmp_path, builder=SimpleNamespace(format="html"))
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
        light_images.replace(app, None)
        assert page.read_text("utf-8") == (
            '<img src="../_images/heavy.webp" srcset="../_images/heavy.webp 2x, '
            '../_images/light.png 1x"><a href="../_images/other.png">'
        )
        names = {file.name for file in (site / "_images").iterdir()}
        assert names == {"heavy.webp", "light.png"}
    assert len(list((tmp_path / "_build" / "webp").iterdir())) == 1
    # the next build draws it lighter, and writes only another page anew
    (site / "_images" / "heavy.png").write_bytes(png(noise[:9, :9]))
    light_images.replace(app, None)
    assert ".webp" not in page.read_text("utf-8")
    assert {file.name for file in (site / "_images").iterdir()} == {"heavy.png", "light.png"}


def test_scripts_and_styles_lose_comments_and_nothing_else(tmp_path):
    folder = tmp_path / "_static"
    folder.mkdir()
    script = """/*! MIT */
/* What
   it is. */
// Why.

const one = (a) => {
  const text = `rows ${a ? `${a}` : ""} to // ${a} /* not one */`; // kept
  return "//" + text;
};
"""
    (folder / "a.js").write_text(script)
    (folder / "a.css").write_text("/* Why. */\na {\n  color: red; /* kept */\n}\n")
    app = SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(format="html"))
    for _ in range(2):
        light_pages.shrink(app, None)
        assert (folder / "a.js").read_text().splitlines() == [
            "/*! MIT */",
            "const one = (a) => {",
            'const text = `rows ${a ? `${a}` : ""} to // ${a} /* not one */`; // kept',
            'return "//" + text;',
            "};",
        ]
        assert (folder / "a.css").read_text() == "a {\ncolor: red; /* kept */\n}\n"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<p>Words.</p>", {"furo.js"}),
        ('<div class="highlight-python notranslate">', {"furo.js", "copybutton.js"}),
        ('<div class="sd-tab-set">', {"furo.js", "design-tabs.js"}),
    ],
)
def test_a_page_gets_the_scripts_that_it_uses(body, names):
    every = ["doctools.js", "furo.js", "copybutton.js", "design-tabs.js", "sphinx_highlight.js"]
    scripts = [SimpleNamespace(filename=f"_static/{name}", attributes={}) for name in every]
    context = {"body": body, "script_files": scripts}
    light_pages.lighten(None, "page", None, context, None)
    assert {Path(one.filename).name for one in context["script_files"]} == names
    assert all(one.attributes == {"defer": "defer"} for one in context["script_files"])
