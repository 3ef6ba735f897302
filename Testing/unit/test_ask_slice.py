"""A place in one slice is asked as the whole would answer, in a moment; and what a run can be asked is said."""

import time
from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
import torch

import XAICLIPLib as xai
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.ask import Question, ask
from XAICLIPLib.pipeline.ask_slice import ask_in_slice, askable
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import Volume

pytestmark = pytest.mark.slow

LIVER, SPLEEN = (slice(33, 87), slice(17, 58)), (slice(60, 90), slice(84, 109))  # rows and columns of the phantom
GATE = (slice(56, 62), slice(26, 32))  # inside the liver, on the patient's right
GATE_LPS = (-190.5 + 3 * 28.5, -190.5 + 3 * 58.5)  # x, y of its middle
SPLEEN_LPS = (-190.5 + 3 * 96, -190.5 + 3 * 75)
Z = 6  # the slice that is asked about
Z_LPS = -81 + 18 * Z


def there(batch):
    return torch.sigmoid((batch - 60) / 8)


def gated(batch):
    """Liver and spleen where they are bright, and neither without a small place in the right half of the liver."""
    drawn = torch.zeros(len(batch), 2, *batch.shape[2:])
    gate = there(batch[(..., *GATE)].mean((2, 3), keepdim=True))
    for k, box in enumerate((LIVER, SPLEEN)):
        drawn[(slice(None), k, *box)] = (there(batch[(..., *box)]) * gate)[:, 0]
    return drawn


gated.targets = ("liver", "spleen")


def explain(scan, **options):
    options = {"region": "full", "slices": "5:7", "evidence": "none"} | options
    method = xai.Occlusion(16, 16, fill="mean")
    return xai.explain(scan, ("liver", "spleen"), method, model=gated, device="cpu", **options)


@pytest.fixture(scope="module")
def run(phantom):
    return explain(phantom[0])


def at(x_y, z=Z_LPS):
    return Question(at=(*x_y, z), radius_mm=6.0)


def test_why_a_place_is_drawn_points_at_its_cause(run):
    reply = ask_in_slice(run, at(SPLEEN_LPS))
    assert reply.structure == "spleen" and reply.slice == Z, "what is drawn there is meant"
    assert reply.largest > 0.5 and np.hypot(*np.subtract(reply.at[:2], GATE_LPS)) < 33
    assert reply.at[2] == pytest.approx(Z_LPS)
    away = abs(GATE_LPS[0] - SPLEEN_LPS[0])
    said = float(reply.text.split(" mm right of")[0].rpartition(" ")[2])
    assert said == pytest.approx(away, abs=33) and reply.text.startswith("The spleen here depends most on what lies")


def test_what_hangs_on_a_place_is_told_in_cm2(run):
    reply = ask_in_slice(run, replace(at(GATE_LPS), reach=True, structure="spleen", part="total"))
    drawn = (run.prediction.voxels[Z] == 2).sum() * 9 / 100
    assert 0.6 * drawn < reply.largest <= 1.01 * drawn
    assert reply.text.startswith("Hiding this place takes away") and "of the spleen in this slice (" in reply.text
    nothing = ask_in_slice(run, replace(at(SPLEEN_LPS), reach=True, structure="liver"))
    assert nothing.text == "Hiding this place changes nothing of the liver in this slice." and nothing.at is None


def test_where_nothing_is_drawn_that_is_said(run):
    reply = ask_in_slice(run, at((-190.5 + 3 * 64, -190.5 + 3 * 20)))
    assert reply.structure == "liver" and reply.at is None
    assert reply.text == "The liver is not drawn here, and hiding no place changes that."


@pytest.mark.parametrize("order", ["LPS", "RAS", "ASR"])
def test_the_slab_lies_on_the_scans_own_grid(phantom, order):
    scan = replace(Volume.from_sitk(sitk.DICOMOrient(phantom[0].to_sitk(), order)), modality=phantom[0].modality)
    run = explain(scan, slices=str(Z))
    reply = ask_in_slice(run, at(SPLEEN_LPS))
    assert run.evaluated.axial().shape == phantom[0].shape
    pasted = np.zeros(scan.shape, np.float32)
    pasted[tuple(slice(o, o + n) for o, n in zip(reply.offset, reply.slab.shape))] = reply.slab.voxels
    axial = scan.like(pasted).axial().voxels
    assert axial[Z].max() == pytest.approx(reply.largest) and not np.delete(axial, Z, 0).any()
    corner = scan.to_sitk().TransformIndexToPhysicalPoint([int(v) for v in reply.offset[::-1]])
    assert np.allclose(corner, reply.slab.origin, atol=1e-3)
    # of one slice alone, the whole answer is the same
    whole = ask(run, replace(at(SPLEEN_LPS), structure="spleen"))
    assert reply.largest == pytest.approx(whole.largest, rel=0.05)


