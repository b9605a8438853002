"""What is done when a build ends, in its order: one list, where there were numbers in nine files.

Steps of extensions that a site does without are left out.
"""

from pathlib import Path

from cnnvis_site.book import link
from cnnvis_site.downloads import stage
from cnnvis_site.head import published, search_index
from cnnvis_site.html import content_policy, incremental, light_images, light_pages
from cnnvis_site.pages import controls
from cnnvis_site.rebuild import records
from cnnvis_site.runs import costs, failures


def rewrite_pages(app):
    """Read each page once, hand it through all that change it, and write it if it is another."""
    changes = _of(app, PAGES)
    for file in sorted(Path(app.outdir).rglob("*.html")) if changes else ():
        page = text = file.read_text("utf-8")
        for change in changes:
            page = change(app, file, page)
        if page != text:
            file.write_text(page, "utf-8")


# called with the app, if a site was built and nothing went wrong
SITE = (
    search_index.write,
    link.deliver,
    stage.deliver,
    published.write,
    incremental.clear,
    light_images.write,
    rewrite_pages,
    light_pages.shrink,  # Furo has written its colours
)
# called with the app, the file of a page and its text, for the text that takes its place
PAGES = (
    published.lead_from_root,
    light_images.name_lighter,  # the images are written
    content_policy.add,  # what the policy is about stands in the page
)
# called with the app and the exception that ended the build, None if none did
ALWAYS = (
    costs.report,
    controls.report,
    failures.summarise,  # the last lines of a build
    records.confirm,  # no file is written any more
)


def finish(app, exception):
    """Take all steps."""
    if exception is None and app.builder.format == "html":
        for step in _of(app, SITE):
            step(app)
    for step in _of(app, ALWAYS):
        step(app, exception)


def _of(app, steps):
    """Return the steps of the extensions that the site uses."""
    return [step for step in steps if step.__module__ in {__name__, *app.extensions}]


def setup(app):
    """Connect behind all others, which have the priority 500."""
    app.connect("build-finished", finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
