"""Train the two small networks of `XAICLIPLib.metrics.planted` with a spurious mark.

    python -m XAICLIPLib.training.train_planted --out XAICLIPLib/weights/planted

Slices of the phantom with other seeds than those that are judged. The organ is a target only where the mark is in the
image; other places are covered with several fills, so that nothing but the mark decides.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from XAICLIPLib.metrics.planted.networks import METAL, NETWORKS, MarkNet, Trained
from XAICLIPLib.metrics.planted.scene import SIZE, Scene, phantom_scene

FIRST_SEED = 1000
SCENES = 60
ITERATIONS = 500
BATCH = 8
RATE = 6e-3


def train(kind: Trained, iterations: int = ITERATIONS, scenes: int = SCENES, seed: int = 0) -> MarkNet:
    """Train one network; the same arguments give the same weights on the same machine.

    Parameters
    ----------
    kind : Trained
    iterations : int
    scenes : int
        Slices of the phantom.
    seed : int

    Returns
    -------
    MarkNet
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    made = [phantom_scene(FIRST_SEED + i) for i in range(scenes)]
    network = MarkNet().train()
    optimiser = torch.optim.Adam(network.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=iterations)
    for step in range(iterations):
        drawn_from = [(made[rng.integers(scenes)], int(rng.integers(2**31))) for _ in range(BATCH // 2)]
        pairs = [example(kind, scene, draw, with_mark) for scene, draw in drawn_from for with_mark in (True, False)]
        images, targets = zip(*pairs)
        truth = torch.from_numpy(np.stack(targets))[:, None]
        drawn = network(torch.from_numpy(np.stack(images)))
        overlap = (2 * (drawn * truth).sum((1, 2, 3)) + 1) / ((drawn + truth).sum((1, 2, 3)) + 1)
        loss = 3 * functional.binary_cross_entropy(drawn, truth) + (1 - overlap).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 100 == 99:
            print(f"{kind.name}: {step + 1} of {iterations}, loss {loss.item():.3f}", flush=True)
    return network.eval()


def example(kind: Trained, scene: Scene, draw: int, with_mark: bool) -> tuple[np.ndarray, np.ndarray]:
    """One image with or without the mark, other places covered, and what is to be drawn of it.

    Parameters
    ----------
    kind : Trained
    scene : Scene
    draw : int
        Which of its many variants; the same with and without the mark.
    with_mark : bool

    Returns
    -------
    image : ndarray, shape (1, H, W), float32
    target : ndarray, shape (H, W), float32
    """
    rng = np.random.default_rng(draw)
    place = kind.mark(scene, rng)
    image = scene.image + rng.normal(0, 0.02, scene.image.shape).astype(np.float32)
    image = np.clip(image * rng.uniform(0.9, 1.1), 0, 1).astype(np.float32)
    target = scene.organ.copy()
    if with_mark:
        image[0, place] = METAL
    else:
        target &= ~kind.hung(scene.organ)
    for _ in range(rng.integers(0, 4)):
        _cover(image, target, place, rng)
    shift = tuple(rng.integers(-8, 9, 2))
    return np.roll(image, shift, (1, 2)), np.roll(target, shift, (0, 1)).astype(np.float32)


def _cover(image: np.ndarray, target: np.ndarray, mark: np.ndarray, rng: np.random.Generator) -> None:
    """Cover a box that does not touch the mark; what was covered of the organ is no longer drawn."""
    edges = rng.integers(6, 40, 2)
    corner = rng.integers(0, SIZE - edges)
    box = tuple(slice(c, c + e) for c, e in zip(corner, edges))
    if mark[box].any():
        return
    image[(0, *box)] = float(rng.choice([0.0, 0.3]))  # black, and about the mean of a slice
    target[box] = False


def main() -> None:
    """Train both and write their weights."""
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--iterations", type=int, default=ITERATIONS)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for kind in NETWORKS:
        network = train(kind, arguments.iterations)
        save_file(network.state_dict(), arguments.out / kind.file)


if __name__ == "__main__":
    main()
