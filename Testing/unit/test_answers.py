"""What a model gives back, and how often the same: wrong answers are refused, noise and neighbours are told of."""

import functools

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

import XAICLIPLib as xai
from XAICLIPLib.attribution import scorer
from XAICLIPLib.attribution.repeats import Repeats
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.errors import ModelError
from XAICLIPLib.models import memory
from XAICLIPLib.models.function import FunctionSegmenter

IMAGE = torch.rand(1, 48, 64, generator=torch.Generator().manual_seed(0))
REGION = np.zeros((48, 64), bool)
REGION[8:40, 10:50] = True


def net(batch):
    return torch.sigmoid((functional.avg_pool2d(batch, 3, 1, 1) - 0.5) * 30)


def run(predict, **more):
    return xai.attribute(IMAGE, predict, REGION, **{"method": xai.Occlusion(8, 4), **more})


@pytest.mark.parametrize(
    "predict, says",
    [
        (lambda b: net(b).permute(0, 2, 3, 1), "its channels come last"),
        (lambda b: functional.avg_pool2d(net(b), 2).permute(0, 2, 3, 1), "not scaled alike"),
        (lambda b: net(b).transpose(2, 3), "not scaled alike"),
        (lambda b: functional.interpolate(net(b), (48, 32)), "not scaled alike"),
        (lambda b: net(b[:1]), "1 image for 2 images; .* batch_size=1"),
        (lambda b: net(b).mean(0, keepdim=True), "1 image for 2 images"),
        (lambda b: net(b).reshape(1, -1, 48, 64), "1 image for 2 images"),
        (lambda b: torch.cat([net(b)] * len(b)), "4 images for 2 images"),
        (lambda b: net(b) if len(b) == 1 else torch.cat([net(b)] * 2, 1), r"expected \(2, 1, 48, 64\)"),
        (lambda b: [net(b)], r"returned list; return one tensor \(B, K, …\), the one of \(1, 1, 48, 64\)"),
        (lambda b: {"out": net(b)}, "the one of 'out'"),
        (lambda b: net(b).numpy(), "returned ndarray; return one tensor .* torch.from_numpy"),
        (lambda b: (net(b) * 5).long(), "instead of labels"),
        (lambda b: net(b) * 255, "divide by the largest value"),
        (lambda b: net(b).to(torch.complex64), "complex"),
        (lambda b: net(b)[:, :0], r"shape \(1, 0, 48, 64\)"),
        (lambda b: b / 0, r"NaN or infinite"),
        (lambda b: net(b) + 2 * (b == 0).any(), "for a perturbed image; return probabilities"),
        (lambda b: 1 / 0, r"failed on a batch \(1, 1, 48, 64\): ZeroDivisionError: division by zero"),
    ],
)
def test_what_is_no_map_of_the_image_is_refused(predict, says):
    with pytest.raises(ModelError, match=says) as caught:
        run(predict)
    assert "\n" not in str(caught.value)


def test_a_coarser_map_is_taken_to_show_the_same_and_said():
    found = run(lambda b: functional.avg_pool2d(net(b), 4))
    assert any("are (12, 16) for an image (48, 64)" in w for w in found.warnings)


@pytest.mark.parametrize("kind", [RuntimeError, ValueError, AssertionError, IndexError])
def test_a_model_of_one_image_at_a_time_is_asked_so(kind):
    sizes = []

    def one(batch):
        sizes.append(len(batch))
        if len(batch) > 1:
            raise kind("shape '[1, 64]' is invalid for input of size 512")
        return net(batch)

    found, together = run(one), run(net)
    assert np.array_equal(found.drop, together.drop) and found.evaluations == together.evaluations
    assert sum(size > 1 for size in sizes) == 1  # it fails once, and is not asked again
    assert any("one at a time" in w and "invalid for input" in w for w in found.warnings)
    assert not any("one at a time" in w for w in run(one, batch_size=1).warnings)


