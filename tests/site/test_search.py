"""Search finds what readers type; the questions are those that users of such tools ask."""

import re
from urllib.parse import urlencode

import opening
import pytest
from cnnvis_site.head import search_index as site_search

pytestmark = pytest.mark.xdist_group("search")  # what was found is asked for once
CONVOLUTION = "tutorials/1_building_blocks/plot_10_convolution"
POOLING = "tutorials/1_building_blocks/plot_20_pooling"
FILTERS = "tutorials/2_learned_filters/plot_20_filters"
MATTER = "tutorials/3_layer_maps/plot_30_which_filters_matter"
# a question, the pages of which one answers it, and among how many results it must stand
QUESTIONS = [
    ("why are my feature maps black", {"explain/feature-maps", POOLING, "howto/problems"}, 1),
    ("padding", {CONVOLUTION, "explain/convolution-arithmetic", "glossary"}, 1),
    ("hook", {FILTERS, "glossary"}, 1),
    ("Hooks!", {FILTERS, "glossary"}, 1),
    ("in-place relu", {"howto/your-model"}, 1),
    ("out of memory hooks", {"howto/gpu", "howto/your-model", FILTERS}, 3),
    ("CUDA out of memory", {"howto/gpu", "howto/problems"}, 3),
    ("which layer name", {"howto/your-model"}, 1),
    ("grayscale input", {"howto/your-image", "howto/problems"}, 3),
    ("receptive field", {"explain/convolution-arithmetic", "glossary"}, 1),
    ("blank maps", {"explain/feature-maps", POOLING, "howto/problems"}, 1),
    ("freeze_support", {"howto/problems"}, 1),
    ("download mnist fails", {"howto/problems"}, 3),
    ("max pooling vs average pooling", {POOLING}, 1),
    ("dead filters", {MATTER}, 1),
    ("own model", {"howto/your-model"}, 1),
    ("my own image", {"howto/your-image"}, 3),
    ("paddng", {CONVOLUTION, "explain/convolution-arithmetic", "glossary"}, 3),
    ("save_figure", {"reference/drawing"}, 1),
    ("gradcam", {"tutorials/6_attribution/plot_10_captum", "howto/captum"}, 3),
    ("my photos", {"howto/your-photos"}, 3),
    ("colormap", {POOLING, "howto/print-figures", "reference/drawing"}, 3),
    ("license", {"data", "about/ethics"}, 3),
    ("privacy", {"about/ethics"}, 1),
    ("deep dream", {"howto/preferred-images", "tutorials/4_hierarchy/plot_30_photographs"}, 3),
    ("shape mismatch", {"howto/problems"}, 3),
    ("loss nan", {"howto/problems"}, 3),
    ("all maps black but one", {"howto/problems"}, 1),
    ("convolutoin", {CONVOLUTION, "explain/convolution-arithmetic", "glossary"}, 3),
]


@pytest.fixture
def ask(visit, tab):
    """A function that types into the sidebar's search of the home page; the pages found."""
    page, _ = tab

    def answers(question):
        visit("index.html")
        page.fill(".sidebar-search", question)
        page.press(".sidebar-search", "Enter")
        page.wait_for_url("**/search.html?q=*")
        return results(page)

    return answers


def results(page):
    """Return the pages that a search has found."""
    page.wait_for_selector("#search-results > li, #search-help:not([hidden])")
    links = page.locator("#search-results > li > a").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )
    return [link.removesuffix(".html") for link in links]


@pytest.fixture(scope="module")
def found(browser, address):
    """The pages found for each question, asked by the address to which the sidebar's form leads."""
    said = {}
    with opening.opened(browser, address, "search.html") as page:
        for question, _, _ in QUESTIONS:
            page.goto(f"{address}search.html?{urlencode({'q': question})}")
            said[question] = results(page)
    return said


def test_the_sidebar_leads_to_the_answers_that_the_address_has(ask, found):
    question = QUESTIONS[0][0]
    assert ask(question) == found[question] != []


def test_the_page_that_answers_a_question_is_found(found):
    missed = {
        question: found[question][:among]
        for question, answers, among in QUESTIONS
        if not answers & set(found[question][:among])
    }
    assert missed == {}


def test_questions_are_answered_first(found, measured):
    places = []
    for question, answers, _ in QUESTIONS:
        places.append(next(at for at, page in enumerate(found[question], 1) if page in answers))
    first = round(100 * sum(place == 1 for place in places) / len(places))
    measured(f"search: of {len(places)} questions, answered first", f"{first} %", "80 % or more")
    assert first >= 80


def test_sections_found_exist_and_results_can_be_reached_by_keyboard(ask, tab, ids):
    ask("blank maps")
    page, _ = tab
    sections = page.locator("#search-results ul a").all()
    assert sections
    for section in sections:
        path, _, anchor = section.get_attribute("href").partition("#")
        assert anchor in ids(path), (path, anchor)
    page.focus("#search-words")
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('#search-results') !== null"))
    assert reached[-2:] == [True, True]


def test_every_section_in_the_index_exists(visit, ids):
    page = visit("search.html")
    pages, sections = page.evaluate("[cnnvisIndex.pages, cnnvisIndex.sections]")
    assert len(pages) > 40
    assert len(sections) > 5 * len(pages)
    for at, anchor, _ in sections:
        assert not anchor or anchor in ids(f"{pages[at][0]}.html"), (pages[at], anchor)


def test_words_that_every_page_has_are_no_question(ask, tab):
    assert ask("why is the") == []
    page, _ = tab
    assert "every page has these" in page.text_content("#search-status")
    assert page.is_visible("#search-help")


def test_what_was_typed_is_there_when_one_comes_back(visit):
    page = visit("search.html")
    page.fill("#search-words", "stride")
    page.click("#search-results > li > a >> nth=0")
    page.wait_for_load_state()
    assert "search.html" not in page.url
    page.go_back()
    page.wait_for_selector("#search-results > li")
    assert page.input_value("#search-words") == "stride"


def test_what_is_not_found_is_said_with_a_way_on(ask, tab):
    assert ask("qqqq zzzz") == []
    page, _ = tab
    assert page.text_content("#search-status") == "No page has “qqqq zzzz”."
    page.click("#search-help >> text=blank maps")
    page.wait_for_selector("#search-results > li")


def test_results_follow_what_is_typed_and_are_announced(visit):
    page = visit("search.html")
    assert page.get_attribute("#search-status", "role") == "status"
    page.fill("#search-words", "stride")
    assert page.locator("#search-results > li").count() > 0
    assert re.match(r"\d+ pages? found", page.text_content("#search-status"))
    page.fill("#search-words", "")
    assert page.locator("#search-results > li").count() == 0
    assert page.text_content("#search-status") == ""


def test_words_are_cut_alike_here_and_there(visit):
    page = visit("search.html")
    known = page.evaluate("Object.keys(cnnvisIndex.words)")
    text = " ".join([*known, *(f"{word}ing {word}s" for word in known), "Don’t stop the layer's"])
    assert page.evaluate("text => cnnvisSearch.words(text)", text) == site_search.words(text)
