"""What chance gives, as it was measured once: the numbers behind the site's comparisons."""

import difflib
import json
from pathlib import Path

from cnnvis.analysis.spread import Spread, spreads
from cnnvis.data.image_set import ImageSet

FOLDER = Path(__file__).parents[1] / "controls"
STATES = ("real", "stand-ins")


def load_controls(name: str, images: ImageSet | None = None) -> dict[str, Spread]:
    """Read what several trainings or starts gave where a page shows one.

    ``make controls`` measures them, with the code of the page, and writes every number down with
    its seeds, the versions of the libraries and the date.

    ::

        controls = load_controls("deeper_layers", test)
        print(controls["shift pool3, untrained"])

    Args:
        name: The control, such as ``"deeper_layers"``.
        images: The images that the page works with: numbers were measured both on the real sets
            and on their stand-ins, and these say which are wanted. None, if it uses no set.

    Returns:
        dict[str, Spread]: A `Spread` for the name of each number.

    Raises:
        TypeError: If the name is no text, or ``images`` no `ImageSet`.
        ValueError: If there is no control of that name, or it needs ``images`` and got none.
    """
    if not isinstance(name, str) or not isinstance(images, ImageSet | None):
        raise TypeError(
            "the name must be a text such as 'deeper_layers', and images an ImageSet or None; got "
            f"{name!r} and {type(images).__name__}."
        )
    known = sorted(path.stem for path in FOLDER.glob("*.json"))
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        raise ValueError(
            f"name must be one of {', '.join(map(repr, known)) or 'none: there are none'}; "
            f"got {name!r}." + (f" Did you mean {near[0]!r}?" if near else "")
        )
    record = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    if record["sets"] and images is None:
        raise ValueError(
            f"{name!r} was measured on several sets of images, so it must be told which; got no "
            f"images. Call load_controls({name!r}, images)."
        )
    state = STATES[images is not None and images.source.is_stand_in] if record["sets"] else "real"
    return spreads(record["numbers"][state], record["seeds"], record["of"])
