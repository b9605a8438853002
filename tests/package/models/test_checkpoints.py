import io
import pickle

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from cnnvis import SmallCNN
from cnnvis.models.checkpoints import load_checkpoint


class Evil:
    def __reduce__(self):
        return (print, ("code from the file has run",))


@pytest.fixture
def model():
    return SmallCNN(widths=(2, 3, 4))


def values(model):
    return torch.cat([one.flatten() for one in model.state_dict().values()])


def wrapped(kind, state):
    return {
        "plain": state,
        "wrapped": {"epoch": 3, "model_state_dict": state},
        "parallel": {f"module.{name}": value for name, value in state.items()},
        "compiled": {"state_dict": {f"_orig_mod.{n}": value for n, value in state.items()}},
        "both": {f"module._orig_mod.{name}": value for name, value in state.items()},
    }[kind]


@pytest.mark.parametrize("kind", ["plain", "wrapped", "parallel", "compiled", "both"])
def test_weights_by_torch(model, tmp_path, kind):
    other = SmallCNN(widths=(2, 3, 4))
    torch.save(wrapped(kind, other.state_dict()), tmp_path / "w.pt")
    load_checkpoint(model, tmp_path / "w.pt")
    assert torch.equal(values(model), values(other))


def test_weights_by_safetensors(model, tmp_path):
    other = SmallCNN(widths=(2, 3, 4))
    save_file(other.state_dict(), tmp_path / "w.safetensors")
    load_checkpoint(model, str(tmp_path / "w.safetensors"))
    assert torch.equal(values(model), values(other))


def refused(model, path, message):
    before = values(model)
    with pytest.raises(ValueError, match=message) as error:
        load_checkpoint(model, path)
    assert "\n" not in str(error.value)
    assert torch.equal(values(model), before)


def test_a_whole_model_is_refused_and_no_code_runs(model, tmp_path, capsys):
    torch.save(model, tmp_path / "whole.pt")
    refused(model, tmp_path / "whole.pt", r"run code from the file\. Save its weights alone")
    torch.save({"state_dict": Evil()}, tmp_path / "evil.pt")
    refused(model, tmp_path / "evil.pt", "run code from the file")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        (tmp_path / "old.pt").write_bytes(pickle.dumps(Evil(), protocol))
        refused(model, tmp_path / "old.pt", "weights must be")
    assert capsys.readouterr() == ("", "")


@pytest.mark.filterwarnings("ignore:.*torch.jit")
def test_programs_are_refused(model, tmp_path):
    torch.jit.trace(model.eval(), torch.zeros(1, 1, 8, 8)).save(tmp_path / "script.pt")
    refused(model, tmp_path / "script.pt", "TorchScript")
    exported = torch.export.export(nn.Linear(2, 2), (torch.zeros(1, 2),))
    torch.export.save(exported, tmp_path / "program.pt2")
    refused(model, tmp_path / "program.pt2", "exported program")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([1, 2], "holds list"),
        ({}, "holds dict"),
        ({"epoch": 3}, "holds dict with 'epoch'"),
        (torch.zeros(3), "holds Tensor"),
    ],
)
def test_other_contents(model, tmp_path, content, message):
    torch.save(content, tmp_path / "w.pt")
    refused(model, tmp_path / "w.pt", message)


def packed():
    file = io.BytesIO()
    torch.save(SmallCNN(widths=(2, 3, 4)).state_dict(), file)
    return file.getvalue()


@pytest.mark.parametrize("name", ["w.pt", "w.safetensors"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"half of a file",
        b"<html>log in</html>",
        b"version https://git-lfs.github.com/spec/v1\n",
        packed()[:2000],
        packed().replace(b"PK\x01\x02", b"PK\x01\x03"),  # the list of what is packed
    ],
    ids=["empty", "half", "page", "pointer", "cut", "broken"],
)
def test_damaged_and_foreign_files(model, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    refused(model, tmp_path / name, "or is damaged")


def test_a_path_of_another_kind(model):
    with pytest.raises(TypeError, match=r"a file such as 'weights\.pt'; got 3"):
        load_checkpoint(model, 3)


@pytest.mark.parametrize("name", ["w.pt", "w.safetensors"])
def test_no_file(model, tmp_path, name):
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_checkpoint(model, tmp_path / f"absent-{name}")


def test_weights_that_do_not_fit(model, tmp_path):
    state = dict(SmallCNN(widths=(2, 3, 5)).state_dict())
    state["extra"] = state.pop("fc.bias")
    torch.save(state, tmp_path / "w.pt")
    refused(
        model,
        tmp_path / "w.pt",
        r"it has too much: extra; it differs in shape: conv3.weight has the shape \(5, 3, 3, 3\), "
        r"not \(4, 3, 3, 3\); conv3.bias .*; and 1 more",
    )
    refused(model, tmp_path / "w.pt", "lacks fc.bias")
