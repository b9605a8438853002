"""The book: what `docs/make_book.py` refuses, and what a book that it made is like.

The second half needs docs/_build/pdf/cnnvis.pdf, which `make pdf` writes, and is skipped without.
"""

import importlib.util
import json
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PDF = DOCS / "_build" / "pdf" / "cnnvis.pdf"
MILLIMETRE = 72 / 25.4


@pytest.fixture(scope="module")
def make_book():
    spec = importlib.util.spec_from_file_location("make_book", DOCS / "make_book.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# -- the log ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        r"Overfull \hbox (12.5pt too wide) in paragraph at lines 10--12",
        r"Overfull \vbox (100.0pt too high) has occurred while \output is active []",
        "Missing character: There is no ₂ (U+2082) in font TeXGyrePagella:mode=node;",
        "LaTeX Warning: Reference `data:mnist' on page 3 undefined on input line 7.",
        "LaTeX Warning: Citation `zeiler' on page 3 undefined on input line 7.",
        "Package hyperref Warning: Hyper reference `x' on page 1 undefined on input line 2.",
        "LaTeX Warning: Label `x' multiply defined.",
        "LaTeX Warning: Float too large for page by 6.0pt on input line 123.",
        "LaTeX Font Warning: Font shape `TU/lmr/bx/sc' undefined",
        r"./cnnvis.tex:12: Undefined control sequence.",
        "! Emergency stop.",
    ],
)
def test_a_log_line_that_tells_of_a_flaw_is_reported(make_book, line):
    log = f"(./cnnvis.tex\nLaTeX2e\n{line}\n{line}\n[1] [2]\nOutput written on cnnvis.pdf\n"
    assert make_book.problems(log) == [line]


@pytest.mark.parametrize(
    "line",
    [
        r"Overfull \hbox (0.4pt too wide) in paragraph at lines 10--12",
        r"Overfull \vbox (9.9pt too high) detected at line 524",
        r"Underfull \hbox (badness 10000) in paragraph at lines 2998--2999",
        "LaTeX Font Info: Font shape `TU/TeXGyrePagella(0)/m/n' will be",
        "Package hyperref Warning: Option `pdfauthor' has already been used,",
        "LaTeX Warning: Label(s) may have changed. Rerun to get cross-references right.",
    ],
)
def test_a_harmless_line_is_not(make_book, line):
    assert make_book.problems(f"{line}\n") == []


def test_without_latex_the_debian_packages_are_named(make_book, monkeypatch):
    monkeypatch.setattr(make_book.shutil, "which", lambda _: None)
    with pytest.raises(SystemExit, match=r"latexmk and lualatex.*apt-get install.*texlive-luatex"):
        make_book.main()


def test_readme_and_ci_install_the_same_packages(make_book):
    for file in ("README.md", ".ci/run"):
        words = set((ROOT / file).read_text("utf-8").replace("\\", " ").split())
        assert set(make_book.PACKAGES.split()) <= words, file


# -- the book --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book():
    pypdf = pytest.importorskip("pypdf")
    if not PDF.is_file():
        pytest.skip(f"{PDF.relative_to(ROOT)} isn't there; `make pdf` makes it")
    sources = [*ROOT.glob("gallery/**/*.py"), *DOCS.glob("**/images/*.json"), DOCS / "book.md"]
    if max(file.stat().st_mtime for file in sources) > PDF.stat().st_mtime:
        pytest.skip(f"{PDF.relative_to(ROOT)} is older than the tutorials; `make pdf` renews it")
    return pypdf.PdfReader(PDF)


@pytest.fixture(scope="module")
def texts(book):
    return [page.extract_text() for page in book.pages]


@pytest.fixture(scope="module")
def outline(book):
    def flat(entries):
        for entry in entries:
            yield from flat(entry) if isinstance(entry, list) else [entry.title]

    return [" ".join(title.split()) for title in flat(book.outline)]