def test_a_model_that_fails_on_one_image_too_is_told_with_its_reason():
    def fails(batch):
        if not torch.equal(batch[0], IMAGE):
            raise ValueError("not this one")
        return net(batch)

    with pytest.raises(ModelError, match="failed on a batch .*: ValueError: not this one") as caught:
        run(fails)
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_function_of_one_image_is_explained_on_a_scan_too():
    scan = xai.Volume(np.where(np.indices((3, 40, 40))[2] < 20, 100, -100).astype(np.float32), (4.0, 4.0, 5.0))

    def one(batch):
        if len(batch) > 1:
            raise RuntimeError("view size is not compatible")
        return torch.sigmoid(batch / 5)

    found = xai.explain(
        scan, "liver", xai.Occlusion(12, 6), model=one, region="prediction", slices=1, evidence="none", device="cpu"
    )
    assert any("one at a time" in w for w in found.warnings)
    one_answer = functools.partial(lambda batch: torch.sigmoid(batch[:1] / 5))
    with pytest.raises(ModelError, match="1 image for a batch of 2: .*batch_size=1"):
        xai.explain(scan, "liver", model=one_answer, region="prediction", slices=1, evidence="none", device="cpu")


class Noisy(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, batch):
        return torch.sigmoid((self.layer(functional.avg_pool2d(batch, 3, 1, 1)) - 0.5) * 30)


@pytest.mark.parametrize("layer", [nn.Dropout(0.5), nn.BatchNorm2d(1)], ids=["dropout", "batchnorm"])
@pytest.mark.parametrize(
    "wrapped",
    [
        lambda m: m,
        lambda m: m.forward,
        lambda m: lambda b: m(b),
        lambda m: functools.partial(lambda net, b: net(b), m),
        lambda m: FunctionSegmenter(m, torch.device("cpu")).predict,
    ],
    ids=["module", "method", "closure", "partial", "segmenter"],
)
def test_a_network_in_training_mode_is_evaluated_and_left_as_it_was(layer, wrapped):
    network = Noisy(layer)
    running = {name: value.clone() for name, value in network.state_dict().items()}
    right = run(Noisy(layer).eval())
    network.train()
    found = run(wrapped(network))
    assert np.array_equal(found.drop, right.drop) and np.array_equal(found.baseline, right.baseline)
    assert all(m.training for m in network.modules())
    assert all(torch.equal(value, running[name]) for name, value in network.state_dict().items())
    assert any("training mode" in w for w in found.warnings) and not any("training" in w for w in right.warnings)
    assert found.details["unrepeatable"] == found.details["neighbours"] == 0


def test_noise_that_can_not_be_switched_off_is_measured():
    torch.manual_seed(0)
    found = run(lambda b: net(functional.dropout(b, 0.3, training=True)))
    assert found.details["unrepeatable"] > 0.01 and found.details["neighbours"] == 0
    assert any("another answer each time" in w for w in found.warnings)
    soft = run(lambda b: (net(b) * 0.4 + 0.55 * torch.rand_like(b)).clamp(0, 1), score="confidence")
    assert soft.details["unrepeatable"] > 0 and any("another answer" in w for w in soft.warnings)


@pytest.mark.parametrize("size", [2, 16])
def test_copies_that_influence_each_other_are_measured(size):
    def mixing(batch):
        mean, std = batch.mean(), batch.std()  # of the whole batch, as batch normalisation has them in training mode
        return net((batch - mean) / std * 0.3 + 0.5)

    found = run(mixing, batch_size=size)
    assert found.details["neighbours"] > 0.01 and found.details["unrepeatable"] == 0
    assert any("what else is in the batch" in w and "batch_size=1" in w for w in found.warnings)
    alone = run(mixing, batch_size=1)
    assert alone.details["neighbours"] == 0 and not any("in the batch" in w for w in alone.warnings)


def test_what_repeats_itself_is_not_accused():
    found = run(net)
    assert found.details["unrepeatable"] == found.details["neighbours"] == 0 and not [
        w for w in found.warnings if "answer" in w
    ]


