"""Checks of the built site in a real browser: ``make check-site`` or ``pytest tests/site``.

They need a site in docs/_build/html and Chromium, so a plain ``pytest`` leaves them out.
"""

import functools
import re
import shutil
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

HERE = Path(__file__).parent
HTML = HERE.parents[1] / "docs" / "_build" / "html"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
sys.path += [str(HERE), str(HERE.parents[1] / "docs" / "_ext")]


def pytest_ignore_collect(config):
    """Leave these tests out unless the command line names this folder."""
    named = [
        (config.invocation_params.dir / str(arg).partition("::")[0]).resolve()
        for arg in config.invocation_params.args
    ]
    asked = any(path == HERE or HERE in path.parents for path in named)
    return None if asked else True


@pytest.fixture
def measured(request):
    """A function that puts a figure beside its bar at the end of the tests' output.

    It takes what was measured, what was found, and the bar, as texts; a figure that misses its bar
    is marked. `met` says whether it does where the texts can't (see `meets`).
    """

    def put(what, found, bar, met=None):
        row = (what, found, bar, meets(found, bar) if met is None else met)
        request.node.user_properties.append(("measured", row))  # these come from all processes

    return put


def meets(found, bar):
    """Whether the first number found is at most the bar's, or with "or more" at least; or None."""
    numbers = [re.findall(r"-?\d[\d,]*\.?\d*(?:e-?\d+)?", text) for text in (found, bar)]
    if not all(numbers):
        return None
    at, limit = (float(number.replace(",", "")) for number in (numbers[0][0], numbers[1][0]))
    return at >= limit if re.search("or more|at least", bar) else at <= limit


def pytest_terminal_summary(terminalreporter):
    """Print the figures in one table, whether or not tests print what they capture."""
    reports = [one for some in terminalreporter.stats.values() for one in some]
    reports = [one for one in reports if getattr(one, "when", None) == "call"]
    reports.sort(key=lambda report: report.nodeid)
    rows = [row for one in reports for name, row in one.user_properties if name == "measured"]
    if not rows:
        return
    missed = sum(row[3] is False for row in rows)
    terminalreporter.section(f"{len(rows)} figures and their bars, {missed} missed")
    rows = [("measured", "found", "bar", True), *rows]
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    for what, found, bar, met in rows:
        line = f"{what:<{wide[0]}}  {found:>{wide[1]}}  {bar:>{wide[2]}}"
        terminalreporter.write_line(line if met is not False else f"{line}  MISSED")


def pytest_collection_modifyitems(items):
    """Leave what is timed to the end, and to one process, so that it has the machine for itself."""
    items.sort(key=lambda item: item.get_closest_marker("timed") is not None)
    for item in items:
        if item.get_closest_marker("timed"):
            item.add_marker(pytest.mark.xdist_group("timed"))


def pytest_generate_tests(metafunc):
    """Run every test that takes a `path` on every page."""
    if "path" in metafunc.fixturenames:
        pages = sorted(file.relative_to(HTML).as_posix() for file in HTML.rglob("*.html"))
        pages = [page for page in pages if not page.startswith("_")]
        metafunc.parametrize("path", pages or ["index.html"])


@pytest.fixture(scope="session")
def html():
    if not (HTML / "index.html").is_file():
        pytest.fail(f"The site must be built first; {HTML} has no index.html. Run `make site`.")
    return HTML


@pytest.fixture(scope="session")
def soup(html):
    """A function that parses a page, once."""

    @functools.cache
    def parse(path):
        return BeautifulSoup((html / path).read_text("utf-8"), "html.parser")

    return parse


@pytest.fixture(scope="session")
def address(html):
    import serving

    with serving.serve(html) as found:
        yield found


@pytest.fixture(scope="session")
def chromium():
    """The program, and the flags that it needs here."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or _playwrights_own()
    if program is None:
        pytest.fail("These tests need Chromium; `make browser` installs it.")
    return program, FLAGS


def _playwrights_own():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = playwright.chromium.executable_path
    return program if Path(program).is_file() else None


@pytest.fixture(scope="session")
def launch(chromium):
    """A function that starts Chromium, with more flags if need be."""
    from playwright.sync_api import sync_playwright

    program, flags = chromium
    with sync_playwright() as playwright:
        start = functools.partial(playwright.chromium.launch, executable_path=program)
        yield lambda *more: start(args=[*flags, *more])


@pytest.fixture(scope="session")
def browser(launch):
    return launch()


@pytest.fixture(scope="session")
def tab(browser, address):
    """One tab for all tests, and a list of what went wrong in it."""
    # Playwright waits by eval, which the pages' policy refuses; test_policy.py holds that policy
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    problems = []

    def guard(route):
        url = route.request.url
        if url.startswith((address, "data:")):
            route.continue_()
        else:
            problems.append(f"A request would leave the site: {url}")
            route.abort()

    def note(answer):
        if answer.status >= 400:
            problems.append(f"{answer.status} for {answer.url}")

    context.route("**/*", guard)
    page = context.new_page()
    page.on("response", note)
    page.on("pageerror", lambda error: problems.append(f"A script fails: {error}"))
    return page, problems


@pytest.fixture
def visit(tab, address):
    """A function that opens a page of the site; the test fails if anything goes wrong there."""
    page, problems = tab
    problems.clear()

    def open_page(path, *, width=1280, theme="light"):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.goto(address + path)
        return page

    yield open_page
    assert problems == []
