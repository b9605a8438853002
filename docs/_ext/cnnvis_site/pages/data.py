"""Which images a build used: the directives data-banner and data-sets.

What they print comes from `cnnvis.data`, not from hand.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from cnnvis_site.rebuild import data_state, page_dependencies


class DataDirective(SphinxDirective):
    """What they share: lines of Markdown, written anew when the data at hand have changed."""

    def run(self):
        """Return what `lines` of the subclass say."""
        page_dependencies.note(self.env, "data")
        page_dependencies.note(self.env, "code", "from cnnvis.data.registry import SETS")
        content = self.parse_text_to_nodes("\n".join(self.lines()), allow_section_headings=True)
        return self.wrap(content)

    def wrap(self, content):
        """Return the nodes as they are."""
        return content

    def used(self):
        """Return the source of each set that a tutorial loads, as `load` finds it in this build."""
        loaded = names_loaded(self.config, self.env.srcdir)
        return {name: _source(name) for name in image_sets() if name in loaded}


class Banner(DataDirective):
    """One line for the home page."""

    def lines(self):
        """Say of each set whether it is real."""
        used = self.used()
        real = [source.title for source in used.values() if not source.is_stand_in]
        stand_ins = [
            f"{source.title} in place of {image_sets()[name].title}"
            for name, source in used.items()
            if source.is_stand_in
        ]
        text = [f"the real {_listed(real)}"] if real else []
        text += [f"stand-ins, namely {_listed(stand_ins)}"] if stand_ins else []
        yield f"**The images in this build:** {'; '.join(text) or 'none'}. "
        yield "{doc}`What they are, and on what terms </data>`."

    def wrap(self, content):
        """Put the line into a box."""
        return [nodes.container("", *content, classes=["data-banner"])]


class Sets(DataDirective):
    """A section for each set."""

    def lines(self):
        """Describe the set, and then its stand-in."""
        used = self.used()
        for name, facts in image_sets().items():
            yield from (f"## {facts.title}", "", f"*In this build:* {_role(used.get(name))}.", "")
            yield from (facts.description, "")
            yield from _terms(name, facts)
            if facts.stand_in:
                yield from (f"**Its stand-in: {facts.stand_in.title}.**", "")
                yield from (facts.stand_in.description, "")
                yield from _terms(None, facts.stand_in)


def image_sets():
    """Return the registry of sets by name."""
    # here, since a build that changes no page needs no PyTorch
    from cnnvis.data.registry import SETS

    return SETS


def _source(name):
    """Return what `load` finds without a download; images need not be drawn to know it."""
    from cnnvis.data.registry import source_of
    from cnnvis.data.torchvision_files import find_files

    return source_of(name, is_stand_in=bool(find_files(name).missing()))


def _role(source):
    if source is None:
        return "no tutorial uses it yet"
    return "its stand-in, described below" if source.is_stand_in else "the real set"


def _terms(name, facts):
    rows = {"Ask for it with": f'`load("{name}")`'} if name else {}
    rows |= {"Licence": facts.licence, "Citation": _linked(facts.citation)}
    drawn = {"Drawn by": f"`{facts.origin}`"}
    rows |= {"Homepage": f"<{facts.homepage}>"} if facts.homepage else drawn
    for term, text in rows.items():
        yield from (term, f": {text}", "")


def _linked(citation):
    citation = re.sub(r"doi:(10\.\S+)", r"[doi:\1](https://doi.org/\1)", citation)
    citation = re.sub(r"arXiv:(\S+)", r"[arXiv:\1](https://arxiv.org/abs/\1)", citation)
    return re.sub(r"(?<![(<])(https://\S+)", r"<\1>", citation)


def _listed(words):
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def names_loaded(config, source):
    """Return the names of image sets that stand in tutorials."""
    folders = config.sphinx_gallery_conf["examples_dirs"]
    files = [file for folder in folders for file in sorted(Path(source, folder).rglob("*.py"))]
    scripts = "\n".join(file.read_text("utf-8") for file in files)
    return [name for name in data_state.FOLDERS if f'"{name}"' in scripts]


def state(env, _key):
    """Return what is another when the sets that tutorials load are not what they were."""
    loaded = names_loaded(env.config, env.srcdir)
    return loaded, data_state.listing(loaded)


def setup(app):
    """Register the directives."""
    page_dependencies.watch(app, "data", state)
    app.add_directive("data-banner", Banner)
    app.add_directive("data-sets", Sets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