OTHER_NAMES = [
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    RuntimeError("GET was unable to find an engine to execute this computation"),
    RuntimeError("input tensor must fit into 32-bit index math"),
    RuntimeError("Expected canUse32BitIndexMath(input) && canUse32BitIndexMath(output) to be true"),
    RuntimeError("Invalid buffer size: 24.00 GiB"),
    RuntimeError("MPS backend out of memory (MPS allocated: 5.60 GB)"),
    RuntimeError(
        "[enforce fail at alloc_cpu.cpp:83] data. DefaultCPUAllocator: not enough memory: you tried to allocate"
    ),
    RuntimeError("std::bad_alloc"),
    RuntimeError("HIP error: hipErrorOutOfMemory"),
    RuntimeError("BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 1024"),
    Exception("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Failed to allocate memory"),
    MemoryError("Unable to allocate 3.1 GiB for an array"),
]


@pytest.mark.parametrize("error", OTHER_NAMES, ids=lambda e: str(e)[:24])
def test_memory_that_runs_out_has_many_names(error):
    sizes = []

    def tight(batch):
        sizes.append(len(batch))
        if len(batch) > 2:
            raise error
        return net(batch)

    assert memory.out_of_memory(error) and not memory.out_of_memory(RuntimeError("shapes do not match"))
    found = run(tight, batch_size=8)
    assert np.array_equal(found.drop, run(net, batch_size=2).drop) and sizes[2:5] == [8, 4, 2]
    assert not any("one at a time" in w for w in found.warnings)


def test_a_batch_is_no_larger_than_what_is_asked_or_fits(monkeypatch):
    sizes = []

    def counting(batch):
        sizes.append(len(batch))
        return net(batch)

    found = run(counting, batch_size=10**9)
    assert max(sizes) == found.evaluations
    bytes_each = IMAGE.numel() * 4
    monkeypatch.setattr(scorer, "free_memory", lambda device: 6 * bytes_each)
    sizes.clear()
    assert np.allclose(run(counting, batch_size=10**9).drop, found.drop, atol=1e-6) and max(sizes) == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    "method",
    [
        xai.Rise(masks=600, tolerance=0.25),
        xai.Rise(masks=600, grid=4, tolerance=0.2, estimator="ridge"),
        xai.Hsic(samples=500, grid=4, tolerance=0.3),
        xai.Lime(samples=300, tolerance=0.1, segments=np.arange(48 * 64).reshape(48, 64) // 64 // 4),
        xai.KernelShap(samples=600, tolerance=0.2, segments=np.arange(48 * 64).reshape(48, 64) // 64 // 4),
    ],
    ids=lambda m: f"{m.name}-{getattr(m, 'estimator', '')}",
)
def test_where_a_run_stops_does_not_hang_on_the_batch(method):
    """At the first check at which the error is small enough, and at no other number, whatever memory allows."""
    runs = [run(net, method=method, score="soft_dice", batch_size=size, seed=1) for size in (1, 4, 7, 64, 1000)]
    assert len({found.evaluations for found in runs}) == 1
    for found in runs:
        assert np.abs(found.drop - runs[0].drop).max() <= 1e-4 * np.abs(runs[0].drop).max()


def test_the_time_of_a_copy_is_that_of_the_model():
    scorer = Scorer(net, IMAGE)
    before = scorer.model_seconds
    each = scorer.seconds_each()
    assert 0 < each <= scorer.model_seconds - before


@pytest.mark.parametrize(
    "noise, key",
    [
        (lambda b: functional.dropout(b, 0.3, training=True), "unrepeatable"),
        (lambda b: b - b.mean() + 0.5, "neighbours"),
    ],
    ids=["random", "batch"],
)
def test_whether_a_model_repeats_itself_is_asked_once_in_a_run_and_told_of_every_slice(noise, key):
    """The first slice that shows anything is tried; the others take over what was found."""
    torch.manual_seed(0)
    dark, repeats, runs = torch.zeros_like(IMAGE), Repeats(), []

    def model(batch):
        runs.append(len(batch))
        return net(noise(batch))

    for image, tries in ((IMAGE, True), (IMAGE.flip(-1), False), (dark, False)):
        scorer = Scorer(model, image, repeats=repeats)
        runs.clear()
        scorer.try_repeats(torch.zeros_like(image))
        assert bool(runs) == tries
        assert getattr(scorer.repeats, key) > 0.01 and len(scorer.notes) == 1
    another = Scorer(net, dark)
    another.try_repeats(IMAGE)
    assert not another.repeats.tried  # nothing is found in it, so that noise would not show
