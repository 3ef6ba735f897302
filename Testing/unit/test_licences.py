"""A licence that forbids commercial use is shown before the model is used for the first time on a machine."""

import json

import pytest
import torch

from Testing.unit.modelfiles import declare
from XAICLIPLib.cli import main
from XAICLIPLib.errors import LicenceNotAccepted
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.weights import licence


class Bright(torch.nn.Module):
    def forward(self, image):
        liver = torch.sigmoid((image - 0.5) * 40)
        return torch.cat([1 - liver, liver], 1)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine on which nothing was accepted."""
    monkeypatch.setenv("XAICLIP_CONFIG", str(tmp_path / "config"))
    monkeypatch.setattr(licence, "_accepted_here", {})
    return tmp_path / "config" / "licences.json"


@pytest.fixture
def spec(tmp_path):
    torch.jit.trace(Bright(), torch.rand(1, 1, 32, 32)).save(str(tmp_path / "bright.pt"))
    declared(tmp_path, "CC-BY-NC-SA-4.0")
    return f"torchscript:{tmp_path / 'bright.pt'}"


def declared(folder, text):
    declare(folder / "bright.pt", window=[0, 100], resize="native", classes=["background", "liver"], licence=text)


def test_it_is_refused_until_it_is_accepted_once(spec, machine, tmp_path, monkeypatch):
    with pytest.raises(LicenceNotAccepted, match="forbids commercial use: CC-BY-NC-SA-4.0; .*--accept-licence") as told:
        open_segmenter(spec, "cpu")
    assert told.value.licensed == spec and not machine.exists()
    assert open_segmenter(spec, "cpu", accept_licence=True).targets == ("liver",)
    monkeypatch.setattr(licence, "_accepted_here", {})  # as in another process
    open_segmenter(spec, "cpu")
    assert list(json.loads(machine.read_text(encoding="utf-8")).values()) == ["CC-BY-NC-SA-4.0"]
    declared(tmp_path, "CC-BY-NC-ND-4.0")  # another licence is another question
    with pytest.raises(LicenceNotAccepted):
        open_segmenter(spec, "cpu")
    machine.write_text("{", encoding="utf-8")
    with pytest.raises(LicenceNotAccepted):
        open_segmenter(spec, "cpu")
    declared(tmp_path, "CC-BY-4.0")
    open_segmenter(spec, "cpu")


def test_a_run_that_nobody_watches_ends_with_one_line_that_says_what_to_do(
    spec, machine, phantom_file, liver_slice, tmp_path, capsys
):
    run = ["explain", phantom_file, "--structure", "liver", "--model", spec, "--slices", str(liver_slice)]
    run += ["--method", "occlusion", "--patch", "64", "--stride", "64", "--evidence", "none", "--device", "cpu"]
    out = tmp_path / "out"
    assert main([*run, "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "CC-BY-NC-SA-4.0" in told and "--accept-licence" in told and not out.exists()
    picture = ["--out", str(tmp_path / "picture.png")]
    assert main(["models", "check", spec, phantom_file, "--accept-licence", "--device", "cpu", *picture]) == 0
    assert main([*run, "--out", str(out)]) == 0 and (out / "report.json").is_file()


def test_where_nothing_can_be_written_it_is_accepted_for_the_process(spec, machine, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XAICLIP_CONFIG", str(tmp_path / "file" / "config"))
    open_segmenter(spec, "cpu", accept_licence=True)
    open_segmenter(spec, "cpu")


def test_free_licences_ask_nothing(machine):
    for text in ("", "Apache-2.0", "CC BY 4.0", "MIT", "not said"):
        licence.require_accepted("a model", text, "spec")
    assert not machine.exists()
