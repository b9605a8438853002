"""Names of a layer's runs in one pass: ``relu``, then ``relu#2`` where a module runs again."""


def run_name(layer: str, run: int) -> str:
    """The name by which a run is recorded.

    Args:
        layer: Name of the layer, as in ``model.named_modules()``.
        run: Its number within the pass, from 1.
    """
    return layer if run == 1 else f"{layer}#{run}"


def layer_and_run(name: str) -> tuple[str, int]:
    """The layer's own name and the number of the run, as `run_name` joined them.

    Args:
        name: A name such as ``"relu"`` or ``"relu#2"``.
    """
    layer, mark, run = name.rpartition("#")
    return (layer, int(run)) if mark and run.isdecimal() else (name, 1)
