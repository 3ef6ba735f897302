"""A method is one file: what is put beside the others is found, and is offered by every face."""

import json
import sys
from argparse import ArgumentParser

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.attribution import methods
from XAICLIPLib.attribution.methods import METHODS, Method, WorkGrid, as_method, explainer, find_methods
from XAICLIPLib.case.request import make_method
from XAICLIPLib.cli.method_options import add_method, method_settings_of
from XAICLIPLib.cli.options import make_request
from XAICLIPLib.errors import InputError

FILE = '''
"""Single pixels taken away, chosen at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from XAICLIPLib.attribution.methods.base import Method, explainer, setting


@explainer
@dataclass(frozen=True)
class Ablation(Method):
    """Take single pixels of the region away."""

    name: ClassVar[str] = "ablation"
    copies: ClassVar[str] = "pixels"
    drawn: ClassVar[str] = "pixels"
    pixels: int = setting(50, "pixels that are taken away, one at a time", "N", int)
    fill: str | float | np.ndarray = "zero"

    def plan(self, region):
        return min(self.pixels, int(region.sum())), min(self.pixels, region.size)

    def explain(self, scorer, region, seed=0, show=None):
        from XAICLIPLib.attribution.fill import make_fill
        from XAICLIPLib.attribution.perturbations import PixelSets
        from XAICLIPLib.attribution.result import Attribution

        inside = np.flatnonzero(region.cpu().numpy())
        count = self.plan(region.cpu().numpy())[0]
        chosen = np.random.default_rng(seed).permutation(inside)[:count]
        fill = make_fill(scorer.image, self.fill, region, seed)
        scores = scorer.evaluate(PixelSets(scorer.image, fill, [np.array([pixel]) for pixel in chosen]))
        drop = np.zeros((scorer.targets, region.numel()), np.float32)
        drop[:, chosen] = (scorer.baseline.cpu() - scores).numpy().T
        tried = np.isin(np.arange(region.numel()), chosen).reshape(region.shape)
        return Attribution.of(scorer, drop.reshape(-1, *region.shape), tried, count, self.plan(region.numpy())[1])
'''


@pytest.fixture
def ablation(tmp_path, monkeypatch):
    """The class of a method whose file was put into the folder of the methods, as it were."""
    (tmp_path / "ablation.py").write_text(FILE, encoding="utf-8")
    monkeypatch.setattr(methods, "__path__", [*methods.__path__, str(tmp_path)])
    find_methods(methods.__path__)
    yield METHODS["ablation"]
    del METHODS["ablation"], sys.modules["XAICLIPLib.attribution.methods.ablation"]


def bright(batch):
    return (batch > 0.5).float()


IMAGE = np.zeros((1, 12, 10), np.float32)
IMAGE[0, 2:6, 3:8] = 1.0  # 20 pixels


def test_a_new_file_is_a_method_of_arrays(ablation):
    region = np.zeros((12, 10), bool)
    region[4:8, :] = True
    found = xai.attribute(IMAGE, bright, region, "ablation", pixels=1000)
    assert found.evaluations == 40 and np.array_equal(found.evaluated, region)
    # a pixel of the 20 less: 2 · 19 / (19 + 20)
    expected = np.where(region & (IMAGE[0] > 0), 1 - 38 / 39, 0)
    assert np.abs(found.drop[0] - expected).max() < 1e-6
    few = xai.attribute(IMAGE, bright, region, ablation, pixels=7, seed=3)
    assert few.evaluations == few.evaluated.sum() == 7
    again = xai.attribute(IMAGE, bright, region, ablation(7), seed=3)
    assert np.array_equal(few.drop, again.drop)


@pytest.mark.slow
def test_a_new_file_is_a_method_of_requests_and_scans(ablation, scan):
    request = xai.Request("ct.nrrd", ("liver",), ablation(12, fill="mean"))
    plain = json.loads(json.dumps(request.to_json()))
    assert plain["method"] == {"name": "ablation", "pixels": 12, "fill": "mean"}
    assert xai.Request.from_json(plain) == request
    with pytest.raises(InputError, match="ablation has no setting masks .*rise has it"):
        make_method("ablation", masks=3)
    found = xai.explain(scan, "liver", method="ablation", pixels=9, region="prediction", evidence="none")
    assert {row["evaluations"] for row in found.rows} == {9}
    assert found.report["request"]["method"] == {"name": "ablation", "pixels": 9, "fill": "zero"}


@pytest.fixture
def scan():
    return xai.make_phantom(shape=(6, 96, 96), spacing=(4.0, 4.0, 25.0))[0]


def test_a_new_file_is_a_method_of_the_command_line(ablation):
    from XAICLIPLib.cli import build_parser

    arguments = build_parser().parse_args(
        ["explain", "ct.nrrd", "--structure", "liver", "--method", "ablation", "--pixels", "5", "--fill", "0.5"]
    )
    assert make_request(arguments).method == ablation(5, fill=0.5)
    parser = ArgumentParser()
    add_method(parser)
    assert "ablation: pixels that are taken away, one at a time (default: 50)" in " ".join(parser.format_help().split())


