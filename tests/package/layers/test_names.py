import pytest

from cnnvis.layers.names import layer_and_run, run_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("relu", ("relu", 1)),
        ("relu#2", ("relu", 2)),
        ("features.1#12", ("features.1", 12)),
        ("odd#name", ("odd#name", 1)),
        ("odd#name#2", ("odd#name", 2)),
        ("", ("", 1)),
        ("#2", ("", 2)),
    ],
)
def test_names_of_runs_are_joined_and_taken_apart(name, parts):
    assert layer_and_run(name) == parts
    assert run_name(*parts) == name
