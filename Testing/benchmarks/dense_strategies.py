"""Which dense strategy suits the bundled CLIP, and what each costs on a ViT-B/16.

First table: every strategy that the bundled tower has, on the labelled scans, by the product's own way from slice to
region: recall, IoU and coverage (area of the region over the slice's) of each structure, over evenly spread slices of
each scan. Two cuts: the model's probabilities at the product's threshold, and maps from 0 to 1 at Otsu's threshold
inside the body. The weights were trained on these scans, so the table ranks strategies and does not say how good the
model is on a new scan (`bundled_pair.py` does). The tower's default has to be the best line.

Second table: seconds for `see` and `locate` on one slice of 512 x 512, warm, with a ViT-B/16 of random weights on
2 threads; CPU seconds are of both threads together. ``--no-timing`` and ``--no-table`` leave one of the two out.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time

import bench
import numpy as np
import torch
from skimage.filters import threshold_otsu

from XAICLIPLib import anatomy
from XAICLIPLib.preprocess import body_frame, body_mask, enhance
from XAICLIPLib.roi.masks import smooth
from XAICLIPLib.roi.thresholds import THRESHOLD
from XAICLIPLib.vlm import dense
from XAICLIPLib.vlm.model import VisionLanguageModel
from XAICLIPLib.vlm.text import TextEncoder

SCANS = {
    "ct_3mm.nii.gz": "ct_3mm_labels.nii.gz",
    "ct_series": "ct_series_labels.nii.gz",
    "mr_3mm.nii.gz": "mr_3mm_labels.nii.gz",
}
SIGMA = 2.0
CUTS = {"auto": "probability, 0.5", "minmax": "minmax, Otsu"}
BAR_SECONDS = 1.5


def views(case, slices: list[int], strategy: str) -> list:
    """What the vision-language model sees of some slices, by the product's contrast and frame."""
    model = case.similarities.model
    preset = model.preset_for(case.scan.modality, case.preset)
    window = preset.grey_window(case.scan.body_values)
    images = [case.scan.image(z) for z in slices]
    frames = [body_frame(i, case.scan.modality, model.size_for(), spacing=case.scan.spacing) for i in images]
    return model.encode([enhance(i, preset, window) for i in images], frames, strategy)


def regions(case, slices: list[int], strategy: str, probability: str) -> dict[str, np.ndarray]:
    """Structure to its region in each slice, (Z, H, W)."""
    prompts = {s.name: anatomy.texts(s, case.scan.modality) for s in case.structures}
    against = {s.name: anatomy.background_texts(s) for s in case.structures}
    found: dict[str, list] = {name: [] for name in prompts}
    for z, seen in zip(slices, views(case, slices, strategy)):
        body = body_mask(case.scan.image(z), case.scan.modality)
        for name, similarity in case.similarities.model.locate(seen, prompts, against, probability=probability).items():
            similarity = smooth(similarity, SIGMA)
            cut = threshold_otsu(similarity[body]) if probability == "minmax" and body.any() else THRESHOLD
            found[name].append(similarity >= cut)
    return {name: np.stack(masks) for name, masks in found.items()}


def scores(case, slices: list[int], strategy: str, probability: str) -> dict[str, tuple[float, float, float]]:
    """Structure to recall, IoU and coverage over the slices; structures without a voxel there are left out."""
    result = {}
    for name, region in regions(case, slices, strategy, probability).items():
        truth = case.references[[s.name for s in case.structures].index(name)][slices]
        if truth.any():
            both, either = (region & truth).sum(), (region | truth).sum()
            result[name] = float(both / truth.sum()), float(both / either), float(region.mean())
    return result


def random_vit_b16() -> VisionLanguageModel:
    """CLIP's ViT-B/16 without its weights."""
    import open_clip

    torch.manual_seed(0)
    model = open_clip.create_model("ViT-B-16").eval().requires_grad_(False)
    text = TextEncoder(model, open_clip.get_tokenizer("ViT-B-16"), "random", model.context_length)
    normal = [0.5] * 3
    return VisionLanguageModel(model, text, normal, normal, name="ViT-B-16, random weights", provenance={})


def timing(repeats: int) -> None:
    """Print the second table."""
    torch.set_num_threads(2)
    os.environ["XAICLIP_CACHE"] = tempfile.mkdtemp()  # embeddings of random weights are not to be remembered
    table = bench.Table("Seconds per slice of 512 x 512 and one prompt, ViT-B/16 at 224, warm")
    model = random_vit_b16()
    case = bench.open_case(bench.DATA / "ct_series", ["liver"], bench.DATA / SCANS["ct_series"])
    image = case.scan.image(case.scan.axial.shape[0] // 2)
    picture, frame = enhance(image, case.preset), body_frame(image, case.scan.modality, model.size)
    prompts = {"liver": ("liver",)}

    def job(strategy: str):
        return lambda: model.locate(*model.encode([picture], [frame], strategy), prompts)

    for name in model.strategies:
        slow = name in ("m2ib", "window")
        before = time.process_time()
        seconds = bench.seconds_in_turns({name: job(name)}, 1 if slow else repeats, warm_up=not slow)[name]
        spent = (time.process_time() - before) / (1 if slow else repeats + 1)
        bar = f"<= {BAR_SECONDS} s" if name == "patch" else ""
        table.line(name, f"{seconds:.2f} s, {spent:.2f} CPU s", bar, seconds <= BAR_SECONDS if bar else None)


def ranking(structures: list[str], count: int) -> None:
    """Print the first table."""
    table = bench.Table("The bundled CLIP's strategies: recall | IoU | coverage")
    models, means = None, {}
    for scan, labels in SCANS.items():
        case = bench.open_case(bench.DATA / scan, structures, bench.DATA / labels, models)
        models = case.models
        there = np.flatnonzero(case.references.any((0, 2, 3)))
        slices = there[np.linspace(0, len(there) - 1, count + 2).round().astype(int)[1:-1]].tolist()
        for strategy in case.similarities.model.strategies:
            for probability, cut in CUTS.items():
                for name, (recall, iou, coverage) in scores(case, slices, strategy, probability).items():
                    what = f"{scan.partition('.')[0]}: {name}, {strategy} ({cut})"
                    table.line(what, f"{recall:.3f} | {iou:.3f} | {coverage:.3f}")
                    means.setdefault((strategy, cut), []).append(iou)
    print("\nmean IoU over scans and structures")
    default, best = dense.choose(case.similarities.model.tower), max(means, key=lambda key: np.mean(means[key]))
    for (strategy, cut), values in sorted(means.items(), key=lambda item: -np.mean(item[1])):
        bar = "best" if strategy == default and cut == CUTS["auto"] else ""
        table.line(f"{strategy} ({cut})", f"{np.mean(values):.3f}", bar, best == (strategy, cut) if bar else None)
    print()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slices", type=int, default=6, help="slices per scan (default %(default)s)")
    parser.add_argument("--structures", nargs="+", default=list(bench.ORGANS), help="default: liver, kidneys, spleen")
    parser.add_argument("--repeats", type=int, default=5, help="timed runs (default %(default)s)")
    parser.add_argument("--no-timing", action="store_true", help="the first table only")
    parser.add_argument("--no-table", action="store_true", help="the second table only")
    options = parser.parse_args()
    if not options.no_table:
        ranking(options.structures, options.slices)
    if not options.no_timing:
        timing(options.repeats)


if __name__ == "__main__":
    main()
