"""Infidelity against Captum's `infidelity` on the very perturbations that ours drew.

Captum's number is the mean squared difference itself; ours is that as a share of the mean squared change, so that it
does not hang on the scale of the score. Both scale the map by the factor that fits best (`normalize=True` in Captum).
"""

import numpy as np
import pytest
import torch
from captum.metrics import infidelity

from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.metrics.fidelity import Subsets, fidelity

SHAPE = (20, 24)
RNG = np.random.default_rng(8)
IMAGE = torch.from_numpy(RNG.uniform(0.5, 1, (1, *SHAPE)).astype(np.float32))
REGION = np.zeros(SHAPE, bool)
REGION[3:17, 4:22] = True
REFERENCE = torch.zeros(1, *SHAPE, dtype=torch.bool)
REFERENCE[0, 5:15, 6:16] = True
KERNEL = torch.from_numpy(RNG.normal(0.02, 0.1, (1, 1, 5, 5)).astype(np.float32))
SAMPLES = 25


def predict(batch):
    return torch.sigmoid(4 * torch.nn.functional.conv2d(batch, KERNEL, padding=2))


def confidence(batch):
    return predict(batch)[:, 0][:, REFERENCE[0]].mean(1)


@pytest.mark.parametrize("fill", [0.0, 0.6])
@pytest.mark.parametrize("kind", ["random", "gradient"])
def test_it_is_captums_as_a_share_of_the_mean_squared_change(fill, kind):
    if kind == "random":
        values = RNG.normal(size=SHAPE)
    else:  # a map that knows something
        image = IMAGE.clone()[None].requires_grad_()
        confidence(image).sum().backward()
        values = ((image.grad * (image - fill)).detach()[0, 0]).numpy()
    seen = []

    def watched(batch):
        seen.extend(batch.clone())
        return predict(batch)

    scorer = Scorer(watched, IMAGE, reference=REFERENCE, score="confidence", batch_size=4)
    filled = torch.full((1, *SHAPE), fill)
    ours = fidelity(scorer, 0, values, REGION, filled, subsets=Subsets(4, SAMPLES))["infidelity"]

    copies = torch.stack(seen[-SAMPLES:])  # muFidelity's subsets, which infidelity uses too, come last
    taken = (copies != IMAGE).to(torch.float32)
    assert taken.flatten(1).any(1).all() and not taken[:, 0][:, ~torch.from_numpy(REGION)].any()
    position = iter(range(SAMPLES))

    def perturb(inputs):
        """A map of drops is multiplied by 1 where a place was taken away, not by the change of its value."""
        i = next(position)
        return taken[i : i + 1], copies[i : i + 1]

    theirs = infidelity(
        lambda batch: confidence(batch).double(), perturb, IMAGE[None], torch.from_numpy(values)[None, None],
        n_perturb_samples=SAMPLES, max_examples_per_batch=1, normalize=True,
    )  # fmt: skip
    drops = (confidence(IMAGE[None]) - confidence(copies)).double().numpy()
    assert drops.std() > 1e-3
    assert ours == pytest.approx(float(theirs) / (drops**2).mean(), rel=1e-3, abs=1e-6)
    assert (ours < 0.5) == (kind == "gradient")
