"""The numbers that a run's record of influence has to reach: exactness, time, disk and memory, and what maps are worth.

Each line is a figure and its bar. Times are those of the processor, on one thread, so that a neighbour's work counts
less; the first line says how busy the machine is. What needs real scans is passed over where they are not there.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import bench
import numpy as np
import torch
from memory import large_ct, peak_mb

import XAICLIPLib as xai
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.influence.files import packed_record
from XAICLIPLib.influence.grid import ImageGrid
from XAICLIPLib.influence.question import Influence
from XAICLIPLib.influence.recorder import Recorder
from XAICLIPLib.influence.shape import shape_correlation
from XAICLIPLib.influence.volume import VolumeInfluence
from XAICLIPLib.metrics.overlap import dice
from XAICLIPLib.models.unet import UNet
from XAICLIPLib.pipeline.ask import Question
from XAICLIPLib.pipeline.ask_slice import ask_in_slice
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import write_volume
from XAICLIPLib.worker.asked import write_answer

SIZE, MM, CELL = 512, 0.8, 5.0  # pixels of a slice, of what size, and the default cells in them
PLACED = xai.Occlusion(64, 12, fill=0.0)  # some 500 places in the region below
ROWS, COLUMNS = np.mgrid[:SIZE, :SIZE]


def ellipse(edge: float) -> np.ndarray:
    return ((ROWS - 220) / edge) ** 2 + ((COLUMNS - 180) / (edge - 20)) ** 2 < 1


def organ_image(seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 0.05, (SIZE, SIZE))
    return (0.8 * ellipse(110) + noise).astype(np.float32)[None]


def looks_round(batch: torch.Tensor) -> torch.Tensor:
    """Bright places in bright surroundings of 40 pixels: every place has some remote effect."""
    small = torch.nn.functional.avg_pool2d(torch.nn.functional.avg_pool2d(batch, 8), 5, 1, 2)
    round_it = torch.nn.functional.interpolate(small, scale_factor=8.0, mode="nearest")
    return torch.sigmoid(20 * (0.7 * batch + 0.3 * round_it - 0.35))


def gated(batch: torch.Tensor) -> torch.Tensor:
    """Bright places, if a small place in them is bright too."""
    there = torch.sigmoid(12 * (batch - 0.5))
    return there * there[..., 200:216, 120:136].mean((-2, -1), keepdim=True)


def exactness(table: bench.Table) -> None:
    image, region = organ_image(), ellipse(125)
    known = xai.influence(image, gated, region, PLACED)
    drop = xai.attribute(image, gated, region, PLACED, score="confidence").drop[0]
    own, remote, total = (known.why("reference", part=part) for part in ("own", "remote", "total"))
    worst = float(np.abs(total - drop).max())
    table.line("total on the reference - drop of confidence, largest", f"{worst:.5f}", "<= 0.005", worst <= 0.005)
    apart = float(np.abs(own + remote - total).max())
    table.line("own + remote - total, largest", f"{apart:.1e}", "<= 1e-6", apart <= 1e-6)
    threshold = xai.influence(image, lambda b: torch.sigmoid(12 * (b - 0.5)), region, PLACED)
    most = float(np.abs(threshold.why("drawn")).max())
    table.line("pure threshold: largest remote effect", f"{most:.1e}", "<= 1e-6", most <= 1e-6)


def counted(table: bench.Table) -> None:
    """Boxes through three of five slices: Dice from kept counts and from running the model on all slices."""
    images = [organ_image(seed) for seed in range(5)]
    reference, read, influences = ellipse(100), {}, []
    for z, image in enumerate(images):
        known = xai.influence(image, gated, ellipse(125), PLACED, reference=reference[None])
        influences.append(known)
        data = packed_record(known.record, known.grid)
        read[z] = lambda data=data: data
    volume = VolumeInfluence(read, {}, (5, SIZE, SIZE), (3.0, MM, MM), lambda target: np.zeros((5, SIZE, SIZE), bool))
    worst = 0.0
    for place in range(0, len(influences[0].record.sources), 50):
        drawn = []
        for z, (image, known) in enumerate(zip(images, influences)):
            hidden = image.copy()
            if 1 <= z <= 3:
                hidden[0][known.record.sources.mask(place)] = 0.0
            drawn.append(gated(torch.from_numpy(hidden)[None])[0, 0].numpy() > 0.5)
        ran = dice(np.stack(drawn), np.stack([reference] * 5))
        worst = max(worst, abs(volume.dice(0, {1: place, 2: place, 3: place}) - ran))
    table.line("Dice of boxes through slices, kept counts - run, largest", f"{worst:.1e}", "<= 1e-6", worst <= 1e-6)


def matrix(table: bench.Table) -> None:
    """a needs nothing, b six tenths of a, c all of b."""
    masks = [((COLUMNS // 170) == place) & (np.abs(ROWS - 256) < 150) for place in range(3)]
    on = [torch.from_numpy(mask).float() for mask in masks]

    def chain(batch: torch.Tensor) -> torch.Tensor:
        a, b, c = ((batch[:, 0] * m).sum((1, 2), keepdim=True) / m.sum() for m in on)
        return torch.stack([on[0] * a, on[1] * b * (0.4 + 0.6 * a), on[2] * c * b], 1)

    image = np.float32(np.logical_or.reduce(masks))[None]
    found = xai.influence(image, chain, players=dict(zip("abc", masks)), fill=0.0, names=tuple("abc")).between()
    error = float(np.abs(found - [[1, 0.6, 0], [0, 1, 1], [0, 0, 1]]).max())
    table.line("organ x organ matrix of a known function, error", f"{error:.4f}", "<= 0.01", error <= 0.01)


def cpu_ms(job: Callable[[], object], repeats: int) -> float:
    """Median of the processor's time."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        job()
        times.append(1000 * (time.process_time() - start))
    return float(np.median(times))


