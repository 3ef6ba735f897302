"""Make the U-Net's probabilities mean what they say, after its training.

``python -m XAICLIPLib.training.scaling --data DIR --unet unet.pt --out scaled.pt``

Weighted cross-entropy and soft Dice find small organs and exaggerate them: of the voxels to which the network gave 70 %
aorta, half were. Bias-corrected temperature scaling (Alexandari et al., ICML 2020, after Guo et al., ICML 2017) mends
that with one number for all classes and one for each, fitted on fresh slices of the training and folded into the last
layer, so that the network is as fast and as large as before.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from XAICLIPLib.models.unet import UNet, held_back
from XAICLIPLib.training import data
from XAICLIPLib.training.augment import Sampler
from XAICLIPLib.training.generated import generated_scans
from XAICLIPLib.training.train_unet import targets_of

SEED = 7000  # of batches that no training has seen
PIXELS = 800  # of each image
# Of the classes' own numbers so much is taken: another patient than those of the training fits the network less well,
# and is missed rather than exaggerated. Chosen on the fold without `ct_series`.
KEPT = 0.5
WORTH = 0.02  # below this probability of every organ a pixel of the background teaches nothing


@torch.no_grad()
def sample(network: UNet, sampler: Sampler, batches: int) -> tuple[Tensor, Tensor, Tensor]:
    """Logits of pixels of fresh batches, by how much the whole image holds them back, and their classes.

    Parameters
    ----------
    network : UNet
        In evaluation mode.
    sampler : Sampler
    batches : int

    Returns
    -------
    logits, lower : Tensor (N, classes)
        Of the places alone, and what is added to them for the presence of the class.
    labels : Tensor (N,)
    """
    parts = []
    chooser = torch.Generator().manual_seed(SEED)
    for _ in range(batches):
        batch = sampler()
        labels = targets_of(batch.labels)
        logits, presence = network.parts(batch.images)
        lower = torch.zeros_like(logits) if presence is None else held_back(torch.zeros_like(logits), presence)
        likely = (logits + lower).softmax(1)[:, 1:].amax(1) > WORTH
        for worth, *of_image in zip((likely | (labels > 0)) & (labels != data.IGNORE), logits, lower, labels):
            chosen = torch.nonzero(worth.flatten()).flatten()
            chosen = chosen[torch.randperm(len(chosen), generator=chooser)[:PIXELS]]
            parts.append([v.flatten(-2).movedim(-1, 0)[chosen] for v in of_image])
    return tuple(torch.cat(each) for each in zip(*parts))


def fit(logits: Tensor, lower: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """The temperature, and what is added for each class, under which the labels are most likely.

    Parameters
    ----------
    logits, lower : Tensor (N, classes)
    labels : Tensor (N,)

    Returns
    -------
    temperature : Tensor ()
    bias : Tensor (classes,)
    """
    logits, lower = logits.double(), lower.double()
    log_temperature = torch.zeros((), dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(logits.shape[1], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([log_temperature, bias], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        scaled = logits * torch.exp(-log_temperature) + bias + lower
        loss = functional.cross_entropy(scaled, labels) + 1e-4 * bias.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return log_temperature.detach().exp().float(), (bias - bias[0]).detach().float()


def fold(state: dict[str, Tensor], temperature: Tensor, bias: Tensor) -> dict[str, Tensor]:
    """A checkpoint's weights with temperature and bias in the last layer."""
    weight = {"head.weight": state["head.weight"] / temperature, "head.bias": state["head.bias"] / temperature + bias}
    return {**state, **weight}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--unet", type=Path, required=True, help="checkpoint of train_unet")
    parser.add_argument("--out", type=Path, required=True, help="where to write the scaled one")
    parser.add_argument("--batches", type=int, default=60, help="of 16 slices (default %(default)s)")
    parser.add_argument("--patients", type=int, default=20, help="drawn patients among them (default %(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    saved = torch.load(options.unet, weights_only=True, map_location="cpu")
    network = UNet(len(data.TARGETS), presence="presence.weight" in saved["model"])
    network.load_state_dict(saved["model"])
    scans = data.load_scans(options.data, saved["holdout"])
    sampler = Sampler(scans, SEED, generated=generated_scans(options.patients, SEED))
    temperature, bias = fit(*sample(network.eval(), sampler, options.batches))
    bias = KEPT * bias
    print("temperature", round(temperature.item(), 3))
    print("  ".join(f"{name} {value:+.2f}" for name, value in zip(data.TARGETS, bias.tolist())))
    torch.save({**saved, "model": fold(saved["model"], temperature, bias)}, options.out)


if __name__ == "__main__":
    main()
