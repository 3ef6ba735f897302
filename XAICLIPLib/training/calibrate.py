"""Fit the presence of structures: what the pair's maps and scores say about whether a structure is there.

``python -m XAICLIPLib.training.calibrate --data DIR --weights XAICLIPLib/weights [--holdout ct_series]``

A logistic regression for what the words say, for what the U-Net draws, and for both, on slices of the labelled scans,
of drawn patients of all parts of the body, as CT and with random contrasts, and on pictures of nothing. The figures
that it prints are of drawn patients that it did not see, and of the scan that was held out.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from XAICLIPLib import anatomy
from XAICLIPLib.phantom import PARTS
from XAICLIPLib.roi.presence import ABSENT, FILE, KNOWN, agreement, evidence_of_map, probability_of
from XAICLIPLib.training import data
from XAICLIPLib.training.augment import SIZE, finish, random_contrast, sample_slices, scanner
from XAICLIPLib.training.evaluate import Pair, calibration_error, reliability
from XAICLIPLib.training.generated import EVALUATED_SEED, generated_scan
from XAICLIPLib.training.nothing import picture_of_nothing

FITTED_SEED = 5000  # neither those of the training nor those that judge
AREA_MM2 = 100.0  # of a structure in a slice, from which on it is there; slices with less of it are left out
SOURCES = ("words", "model", "both")
STRUCTURES = tuple(next(s for s in anatomy.STRUCTURES if s.name == name) for name in KNOWN)
# The channels of the U-Net that make each of them.
CHANNELS = tuple({"kidneys": ("kidney_right", "kidney_left")}.get(name, (name,)) for name in KNOWN)


@dataclass(frozen=True)
class Sampled:
    """Evidence of many slices.

    Attributes
    ----------
    evidence : ndarray (N, structures, numbers)
        Eight numbers: those of the words, those of the model, their agreement.
    area : ndarray (N, structures)
        mm2 of each structure.
    """

    evidence: np.ndarray
    area: np.ndarray


def slices_of(scan: data.Scan, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slices of a scan, deformed as in training; of CT, half of them with random contrasts.

    Parameters
    ----------
    scan : Scan
    rng : Generator
    count : int

    Returns
    -------
    images : ndarray (count, SIZE, SIZE)
        In [0, 1].
    labels : ndarray (count, SIZE, SIZE)
        Fine classes.
    pixel : ndarray (count,)
        mm2 of a pixel.
    """
    chosen = rng.integers(0, len(scan.frames), count)
    image, labels, inside = sample_slices(scan, chosen, rng)
    labels = torch.where(inside, labels, torch.zeros_like(labels))
    if scan.modality == "CT":
        image = scanner(torch.where(inside, image, torch.full_like(image, -1000.0)), rng)
        odd = torch.from_numpy(rng.random(count) < 0.4)
        if odd.any():
            image[odd] = random_contrast(image[odd], labels[odd], rng)
    else:
        image = image * inside
    return finish(image, rng).numpy(), labels.numpy(), (scan.frames[chosen, 2] / SIZE) ** 2


def evidence_of(pair: Pair, images: np.ndarray, pixel: np.ndarray) -> np.ndarray:
    """Evidence ``(N, structures, 8)`` of images ``(N, SIZE, SIZE)`` with pixels of so many mm2."""
    images = images.astype(np.float32)
    text = torch.stack([pair.embed(list(anatomy.texts(structure, "CT"))) for structure in STRUCTURES])
    words = pair.likeness(pair.tokens(images), text).numpy()
    scores = pair.scores(images, text)
    drawn = pair.segment(images)
    drawn = np.stack([drawn[:, [data.TARGETS.index(c) for c in channels]].max(1) for channels in CHANNELS], 1)
    rows = [
        [
            [scores[n, k], *evidence_of_map(words[n, k], mm2), *evidence_of_map(drawn[n, k], mm2),
             agreement(words[n, k], drawn[n, k])]
            for k in range(len(KNOWN))
        ]
        for n, mm2 in enumerate(pixel)
    ]  # fmt: skip
    return np.array(rows)


