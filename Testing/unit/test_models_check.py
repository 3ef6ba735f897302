"""`xaiclip models check`: what it prints is true, and its picture shows what the model found."""

import argparse

import cv2
import numpy as np
import pytest
import torch

from XAICLIPLib.cli import models_check
from XAICLIPLib.cli.output import add_output
from XAICLIPLib.errors import InputError, ModelError
from XAICLIPLib.pipeline.check_model import BATCHES, check_model
from XAICLIPLib.report.outlines import Outline, outlines

pytestmark = pytest.mark.slow


def run(*arguments):
    parser = argparse.ArgumentParser()
    models_check.add_arguments(parser)
    add_output(parser)
    return models_check.run(parser.parse_args([*arguments, "--device", "cpu"]))


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_bundled_model_on_a_scan(here, phantom_file, liver_slice, capsys):
    assert run("bundled", phantom_file, "--slice", str(liver_slice)) == 0
    printed = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert printed["model"] == "bundled (bundled)"
    assert printed["targets"].startswith("9: liver, spleen,")
    assert printed["input"].startswith("160 x 160") and printed["output"] == "160 x 160"
    assert printed["parameters"] == "0.92 million" and printed["device"] == "cpu"
    assert printed["licence"] == "Apache-2.0 (the published weights)"
    assert "ms per image, one at a time" in printed["time"] and "liver" in printed["slice"]
    assert (here / "bundled-check.png").is_file()