def test_what_can_be_asked(run, phantom):
    can = askable(run)
    assert can.structures == ("liver", "spleen") and can.slices == (5, 6) and not can.between
    assert can.parts == ("drawn", "boundary") and min(can.islands.values()) >= 1
    truth = phantom[1].like((phantom[1].voxels == 5).astype(np.uint8))
    scored = askable(xai.explain(
        phantom[0], "liver", xai.Occlusion(64, 64), reference=truth, model=lambda batch: gated(batch)[:, :1],
        region="full", slices=str(Z), evidence="none", device="cpu", players="prediction",
    ))  # fmt: skip
    assert {"missing", "extra", "reference"} < set(scored.parts) and scored.between


@pytest.mark.parametrize(
    "question, says",
    [
        (at((9000.0, 0.0)), "9000, 0, 27 lies outside the scan"),
        (at(SPLEEN_LPS, -81.0), "slice 0 was not explained; slices 5-6 were"),
        (Question(island=1), "a slice is asked about a point"),
        (replace(at(SPLEEN_LPS), structure="kidney"), "this run does not explain"),
        (replace(at(SPLEEN_LPS), part="half"), "no part 'half'"),
        (Question(at=(float("nan"), 0, 0)), "three numbers"),
    ],
)
def test_what_can_not_be_asked_is_said_in_one_line(run, question, says):
    with pytest.raises(InputError, match=says) as caught:
        ask_in_slice(run, question)
    assert "\n" not in str(caught.value)


def test_a_run_without_a_record_is_refused(phantom):
    run = explain(phantom[0], influence=False, slices=str(Z))
    for question in (lambda: ask_in_slice(run, at(SPLEEN_LPS)), lambda: askable(run)):
        with pytest.raises(InputError, match="kept no record"):
            question()


def draws_by_cause(batch):
    """A box that is drawn as far as another one, two slices below, is bright."""
    drawn = torch.zeros_like(batch)
    drawn[..., 6:8, 20:30, 20:30] = (
        (batch[..., 2:4, 20:28, 40:48].mean((2, 3, 4), keepdim=True) / 200)
        .clamp(0, 1)[..., None, None]
        .reshape(-1, 1, 1, 1, 1)
    )
    return drawn


draws_by_cause.spatial_dims, draws_by_cause.targets = 3, ("liver",)


def test_a_volume_that_was_explained_at_once_tells_the_cause_in_another_slice():
    voxels = np.full((9, 40, 60), 180, np.float32)
    voxels[:, :2] = 0
    scan = Volume(voxels, (2.0, 2.0, 5.0), (0.0, 0.0, 0.0), modality="CT", name="cause")
    run = xai.explain(
        scan, "liver", xai.Occlusion((2, 8, 8), (2, 8, 8), fill="zero"), model=draws_by_cause, score="confidence",
        region="full", slices="all", evidence="none", device="cpu",
    )  # fmt: skip
    assert run.influence.whole is not None
    place = (50.0, 50.0, 30.0)
    reply = ask_in_slice(run, Question(at=place, radius_mm=4.0))
    assert reply.slice == 6 and reply.slab.shape == (1, 40, 60) and not reply.slab.voxels.any()
    assert reply.at == pytest.approx((88, 46, 12), abs=8) and "mm left of" in reply.text and "below" in reply.text
    felt = ask_in_slice(run, Question(at=(88.0, 46.0, 12.0), radius_mm=4.0, reach=True, part="total"))
    assert " ml of the liver" in felt.text and felt.largest > 1


def test_a_loaded_run_answers_within_a_tenth_of_a_second(run, tmp_path, capsys):
    run.save(tmp_path / "run", pictures=False)
    loaded = Explanation.load(tmp_path / "run")
    ask_in_slice(loaded, at(SPLEEN_LPS))
    times = []
    for _ in range(5):
        start = time.process_time()
        ask_in_slice(loaded, at(SPLEEN_LPS))
        times.append(1000 * (time.process_time() - start))
    assert min(times) < 50, f"{min(times):.0f} ms"
