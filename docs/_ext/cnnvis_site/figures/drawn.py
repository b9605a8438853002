"""``drawn-figure``: a figure that a small script beside the page draws while the site is built.

The script stands in the folder ``figures`` next to the page and ends, like a tutorial's figure,
with `save_figure`, which gives the image its name and description.
"""

import runpy
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from cnnvis_site.figures import scraper, style
from cnnvis_site.figures.named import TutorialFigure
from cnnvis_site.rebuild import page_dependencies

FOLDER = "_build/drawn"  # below the source folder, where Sphinx looks for images


class DrawnFigure(TutorialFigure):
    """Run ``figures/NAME.py`` and show the figure; the content replaces its caption."""

    option_spec = {"class": TutorialFigure.option_spec["class"]}  # noqa: RUF012

    def _find(self, name):
        script = Path(self.env.relfn2path(f"figures/{name}.py")[1])
        if not script.is_file():
            known = ", ".join(sorted(file.stem for file in script.parent.glob("*.py"))) or "none"
            raise self.error(f'No script draws a figure named "{name}". The names: {known}.')
        page_dependencies.note(self.env, "code", script.read_text("utf-8"))
        return self._draw(script) | {"file": str(script)}

    def _draw(self, script):
        import matplotlib.pyplot as plt

        from cnnvis.plots.save import figure_text

        plt.close("all")
        style.reset({}, script)
        try:
            runpy.run_path(str(script))
            figures = [plt.figure(number) for number in plt.get_fignums()]
            texts = [figure_text(figure) for figure in figures]
            if len(texts) != 1 or texts[0] is None or texts[0].name != script.stem:
                raise self.error(
                    f"{script.name} has to draw one figure and end with save_figure(fig, "
                    f'"{script.stem}", "what it shows"); it drew {len(figures)}.'
                )
            return self._write(figures[0], texts[0])
        finally:
            plt.close("all")

    def _write(self, figure, text):
        """Save the images; those that have not changed keep their date, by which Sphinx goes."""
        page = self.env.current_document.docname.replace("/", "-")
        folder = Path(self.env.srcdir, FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory() as new:
            image = Path(new, FOLDER, f"{page}-{text.name}.png")
            image.parent.mkdir(parents=True)
            facts = scraper.write(figure, text, image, Path(new))
            for file in image.parent.iterdir():
                old = folder / file.name
                if not old.exists() or old.read_bytes() != file.read_bytes():
                    shutil.copyfile(file, old)
                self.env.note_dependency(str(old))  # one that is deleted is drawn again
        return facts


def setup(app):
    """Register the directive."""
    app.add_directive("drawn-figure", DrawnFigure)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
