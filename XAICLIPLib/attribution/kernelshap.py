"""KernelSHAP (Lundberg & Lee, NeurIPS 2017) on the superpixels of the region, with paired samples."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import comb

import numpy as np
from torch import Tensor

from XAICLIPLib.attribution.features import Fit, explain_by_patterns
from XAICLIPLib.attribution.methods import KernelShap
from XAICLIPLib.attribution.monitor import Show
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.attribution.superpixels import superpixels_of
from XAICLIPLib.message import Message

# Samples to a superpixel. A sample and its complement say the same of the values, so that two to a superpixel are as
# many equations as unknowns: least squares then solves them without any residual, and makes the score's interactions
# into values that are 50 times too large.
ENOUGH = 4
PENALTIES = np.logspace(-8, 2, 41)  # as a share of the largest singular value, squared
COSTLY = 1.4  # what a degree of freedom counts in generalised cross-validation, against fits without residuals


def kernel_shap(
    scorer: Scorer, region: Tensor, settings: KernelShap, seed: int = 0, show: Show | None = None
) -> Attribution:
    """Explain the scorer's image inside the region (*S), bool, not empty.

    A superpixel's drop is its Shapley value: what the score gains by it on average over all orders in which the
    superpixels could be put back. The values of all superpixels add up to the drop of the whole region.

    Parameters
    ----------
    scorer : Scorer
    region : Tensor, shape (*S), bool
        Not empty; nothing outside it is perturbed.
    settings : KernelShap
        In pixels of the scorer's image.
    seed : int
        Of everything that is drawn.
    show : callable, optional
        Is offered the map while it is made, see `Monitor`.

    Returns
    -------
    Attribution
    """
    features = superpixels_of(scorer.image, region, settings)
    on, weights, is_complete = coalitions(features.count, settings.samples, np.random.default_rng(seed))
    ends = np.array([np.zeros(features.count), np.ones(features.count)])
    enough = ENOUGH * features.count
    if len(on) < enough and not is_complete:
        few = (
            Message(
                "{samples} samples are few for {count} superpixels, whose values are drawn towards each other for "
                "it: give at least {least}, or larger superpixels",
                samples=settings.samples,
                count=features.count,
                least=enough + 2,
            )  # fmt: skip
        )
        features = replace(features, warnings=(*features.warnings, few))

    def fit(on: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if len(on) < 3:  # the two ends only, or one of them: what is lost is shared out evenly
            share = (scores[-1] - scores[0])[:, None] / features.count
            return share.repeat(features.count, 1), np.zeros((scores.shape[1], features.count))
        if len(on) - 2 < enough and not is_complete:
            values, variance = shrunken_values(on[2:], scores[2:], scores[0], scores[1])
        else:
            values, variance = shapley_values(on[2:], scores[2:], scores[0], scores[1], weights[: len(on) - 2])
        return values, np.sqrt(variance)

    def spread(on: np.ndarray, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, errors = fit(on, outputs)
        return values.T, np.zeros_like(errors.T) if is_complete else errors.T

    patterns = np.concatenate([ends, on])
    features = replace(features, details={**features.details, "exact": is_complete})
    found = explain_by_patterns(scorer, region, settings, seed, features, patterns, Fit(fit, spread), show)
    return replace(found, stderr=np.zeros_like(found.stderr)) if is_complete else found


def coalitions(count: int, samples: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, bool]:
    """Which features are on in each sample, all on and all off apart.

    Where there are no more coalitions than samples, all are taken, each with its Shapley kernel; the values are then
    exact. Else they are drawn by that kernel, each with its complement (Covert & Lee, AISTATS 2021), which cancels the
    even part of the score's interactions.

    Parameters
    ----------
    count : int
        Features, F.
    samples : int
        How many may be taken, the two ends among them.
    rng : Generator

    Returns
    -------
    on : ndarray, shape (N, F), of 0 and 1
    weights : ndarray, shape (N,)
    is_complete : bool
    """
    sizes = np.arange(1, count)
    if count < 2:
        return np.zeros((0, count)), np.zeros(0), True
    if count < 24 and 2**count - 2 <= samples - 2:
        on = np.zeros((2**count - 2, count))
        members = (m for size in range(1, count) for m in combinations(range(count), size))
        for row, chosen in zip(on, members):
            row[list(chosen)] = 1
        # in this order the last row is the complement of the first, and so on inwards: here, too, they come in pairs
        on = np.stack([on[: len(on) // 2], on[: len(on) // 2 - 1 : -1]], axis=1).reshape(-1, count)
        kept = on.sum(1).astype(int)
        weights = np.array([(count - 1) / (comb(count, k) * k * (count - k)) for k in range(1, count)])
        return on, weights[kept - 1], True
    share = 1 / (sizes * (count - sizes))
    drawn = rng.choice(sizes, size=max(1, (samples - 2) // 2), p=share / share.sum())
    on = np.argsort(np.argsort(rng.random((len(drawn), count)), axis=1), axis=1) < drawn[:, None]
    paired = np.stack([on, ~on], axis=1).reshape(-1, count).astype(float)
    return paired, np.ones(len(paired)), False


def shapley_values(
    on: np.ndarray, scores: np.ndarray, empty: np.ndarray, full: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The weighted least squares of KernelSHAP under its constraint that the values add up to full − empty.

    Parameters
    ----------
    on : ndarray, shape (N, F)
    scores : ndarray, shape (N, K)
    empty, full : ndarray, shape (K,)
        The scores with all features off, and on.
    weights : ndarray, shape (N,)

    Returns
    -------
    values, variance : ndarray, shape (K, F)
    """
    count = on.shape[1]
    whole = full - empty
    if count == 1:
        return whole[:, None], np.zeros((len(whole), 1))
    # the constraint makes the last value the rest of the others: a plain least squares in F − 1 unknowns
    design = on[:, :-1] - on[:, -1:]
    target = scores - empty - on[:, -1:] * whole
    root = np.sqrt(weights)[:, None]
    solved = np.linalg.pinv(root * design)
    first = solved @ (root * target)
    values = np.concatenate([first, whole[None] - first.sum(0, keepdims=True)]).T
    residual = target - design @ first
    freedom = max(1, len(on) - design.shape[1])
    noise = (weights[:, None] * residual**2).sum(0) / freedom
    covariance = solved @ solved.T
    spread = np.append(np.diag(covariance), covariance.sum())
    return values, noise[:, None] * np.maximum(spread, 0)


