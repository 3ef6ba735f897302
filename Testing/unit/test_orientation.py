"""Models that learned from images lying otherwise than LPS get theirs so, and what they find comes back exactly."""

import itertools
import json

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from modelfiles import fails
from torch import nn

from XAICLIPLib.errors import InputError
from XAICLIPLib.models.axes import Axes, TurnedGrid
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.resize import native
from XAICLIPLib.phantom import PHANTOM_LABELS, make_phantom
from XAICLIPLib.pipeline import explain
from XAICLIPLib.pipeline.check_model import check_model
from XAICLIPLib.pipeline.model_orientation import ways

CODES = ["LPS", "RAS", "LAS", "RPI", "LPI", "RAI"]


@pytest.fixture(scope="module")
def small():
    """A small phantom and its labels."""
    return make_phantom(0, shape=(20, 64, 64), spacing=(6.0, 6.0, 10.0))


@pytest.mark.parametrize("code, axes", itertools.product([*CODES, "PSR", "AIL"], ["zyx", "xyz"]))
def test_a_models_axes_are_those_that_simpleitk_makes_of_the_file(code, axes):
    voxels = np.random.default_rng(0).random((3, 4, 5)).astype(np.float32)
    file = sitk.GetArrayFromImage(sitk.DICOMOrient(sitk.GetImageFromArray(voxels), code))
    expected = file if axes == "zyx" else file.transpose()
    turned = Axes.declared(code, axes, 3)
    assert np.array_equal(turned.to_network(voxels), expected)
    assert np.array_equal(turned.to_network(torch.from_numpy(voxels[None])).numpy()[0], expected)
    assert np.array_equal(turned.to_axial(turned.to_network(voxels)), voxels)
    assert Axes.declared("file", axes, 3, code) == turned and Axes.declared(*turned.named, 3) == turned
    assert turned.same == (code == "LPS" and axes == "zyx")


@pytest.mark.parametrize("code, axes", [("RAS", "xy"), ("RA", "yx"), ("LPS", "xy"), ("LAS", "yx"), ("PLS", "yx")])
def test_slices_are_those_of_the_volume(code, axes):
    voxels = np.random.default_rng(0).random((3, 4, 5)).astype(np.float32)
    whole = Axes.declared((code + "S")[:3], "z" + axes if axes == "yx" else axes + "z", 3).to_network(voxels)
    turned = Axes.declared(code, axes, 2).to_network(voxels[1])
    assert np.array_equal(turned, whole[1] if axes == "yx" else whole[..., 1])


@pytest.mark.slow
def test_a_grid_comes_back_exactly(small):
    image = small[0].voxels[5, :50, :60].astype(np.float32)
    axes = Axes.declared("RAS", "xy", 2)
    grid = TurnedGrid(axes, native(axes.to_network(image).shape, multiple=16, resampling=(1.0, 2.0)))
    assert grid.scale == (2.0, 1.0)
    mask = image > 0
    work = grid.mask_to_work(mask)
    assert work.shape == (112, 64)
    assert np.array_equal(grid.to_slice(work.astype(np.float32)) > 0.5, mask)
    plain = TurnedGrid(axes, native(axes.to_network(image).shape, multiple=16))
    assert np.array_equal(plain.to_slice(plain.mask_to_work(mask).astype(np.float32)) > 0.5, mask)


