"""A tab of one's own, for tests that share a page."""

import contextlib


@contextlib.contextmanager
def opened(browser, address, path, **how):
    """Open a page of the site; in the end nothing may have gone wrong there."""
    problems = []

    def note(answer):
        if answer.status >= 400:
            problems.append(f"{answer.status} for {answer.url}")

    def watch(request):
        if not request.url.startswith((address, "data:", "blob:")):
            problems.append(f"A request leaves the site: {request.url}")

    # Playwright waits by eval, which the pages' policy refuses
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce", **how)
    context.on("response", note)
    context.on("request", watch)
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(f"A script fails: {error}"))
    page.goto(address + path)
    yield page
    context.close()
    assert problems == []
