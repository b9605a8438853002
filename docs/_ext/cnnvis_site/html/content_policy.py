"""A content security policy in every page: what its browser may load, and from where.

Scripts, styles, images and requests are the site's own, whatever may get into a page. The few
lines of script and style that Furo writes into each page are allowed by their hashes. Style
attributes stay allowed; Furo's icons and docutils' columns have some. A host can send the same as a
header; GitHub's pages can't, and `file:` lets a site opened from the disk work in every browser.
"""

import base64
import hashlib
import re

OWN = "'self' file:"
CHARSET = '<meta charset="utf-8">'
MARK = '<meta http-equiv="Content-Security-Policy"'
INLINE = re.compile(r"<(script|style)(?![^>]*\ssrc=)[^>]*>(.*?)</\1>", re.DOTALL)


def policy(page):
    """Return the policy of a page, given its HTML."""
    found = {"script": set(), "style": set()}
    for kind, text in INLINE.findall(page):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        found[kind].add(f"'sha256-{digest}'")
    rules = {
        "default-src": "'none'",
        "script-src": " ".join([OWN, *sorted(found["script"])]),
        "style-src": " ".join([OWN, *sorted(found["style"])]),
        "style-src-attr": "'unsafe-inline'",
        "img-src": f"{OWN} data: blob:",  # the explorer offers what it draws as an image
        "connect-src": OWN,
        "form-action": OWN,
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def add(_app, _file, page):
    """Put the policy into the head of a page that has none, before all that it is about."""
    if MARK in page:
        return page
    return page.replace(CHARSET, f'{CHARSET}{MARK} content="{policy(page)}">', 1)


def setup(_app):
    """Be among the extensions of the site: ``finish.py`` calls `add`."""
    return {"parallel_read_safe": True, "parallel_write_safe": True}
