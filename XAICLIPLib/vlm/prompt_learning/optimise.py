"""Learn prompts from a few labelled slices: contexts, and adapters if wanted, under a dense loss; all else is frozen.

The loss is MediCLIP's (Zhang et al., MICCAI 2024, arXiv 2405.11315): focal loss and Dice of the softmax over two texts
at every pixel, there normal and abnormal, here a structure and what it is not. The prompts are CoOp's (Zhou et al.,
IJCV 2022), and so is the schedule: a short warm-up, then a cosine to zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from XAICLIPLib.errors import InputError, ModelError
from XAICLIPLib.vlm import dense
from XAICLIPLib.vlm.model import EncodedSlice, VisionLanguageModel
from XAICLIPLib.vlm.prompt_learning.adapters import Adapters, depths
from XAICLIPLib.vlm.prompt_learning.context import POSITIONS, WORDS, ContextPrompts
from XAICLIPLib.vlm.prompt_learning.learned_prompts import VERSION, LearnedPrompts, margins

BACKGROUND = "background"
BATCH = 24  # slices per step, at most
WARM_UP = 0.05  # of the steps
VALIDATE_EVERY = 10  # steps
PATIENCE = 10  # validations without anything better
FOCUS = 2.0  # the focal loss's exponent (Lin et al., ICCV 2017)


@dataclass(frozen=True)
class Settings:
    """How prompts are learned.

    Attributes
    ----------
    context : int
        Vectors per context.
    position : str
        "front": before the structure's name; "middle": half of them after it.
    specific : bool
        Whether each structure has contexts of its own, as MediCLIP's classes have; else all share one, and one for
        the background, as CoOp's do, and a structure that is hard to find may be lost among the others.
    adapters : bool
        Whether features of several depths of the image tower are used as well, through learned 1x1 layers.
    steps : int
        At most; learning stops earlier where the validation slices get no better.
    rate : float
        Adam's largest step.
    words : str
        What the contexts are at first.
    seed : int
    """

    context: int = 16
    position: str = "front"
    specific: bool = True
    adapters: bool = False
    steps: int = 200
    rate: float = 0.05
    words: str = WORDS
    seed: int = 0

    def __post_init__(self) -> None:
        if self.position not in POSITIONS:
            raise InputError(f"there is no position {self.position!r}; choose {' or '.join(POSITIONS)}")
        if self.context < 1:
            raise InputError(f"a context of {self.context} vectors is none; give at least 1, such as 16")
        if self.steps < 1 or not self.rate > 0:
            raise InputError(
                f"{self.steps} steps at rate {self.rate} learn nothing; give at least 1 and a rate above 0"
            )


class Examples:
    """Labelled slices as the model encodes them; computed once, because the image tower does not change.

    Parameters
    ----------
    model : VisionLanguageModel
    encoded : sequence of EncodedSlice
        N slices of one size, by a strategy that gives patches.
    masks : Tensor, shape (N, K, S, S)
        Where each structure is, on the model's own input grid.
    known : Tensor of bool, shape (N, K)
        Whether that is known.
    adapters : bool
        Whether features of several depths are needed.

    Raises
    ------
    ModelError
        If the strategy gives no patches, or the tower shows no depths.
    """

    def __init__(
        self, model: VisionLanguageModel, encoded: Sequence[EncodedSlice], masks: Tensor, known: Tensor, adapters: bool
    ) -> None:
        strategy = encoded[0].strategy
        if strategy in dense.GRADIENT or strategy in dense.ZOOM:
            raise ModelError(
                f"contexts are learned from patches, and {model.name} gives none by {strategy!r}; "
                f"choose another strategy or model ({model.name} has {', '.join(model.strategies)})"
            )
        self.strategy, self.size = strategy, encoded[0].frame.size
        self.patches = torch.stack([one_slice.patches for one_slice in encoded]).float()
        self.masks, self.known = masks.float().to(model.device), known.to(model.device)
        each = [depths(model.tower, one_slice.pixels[None]) for one_slice in encoded] if adapters else []
        self.depths = [torch.cat(level).float() for level in zip(*each)]

    def __len__(self) -> int:
        return len(self.patches)


class PromptLearner(nn.Module):
    """All that is learned: contexts of the structures and of their backgrounds, their calibration, and adapters.

    CoOp keeps the model's scale and only ranks texts. Here a softmax over two texts has to be 0.5 at the border of a
    structure, which for a model trained with a sigmoid, or on whole images, it is nowhere near: a scale and an offset
    per structure are learned with the contexts.
    """

    def __init__(self, model: VisionLanguageModel, names: Sequence[str], settings: Settings, channels: Sequence[int]):
        super().__init__()
        count, generator = len(names), torch.Generator().manual_seed(settings.seed)
        # what the structure is not gets the structure's own background only where nothing is shared
        others = count if settings.specific else 1
        groups = [*range(2 * count)] if settings.specific else [0] * count + [1]
        self.contexts = ContextPrompts(
            model.text,
            [*names, *[BACKGROUND] * others],
            groups,
            settings.context,
            position=settings.position,
            words=settings.words,
        )
        self.count = count
        self.log_scales = nn.Parameter(torch.full((count,), math.log(model.scale)))
        self.offsets = nn.Parameter(torch.zeros(count))
        with torch.no_grad():
            dimensions = self.texts()[0].shape[1]
        self.adapters = Adapters(channels, dimensions) if channels else None
        for layer in self.adapters or ():
            bound = 1 / math.sqrt(layer.in_features)
            with torch.no_grad():
                layer.weight.copy_((2 * torch.rand(layer.weight.shape, generator=generator) - 1) * bound)
        self.to(model.device)

    def texts(self) -> tuple[Tensor, Tensor]:
        """The embeddings of the structures and of their backgrounds, each (K, E)."""
        embeddings = self.contexts()
        return embeddings[: self.count], embeddings[self.count :].expand(self.count, -1)

    def forward(self, examples: Examples, rows: Tensor) -> Tensor:
        """The logits of some slices on the input grid.

        Parameters
        ----------
        examples : Examples
        rows : Tensor of int, shape (B,)
            Which of them.

        Returns
        -------
        Tensor, shape (B, K, S, S)
            Structure minus background.
        """
        coarse = self.log_scales.exp()[:, None, None] * (self._margins(examples, rows) + self.offsets[:, None, None])
        return nn.functional.interpolate(coarse, examples.masks.shape[-2:], mode="bilinear", align_corners=False)

    def _margins(self, examples: Examples, rows: Tensor) -> Tensor:
        """Structure against background at every place of some slices, (B, K, h, w)."""
        places = [examples.patches[rows]]
        if self.adapters is not None:
            places += self.adapters([level[rows] for level in examples.depths])
        return margins(places, *self.texts())

    @torch.no_grad()
    def centre(self, examples: Examples) -> None:
        """Put the border half way between the mean of a structure and the mean of all else.

        A word that the model was taught to find nowhere has a sigmoid of 0 everywhere, and neither loss has a gradient
        there to learn from.

        Parameters
        ----------
        examples : Examples
        """
        values = self._margins(examples, torch.arange(len(examples)))
        known = examples.known[..., None, None].float()
        inside = nn.functional.adaptive_avg_pool2d(examples.masks, values.shape[-2:]) * known
        outside = known - inside
        means = [(values * part).sum((0, 2, 3)) / part.sum((0, 2, 3)).clamp_min(1e-6) for part in (inside, outside)]
        self.offsets.copy_(-(means[0] + means[1]) / 2)


def dense_loss(logits: Tensor, masks: Tensor, known: Tensor) -> Tensor:
    """Focal loss and Dice of structure and background, as a mean over the structures.

    Parameters
    ----------
    logits : Tensor, shape (B, K, S, S)
        Structure minus background.
    masks : Tensor, shape (B, K, S, S)
        0 or 1.
    known : Tensor of bool, shape (B, K)
        Slices that say nothing of a structure do not count for it.

    Returns
    -------
    Tensor, shape ()
        0 where everything is right.
    """
    weight = known[..., None, None].float()
    right = torch.where(masks > 0.5, logits, -logits)  # log-odds of the true class
    focal = (1 - right.sigmoid()) ** FOCUS * nn.functional.softplus(-right)
    pixels = (weight * torch.ones_like(masks)).sum((0, 2, 3)).clamp_min(1)
    focal = (weight * focal).sum((0, 2, 3)) / pixels
    probability = logits.sigmoid()
    dice = [
        1 - (2 * (weight * p * m).sum((0, 2, 3)) + 1) / ((weight * (p + m)).sum((0, 2, 3)) + 1)
        for p, m in ((probability, masks), (1 - probability, 1 - masks))
    ]
    return (focal + dice[0] + dice[1]).mean()


def learn(
    model: VisionLanguageModel,
    names: Sequence[str],
    labels: Sequence[str],
    training: Examples,
    validation: Examples | None,
    settings: Settings,
    progress: Callable[[float, float, str], None],
) -> LearnedPrompts:
    """Learn contexts for structures.

    Parameters
    ----------
    model : VisionLanguageModel
        Not changed.
    names, labels : sequence of str
        K structures, as models and as people call them.
    training : Examples
        What is learned from.
    validation : Examples, optional
        What is not learned from: learning stops where these get no better, and the best state is kept. Without them
        all steps are made.
    settings : Settings
    progress : callable
        Called with (done, total, message) between steps; raise in it to stop.

    Returns
    -------
    LearnedPrompts

    Raises
    ------
    InputError
        If a context is longer than the text tower reads.
    ModelError
        If learning ends in values that are not finite.
    """
    learner = PromptLearner(model, labels, settings, [level.shape[-1] for level in training.depths])
    learner.centre(training)
    steps = _optimise(learner, training, validation, settings, progress)
    if not all(torch.isfinite(p).all() for p in learner.parameters()):
        raise ModelError(f"learning at rate {settings.rate:g} ended in no numbers; try a tenth of it")
    with torch.no_grad():
        texts, backgrounds = learner.texts()
    facts = {
        "version": VERSION,
        "model": model.name,
        "digest": model.text.digest,
        "structures": list(names),
        "strategy": training.strategy,
        "size": training.size,
        "context": settings.context,
        "position": settings.position,
        "specific": settings.specific,
        "adapters": [level.shape[-1] for level in training.depths],
        "words": settings.words,
        "seed": settings.seed,
        "steps": steps,
    }
    adapters = learner.adapters.requires_grad_(False) if learner.adapters is not None else None
    return LearnedPrompts(
        tuple(names),
        texts.clone(),
        backgrounds.clone(),
        learner.log_scales.detach().exp(),
        learner.offsets.detach().clone(),
        learner.contexts.vectors.detach().clone(),
        facts,
        adapters,
    )


def _optimise(
    learner: PromptLearner,
    training: Examples,
    validation: Examples | None,
    settings: Settings,
    progress: Callable[[float, float, str], None],
) -> int:
    """Learn until the steps are made or the validation slices get no better; gives the number of steps.

    The learner has the state of the best validation in the end, where there is any.
    """
    generator = torch.Generator().manual_seed(settings.seed)
    optimiser = torch.optim.Adam(learner.parameters(), lr=settings.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, settings.steps))
    best, state, idle, batches = math.inf, None, 0, []
    for step in range(settings.steps):
        progress(step, settings.steps, "learning")
        if not batches:
            # of equal size: the Dice of a single slice without the structure would only teach to find nothing
            batches = list(torch.randperm(len(training), generator=generator).chunk(-(-len(training) // BATCH)))
        rows = batches.pop()
        loss = dense_loss(learner(training, rows), training.masks[rows], training.known[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if validation is not None and (step + 1) % VALIDATE_EVERY == 0:
            with torch.no_grad():
                logits = learner(validation, torch.arange(len(validation)))
                validated = float(dense_loss(logits, validation.masks, validation.known))
            better = validated < best
            idle = 0 if better else idle + 1
            if better:
                best, state = validated, {key: value.clone() for key, value in learner.state_dict().items()}
            if idle == PATIENCE:
                break
    if state is not None:
        learner.load_state_dict(state)
    return step + 1


def _rate(step: int, steps: int) -> float:
    """The share of the largest rate at a step: a linear warm-up, then half a cosine."""
    warm = max(1, round(WARM_UP * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))
