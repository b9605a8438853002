"""The pages' content security policy, sent as a header too, and what it refuses."""

from pathlib import Path

import serving
from cnnvis_site.html import content_policy

WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
    window.refused.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""


class Sender(serving.Handler):
    """Sends each page with its own policy as a header, and without `file:`."""

    def end_headers(self):
        file = Path(self.translate_path(self.path))
        if file.suffix == ".html" and file.is_file():
            text = content_policy.policy(file.read_text("utf-8")).replace(" file:", "")
            self.send_header("Content-Security-Policy", text)
        super().end_headers()


def refused(page):
    """Return what the page wanted to load or run against its policy."""
    return page.evaluate("window.refused")


def cookies(page):
    """Return the cookies that the page has left."""
    return page.context.cookies()
