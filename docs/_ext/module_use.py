"""Which files of a package a script uses, found by reading the code without running it."""

import ast
from functools import cache
from pathlib import Path


def files_used(script, package):
    """Return the modules of `package` that `script` uses, directly or through each other.

    A name imported from the package itself counts as every module that defines it, and a name
    that none defines as the whole package: too much is run again rather than too little. Files
    that are not Python (shipped weights, say) count if a module that counts names their folder.
    ``__init__.py`` only passes names on and never counts.
    """
    if not package.is_dir():
        return []
    modules = {_dotted(file, package): file for file in sorted(package.glob("**/*.py"))}
    modules.pop("", None)
    codes = {name: file.read_text("utf-8") for name, file in modules.items()}
    defined = {name: _defined(code) for name, code in codes.items()}

    def uses(code, here=None):
        found = set()
        for name in _imports(code, package.name, here):
            found |= _modules_of(name, modules, defined)
        return found

    waiting, seen = uses(Path(script).read_text("utf-8")), set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= uses(codes[name], name) - seen
    read = "\n".join(codes[name] for name in seen)
    other = {file for file in package.glob("**/*") if file.is_file() and not _is_code(file)}
    other = {file for file in other if file.parent == package or f'"{file.parent.name}"' in read}
    return sorted({modules[name] for name in seen} | other)


@cache  # the same modules are asked about for every script
def _defined(code):
    return set(_definitions(ast.parse(code)))


@cache
def _imports(code, package, here):
    return set(_imported(ast.parse(code), package, here))


def _is_code(file):
    return file.suffix in {".py", ".pyc", ".pyi"} or file.name.startswith(".")


def _dotted(file, package):
    parts = file.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _definitions(tree):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _imported(tree, package, here):
    """Yield what is imported from the package, as dotted names without the package's own."""
    aliases = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for item in node.names:
                if item.name == package:
                    aliases.add(item.asname or package)
                elif item.name.startswith(f"{package}."):
                    yield item.name.removeprefix(f"{package}.")
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, package, here)
            if origin is not None:
                yield from (f"{origin}.{item.name}".lstrip(".") for item in node.names)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in aliases:
                yield attribute


def _origin(node, package, here):
    """Return the module an import is from, without the package's name; None if from elsewhere."""
    if node.level:
        if here is None:
            return None
        above = [package, *here.split(".")][: -node.level]
        return ".".join([*above[1:], *([node.module] if node.module else [])])
    if node.module == package:
        return ""
    if node.module and node.module.startswith(f"{package}."):
        return node.module.removeprefix(f"{package}.")
    return None


def _modules_of(name, modules, defined):
    """Return the modules that the dotted `name` may stand for or live in."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        if (module := ".".join(parts[:length])) in modules:
            return {module}
    if name.startswith("__"):  # __version__ and the like
        return set()
    return {module for module, names in defined.items() if parts[0] in names} or set(modules)