class Sides(nn.Module):
    """What is bright, on the side where x is small and where it is large: two kidneys of an array with x first."""

    def __init__(self, dims: int):
        super().__init__()
        self.dims = dims
        self.pool = nn.AvgPool2d(3, 1, 1) if dims == 2 else nn.AvgPool3d(3, 1, 1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        bright = ((self.pool(image) - 0.5) * 40).sigmoid()
        x = torch.arange(image.shape[2], device=image.device).view(1, 1, -1, *[1] * (self.dims - 1))
        # a planted reason that is neither the same upside down nor back to front
        y = torch.arange(image.shape[3], device=image.device).view(1, 1, 1, -1, *[1] * (self.dims - 2))
        behind = bright * (y < image.shape[3] // 2)
        return torch.cat([behind * (x >= image.shape[2] // 2), behind * (x < image.shape[2] // 2)], 1)


# in RAS, x grows to the right and y to the front: the right kidney lies at large x and small y
NAMES = ["kidney_left", "kidney_right"][::-1]


@pytest.fixture(scope="module")
def planted():
    """Two bright kidneys behind the middle of a body, and their masks (Z, H, W) in LPS."""
    z, y, x = np.meshgrid(*(np.arange(n) for n in (12, 64, 64)), indexing="ij")
    voxels = np.where(((y - 32) / 28) ** 2 + ((x - 32) / 30) ** 2 <= 1, 0.0, -1000.0).astype(np.float32)
    masks = {}
    for name, column, size in (("kidney_right", 16, 6), ("kidney_left", 47, 8)):  # LPS: columns grow to the left
        masks[name] = ((y - 44) ** 2 + (x - column) ** 2 <= size**2) & (z > 2) & (z < 9)
        voxels[masks[name]] = 200.0
    return voxels, masks


def write(folder, dims, **keys):
    shape = (1, 1, 64, 64) if dims == 2 else (1, 1, 64, 64, 12)
    path = folder / f"sides{dims}.pt"
    torch.jit.save(torch.jit.trace(Sides(dims), torch.rand(shape), check_trace=False), path)
    said = {"classes": NAMES, "activation": "none", "resize": "native", "multiple": 4, "window": [-200, 200]}
    path.with_name(path.name + ".json").write_text(json.dumps({**said, "spatial_dims": dims, **keys}))
    return f"torchscript:{path}"


def found_in(model, image, context):
    prepared = model.prepare(image, context)
    assert prepared.image.shape[1:] == image.shape
    output = (prepared.predict or model.predict)(prepared.image[None])[0].numpy()
    return dict(zip(model.targets, prepared.grid.to_slice(output) > 0.5))


def dice(a, b):
    return 2 * (a & b).sum() / max(1, a.sum() + b.sum())


@pytest.mark.slow
@pytest.mark.parametrize("dims", [2, 3])
def test_the_right_kidney_of_a_model_from_ras_is_the_patients_right(tmp_path, planted, dims):
    voxels, masks = planted
    image = voxels[5] if dims == 2 else voxels
    context = Context(spacing=(1.0,) * dims)
    model = open_segmenter(write(tmp_path, dims, orientation="RAS", axes="xyz"[:dims]), "cpu")
    for name, mask in found_in(model, image, context).items():
        assert dice(mask, masks[name][5] if dims == 2 else masks[name]) > 0.6
    wrong = open_segmenter(write(tmp_path, dims), "cpu")
    assert any("lie as LPS" in note for note in wrong.prepare(image, context).notes)
    unasked = found_in(wrong, image, context)
    assert min(dice(mask, masks[name][5] if dims == 2 else masks[name]) for name, mask in unasked.items()) == 0
    # stored as RAS, with x first: a model that takes files as they are
    stored = open_segmenter(write(tmp_path, dims, orientation="file", axes="xyz"[:dims]), "cpu")
    ras = found_in(stored, image, Context(spacing=(1.0,) * dims, orientation="RAS"))
    assert all(dice(mask, masks[name][5] if dims == 2 else masks[name]) > 0.6 for name, mask in ras.items())


def test_a_function_says_it_by_attributes(planted):
    voxels, masks = planted
    sides = Sides(3)

    def kidneys(batch):
        return sides((batch / 400 + 0.5).clamp(0, 1))

    kidneys.targets, kidneys.spatial_dims, kidneys.orientation, kidneys.axes = tuple(NAMES), 3, "RAS", "xyz"
    model = open_segmenter(kidneys, "cpu")
    assert model.provenance["orientation"] == "RAS" and model.provenance["axes"] == "xyz"
    for name, mask in found_in(model, voxels, Context(spacing=(1.0,) * 3)).items():
        assert dice(mask, masks[name]) > 0.6


def test_the_map_lies_on_the_scans_own_grid(tmp_path, planted):
    """Explained from a file stored as RAS: drop and prediction lie in the patient's right kidney."""
    voxels, masks = planted
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing((4.0, 4.0, 10.0))
    sitk.WriteImage(sitk.DICOMOrient(image, "RAS"), str(tmp_path / "ras.nii.gz"))
    spec = write(tmp_path, 2, orientation="RAS", axes="xy")
    found = explain.explain(
        str(tmp_path / "ras.nii.gz"), ["right kidney"], model=spec, region="prediction", slices="5", device="cpu",
        evidence="none",
    )  # fmt: skip
    assert dice(found.prediction.axial().voxels[5] > 0, masks["kidney_right"][5]) > 0.8
    drop = found.drop.axial().voxels
    drop = drop[0] if drop.ndim == 4 else drop
    assert drop.max() > 0.1 and masks["kidney_right"][5][np.unravel_index(drop[5].argmax(), drop[5].shape)]


@pytest.mark.parametrize(
    "keys, says",
    [
        ({"orientation": "RAX"}, "orientation is 'RAX'; write where x, y and z lead to"),
        ({"orientation": "RL"}, "orientation is 'RL'"),
        ({"orientation": "SRA"}, "does not look at axial slices"),
        ({"axes": "zyx"}, 'axes is .zyx.; for a model of 2 dimensions write "yx"'),
    ],
)
def test_what_is_no_orientation(tmp_path, keys, says):
    fails(InputError, says, lambda: open_segmenter(write(tmp_path, 2, **keys), "cpu"))


def test_the_eight_ways_round_of_a_slice_and_the_sixteen_of_a_volume():
    assert len(ways(2)) == 8 and ways(2)[0] == ("RAS", "xy") and len(ways(3)) == 16


class Drawn(nn.Module):
    """Finds what it learned of the phantom, wherever its images lie as they did then."""

    def __init__(self, masks):
        super().__init__()
        self.register_buffer("masks", torch.from_numpy(masks).float())

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.masks[None].expand(image.shape[0], *self.masks.shape) * 0.98 + image.sum() * 0 + 0.01


@pytest.mark.slow
@pytest.mark.parametrize("orientation, axes", [("RAS", "xy"), ("LAS", "yx"), ("LPS", "yx")])
def test_models_check_finds_the_way_round(tmp_path, orientation, axes):
    """Against the phantom's own labels: a model that was drawn in another orientation."""
    labels = make_phantom()[1].axial().voxels
    z = int((labels == PHANTOM_LABELS["liver"]).sum((1, 2)).argmax())
    names = ("liver", "spleen")
    masks = np.stack([labels[z] == PHANTOM_LABELS[name] for name in names])
    turned = np.ascontiguousarray(Axes.declared(orientation, axes, 2).to_network(masks))
    path = tmp_path / "drawn.pt"
    torch.jit.save(torch.jit.trace(Drawn(turned), torch.rand(1, 1, 256, 256), check_trace=False), path)
    said = {"classes": list(names), "activation": "none", "size": 256}
    path.with_name("drawn.pt.json").write_text(json.dumps(said))
    found = check_model(f"torchscript:{path}", device="cpu")
    line = dict(found.rows())["orientation"]
    if (orientation, axes) == ("LPS", "yx"):
        assert found.orientation.now > 0.95 and line.startswith("fits")
        return
    assert found.orientation.is_turned and found.orientation.best > 0.95
    assert "transposed" in line if axes == "xy" else "transposed" not in line
    assert f'"orientation": "{orientation}", "axes": "{axes}"; write these into its sidecar drawn.pt.json' in line
    path.with_name("drawn.pt.json").write_text(json.dumps({**said, "orientation": orientation, "axes": axes}))
    assert check_model(f"torchscript:{path}", device="cpu").orientation.now > 0.95
