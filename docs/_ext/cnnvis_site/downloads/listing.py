"""What the page of downloads lists: ``site-file``, ``tutorial-files`` and ``with-wheel``."""

import posixpath
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from cnnvis_site.downloads import stage


class SiteFile(SphinxDirective):
    """A button that leads to a file at the top of the site: ``archive`` or ``wheel``."""

    required_arguments = 1

    def run(self):
        """Return a paragraph with the link, its words the name and the size."""
        pattern = {"archive": stage.ARCHIVE, "wheel": "*.whl"}[self.arguments[0]]
        file = next(Path(self.env.srcdir, stage.FOLDER).glob(pattern), None)
        if file is None:  # another builder than HTML
            return []
        self.env.note_dependency(str(file))
        page = self.env.current_document.docname
        address = posixpath.relpath(file.name, posixpath.dirname(page) or ".")
        text = f"Download {file.name} ({size(file)})"
        link = nodes.reference("", text, refuri=address, internal=True)
        classes = ["tutorial-downloads", "site-file"]
        return [nodes.container("", nodes.paragraph("", "", link), classes=classes)]


class TutorialFiles(SphinxDirective):
    """All tutorials with their files."""

    def run(self):
        """Return a list of titles, each with two links."""
        lines = []
        for script in stage.scripts(self.env.srcdir, self.config):
            page = script.relative_to(self.env.srcdir).with_suffix("").as_posix()
            staged = Path(stage.FOLDER, script.parent.name, script.name)
            files = [staged, staged.with_suffix(".ipynb")]
            links = [
                f"{{download}}`{file.name} </{file.as_posix()}>` "
                f"({size(Path(self.env.srcdir, file))})"
                for file in files
                if Path(self.env.srcdir, file).is_file()
            ]
            lines += [f"{{doc}}`/{page}`", f": {', '.join(links)}", ""]
        return self.parse_text_to_nodes("\n".join(lines))


class WithWheel(SphinxDirective):
    """Markdown in which WHEEL is the wheel's name, and SITE the address of the published site."""

    has_content = True
    option_spec = {"published": directives.flag}  # noqa: RUF012

    def run(self):
        """Return the content; nothing if it is for a published site and this one is not."""
        site = self.config.downloads_site
        wheel = next(Path(self.env.srcdir, stage.FOLDER).glob("*.whl"), None)
        if wheel is None or ("published" in self.options and not site):
            return []
        self.env.note_dependency(str(wheel))
        text = "\n".join(self.content).replace("WHEEL", wheel.name).replace("SITE", site)
        return self.parse_text_to_nodes(text)


def size(file):
    """Return the size of a file in words."""
    count = file.stat().st_size
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{max(1, round(count / 1e3))} KB"


def setup(app):
    """Register the directives; pages are read again when the site's address is another."""
    app.add_config_value("downloads_site", stage.site_address(), "env")
    app.add_directive("site-file", SiteFile)
    app.add_directive("tutorial-files", TutorialFiles)
    app.add_directive("with-wheel", WithWheel)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
