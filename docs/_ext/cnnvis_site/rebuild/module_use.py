"""Which files of a package a script uses, found by reading code without running it.

A name imported from the package itself counts as every module that defines it, and a name that
none defines as the whole package: too much is run again rather than too little.
"""

from typing import NamedTuple

from cnnvis_site.rebuild import code_reading


class Use(NamedTuple):
    """What a script uses, directly or through the package.

    Attributes:
        files: Files of the package.
        imports: Dotted names from outside the package and the standard library.
        given: For each reader in reach, the names that it is called with; None if nobody can tell.
    """

    files: list
    imports: set
    given: dict


class Package:
    """The package in `folder`, as it is now.

    `readers` maps functions that find files by a name, such as ``data.load``, to the folder of the
    package in which they look, or to None if they look elsewhere.
    """

    def __init__(self, folder, readers):
        self.folder, self.readers = folder, readers
        files = sorted(folder.glob("**/*")) if folder.is_dir() else []
        self.modules = {self._dotted(file): file for file in files if file.suffix == ".py"}
        self.others = [file for file in files if file.is_file() and not _is_code(file)]
        self.codes = {name: file.read_text("utf-8") for name, file in self.modules.items()}
        self.facts = {name: self._facts(self.codes[name], self._here(name)) for name in self.codes}
        self.init = self.modules.pop("", None)
        if self.init and self.facts.pop("")["only_passes_on"]:
            self.init = None  # what it passes on is followed to where it is defined

    def use(self, code):
        """Return what `code` uses."""
        own = self._facts(code, None)
        seen, waiting = set(), self._found(own)
        while waiting:
            name = waiting.pop()
            seen.add(name)
            waiting |= self._found(self.facts[name]) - seen
        known = [own, *(self.facts[name] for name in seen)]
        asked = {one: _given(known, one) for one in self.readers if _module(one) in seen}
        files = {self.modules[name] for name in seen | self._above(seen)} | self._read(seen, asked)
        if seen and self.init:
            files.add(self.init)
        return Use(sorted(files), {one for facts in known for one in facts["outside"]}, asked)

    def _facts(self, code, here):
        return code_reading.facts(code, self.folder.name, here, sorted(self.readers))

    def _dotted(self, file):
        parts = file.relative_to(self.folder).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def _here(self, name):
        """Return the name by which a module's own imports are understood."""
        is_package = self.modules[name].name == "__init__.py"
        return f"{name}.__init__" if name and is_package else name

    def _above(self, seen):
        """Return the sub-packages that importing these runs too, where they hold any code."""
        parts = [name.split(".") for name in seen]
        above = {".".join(one[:length]) for one in parts for length in range(1, len(one))}
        return {one for one in above & self.facts.keys() if not self.facts[one]["only_passes_on"]}

    def _found(self, facts):
        return {module for name in facts["inside"] for module in self._modules_of(name)}

    def _modules_of(self, name):
        """Return the modules that the dotted `name` may stand for or live in."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            if (module := ".".join(parts[:length])) in self.modules:
                below = f"{module}." if parts[length:] == ["*"] else "no module"
                return {module, *(one for one in self.modules if one.startswith(below))}
        if name.startswith("__"):  # __version__ and the like
            return set()
        found = {one for one, facts in self.facts.items() if parts[0] in facts["defined"]}
        return found or {*self.modules}

    def _read(self, seen, asked):
        """Return the files that are no code and lie in the package or a folder that `seen` name.

        Of a folder that belongs to a reader, only those that it is asked for.
        """
        text = "\n".join(self.codes[name] for name in seen)
        wanted = {self.readers[reader]: names for reader, names in asked.items()}
        return {
            file
            for file in self.others
            if (file.parent == self.folder and seen) or f'"{file.parent.name}"' in text
            if (names := wanted.get(file.parent.name)) is None or file.stem in names
        }


def _given(known, reader):
    names = [facts["given"][reader] for facts in known]
    return None if None in names else {name for some in names for name in some}


def _module(reader):
    return reader.rpartition(".")[0]


def _is_code(file):
    return file.suffix in {".py", ".pyc", ".pyi"} or file.name.startswith(".")
