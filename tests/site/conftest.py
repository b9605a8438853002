"""Checks of the built site in a real browser: ``make check-site`` or ``pytest tests/site``.

They need a site in docs/_build/html and Chromium, so a plain ``pytest`` leaves them out.
"""

import functools
import shutil
import sys
from html.parser import HTMLParser
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

import serving  # noqa: E402
import visiting  # noqa: E402
from checks.policy import Sender  # noqa: E402
from measuring import measured, pytest_terminal_summary  # noqa: E402, F401 (for pytest)


def pytest_ignore_collect(config):
    """Leave these tests out unless the command line names this folder."""
    named = [
        (config.invocation_params.dir / str(arg).partition("::")[0]).resolve()
        for arg in config.invocation_params.args
    ]
    asked = any(path == HERE or HERE in path.parents for path in named)
    return None if asked else True


def pytest_configure(config):
    """Keep the order of the tests, with which the last are those that are timed."""
    config.option.loadscopereorder = False  # xdist's, which would start with the largest group


def pytest_collection_modifyitems(items):
    """Leave what is timed to the end, and to one process, so that it has the machine for itself."""
    items.sort(key=lambda item: item.get_closest_marker("timed") is not None)
    for item in items:
        if item.get_closest_marker("timed"):
            item.add_marker(pytest.mark.xdist_group("timed"))


def pytest_generate_tests(metafunc):
    """Run every test that takes a `path` on every page, in one process what is of one page."""
    if "path" in metafunc.fixturenames:
        pages = sorted(file.relative_to(HTML).as_posix() for file in HTML.rglob("*.html"))
        pages = [page for page in pages if not page.startswith("_")] or ["index.html"]
        groups = [pytest.param(page, marks=pytest.mark.xdist_group(page)) for page in pages]
        metafunc.parametrize("path", groups)


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


class _Ids(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, _tag, attrs):
        self.found.update(value for name, value in attrs if name == "id")


@pytest.fixture(scope="session")
def ids(html):
    """A function that returns the ids on a page: where links lead, sooner than by `soup`."""

    @functools.cache
    def read(path):
        reader = _Ids()
        reader.feed((html / path).read_text("utf-8"))
        return reader.found

    return read


@pytest.fixture(scope="session")
def address(html):
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
def strict(html):
    """The address of a server that sends the pages' policy as a header, too."""
    with serving.serve(html, Sender) as found:
        yield found


@pytest.fixture(scope="session")
def visitor(browser, strict):
    return visiting.Visitor(browser, strict)


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
