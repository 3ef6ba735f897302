"""A request must survive the way through JSON, or no result could ever be run again."""

import json

import numpy as np
import pytest

from XAICLIPLib.errors import InputError
from XAICLIPLib.explain.settings import Lime, Occlusion, Rise
from XAICLIPLib.request import VERSION, Request, make_method

REQUESTS = [
    Request("ct.nrrd", ("liver",)),
    Request(
        "ct.nrrd", ("liver", "right kidney"), Occlusion(patch=(40.0, 30.0), stride=20, unit="mm", fill="air"), seed=7
    ),
    Request(
        "folder",
        ("spleen",),
        Rise(masks=128, grid=(5, 7), estimator="ridge", tolerance=0.05, fill=-0.5),
        device="cuda:1",
    ),
    Request(
        "ct.nii.gz",
        ("liver",),
        Lime(samples=64, kernel_width=0.25, fill="blur"),
        region="prediction",
        score="soft_dice",
    ),
    Request(
        "ct",
        ("a cyst",),
        model="function:m:f",
        region="box",
        box=(-1.0, 1.0, -2.0, 2.0, 0.0, 9.5),
        reference="gt.nrrd:liver=5",
        slices="40:60",
        series="1.2.3",
        preset="ct-liver",
        threshold=0.6,
        sigma=0.0,
        dilation_mm=5.0,
        batch_size=4,
        vlm="local-dir:x",
    ),
]


@pytest.mark.parametrize("request_", REQUESTS)
def test_json_and_back(request_):
    text = json.dumps(request_.to_json())
    assert json.loads(text)["version"] == VERSION
    assert Request.from_json(json.loads(text)) == request_


def test_a_short_request_takes_the_papers_defaults():
    short = Request.from_json({"scan": "ct.nrrd", "structures": ["liver"]})
    assert short == Request("ct.nrrd", ("liver",))
    assert (short.method.patch, short.method.stride, short.method.fill) == (64, 32, "zero")
    assert short.region == "clip" and short.threshold == 0.5 and short.sigma == 2 and short.score == "dice"
    rise = Request.from_json({"scan": "a", "structures": ["liver"], "method": {"name": "rise"}}).method
    assert (rise.masks, rise.grid, rise.keep) == (2000, 7, 0.5)
    lime = make_method("lime")
    assert (lime.scale, lime.sigma, lime.min_size, lime.min_overlap, lime.samples, lime.alpha) == (
        100,
        0.5,
        50,
        0.1,
        300,
        1,
    )
    assert lime.kernel_width is None


@pytest.mark.parametrize(
    "change, says",
    [
        ({"colour": "red"}, "no colour"),
        ({"version": 99}, "version 99; this program reads version 1"),
        (
            {"method": {"name": "gradcam"}},
            "no method 'gradcam'; choose one of occlusion, hierarchical, rise, lime, kernelshap",
        ),
        ({"method": {"name": "rise", "patch": 64}}, "rise has no setting patch"),
        ({"method": {"masks": 100}}, "method"),
        ({"structures": []}, "at least one structure"),
        ({"structures": "liver"}, "at least one structure"),
        ({"structures": ["liver", " "]}, "at least one structure"),
        ({"threshold": 1.5}, "threshold is 1.5"),
        ({"threshold": float("nan")}, "threshold is nan"),
        ({"sigma": -1}, "can't be negative"),
        ({"dilation_mm": -1}, "can't be negative"),
        ({"score": "iou"}, "no score 'iou'"),
        ({"batch_size": 0}, "batch size is 0"),
        ({"box": [1, 2, 3]}, "6 numbers"),
        ({"method": {"name": "occlusion", "stride": 0}}, "stride is 0"),
        ({"method": {"name": "occlusion", "unit": "cm"}}, "no unit 'cm'"),
        ({"method": {"name": "rise", "keep": 1.0}}, "keep is 1.0"),
        ({"method": {"name": "rise", "masks": 2}}, "at least 8 masks"),
        ({"method": {"name": "rise", "estimator": "mean"}}, "no estimator 'mean'"),
        ({"method": {"name": "lime", "samples": 1}}, "at least 8 samples"),
    ],
)
def test_what_is_wrong_is_named(change, says):
    with pytest.raises(InputError, match=says) as caught:
        Request.from_json({"scan": "ct.nrrd", "structures": ["liver"], **change})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [{"structures": ["liver"]}, {"scan": "ct.nrrd"}])
def test_a_request_without_scan_or_structure_is_refused(data):
    with pytest.raises(InputError):
        Request.from_json(data)


def test_arrays_do_not_travel_in_a_request():
    for method in (Lime(segments=np.zeros((4, 4), int)), Occlusion(fill=np.zeros((1, 4, 4)))):
        with pytest.raises(InputError, match="is an array"):
            Request("ct.nrrd", ("liver",), method).to_json()


def test_a_request_can_not_be_changed_after_the_fact():
    with pytest.raises(AttributeError):
        REQUESTS[0].seed = 1
