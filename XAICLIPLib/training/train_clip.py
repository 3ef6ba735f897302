"""Train the bundled CLIP: a convolutional image tower with 40 x 40 tokens and a two-layer text tower, from scratch.

``python -m XAICLIPLib.training.train_clip --data DIR [--holdout ct_series] --out DIR --iterations 1500 --seed 0``

The model is a genuine ``open_clip.CLIP``; a prompt's probability at a token is
``sigmoid(exp(logit_scale) * cos + logit_bias)``, trained against the fraction of the token that its classes cover.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import open_clip
import torch
from open_clip.tokenizer import SimpleTokenizer, default_bpe
from torch import Tensor
from torch.nn import functional

import XAICLIPLib.vlm.bundled_trunk  # noqa: F401  (registers the image trunk)
from XAICLIPLib.training import data
from XAICLIPLib.training.augment import Sampler
from XAICLIPLib.training.bpe import cut_bpe
from XAICLIPLib.training.schedule import Average, arguments, autocast, one_cycle, resume, sampler_of, say
from XAICLIPLib.training.vocabulary import CLASS_NAMES, COMPOSITES, LUNG_LEFT, LUNG_RIGHT, Vocabulary

MERGES = 1200
MODEL = {
    "embed_dim": 128,
    "init_logit_scale": float(np.log(10)),
    "init_logit_bias": -4.0,
    "vision_cfg": {
        "image_size": 160,
        "timm_model_name": "xaiclip_fpn_s4",
        "timm_model_pretrained": False,
        "timm_pool": "avg",
        "timm_proj": "linear",
    },
    "text_cfg": {"context_length": 32, "vocab_size": 512 + MERGES + 2, "width": 128, "heads": 4, "layers": 2},
}
CELL = 4  # pixels per token
NEGATIVES = 24


def build_model() -> open_clip.CLIP:
    """An untrained model of the bundled architecture."""
    return open_clip.CLIP(**MODEL)


def dense_tokens(model: open_clip.CLIP, images: Tensor) -> tuple[Tensor, Tensor]:
    """Normalised token features ``(B, N, E)`` and pooled features ``(B, E)`` of images ``(B, 1, H, W)`` in [0, 1]."""
    normal = ((images - 0.5) / 0.25).expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
    features = model.visual.trunk.forward_features(normal)
    tokens = model.visual.head(features.flatten(2).transpose(1, 2))
    pooled = model.visual.head(model.visual.trunk.forward_head(features))
    return functional.normalize(tokens.float(), dim=-1), functional.normalize(pooled.float(), dim=-1)


def token_fractions(labels: Tensor) -> tuple[Tensor, Tensor]:
    """How much of each token every fine class covers.

    Parameters
    ----------
    labels : Tensor (B, H, W)
        int64 fine classes or `data.IGNORE`.

    Returns
    -------
    fractions : Tensor (B, N, classes)
    known : Tensor (B, N), bool
        False for tokens with ignored pixels.
    """
    ignored = labels == data.IGNORE
    onehot = functional.one_hot(labels.masked_fill(ignored, 0), len(data.FINE)).movedim(-1, 1).float()
    fractions = functional.avg_pool2d(onehot, CELL).flatten(2).transpose(1, 2)
    known = functional.max_pool2d(ignored[:, None].float(), CELL).flatten(1) == 0
    return fractions, known


def composite_fractions(fractions: Tensor) -> Tensor:
    """Token coverage ``(B, N, composites)`` of the words that mean several classes, or one side of the lungs."""
    batch, count, _ = fractions.shape
    side = int(count**0.5)
    columns = torch.arange(side, device=fractions.device).repeat(side)
    spine = fractions[..., data.SPINE]
    body = 1 - fractions[..., data.OUTSIDE]
    anchor = torch.where(spine.sum(1, keepdim=True) > 2, spine, body)
    middle = (anchor * columns).sum(1, keepdim=True) / anchor.sum(1, keepdim=True).clamp(min=1e-3)
    lung = fractions[..., data.LUNG]
    # The patient's right lies at low columns of an LPS slice.
    sided = {LUNG_RIGHT: lung * (columns < middle), LUNG_LEFT: lung * (columns >= middle)}
    parts = []
    for classes, _ in COMPOSITES:
        parts.append(sided[classes[0]] if classes[0] in sided else fractions[..., list(classes)].sum(-1))
    return torch.stack(parts, dim=-1)


class Loss:
    """The training loss; owns the prompts' vocabulary and tokenizer."""

    def __init__(self, vocabulary: Vocabulary, tokenizer: SimpleTokenizer) -> None:
        self.vocabulary, self.tokenizer = vocabulary, tokenizer

    def _features(self, model: open_clip.CLIP, texts: list[str], device: torch.device) -> Tensor:
        return model.encode_text(self.tokenizer(texts).to(device), normalize=True).float()

    def __call__(self, model: open_clip.CLIP, images: Tensor, labels: Tensor) -> tuple[Tensor, dict[str, float]]:
        words, device = self.vocabulary, images.device
        classes = len(data.FINE)
        prompts = [words.prompt(words.name(CLASS_NAMES[c])) for c in range(classes)]
        prompts += [words.prompt(words.name(names)) for _, names in COMPOSITES]
        prompts += [words.negative() for _ in range(NEGATIVES)]
        fractions, known = token_fractions(labels)
        targets = torch.cat([fractions, composite_fractions(fractions)], dim=-1)
        present = fractions.mean(1) > 0.002
        captions = [words.caption(torch.nonzero(row[1:10]).flatten().add(1).tolist()) for row in present]
        with autocast(device):
            tokens, pooled = dense_tokens(model, images)
            text = self._features(model, prompts + captions, device)
        text, captioned = text[: len(prompts)], text[len(prompts) :]
        scale, bias = model.logit_scale.exp(), model.logit_bias
        cosine = (tokens @ text.T) * scale
        cosine, targets = cosine[known], targets.flatten(0, 1)[known.flatten()]
        log_share = cosine[:, :classes].log_softmax(-1)
        entropy = -(targets[:, :classes] * log_share).sum(-1).mean()
        logits = cosine + bias
        positive, negative = logits[:, : targets.shape[1]], logits[:, targets.shape[1] :]
        binary = functional.binary_cross_entropy_with_logits(positive, targets, reduction="none").mean(0).sum()
        binary = binary + functional.softplus(negative).mean(0).sum()
        probability = positive.sigmoid()
        smooth = 2.0
        overlap = 2 * (probability * targets).sum(0) + smooth
        dice = 1 - (overlap / (probability.sum(0) + targets.sum(0) + smooth))
        found = targets.sum(0) > 4
        dice = dice[found].mean()
        # Slices with the same organs are each other's positives: their captions fit both.
        organs = present[:, 1:10].float()
        same = (organs[:, None] == organs[None]).all(-1).float()
        same = same / same.sum(1, keepdim=True)
        match = (pooled @ captioned.T) * scale
        contrast = -(same * match.log_softmax(1)).sum(1).mean() - (same * match.log_softmax(0).T).sum(1).mean()
        presence = functional.binary_cross_entropy_with_logits(
            (pooled @ text[:classes].T) * scale + bias, present.float()
        )
        total = entropy + binary * 2 / 19 + dice + 0.15 * contrast / 2 + 0.15 * presence
        return total, {"dice": dice.item(), "ce": entropy.item(), "neg": negative.sigmoid().mean().item()}


