"""What sphinx-gallery writes as notebooks, made fit to be handed out.

A cell that installs the package comes first, the prose is Markdown without a trace of
reStructuredText, links lead somewhere or are gone, and one tutorial gives one file, byte by byte.
"""

import json
import posixpath
import re
from urllib.parse import urljoin, urlsplit

INSTALL = """\
# Install cnnvis and what the tutorials use, unless it is here already.
from importlib import invalidate_caches
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

wheel = "{wheel}"
beside = [f"{{folder}}/{{wheel}}" for folder in (".", "..") if Path(folder, wheel).is_file()]


def is_here():
    invalidate_caches()
    versions = [found.version for found in distributions(name="cnnvis")]
    return versions[:1] == [wheel.split("-")[1]] and all(map(find_spec, {needs}))


if is_here():
    print("cnnvis is here already.")
elif beside:
    %pip install --quiet "{{beside[0]}}[tutorials]"
{otherwise}"""
FROM_SITE = """\
else:
    %pip install --quiet "cnnvis[tutorials] @ {site}{wheel}"
assert is_here(), "see what pip says above; {site}downloads.html has the newest files"
"""
BY_HAND = """\
assert is_here(), (
    f"put {wheel} into {Path.cwd()}, and run this cell again; "
    "the page called Downloads, where this notebook is from, has it"
)
"""
EXTRA = ("captum", "tensorboard")  # what the extra `tutorials` brings

CODE_OR_MATHS = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|(\$\$?)[^$]+\2", re.DOTALL)
DOUBLE_TICKS = re.compile(r"(?<!`)``(?!`)([^`]+)``(?!`)")
LINK = re.compile(r"\[([^\[\]]+)\]\(((?:[^()\s]|\([^()\s]*\))+)\)")
EQUATION = re.compile(r"\\begin\{align\}(.+?)\\end\{align\}", re.DOTALL)
REST = {
    "a role": r":[a-zA-Z][\w:+-]*:[`\0]",
    "a directive, a target or a comment": r"^[ \t]*\.\.(?: |$)",
    "a field": r"^[ \t]*:[\w -]+:(?=\s|$)",
    "a link": r"[`\0]__?(?!\w)",
    "two backticks": r"``",
    "a reference": r"(?<![\w/.])(?!_)\w*[^\W_]__?(?=[\s.,;:!?)]|$)|\]_",
    "a block that follows two colons": r"::[ \t]*$",
    "a substitution": r"\|\w[\w-]*\|",
    "a line under a heading": r"^([=\-~^\"'#*+])\1{3,}[ \t]*$",
}


def finish(notebook, folder, wheel, site=""):
    """Return the bytes of a notebook of sphinx-gallery's, made fit to be handed out.

    Args:
        notebook: What sphinx-gallery wrote, as a dict.
        folder: The folder of its page on the site, such as ``tutorials/1_building_blocks``.
        wheel: File name of the wheel.
        site: Address of the published site, with a slash at its end; empty if there is none.
    """
    otherwise = FROM_SITE.format(site=site, wheel=wheel) if site else BY_HAND
    code = "".join(line for cell in notebook["cells"] for line in cell["source"])
    needs = json.dumps([name for name in EXTRA if re.search(rf"\b(import|from) .*\b{name}", code)])
    install = INSTALL.format(wheel=wheel, needs=needs, otherwise=otherwise)
    cells = [_cell("code", install.strip(), "install")]
    for number, cell in enumerate(notebook["cells"], 1):
        source = "".join(cell["source"]).strip()
        if cell["cell_type"] == "markdown":
            source = clean(source, folder, site)
        cells.append(_cell(cell["cell_type"], source, f"{cell['cell_type']}-{number:02d}"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    finished = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = json.dumps(finished, indent=1, ensure_ascii=False, sort_keys=True)
    return f"{text}\n".encode()


def _cell(kind, source, name):
    cell = {"cell_type": kind, "id": name, "metadata": {}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": source.splitlines(keepends=True)}


def clean(markdown, folder, site=""):
    """Return Markdown as a notebook shows it right: maths between dollars, no relative link."""
    markdown = EQUATION.sub(_dollars, markdown)
    markdown = DOUBLE_TICKS.sub(lambda found: f"`{' '.join(found[1].split())}`", markdown)
    markdown = re.sub(r"::(\n\n(?: {4}|\t))", r":\1", markdown)
    return _outside_code(
        markdown, lambda prose: LINK.sub(lambda found: _lead(*found.groups(), folder, site), prose)
    )


def leftovers(markdown):
    """Return the pieces of reStructuredText in Markdown, each with what it is."""
    prose = CODE_OR_MATHS.sub(lambda part: "\0" if part[1] else "maths", markdown)
    prose = re.sub(r"\]\([^)]*\)|^(?: {4}|\t).*$", "", prose, flags=re.MULTILINE)
    found = {what: re.search(pattern, prose, flags=re.MULTILINE) for what, pattern in REST.items()}
    shown = {what: match[0].strip().replace("\0", "`") for what, match in found.items() if match}
    return [f"{what}, {text!r}" for what, text in shown.items()]


def _dollars(found):
    inner = found[1].strip()
    if "&" in inner or r"\\" in inner:
        inner = rf"\begin{{aligned}}{inner}\end{{aligned}}"
    return f"$${inner}$$"


def _outside_code(markdown, change):
    parts, at = [], 0
    for found in CODE_OR_MATHS.finditer(markdown):
        parts += [change(markdown[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*parts, change(markdown[at:])])


def _lead(text, address, folder, site):
    """Return a link that works from wherever the notebook lies, or its text alone."""
    if urlsplit(address).scheme:
        return f"[{text}]({address})"
    if site:
        return f"[{text}]({urljoin(f'{site}{folder}/', address)})"
    path = posixpath.normpath(posixpath.join(folder, urlsplit(address).path))
    part, _, name = path.removesuffix(".html").rpartition("/")
    if name.startswith("plot_"):
        return f"{text} (`{posixpath.basename(part)}/{name}.ipynb`)"
    return text
