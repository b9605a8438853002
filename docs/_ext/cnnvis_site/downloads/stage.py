"""Make what the site hands out: the package's wheel, the notebooks, and one archive of it all.

They are staged in ``_build/downloads`` when the tutorials have run, before pages are read, so that
pages can say how large they are, and a page that leads to one is read again when it changes.
sphinx-gallery's own notebooks stay as they are: it compares them with what it would write.
"""

import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sphinx.errors import ConfigError, ExtensionError
from sphinx.util import logging

from cnnvis_site.downloads import notebooks

logger = logging.getLogger(__name__)
FOLDER = "_build/downloads"  # below the source folder, where Sphinx looks for what it hands out
ARCHIVE = "cnnvis-tutorials.zip"
README = """\
{count} tutorials of cnnvis {version} (MIT licence), scripts (.py) and notebooks (.ipynb), in order.
Install the package first, with Python 3.11 or later: pip install "./{wheel}[tutorials]"
Then run a script in its own folder (python {first}), or open a notebook in Jupyter.
"""


def site_address():
    """Return the address of the published site with a slash at its end, or nothing.

    Raises:
        ConfigError: The variable holds something else.
    """
    address = os.environ.get("CNNVIS_SITE_URL", "").strip()
    if address and not re.fullmatch(r"https?://[\w.:/~-]+", address):
        raise ConfigError(
            f"CNNVIS_SITE_URL is the site's address, such as https://example.org/site/; "
            f"it is {address!r}. Begin it with https://, or unset it if there is none."
        )
    return address.rstrip("/") + "/" if address else ""


def stage(app):
    """Write everything that is handed out; runs when sphinx-gallery has written its own."""
    if app.builder.format != "html":
        return
    staged = Path(app.srcdir, FOLDER)
    wheel, content = build_wheel(Path(app.srcdir, app.config.downloads_project))
    files = {wheel: content}
    for script in scripts(app.srcdir, app.config):
        part = script.parent
        files[f"{part.name}/{script.name}"] = script.read_bytes()
        files[f"{part.name}/{script.stem}.ipynb"] = _notebook(script, app.srcdir, wheel)
    archive = pack(files | {"README.txt": _readme(files, wheel)})
    for old in (file for file in staged.rglob("*") if file.is_file()):
        if old.relative_to(staged).as_posix() not in {*files, ARCHIVE}:
            old.unlink()
    for name, content in {**files, ARCHIVE: archive}.items():
        _write(staged / name, content)


def scripts(source, config):
    """Return the tutorials that sphinx-gallery has copied into the source folder, in order."""
    folders = config.sphinx_gallery_conf["gallery_dirs"]
    found = (one for folder in folders for one in Path(source, folder).glob("*/plot_*.py"))
    return sorted(script for script in found if script.with_suffix(".ipynb").is_file())


def build_wheel(project):
    """Return name and content of a wheel; the same sources give the same bytes.

    Raises:
        ExtensionError: Hatchling failed; what it wrote is in the message.
    """
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True)  # noqa: S603
        wheels = sorted(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise ExtensionError(f"Hatchling built no wheel of {project}:\n{done.stderr}")
        return wheels[0].name, wheels[0].read_bytes()


def pack(files):
    """Return the bytes of an archive of `files`, in one folder, sorted, with one date."""
    seconds = max(int(os.environ.get("SOURCE_DATE_EPOCH", 0)), 315_532_800)  # zip starts in 1980
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            member = ZipInfo(f"{Path(ARCHIVE).stem}/{name}", time.gmtime(seconds)[:6])
            member.create_system, member.external_attr = 3, 0o100644 << 16
            member.compress_type = ZIP_DEFLATED
            archive.writestr(member, files[name])
    return packed.getvalue()


def deliver(app):
    """Put wheel and archive at the top of the site, and take away what it no longer offers."""
    site, staged = Path(app.outdir), Path(app.srcdir, FOLDER)
    for old in site.glob("*.whl"):
        old.unlink()
    for file in [*staged.glob("*.whl"), staged / ARCHIVE]:
        copyfile(file, site / file.name)
    offered = {Path(place).parts[0] for _, place in app.env.dlfiles.values()}
    for folder in Path(site, "_downloads").glob("*"):
        if folder.name not in offered:
            rmtree(folder)


def _notebook(script, source, wheel):
    notebook = json.loads(script.with_suffix(".ipynb").read_text("utf-8"))
    folder = script.parent.relative_to(source).as_posix()
    finished = notebooks.finish(notebook, folder, wheel, site_address())
    for cell in json.loads(finished)["cells"]:
        if cell["cell_type"] == "markdown":
            for piece in notebooks.leftovers("".join(cell["source"])):
                logger.warning("the notebook of %s would show %s", script.name, piece)
    return finished


def _readme(files, wheel):
    names = sorted(Path(name).name for name in files if name.endswith(".py"))
    facts = {"count": len(names), "version": wheel.split("-")[1], "wheel": wheel}
    first = next((Path(name).name for name in sorted(files) if name.endswith(".py")), "")
    return README.format(first=first, **facts).encode()


def _write(path, content):
    """Write, unless it is there: pages that lead to a file are read again when its date changes."""
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def setup(app):
    """Connect behind sphinx-gallery, which runs the tutorials at 500."""
    app.add_config_value("downloads_project", "..", "env")
    app.connect("builder-inited", stage, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
