"""What the head of each page says to search engines, and to places where its link is shared.

The description always; where the site's address is known (`html_baseurl`), also the page's own
address, the card that stands for it (see ``social_cards.py``) and its words.
"""

from html import escape
from posixpath import join

from cnnvis_site.head import social_cards

OWN = {
    "404": "There is no page at this address; from here it is a step to those that there are.",
    "genindex": "The names of the package cnnvis from A to Z, each with a link to its description.",
    "search": "Search all tutorials, explanations, how-to guides and the reference of cnnvis.",
}


def tags(app, pagename, _template, context, doctree):
    """Add the tags to those of the page's template."""
    own = context.get("metatags") or ""
    text = context.get("description") or OWN.get(pagename, "")
    found = [] if 'name="description"' in own else [("name", "description", text)]
    address = context.get("pageurl")
    if address and doctree is not None:
        found += _shared(app, pagename, address, text)
    lines = (f'<meta {kind}="{key}" content="{escape(said)}">' for kind, key, said in found if said)
    context["metatags"] = "\n".join([own.strip(), *lines, ""])


def _shared(app, pagename, address, text):
    title = app.env.titles[pagename].astext()
    card = join(app.config.html_baseurl, social_cards.make(app, pagename, text))
    width, height = social_cards.SIZE
    home = pagename == app.config.root_doc
    said = {
        "og:type": "website" if home else "article",
        "og:site_name": app.config.project,
        "og:locale": app.config.language,
        "og:title": title,
        "og:description": text,
        "og:url": address.removesuffix("index.html") if home else address,
        "og:image": card,
        "og:image:width": str(width),
        "og:image:height": str(height),
        "og:image:alt": f"{app.config.project}: {title}",
    }
    tags = [("property", key, value) for key, value in said.items()]
    return [*tags, ("name", "twitter:card", "summary_large_image")]


def setup(app):
    """Connect to the event before a page is written."""
    app.setup_extension("cnnvis_site.head.descriptions")
    app.connect("html-page-context", tags, priority=600)  # after the description has come
    return {"parallel_read_safe": True, "parallel_write_safe": True}
