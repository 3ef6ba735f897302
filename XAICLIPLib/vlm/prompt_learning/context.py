"""Prompts whose words are learned: free vectors in place of the word embeddings around a class name.

Context optimisation (CoOp, Zhou et al., IJCV 130, 2022) keeps the whole model as it is and learns the vectors
[V1] … [Vm] of the prompt "[V1] … [Vm] gallbladder". Here they are put in behind the text tower's embedding layer, and
everything else, marks, positions, masks and pooling, is the tower's own forward pass. So it works alike for CLIP's
transformer and for BERT.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from XAICLIPLib.errors import InputError, ModelError
from XAICLIPLib.vlm.text import TextEncoder

POSITIONS = ("front", "middle")
PLACE = "x"  # what stands where a vector will: one token in every tokenizer's vocabulary
WORDS = "an axial ct slice showing the"


class ContextPrompts(nn.Module):
    """Class names, each with a context of learnable vectors around it.

    Parameters
    ----------
    text : TextEncoder
        Its model stays as it is.
    names : sequence of str
        Class names, one prompt each.
    groups : sequence of int
        Which context each prompt has; prompts of one group share it.
    length : int
        Vectors per context, m.
    position : str
        "front": all before the name; "middle": half of them before, the rest after it.
    words : str
        What every context is at first, so that learning starts from a sentence. Repeated or cut at its beginning to
        the length.

    Attributes
    ----------
    vectors : nn.Parameter, shape (G, m, W)
        The contexts, in the space of the word embeddings.

    Raises
    ------
    InputError
        If a prompt is longer than the text tower reads.
    ModelError
        If the text tower or its tokenizer can't be used this way.
    """

    def __init__(
        self,
        text: TextEncoder,
        names: Sequence[str],
        groups: Sequence[int],
        length: int,
        *,
        position: str = "front",
        words: str = WORDS,
    ) -> None:
        super().__init__()
        if position not in POSITIONS:
            raise InputError(f"there is no position {position!r}; choose {' or '.join(POSITIONS)}")
        if length < 1:
            raise InputError(f"a context of {length} vectors is none; give at least 1, such as 16")
        room = text.context_length - max(text.token_count(name) for name in names)
        if length > room:
            raise InputError(
                f"a context of {length} vectors is too long: the model reads {text.context_length} tokens, the longest "
                f"name and the marks at its ends leave {max(room, 0)}; give at most that many"
            )
        self.text, self.groups = text, list(groups)
        before = length if position == "front" else length // 2
        after = length - before
        ids = text.tokenize([" ".join([PLACE] * before + [name] + [PLACE] * after) for name in names])
        place = _place(text)
        # a name may hold that token itself: the places are the first and the last of its kind
        positions = [torch.nonzero(row == place).flatten() for row in ids]
        columns = torch.stack([torch.cat([c[:before], c[len(c) - after :]]) for c in positions])
        words_ids = _inside(text, words, place)
        words_ids = words_ids.repeat(-(-length // len(words_ids)))[-length:].to(text.device)
        self.register_buffer("ids", text.trimmed(ids).to(text.device), persistent=False)
        self.register_buffer("columns", columns.to(text.device), persistent=False)
        with torch.no_grad():
            start = word_embedding(text.model)(words_ids).float()
        self.vectors = nn.Parameter(start.expand(max(groups) + 1, -1, -1).clone())

    def forward(self) -> Tensor:
        """The normalised text embeddings of all prompts, (P, E)."""
        rows = torch.arange(len(self.ids), device=self.ids.device)[:, None]

        def put_in(module: nn.Module, inputs: tuple, output: Tensor) -> Tensor:
            return output.index_put((rows, self.columns), self.vectors[self.groups].to(output.dtype))

        handle = word_embedding(self.text.model).register_forward_hook(put_in)
        try:
            return self.text.model.encode_text(self.ids, normalize=True).float()
        finally:
            handle.remove()


def word_embedding(model: nn.Module) -> nn.Module:
    """The layer of an open_clip model that turns token ids into vectors.

    Parameters
    ----------
    model : nn.Module
        An open_clip ``CLIP`` or ``CustomTextCLIP``.

    Returns
    -------
    nn.Module

    Raises
    ------
    ModelError
        If its text tower has none that is known.
    """
    tower = getattr(model, "text", model)  # CustomTextCLIP has its text tower in one piece, CLIP has not
    if isinstance(getattr(tower, "token_embedding", None), nn.Module):
        return tower.token_embedding
    transformer = getattr(tower, "transformer", None)
    if hasattr(transformer, "get_input_embeddings"):
        return transformer.get_input_embeddings()
    raise ModelError(f"the text tower {type(tower).__name__} has no word embeddings; contexts can't be learned with it")


def _place(text: TextEncoder) -> int:
    """The token id of `PLACE`: what a prompt has more of, the more often it says it."""
    few, many = (text.tokenize([" ".join([PLACE] * count)])[0] for count in (1, 4))
    for token in many.unique():
        if (many == token).sum() - (few == token).sum() == 3:
            return int(token)
    raise ModelError(f"the tokenizer does not read {PLACE!r} as one token; contexts can't be learned with it")


def _inside(text: TextEncoder, words: str, place: int) -> Tensor:
    """The token ids of some words alone, without the marks at the ends."""
    row = text.tokenize([f"{PLACE} {words} {PLACE}"])[0]
    ends = torch.nonzero(row == place).flatten()
    ids = row[int(ends[0]) + 1 : int(ends[-1])]
    if not len(ids):
        raise InputError(f"the words {words!r} start no context; give a few, such as {WORDS!r}")
    return ids
