"""KernelSHAP, LIME and RISE on additive functions: ours, the peer, and what is known to be right.

The score is a constant and a sum over twelve superpixels, so that every superpixel has one true worth. On the same
superpixels, patterns and masks:

- KernelSHAP and Captum's `KernelShap` and `FeatureAblation` must give the worth itself;
- LIME and the package `lime` (`LimeImageExplainer`) must give the worth as much smaller as a ridge makes it, which is
  known: (G + αI)⁻¹ G β, with G the weighted, centred Gram matrix of the patterns; without a penalty, the worth itself;
- RISE's raw estimator must be the published sum of score · mask / N / p (eclique/RISE) of the same masks.

Ours scores in single precision, the peers get the score in double precision. Ours is read off one pixel: the mean of a
reference of 3,072 would add its own rounding (about 1e-6 of a score).
"""

from __future__ import annotations

import argparse

import bench
import numpy as np
import torch
from captum.attr import FeatureAblation, KernelShap
from lime.lime_image import LimeImageExplainer

import XAICLIPLib as xai
from XAICLIPLib.attribution.lime import locality
from XAICLIPLib.attribution.random_masks import MaskSource

EDGE, ROWS, COLUMNS = 16, 3, 4
BLOCKS = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS).repeat(EDGE, 0).repeat(EDGE, 1)
COUNT, SHAPE = ROWS * COLUMNS, BLOCKS.shape
ONE_PIXEL = np.zeros(SHAPE, bool)
ONE_PIXEL[0, 0] = True
BAR = 1e-6


class Additive:
    """0.4 + Σ weight · pixel as a probability that is the same everywhere; drawn from a seed."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.image = rng.uniform(0.3, 1, SHAPE).astype(np.float32)
        weights = rng.normal(size=SHAPE) * rng.normal(size=COUNT)[BLOCKS]
        weights += rng.normal(size=COUNT)[BLOCKS]
        self.weights = weights * 0.2 / np.abs(weights * self.image).sum()
        self.worth = np.bincount(BLOCKS.ravel(), (self.weights * self.image).ravel())

    def score(self, batch: torch.Tensor) -> torch.Tensor:
        """(B, 1, H, W) -> (B,)."""
        return 0.4 + (batch[:, 0].double() * torch.from_numpy(self.weights)).sum((1, 2))

    def predict(self, batch: torch.Tensor) -> torch.Tensor:
        """(B, 1, H, W) -> (B, 1, H, W)."""
        return self.score(batch).float()[:, None, None, None].expand(-1, 1, *SHAPE)

    def ours(self, method, seed: int = 0) -> np.ndarray:
        """The map (H, W) of a method."""
        return xai.attribute(self.image, self.predict, None, method, "confidence", ONE_PIXEL, seed=seed).drop[0]


def per_block(values: np.ndarray) -> np.ndarray:
    """The mean of a map over each superpixel."""
    return np.bincount(BLOCKS.ravel(), np.asarray(values, float).ravel()) / EDGE**2


def captums(game: Additive, method) -> np.ndarray:
    """A map of Captum's on the same superpixels."""
    more = {"n_samples": 200} if method is KernelShap else {}
    torch.manual_seed(0)
    found = method(game.score).attribute(
        torch.from_numpy(game.image)[None, None], feature_mask=torch.from_numpy(BLOCKS)[None, None], **more
    )
    return found[0, 0].numpy()


def shrunk(on: np.ndarray, worth: np.ndarray, width: float | None, alpha: float) -> np.ndarray:
    """What a ridge makes of the worth."""
    weights = locality(on, width)
    weights = np.ones(len(on)) if weights is None else weights
    centred = on - np.average(on, axis=0, weights=weights)
    gram = centred.T @ (weights[:, None] * centred)
    return np.linalg.solve(gram + alpha * np.eye(len(gram)), gram @ worth)


def patterns(draw, samples: int) -> np.ndarray:
    """Which superpixels are on, all of them in the first sample: (N, F)."""
    on = draw(0, 2, samples * COUNT).reshape(samples, COUNT)
    on[0] = 1
    return on


