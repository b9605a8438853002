"""Tell where two builds of the site differ, file by file: ``compare_builds.py FIRST SECOND``.

Files that only one of them has are listed, and those that differ, with what it is in them that
does: lines of a text, the pixels of an image or the words beside them, the members of an archive,
the cells of a notebook, the names of an inventory. The exit status is 1 if there is a difference.
Sphinx's own store, ``.doctrees``, holds paths and times and is left out.
"""

import argparse
import difflib
import io
import json
import sys
import zipfile
import zlib
from pathlib import Path

IGNORED = (".doctrees",)
MOST_LINES, WIDTH = 6, 160


def differences(first, second):
    """Yield a line or more for each file in which the folders differ."""
    here, there = files(first), files(second)
    yield from (f"only in {first}: {name}" for name in sorted(here - there))
    yield from (f"only in {second}: {name}" for name in sorted(there - here))
    for name in sorted(here & there):
        one, two = Path(first, name).read_bytes(), Path(second, name).read_bytes()
        if one != two:
            yield "\n    ".join([f"{name} differs:", *what(name, one, two)])


def files(folder):
    """Return the names of all files below a folder, those of Sphinx's store apart."""
    found = (file.relative_to(folder) for file in Path(folder).rglob("*") if file.is_file())
    return {name.as_posix() for name in found if name.parts[0] not in IGNORED}


def what(name, one, two):
    """Return lines that say what differs between two contents of a file."""
    describe = READERS.get(Path(name).suffix, as_text)
    try:
        before, after = describe(one), describe(two)
    except Exception as error:
        return [f"{len(one)} and {len(two)} bytes; one can't be read: {error!r}"]
    if before is None or after is None:
        return [f"{len(one)} and {len(two)} bytes, from byte {first_difference(one, two)} on"]
    lines = list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]
    lines = [clip(line) for line in lines if not line.startswith("@@")]
    if not lines:
        return [f"the same to a reader; its bytes differ from {first_difference(one, two)} on"]
    more = [f"… and {len(lines) - MOST_LINES} lines more"] if len(lines) > MOST_LINES else []
    return lines[:MOST_LINES] + more


def first_difference(one, two):
    """Return the position of the first byte that differs."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(two)))


def clip(line):
    """Shorten a long line."""
    return line if len(line) <= WIDTH else line[:WIDTH] + "…"


def as_text(content):
    """Return the lines of a text; None if it is none."""
    try:
        return content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return None


def as_script(content):
    """Return the parts of a text of few, long lines, such as the search index."""
    return content.decode("utf-8").replace(",", ",\n").splitlines()


def as_image(content):
    """Return the size, mode, checksum of the pixels and words of an image."""
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        facts = {"size": image.size, "mode": image.mode, **image.info}
        facts["pixels"] = f"checksum {zlib.crc32(image.tobytes()):08x}"
    return [f"{key}: {value}" for key, value in facts.items()]


def as_archive(content):
    """Return name, time, rights and checksum of each member."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [
            f"{one.filename}: time {one.date_time}, rights {one.external_attr:o}, "
            f"{one.file_size} bytes, checksum {one.CRC:08x}, method {one.compress_type}"
            for one in archive.infolist()
        ]


def as_notebook(content):
    """Return the lines of a notebook, each cell under its number and its id."""
    notebook = json.loads(content)
    lines = [f"metadata: {json.dumps(notebook.get('metadata'), sort_keys=True)}"]
    for number, cell in enumerate(notebook["cells"]):
        lines.append(f"cell {number}: {cell['cell_type']}, id {cell.get('id')}")
        lines += "".join(cell["source"]).splitlines()
    return lines


def as_inventory(content):
    """Return the names of an inventory of Sphinx: four lines, then the rest compressed."""
    *head, rest = content.split(b"\n", 4)
    return b"\n".join([*head, zlib.decompress(rest)]).decode("utf-8").splitlines()


READERS = {
    ".inv": as_inventory,
    ".ipynb": as_notebook,
    ".js": as_script,
    ".png": as_image,
    ".webp": as_image,
    ".whl": as_archive,
    ".zip": as_archive,
}


def report(first, second):
    """Print the differences, or that there are none; return the number of files that differ."""
    found = list(differences(first, second))
    print("\n".join(found) or f"the same: {len(files(first))} files")
    return len(found)


def main():
    """Return the number of files that differ between the folders that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    options = parser.parse_args()
    for folder in (options.first, options.second):
        if not folder.is_dir():
            parser.error(f"{folder} is no folder")
    return report(options.first, options.second)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
