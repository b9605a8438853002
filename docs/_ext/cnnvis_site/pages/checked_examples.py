"""Examples with ``>>>`` on the pages are run, and what they print has to be what the page says.

A page's examples run in order and share their names. One that fails is a warning, so that the
build fails; so is code without a prompt, whose results nobody would check.
"""

import doctest

from docutils import nodes
from sphinx.util import logging

from cnnvis_site.rebuild import page_dependencies

logger = logging.getLogger(__name__)
FLAGS = doctest.ELLIPSIS | doctest.REPORT_NDIFF


def check(blocks, name):
    """Run the blocks of a page, (line, text) each, and return a report of what went wrong."""
    parser, shared, reports = doctest.DocTestParser(), {}, []
    for line, text in blocks:
        test = doctest.DocTest(parser.get_examples(text), shared, name, name, line, text)
        runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
        runner.run(test, out=reports.append, clear_globs=False)
        shared |= test.globs
    return "".join(reports)


def check_page(app, doctree):
    """Check the examples of one page."""
    page = app.env.current_document.docname
    if not page.startswith(tuple(app.config.checked_examples)):
        return
    blocks = []
    for node in doctree.findall(nodes.literal_block):
        if node.get("language") in {"python", "pycon"}:
            if not node.astext().startswith(">>> "):
                logger.warning("An example without >>> cannot be checked.", location=node)
            blocks.append((node.line or 0, node.astext()))
    if blocks and (report := check(blocks, page)):
        logger.warning("The examples of %s do not print what it says.\n%s", page, report)
    parser = doctest.DocTestParser()
    examples = [one.source for _, text in blocks for one in parser.get_examples(text)]
    if examples:
        page_dependencies.note(app.env, "code", "".join(examples))


def setup(app):
    """Connect to the event after a page has been read."""
    app.add_config_value("checked_examples", [], "env")
    app.connect("doctree-read", check_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
