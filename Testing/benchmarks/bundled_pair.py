"""The acceptance table of the bundled pair (U-Net and CLIP) on scans with labels, by the product's own path.

Without arguments: the figures of the folds that held a scan out of training, as `XAICLIPLib/weights/validation.json`
keeps them, then the phantom. With ``SCAN LABELS`` the table of that scan: only a scan that the weights never saw says
how good they are. LABELS is a mask or a label map with TotalSegmentator's numbers, or ``FILE:liver=1,spleen=2``; for a
map of one organ give ``--structures liver``.

Reading, orientation, body frame, models, smoothing and threshold are those of ``xaiclip explain``; the overlap
measures and the baseline without a network (where the liver lies on average in the other scans) are those of
`XAICLIPLib.training.evaluate`. ``--weights FOLDER`` tries another pair than the shipped one.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import bench
import numpy as np
from unet_efficiency import one_image_ms

import XAICLIPLib as xai
from XAICLIPLib.models import bundled
from XAICLIPLib.preprocess import body_frame
from XAICLIPLib.roi.region import from_similarity
from XAICLIPLib.training import data, evaluate
from XAICLIPLib.training.vocabulary import HELD_OUT
from XAICLIPLib.vlm import source

KIDNEYS = ("kidney_right", "kidney_left")
UNET_DICE = {"spleen": 0.82, "kidney_right": 0.80, "kidney_left": 0.82}
PROMPTS = {"liver": "Liver", "spleen": "Spleen", "kidney_right": "Right Kidney", "kidney_left": "Left Kidney"}


def unet_masks(case) -> np.ndarray:
    """The U-Net's masks (K, Z, H, W) of all slices."""
    masks = []
    for z in case.slices:
        prepared = case.prepare(z)
        masks.append(prepared.grid.to_slice(case.predictor(prepared)(prepared.image[None])[0].cpu().numpy()) > 0.5)
    return np.stack(masks, 1)


def clip_masks(case, names: list[str]) -> np.ndarray:
    """The CLIP's regions (K, Z, H, W) for each of the case's structures; no fallback, nothing raised."""
    found = []
    for z in case.slices:
        similarity = case.similarities.of([z])[0]
        each = [
            from_similarity({n: similarity[n]}, np.zeros(case.scan.axial.shape[1:], bool), case.scan.spacing)
            for n in names
        ]
        found.append([region.mask for region in each])
    return np.asarray(found).swapaxes(0, 1)


