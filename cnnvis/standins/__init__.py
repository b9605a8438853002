"""Pictures that need no download, standing in for image sets that could not be had.

Some come with libraries that are installed anyway: scikit-learn's handwritten digits and
scikit-image's photographs. The others are drawn from geometry and random numbers alone.
"""

from cnnvis.standins.digits import digits
from cnnvis.standins.garments import draw_garments, garments
from cnnvis.standins.photos import photos
from cnnvis.standins.vehicles import VEHICLES, draw_vehicles, save_archives

__all__ = [
    "VEHICLES",
    "digits",
    "draw_garments",
    "draw_vehicles",
    "garments",
    "photos",
    "save_archives",
]
