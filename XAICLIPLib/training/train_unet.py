"""Train the bundled multi-organ U-Net.

``python -m XAICLIPLib.training.train_unet --data DIR [--holdout ct_series] --out DIR --iterations 1400 --seed 0``
"""

from __future__ import annotations

import time
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from XAICLIPLib.models.unet import UNet, held_back
from XAICLIPLib.training import data
from XAICLIPLib.training.augment import Sampler
from XAICLIPLib.training.schedule import Average, arguments, autocast, one_cycle, resume, sampler_of, say

# Small organs weigh more: unweighted, left kidney, stomach and aorta are never found at all.
CLASS_WEIGHTS = (0.5, 1, 2, 4, 4, 2, 5, 1.5, 1, 1)
LEAST_PIXELS = 16  # of an organ in a slice, about 1 cm2, from which on it is there


def targets_of(labels: Tensor) -> Tensor:
    """Fine classes -> the U-Net's outputs; everything after the first ten becomes background, `IGNORE` stays."""
    coarse = torch.where(labels < len(data.TARGETS), labels, torch.zeros_like(labels))
    return torch.where(labels == data.IGNORE, labels, coarse)


def segmentation_loss(logits: Tensor, labels: Tensor, smooth: float = 5.0) -> Tensor:
    """Weighted cross-entropy plus soft Dice of the foreground over the whole batch.

    Parameters
    ----------
    logits : Tensor (B, classes, H, W)
    labels : Tensor (B, H, W)
        int64, `data.IGNORE` where unknown.
    smooth : float
        In pixels; it keeps the Dice of organs absent from the batch quiet.
    """
    weights = torch.tensor(CLASS_WEIGHTS, device=logits.device)
    entropy = functional.cross_entropy(logits, labels, weights, ignore_index=data.IGNORE)
    known = labels != data.IGNORE
    probability = logits.softmax(1) * known[:, None]
    truth = functional.one_hot(labels * known, logits.shape[1]).movedim(-1, 1) * known[:, None]
    overlap = (probability * truth).sum((0, 2, 3))
    total = probability.sum((0, 2, 3)) + truth.sum((0, 2, 3))
    dice = (2 * overlap + smooth) / (total + smooth)
    return entropy + 1 - dice[1:].mean()


def presence_loss(presence: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy of whether each organ is in a slice, by the network's view of the whole of it.

    Parameters
    ----------
    presence : Tensor (B, classes - 1)
        Logits.
    labels : Tensor (B, H, W)
        int64, `data.IGNORE` where unknown.

    Notes
    -----
    A slice that shows a piece of an organ smaller than `LEAST_PIXELS` counts neither way, and where something is
    unlabelled, which is lung alone, nothing is said of lungs.
    """
    area = functional.one_hot(labels.masked_fill(labels == data.IGNORE, 0), presence.shape[1] + 1).sum((1, 2))[:, 1:]
    clear = (area == 0) | (area >= LEAST_PIXELS)
    clear[:, data.LUNG - 1] &= ~(labels == data.IGNORE).flatten(1).any(1)
    truth = (area >= LEAST_PIXELS).float()
    return functional.binary_cross_entropy_with_logits(presence, truth, clear.float())


def train(
    sampler: Sampler,
    holdout: str | None,
    out: Path,
    iterations: int,
    seed: int,
    device: torch.device,
    init: Path | None = None,
) -> UNet:
    """Train from scratch, or from `init`; leaves ``unet.pt`` (averaged weights, fp32) in `out`, returns the network."""
    torch.manual_seed(seed)
    network = UNet(len(data.TARGETS), presence=True).to(device, memory_format=torch.channels_last).train()
    rate, before = resume(network, init, holdout)
    presence = list(network.presence.parameters())
    places = [p for name, p in network.named_parameters() if not name.startswith("presence.")]
    # One linear layer on features that are there already learns faster than what makes them.
    groups = [{"params": places, "lr": rate * 3e-3}, {"params": presence, "lr": 1e-2}]
    optimiser = torch.optim.AdamW(groups, weight_decay=1e-2)
    schedule = one_cycle(optimiser, iterations)
    average = Average(network, 0.99)
    started, recent = time.perf_counter(), 0.0
    for iteration in range(1, iterations + 1):
        batch = sampler()
        images = batch.images.contiguous(memory_format=torch.channels_last)
        labels = targets_of(batch.labels)
        with autocast(device):
            logits, there = network.parts(images)
        loss = segmentation_loss(held_back(logits.float(), there.float()), labels)
        loss = loss + presence_loss(there.float(), labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        average.update(network)
        recent = loss.item() if iteration == 1 else 0.95 * recent + 0.05 * loss.item()
        if iteration % 25 == 0 or iteration == iterations:
            say(iteration, iterations, started, loss=recent)
        if iteration % 100 == 0 or iteration == iterations:
            state = {"model": average.state(), "iteration": before + iteration, "holdout": holdout, "seed": seed}
            torch.save(state, out / "unet.pt")
    network.load_state_dict(average.state())
    return network.eval()


def main() -> None:
    """Command line."""
    options = arguments(__doc__, iterations=1400)
    sampler = sampler_of(options, options.seed)
    train(sampler, options.holdout, options.out, options.iterations, options.seed, options.device, options.init)


if __name__ == "__main__":
    main()
