"""Take a tutorial's figures, with the names and descriptions that `save_figure` gave them.

sphinx-gallery calls :func:`scrape` after each code block. Every open figure becomes a PNG of 100
dots per inch, one of 200 for sharp screens, and a small JSON file with its words and, of a chart,
its numbers (see ``numbers/tables.py``). The page gets a
``tutorial-figure`` directive (see ``named.py``), so no description has to survive being
quoted in reStructuredText.
"""

import json
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from PIL import Image
from sphinx.errors import ExtensionError

DPI = 100
WHAT_TO_DO = (
    'End the figure with save_figure(fig, "name", "what it shows"): readers who cannot see it '
    "need its words."
)


def scrape(block, block_vars, gallery_conf):
    """Write the open figures and return the directives that show them.

    Raises:
        ExtensionError: A figure was never given to `save_figure`, or its name is taken.
    """
    import matplotlib.pyplot as plt

    paths = block_vars["image_path_iterator"]
    target = Path(block_vars["target_file"])
    if len(paths) == 0:
        forget(target)
    try:
        if "formatted_exception" in block_vars:  # the script failed: its own error is the news
            return ""
        kept = [
            _keep(plt.figure(number), Path(next(paths)), target, block_vars, block, gallery_conf)
            for number in plt.get_fignums()
        ]
        return _directives(kept)
    finally:
        plt.close("all")


def forget(target):
    """Delete the figures of an earlier run of the script copied to `target`."""
    for old in target.parent.glob(f"images/sphx_glr_{target.stem}_[0-9]*"):
        old.unlink()


def _keep(figure, path, target, block_vars, block, gallery_conf):
    from cnnvis.plots.save import figure_text

    text = figure_text(figure)
    script = Path(block_vars["src_file"])
    place = f"{script.parent.name}/{script.name}, the block at line {block.lineno}"
    if text is None:
        raise ExtensionError(
            f"Every figure needs a name and a description. {place}: {_title(figure)} has none. "
            f"{WHAT_TO_DO}"
        )
    _refuse_second(text.name, path, place)
    source = Path(gallery_conf["src_dir"])
    doc = target.relative_to(source).with_suffix("").as_posix()
    facts = write(figure, text, path, source) | {"doc": doc}
    path.with_suffix(".json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return f"{doc}/{text.name}", text.strip


def _directives(kept):
    """Return what shows the figures, those of one strip together (see ``strip.py``)."""
    lines = []
    for strip, group in groupby(kept, key=itemgetter(1)):
        lines += ["", f".. figure-strip:: {strip}"] if strip else []
        indent = "   " if strip else ""
        for key, _ in group:
            lines += ["", f"{indent}.. tutorial-figure:: {key}"]
    return "\n".join([*lines, "", ""]) if lines else ""


def write(figure, text, path, source):
    """Save a figure in both resolutions; return its words, numbers, size and files."""
    from cnnvis_site.figures.numbers.tables import tables

    sharp = path.with_name(f"{path.stem}_2x{path.suffix}")
    figure.savefig(sharp, dpi=2 * DPI, metadata={"Software": None})
    with Image.open(sharp) as image:  # halved, which is quicker than to draw it again
        small = image.convert("RGB").reduce(2)
    small.save(path)
    width, height = small.size
    return {
        "name": text.name,
        "description": text.description,
        "caption": text.caption,
        "strip": text.strip,
        "tables": tables(figure, text.name),
        "width": width,
        "height": height,
        "image": path.relative_to(source).as_posix(),
        "image_2x": sharp.relative_to(source).as_posix(),
    }


def _refuse_second(name, path, place):
    stem = path.stem.rpartition("_")[0]
    for other in path.parent.glob(f"{stem}_[0-9]*.json"):
        if other.stem != path.stem and json.loads(other.read_text("utf-8"))["name"] == name:
            raise ExtensionError(
                f"Every figure needs a name of its own. {place}: a second figure is named "
                f'"{name}". Give one of the two another name in save_figure.'
            )


def _title(figure):
    titles = [figure.get_suptitle(), *(axes.get_title() for axes in figure.axes)]
    title = next((title for title in titles if title), "")
    return f'figure {figure.number} ("{title}")' if title else f"figure {figure.number}"
