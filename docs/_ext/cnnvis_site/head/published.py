"""What a site at a known address has besides its pages: sitemap, robots.txt and a page 404.html.

The address is `html_baseurl`. A host shows 404.html in place of any page that is missing, however
deep, so that its links start from the root of the host.
"""

import re
import shutil
from html import escape
from pathlib import Path
from posixpath import join
from urllib.parse import urlsplit

from cnnvis_site.head import social_cards

UNLISTED = {"404", "search", "genindex"}


def missing_page(app):
    """Ask for 404.html."""
    if app.config.html_baseurl:
        yield "404", {"title": "Page not found"}, "404.html"


def write(app):
    """Write the files, or remove those of a build that knew the address."""
    base = app.config.html_baseurl
    files = {name: Path(app.outdir, name) for name in ("404.html", "robots.txt", "sitemap.xml")}
    if not base:
        for file in files.values():
            file.unlink(missing_ok=True)
        shutil.rmtree(Path(app.outdir, social_cards.FOLDER), ignore_errors=True)
        return
    files["robots.txt"].write_text(
        f"User-agent: *\nAllow: /\nSitemap: {join(base, 'sitemap.xml')}\n", "utf-8"
    )
    files["sitemap.xml"].write_text(sitemap(base, app.env.found_docs), "utf-8")


def sitemap(base, pages):
    """Return the list of all pages, as sitemaps.org defines it."""
    addresses = sorted(join(base, f"{page}.html") for page in pages if page not in UNLISTED)
    lines = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{space}">\n{lines}</urlset>\n'


def lead_from_root(app, file, page):
    """Return the text of a page, of 404.html with links that work from any depth."""
    base = app.config.html_baseurl
    return from_root(page, urlsplit(base).path) if base and file.name == "404.html" else page


def from_root(page, root):
    """Make the relative links of a page at the root of the site start from the host's root."""
    return re.sub(
        r'(<[^>]* (?:href|src|action|data-content_root)=")(?!#|/|\w+:)', rf"\g<1>{root}", page
    )


def setup(app):
    """Connect to the event after the pages of the sources are written."""
    app.connect("html-collect-pages", missing_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
