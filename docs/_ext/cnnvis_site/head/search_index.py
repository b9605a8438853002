"""Search: an index of the words of every section, for ``search.js`` on the page search.html.

Sphinx's own search asks for every word of the query in one page, so a question finds nothing, and
it leads to pages, not to sections. Here a section is found by any of the words, the rare ones first
(see ``search.js``), and a word in its plural, its past tense or with -ing is the same word. What a
word is stands in the script, too; a test compares the two.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.environment.collectors import EnvironmentCollector

from cnnvis_site.head.descriptions import is_buttons

INDEX = "search-index.js"
WORD = re.compile(r"[a-z][a-z0-9]*")
ENDING = re.compile(r"(ational|ations?|ings?|ers?|ed|es|al|ly|e|s)$")
NOT_TEXT = (nodes.raw, nodes.comment, nodes.Invisible, nodes.math, nodes.math_block)
COMMON = (
    "a about after all also an and any are as at be because been but by can did do does each "
    "for from get had has have he her here his how i if in into is it its just like may me more "
    "most my no nor not of on one only or other our out over own same she so some such than "
    "that the their them then there these they this those to too under up very was we were what "
    "when where which while who why will with would you your"
)
SKIPPED = frozenset(COMMON.split())


def stem(word):
    """Cut an ending off a word of more than three letters, and half of a double consonant."""
    if len(word) < 4:
        return word
    start = ENDING.sub("", word)
    if len(start) < 3:
        return word
    return re.sub(r"([bdgmnprt])\1$", r"\1", start)


def words(text):
    """Return the stems of the words of a text that say something."""
    text = re.sub(r"(\w)['’]\w+", r"\1", text.lower())
    return [stem(word) for word in WORD.findall(text) if word not in SKIPPED]


class Sections(EnvironmentCollector):
    """Keep the sections of each page, (anchor, title, words), in ``env.search_sections``."""

    def clear_doc(self, _app, env, docname):
        """Forget a page."""
        env.search_sections = getattr(env, "search_sections", {})
        env.search_sections.pop(docname, None)

    def merge_other(self, _app, env, docnames, other):
        """Take what another process has read."""
        env.search_sections |= {name: other.search_sections[name] for name in docnames}

    def process_doc(self, app, doctree):
        """Collect the sections of a page that has just been read."""
        app.env.search_sections[app.env.current_document.docname] = list(_sections(doctree))


def _sections(doctree):
    for node in doctree.findall(_is_section):
        if isinstance(node, nodes.section):
            named, title = node, node.next_node(nodes.title).astext()
        elif isinstance(node, addnodes.desc):
            named = node.next_node(addnodes.desc_signature)
            title = named.get("fullname", "")
        else:
            named = node.next_node(nodes.term)
            title = named.astext()
        if named["ids"]:
            yield named["ids"][0], title, sorted(set(words(" ".join(_text(node)))))


def _is_section(node):
    if isinstance(node, nodes.definition_list_item):
        return isinstance(node.parent.parent, addnodes.glossary)
    return isinstance(node, nodes.section | addnodes.desc)


def _text(node):
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child.astext()
        elif not (_is_section(child) or isinstance(child, NOT_TEXT) or is_buttons(child)):
            yield child.get("alt", "")
            yield from _text(child)


def index(env):
    """Return what ``search.js`` reads: pages, their sections, and which sections have a word."""
    pages, sections, found = [], [], {}
    for page in sorted(env.search_sections):
        entries = env.search_sections[page]
        if not entries:
            continue
        pages.append([page, env.titles[page].astext(), env.page_descriptions.get(page, "")])
        for number, (anchor, title, known) in enumerate(entries):
            for word in known:
                found.setdefault(word, []).append(len(sections))
            sections.append([len(pages) - 1, anchor if number else "", title if number else ""])
    steps = {
        word: [at - before for before, at in zip([0, *places], places, strict=False)]
        for word, places in sorted(found.items())
    }
    rules = {"common": COMMON, "ending": ENDING.pattern}
    return rules | {"pages": pages, "sections": sections, "words": steps}


def without_sphinxs(app):
    """Keep Sphinx from making its index, which takes time and which no page would load."""
    if app.builder.format == "html":
        app.builder.search = False
        app.config.html_additional_pages = {"search": "search.html"}


def name_pages(app, pagename, _template, context, _doctree):
    """Give the search page the titles of those that it recommends."""
    if pagename in {"search", "404"}:
        titles = {page: title.astext() for page, title in app.env.titles.items()}
        context["page_titles"] = {"genindex": "Index", **titles}


def write(app):
    """Write the index."""
    text = json.dumps(index(app.env), separators=(",", ":"), ensure_ascii=False)
    Path(app.outdir, "_static", INDEX).write_text(f"window.cnnvisIndex={text};\n", "utf-8")


def setup(app):
    """Register what is done with each page read, and with the search page."""
    app.setup_extension("cnnvis_site.head.descriptions")
    app.add_env_collector(Sections)
    app.connect("builder-inited", without_sphinxs)
    app.connect("html-page-context", name_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 2}
