"""Each tutorial has the parts that a reader may count on."""

import re
from pathlib import Path

import pytest
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

SCRIPTS = sorted((Path(__file__).parents[2] / "gallery").glob("*/plot_*.py"))
each_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)


def texts(script):
    return [block[1] for block in split_code_and_text_blocks(str(script))[1] if block[0] == "text"]


@each_script
def test_it_asks_a_question_and_says_what_one_will_be_able_to_do(script):
    title, _, rest = texts(script)[0].strip().partition("\n")
    assert title.endswith("?")
    assert re.search(r"After this page you can\n\n(\* .+\n(  .+\n)*){3,4}", rest)


@each_script
def test_it_lets_the_reader_predict(script):
    prose = "\n".join(texts(script)[1:])
    assert re.search("predict|guess|before you look", prose, re.IGNORECASE)


@each_script
def test_it_ends_with_what_was_learned_and_its_limits(script):
    prose = "\n".join(texts(script))
    ends = ["What we learned", "**Limits.**", "**Ethics.**", "Where to go next", "References"]
    places = [prose.index(end) for end in ends]
    assert places == sorted(places)


@each_script
def test_it_has_an_exercise_whose_answer_is_executed(script):
    blocks = split_code_and_text_blocks(str(script))[1]
    at = next(at for at, block in enumerate(blocks) if "\nExercise\n---" in "\n" + block[1])
    assert "Answer:" in blocks[at][1].split("Exercise\n---")[1]
    kind, code, _ = blocks[at + 1]
    assert kind == "code"
    assert "assert " in code


@each_script
def test_it_leads_to_the_glossary(script):
    assert len(re.findall(r"<\.\./\.\./glossary\.html#term-[\w-]+>", texts(script)[0])) >= 3