def train(
    sampler: Sampler,
    holdout: str | None,
    out: Path,
    iterations: int,
    seed: int,
    device: torch.device,
    init: Path | None = None,
) -> open_clip.CLIP:
    """Train from scratch, or from `init`; leaves ``clip.pt`` (averaged weights, fp32) in `out`, returns the model."""
    torch.manual_seed(seed)
    cut = cut_bpe(Path(default_bpe()), out / "bpe_small.txt.gz", MERGES)
    tokenizer = SimpleTokenizer(bpe_path=str(cut), context_length=MODEL["text_cfg"]["context_length"])
    loss_of = Loss(Vocabulary(Path(default_bpe()), np.random.default_rng(seed + 2000)), tokenizer)
    model = build_model().to(device, memory_format=torch.channels_last).train()
    rate, before = resume(model, init, holdout)
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate * 2e-3, betas=(0.9, 0.98), weight_decay=0.03)
    schedule = one_cycle(optimiser, iterations)
    average = Average(model, 0.99)
    started, recent = time.perf_counter(), {}
    for iteration in range(1, iterations + 1):
        batch = sampler()
        loss, figures = loss_of(model, batch.images, batch.labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        average.update(model)
        figures["loss"] = loss.item()
        recent = {k: 0.95 * recent.get(k, v) + 0.05 * v for k, v in figures.items()}
        if iteration % 25 == 0 or iteration == iterations:
            say(iteration, iterations, started, **recent)
        if iteration % 100 == 0 or iteration == iterations:
            state = {"model": average.state(), "iteration": before + iteration, "holdout": holdout, "seed": seed}
            torch.save(state, out / "clip.pt")
    model.load_state_dict(average.state())
    return model.eval()


def main() -> None:
    """Command line."""
    options = arguments(__doc__, iterations=1500)
    sampler = sampler_of(options, options.seed + 1000)
    train(sampler, options.holdout, options.out, options.iterations, options.seed, options.device, options.init)


if __name__ == "__main__":
    main()
