"""Prompts to vectors: by the model's own text tower, once, and then from disk."""

import multiprocessing
import sys

import open_clip
import pytest
import torch
from safetensors.torch import load_file, save_file

from XAICLIPLib.errors import InputError, MissingPackage
from XAICLIPLib.vlm.text import TextEncoder
from XAICLIPLib.weights import cache_folder

ENSEMBLE = ["liver", "a CT of the liver", "the hepatic parenchyma"]
DIGEST = "d" * 64


@pytest.fixture(scope="module")
def clip():
    """A small CLIP with its own text tower."""
    torch.manual_seed(0)
    vision = {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16}
    text = {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 2}
    return open_clip.CLIP(24, vision, text).eval().requires_grad_(False)


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XAICLIP_CACHE", str(tmp_path))


@pytest.fixture
def encoder(clip):
    return TextEncoder(clip, open_clip.SimpleTokenizer(context_length=16), DIGEST, 16)


def files():
    return sorted((cache_folder() / "texts").rglob("*"))


@pytest.mark.slow
def test_an_ensemble_is_the_normalised_mean_of_normalised_embeddings(encoder, clip):
    each = clip.encode_text(open_clip.SimpleTokenizer(context_length=16)(ENSEMBLE))
    each = each / each.norm(dim=1, keepdim=True)
    mean = each.mean(0)
    assert torch.allclose(encoder.embed(ENSEMBLE), mean / mean.norm(), atol=1e-6)
    assert torch.allclose(encoder.embed_each(ENSEMBLE), each, atol=1e-6)
    assert torch.allclose(encoder.embed_each(ENSEMBLE[::-1]), each.flip(0), atol=1e-6)
    assert torch.allclose(encoder.embed(ENSEMBLE[:1]), each[0], atol=1e-6)


def test_a_gradient_can_be_taken_against_an_embedding(encoder):
    """What GradECLIP and M2IB do: the text is fixed, the image is not."""
    image = torch.randn(encoder.embed(["liver"]).shape, requires_grad=True)
    (image @ encoder.embed(["liver"])).backward()
    assert torch.allclose(image.grad, encoder.embed(["liver"]))


def test_a_prompt_is_embedded_once_and_the_next_run_needs_no_text_tower(encoder, clip, monkeypatch):
    first = encoder.embed(ENSEMBLE)
    calls = []
    monkeypatch.setattr(type(clip), "encode_text", lambda *given, **named: calls.append(given))
    assert torch.allclose(encoder.embed(ENSEMBLE[::-1] + ENSEMBLE), first, atol=1e-6)
    later = TextEncoder(clip, None, DIGEST, 16)  # no tokenizer: transformers is missing there
    assert torch.equal(later.embed(ENSEMBLE), first)
    assert not calls
    with pytest.raises(
        MissingPackage, match=r"'spleen' was never embedded.*transformers.*pip install \"transformers>="
    ):
        later.embed(["liver", "spleen"])
    with pytest.raises(MissingPackage):
        TextEncoder(clip, None, "e" * 64, 16).embed(["liver"])  # another model's embeddings are not this one's


@pytest.mark.parametrize("damage", ["cut", "text", "other prompt", "not a number", "another type"])
def test_a_damaged_file_is_written_anew(encoder, clip, damage):
    encoder.embed(["liver"])
    (file,) = (path for path in files() if path.is_file())
    right = load_file(file)["embedding"].clone()  # it would change with the file
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-9])
    elif damage == "text":
        file.write_text("not safetensors")
    else:
        kept = {"other prompt": right, "not a number": right * float("nan"), "another type": right.half()}[damage]
        save_file({"embedding": kept}, file, metadata={"prompt": "spleen" if damage == "other prompt" else "liver"})
    again = TextEncoder(clip, encoder.tokenizer, DIGEST, 16)
    assert torch.equal(again.embed(["liver"]), encoder.embed(["liver"]))
    assert torch.equal(load_file(file)["embedding"], right)
    assert [path for path in files() if path.is_file()] == [file]  # nothing half-written


class Tokens(torch.nn.Module):
    """A model whose embedding of a text is the text's tokens."""

    logit_scale = torch.zeros(())

    def encode_text(self, tokens, normalize):
        return torch.nn.functional.normalize(tokens.float(), dim=1)


def embed_often(tokenizer, writes):
    for _ in range(60):
        encoder = TextEncoder(Tokens(), tokenizer, "f" * 64, 16)
        if writes:
            encoder._read = lambda prompt: None
        expected = torch.nn.functional.normalize(tokenizer(["liver"])[0].float(), dim=0)
        assert torch.equal(encoder.embed_each(["liver"])[0], expected)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork, so that the processes start at once")
def test_processes_that_write_at_the_same_time(encoder):
    """Each ends with the same embedding, no reader ever sees half a file, and nothing is left over."""
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=embed_often, args=(encoder.tokenizer, writes)) for writes in (True, True, False)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert len([path for path in files() if path.is_file()]) == 1


def test_a_cache_that_cant_be_written_to_costs_nothing_but_time(encoder, tmp_path):
    (tmp_path / "texts").write_text("a file where the folder should be")
    assert encoder.embed(["liver"]).norm().item() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("prompts", [[], [""], ["liver", "  "], ""])
def test_no_prompt(encoder, prompts):
    for ask in (encoder.embed, encoder.embed_each, encoder.tokenize):
        with pytest.raises(InputError, match="there is no prompt, or an empty one"):
            ask(prompts)


def test_a_prompt_that_is_too_long_says_how_long(encoder):
    fits = " ".join(["liver"] * 14)
    assert encoder.token_count(fits) == 16 and encoder.tokenize([fits]).shape == (1, 16)
    with pytest.raises(InputError, match="'liver liver.*…' has 62 tokens and 16 fit") as caught:
        encoder.embed(["spleen", " ".join(["liver"] * 60)])
    assert len(str(caught.value)) < 200