def test_a_new_file_is_a_method_of_the_benchmark(ablation):
    from XAICLIPLib.cli.benchmark import _methods, add_arguments

    parser = ArgumentParser()
    add_arguments(parser)
    arguments = parser.parse_args(
        ["--dataset", "phantom", "--methods", "ablation,occlusion", "--pixels", "5", "--patch", "40mm"]
    )
    assert _methods(arguments) == [ablation(5), xai.Occlusion("40mm")]


@pytest.mark.parametrize("command", ["explain", "benchmark"])
def test_the_options_of_explain_and_of_benchmark_are_the_same(command):
    from XAICLIPLib.cli import build_parser

    first = {"explain": ["ct.nrrd", "--structure", "liver"], "benchmark": ["--dataset", "phantom"]}[command]
    given = ["--patch", "40mm", "--masks", "9", "--keep", "0.4", "--budget", "0.3", "--kernel-width", "0.2"]
    assert method_settings_of(build_parser().parse_args([command, *first, *given])) == {
        **{"patch": "40mm", "masks": 9, "keep": 0.4, "budget": 0.3, "kernel_width": 0.2}
    }


def test_a_class_that_is_no_method_is_refused_where_it_is_written():
    with pytest.raises(TypeError, match="has no fill, plan"):
        explainer(type("Half", (), {"name": "half", "explain": print}))
    with pytest.raises(TypeError, match="both have the name 'rise'"):
        explainer(type("Rise", (xai.Lime,), {"name": "rise"}))
    assert "half" not in METHODS and METHODS["rise"] is xai.Rise


@pytest.mark.parametrize("kind", METHODS.values(), ids=METHODS)
def test_every_method_keeps_the_protocol(kind):
    method = kind()
    assert isinstance(method, Method) and method.for_scan().fill == "zero"
    assert method.drawn is None or getattr(method, method.drawn) >= 8
    for name in method.sizes:
        assert hasattr(method, name)
    grid = WorkGrid((96, 128), {"pixel": (1.0, 1.0), "px512": (0.25, 0.25), "mm": (0.5, 0.5)})
    on_grid = method.for_scan().on_grid(grid)
    assert type(on_grid) is kind and on_grid.on_grid(WorkGrid.of_array((96, 128))) == on_grid
    region = np.zeros((96, 128), bool)
    assert on_grid.plan(region)[0] == 0
    region[40:60, 30:90] = True
    needed, full = on_grid.plan(region)
    assert 0 < needed <= full
    assert 0 < on_grid.share_of_features(torch.rand(1, 96, 128), region) <= 1


def test_settings_stand_beside_the_name_of_their_method():
    by_name = xai.attribute(IMAGE, bright, method="occlusion", patch=4, stride=2, window=True)
    assert np.array_equal(by_name.drop, xai.attribute(IMAGE, bright, method=xai.Occlusion(4, 2)).drop)
    alone = xai.attribute(IMAGE, bright, patch="4px")
    assert np.array_equal(alone.drop, by_name.drop)
    assert as_method(xai.Rise, masks=9) == as_method("rise", masks=9) == xai.Rise(9)


@pytest.mark.parametrize(
    "given, says",
    [
        ({"method": "oclusion"}, "no method 'oclusion'.*did you mean occlusion"),
        ({"method": "occlusion", "pach": 32}, "attribute has no pach; did you mean patch?"),
        ({"progres": print}, "attribute has no progres; did you mean progress?"),
        ({"method": "occlusion", "masks": 9}, r"occlusion has no setting masks \(rise has it\)"),
        ({"masks": 9}, "occlusion has no setting masks"),
        ({"method": xai.Occlusion(), "patch": 4}, r"patch is given beside the settings of Occlusion.*Occlusion\(patch"),
        ({"method": xai.Rise(), "patch": 4}, "rise has no setting patch"),
        ({"method": "rise", "masks": "many"}, "masks is 'many'"),
        ({"method": 3}, "method is 3; give one of"),
        ({"method": dict}, "method is of type type; give one of"),
        ({"on_map": 3}, "on_map is 3"),
        ({"batch_size": 0}, "batch_size is 0"),
    ],
)
def test_what_is_no_setting_is_said_with_what_was_meant(given, says):
    with pytest.raises(InputError, match=says) as caught:
        xai.attribute(IMAGE, bright, **given)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "given, says",
    [
        ({"pach": 32}, "explain has no pach; did you mean patch"),
        ({"method": "rise", "patch": 32}, "rise has no setting patch"),
        ({"method": xai.Rise(), "masks": 32}, "masks is given beside the settings of Rise"),
    ],
)
def test_what_is_no_setting_of_a_scans_explanation_is_said_too(given, says):
    with pytest.raises(InputError, match=says):
        xai.explain("ct.nrrd", "liver", **given)


def test_settings_beside_a_name_are_those_of_a_scan(scan):
    with_name = xai.explain(scan, "liver", patch=96, stride=48, region="prediction", evidence="none", slices=3)
    settings = xai.Occlusion(96, 48, unit="px512")
    assert with_name.report["request"]["method"] == {"name": "occlusion", **{
        key: getattr(settings, key) for key in ("patch", "stride", "fill", "unit")}}  # fmt: skip
    alike = xai.explain(scan, "liver", method=xai.Occlusion, patch=96, stride=48, region="prediction",
                        evidence="none", slices=3)  # fmt: skip
    assert np.array_equal(with_name.drop.voxels, alike.drop.voxels) and with_name.drop.voxels.any()
