"""A request must survive the way through JSON, or no result could ever be run again."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from XAICLIPLib.attribution.methods import (
    METHODS,
    Lime,
    Occlusion,
    Rise,
)
from XAICLIPLib.case.request import (
    SETTINGS,
    VERSION,
    Request,
    make_method,
)
from XAICLIPLib.case.settings import PromptSettings, RegionSettings, VlmSettings
from XAICLIPLib.case.slices import chosen_slices
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.explain import explain

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
    Request.of(
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


VERSION_1 = {  # as `to_json` wrote it
    "version": 1, "scan": "ct.nrrd", "structures": ["liver"], "model": "medsam:m.pth", "region": "box",
    "vlm": "biomedclip", "strategy": "gem", "vlm_size": 448, "vlm_windows": "three", "negatives": ["stomach"],
    "prompts": "contexts.safetensors", "probability": "minmax", "cut": "otsu", "threshold": 0.4, "sigma": 1.0,
    "dilation_mm": 3.0, "components": "auto", "fill_holes": True, "box": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
    "prompt_box": None, "prompt_points": [1.0, 2.0, 3.0, 1.0], "reference": "gt.nrrd", "slices": "4:6", "series": None,
    "modality": "CT", "label": "case 7", "keep_paths": True, "preset": "ct-liver", "score": "soft_dice",
    "evidence": "full", "anyway": True, "time_limit": 60.0, "device": "cpu", "batch_size": 4, "seed": 3,
    "method": {"name": "rise", "masks": 64, "grid": 5, "keep": 0.5, "estimator": "raw", "fill": "zero"},
}  # fmt: skip


def test_version_1_is_read_as_what_it_meant():
    made = Request.from_json(VERSION_1)
    assert made.region == RegionSettings(
        "box", (0.0, 1.0, 2.0, 3.0, 4.0, 5.0), "otsu", 0.4, 1.0, 3.0, components="auto", fill_holes=True
    )
    assert made.vlm == VlmSettings("biomedclip", "gem", 448, "three", ("stomach",), "contexts.safetensors", "minmax")
    assert made.prompt == PromptSettings(points=(1.0, 2.0, 3.0, 1.0)) and made.evidence.level == "full"
    assert made.method == Rise(masks=64, grid=5, estimator="raw") and made.label == "case 7"
    # no run of version 1 could be asked afterwards, or had several images
    newer = {"influence", "cell_mm", "players", "part", "images", "perturb", "region_image"}
    known = set(made.flat()) - newer - {"learned_prompts"} | {"prompts"}
    assert set(VERSION_1) - {"version"} == known, "nothing is left out"
    assert Request.from_json(made.to_json()) == made and made.to_json()["version"] == VERSION == 2


def test_groups_are_given_whole_by_name_or_by_their_main_value():
    whole = Request("a", ("liver",), region=RegionSettings("full", threshold=0.4), vlm={"model": "biomedclip"})
    assert whole == Request.of("a", ("liver",), region="full", threshold=0.4, vlm="biomedclip")
    assert Request("a", ("liver",), evidence="none").evidence.level == "none"
    assert whole.changed(region="clip").region == RegionSettings("clip", threshold=0.4)
    assert whole.changed(region=RegionSettings()).region == RegionSettings()
    assert whole.changed(region=RegionSettings("full"), sigma=1).region == RegionSettings("full", sigma=1.0)
    assert whole.changed(prompts="x").vlm == VlmSettings("biomedclip", learned_prompts="x")
    assert Request.of(**{**whole.flat(), "seed": 3}) == whole.changed(seed=3)


def test_a_short_request_takes_the_papers_defaults():
    short = Request.from_json({"scan": "ct.nrrd", "structures": ["liver"]})
    assert short == Request("ct.nrrd", ("liver",))
    assert (short.method.patch, short.method.stride, short.method.fill) == (64, 32, "zero")
    assert short.region == RegionSettings("clip", threshold=0.5, sigma=2.0) and short.score == "dice"
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
        ({"version": 2, "threshold": 0.4}, "the request has threshold outside its group; write region.threshold"),
        ({"version": True}, "version True"),
        ({"region": {"treshold": 0.4}}, "region has no treshold; did you mean threshold"),
        ({"prompt": 3, "prompt_box": None}, "prompt is 3; give PromptSettings"),
        ({"treshold": 0.4}, "a request has no treshold; did you mean threshold"),
        ({"version": 99}, "version 99; this program reads version 1 and 2"),
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


def test_arrays_are_refused_before_anything_is_computed(phantom):
    calls = []
    with pytest.raises(InputError, match="segments is an array.*give arrays to xai.attribute"):
        explain(phantom[0], "liver", Lime(segments=np.zeros((4, 4), int)), region="full", model=calls.append)
    assert not calls


def test_a_request_can_not_be_changed_after_the_fact():
    with pytest.raises(AttributeError):
        REQUESTS[0].seed = 1


FIELDS = SETTINGS
OF_METHODS = [(name, f.name) for name, kind in METHODS.items() for f in fields(kind)]
WRONG = [
    None,
    True,
    0,
    -1,
    2.5,
    float("nan"),
    float("inf"),
    10**40,
    "",
    "x",
    "a\0b",
    [],
    [1],
    ["x"],
    [[1]],
    [None],
    {},
    {"a": 1},
]


def tried(data):
    """A request of any data is made, and survives the way through JSON, or it is refused in one sentence."""
    try:
        made = Request.from_json(data)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert Request.from_json(json.loads(json.dumps(made.to_json()))) == made


@pytest.mark.parametrize("name", [*FIELDS, "version"])
def test_a_field_of_any_kind_is_taken_or_refused(name):
    for value in WRONG:
        tried({"scan": "ct.nrrd", "structures": ["liver"], name: value})


@pytest.mark.parametrize("method, setting", OF_METHODS)
def test_a_setting_of_any_kind_is_taken_or_refused(method, setting):
    for value in WRONG:
        tried({"scan": "ct.nrrd", "structures": ["liver"], "method": {"name": method, setting: value}})


def test_what_is_no_request_is_refused():
    for data in (None, 3, "liver", [], [1], {1: 2}, {"scan": "a", "structures": ["b"], "method": {"name": []}}):
        with pytest.raises(InputError):
            Request.from_json(data)


@pytest.mark.parametrize(
    "change, says",
    [
        ({"region": None}, "region is nothing .*; it must be text"),
        ({"vlm": 0}, "vlm is 0; it must be text"),
        ({"reference": []}, r"reference is \[\].*text or nothing"),
        ({"batch_size": 2.5}, "batch_size is 2.5; it must be a whole number or nothing"),
        ({"seed": -1}, "seed is -1; it must be between 0"),
        ({"sigma": 1e30}, "smoothing is 1e.30 pixels"),
        ({"dilation_mm": float("inf")}, "dilation_mm is inf; it must be a finite number"),
        ({"box": [0, 1, 0, 1, 0, float("nan")]}, "box"),
        ({"slices": "1:2:3:4"}, "slices '1:2:3:4': write auto"),
        ({"slices": [1.5]}, "slices are"),
        ({"score": "dise"}, "did you mean dice"),
        ({"devise": "cpu"}, "no devise; did you mean device"),
        ({"method": {"name": "rize"}}, "no method 'rize'.*did you mean rise"),
        ({"method": {"name": "rise", "masks": "many"}}, "masks is 'many'; it must be a whole number"),
    ],
)
def test_a_wrong_type_is_named_with_what_it_must_be(change, says):
    with pytest.raises(InputError, match=says):
        Request.from_json({"scan": "ct.nrrd", "structures": ["liver"], **change})


@pytest.mark.parametrize(
    "given, text, chosen",
    [
        (9, "9", [9]),
        (np.int64(9), "9", [9]),
        ([9, 10], "9:11", [9, 10]),
        ((3, 1, 7, 8, 3), "1,3,7:9", [1, 3, 7, 8]),
        (range(4, 10, 3), "4,7", [4, 7]),
        (range(9, 11), "9:11", [9, 10]),
        (np.arange(12) % 5 == 0, "0,5,10", [0, 5, 10]),
        (np.array([2, 3]), "2:4", [2, 3]),
        ({2, 3}, "2:4", [2, 3]),
        (slice(9, 11), "9:11", [9, 10]),
        (slice(None, None, 4), "::4", [0, 4, 8]),
        (slice(10, None), "10:", [10, 11]),
        (" 3, 5:7 ", "3,5:7", [3, 5, 6]),
        ("auto", "auto", list(range(12))),
    ],
)
def test_slices_in_the_ways_people_write_them(given, text, chosen):
    made = Request("ct.nrrd", ("liver",), slices=given)
    assert made.slices == text and chosen_slices(made.slices, 12) == chosen


@pytest.mark.parametrize("text", ["12", "5:13", "-1", "7:7", "1,40"])
def test_slices_outside_the_scan_are_refused(text):
    with pytest.raises(InputError, match="outside the scan, which has slices 0 to 11"):
        chosen_slices(text, 12)


def test_numbers_and_paths_become_what_a_field_holds():
    made = Request.of(Path("ct.nrrd"), ["liver"], batch_size=np.int64(4), threshold=np.float32(0.5), components=2)
    assert (made.scan, made.structures, made.batch_size, made.region.threshold, made.region.components) == (
        "ct.nrrd", ("liver",), 4, 0.5, "2",
    )  # fmt: skip
    assert type(made.batch_size) is int and type(made.region.threshold) is float


def test_type_checkers_know_every_option_of_explain():
    from dataclasses import fields

    from XAICLIPLib.attribution.methods import METHODS
    from XAICLIPLib.case.arguments import Options
    from XAICLIPLib.case.request import SETTINGS

    of_methods = {field.name for kind in METHODS.values() for field in fields(kind)}
    named = {"scan", "structures", "method", "region", "model"}  # parameters of their own
    assert set(Options.__annotations__) == {*SETTINGS, *of_methods} - named
