"""A site with a page of every kind, of which a build can be stopped at several places."""

from small_site import FIGURE, Site

STOPPER = '''
"""Stop this process at the place that STOP_AT names, with whatever it writes there half done."""

import os
import shutil
import time
from pathlib import Path

from cnnvis_site.html import light_pages
from matplotlib.figure import Figure

PLACE, HERE = os.environ.get("STOP_AT"), Path(__file__).parent


def stop():
    (HERE / "stopped").touch()
    time.sleep(600)


def here(place):
    if PLACE == place:
        stop()


def half(function, target, place, matches=""):
    """Let a function write its file, then cut that in two and stop."""

    def wrapped(*arguments, **words):
        done = function(*arguments, **words)
        file = Path(target(*arguments))
        if PLACE == place and matches in file.name:
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
            stop()
        return done

    return wrapped


def page(app, name, *_):
    if PLACE == "page" and name.endswith("plot_two"):
        Path(app.outdir, "tutorials").mkdir(parents=True, exist_ok=True)
        Path(app.outdir, f"{name}.html").write_text("<!DOCTYPE html><ht")
        stop()


def copied(app):
    if PLACE == "copy":
        folder = Path(app.outdir, "_images")
        folder.mkdir(parents=True, exist_ok=True)
        for image, name in app.builder.images.items():
            content = Path(app.srcdir, image).read_bytes()
            (folder / name).write_bytes(content[: len(content) // 2])
        stop()
    return []


def setup(app):
    if PLACE:
        stop_there(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def stop_there(app):
    Figure.savefig = half(Figure.savefig, lambda figure, file: file, "image", "two_001_2x")
    shutil.copyfile = half(shutil.copyfile, lambda source, file: file, "drawn", "cells")
    Path.write_text = half(Path.write_text, lambda file, *_: file, "records", "records.json")
    light_pages.write = half(light_pages.write, lambda file, _: file, "finish", ".css")
    app.connect("html-page-context", page)
    app.connect("html-collect-pages", copied, priority=900)
'''
LINE = FIGURE.format(name="line", description="A line.", caption=None)


def make(folder):
    """Return the site, with three tutorials, of which the second may stop."""
    site = Site(folder)
    site.write("stopper.py", STOPPER)
    settings = ['checked_examples = ["examples"]', 'project = author = copyright = "small"']
    settings.append('sphinx_gallery_conf["min_reported_time"] = 1e9')
    ours = ["pages.checked_examples", "pages.data", "explorer", "html.light_pages", "stopper"]
    libraries = ["sphinx.ext.autodoc", "myst_parser"]
    site.configure(*libraries, *ours, settings="\n".join(settings))
    site.script("one", f"from shapes import name\n{LINE}print(name(2))", title="One")
    site.script("two", f"{LINE}import stopper\nstopper.here('tutorial')", title="Two")
    site.script("six", "{1, 2}", title="Six")
    head = "---\norphan: true\n---\n# Page\n\n"
    site.write("docs/figures/cells.py", LINE.replace('"line"', '"cells"'))
    site.write("cnnvis/explorer/web/explorer.js", "const one = 1;\n")
    for name, text in {
        "api": "```{eval-rst}\n.. autofunction:: shapes.square\n\n.. used-in:: shapes.name\n```\n",
        "drawn": "```{drawn-figure} cells\n```\n",
        "examples": "```python\n>>> from shapes import name\n>>> name(2)\n'2'\n```\n",
        "data": "```{data-sets}\n```\n",
        "seconds": "```{build-seconds}\n```\n",
        "profile": "```{build-profile}\n```\n",
        "shown": "```{tutorial-figure} plot_one/line\n```\n",
        "explorer/index": "```{explorer} mnist\n```\n",
    }.items():
        site.write(f"docs/{name}.md", head + text)
    return site