def recorded_ratio(predict, image: torch.Tensor, region: np.ndarray, repeats: int) -> tuple[float, float]:
    """Time of a run with the record over that without, and milliseconds of one without; in turns."""
    inside = torch.from_numpy(region)

    def one(record: bool) -> None:
        scorer = Scorer(predict, image, score="dice")
        if record:
            names = [str(k) for k in range(scorer.targets)]
            scorer.listener = Recorder(scorer.prediction, scorer.reference, (CELL, CELL), names)
        PLACED.explain(scorer, inside, 0)

    times: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(repeats):
        for record in times:
            times[record].append(cpu_ms(lambda record=record: one(record), 1))
    with_it, without = np.median(times[True]), np.median(times[False])
    return float(with_it / without), float(without)


def recording(table: bench.Table, data: Path, repeats: int) -> None:
    torch.manual_seed(0)
    network = UNet(2).eval()
    image = torch.from_numpy(organ_image())
    small = ellipse(60)  # fewer places: each forward pass of this size takes a second

    @torch.inference_mode()
    def predict(batch: torch.Tensor) -> torch.Tensor:
        return network(batch).softmax(1)[:, 1:2]

    ratio, ms = recorded_ratio(predict, image, small, repeats)
    table.line(f"recording, U-Net on 512 x 512 ({ms / 1000:.1f} s)", f"{ratio - 1:+.1%}", "<= 10 %", ratio <= 1.1)
    if not (data / "ct_series").exists():
        print(f"{data / 'ct_series'} is not there: skipped")
        return
    case = bench.open_case(data / "ct_series", ["liver"], region="full", slices="8")
    prepared = case.prepare(8)
    frame = np.zeros(tuple(prepared.image.shape[1:]), bool)
    frame[60:160, 40:160] = True
    ratio, ms = recorded_ratio(case.predictor(prepared), prepared.image, frame, repeats)
    table.line(f"recording, bundled U-Net, ct_series ({ms / 1000:.1f} s)", f"{ratio - 1:+.1%}", "<= 10 %", ratio <= 1.1)


def asking(table: bench.Table) -> None:
    made = xai.influence(organ_image(), looks_round, ellipse(125), PLACED, cell=CELL)
    axes = tuple(np.arange(SIZE, dtype=float) for _ in range(2))
    known = Influence(made.record, ImageGrid(ellipse(125), axes, (SIZE, SIZE), (MM, MM)))
    data, places = packed_record(known.record, known.grid), len(known.record.sources)
    table.line(
        f"disk of a slice of 512 x 512, {places} places", f"{len(data) / 1e6:.2f} MB", "<= 0.5 MB", len(data) <= 5e5
    )
    known.why("drawn")
    ms = cpu_ms(lambda: known.why("drawn"), 15)
    table.line(f"why of a slice, {places} places", f"{ms:.1f} ms", "<= 10 ms", ms <= 10)
    size = (100, SIZE, SIZE)
    volume = VolumeInfluence({z: lambda: data for z in range(100)}, {}, size, (3.0, MM, MM), lambda t: None)
    first = cpu_ms(lambda: volume.why("drawn"), 1)
    ms = cpu_ms(lambda: volume.why("drawn"), 7)
    table.line("why of 100 slices, first question, which opens the records", f"{first:.0f} ms")
    table.line("why of 100 slices, any later question", f"{ms:.0f} ms", "<= 150 ms", ms <= 150)
    following(table, data)


