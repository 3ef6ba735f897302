"""How much of an explanation's time is the bundled U-Net itself, and how fast one image goes through both networks.

For phantom slices, occlusion with the product's settings in the CLIP ROI: the time of ``xai.attribute`` over the time
that the bare network, without softmax, needs for as many images in full batches of the same size and precision. What
the product adds, and the ratio therefore holds, is the unperturbed image, the last batch that is not full, writing and
taking back the patches, softmax, scores and the map. The explanation and the bare network take turns.

Then one image at a time on 2 threads, through the U-Net as the product runs it and through the CLIP from picture to
patches; and each precision there is, with the lowest Dice per structure to plain fp32, of which `precision.fastest`
chose one.

``--profile`` prints what torch spends the time of one explanation on.
"""

from __future__ import annotations

import argparse
import math

import bench
import torch

import XAICLIPLib as xai
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.models.bundled import _dice_of_labels
from XAICLIPLib.models.precision import SAME_DICE, VARIANTS
from XAICLIPLib.preprocess import body_frame, enhance


def batch_size(image: torch.Tensor) -> int:
    """Images per evaluation that the engine chooses for an image of this size."""
    return Scorer(lambda batch: batch[:, :1], image.clamp(0, 1))._batch_size


def one_image_ms(case, z: int, repeats: int) -> dict[str, float]:
    """Median ms of one slice on 2 threads: the U-Net as the product runs it, and the CLIP from picture to patches."""
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    image = case.prepare(z).image[None]
    vlm = case.similarities.model
    preset = vlm.preset_for(case.scan.modality, case.preset)
    picture = enhance(case.scan.image(z), preset)
    frame = body_frame(case.scan.image(z), case.scan.modality, vlm.size)
    jobs = {"U-Net": lambda: case.segmenter.predict(image), "CLIP image": lambda: vlm.encode([picture], [frame])}
    seconds = bench.seconds_in_turns(jobs, repeats, warm_up=3)
    torch.set_num_threads(threads)
    return {name: 1000 * s for name, s in seconds.items()}


def efficiency(case, z: int, repeats: int) -> dict[str, float] | None:
    """Seconds of one slice's explanation and of the bare network, and of what is between; None without a region."""
    found = bench.open_slice(case, z)
    if found is None or not found.work_region.any():
        return None
    segmenter, image = case.segmenter, found.prepared.image
    network = segmenter._forward  # in the precision that was chosen
    size = batch_size(image)
    batch = image[None].repeat(size, 1, 1, 1)

    def explanation() -> xai.Attribution:
        return xai.attribute(image, case.predictor(found.prepared), region=found.work_region, method=found.method)

    evaluations = explanation().evaluations  # equal copies are run once, so that there may be fewer than patches
    rounds = math.ceil(evaluations / size)

    @torch.inference_mode()
    def bare() -> None:
        for _ in range(rounds):
            network(batch)

    @torch.inference_mode()
    def bare_as_called() -> None:
        network(batch[:1])
        for start in range(0, evaluations, size):
            network(batch[: min(size, evaluations - start)])

    def as_called() -> None:
        case.predictor(found.prepared)(batch[:1])
        for start in range(0, evaluations, size):
            case.predictor(found.prepared)(batch[: min(size, evaluations - start)])

    jobs = {"bare": bare, "explanation": explanation, "bare as called": bare_as_called, "predict": as_called}
    seconds = bench.seconds_in_turns(jobs, repeats)
    seconds["bare"] *= evaluations / (rounds * size)
    return {**seconds, "evaluations": evaluations}


def profile(case, z: int) -> None:
    """Print torch's own account of one explanation."""
    found = bench.open_slice(case, z)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as account:
        xai.attribute(
            found.prepared.image, case.predictor(found.prepared), region=found.work_region, method=found.method
        )
    print(account.key_averages().table(sort_by="self_cpu_time_total", row_limit=25, max_name_column_width=50))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slices", type=int, default=3, help="slices per structure (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=7, help="runs per figure (default %(default)s)")
    parser.add_argument("--structures", nargs="+", default=["liver", "spleen"], help="default: liver spleen")
    parser.add_argument("--profile", action="store_true", help="torch's account of one explanation")
    options = parser.parse_args()
    table = bench.Table("The bundled U-Net: explanation time over bare network time, and one image at a time")

    scan, labels = xai.make_phantom()
    models = None
    for structure in options.structures:
        case = bench.open_case(scan, [structure], labels, models)
        models = case.models
        each = [efficiency(case, z, options.repeats) for z in bench.largest_slices(case, 0, options.slices)]
        figures = [f for f in each if f is not None]
        if not figures:
            table.line(f"{structure}: no region", "")
            continue
        total = {name: sum(f[name] for f in figures) for name in figures[0]}
        n, bare = total["evaluations"], total["bare"]
        ratio = total["explanation"] / bare
        name = f"{structure}, {len(figures)} slices, {n:.0f} evaluations"
        table.line(f"{name}: explanation / bare network", f"{ratio:.3f}", "<= 1.10", ratio <= 1.10)
        table.line("  bare network, full batches", f"{1000 * bare / n:.2f} ms/evaluation")
        stages = {
            "the unperturbed image and the batch that is not full": total["bare as called"] - bare,
            "softmax and choice of channels": total["predict"] - total["bare as called"],
            "patches, scores and the map": total["explanation"] - total["predict"],
        }
        for what, seconds in stages.items():
            table.line(f"  {what}", f"{100 * seconds / bare:+.1f} %")

    case = bench.open_case(scan, options.structures[:1], labels, models)
    z = bench.largest_slices(case)[0]
    for (what, ms), bar in zip(one_image_ms(case, z, 2 * options.repeats).items(), (60, 30)):
        table.line(f"one image, 2 threads: {what}", f"{ms:.1f} ms", f"<= {bar} ms", ms <= bar)

    network, image = case.segmenter._network, case.prepare(z).image[None]
    size = batch_size(image[0])
    batch = image.repeat(size, 1, 1, 1)
    ways = {name: make(network) for name, make in VARIANTS.items()}
    with torch.inference_mode():
        same = {name: _dice_of_labels(ways["fp32"](image), way(image)) for name, way in ways.items()}
        full = bench.seconds_in_turns({n: lambda w=w: w(batch) for n, w in ways.items()}, options.repeats)
        single = bench.seconds_in_turns({n: lambda w=w: w(image) for n, w in ways.items()}, 2 * options.repeats)
    chosen = case.segmenter.provenance["precision"]
    for name in ways:
        what = f"{name}{' (chosen)' if name == chosen else ''}: ms in batches of {size} | alone | lowest Dice to fp32"
        value = f"{1000 * full[name] / size:.2f} | {1000 * single[name]:.1f} | {same[name]:.4f}"
        reached = same[name] >= SAME_DICE if name == chosen else None
        table.line(what, value, f">= {SAME_DICE}" * (name == chosen), reached)
    if options.profile:
        profile(case, z)


if __name__ == "__main__":
    main()