def sample(pair: Pair, scans: list[data.Scan], seed: int, patients: int, pictures: int, count: int) -> Sampled:
    """Evidence from scans, drawn patients of every part, and pictures of nothing."""
    rng = np.random.default_rng(seed)
    evidence, area = [], []

    def add(images: np.ndarray, labels: np.ndarray, pixel: np.ndarray) -> None:
        evidence.append(evidence_of(pair, images, pixel))
        shown = [[np.isin(fine, [data.TARGETS.index(c) for c in ch]).sum() * mm2 for ch in CHANNELS]
                 for fine, mm2 in zip(labels, pixel)]  # fmt: skip
        area.append(np.array(shown))

    for scan in scans:
        add(*slices_of(scan, rng, 4 * count))
    for part in PARTS:
        for number in range(patients):
            add(*slices_of(generated_scan(seed + number, part), rng, count))
    nothing = np.stack([picture_of_nothing(rng, SIZE) for _ in range(pictures)])
    add(nothing, np.zeros_like(nothing), np.full(pictures, 6.25))
    return Sampled(np.concatenate(evidence), np.concatenate(area))


def columns(source: str) -> slice:
    """Which numbers of the evidence a source has."""
    return {"words": slice(0, 4), "model": slice(4, 7), "both": slice(0, 8)}[source]


def fit(sampled: Sampled, source: str) -> list[float]:
    """The weights of one source, the constant last."""
    clear = (sampled.area == 0) | (sampled.area >= AREA_MM2)
    evidence, present = sampled.evidence[clear][:, columns(source)], sampled.area[clear] >= AREA_MM2
    found = LogisticRegression(C=10.0, max_iter=2000).fit(evidence, present)
    return [*map(float, found.coef_[0]), float(found.intercept_[0])]


def figures(sampled: Sampled, source: str, weights: list[float]) -> dict:
    """How well a source tells on slices that it was not fitted on."""
    chosen = columns(source)
    probability = np.array([[probability_of(e[chosen], weights) for e in row] for row in sampled.evidence])
    absent, present = sampled.area == 0, sampled.area >= 500
    clear = absent | (sampled.area >= AREA_MM2)
    return {
        "absent_below_0.1": float((probability[absent] <= ABSENT).mean()) if absent.any() else float("nan"),
        "present_denied": float((probability[present] <= ABSENT).mean()) if present.any() else float("nan"),
        "calibration_error": calibration_error(probability[clear], (sampled.area >= AREA_MM2)[clear]),
        "reliability": [
            [round(v, 4) for v in b] for b in reliability(probability[clear], (sampled.area >= AREA_MM2)[clear])
        ],
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True, help="folder with unet/ and clip/")
    parser.add_argument("--holdout", help="a scan to judge by")
    parser.add_argument("--patients", type=int, default=8, help="drawn patients of each part (default %(default)s)")
    parser.add_argument("--out", type=Path, help="where to write (default: presence.json of the weights)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    pair = Pair(options.weights)
    scans = data.load_scans(options.data, options.holdout)
    fitted = sample(pair, scans, FITTED_SEED, options.patients, 80, 12)
    judged = sample(pair, [], EVALUATED_SEED, max(2, options.patients // 2), 40, 12)
    held = sample(pair, [data.load_scan(options.data, options.holdout)], 1, 0, 1, 12) if options.holdout else None
    found: dict = {"structures": list(KNOWN)}
    for source in SOURCES:
        weights = fit(fitted, source)
        found[source] = {"weights": [round(w, 5) for w in weights], "drawn_patients": figures(judged, source, weights)}
        if held is not None:
            found[source][options.holdout] = figures(held, source, weights)
        print(source, json.dumps(found[source]))
    (options.out or options.weights / FILE.name).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
