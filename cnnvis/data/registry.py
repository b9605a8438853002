"""What is known of every image set and its stand-in."""

from collections.abc import Callable
from dataclasses import dataclass

from cnnvis.standins.checks import Images
from cnnvis.standins.digits import digits
from cnnvis.standins.garments.draw import garments
from cnnvis.standins.photos import photos


@dataclass(frozen=True)
class Facts:
    """What pages and messages say about images.

    Attributes:
        title: The name people use.
        description: One sentence.
        citation: Authors, year, title and a DOI or another lasting address.
        licence: The terms of use.
        homepage: Address of the page that describes the images; empty where the program
            draws them.
    """

    title: str
    description: str
    citation: str
    licence: str
    homepage: str

    @property
    def origin(self) -> str:
        """Where to read more."""
        return self.homepage


@dataclass(frozen=True)
class StandInFacts(Facts):
    """Those about images that take a set's place without a network.

    Attributes:
        make: The function that gives the images of a split.
    """

    make: Callable[[str], Images]

    @property
    def origin(self) -> str:
        """Address of the page that describes the images, else the function that draws them."""
        return self.homepage or f"{self.make.__module__}.{self.make.__qualname__}"


@dataclass(frozen=True)
class SetFacts(Facts):
    """Those about an image set.

    Attributes:
        reader: The name of the class in ``torchvision.datasets`` that reads it.
        megabytes: Size of the download.
        stand_in: What takes the set's place without a network, if there is anything.
    """

    reader: str
    megabytes: float
    stand_in: StandInFacts | None = None


SETS: dict[str, SetFacts] = {
    "mnist": SetFacts(
        title="MNIST",
        description="70,000 handwritten digits, grey, 28×28 pixels.",
        citation="LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to "
        "document recognition, doi:10.1109/5.726791",
        licence="no formal licence text comes with the files (LeCun, Cortes and Burges)",
        homepage="http://yann.lecun.com/exdb/mnist/",
        reader="MNIST",
        megabytes=11.6,
        stand_in=StandInFacts(
            title="UCI handwritten digits",
            description="1,797 handwritten digits that come with scikit-learn, drawn at "
            "28×28 pixels from their 8×8 counts of ink.",
            citation="Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, "
            "UCI Machine Learning Repository, doi:10.24432/C50P49",
            licence="CC BY 4.0",
            homepage="https://archive.ics.uci.edu/dataset/80/",
            make=digits,
        ),
    ),
    "fashion-mnist": SetFacts(
        title="Fashion-MNIST",
        description="70,000 images of garments in ten classes, grey, 28×28 pixels.",
        citation="Xiao, Rasul and Vollgraf (2017), Fashion-MNIST: a novel image dataset for "
        "benchmarking machine learning algorithms, arXiv:1708.07747",
        licence="MIT, Zalando SE, 2017",
        homepage="https://github.com/zalandoresearch/fashion-mnist",
        reader="FashionMNIST",
        megabytes=30.9,
        stand_in=StandInFacts(
            title="Drawn garments",
            description="5,000 garments of the same ten classes, drawn by the program from "
            "geometry and random numbers, grey, 28×28 pixels.",
            citation="The cnnvis contributors, cnnvis: see what a convolutional network sees",
            licence="MIT, as a part of cnnvis",
            homepage="",
            make=garments,
        ),
    ),
    "cifar10": SetFacts(
        title="CIFAR-10",
        description="60,000 photographs of animals and vehicles in ten classes, in colour, "
        "32×32 pixels.",
        citation="Krizhevsky (2009), Learning multiple layers of features from tiny images, "
        "https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf",
        licence="no formal licence; the authors ask to cite Krizhevsky (2009)",
        homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
        reader="CIFAR10",
        megabytes=170.5,
        stand_in=StandInFacts(
            title="scikit-image's photographs",
            description="Tiles of 32×32 pixels cut from the photographs that come with "
            "scikit-image; the label is the photograph.",
            citation="van der Walt et al. (2014), scikit-image: image processing in Python, "
            "doi:10.7717/peerj.453",
            licence="CC0 or public domain",
            homepage="https://scikit-image.org/docs/stable/api/skimage.data.html",
            make=photos,
        ),
    ),
}


@dataclass(frozen=True)
class Source:
    """Where images come from, and on what terms.

    Attributes:
        name: The name given to `load`.
        title: What the images are: the set itself or its stand-in.
        origin: Address of the page that describes them, or the full name of the function that
            draws them; never a local path.
        licence: The terms of use.
        citation: What to cite.
        is_stand_in: Whether these images stand in for the set that was asked for.
    """

    name: str
    title: str
    origin: str
    licence: str
    citation: str
    is_stand_in: bool = False

    def __str__(self) -> str:
        role = f", standing in for {SETS[self.name].title}" if self.is_stand_in else ""
        return f"{self.title}{role} (licence: {self.licence})"


def source_of(name: str, *, is_stand_in: bool) -> Source:
    """What an `ImageSet` says about where its images come from.

    Args:
        name: A key of `SETS`.
        is_stand_in: Whether the images are those of the set's stand-in, which must exist.
    """
    facts = SETS[name].stand_in if is_stand_in else SETS[name]
    terms = facts.licence, facts.citation
    return Source(name, facts.title, facts.origin, *terms, is_stand_in=is_stand_in)
