"""The image that stands for a page where its link is shared.

It holds the page's title, beside one of its figures or above its description. Drawn only where the
site's address is known, since such an image needs one, and again when what stands on it changes.
sphinxext-opengraph draws cards with one image for all pages, or shows a page's first figure bare.
"""

import hashlib
from pathlib import Path

from docutils import nodes
from PIL import Image, ImageDraw, ImageFont

FOLDER = "_images/cards"  # below the site
SIZE = (1200, 630)
INK, SOFT, PAPER, BACK = "#ffffff", "#bfe0e6", "#ffffff", "#1d5c74"
EDGE, HALF, MARGIN = 64, 500, 28
VERSION = "2"  # of the drawing


def make(app, page, text):
    """Draw the card of a page unless it is there; return its path below the site."""
    title = app.env.titles[page].astext()
    figure = _figure(app, page)
    facts = [VERSION, app.config.project, title, figure.read_bytes() if figure else text]
    known = hashlib.sha256(b"\0".join(f if isinstance(f, bytes) else f.encode() for f in facts))
    name = page.replace("/", "-")
    card = Path(app.outdir, FOLDER, f"{name}.{known.hexdigest()[:8]}.png")
    if not card.exists():
        card.parent.mkdir(parents=True, exist_ok=True)
        for old in card.parent.glob(f"{name}.????????.png"):
            old.unlink()
        draw(app.config.project, title, text, figure).save(card)
    return card.relative_to(app.outdir).as_posix()


def _figure(app, page):
    """Return the first figure of the page, or of the first page below it that has one."""
    for name in [page, *app.env.toctree_includes.get(page, [])]:
        for image in app.env.get_doctree(name).findall(nodes.image):
            file = Path(app.srcdir, image.get("image_2x") or image["uri"].lstrip("/"))
            if file.suffix == ".png" and file.is_file():
                return file
    return None


def draw(project, title, text, figure=None):
    """Return the card: mark, name and title, and at the right the figure, or below the text."""
    card = Image.new("RGB", SIZE, BACK)
    pen = ImageDraw.Draw(card)
    if figure:
        _place(card, figure, left=EDGE + HALF + 40)
    _mark(card, EDGE, EDGE)
    pen.text((EDGE + 84, EDGE + 32), project, INK, _font(34, "-Bold"), anchor="lm")
    lines, font = _fit(pen, title, HALF if figure else 1000)
    middle = 380 if figure else 290
    pen.multiline_text((EDGE, middle), "\n".join(lines), INK, font, anchor="lm", spacing=14)
    if not figure:
        font = _font(30)
        said = "\n".join(_wrap(pen, text, 1000, font))
        pen.multiline_text((EDGE, 400), said, SOFT, font, spacing=14)
    return card


def _font(size, weight=""):
    import matplotlib

    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    return ImageFont.truetype(folder / f"DejaVuSans{weight}.ttf", size)


def _fit(pen, title, width):
    """Return the title in lines, in the largest letters in which it takes at most five."""
    for size in range(60, 30, -4):
        font = _font(size, "-Bold")
        lines = _wrap(pen, title, width, font)
        if len(lines) <= 5 and all(pen.textlength(line, font) <= width for line in lines):
            break
    return lines, font


def _wrap(pen, text, width, font):
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and pen.textlength(longer, font) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _mark(card, left, top):
    """Draw the mark of the sidebar: nine squares, the middle one full."""
    strength = [0.35, 0.65, 0.35, 0.65, 1.0, 0.65, 0.35, 0.65, 0.35]
    for at, part in enumerate(strength):
        x, y = left + 23 * (at % 3), top + 23 * (at // 3)
        square = Image.new("L", (18, 18), round(255 * part))
        card.paste(INK, (x, y, x + 18, y + 18), square)


def _place(card, figure, left):
    """Show the figure, or of a wide one as much as can be seen at a good size."""
    with Image.open(figure) as file:
        image = file.convert("RGBA")
    sheet = Image.new("RGBA", image.size, PAPER)
    sheet.alpha_composite(image)
    width, height = SIZE[0] - left - 2 * MARGIN, SIZE[1] - 2 * MARGIN
    fits = min(width / sheet.width, height / sheet.height)
    scale = max(fits, min(0.6 * height / sheet.height, 1.0))
    small = sheet.resize((round(sheet.width * scale), round(sheet.height * scale)), Image.LANCZOS)
    if scale > fits:
        small = small.crop((0, 0, width + MARGIN, small.height))
    card.paste(PAPER, (left, 0, *SIZE))
    at = left + MARGIN + max(0, width - small.width) // 2
    card.paste(small.convert("RGB"), (at, (SIZE[1] - small.height) // 2))