@pytest.mark.data
def test_it_says_what_it_is(book, texts):
    assert book.metadata.title == "See what a convolutional network sees"
    assert book.metadata.author == "The cnnvis contributors"
    assert book.trailer["/Root"]["/Lang"] == "en-GB"
    version = re.search(r'__version__ = "(.+)"', (ROOT / "cnnvis/__init__.py").read_text())[1]
    assert version in texts[0]
    assert re.search(r"\d{1,2} [A-Z][a-z]+ 20\d\d", texts[0])
    assert "The images in this build" in " ".join("".join(texts[:5]).split())


@pytest.mark.data
def test_pages_are_a4_and_none_is_empty(book, texts):
    assert len(texts) >= 20
    for page in book.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        assert (round(width / MILLIMETRE), round(height / MILLIMETRE)) == (210, 297)
    assert [number for number, text in enumerate(texts, 1) if len(text.split()) < 5] == []


@pytest.mark.data
def test_every_tutorial_is_in_the_outline(outline):
    for script in ROOT.glob("gallery/*/plot_*.py"):
        title = re.search(r'"""\s*(.+)\n=+\n', script.read_text("utf-8"))[1]
        assert any(entry.endswith(title) for entry in outline), title
    for part in ROOT.glob("gallery/*/GALLERY_HEADER.rst"):
        assert any(part.read_text("utf-8").splitlines()[0] in title for title in outline)
    for title in ("Preface", "Glossary", "References"):
        assert any(title in entry for entry in outline)


@pytest.mark.data
def test_every_figure_has_a_number_and_a_caption(texts):
    text = "\n".join(texts)
    numbers = re.findall(r"^Fig\. (\d+)\.(\d+)", text, re.MULTILINE)
    facts = [
        json.loads(file.read_text("utf-8")) for file in DOCS.glob("tutorials/**/images/*.json")
    ]
    frames = Counter(one["strip"] for one in facts if one["strip"])
    known = [one for one in facts if not one["strip"]]
    assert known
    assert len(numbers) >= len(known)
    counts = {}
    for chapter, number in numbers:
        counts.setdefault(int(chapter), []).append(int(number))
    for chapter, found in counts.items():
        assert found == list(range(1, len(found) + 1)), chapter
    words = "".join(text.split())
    for one in known:
        caption = one["caption"] or one["description"]
        assert "".join(caption.split())[:25] in words, caption
    for strip, count in frames.items():
        assert f"{''.join(strip.split())}:{count}frames" in words


@pytest.mark.data
def test_every_work_is_among_the_references(book):
    bib = (DOCS / "references.bib").read_text("utf-8")
    links = {
        annotation.get_object()["/A"].get("/URI", "").lower()
        for page in book.pages
        for annotation in page.get("/Annots") or []
        if "/A" in annotation.get_object()
    }
    for doi in re.findall(r"doi\s*=\s*[{\"](.+?)[}\"]", bib):
        assert f"https://doi.org/{doi}".lower() in links
    assert not [link for link in links if link.startswith("file:") or link.endswith("plot_")]


@pytest.mark.data
def test_no_reference_leads_nowhere(texts):
    assert [number for number, text in enumerate(texts, 1) if "??" in text] == []


@pytest.mark.data
def test_fonts_are_embedded(book):
    fonts = {}
    for page in book.pages:
        fonts |= (page["/Resources"].get("/Font") or {}).items()
    assert fonts
    for font in (font.get_object() for font in fonts.values()):
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"])


@pytest.mark.data
def test_images_stay_within_the_margins(book):
    images = 0
    for number, page in enumerate(book.pages, 1):
        boxes = []

        def note(operator, _operands, matrix, _text, boxes=boxes):
            if operator == b"Do":
                boxes.append(matrix)

        page.extract_text(visitor_operand_before=note)
        for width, _, _, height, left, bottom in boxes:
            images += 1
            assert left >= 24 * MILLIMETRE, number
            assert left + width <= (210 - 24) * MILLIMETRE, number
            assert bottom >= 20 * MILLIMETRE, number
            assert bottom + height <= (297 - 20) * MILLIMETRE, number
    assert images >= 20
