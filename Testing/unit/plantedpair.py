"""Two models that draw liver and spleen alike; in one the liver hangs on the spleen, which is planted. And how they are
asked in the tests of cohorts."""

import torch

SHARE = 0.3  # of the liver, which goes with the spleen
PIXELS = 100  # of soft tissue where the spleen lies, from which it counts as there

TARGETS = ("liver", "spleen")


def _drawn(batch):
    """What looks like soft tissue, in the patient's right and at the place of the spleen: (B, 2, H, W)."""
    seen = torch.sigmoid((batch[:, 0] - 60) / 10)
    places = torch.zeros(2, *seen.shape[1:])
    places[0, 26:64, 16:48] = 1
    places[1, 46:65, 64:79] = 1
    return seen[:, None] * places * 0.95


def alone(batch):
    """Each by its own grey values."""
    return _drawn(batch)


def leaning(batch):
    """The same, but for a share of the liver that is drawn as far as the spleen is there."""
    drawn = _drawn(batch)
    there = ((drawn[:, 1] / 0.95).sum((1, 2)) / PIXELS).clamp(0, 1)
    drawn[:, 0] *= (1 - SHARE + SHARE * there)[:, None, None]
    return drawn


alone.targets = leaning.targets = TARGETS
