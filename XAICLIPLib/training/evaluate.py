"""The acceptance table: how well the pair finds organs on one scan with labels.

``python -m XAICLIPLib.training.evaluate --data DIR --scan ct_series --weights FOLDER [--json FILE]``

Only as honest as the hold-out: give a scan that the weights were not trained on, or read training figures.
Inference is that of the product: the same body frame, window and resampling, nothing cleaned up afterwards.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import open_clip
import SimpleITK as sitk
import torch
from safetensors.torch import load_file
from torch.nn import functional

import XAICLIPLib.vlm.bundled_trunk  # noqa: F401  (registers the image trunk)
from XAICLIPLib.models.unet import UNet
from XAICLIPLib.preprocess import PRESETS, Frame, body_frame, unit_window
from XAICLIPLib.training import data
from XAICLIPLib.training.augment import AIR, SIZE, WINDOW
from XAICLIPLib.training.train_clip import dense_tokens
from XAICLIPLib.training.vocabulary import HELD_OUT

PROMPTS = {
    "Liver": (data.LIVER,), "Spleen": (data.SPLEEN,), "Right Kidney": (data.KIDNEY_RIGHT,),
    "Left Kidney": (data.KIDNEY_LEFT,), "Kidneys": (data.KIDNEY_RIGHT, data.KIDNEY_LEFT), "Stomach": (data.STOMACH,),
    "Aorta": (data.AORTA,), "Spine": (data.SPINE,), "Lung": (data.LUNG,), "Heart": (data.HEART,),
}  # fmt: skip
WORDINGS = {
    "LIVER": "Liver", "the liver": "Liver", "hepatic": "Liver", "liver tumor": "Liver", "liver lesion": "Liver",
    "hepatic metastasis": "Liver", "please highlight the liver in this scan": "Liver", "kidney_right": "Right Kidney",
    "kidney, right": "Right Kidney", "kidney (right)": "Right Kidney", "right-sided kidney": "Right Kidney",
    "kidney_left": "Left Kidney", "a photo of a spleen in a ct scan": "Spleen", "vertebrae": "Spine",
    "kidney": "Kidneys",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A scan as the product sees it.

    Attributes
    ----------
    images : ndarray (Z, SIZE, SIZE)
        Framed and windowed slices in [0, 1].
    frames : list of Frame
    labels : ndarray (Z, H, W)
        Fine classes.
    voxels : ndarray (Z, H, W)
    pixel_mm2 : float
        Area of a pixel of a slice.
    """

    images: np.ndarray
    frames: list[Frame]
    labels: np.ndarray
    voxels: np.ndarray
    pixel_mm2: float


def load_case(folder: Path, name: str, mirrored: bool = False) -> Case:
    """Read a scan and bring every slice to the work grid; `mirrored` flips image and labels left to right."""
    image, label_image = data.read_pair(folder, name)
    modality = "MR" if name.startswith("mr") else "CT"
    voxels = sitk.GetArrayFromImage(image).astype(np.float32)
    ids = sitk.GetArrayFromImage(label_image)
    if mirrored:
        voxels, ids = voxels[..., ::-1].copy(), ids[..., ::-1].copy()
    window, pad = WINDOW, AIR
    if modality == "MR":
        window, pad = PRESETS["mr"].grey_window(voxels), float(voxels.min())
    frames = [body_frame(section, modality, SIZE) for section in voxels]
    images = np.stack([unit_window(f.to_work(s, pad), *window) for f, s in zip(frames, voxels)])
    area = float(np.prod(image.GetSpacing()[:2]))
    return Case(images, frames, data.named_classes(ids, modality), voxels, area)


