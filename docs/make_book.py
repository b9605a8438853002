"""Make the book: ``make pdf``, or ``python docs/make_book.py``.

Sphinx writes the LaTeX, after running the tutorials that have changed; LuaLaTeX sets it. A book
with an error, a line or a figure that runs into the margin, a missing letter or a reference to
nowhere is not handed out.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
LATEX = HERE / "_build" / "latex"
BOOK = HERE / "_build" / "pdf" / "cnnvis.pdf"
PACKAGES = (
    "latexmk texlive-luatex texlive-latex-recommended texlive-latex-extra "
    "fonts-texgyre fonts-texgyre-math fonts-dejavu-core"
)
TOLERANCE = {"wide": 3, "high": 10}  # points: a millimetre, less than a line
TOO_BIG = re.compile(r"Overfull \\[hv]box \(([\d.]+)pt too (wide|high)\).*")
WRONG = re.compile(
    r"Missing character: .*"
    r"|.*Warning: (?:Reference|Citation|Hyper reference|Label) .*"
    r"|.*Warning: Float too large .*"
    r"|.*Font Warning: Font shape .* undefined.*"
    r"|(?:\./)?[^\s:]+\.\w+:\d+: .*"  # an error, at file:line
    r"|! .*"
)


def problems(log):
    """Return the lines of LuaLaTeX's last log that say that the book isn't as it should be."""
    found = []
    for line in log.splitlines():
        size = TOO_BIG.fullmatch(line)
        if WRONG.fullmatch(line) or (size and float(size[1]) > TOLERANCE[size[2]]):
            found.append(line)
    return list(dict.fromkeys(found))


def main():
    """Write docs/_build/pdf/cnnvis.pdf.

    Raises:
        SystemExit: LaTeX isn't there, a step failed, or the log holds a problem.
    """
    missing = [name for name in ("latexmk", "lualatex") if shutil.which(name) is None]
    if missing:
        raise SystemExit(
            f"The book needs {' and '.join(missing)}, which can't be found. "
            f"On Debian: apt-get install --no-install-recommends {PACKAGES}"
        )
    sphinx = [sys.executable, "-m", "sphinx", "-W", "-n", "--keep-going", "-t", "book"]
    environment = os.environ | {"CNNVIS_OFFLINE": "1"}
    BOOK.unlink(missing_ok=True)
    answer = subprocess.run([*sphinx, "-b", "latex", HERE, LATEX], env=environment)  # noqa: S603
    if answer.returncode:
        raise SystemExit("Sphinx did not write the book.")
    failed = _typeset()
    log = (LATEX / "cnnvis.log").read_text("utf-8", errors="replace")
    found = problems(log)
    if failed or found:
        for file in LATEX.glob("cnnvis.fdb_latexmk"):  # else the next run trusts this one
            file.unlink()
        lines = [f"  {line}" for line in found[:40]] or [f"  see {LATEX / 'cnnvis.log'}"]
        raise SystemExit("\n".join(["LuaLaTeX is not content with the book:", *lines]))
    BOOK.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(LATEX / "cnnvis.pdf", BOOK)
    pages = re.search(r"Output written on .*\((\d+) pages", log)[1]
    print(f"The book of {pages} pages is at {BOOK.relative_to(HERE.parent)}")


def _typeset():
    """Run LuaLaTeX as often as references need; return whether it failed."""
    command = ["latexmk", "-lualatex", "-interaction=nonstopmode", "-halt-on-error"]
    command += ["-file-line-error", "-silent", "cnnvis.tex"]
    environment = os.environ | {"max_print_line": "10000"}  # else the log breaks its lines at 79
    with (LATEX / "latexmk.txt").open("w") as output:
        streams = {"stdout": output, "stderr": subprocess.STDOUT}
        answer = subprocess.run(command, cwd=LATEX, env=environment, **streams)  # noqa: S603
    return answer.returncode != 0


if __name__ == "__main__":
    main()
