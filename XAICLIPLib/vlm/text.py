"""From words to a vector: the text side of a vision-language model, with a memory that outlives the run."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from XAICLIPLib.errors import InputError, MissingPackage
from XAICLIPLib.weights import cache_folder


class TextEncoder:
    """Tokenises prompts and embeds them; an embedding is computed once per model, then read from memory or disk.

    Parameters
    ----------
    model : nn.Module
        An open_clip ``CLIP`` or ``CustomTextCLIP`` in evaluation mode.
    tokenizer : callable, optional
        One of open_clip's tokenizers: texts to token ids. None where the text tower could not be opened because
        `transformers` is missing; prompts that were embedded before are then still known.
    digest : str
        SHA-256 of the model's weights, configuration and vocabulary; embeddings on disk belong to it.
    context_length : int
        How many tokens the text tower takes, its start and end marks included.
    """

    def __init__(self, model: nn.Module, tokenizer, digest: str, context_length: int) -> None:
        self.model, self.tokenizer, self.digest, self.context_length = model, tokenizer, digest, context_length
        self._known: dict[str, Tensor] = {}

    @property
    def device(self) -> torch.device:
        """Where the model computes."""
        return self.model.logit_scale.device

    def token_count(self, prompt: str) -> int:
        """How many tokens a text has, start and end marks included, however long it is.

        Parameters
        ----------
        prompt : str

        Returns
        -------
        int

        Raises
        ------
        MissingPackage
            If the tokenizer needs `transformers`, which is not there.
        """
        self._need_tower(prompt)
        inner = getattr(self.tokenizer, "tokenizer", None)
        if inner is None:  # CLIP's own byte-pair encoding
            return len(self.tokenizer.encode(prompt)) + 2
        if getattr(self.tokenizer, "tokenizer_mode", "") == "clips":  # marks at both ends, and a class token after them
            return len(inner(self.tokenizer.clean_fn(prompt), add_special_tokens=False)["input_ids"]) + 3
        return len(inner(self.tokenizer.clean_fn(prompt), verbose=False)["input_ids"])

    def tokenize(self, prompts: Sequence[str]) -> Tensor:
        """Token ids of texts.

        Parameters
        ----------
        prompts : sequence of str

        Returns
        -------
        Tensor of int, shape (P, L)
            L is the model's context length; on the CPU.

        Raises
        ------
        InputError
            If there is no prompt, an empty one, or one that is longer than the model reads.
        MissingPackage
            If the tokenizer needs `transformers`, which is not there.
        """
        prompts = _checked(prompts)
        for prompt in prompts:
            if (count := self.token_count(prompt)) > self.context_length:
                raise InputError(
                    f"the prompt {_shown(prompt)} has {count} tokens and {self.context_length} fit, the start and end "
                    "marks included; shorten it"
                )
        return self.tokenizer(prompts, context_length=self.context_length)

    def trimmed(self, tokens: Tensor) -> Tensor:
        """Token ids without the columns that are padding in all rows.

        Only for towers of `transformers`, which mask the padding, so that it costs time and changes nothing: BiomedCLIP
        pads a prompt of ten tokens to 256.

        Parameters
        ----------
        tokens : Tensor of int, shape (P, L)

        Returns
        -------
        Tensor of int, shape (P, L')
            L' ≤ L.
        """
        config = getattr(getattr(self.model, "text", None), "config", None)
        if config is None:
            return tokens
        return tokens[:, : int((tokens != config.pad_token_id).any(0).nonzero().max()) + 1]

    @torch.no_grad()  # not inference mode: a gradient of an image may be taken against an embedding
    def embed_each(self, prompts: Sequence[str]) -> Tensor:
        """The normalised embedding of every text.

        Parameters
        ----------
        prompts : sequence of str

        Returns
        -------
        Tensor, shape (P, E)
            float32, on the model's device.

        Raises
        ------
        InputError
            If there is no text, an empty one, or one that is longer than the model reads.
        MissingPackage
            If a text is new and the text tower needs `transformers`, which is not there.
        """
        prompts = _checked(prompts)
        for prompt in prompts:
            if prompt not in self._known and (kept := self._read(prompt)) is not None:
                self._known[prompt] = kept.to(self.device)
        unknown = [prompt for prompt in dict.fromkeys(prompts) if prompt not in self._known]
        if unknown:
            tokens = self.trimmed(self.tokenize(unknown)).to(self.device)
            features = self.model.encode_text(tokens, normalize=True).float()
            for prompt, embedding in zip(unknown, features):
                self._known[prompt] = embedding
                self._write(prompt, embedding)
        return torch.stack([self._known[prompt] for prompt in prompts])

    @torch.no_grad()
    def embed(self, prompts: Sequence[str]) -> Tensor:
        """One vector for several texts that mean the same.

        Parameters
        ----------
        prompts : sequence of str

        Returns
        -------
        Tensor, shape (E,)
            The normalised mean of their normalised embeddings, float32.

        Raises
        ------
        InputError
            If there is no prompt, an empty one, or one that is longer than the model reads.
        MissingPackage
            If a prompt is new and the text tower needs `transformers`, which is not there.
        """
        return nn.functional.normalize(self.embed_each(prompts).mean(0), dim=0)

    def _need_tower(self, prompt: str) -> None:
        if self.tokenizer is None:
            raise MissingPackage(
                f"the prompt {_shown(prompt)} was never embedded on this machine; the text tower",
                "transformers",
                "biomedclip",
            )

    def _file(self, prompt: str) -> Path:
        name = hashlib.sha256(prompt.encode()).hexdigest()[:32]
        return cache_folder() / "texts" / self.digest[:32] / f"{name}.safetensors"

    def _read(self, prompt: str) -> Tensor | None:
        """The embedding on disk; None where there is none, or a damaged one, which is then written anew."""
        try:
            with safe_open(self._file(prompt), framework="pt") as file:
                metadata, embedding = file.metadata() or {}, file.get_tensor("embedding").clone()
        except (OSError, SafetensorError):
            return None
        whole = embedding.dim() == 1 and embedding.dtype == torch.float32 and abs(float(embedding.norm()) - 1) < 1e-3
        return embedding if whole and metadata.get("prompt") == prompt else None

    def _write(self, prompt: str, embedding: Tensor) -> None:
        file = self._file(prompt)
        # a home that can't be written to costs the next run some time, and this one nothing
        with contextlib.suppress(OSError, SafetensorError):
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(suffix=".part", dir=file.parent)
            os.close(handle)
            try:
                save_file({"embedding": embedding.cpu().contiguous()}, temporary, metadata={"prompt": prompt})
                os.replace(temporary, file)
            finally:
                Path(temporary).unlink(missing_ok=True)


def _checked(prompts: Sequence[str]) -> list[str]:
    prompts = [prompts] if isinstance(prompts, str) else list(prompts)
    if not prompts or not all(prompt.strip() for prompt in prompts):
        raise InputError("there is no prompt, or an empty one; say what to look for in words, such as liver")
    for prompt in prompts:
        try:
            prompt.encode()
        except UnicodeEncodeError as error:
            raise InputError(f"the prompt {ascii(prompt[:60])} holds half a character; write it again") from error
    return prompts


def _shown(prompt: str) -> str:
    return repr(prompt if len(prompt) <= 60 else f"{prompt[:60]}…")
