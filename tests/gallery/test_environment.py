"""The environment that downloads run in holds what the site's wheel asks for, and no network."""

import subprocess
import tempfile
import zipfile
from pathlib import Path

import pytest

SPAWNED = Path(__file__).with_name("spawned.py")
ROOTS = ("cnnvis", "torch", "torchvision", "captum", "tensorboard", "sklearn", "skimage")
ABSENT = ("sphinx", "pytest", "bs4", "nbclient", "ipykernel", "hatchling", "playwright", "ruff")
TRIES = {
    "a name": "socket.create_connection(('example.org', 80))",
    "an address": "socket.create_connection(('192.0.2.1', 80))",
    "another protocol": "socket.create_connection(('2001:db8::1', 80))",
    "a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))",
    "a page": "__import__('requests').get('https://example.org')",
}


def ask(python, code, environment):
    command = [python, "-c", code]
    kept = {"env": environment, "capture_output": True, "text": True}
    return subprocess.run(command, cwd=tempfile.gettempdir(), **kept)  # else "" is on the path


def test_what_the_wheel_asks_for_is_there(python, environment):
    done = ask(python, f"import {', '.join(ROOTS)}", environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ABSENT)
def test_what_else_the_tests_use_is_not(name, python, environment):
    done = ask(python, f"import {name}", environment)
    assert f"No module named '{name}'" in done.stderr


def test_the_package_is_the_one_in_the_sites_wheel(site, clean, environment):
    done = ask(clean.python, "import cnnvis; print(cnnvis.__file__)", environment)
    assert done.stdout.strip() == str(clean.packages / "cnnvis" / "__init__.py")
    with zipfile.ZipFile(site.wheel) as wheel:
        for name in wheel.namelist():
            if name.startswith("cnnvis/"):
                assert (clean.packages / name).read_bytes() == wheel.read(name)


@pytest.mark.parametrize("tried", TRIES)
def test_no_other_machine_can_be_reached(tried, python, environment):
    done = ask(python, f"import socket; {TRIES[tried]}", environment)
    assert done.returncode != 0
    assert "no network in this test" in done.stderr


def test_this_machine_can(python, environment):
    code = """
import socket
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname())
socket.create_connection(("localhost", server.getsockname()[1]))
"""
    done = ask(python, code, environment)
    assert done.returncode == 0, done.stderr


def test_spawn_starts_a_script_that_starts_workers_without_a_guard_as_windows_does(
    clean, environment, tmp_path
):
    script = tmp_path / "careless.py"
    script.write_text(
        "import multiprocessing\n"
        "worker = multiprocessing.Process(target=print)\n"
        "worker.start()\n"
        "worker.join()\n"
        "raise SystemExit(worker.exitcode)\n"
    )
    done = subprocess.run(
        [clean.python, SPAWNED, script], env=environment, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "bootstrapping phase" in done.stderr