def following(table: bench.Table, data: bytes) -> None:
    """The mouse over a run of 150 slices of 512 x 512: questions with their answers as files, as the worker does."""
    size = (150, SIZE, SIZE)
    labels = np.zeros(size, np.uint8)
    labels[:, ellipse(110)] = 1
    grid = xai.Volume(np.zeros(size, np.uint8), (MM, MM, 3.0))
    empty = grid.like(np.zeros(size, np.float32))
    run = Explanation(
        saliency=empty, drops={"target 0": empty}, saliencies={}, evaluated=grid, roi=grid,
        prediction=grid.like(labels), rows=[], report={"structures": [{"name": "target 0", "label": "organ"}]},
        records={f"influence/changes_{z:04d}.npz": lambda: data for z in range(150)},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        for reach, what in ((False, "why here?"), (True, "what hangs on this place?")):
            times = []
            for number in range(12):
                at = (MM * (140 + 8 * number), MM * 220, 3.0 * (70 + number // 4))
                question = Question(at=at, reach=reach, part="total" if reach else "remote")

                def job(question: Question = question, number: int = number) -> None:
                    reply = ask_in_slice(run, question)
                    write_answer(reply.slab, Path(place) / f"{number}.nrrd", reply.offset)

                start = time.perf_counter()
                job()
                times.append(1000 * (time.perf_counter() - start))
            table.line(f"{what} from the point to the file, median", f"{np.median(times):.0f} ms")
            table.line("  the slowest of 12, in three slices", f"{max(times):.0f} ms", "<= 100 ms", max(times) <= 100)


def memory(table: bench.Table) -> None:
    peaks = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_volume(large_ct(), folder / "large.nrrd")
        for count, slices in ((10, "150:160"), (78, "110:188")):
            run = ["explain", "large.nrrd", "--structure", "liver", "--slices", slices, "--out", f"out{count}"]
            peaks[count] = peak_mb([*run, "--patch", "128"], folder)
    table.line("memory of a run of 10 slices with its record", f"{peaks[10]:.0f} MB")
    table.line("memory of a run of 78 slices with its record", f"{peaks[78]:.0f} MB", "<= 1500 MB", peaks[78] <= 1500)


def shapes(table: bench.Table, data: Path) -> None:
    """How much of a map is the organ's shape: the paper's map and our remote one, on real scans."""
    for scan, organ, z in (
        ("ct_series", "liver", 8), ("ct_series", "liver", 12), ("ct_series", "spleen", None),
        ("ct_3mm.nii.gz", "liver", None), ("mr_3mm.nii.gz", "liver", None),
    ):  # fmt: skip
        if not (data / scan).exists():
            print(f"{data / scan} is not there: skipped")
            continue
        if z is None:
            labels = data / f"{scan.removesuffix('.nii.gz')}_labels.nii.gz"
            z = bench.largest_slices(bench.open_case(data / scan, [organ], labels))[0]
        method = xai.Occlusion(64, 32, fill="zero", unit="px512")
        found = xai.explain(data / scan, organ, method, slices=str(z), evidence="none", device="cpu", anyway=True)
        evaluated = found.evaluated.axial().voxels[z] > 0
        drop, remote = (
            found.evaluated.like(values).axial().voxels[z]
            for values in (found.drop.voxels, found.influence.why("drawn"))
        )
        drawn = found.prediction.axial().voxels[z] > 0
        # the null of the remote map by the same method: the share of the organ that each place hides
        null = found.influence.slice(z)
        share = null.on_image(null.hidden_of(organ))
        shape = np.zeros(drawn.shape, np.float32)
        shape[share[0]] = share[1]
        paper, ours = found.rows[0].shape_correlation, shape_correlation(remote, shape, evaluated)
        largest = float(null.losses_of_rest(organ).max())
        table.line(f"shape correlation, {scan} {organ} slice {z}: the paper's map", f"{paper:.3f}")
        has = largest >= 0.05
        what = f"  our remote map (largest loss of the rest {largest:.0%})"
        table.line(what, f"{ours:.3f}", "<= 0.6" if has else "", ours <= 0.6 if has else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=bench.DATA)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="", help="exactness, counted, matrix, recording, asking, memory or shapes")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    table = bench.Table("A run's record of influence")
    parts = {
        "exactness": lambda: exactness(table),
        "counted": lambda: counted(table),
        "matrix": lambda: matrix(table),
        "asking": lambda: asking(table),
        "recording": lambda: recording(table, chosen.data, chosen.repeats),
        "shapes": lambda: shapes(table, chosen.data),
        "memory": lambda: memory(table),
    }
    for name, part in parts.items():
        if chosen.only in name:
            part()


if __name__ == "__main__":
    main()
