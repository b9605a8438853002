"""Join the parts of a script, which import each other, into one classic script and one style.

The parts in ``web`` are JavaScript modules: browsers refuse those in pages that were opened from
the disk. So they are joined without their `import` and `export`, into one function, in which their
names stay among themselves. The style of a part lies beside it, under the same name.

Nothing outside the standard library is imported here, so that a build of the site can load this
file without waiting for PyTorch.
"""

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

WEB = Path(__file__).with_name("web")
_HEAD = "/* Joined from the parts in cnnvis/explorer/web. */\n"
_IMPORT = re.compile(r'^import \{([\w\s,]+)\} from "([^"\n]+)";\n\n?', re.MULTILINE)
_DECLARED = re.compile(
    r"^(export )?(?:(?:async )?function\*?|const|let|class) ([A-Za-z_$][\w$]*)", re.MULTILINE
)
_UNREAD = re.compile(
    r"^\s*(?:import|export)\b.*|^(?:var\b|const [{[]|let [{[]).*"
    r"|^(?!\s*(?:/?\*|//)).*\bimport[.(].*",  # but for types, in comments
    re.MULTILINE,
)


class JoinError(ValueError):
    """The parts can't be joined; the message names the part, and what would work."""


@dataclass(frozen=True)
class Part:
    """One file: its text without imports and exports, and what it takes and gives.

    Attributes:
        path: Its place below the folder of all parts, such as ``"controls/elements.js"``.
        text: What is left of it for the joined script.
        style: The text of the style that lies beside it, or ``""``.
        imports: For each part that it names, by path, the names that it takes from there.
        declared: All names that it declares at the top.
        exported: Those of them that others can take.
    """

    path: str
    text: str
    style: str
    imports: dict[str, tuple[str, ...]]
    declared: tuple[str, ...]
    exported: tuple[str, ...]


def find_parts(entries, folder=WEB):
    """Return the parts that scripts need, each after all that it imports.

    Args:
        entries: Paths of the parts that start something, below `folder`, such as
            ``["explorer.js"]``.
        folder: The folder of all parts.

    Returns:
        A list of parts: those that an import names first come first.

    Raises:
        JoinError: If an import names no part, or no export of one; if parts import each other in
            a circle; if two declare the same name; if one has an import or an export that can't be
            joined.
    """
    read, found = {}, []

    def visit(path, way):
        if path in way:
            circle = " -> ".join([*way[way.index(path) :], path])
            raise JoinError(
                f"Parts must not import each other in a circle; these do: {circle}. A part that "
                "holds what both need, or a function handed over as an argument, would work."
            )
        if path in read:
            return
        part = read_part(path, folder)
        for other in part.imports:
            visit(other, [*way, path])
        read[path] = part
        found.append(part)

    for entry in entries:
        visit(entry, [])
    _check_names(found)
    return found


def read_part(path, folder=WEB):
    """Read one part, see `find_parts`."""
    file = Path(folder, path)
    text = file.read_text("utf-8")
    imports = {}
    for names, target in _IMPORT.findall(text):
        other = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if not target.startswith(("./", "../")) or not Path(folder, other).is_file():
            raise JoinError(
                f'{path} imports from "{target}", which is no part. A path to a file in '
                f'{Path(folder).name}/ would work, such as "./name.js".'
            )
        taken = tuple(name.strip() for name in names.split(",") if name.strip())
        imports[other] = imports.get(other, ()) + taken
    body = _IMPORT.sub("", text)
    declared = _DECLARED.findall(body)
    body = _DECLARED.sub(lambda found: found[0].removeprefix("export "), body)
    if unread := _UNREAD.search(body):
        raise JoinError(
            f"{path} has a line that can't be joined: {unread[0].strip()!r}. What works is "
            '`import { one, two } from "./name.js";`, and `export` before a `function`, `class`, '
            "`const` or `let` of one name."
        )
    style = file.with_suffix(".css")
    return Part(
        path,
        body.strip() + "\n",
        style.read_text("utf-8") if style.is_file() else "",
        imports,
        tuple(name for _, name in declared),
        tuple(name for export, name in declared if export),
    )


def _check_names(parts):
    """Refuse imports of what isn't exported, and names that two parts declare."""
    by_path = {part.path: part for part in parts}
    owners = {}
    for part in parts:
        for other, names in part.imports.items():
            for name in names:
                if name not in by_path[other].exported:
                    offered = ", ".join(sorted(by_path[other].exported)) or "nothing"
                    raise JoinError(
                        f"{part.path} imports `{name}` from {other}, which exports {offered}."
                    )
        for name in part.declared:
            if name in owners:
                raise JoinError(
                    "In the joined script a name stands for one thing; "
                    f"both {owners[name]} and {part.path} declare `{name}`. "
                    "Another name in one of them would work."
                )
            owners[name] = part.path


def join_script(entries, folder=WEB):
    """Return one classic script that runs the entries in their order, see `find_parts`."""
    body = "\n".join(part.text for part in find_parts(entries, folder))
    return f'{_HEAD}"use strict";\n(() => {{\n{body}}})();\n'


def join_style(entries, folder=WEB):
    """Return the styles of the same parts as one, in the same order."""
    return _HEAD + "\n".join(part.style for part in find_parts(entries, folder) if part.style)
