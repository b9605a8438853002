import sys
from pathlib import Path

import pytest
from torch import nn

from cnnvis.models.user_models import file_and_name, first_line, load_user_model

HEAD = "from torch import nn\n"
NET = HEAD + "class Net(nn.Sequential):\n    def __init__(self): super().__init__(nn.ReLU())\n"


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))  # the folder is added to it
    return tmp_path / "net.py"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("net.py", ("net.py", None)),
        ("a b/net.py:Net", ("a b/net.py", "Net")),
        ("C:/code/net.py:make_2", ("C:/code/net.py", "make_2")),
        ("resnet18", None),
        ("net.py:", None),
        ("net.py:2", None),
    ],
)
def test_places(text, expected):
    found = file_and_name(text)
    assert found == (expected and (Path(expected[0]), expected[1]))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (NET, None),
        (NET, "Net"),
        (NET + "net = again = Net()\n", None),
        (NET + "class Other(nn.Module): pass\n", "Net"),
        (NET + "def make(): return Net()\n", "make"),
        (NET + "small = Net()\n", "small"),
    ],
)
def test_networks(file, code, name):
    file.write_text(code, "utf-8")
    network = load_user_model(file, name)
    assert isinstance(network, nn.Sequential)
    assert type(network).__name__ == "Net"


def test_an_ending_in_capitals(file):
    file.with_name("NET.PY").write_text(NET, "utf-8")
    assert type(load_user_model(file.with_name("NET.PY"))).__name__ == "Net"


def test_modules_beside_it(file):
    assert str(file.parent) not in sys.path
    file.with_name("beside_it.py").write_text(NET, "utf-8")
    file.write_text("from beside_it import Net\nnet = Net()\n", "utf-8")
    assert type(load_user_model(file)).__name__ == "Net"


@pytest.mark.parametrize(
    ("code", "name", "message"),
    [
        ("x = 1\n", None, "it defines no torch.nn.Module"),
        (NET + "class B(nn.Module): pass\n", None, r"net.py:NAME\); it defines Net, B"),
        (NET, "Nett", "must define Nett; it defines Net"),
        ("x = 1\n", "x", "x must be a torch.nn.Module, or make one; in .* it is int"),
        ("def f(): return 3\n", "f", r"f\(\) must make a torch.nn.Module; .* made int"),
        ("a = 1\nb = a / 0\n", None, "must run; it fails with ZeroDivisionError, line 2: division"),
        ("def f():\n    raise KeyError('deep')\n", "f", "KeyError, line 2: 'deep'"),
        ("class = 3\n", None, "SyntaxError, line 1"),
        ("import sys\nsys.exit('bye')\n", None, "SystemExit, line 2: bye"),
        ("import no_such_module_here\n", None, "No module named 'no_such_module_here'"),
        (HEAD + "def f(width): return nn.ReLU()\n", "f", r"f\(\) .* arguments; .* TypeError"),
    ],
)
def test_failures_are_one_line(file, code, name, message):
    file.write_text(code, "utf-8")
    with pytest.raises(ValueError, match=message) as error:
        load_user_model(file, name)
    assert "\n" not in str(error.value)


def test_failures_have_their_line_also_from_within_the_folder(file, monkeypatch):
    monkeypatch.chdir(file.parent)
    file.write_text("a = 1\nb = a / 0\n", "utf-8")
    with pytest.raises(ValueError, match=r"^net\.py must run; .*ZeroDivisionError, line 2"):
        load_user_model(Path("net.py"))


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="a network needs its file"):
        load_user_model(tmp_path / "absent.py")


def test_first_line():
    assert first_line(ValueError("\n  one\ntwo")) == "one"
    assert first_line(KeyboardInterrupt()) == "KeyboardInterrupt"
