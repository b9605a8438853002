"""The book: how LaTeX is to set what ``docs/book.md`` collects.

Its looks are in ``docs/_latex/cnnvis-book.sty``. Both are kept out of conf.py, since a change there
runs every tutorial again. What pages need in print is in ``pages.py``.
"""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

LOOKS = Path(__file__).parents[3] / "_latex" / "cnnvis-book.sty"
TITLE = "See what a convolutional network sees"
COVER = "/plot_20_filters/orig_and_conv1_grid"
FONTS = r"""
\directlua{luaotfload.add_fallback("dejavu", {"DejaVu Sans:mode=node;"})}
\setmainfont{TeX Gyre Pagella}[RawFeature={fallback=dejavu}]
\setsansfont{TeX Gyre Heros}[Scale=MatchLowercase, RawFeature={fallback=dejavu}]
\setmonofont{DejaVu Sans Mono}[
  Scale=MatchLowercase, RawFeature={fallback=dejavu},
  ItalicFont={DejaVu Sans Mono}, ItalicFeatures={FakeSlant=.2},
  BoldItalicFont={DejaVu Sans Mono Bold}, BoldItalicFeatures={FakeSlant=.2},
]
\usepackage{unicode-math}
\setmathfont{TeX Gyre Pagella Math}
"""
ELEMENTS = {
    "papersize": "a4paper",
    "pointsize": "11pt",
    "extraclassoptions": "openany,oneside",
    "polyglossia": "",
    "babel": r"\usepackage{babel}",
    "fontpkg": FONTS,
    "fncychap": "",
    "geometry": r"\usepackage[hmargin=25mm,top=28mm,bottom=26mm,headsep=8mm]{geometry}",
    "fvset": r"\fvset{fontsize=\cnnviscodesize}",
    "secnumdepth": r"\setcounter{secnumdepth}{0}",
    "tocdepth": r"\setcounter{tocdepth}{0}",
    "figure_align": "!htbp",
    "maketitle": r"\cnnvistitlepage",
    "makeindex": "",
    "printindex": "",
}


def configure(_app, config):
    """Set what the book needs; a build of the site takes no notice of it."""
    config.latex_engine = "lualatex"
    config.latex_use_xindy = False
    config.latex_elements = dict(ELEMENTS)
    config.latex_documents = [("book", f"{config.project}.tex", TITLE, config.author, "manual")]
    config.latex_toplevel_sectioning = "part"
    config.latex_table_style = ["booktabs"]
    config.latex_domain_indices = False
    config.latex_additional_files = [str(LOOKS)]


def fill_in(app):
    """Give the title page its date and its image, once the tutorials have run."""
    if app.builder.format != "latex":
        return
    day = last_change(app.srcdir)
    facts = {"date": f"{day.day} {day:%B %Y}", "language": app.config.language.replace("_", "-")}
    found = [figure for key, figure in app.env.tutorial_figures.items() if key.endswith(COVER)]
    if found:
        Path(app.outdir).mkdir(parents=True, exist_ok=True)
        copyfile(Path(app.srcdir, found[0]["image_2x"]), Path(app.outdir, "cover.png"))
        facts["cover"] = "cover.png"
    macros = "".join(rf"\newcommand{{\cnnvis{name}}}{{{fact}}}" for name, fact in facts.items())
    app.builder.context["preamble"] = macros + "\n" + r"\usepackage{cnnvis-book}"


def last_change(folder):
    """Return the day of the last commit: one state of the sources gives one book."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or _last_commit(folder)
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else datetime.now(UTC)


def _last_commit(folder):
    command = ["git", "log", "-1", "--format=%ct"]
    try:
        answer = subprocess.run(command, cwd=folder, capture_output=True, text=True)  # noqa: S603
    except OSError:  # no git
        return ""
    return answer.stdout.strip()


def setup(app):
    """Connect the hooks; `fill_in` comes after `figures.named` has read the figures, at 700."""
    app.connect("config-inited", configure, priority=100)
    app.connect("builder-inited", fill_in, priority=750)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
