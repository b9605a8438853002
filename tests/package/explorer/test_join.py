"""The parts of a script and how they are joined into one."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cnnvis.explorer import join
from cnnvis.explorer.join import JoinError, find_parts, join_script, join_style


@pytest.fixture
def write(tmp_path):
    """A function that writes parts into a folder `web`, and returns the folder."""

    def put(**texts):
        for name, text in texts.items():
            file = tmp_path / "web" / name.replace("__", "/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.with_suffix(".js").write_text(text, "utf-8")
        return tmp_path / "web"

    return put


def order(entries, folder):
    return [part.path for part in find_parts(entries, folder)]


def test_a_part_comes_after_all_that_it_imports_and_only_those_are_taken(write):
    web = write(
        start='import { b } from "./b.js";\nimport { a } from "./a.js";\nb(a);\n',
        a='import { c } from "./deep/c.js";\n\nexport const a = c;\n',
        b='import { c } from "./deep/c.js";\n\nexport function b() {}\n',
        deep__c='import { d } from "../d.js";\n\nexport const c = d;\n',
        d="export const d = 1;\n",
        other="const other = 2;\n",
    )
    assert order(["start.js"], web) == ["d.js", "deep/c.js", "b.js", "a.js", "start.js"]
    assert order(["d.js", "a.js"], web) == ["d.js", "deep/c.js", "a.js"]


def test_imports_and_exports_go_and_the_rest_stays(write):
    web = write(
        one=(
            '// First.\n\nimport {\n  two,\n  three,\n} from "./more.js";\n\n'
            "export async function one() {\n  return [two, three, `export const no`];\n}\n"
        ),
        more='/** Two. */\nexport const two = 2;\nexport class three {}\nlet own = "import";\n',
    )
    script = join_script(["one.js"], web)
    body = script.partition('"use strict";\n')[2]
    assert body == (
        '(() => {\n/** Two. */\nconst two = 2;\nclass three {}\nlet own = "import";\n\n'
        "// First.\n\nasync function one() {\n  return [two, three, `export const no`];\n}\n})();\n"
    )


def test_a_style_lies_beside_its_part_and_comes_in_the_same_order(write):
    web = write(
        one='import { two } from "./two.js";\ntwo();\n', two="export function two() {}\n", six=""
    )
    for name in ("one", "two", "six"):
        (web / f"{name}.css").write_text(f".{name} {{}}\n", "utf-8")
    style = join_style(["one.js"], web)
    assert style.index(".two {}") < style.index(".one {}")
    assert ".six" not in style


def test_a_circle_is_refused_and_named(write):
    web = write(
        start='import { a } from "./a.js";\na();\n',
        a='import { b } from "./b.js";\nexport const a = () => b();\n',
        b='import { a } from "./a.js";\nexport const b = () => a();\n',
    )
    with pytest.raises(JoinError, match=r"circle.* a\.js -> b\.js -> a\.js\. .*would work"):
        find_parts(["start.js"], web)
    write(a='import { a } from "./a.js";\nexport const a = 1;\n')
    with pytest.raises(JoinError, match=r"a\.js -> a\.js"):
        find_parts(["start.js"], web)


@pytest.mark.parametrize(
    "target", ["./gone.js", "a.js", "/a.js", "./a", "https://example.org/a.js"]
)
def test_an_import_from_no_part_is_refused(write, target):
    web = write(start=f'import {{ a }} from "{target}";\na();\n', a="export const a = 1;\n")
    with pytest.raises(JoinError, match=f'start.js imports from "{target}", which is no part'):
        find_parts(["start.js"], web)


@pytest.mark.parametrize("names", ["gone", "own", "a as b", "a, gone"])
def test_an_import_of_what_is_not_exported_is_refused(write, names):
    web = write(
        start=f'import {{ {names} }} from "./a.js";\na();\n',
        a="export const a = 1;\nconst own = 2;\n",
    )
    with pytest.raises(JoinError, match=r"start\.js imports `.*` from a\.js, which exports a\."):
        find_parts(["start.js"], web)


def test_a_name_that_two_parts_declare_is_refused_exported_or_not(write):
    web = write(
        start='import { a } from "./a.js";\nfunction same() {}\na(same);\n',
        a="export const a = 1;\nconst same = 2;\n",
    )
    with pytest.raises(JoinError, match=r"both a\.js and start\.js declare `same`"):
        find_parts(["start.js"], web)


@pytest.mark.parametrize(
    "line",
    [
        'import all from "./a.js";',
        'import * as all from "./a.js";',
        'import "./a.js";',
        "import { a } from './a.js';",
        '  import { a } from "./a.js";',
        'const a = import("./a.js");',
        "const here = import.meta.url;",
        "export default 1;",
        "export { a };",
        'export * from "./a.js";',
        "export const { a } = b;",
        "const { a } = b;",
        "let [a] = b;",
        "var a = 1;",
    ],
)
def test_what_cannot_be_joined_is_refused_with_its_line(write, line):
    web = write(start=f"const one = 1;\n{line}\n", a="export const a = 1;\n")
    with pytest.raises(
        JoinError, match=r"start\.js has a line that can't be joined: .*works"
    ) as told:
        find_parts(["start.js"], web)
    assert line.strip().removeprefix("export ")[:9] in str(told.value)


def test_a_type_in_a_comment_is_no_import(write):
    web = write(
        one='/** @param {import("./two.js").Two} two */\nfunction one(two) {}\n'
        '/**\n * @type {import("./two.js").Two}\n */\nlet two;\n'
    )
    assert order(["one.js"], web) == ["one.js"]


ENTRIES = [["explorer.js"], ["widgets/convolution.js", "widgets/pooling.js"]]


@pytest.mark.parametrize("entries", ENTRIES)
def test_the_packages_own_parts_become_a_classic_script(entries, tmp_path):
    script = join_script(entries)
    assert script.count('"use strict"') == 1
    assert script.endswith("})();\n")
    assert ".ex-all" in join_style(entries)
    if node := shutil.which("node"):  # as a script, and not as a module
        file = tmp_path / "joined.cjs"
        file.write_text(script, "utf-8")
        subprocess.run([node, "--check", file], check=True)


def test_every_part_is_needed_by_a_page():
    used = {part.path for entries in ENTRIES for part in find_parts(entries)}
    files = {file.relative_to(join.WEB).as_posix() for file in join.WEB.rglob("*.js")}
    assert files == used
    styles = {file.relative_to(join.WEB).as_posix() for file in join.WEB.rglob("*.css")}
    assert styles <= {name.replace(".js", ".css") for name in used}


def test_joining_needs_the_standard_library_alone():
    tree = ast.parse(Path(join.__file__).read_text("utf-8"))
    names = {
        alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names
    }
    names |= {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
