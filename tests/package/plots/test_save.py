"""Figures keep their words and are written whole, or not at all."""

import pytest
from matplotlib import pyplot as plt
from PIL import Image

from cnnvis.plots.maps import plot_maps
from cnnvis.plots.save import figure_text, save_figure

pytestmark = [
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # within older libraries
]


@pytest.fixture
def figure(maps):
    return plot_maps(maps).figure


def test_a_figure_is_written_with_its_description(figure, tmp_path):
    description = "Ten maps; the strongest is 3 – 40 % above the rest × 2."
    path = save_figure(
        figure, "conv1_maps", f" {description}\n", folder=tmp_path / "new" / "images"
    )
    assert path == tmp_path / "new" / "images" / "conv1_maps.png"
    with Image.open(path) as image:
        image.load()
        assert image.text["Description"] == description
        assert image.text["Title"] == "conv1_maps"
        width, height = image.size
    inches = figure.get_size_inches()
    assert (width, height) == pytest.approx(inches * 200, abs=2)


def test_it_goes_to_the_folder_images_of_where_one_is(figure, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = save_figure(figure, "maps", "Maps.")
    assert (tmp_path / "images" / "maps.png").read_bytes() == path.read_bytes()
    assert not path.is_absolute()


def test_a_frame_of_a_strip_says_where_one_is(figure, tmp_path):
    save_figure(figure, "step_30", "Maps.", caption="step 30", strip="Steps", folder=tmp_path)
    assert figure_text(figure)[2:] == ("step 30", "Steps")
    with pytest.raises(ValueError, match="needs a caption, which says where one is; 'step_30'"):
        save_figure(figure, "step_30", "Maps.", strip="Steps", folder=tmp_path)


def test_an_older_file_is_replaced(figure, tmp_path):
    save_figure(figure, "maps", "Old.", folder=tmp_path)
    with Image.open(save_figure(figure, "maps", "New.", folder=str(tmp_path))) as image:
        assert image.text["Description"] == "New."


def test_the_words_stay_with_the_figure(figure, tmp_path):
    assert figure_text(figure) is None
    save_figure(figure, "maps", " Ten maps. ", caption="Longer.", folder=tmp_path)
    assert figure_text(figure) == ("maps", "Ten maps.", "Longer.", None)
    save_figure(figure, "maps", "Again.", folder=tmp_path)
    assert figure_text(figure).caption is None
    assert figure_text(plt.figure()) is None


def test_nothing_is_written_while_the_site_is_built(figure, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CNNVIS_SITE_BUILD", "1")
    assert save_figure(figure, "maps", "Ten maps.") is None
    assert save_figure(figure, "maps", "Ten maps.", folder="elsewhere") is None
    assert list(tmp_path.iterdir()) == []
    assert figure_text(figure) == ("maps", "Ten maps.", None, None)


@pytest.mark.parametrize("value", ["0", ""])
def test_other_values_of_the_variable_do_not_count(figure, tmp_path, monkeypatch, value):
    monkeypatch.setenv("CNNVIS_SITE_BUILD", value)
    assert save_figure(figure, "maps", "Ten maps.", folder=tmp_path).exists()


@pytest.mark.parametrize("building", ["0", "1"])
@pytest.mark.parametrize(
    "name", ["", "Maps", "my maps", "maps.png", "a/b", "../a", "maps-1", "größe", "maps\n"]
)
def test_names_that_do_not_fit(figure, tmp_path, monkeypatch, building, name):
    monkeypatch.setenv("CNNVIS_SITE_BUILD", building)
    with pytest.raises(ValueError, match=r"a-z, 0-9 and _ alone; got .*conv1_filters"):
        save_figure(figure, name, "Ten maps.", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert figure_text(figure) is None


@pytest.mark.parametrize("building", ["0", "1"])
@pytest.mark.parametrize("description", ["", "  \n", "x" * 251])
def test_descriptions_that_do_not_fit(figure, tmp_path, monkeypatch, building, description):
    monkeypatch.setenv("CNNVIS_SITE_BUILD", building)
    with pytest.raises(ValueError, match=r"1 to 250 characters; that of 'maps' has .*caption"):
        save_figure(figure, "maps", description, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert figure_text(figure) is None


def test_the_longest_description(figure, tmp_path):
    assert save_figure(figure, "maps_1", "x" * 250, folder=tmp_path).exists()
