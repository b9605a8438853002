"""Run a tutorial again when something that it uses has changed, and trust no failed build.

sphinx-gallery alone looks at the script only. Here each tutorial has a record: what it depends on
(see ``fingerprints.py``), and the checksum of every file that it left. It is written when the
tutorial has run to its end without a warning. A tutorial runs again if it has no record, if what it
depends on has changed, or if one of its files is missing or not the same.
"""

import json
from pathlib import Path

from sphinx.util import logging

from cnnvis_site.rebuild import fingerprints
from cnnvis_site.rebuild.files import digest, digest_of, memory, read_json, write
from cnnvis_site.rebuild.gallery_files import forget_removed, left, tutorials

logger = logging.getLogger(__name__)


class Records:
    """The tutorials of a build, what they depend on, and which records hold."""

    def __init__(self, app):
        self.app, self.warnings = app, 0
        self.scripts = dict(tutorials(app))
        self.now = {
            copy: fingerprints.current.of(script.read_text("utf-8"))
            for copy, script in self.scripts.items()
        }
        gallery = app.config.sphinx_gallery_conf["gallery_dirs"][0]
        self.file = Path(app.srcdir, gallery, "records.json")
        self.known = read_json(self.file)

    def drop_outdated(self):
        """Make sphinx-gallery run the tutorials whose records do not hold."""
        names = {self.name(copy) for copy in self.scripts}
        self.known = {name: one for name, one in self.known.items() if name in names}
        for copy in self.scripts:
            if why := self._why(copy):
                logger.info("%s runs: %s", self.name(copy), why)
                self.known.pop(self.name(copy), None)  # else undoing a change would go unnoticed
                copy.with_name(copy.name + ".md5").unlink(missing_ok=True)
        self.write()

    def _why(self, copy):
        """Return what has changed since the tutorial ran; nothing if its record holds."""
        record = self.known.get(self.name(copy))
        if record is None:
            return "there is no record of a run that passed"
        changed = fingerprints.changed(record["files"], left(copy))
        changed = changed or fingerprints.changed(record["uses"], self.now[copy])
        return f"not as it was, {', '.join(changed)}" if changed else ""

    def start(self):
        """Note that a script starts."""
        self.warnings = self.app._warncount

    def finish(self, script_name):
        """Write the record of a script that has ended, if it ended well."""
        for copy in self.scripts:
            passed = copy.with_name(copy.name + ".md5").is_file()
            if copy.name == script_name and passed and self.app._warncount == self.warnings:
                record = {"uses": self.now[copy], "files": left(copy)}
                self.known[self.name(copy)] = record
                self.write()

    def write(self):
        """Write all records down."""
        write(self.file, json.dumps(self.known, indent=1))

    def name(self, copy):
        """Return the name of a tutorial: the path of its copy."""
        return copy.relative_to(self.app.srcdir).as_posix()


records = None  # those of this build


def watch(_conf, script, when):
    """Take notice of a tutorial's start and end; sphinx-gallery calls this around each script."""
    if records and when == "before":
        records.start()
    elif records:
        records.finish(Path(script).name)


def distrust_failed_build(app, _config):
    """Forget what Sphinx read if the last build did not end well, so that it warns again."""
    if _marker(app).exists():
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)
    _marker(app).parent.mkdir(parents=True, exist_ok=True)
    _marker(app).touch()


def invalidate(app):
    """Look what has to run."""
    global records
    memory.load(_memory(app))
    fingerprints.current = fingerprints.Fingerprints(app)
    records = Records(app)
    records.drop_outdated()
    forget_removed(app)


def confirm(app, exception):
    """Take the marker away after a build without a warning."""
    memory.keep(_memory(app))
    if exception is None and app._warncount == 0 and app.statuscode == 0:
        _marker(app).unlink(missing_ok=True)


def _state(files):
    """Return one checksum of files that shape all pages."""
    return digest("".join(map(digest_of, sorted(files))).encode())


def _marker(app):
    return Path(app.doctreedir, "build-not-finished")


def _memory(app):
    return Path(app.doctreedir, "memory.json")


def setup(app):
    """Connect the hooks around sphinx-gallery's, which have the priority 500."""
    app.add_config_value("rebuild_package", "", "")
    ours, static = Path(__file__).parents[1], Path(app.confdir, "_static")
    app.add_config_value("extensions_state", _state(ours.rglob("*.py")), "env", str)
    app.add_config_value("static_state", _state(static.glob("*.*")), "html", str)
    app.connect("config-inited", distrust_failed_build, priority=900)
    app.connect("builder-inited", invalidate, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
