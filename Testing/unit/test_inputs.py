"""Arrays as they come: of any type, order and device they are the same image and mask, or are refused in words."""

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from torch.nn import functional

import XAICLIPLib as xai
from XAICLIPLib.attribution.methods import METHODS
from XAICLIPLib.case.request import make_method
from XAICLIPLib.errors import InputError

RNG = np.random.default_rng(0)
IMAGE = RNG.random((24, 32)).astype(np.float32)
BOX = np.zeros((24, 32), bool)
BOX[6:18, 8:26] = True
METHOD = xai.Occlusion(8, 4)


def net(batch):
    return torch.sigmoid((functional.avg_pool2d(batch, 3, 1, 1) - 0.5) * 30)


def run(image=IMAGE, region=BOX, predict=net, **more):
    return xai.attribute(image, predict, region, **{"method": METHOD, **more})


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


WAYS = {
    "flipped": lambda a: a[::-1].copy()[::-1],
    "strided": lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    "columns first": np.asfortranarray,
    "read-only": read_only,
    "big-endian": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "tensor": torch.from_numpy,
    "gradients": lambda a: torch.from_numpy(a.astype(np.float32)).requires_grad_(),
    "nested lists": lambda a: a.tolist(),
    "sitk": lambda a: sitk.GetImageFromArray(a.astype(np.float32)),
    "sparse": lambda a: torch.from_numpy(a).to_sparse(),
    "masked": np.ma.masked_array,
    "long double": lambda a: a.astype(np.longdouble),
    "one channel": lambda a: a[None],
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.filterwarnings("error")
def test_images_and_masks_in_memory_are_the_same_in_any_form(way):
    right = run()
    assert np.array_equal(run(image=way(IMAGE)).drop, right.drop)
    assert np.array_equal(run(region=way(BOX)).drop, right.drop)
    assert np.array_equal(run(reference=way(IMAGE > 0.5)).drop, run(reference=IMAGE > 0.5).drop)
    fill = np.full_like(IMAGE, 0.25)
    assert np.array_equal(run(method=xai.Occlusion(8, 4, fill=0.25)).drop, run(method=fills(way(fill))).drop)


def fills(fill):
    return xai.Occlusion(8, 4, fill=np.array(fill) if isinstance(fill, list) else to_array(fill))


def to_array(fill):
    return sitk.GetArrayFromImage(fill) if isinstance(fill, sitk.Image) else fill


@pytest.mark.parametrize("kind", ["uint8", ">i2", "uint16", "int64", "float16", "uint64"])
def test_masks_of_numbers_are_masks(kind):
    assert np.array_equal(run(region=BOX.astype(kind)).drop, run().drop)
    assert np.array_equal(run(region=(BOX * 255.0).astype(kind)).drop, run().drop)  # as painting programs have them


@pytest.mark.parametrize("what", ["region", "reference"])
def test_a_soft_mask_is_cut_as_a_prediction_is_and_said(what):
    probabilities = net(torch.from_numpy(IMAGE)[None, None])[0].numpy()
    hard = {"region": BOX, "reference": probabilities > 0.5}[what]
    soft = {"region": BOX * 0.9 + 0.05, "reference": probabilities}[what]
    right, found = run(**{what: hard}), run(**{what: soft})
    assert np.array_equal(found.drop, right.drop) and found.evaluations == right.evaluations
    [note] = [w for w in found.warnings if what in w]
    assert f"the {what} is soft" in note and "cut at 0.5" in note
    assert not [w for w in right.warnings if what in w]


def test_nan_lies_outside_and_is_said():
    found = run(region=np.where(BOX, 1, np.nan))
    assert np.array_equal(found.drop, run().drop)
    assert any(f"the region holds {(~BOX).sum()} NaN" in w for w in found.warnings)


@pytest.mark.parametrize(
    "more, says",
    [
        ({"region": BOX * 0.4}, r"the region is empty; .* \(the region is soft"),
        ({"region": np.full(BOX.shape, np.nan)}, "the region is empty"),
        ({"region": BOX * 1 + (IMAGE > 0.5)}, "values from 0 to 2, which are neither a mask nor probabilities.*== 2"),
        ({"reference": BOX * 3 + (IMAGE > 0.5)}, "reference holds values from 0 to 4"),
        ({"region": IMAGE * 8 - 4}, "neither a mask nor probabilities"),
        ({"region": BOX.astype(complex)}, "the region holds complex numbers"),
        ({"region": np.full(BOX.shape, None)}, "an array of object, not an array of numbers"),
        ({"region": "liver"}, "the region is str, not an array"),
        ({"region": BOX.T}, "may be transposed"),
        ({"region": BOX[None, None]}, r"the region has shape \(1, 1, 24, 32\)"),
        ({"image": IMAGE.astype(complex)}, "the image holds complex numbers; give their magnitude"),
        ({"image": IMAGE.astype(object)}, "an array of object"),
        ({"image": np.zeros((0, 4))}, r"the image is empty: shape \(0, 4\)"),
        ({"image": None}, "the image is NoneType, not an array"),
        ({"image": [[1, 2], [3]]}, "the image is no array"),
        ({"image": np.ma.masked_less(IMAGE, 0.5)}, "the image has masked values; fill them"),
        ({"image": xai.Volume(IMAGE[None])}, "is a Volume; give an array"),
        ({"image": np.stack([IMAGE] * 3, -1)}, r"channels come first: \(C, H, W\)"),
        ({"image": IMAGE[None, None]}, r"one image of a batch is image\[0\]"),
        ({"image": np.stack([IMAGE] * 4)[:, None], "region": None}, "looks like a batch of 4 images"),
        ({"image": np.stack([IMAGE[None, None]] * 2), "region": None}, r"expected \(H, W\).*batch is image\[0\]"),
        ({"reference": np.ones((1, 12, 16), bool)}, r"reference has shape \(1, 12, 16\); expected \(1, 24, 32\)"),
        ({"method": xai.Occlusion(8, 4, fill=np.full(IMAGE.shape, np.nan))}, "the fill holds NaN"),
        ({"method": xai.Occlusion(8, 4, fill=np.zeros((3, 3)))}, "the fill has shape"),
        ({"method": xai.Lime(segments=IMAGE)}, "segments .* whole numbers"),
        ({"method": "oclusion"}, "no method 'oclusion'.*did you mean occlusion"),
        ({"method": 7}, "method is 7; give one of occlusion"),
        ({"method": dict}, "method is of type type"),
        ({"predict": "bundled"}, "predict is 'bundled'; it must be a function"),
        ({"progress": 3}, "progress is 3; it must be a function"),
        ({"batch_size": -1}, "batch_size is -1; it must be at least 1"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"batch_size": 2.5}, "batch_size is 2.5; it must be a whole number"),
        ({"batch_size": True}, "batch_size is True"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": None}, "seed is nothing"),
    ],
)
def test_what_can_not_be_used_is_one_sentence(more, says):
    with pytest.raises(InputError, match=says) as caught:
        run(**more)
    assert "\n" not in str(caught.value) and str(caught.value).count(". ") == 0


def test_a_device_that_is_not_there_is_said():
    with pytest.raises(xai.XAICLIPError, match="no device"):
        run(device="cuda:77")
    assert np.array_equal(run(device=torch.device("cpu")).drop, run(device="cpu").drop)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["occlusion", "hierarchical", "rise", "lime", "kernelshap", "hsic"])
