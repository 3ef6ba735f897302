"""M2IB: how much of each patch must be let through for the image to go on matching the text."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import normalize

from XAICLIPLib.vlm.dense.transformer import Transformer

BETA = 0.1
STEPS = 10
SAMPLES = 10
LEARNING_RATE = 1.0
OPEN = 5.0
TOKENS_AT_ONCE = 2048


def m2ib(tower: Transformer, pixels: Tensor, texts: Tensor, seed: int = 0) -> Tensor:
    """Multi-modal information bottleneck attribution (Wang, Rudner and Wilson, NeurIPS 2023, arXiv 2312.17174).

    Noise is mixed into the features h of a middle layer, z = λ h + (1 − λ) ε with one λ per feature, and λ is
    learned: little information of h is to be left in z, KL[N(λ h, (1 − λ)²) ‖ N(0, 1)], but the image is to match the
    text as well as before. What is left at a patch is its relevance.

    Settings are the paper's (β 0.1, Adam with rate 1, 10 steps of 10 samples, λ = sigmoid(5) at first). The features
    are standardised per channel over the places of the image first, as in the bottleneck that M2IB builds on (Schulz
    et al., ICLR 2020): noise then looks like an average place of this image, and the result does not depend on the
    scale of a tower's features. About 100 forward and backward passes of the upper layers per text.

    Parameters
    ----------
    tower : Transformer
    pixels : Tensor, shape (3, H, W)
    texts : Tensor, shape (P, E)
        Directions to explain. Each has the same noise, so a text's map does not depend on its company.
    seed : int
        Of the noise; the same seed gives the same map.

    Returns
    -------
    Tensor, shape (P, h, w)
        Nats left per patch.
    """
    pixels, texts = pixels[None].clone(), texts.clone()
    with torch.no_grad():
        features = tower.lower(pixels)
        mean = features.mean(1, keepdim=True)
        spread = features.std(1, keepdim=True).clamp_min(1e-6)
    maps = [_left(tower, (features - mean) / spread, (mean, spread), text, seed) for text in texts]
    return torch.stack(maps)[:, tower.prefix :].unflatten(1, tower.shape(pixels))


def _left(tower: Transformer, features: Tensor, moments: tuple[Tensor, Tensor], text: Tensor, seed: int) -> Tensor:
    """The information left in each of the tokens, (N,), for one text; `features` are standardised."""
    mean, spread = moments
    generator = torch.Generator().manual_seed(seed)
    alpha = torch.full_like(features, OPEN, requires_grad=True)
    optimiser = torch.optim.Adam([alpha], lr=LEARNING_RATE)
    at_once = max(1, TOKENS_AT_ONCE // features.shape[1])
    for _ in range(STEPS):
        noise = torch.randn((SAMPLES, *features.shape[1:]), generator=generator).to(features)
        with torch.enable_grad():
            gradient = torch.autograd.grad(BETA * information(features, alpha).mean(), alpha)[0]
            for some in noise.split(at_once):
                passed = alpha.sigmoid()
                images = tower.upper(mean + spread * (passed * features + (1 - passed) * some))
                fit = (normalize(images, dim=-1) @ text).sum() / SAMPLES
                gradient = gradient - torch.autograd.grad(fit, alpha)[0]
        alpha.grad = gradient
        optimiser.step()
    return information(features, alpha).detach()[0].sum(-1)


def information(features: Tensor, alpha: Tensor) -> Tensor:
    """KL[N(λ h, (1 − λ)²) ‖ N(0, 1)] for λ = sigmoid(alpha), element by element.

    Parameters
    ----------
    features : Tensor
        h, standardised; any shape.
    alpha : Tensor
        Of the same shape.

    Returns
    -------
    Tensor
        Nats, of the same shape.
    """
    passed = alpha.sigmoid()
    # log(1 − sigmoid(a)) = logsigmoid(−a), which does not overflow
    return 0.5 * ((passed * features).square() + (1 - passed).square() - 1) - torch.nn.functional.logsigmoid(-alpha)
