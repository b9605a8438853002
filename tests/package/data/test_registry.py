import pkgutil

from torchvision import datasets

from cnnvis.data.registry import SETS, source_of
from cnnvis.standins.digits import digits
from cnnvis.standins.garments.draw import garments
from cnnvis.standins.photos import photos


def test_a_source_fits_on_a_line():
    real = source_of("mnist", is_stand_in=False)
    stand_in = source_of("cifar10", is_stand_in=True)
    assert str(real).startswith("MNIST (licence: ")
    assert str(stand_in).startswith("scikit-image's photographs, standing in for CIFAR-10 (")
    for source in (real, stand_in):
        assert source.licence in str(source)
        assert "\n" not in str(source)


def test_what_is_known_of_every_set():
    for name, facts in SETS.items():
        assert issubclass(getattr(datasets, facts.reader), datasets.VisionDataset)
        assert (facts.megabytes > 50) == (name == "cifar10")
        for known in filter(None, (facts, facts.stand_in)):
            assert all((known.title, known.description, known.citation, known.licence))
            assert known.homepage.startswith("http") or known.make is garments
    makers = {name: facts.stand_in.make for name, facts in SETS.items()}
    assert makers == {"mnist": digits, "fashion-mnist": garments, "cifar10": photos}


def test_what_is_drawn_names_the_function_that_draws_it():
    source = source_of("fashion-mnist", is_stand_in=True)
    assert source.origin == "cnnvis.standins.garments.draw.garments"
    assert pkgutil.resolve_name(source.origin) is garments, "a reader can import it"
    assert source_of("mnist", is_stand_in=True).origin == SETS["mnist"].stand_in.homepage
