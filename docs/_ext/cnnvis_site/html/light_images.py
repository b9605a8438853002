"""Heavy images as WebP: the same pixels in half the bytes, and photographs nearly the same.

Images come as PNG, which the book needs. Once the pages are written, those above `HEAVY` are
written again as lossless WebP, and the pages name those. The heaviest have many colours
(photographs, and what convolutions make of them): their colours go to the nearest of 52 levels a
channel, which is off by 2 of 255 at most and can't be seen. Nothing is blurred, as by JPEG.
"""

import hashlib
import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

HEAVY, HEAVIEST = 64_000, 180_000  # bytes of the PNG
STEP = 5  # between levels; 0 and 255 are two of them
VERSION = b"2"
NAME = re.compile(r"(_images/[\w./-]+)\.(?:png|webp)\b")


def lighter(png):
    """Return the bytes of an image as WebP, given those of a PNG."""
    with Image.open(io.BytesIO(png)) as file:
        sheet = Image.new("RGBA", file.size, "white")
        sheet.alpha_composite(file.convert("RGBA"))
    image = sheet.convert("RGB")
    if len(png) <= HEAVIEST:
        return _encode(image, method=1, quality=20)
    levels = [(value + STEP // 2) // STEP * STEP for value in range(256)]
    return _encode(image.point(3 * levels), method=4, quality=75)


def _encode(image, **how):
    file = io.BytesIO()
    image.save(file, "WEBP", lossless=True, **how)
    return file.getvalue()


def write(app):
    """Write the lighter images, and keep them for the next build."""
    kept = Path(app.srcdir, "_build", "webp")
    kept.mkdir(parents=True, exist_ok=True)
    files = sorted(Path(app.outdir, "_images").glob("*.png"))
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda file: _replace(file, kept), files))


def _replace(file, kept):
    lighter_file = file.with_suffix(".webp")
    png = file.read_bytes()
    if len(png) <= HEAVY:
        lighter_file.unlink(missing_ok=True)  # of an earlier build, in which it was heavy
        return
    cached = kept / f"{hashlib.sha256(VERSION + png).hexdigest()[:24]}.webp"
    if not cached.exists():
        new = kept / f"{file.stem}.new"
        new.write_bytes(lighter(png))
        new.replace(cached)
    lighter_file.write_bytes(cached.read_bytes())
    file.unlink()


def name_lighter(app, _file, page):
    """Have a page name the images that there are."""
    return NAME.sub(lambda name: _name(name, Path(app.outdir)), page)


def _name(name, site):
    for suffix in (".webp", ".png"):
        if (site / f"{name[1]}{suffix}").is_file():
            return f"{name[1]}{suffix}"
    return name[0]


def setup(_app):
    """Be among the extensions of the site: ``finish.py`` calls `write` and `name_lighter`."""
    return {"parallel_read_safe": True, "parallel_write_safe": True}
