"""A visit: a page is opened once in each theme and width, and all that it keeps to is looked at."""

from checks import policy

LOADED = """() => {
    for (const image of document.images) image.loading = "eager";
    return Promise.all([...document.images].map((image) => image.decode().catch(() => 0)));
}"""


class Visitor:
    """A tab under the pages' own policy; what goes wrong in it is noted."""

    def __init__(self, browser, address):
        self.address, self.problems = address, []
        self.context = browser.new_context()
        self.context.add_init_script(policy.WATCH)
        self.context.on("request", self._watch)
        self.context.on("response", self._note)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(f"A script fails: {error}"))
        self.page.on("console", self._hear)

    def _watch(self, request):
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.problems.append(f"A request leaves the site: {request.url}")

    def _note(self, answer):
        if answer.status >= 400:
            self.problems.append(f"{answer.status} for {answer.url}")

    def _hear(self, message):
        if message.type == "error":
            self.problems.append(f"The console says: {message.text}")

    def open(self, path, *, width, theme, motion="reduce"):
        """Open a page; what went wrong on the page before is forgotten."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=theme, reduced_motion=motion)
        self.page.goto("about:blank")
        self.problems.clear()
        self.page.goto(self.address + path)
        return self.page

    def went_wrong(self, page):
        """Load what loads late, too; return the requests and scripts that failed."""
        page.evaluate(LOADED)
        return self.problems

    def look(self, *checks):
        """Return what each check finds on the open page; it ends on what went wrong meanwhile.

        All checks are made, whatever the first of them finds.
        """
        every = [self.went_wrong, policy.refused, policy.cookies, *checks]
        found = {}
        for check in every:
            wrong = check(self.page)
            if wrong:
                found[f"{check.__module__}.{check.__name__}"] = list(wrong)
        if self.problems:
            found["visiting.went_wrong"] = list(self.problems)
        return found
