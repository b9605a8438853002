"""Which files of a package a script uses, and with which names it calls its readers."""

import pytest
from cnnvis_site.rebuild import module_use

LOAD = "def load(name, split='train'):\n    return name\n"


@pytest.fixture
def package(site):
    def read(readers=None):
        return module_use.Package(site.folder / "shapes", readers or {})

    return read


def test_modules_used_are_found_in_every_way_of_importing(site, package):
    def used(code):
        return [file.stem for file in package().use(code).files]

    everything = ["area", "names", "numbers"]
    assert used("import numpy") == []
    assert used("from shapes.names import name") == ["names"]
    assert used("import shapes.names as n") == ["names"]
    assert used("from shapes import names") == ["names"]
    assert used("import shapes as s\ns.name(1)") == ["names"]
    assert used("import shapes.names\nshapes.square(1)") == everything
    assert used("def f():\n    from shapes import square") == ["area", "numbers"]
    assert used("from shapes import unknown") == everything
    assert used("from shapes import *") == everything
    assert used("import shapes\nvars(shapes)") == everything
    assert used("from shapes import __version__") == []
    assert used("from shapes import (") == []  # it fails when it runs
    site.write("shapes/facts.json", "1")
    site.write("shapes/stored/weights.bin", "1")
    assert used("from shapes import name") == ["facts", "names"]
    site.write("shapes/names.py", 'FOLDER = "stored"\n\n\ndef name(x):\n    return str(x)\n')
    assert used("from shapes import name") == ["facts", "names", "weights"]
    assert used("from shapes import square") == ["area", "facts", "numbers"]


def test_a_sub_package_counts_where_its_init_does_more_than_say_what_it_is(site, package):
    def used(code):
        return [file.relative_to(site.folder).as_posix() for file in package().use(code).files]

    site.write("shapes/solids/__init__.py", '"""Solids."""\n')
    site.write("shapes/solids/cube.py", "from ..names import name\nfrom . import edges\n")
    site.write("shapes/solids/edges.py", "COUNT = 12\n")
    files = [f"shapes/{name}.py" for name in ("names", "solids/cube", "solids/edges")]
    for code in (
        "from shapes.solids import cube",
        "from shapes.solids.cube import edges",
        "import shapes.solids.cube",
        "import shapes.solids.cube as cube\ncube.edges",
    ):
        assert used(code) == files, code
    assert used("from shapes.solids.edges import COUNT") == files[2:]
    assert used("from shapes import solids\nsolids.edges.COUNT") == [
        "shapes/solids/__init__.py",
        files[2],
    ]
    assert set(files) < set(used("from shapes import solids\nvars(solids)"))
    site.write("shapes/solids/__init__.py", "from .edges import COUNT\n")
    assert used("from shapes.solids import COUNT") == ["shapes/solids/__init__.py", files[2]]
    site.write("shapes/solids/__init__.py", "print('here')\n")
    assert used("from shapes.solids.edges import COUNT") == ["shapes/solids/__init__.py", files[2]]


def test_names_that_a_reader_is_called_with_are_found_or_in_doubt(site, package):
    site.write("shapes/data.py", LOAD)
    site.write("shapes/more.py", 'from shapes.data import load\n\n\ndef more():\n    load("b")\n')

    def given(code):
        return package({"data.load": None}).use(code).given.get("data.load", "not in reach")

    assert given('from shapes.data import load\nload("a"), load("b", "test")') == {"a", "b"}
    assert given('from shapes.data import load as get\nget("a")') == {"a"}
    assert given('from shapes import data\ndata.load("a")') == {"a"}
    assert given('import shapes.data as d\nd.load("a")') == {"a"}
    assert given('import shapes.data\nshapes.data.load("a")') == {"a"}
    assert given("import torch\nfrom shapes import data\ntorch.load(file)") == set()
    assert given('from shapes import more\nfrom shapes.data import load\nload("a")') == {"a", "b"}
    assert given("import torch") == "not in reach"
    for handed_on in ("d = data\nd.load('a')", "getattr(data, 'load')('a')", "many = [data]"):
        assert given(f"from shapes import data\n{handed_on}") is None
    assert given("import shapes\nd = shapes.data\nd.load('a')") is None
    for doubtful in ("load(name)", "load()", "load(*names)", "get = load", "map(load, names)"):
        assert given(f"from shapes.data import load\n{doubtful}") is None
    assert given("from shapes.data import *\nload('a')") is None


def test_a_reader_in_a_sub_package_is_found_by_all_its_names(site, package):
    site.write("shapes/data/__init__.py", '"""Data."""\n')
    site.write("shapes/data/loading.py", LOAD)

    def given(code):
        return package({"data.loading.load": None}).use(code).given.get("data.loading.load")

    for code in (
        "from shapes import load\nload('a')",
        "import shapes\nshapes.load('a')",
        "from shapes.data.loading import load as get\nget('a')",
        "from shapes.data import loading\nloading.load('a')",
        "from shapes import data\ndata.loading.load('a')",
        "import shapes.data.loading\nshapes.data.loading.load('a')",
        "import shapes.data.loading as l\nl.load('a')",
    ):
        assert given(code) == {"a"}, code
    for doubtful in (
        "from shapes import data\nfind(data)",
        "from shapes.data import loading\nd = loading",
        "import shapes.data.loading\nd = shapes.data",
        "from shapes.data.loading import *\nload('a')",
        "from shapes.data.loading import load\nload(name)",
    ):
        assert given(doubtful) is None, doubtful