def test_a_name_a_class_and_its_settings_are_one_experiment(name):
    image = np.kron(RNG.random((4, 6)), np.ones((16, 16))).astype(np.float32)

    def smaller(batch):
        return torch.sigmoid((functional.avg_pool2d(batch, 4) - 0.5) * 30)

    kind = METHODS[name]
    found = [xai.attribute(image, smaller, None, way) for way in (name, name.title(), kind, kind())]
    assert len({f.evaluations for f in found}) == 1 and all(np.array_equal(f.drop, found[0].drop) for f in found)
    assert make_method(name) == xai.Request("a", ("b",), kind()).method  # as in a scan


def test_sizes_with_their_unit_are_those_of_the_command_line():
    forty = xai.Occlusion("40mm")
    assert (forty.patch, forty.stride, forty.unit) == (40.0, 20.0, "mm")
    assert xai.Occlusion(stride="5 px") == xai.Occlusion(10.0, 5.0, unit="pixel")
    assert xai.Occlusion("96", "24") == xai.Occlusion(96.0, 24.0, unit="px512")
    assert xai.Hierarchical("64mm").stride == 8.0
    with pytest.raises(InputError, match="an array has no spacing"):
        run(method=forty)
    for wrong in (("40cm", 32), ("40mm", "20px"), ("40mm", 20), ("nanmm", 32)):
        with pytest.raises(InputError, match="size|unit|both"):
            xai.Occlusion(*wrong)