def lime_package(game: Additive, samples: int, seed: int) -> np.ndarray:
    """The coefficients of `LimeImageExplainer` with its own patterns, and Ridge(alpha=1) as it has it."""

    def classify(copies: np.ndarray) -> np.ndarray:
        score = game.score(torch.as_tensor(np.asarray(copies)[..., 0])[:, None]).numpy()
        return np.column_stack([score, 1 - score])

    explainer = LimeImageExplainer(kernel_width=0.25, feature_selection="none", random_state=seed)
    found = explainer.explain_instance(
        game.image[..., None].repeat(3, -1).astype(float), classify, labels=(0,), top_labels=None, hide_color=0,
        num_samples=samples, segmentation_fn=lambda _: BLOCKS, random_seed=0,
    )  # fmt: skip
    return np.array([value for _, value in sorted(found.local_exp[0])])


def apart(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(np.asarray(a) - b).max())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the function (default %(default)s)")
    options = parser.parse_args()
    table = bench.Table("Additive functions of 12 superpixels: largest difference from what is right")
    game, samples, seed = Additive(options.seed), 150, 3
    print(f"{'worth of a superpixel':<24}" + " ".join(f"{w:8.4f}" for w in game.worth))

    def show(name: str, values: np.ndarray) -> None:
        print(f"{name:<24}" + " ".join(f"{v:8.4f}" for v in values))

    few, all_of_them = (game.ours(xai.KernelShap(samples=n, segments=BLOCKS)) for n in (60, 2**COUNT))
    kernel, ablation = captums(game, KernelShap), captums(game, FeatureAblation)
    show("ours, KernelSHAP, 60", per_block(few))
    show("captum, KernelShap, 200", per_block(kernel))
    lime = game.ours(xai.Lime(samples=samples, alpha=1.0, kernel_width=0.25, segments=BLOCKS), seed)
    on = patterns(np.random.default_rng(seed).integers, samples)
    package_on = patterns(np.random.RandomState(seed).randint, samples)
    package = lime_package(game, samples, seed)
    show("ours, LIME, alpha 1", per_block(lime))
    show("lime, alpha 1", package)
    free = game.ours(xai.Lime(samples=samples, alpha=1e-9, kernel_width=0.25, segments=BLOCKS), seed)

    settings = xai.Rise(masks=500, estimator="raw", grid=5, keep=0.4)
    raw = game.ours(settings, seed)
    masks = MaskSource(settings, SHAPE, torch.ones(SHAPE, dtype=torch.bool), seed)(0, 500)
    scores = game.score(torch.from_numpy(game.image) * masks[:, None]).numpy()
    published = np.einsum("n,nhw->hw", scores, masks.numpy()) / 500 / 0.4

    print()
    truth = game.worth[BLOCKS]
    for what, found, right in (
        ("ours, KernelSHAP, 60 samples of 4096, from the worth", few, truth),
        ("ours, KernelSHAP, all coalitions, from the worth", all_of_them, truth),
        ("ours, KernelSHAP, 60 samples, from captum's FeatureAblation", few, ablation),
        ("ours, LIME without a penalty, from the worth", free, truth),
        ("ours, LIME, alpha 1, from the known shrinkage", lime, shrunk(on, game.worth, 0.25, 1.0)[BLOCKS]),
        ("ours, RISE raw, from the published sum over the same masks", raw, published),
    ):
        table.line(what, f"{apart(found, right):.1e}", f"<= {BAR:.0e}", apart(found, right) <= BAR)
    for what, found, right in (
        ("captum, KernelShap, 200 samples, from the worth", kernel, truth),
        ("captum, FeatureAblation, from the worth", ablation, truth),
        ("lime, alpha 1, from the known shrinkage", package, shrunk(package_on, game.worth, 0.25, 1.0)),
        ("lime, alpha 1, from the worth", package, game.worth),
        ("ours, LIME, alpha 1, from the worth", per_block(lime), game.worth),
    ):
        table.line(what, f"{apart(found, right):.1e}")


if __name__ == "__main__":
    main()
