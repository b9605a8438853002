"""Run a tutorial again when something that it uses has changed, and trust no failed build.

sphinx-gallery alone looks at the script only. Here each tutorial has a fingerprint of the script,
the modules of the package that it uses (see ``module_use.py``), the versions of the libraries, the
data at hand and the style. A fingerprint is written down when a whole build has passed without a
warning, so whatever ran in a build that failed or was interrupted runs again.
"""

import hashlib
import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import data_state
import module_use
from sphinx.util import logging

logger = logging.getLogger(__name__)
LIBRARIES = (
    "torch",
    "torchvision",
    "numpy",
    "matplotlib",
    "scikit-image",
    "scikit-learn",
    "captum",
    "tensorboard",
    "safetensors",
    "sphinx-gallery",
)
STYLE = (
    "gallery_setup.py",
    "figure_scraper.py",
    "figure_axes.py",
    "figure_charts.py",
    "figure_grids.py",
    "figure_tables.py",
)
SETTINGS = ("capture_repr", "ignore_repr_types", "min_reported_time", "remove_config_comments")


def distrust_failed_build(app, _config):
    """Forget what Sphinx read if the last build did not end well, so that it warns again."""
    if _marker(app).exists():
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)
    _marker(app).parent.mkdir(parents=True, exist_ok=True)
    _marker(app).touch()


def invalidate(app):
    """Make sphinx-gallery run the tutorials whose fingerprints have changed."""
    surroundings = _surroundings(app)
    package = Path(app.srcdir, app.config.freshness_package).resolve()
    known = _read(app)
    app.tutorial_fingerprints = {}
    for script, copy in _tutorials(app):
        name = copy.relative_to(app.srcdir).as_posix()
        fingerprint = _fingerprint(script, package, surroundings)
        app.tutorial_fingerprints[name] = fingerprint
        if known.get(name) != fingerprint:
            known.pop(name, None)  # else undoing a change would look like no change
            copy.with_name(copy.name + ".md5").unlink(missing_ok=True)
    _write(app, known)
    _forget_removed(app)


def confirm(app, exception):
    """Write the fingerprints down, and take the marker away, after a build without a warning."""
    if exception is None and app._warncount == 0 and app.statuscode == 0:
        if app.config.sphinx_gallery_conf["plot_gallery"]:
            _write(app, app.tutorial_fingerprints)
        _marker(app).unlink(missing_ok=True)


def _marker(app):
    return Path(app.doctreedir, "build-not-finished")


def _store(app):
    return Path(app.srcdir, app.config.sphinx_gallery_conf["gallery_dirs"][0], "fingerprints.json")


def _read(app):
    try:
        return json.loads(_store(app).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _write(app, fingerprints):
    _store(app).parent.mkdir(parents=True, exist_ok=True)
    _store(app).write_text(json.dumps(fingerprints, indent=1), "utf-8")


def _galleries(app):
    conf = app.config.sphinx_gallery_conf
    for source, target in zip(conf["examples_dirs"], conf["gallery_dirs"], strict=True):
        yield Path(app.srcdir, source).resolve(), Path(app.srcdir, target)


def _tutorials(app):
    for source, target in _galleries(app):
        for script in sorted(source.glob("**/plot_*.py")):
            yield script, target / script.relative_to(source)


def _forget_removed(app):
    """Delete the pages of tutorials that were renamed or removed: Sphinx would still read them."""
    wanted = {copy for _, copy in _tutorials(app)}
    for _, target in _galleries(app):
        for copy in set(target.glob("**/plot_*.py")) - wanted:
            leftovers = (f"{copy.stem}.*", f"images/**/sphx_glr_{copy.stem}_*")
            for file in (file for pattern in leftovers for file in copy.parent.glob(pattern)):
                file.unlink()


def _fingerprint(script, package, surroundings):
    digest = hashlib.sha256(surroundings.encode())
    for file in [script, *module_use.files_used(script, package)]:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _surroundings(app):
    """Return what all tutorials have in common: libraries, data and style, as one text."""
    facts = [f"{name} {_version(name)}" for name in LIBRARIES]
    style = [Path(__file__).with_name(name) for name in STYLE]
    facts += [file.read_text("utf-8") for file in style]
    facts += [f"{key} {app.config.sphinx_gallery_conf[key]!r}" for key in SETTINGS]
    return "\n".join(facts + data_state.listing())


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def setup(app):
    """Connect the hooks around sphinx-gallery's, which have the priority 500."""
    app.add_config_value("freshness_package", "", "")
    app.connect("config-inited", distrust_failed_build, priority=900)
    app.connect("builder-inited", invalidate, priority=100)
    app.connect("build-finished", confirm, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