@pytest.mark.parametrize(
    "make",
    [
        lambda v: xai.Occlusion(v, 4),
        lambda v: xai.Occlusion(8, v),
        lambda v: xai.Occlusion(fill=v),
        lambda v: xai.Occlusion((8, v), 4),
        lambda v: xai.Hierarchical(budget=v),
        lambda v: xai.Hierarchical(tolerance=v),
        lambda v: xai.Rise(masks=v),
        lambda v: xai.Rise(keep=v),
        lambda v: xai.Rise(tolerance=v),
        lambda v: xai.Rise(grid=v),
        lambda v: xai.Lime(samples=v),
        lambda v: xai.Lime(alpha=v),
        lambda v: xai.Lime(kernel_width=v),
        lambda v: xai.Lime(scale=v),
        lambda v: xai.KernelShap(samples=v),
        lambda v: xai.Hsic(grid=v),
    ],
)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e39, [], {}, object(), b"8", 1j])
def test_settings_that_are_no_numbers_are_refused(make, value):
    with pytest.raises(InputError) as caught:
        make(value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: xai.Occlusion(0.3),
        lambda: xai.Occlusion(8, 0.5),
        lambda: xai.Occlusion(1e30),
        lambda: xai.Rise(masks=10**20),
        lambda: xai.Rise(grid=10**6),
        lambda: xai.Lime(alpha=-1),
        lambda: xai.Lime(kernel_width=0),
        lambda: xai.Lime(kernel_width=1e-9),
        lambda: xai.Lime(min_overlap=2),
        lambda: xai.KernelShap(samples=10**12),
        lambda: xai.Hsic(grid=10**9),
        lambda: xai.Rise(masks="many"),
        lambda: xai.Occlusion(True),
    ],
)
def test_settings_out_of_range_are_refused(make):
    with pytest.raises(InputError):
        make()


def test_numbers_of_numpy_are_numbers():
    assert xai.Rise(masks=np.int64(16), keep=np.float32(0.5), grid=np.array([3, 4])) == xai.Rise(16, (3, 4), 0.5)
    assert xai.Rise(masks=2e3) == xai.Rise(2000) and isinstance(xai.Rise(masks=2e3).masks, int)
    assert isinstance(xai.Occlusion(np.float32(16), [4, 4]).stride, tuple)


def test_a_lattice_without_end_is_refused():
    with pytest.raises(InputError, match="take a larger stride"):
        xai.Occlusion(4, 1).plan(np.ones((300, 300, 300), bool))


def test_segments_of_any_numbers_are_superpixels():
    labels = np.arange(24 * 32).reshape(24, 32) // 128
    right = run(method=xai.Lime(samples=40, segments=labels)).drop
    for other in (labels * 10**12, labels - 3, (labels + 5.0), labels[::-1].copy()[::-1], labels.astype(">i2")):
        assert np.array_equal(run(method=xai.Lime(samples=40, segments=other)).drop, right)
