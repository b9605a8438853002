"""The functions of a tutorial, without running it."""

from functools import cache
from types import ModuleType

from cnnvis_site.rebuild.control_code import GALLERY, definitions


@cache
def functions_of(script: str) -> ModuleType:
    """Run what a tutorial imports, its constants in capitals, its functions, and nothing else.

    So a control measures with the very functions with which the page does.

    Args:
        script: Path of the tutorial in ``gallery``.
    """
    path = GALLERY / script
    page = ModuleType(path.stem)
    code = compile(definitions(path.read_text("utf-8")), str(path), "exec")
    exec(code, vars(page))  # noqa: S102
    return page