class Pair:
    """The two networks of a weights folder."""

    def __init__(self, weights: Path) -> None:
        config = json.loads((weights / "unet/config.json").read_text())
        self.unet = UNet.of_config(config)
        self.unet.load_state_dict({k: v.float() if v.is_floating_point() else v
                                   for k, v in load_file(weights / "unet/model.safetensors").items()})  # fmt: skip
        self.unet.eval()
        source = f"local-dir:{weights / 'clip'}"
        self.clip = open_clip.create_model_and_transforms(source)[0].eval()
        self.tokenizer = open_clip.get_tokenizer(source, bpe_path=str(weights / "clip/bpe_small.txt.gz"))

    @torch.inference_mode()
    def segment(self, images: np.ndarray) -> np.ndarray:
        """Class probabilities ``(Z, classes, SIZE, SIZE)`` of images ``(Z, SIZE, SIZE)``."""
        batches = torch.from_numpy(images)[:, None].split(8)
        return torch.cat([self.unet(b).softmax(1) for b in batches]).numpy()

    @torch.inference_mode()
    def tokens(self, images: np.ndarray) -> torch.Tensor:
        """Normalised tokens ``(Z, N, E)`` of images ``(Z, SIZE, SIZE)``."""
        return torch.cat([dense_tokens(self.clip, b)[0] for b in torch.from_numpy(images)[:, None].split(8)])

    @torch.inference_mode()
    def scores(self, images: np.ndarray, text: torch.Tensor) -> np.ndarray:
        """Logits ``(Z, T)`` of whether a whole image goes with embedded texts ``(T, E)``."""
        pooled = torch.cat([dense_tokens(self.clip, b)[1] for b in torch.from_numpy(images)[:, None].split(8)])
        return (pooled @ text.T * self.clip.logit_scale.exp() + self.clip.logit_bias).numpy()

    @torch.inference_mode()
    def embed(self, texts: list[str]) -> torch.Tensor:
        """One embedding ``(E,)`` of texts that mean the same, as the product makes it."""
        each = self.clip.encode_text(self.tokenizer(texts), normalize=True)
        return functional.normalize(each.mean(0), dim=-1)

    @torch.inference_mode()
    def locate(self, tokens: torch.Tensor, prompts: list[str]) -> torch.Tensor:
        """Probabilities ``(Z, prompts, SIZE, SIZE)`` of prompts on the work grid."""
        return self.likeness(tokens, self.clip.encode_text(self.tokenizer(prompts), normalize=True))

    @torch.inference_mode()
    def likeness(self, tokens: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        """Probabilities ``(Z, T, SIZE, SIZE)`` of embedded texts ``(T, E)`` on the work grid."""
        probability = (tokens @ text.T * self.clip.logit_scale.exp() + self.clip.logit_bias).sigmoid()
        side = int(tokens.shape[1] ** 0.5)
        maps = probability.transpose(1, 2).unflatten(2, (side, side))
        return functional.interpolate(maps, size=(SIZE, SIZE), mode="bilinear", align_corners=False)


def dice(a: np.ndarray, b: np.ndarray) -> float:
    """Dice overlap of two masks; 1 where both are empty."""
    total = a.sum() + b.sum()
    return float(2 * (a & b).sum() / total) if total else 1.0


def overlap(found: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Recall, precision, IoU and area ratio over the slices of ``(Z, H, W)`` that show the structure, and the largest
    share of the image covered in slices without it."""
    with_it = truth.any((1, 2))
    f, t = found[with_it], truth[with_it]
    both, image = (f & t).sum(), found[0].size
    empty = found[~with_it].sum((1, 2)) / image
    return {
        "recall": float(both / max(t.sum(), 1)),
        "precision": float(both / max(f.sum(), 1)),
        "iou": float(both / max((f | t).sum(), 1)),
        "area_ratio": float(f.sum() / max(t.sum(), 1)),
        "area_without": float(empty.max()) if len(empty) else float("nan"),
    }


def calibration_error(probability: np.ndarray, truth: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: mean distance of probability and frequency over bins, by their numbers."""
    return float(sum(share * abs(said - true) for said, true, share in reliability(probability, truth, bins)))


def reliability(probability: np.ndarray, truth: np.ndarray, bins: int = 10) -> list[tuple[float, float, float]]:
    """The reliability curve: of each bin that holds anything the mean probability, how often it was true, its share."""
    number = np.minimum((probability * bins).astype(int), bins - 1)
    chosen = [number == b for b in range(bins) if (number == b).any()]
    return [(float(probability[c].mean()), float(truth[c].mean()), float(c.mean())) for c in chosen]


def evaluate_unet(pair: Pair, case: Case) -> dict:
    """Dice of every organ (volume, mean over its slices), false liver in slices without one, slices without an organ
    in which it is drawn, and how far the probability of a voxel can be believed where it is not nearly 0."""
    probability = pair.segment(case.images)
    masks = np.stack([f.to_slice(p) > 0.5 for f, p in zip(case.frames, probability)], axis=1)
    result: dict = {"dice": {}, "slice_dice": {}, "drawn_where_absent": {}, "voxel_calibration": {}}
    for index, name in enumerate(data.TARGETS[1:], 1):
        truth = case.labels == index
        absent = ~truth.any((1, 2))
        if absent.any():
            drawn = masks[index][absent].sum((1, 2)) * case.pixel_mm2 >= 100  # a square centimetre
            result["drawn_where_absent"][name] = {"slices": int(drawn.sum()), "of": int(absent.sum())}
        likely = np.stack([f.to_slice(p[index]) for f, p in zip(case.frames, probability)])
        worth = (likely > 0.05) | truth
        if truth.any():
            result["voxel_calibration"][name] = calibration_error(likely[worth], truth[worth])
        if name == "liver":
            result["reliability_of_liver"] = reliability(likely[worth], truth[worth])
        if truth.sum() < 50:
            continue
        slices = np.flatnonzero(truth.any((1, 2)))
        result["dice"][name] = dice(masks[index], truth)
        result["slice_dice"][name] = float(np.mean([dice(masks[index][z], truth[z]) for z in slices]))
    free = ~(case.labels == data.LIVER).any((1, 2))
    if free.any():
        # In pixels of a 512 x 512 slice, whatever the scan's own matrix.
        share = masks[data.LIVER][free].mean((1, 2))
        result["liver_pixels_on_liver_free_slices"] = float(share.mean() * 512**2)
        result["liver_free_slices"] = int(free.sum())
    return result


# Where each organ lies, of the columns of a framed LPS slice: the patient's right is the lower half.
SIDES = {"liver": "right", "kidney_right": "right", "spleen": "left", "kidney_left": "left"}


def wrong_side(pair: Pair, case: Case) -> dict[str, dict[str, int]]:
    """In how many slices an organ is drawn, a square centimetre or more, and in how many of them with its middle in the
    half of the body where it does not lie."""
    masks = pair.segment(case.images) > 0.5
    result = {}
    for name, side in SIDES.items():
        found = masks[:, data.TARGETS.index(name)]
        drawn = np.array([m.sum() * (f.side / SIZE) ** 2 * case.pixel_mm2 >= 100 for m, f in zip(found, case.frames)])
        middle = (found.sum(1) * np.arange(SIZE)).sum(1) / np.maximum(found.sum((1, 2)), 1)
        wrong = drawn & ((middle >= SIZE / 2) == (side == "right"))
        result[name] = {"slices": int(wrong.sum()), "of": int(drawn.sum())}
    return result


def prompt_masks(pair: Pair, case: Case, tokens: torch.Tensor, prompts: list[str], threshold: float) -> np.ndarray:
    """Masks ``(prompts, Z, H, W)`` of prompts at a threshold."""
    maps = pair.locate(tokens, prompts).numpy()
    return np.stack([f.to_slice(m) > threshold for f, m in zip(case.frames, maps)], axis=1)


def evaluate_clip(pair: Pair, case: Case, threshold: float = 0.5) -> dict:
    """Overlap of every prompt with its organ, opposite kidneys, other wordings and unrelated words."""
    tokens = pair.tokens(case.images)
    result: dict = {"threshold": threshold, "prompts": {}, "wordings_iou": {}, "opposite_kidney": {}}
    truths = {name: np.isin(case.labels, classes) for name, classes in PROMPTS.items()}
    plain = {}
    for name, truth in truths.items():
        mask = prompt_masks(pair, case, tokens, [name], threshold)[0]
        plain[name] = mask
        if truth.sum() > 50:
            result["prompts"][name] = overlap(mask, truth)
        else:
            result["prompts"][name] = {"area_without": float(mask.mean((1, 2)).max())}
    for name, other in (("Right Kidney", "Left Kidney"), ("Left Kidney", "Right Kidney")):
        if truths[other].any():
            result["opposite_kidney"][name] = float((plain[name] & truths[other]).sum() / truths[other].sum())
    for wording, name in WORDINGS.items():
        if truths[name].sum() > 50:
            mask = prompt_masks(pair, case, tokens, [wording], threshold)[0]
            result["wordings_iou"][wording] = overlap(mask, truths[name])["iou"]
    areas = {w: float(prompt_masks(pair, case, tokens, [w], threshold)[0].mean((1, 2)).max()) for w in HELD_OUT}
    result["unrelated"] = {
        "share_within_2_percent": float(np.mean([a <= 0.02 for a in areas.values()])),
        "words": len(areas),
        "worst": dict(sorted(areas.items(), key=lambda item: -item[1])[:5]),
    }
    return result


def sweep(
    pair: Pair, case: Case, prompts: tuple[str, ...] = ("Liver", "Spleen", "Right Kidney", "Left Kidney")
) -> dict:
    """IoU and recall of the main prompts over thresholds, for the calibration of ``logit_bias``."""
    tokens = pair.tokens(case.images)
    maps = pair.locate(tokens, list(prompts)).numpy()
    maps = np.stack([f.to_slice(m) for f, m in zip(case.frames, maps)], axis=1)
    table = {}
    for threshold in np.round(np.arange(0.15, 0.76, 0.05), 2):
        rows = {n: overlap(m > threshold, np.isin(case.labels, PROMPTS[n])) for n, m in zip(prompts, maps)
                if np.isin(case.labels, PROMPTS[n]).any()}  # fmt: skip
        table[float(threshold)] = {n: (round(r["recall"], 3), round(r["iou"], 3)) for n, r in rows.items()}
    return table


def trivial_prior(folder: Path, names: list[str], case: Case) -> dict:
    """Baseline without any network: where the liver lies on average in the other scans (above 0.3); gated: and where
    the scan has 0 to 250 HU."""
    maps = []
    for name in names:
        other = load_case(folder, name)
        liver = other.labels == data.LIVER
        maps += [f.to_work(m.astype(np.float32), 0.0) for f, m in zip(other.frames, liver) if m.any()]
    prior = np.mean(maps, axis=0)
    masks = np.stack([f.to_slice(prior[None])[0] > 0.3 for f in case.frames])
    gated = masks & (case.voxels > 0) & (case.voxels < 250)
    truth = case.labels == data.LIVER
    return {"dice": dice(masks, truth), "iou": overlap(masks, truth)["iou"],
            "gated_dice": dice(gated, truth), "gated_iou": overlap(gated, truth)["iou"]}  # fmt: skip


@torch.inference_mode()
def forward_milliseconds(pair: Pair, threads: int = 2, repeats: int = 15) -> dict[str, float]:
    """Median time of one image through each network."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    image = torch.rand(1, 1, SIZE, SIZE)
    result = {}
    for name, forward in (("unet", lambda: pair.unet(image)), ("clip_image", lambda: dense_tokens(pair.clip, image))):
        times = []
        for _ in range(repeats + 3):
            start = time.perf_counter()
            forward()
            times.append(1000 * (time.perf_counter() - start))
        result[name] = float(np.median(times[3:]))
    torch.set_num_threads(before)
    return result


def evaluate(folder: Path, scan: str, weights: Path) -> dict:
    """The whole table for one scan."""
    pair, case = Pair(weights), load_case(folder, scan)
    mirrored = load_case(folder, scan, mirrored=True)
    others = [n for n in data.scan_names(folder) if n != scan]
    mirrored_clip = prompt_masks(pair, mirrored, pair.tokens(mirrored.images), ["Liver"], 0.5)[0]
    unet = json.loads((weights / "unet/config.json").read_text())
    clip = json.loads((weights / "clip/open_clip_config.json").read_text())["xaiclip"]
    return {
        "scan": scan,
        "held_out": unet["holdout"] == scan and clip["holdout"] == scan,
        "iterations": {"unet": unet["iterations"], "clip": clip["iterations"]},
        "unet": evaluate_unet(pair, case),
        "clip": evaluate_clip(pair, case),
        "mirrored": {
            "unet_liver_dice": evaluate_unet(pair, mirrored)["dice"]["liver"],
            "clip_liver_iou": overlap(mirrored_clip, mirrored.labels == data.LIVER)["iou"],
            "on_the_wrong_side": wrong_side(pair, mirrored),
        },
        "on_the_wrong_side": wrong_side(pair, case),
        "trivial_prior": trivial_prior(folder, others, case),
        "forward_ms": forward_milliseconds(pair),
        "megabytes": sum(p.stat().st_size for p in weights.glob("*/*.safetensors")) / 1e6,
    }


def _show(value: object, indent: int = 0) -> None:
    """Print nested figures, one leaf dictionary per line."""
    for key, item in value.items():
        if isinstance(item, dict) and any(isinstance(v, dict) for v in item.values()):
            print(" " * indent + f"{key}:")
            _show(item, indent + 2)
        elif isinstance(item, dict):
            line = "  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in item.items())
            print(" " * indent + f"{key}: {line}")
        else:
            print(" " * indent + f"{key}: {item:.3f}" if isinstance(item, float) else " " * indent + f"{key}: {item}")


def _rounded(value: object) -> object:
    """Figures to four places; what there is none of (NaN) is None, which JSON knows."""
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 4)
    return value


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scan", required=True, help="a scan with labels, best one the weights never saw")
    parser.add_argument("--weights", type=Path, required=True, help="folder with unet/ and clip/")
    parser.add_argument("--sweep", action="store_true", help="also print recall and IoU over thresholds")
    parser.add_argument("--json", type=Path, help="file of tables by name, to which this one is added")
    parser.add_argument("--name", help="its name there (default: the scan's)")
    options = parser.parse_args()
    table = evaluate(options.data, options.scan, options.weights)
    _show(table)
    if options.sweep:
        _show(sweep(Pair(options.weights), load_case(options.data, options.scan)))
    if options.json:
        tables = json.loads(options.json.read_text()) if options.json.is_file() else {}
        tables[options.name or options.scan] = _rounded(table)
        options.json.write_text(json.dumps(tables, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