def test_a_file_with_assumptions_says_them(here, capsys, phantom_file):
    class Tissue(torch.nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return image * 20 - 10

    torch.jit.save(torch.jit.trace(Tissue(), torch.rand(1, 1, 32, 32)), "tissue.pt")
    assert run("tissue.pt", phantom_file, "--structure", "spleen", "--out", "seen.png") == 0
    out, err = capsys.readouterr()
    printed = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert "torchscript" in out and printed["sidecar"] == "none" and printed["licence"] == "not said"
    assert printed["orientation"].startswith("can't be told: Dice 0.")
    assert "note: tissue.pt: assumed: outputs from -10 to 10 are logits, so sigmoid" in err
    assert (here / "seen.png").is_file()


def test_numbers_of_the_check(phantom, liver_slice, organ):
    found = check_model("bundled", scan=phantom[0], z=liver_slice, device="cpu")
    assert found.z == liver_slice and set(found.seconds) <= set(BATCHES) and 1 in found.seconds
    assert all(seconds > 0 for seconds in found.seconds.values()) and found.best_batch in found.seconds
    name, area = found.areas()[0]
    pixel = phantom[0].spacing[0] * phantom[0].spacing[1] / 100
    k = found.names.index(name)
    assert area == pytest.approx(found.masks[k].sum() * pixel)
    liver, true = found.masks[found.names.index("liver")], organ("liver").voxels[liver_slice] > 0
    assert 2 * (liver & true).sum() / (liver.sum() + true.sum()) > 0.8


def test_a_model_of_volumes(phantom):
    def tissue(batch):
        return ((batch > 80) & (batch < 200)).float()

    tissue.spatial_dims, tissue.targets = 3, ("liver",)

    class Volumes:
        name, targets, spatial_dims, provenance = "volumes", ("liver",), 3, {}

        def prepare(self, image, context):
            from XAICLIPLib.models.base import Prepared, SliceGrid

            return Prepared(torch.from_numpy(image)[None], SliceGrid((1.0, 1.0, 1.0)), float)

        def predict(self, batch):
            return tissue(batch)

    found = check_model(Volumes(), scan=phantom[0], z=4, device="cpu")
    assert found.shape == (1, *phantom[0].voxels.shape) and found.masks.shape == (1, 128, 128)
    assert np.array_equal(found.masks[0], (phantom[0].voxels[4] > 80) & (phantom[0].voxels[4] < 200))
    assert dict(found.rows())["model"] == "volumes (a Segmenter)" and dict(found.rows())["licence"] == "not said"


class Pointed:
    """Segments the box that it is given."""

    name, targets, spatial_dims, promptable, provenance = "pointed", ("liver",), 2, True, {}

    def prepare(self, image, context):
        from XAICLIPLib.models.base import Prepared, SliceGrid

        mask = torch.zeros(1, *image.shape)
        for prompt in filter(None, context.prompts):
            for x, y, inside in prompt.points:
                mask[:, int(y), int(x)] = inside
            if prompt.box:
                x0, y0, x1, y1 = (round(v) for v in prompt.box)
                mask[:, y0:y1, x0:x1] = 1
        image = torch.from_numpy(image)[None]
        return Prepared(image, SliceGrid(), float, predict=lambda batch: mask.expand(len(batch), 1, -1, -1))

    def predict(self, batch):
        raise AssertionError("the prepared image has a prediction of its own")


def test_a_model_that_is_pointed_at_something(phantom, here):
    volume = phantom[0]
    low = np.array(volume.origin) + np.array(volume.spacing) * (40, 30, 0)
    high = np.array(volume.origin) + np.array(volume.spacing) * (79, 59, 9)
    box = tuple(float(v) for pair in zip(low, high) for v in pair)
    found = check_model(Pointed(), scan=volume, structures=("liver",), z=5, prompt_box=box, device="cpu")
    assert found.masks[0].sum() == 40 * 30 and found.prompts[0].box == (40, 30, 80, 60)
    path = found.draw(here / "pointed.png")
    picture = cv2.imread(str(path))[..., ::-1]
    assert picture.shape[1] == 1132
    place = np.array(volume.origin) + np.array(volume.spacing) * (40, 30, 5)
    pointed = {"scan": volume, "structures": ("liver",), "prompt_points": (*place.tolist(), 1.0), "device": "cpu"}
    found = check_model(Pointed(), z=5, **pointed)
    assert np.argwhere(found.masks[0]).tolist() == [[30, 40]] and found.prompts[0].box is None
    with pytest.raises(InputError, match="not found in slice 6; give another --slice"):
        check_model(Pointed(), z=6, **pointed)
    with pytest.raises(InputError, match="segments what it is pointed at; give --structure TEXT"):
        check_model(Pointed(), scan=volume, device="cpu")


def test_where_things_are_in_the_picture(tmp_path):
    """A mask at the patient's left, in front, is at the right and above."""
    image = np.full((80, 100), 0.5, np.float32)
    mask = np.zeros((80, 100), bool)
    mask[10:30, 60:90] = True
    magenta = (1.0, 0.0, 1.0)
    path = outlines(
        tmp_path / "p.png",
        image=image,
        structures=[Outline("liver", mask, magenta, "1 cm²")],
        spacing=(1.0, 1.0),
        title="a title that is much too long for its page " * 5,
    )
    picture = cv2.imread(str(path))[..., ::-1].astype(int)
    shown = picture[56 : 56 + 608, 24 : 24 + 760]
    rows, columns = np.nonzero((shown[..., 0] > 200) & (shown[..., 1] < 60) & (shown[..., 2] > 200))
    for found, expected in ((rows, (10, 30)), (columns, (60, 90))):
        assert (found.min() / 7.6, found.max() / 7.6) == pytest.approx(expected, abs=0.7)


def test_what_can_not_be_checked(here, phantom_file, phantom):
    with pytest.raises(InputError, match="no model 'unet'; give one of"):
        run("unet")
    with pytest.raises(InputError, match="seen.jpg is no .png"):
        run("bundled", phantom_file, "--out", "seen.jpg")
    with pytest.raises(InputError, match="slices 99 lie outside the scan"):
        run("bundled", phantom_file, "--slice", "99")
    with pytest.raises(InputError, match="does not segment 'pancreas'"):
        run("bundled", phantom_file, "--structure", "pancreas")

    def logits(batch):
        return batch

    with pytest.raises(ModelError, match="returned values from .*return probabilities"):
        check_model(logits, scan=phantom[0], device="cpu")
