"""Pages say which images a build used, and how near stand-ins are."""

import json


def test_data_page_tells_stand_ins_from_real_sets(site):
    site.configure("pages.data", "pages.standin_cards", "myst_parser")
    site.script("one", '_ = "mnist"')
    page = "# Page\n\n```{data-banner}\n```\n\n```{data-sets}\n```\n\n```{standin-cards}\n```\n"
    site.write("docs/data.md", "---\norphan: true\n---\n" + page)
    assert site.build() is None
    assert "not been measured" in site.page("data").text
    spread = {"mean": 0.5, "lowest": 0.25, "highest": 0.75}
    accuracy = {"Net": {"real_test_set": spread, "stand_in": spread}}
    card = {"date": "today", "torch": "2", "seeds": 3, "images": 1000, "accuracy": accuracy}
    worst = {"worst_class": {"name": "Shirt", "share": 0.375}}
    garments = card | {
        "accuracy": {"Net": {"seeds": 1, "real_test_set": spread, "stand_in": spread | worst}},
        "trained_on_drawings": {
            "images": 9000,
            "accuracy": {"Net": {"seeds": 2, "real_test_set": spread}},
        },
    }
    cards = {"mnist": card, "fashion-mnist": garments}
    site.write("docs/cards/standins.json", json.dumps(cards))
    assert site.build() is None
    tables = [table.text for table in site.page("data").find_all("table")]
    assert all("50.0% (25.0 to 75.0)" in table for table in tables)
    assert ["trained on 9,000 drawings" in table for table in tables] == [False, False, True]
    assert "read worst: Shirt by Net (38%)." in site.page("data").text
    assert site.page("data").text.count("trainings don’t agree") == 2
    better = {"mean": 0.9, "lowest": 0.8, "highest": 1.0}
    cards["mnist"]["accuracy"] = {"Net": {"real_test_set": spread, "stand_in": better}}
    garments["accuracy"]["Net"] = {"seeds": 1, "real_test_set": better, "stand_in": spread}
    site.write("docs/cards/standins.json", json.dumps(cards))
    assert site.build() is None
    text = " ".join(site.page("data").text.split())
    assert "Each training recognised more of the stand-in" in text
    assert "Each training recognised less of the stand-in" in text
    assert "cnnvis.standins.garments.draw.garments" in site.page("data").text
    banner = site.page("data").find(class_="data-banner").text
    assert "UCI handwritten digits in place of MNIST" in banner
    assert "CIFAR" not in banner