def shrunken_values(
    on: np.ndarray, scores: np.ndarray, empty: np.ndarray, full: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The values as `shapley_values` has them, from pairs of samples that are too few to tell them all apart.

    A ridge draws them towards an equal share of full − empty, to which they still add up. Its penalty is that of the
    smallest generalised cross-validation error (Golub, Heath & Wahba 1979; robust against fits without residuals,
    Cummins et al. 2001), per target.

    Parameters
    ----------
    on : ndarray, shape (N, F)
        Each sample followed by its complement.
    scores : ndarray, shape (N, K)
    empty, full : ndarray, shape (K,)

    Returns
    -------
    values, variance : ndarray, shape (K, F)
        The variance is that of what is not known: of noise, and of all that the penalty holds back.
    """
    count, pairs = on.shape[1], len(on) // 2
    share = (full - empty) / count
    if not pairs:
        return share[:, None].repeat(count, 1), np.zeros((len(share), count))
    odd = (scores[: 2 * pairs : 2] - scores[1 : 2 * pairs : 2]) / 2
    design = on[: 2 * pairs : 2] - 0.5
    target = odd - design.sum(1, keepdims=True) * share
    left, size, right = np.linalg.svd(design - design.mean(1, keepdims=True), full_matrices=False)
    known = size > 1e-9 * size[0]
    left, size, right = left[:, known], size[known], right[known]
    along = left.T @ target
    outside = (target**2).sum(0) - (along**2).sum(0)
    values, variance = np.empty((2, len(share), count))
    seen = (right**2).sum(0)  # the rest of each value, but for their sum, is in no equation
    for k, (part, rest) in enumerate(zip(along.T, outside)):
        errors = []
        for penalty in PENALTIES * size[0] ** 2:
            kept = size**2 / (size**2 + penalty)
            free = pairs - COSTLY * kept.sum()
            errors.append((rest + ((1 - kept) ** 2 * part**2).sum()) / free**2 if free > 0 else np.inf)
        penalty = PENALTIES[int(np.argmin(errors))] * size[0] ** 2
        kept = size**2 / (size**2 + penalty)
        values[k] = share[k] + right.T @ (kept * part / size)
        noise = max(0.0, rest + ((1 - kept) ** 2 * part**2).sum()) / max(1.0, pairs - kept.sum())
        variance[k] = noise * (right.T**2 @ (1 / (size**2 + penalty)) + np.maximum(1 - 1 / count - seen, 0) / penalty)
    return values, variance
