"""The workflows that GitHub runs: valid, with the least rights, naming commands that exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
ALLOWED = {
    ("publish", "pages"): {"pages": "write", "id-token": "write"},
    ("publish", "notebooks"): {"contents": "write"},
    ("publish", "release"): {"contents": "write"},
}


def read(path):
    return yaml.safe_load(path.read_text("utf-8"))


def steps(path):
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def test_there_are_workflows():
    assert {path.stem for path in WORKFLOWS} == {"publish", "test"}


@each_workflow
def test_it_is_valid(path):
    command = [sys.executable, "-m", "check_jsonschema"]
    command += ["--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@each_workflow
def test_a_workflow_may_read_and_a_job_what_it_needs(path):
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job.get("permissions") == ALLOWED.get((path.stem, name)), name


@each_workflow
def test_every_job_ends_in_time(path):
    assert all(job["timeout-minutes"] <= 120 for job in read(path)["jobs"].values())


@each_workflow
def test_actions_are_githubs_own_at_a_major_version(path):
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert [one for one in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", one)] == []


@each_workflow
def test_the_token_stays_out_of_the_clone(path):
    clones = [step for step in steps(path) if "checkout" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in clones)


@each_workflow
def test_no_text_from_outside_becomes_a_command(path):
    commands = [step["run"] for step in steps(path) if "run" in step]
    assert commands
    assert [one for one in commands if "${{" in one] == []


@each_workflow
def test_files_that_decide_on_a_cache_exist(path):
    hashed = re.findall(r"hashFiles\((.+?)\)", path.read_text("utf-8"))
    files = [file for arguments in hashed for file in re.findall("'([^']+)'", arguments)]
    assert [file for file in files if not (ROOT / file).is_file()] == []
    assert len(files) == {"publish": 2, "test": 0}[path.stem]


@each_workflow
def test_commands_of_make_exist(path):
    targets = set(re.findall(r"(?m)^([a-z][\w-]*):", (ROOT / "Makefile").read_text("utf-8")))
    named = set()
    for step in steps(path):
        for line in re.findall(r"\bmake ([^\n;&|]+)", step.get("run", "")):
            named |= {word for word in line.split() if "=" not in word}
    assert named
    assert named <= targets


def test_all_systems_are_tested():
    matrix = read(ROOT / ".github/workflows/test.yml")["jobs"]["package"]["strategy"]["matrix"]
    assert {one.partition("-")[0] for one in matrix["os"]} == {"ubuntu", "macos", "windows"}
    oldest = re.search(r'requires-python = ">=(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert matrix["python"][0] == oldest[1]
