"""Figures with a name and a description: saved as files, or handed to the site."""

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cnnvis.atomic import replace_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class FigureText(NamedTuple):
    """The words that belong to a figure.

    Attributes:
        name: File name without its ending.
        description: What the figure shows, for those who can't see it.
        caption: A longer text to stand below it, or ``None``.
        strip: What figures shown one at a time have in common, or ``None``.
    """

    name: str
    description: str
    caption: str | None
    strip: str | None = None


def save_figure(
    fig: "Figure",
    name: str,
    description: str,
    *,
    caption: str | None = None,
    strip: str | None = None,
    folder: str | Path = "images",
) -> Path | None:
    """Give a figure its name and its description, and write it as ``folder/name.png``.

    The description goes into the file as well. While the site is built (the environment variable
    ``CNNVIS_SITE_BUILD`` is ``1``) nothing is written: the page takes the words from the figure.

    Args:
        fig: The figure.
        name: File name without its ending: lower-case letters, digits and underscores.
        description: What the figure shows and at least one finding, in at most 250 characters.
        caption: A longer text to stand below the figure on a page.
        strip: Makes the figure one frame of several, through which readers of a page can step;
            frames that follow each other with the same words here belong together. The words
            name what one steps through, and each frame's caption says where one is.
        folder: Where the file goes; made if it isn't there.

    Returns:
        Path | None: The file written, if any.

    Raises:
        ValueError: If the name or the description doesn't fit, or a frame has no caption.
    """
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise ValueError(
            f"a figure's name is made of a-z, 0-9 and _ alone; got {name!r}. "
            "Try one like 'conv1_filters', without a folder or an ending."
        )
    if not 0 < len(description.strip()) <= 250:
        raise ValueError(
            f"a description has 1 to 250 characters; that of {name!r} has "
            f"{len(description.strip())}. Longer texts go to the caption."
        )
    if strip and not caption:
        raise ValueError(
            f"a frame of a strip needs a caption, which says where one is; {name!r} has none. "
            "Try one like 'step 30 of 600'."
        )
    fig._cnnvis_text = FigureText(name, description.strip(), caption, strip)
    if os.environ.get("CNNVIS_SITE_BUILD") == "1":
        return None
    path = Path(folder) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_figure(fig, path, name, description.strip())
    return path


def write_figure(fig: "Figure", path: Path, title: str, description: str) -> None:
    """Write a figure with its words inside, whole or not at all.

    Args:
        fig: The figure.
        path: The file, a png, svg or pdf by its ending.
        title: Title in the file.
        description: Description in the file; a PDF keeps it as its subject.
    """
    kind, content = path.suffix.lower().removeprefix("."), io.BytesIO()
    place = "Subject" if kind == "pdf" else "Description"
    fig.savefig(content, format=kind, dpi=200, metadata={"Title": title, place: description})
    replace_file(path, content.getvalue())


def figure_text(fig: "Figure") -> FigureText | None:
    """The words that `save_figure` left on a figure, or ``None`` if there are none."""
    return getattr(fig, "_cnnvis_text", None)
