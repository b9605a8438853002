"""Figures are taken from scripts with their words, or refused."""

import re

from small_site import FIGURE


def test_figure_without_description_fails_and_names_script_and_figure(site):
    site.script("bare", 'import matplotlib.pyplot as plt\nplt.plot([1])\nplt.title("bare one")')
    assert re.search(r"plot_bare\.py, the block at line \d+.*bare one", site.build())


def test_a_failing_script_is_reported_by_file_and_line_even_with_an_open_figure(site):
    site.script("bad", "import matplotlib.pyplot as plt\nplt.plot([1])\n1 / 0")
    assert re.search(r"plot_bad\.py, line 9: ZeroDivisionError: division by zero$", site.build())


def test_one_name_twice_in_a_script_fails(site):
    code = FIGURE.format(name="line", description="A line.", caption=None)
    site.script("twice", code + "\n# %%\n# Again.\n" + code)
    assert re.search(r'plot_twice\.py.*named "line"', site.build())
