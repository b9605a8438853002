"""What a piece of code depends on, and the state that each of it is in, found without running it.

That is the code itself; the modules of the package that it uses, and their files (see
``module_use.py``); the shipped networks and the image sets that it asks for; the versions of the
libraries that all of these import, and of Python; and the style and the settings of the tutorials.
"""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cnnvis_site.rebuild import code_reading, data_state, module_use
from cnnvis_site.rebuild.files import digest, digest_of

# functions that take a name
DATA, WEIGHTS = "data.loading.load", "models.pretrained.load_pretrained"
CONTROLS = "analysis.controls.load_controls"
READERS = {DATA: None, WEIGHTS: "weights", CONTROLS: "controls"}
ALWAYS = ("torch", "numpy", "matplotlib", "pillow", "sphinx-gallery")
DISTRIBUTIONS = {"PIL": "pillow", "skimage": "scikit-image", "sklearn": "scikit-learn"}
INNER = {"torch.utils.tensorboard": "tensorboard"}  # what a part of a library needs beside it
STYLE = ("cnnvis_site.figures.style", "cnnvis_site.figures.scraper")
SETTINGS = (
    "capture_repr",
    "doc_module",
    "ignore_repr_types",
    "image_scrapers",
    "inspect_global_variables",
    "line_numbers",
    "min_reported_time",
    "remove_config_comments",
    "show_memory",
    "show_signature",
    "thumbnail_size",
)


class Fingerprints:
    """Fingerprints of code, in the state in which everything is when this is made."""

    def __init__(self, app):
        folder = Path(app.srcdir, app.config.rebuild_package).resolve()
        self.package = module_use.Package(folder, READERS)
        settings = {key: app.config.sphinx_gallery_conf[key] for key in SETTINGS}
        self.common = {f"style {name}": digest_of(file) for name, file in style_files().items()}
        self.common |= {f"setting {key}": repr(value) for key, value in settings.items()}
        self.common["Python"] = ".".join(platform.python_version_tuple()[:2])
        self.digest = cache(digest_of)  # a module counts for many scripts

    def of(self, code):
        """Return the state of each thing that `code` depends on, by the name of the thing."""
        use = self.package.use(code)
        above = self.package.folder.parent
        files = {file.relative_to(above).as_posix(): self.digest(file) for file in use.files}
        libraries = sorted({*ALWAYS, *map(_distribution, use.imports)})
        sets = use.given.get(DATA, set())
        data = data_state.listing(sets) if sets != set() else {}
        versions = {f"version {name}": _version(name) for name in libraries}
        return {"code": digest(code.encode())} | files | data | versions | self.common


current = None  # those of the build that is under way


def changed(before, now):
    """Return the names of what differs between two fingerprints."""
    names = sorted({*before, *now})
    return [name for name in names if before.get(name) != now.get(name)]


def style_files():
    """Return the files of what shapes a tutorial's figures, with what that imports, by name."""
    waiting, found = [*STYLE], {}
    while waiting:
        name = waiting.pop()
        file = Path(__file__).parents[2].joinpath(*name.split(".")).with_suffix(".py")
        if name not in found and file.is_file():
            found[name] = file
            facts = code_reading.facts(file.read_text("utf-8"), "", None, [])
            ours = [one for one in facts["outside"] if one.startswith("cnnvis_site.")]
            waiting += [*ours, *(one.rpartition(".")[0] for one in ours)]
    return {name: found[name] for name in sorted(found)}


def _distribution(imported):
    for part, name in INNER.items():
        if f"{imported}.".startswith(f"{part}."):
            return name
    top = imported.partition(".")[0]
    return DISTRIBUTIONS.get(top, top)


@cache
def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
