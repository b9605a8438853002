"""One or two sentences that say what a page is about."""

from cnnvis_site.head import descriptions

LONG = "A convolution asks at every place of the image whether a small pattern is there"


def test_a_description_is_made_of_whole_sentences():
    paragraphs = [f"{LONG}. Pooling keeps the answer. {LONG}, and so on.", "Not needed."]
    assert descriptions.describe(paragraphs) == f"{LONG}. Pooling keeps the answer."
    assert descriptions.describe(["Short.", f"{LONG}.", "Last."]) == f"Short. {LONG}. Last."


def test_a_long_sentence_is_cut_after_a_clause_or_else_a_word():
    found = descriptions.describe([f"{LONG} and how sure one can be of it, {LONG}."])
    assert found == f"{LONG} and how sure one can be of it…"
    found = descriptions.describe([f"{LONG} {LONG} {LONG}."])
    assert len(found) <= 160
    assert f"{LONG} {LONG} ".startswith(found.removesuffix("…") + " ")