def table_of(scan, labels, structures: tuple[str, ...], others: Path) -> dict:
    """The same nested figures as `evaluate.evaluate`, by the product's path."""
    case = bench.open_case(scan, structures, labels)
    truths = {s.name: t for s, t in zip(case.structures, case.references) if t.sum() >= 50}
    names = [s.name for s in case.structures]
    masks, regions = dict(zip(names, unet_masks(case))), dict(zip(names, clip_masks(case, names)))
    result: dict = {
        "unet": {"dice": {}, "slice_dice": {}},
        "clip": {"threshold": case.request.region.threshold, "prompts": {}, "opposite_kidney": {}},
    }
    for name, truth in truths.items():
        slices = np.flatnonzero(truth.any((1, 2)))
        result["unet"]["dice"][name] = evaluate.dice(masks[name], truth)
        result["unet"]["slice_dice"][name] = float(np.mean([evaluate.dice(masks[name][z], truth[z]) for z in slices]))
        result["clip"]["prompts"][PROMPTS.get(name, name)] = evaluate.overlap(regions[name], truth)
    if "liver" in truths:
        free = ~truths["liver"].any((1, 2))
        if free.any():
            share = masks["liver"][free].mean()
            result["unet"]["liver_pixels_on_liver_free_slices"] = float(share * 512**2)
        liver = case.scan.axial.like(np.uint8(truths["liver"]))
        wrong_way = bench.open_case(mirrored(case.scan), ["liver"], mirrored(liver), case.models)
        result["mirrored"] = {
            "unet_liver_dice": evaluate.dice(unet_masks(wrong_way)[0], wrong_way.references[0]),
            "clip_liver_iou": evaluate.overlap(clip_masks(wrong_way, ["liver"])[0], wrong_way.references[0])["iou"],
        }
        result["trivial_prior"] = prior(case, truths["liver"], others)
    for name, other in (KIDNEYS, KIDNEYS[::-1]):
        if name in regions and other in truths:
            share = float((regions[name] & truths[other]).sum() / truths[other].sum())
            result["clip"]["opposite_kidney"][PROMPTS[name]] = share
    words = bench.open_case(scan, HELD_OUT, models=case.models)
    areas = [float(m.mean((1, 2)).max()) for m in clip_masks(words, [s.name for s in words.structures])]
    worst = sorted(zip(HELD_OUT, areas), key=lambda item: -item[1])[:3]
    result["clip"]["unrelated"] = {
        "share_within_2_percent": float(np.mean(np.asarray(areas) <= 0.02)), "words": len(areas), "worst": dict(worst),
    }  # fmt: skip
    middle = case.slices[len(case.slices) // 2]
    ms = one_image_ms(case, middle, 15)
    result["forward_ms"] = {"unet": ms["U-Net"], "clip_image": ms["CLIP image"]}
    result["megabytes"] = sum(p.stat().st_size for p in source.WEIGHTS.glob("*/*.safetensors")) / 1e6
    return result


def mirrored(volume):
    """A volume whose voxels are swapped left to right and whose geometry is not: a file with the wrong orientation."""
    axial = volume.axial()
    return replace(axial, voxels=np.ascontiguousarray(axial.voxels[..., ::-1]))


def prior(case, liver: np.ndarray, folder: Path) -> dict:
    """`evaluate.trivial_prior` of the CTs in the data folder, but for the scan itself; empty where there are none."""
    own = Path(case.scan.volume.name).name
    names = [n for n in data.scan_names(folder) if n.startswith("ct") and not own.startswith(n)]
    if not names:
        return {}
    voxels = case.scan.axial.voxels.astype(np.float32)
    frames = [body_frame(s, case.scan.modality) for s in voxels]
    return evaluate.trivial_prior(folder, names, evaluate.Case(voxels, frames, liver * data.LIVER, voxels, 1.0))


def show(figures: dict, table: bench.Table) -> None:
    """The lines of the acceptance table (tiny-models.md, section 7) that the figures hold."""

    def line(what: str, value: float | None, bar: str, limit, form: str = ".3f") -> None:
        if value is not None and np.isfinite(value):
            table.line(what, format(value, form), bar, limit(value))

    unet, clip = figures.get("unet", {}), figures.get("clip", {})
    dice, prompts = unet.get("dice", {}), clip.get("prompts", {})
    line("U-Net liver, Dice of the volume", dice.get("liver"), ">= 0.90", lambda v: v >= 0.90)
    slice_dice = unet.get("slice_dice", {})
    line("U-Net liver, mean Dice of its slices", slice_dice.get("liver"), ">= 0.88", lambda v: v >= 0.88)
    pixels = unet.get("liver_pixels_on_liver_free_slices")
    line("U-Net liver pixels (of 512 x 512) on a slice without liver", pixels, "<= 500", lambda v: v <= 500, ".0f")
    for name, bar in UNET_DICE.items():
        line(f"U-Net {name}, Dice of the volume", dice.get(name), f">= {bar:.2f}", lambda v, bar=bar: v >= bar)
    for prompt in PROMPTS.values():
        row = prompts.get(prompt, {})
        least = {"Liver": (0.90, 0.82), "Spleen": (None, None)}.get(prompt, (0.75, 0.55))
        for measure, bar in zip(("recall", "iou"), least):
            if bar:
                line(f"CLIP {prompt!r}, {measure}", row.get(measure), f">= {bar:.2f}", lambda v, bar=bar: v >= bar)
            elif measure in row:
                table.line(f"CLIP {prompt!r}, {measure}", f"{row[measure]:.3f}")
        if prompt == "Liver":
            line("CLIP 'Liver', area / liver's area", row.get("area_ratio"), "0.8 to 1.3", lambda v: 0.8 <= v <= 1.3)
            empty = row.get("area_without")
            line("CLIP 'Liver', largest area on a slice without liver", empty, "<= 0.5 %", lambda v: v <= 0.005, ".2%")
    for prompt, share in clip.get("opposite_kidney", {}).items():
        line(f"CLIP {prompt!r}, share of the other kidney covered", share, "<= 2 %", lambda v: v <= 0.02, ".2%")
    unrelated = clip.get("unrelated", {})
    share, words = unrelated.get("share_within_2_percent"), unrelated.get("words", 0)
    line(f"CLIP, {words} unrelated words: share with at most 2 % area", share, ">= 80 %", lambda v: v >= 0.8, ".0%")
    if "worst" in unrelated:
        print("    " + ", ".join(f"{word} {area:.1%}" for word, area in unrelated["worst"].items()))
    trivial = figures.get("trivial_prior", {})
    if trivial:
        # the better of the plain prior and the one gated by HU has to be beaten on the very same scan
        d, i = (max(trivial[m], trivial[f"gated_{m}"]) for m in ("dice", "iou"))
        line("U-Net liver Dice above a prior without a network", dice.get("liver"), f"> {d:.3f}", lambda v: v > d)
        line("CLIP 'Liver' IoU above it", prompts.get("Liver", {}).get("iou"), f"> {i:.3f}", lambda v: v > i)
    for name, value in figures.get("mirrored", {}).items():
        line(f"mirrored scan must fail: {name}", value, "< 0.1", lambda v: v < 0.1)
    line("both files", figures.get("megabytes"), "<= 8 MB", lambda v: v <= 8, ".1f")
    for (what, ms), bar in zip(figures.get("forward_ms", {}).items(), (60, 30)):
        line(f"one image, 2 threads: {what}, ms", ms, f"<= {bar}", lambda v, bar=bar: v <= bar, ".1f")


def kept_tables(path: Path) -> dict[str, dict]:
    """The tables of validation.json, by scan: one table, a list of them, or a dictionary of them."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if "unet" in content or "clip" in content:
        content = [content]
    if isinstance(content, dict):
        return {name: table for name, table in content.items() if isinstance(table, dict)}
    return {table.get("scan", str(number)): table for number, table in enumerate(content)}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scan", nargs="?", help="a CT")
    parser.add_argument("labels", nargs="?", help="its mask or label map")
    parser.add_argument("--structures", nargs="+", default=list(bench.ORGANS), help="those that LABELS knows")
    parser.add_argument("--data", type=Path, default=bench.DATA, help="scans of the prior (default %(default)s)")
    parser.add_argument("--weights", type=Path, help="folder with unet/ and clip/ instead of the shipped ones")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args()
    if bool(options.scan) != bool(options.labels):
        parser.error("give a scan and its labels, or neither")
    kept = source.WEIGHTS / "validation.json"
    if options.weights:
        bundled.FOLDER, source.WEIGHTS = options.weights / "unet", options.weights
    table = bench.Table("The bundled pair against the acceptance table")
    if options.scan:
        scan, labels, name = options.scan, options.labels, options.scan
    else:
        for scan_name, figures in (kept_tables(kept) if kept.is_file() else {}).items():
            print(f"-- {scan_name}: held out of training, as kept in {kept.name}")
            show(figures, table)
        if not kept.is_file():
            print(f"{kept} is not there: no figures of held-out scans")
        scan, labels = xai.make_phantom()
        name = "the phantom, a drawing: it says whether the path works, not how good the models are"
    held_out = json.loads((bundled.FOLDER / "config.json").read_text(encoding="utf-8")).get("holdout")
    print(f"-- {name}; held out when these weights were trained: {held_out or 'nothing in the data folder'}")
    figures = table_of(scan, labels, tuple(options.structures), options.data)
    show(figures, table)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
