"""Opening vision-language models as users have them: a folder, a hub, the user's own cache, published weights."""

import copy
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import huggingface_hub
import numpy as np
import open_clip
import pytest
import torch
from safetensors.torch import save_file
from transformers import BertConfig

from Testing.unit import biomedclip
from Testing.unit.hubserver import running_hub
from XAICLIPLib.cli import main
from XAICLIPLib.errors import Cancelled, InputError, MissingPackage, NotDownloaded, WeightsError
from XAICLIPLib.models.families import FAMILIES, bundled_weights
from XAICLIPLib.preprocess import Frame
from XAICLIPLib.vlm.catalogue import (
    CATALOGUE,
    KNOWN,
    TRANSFORMER,
    listed,
)
from XAICLIPLib.vlm.load import open_vision_language_model
from XAICLIPLib.weights import WEIGHTS as PACKAGED
from XAICLIPLib.weights.download import digest, downloads_folder

pytestmark = pytest.mark.slow

WORDS = ["liver", "a CT of the left kidney"]
WEIGHTS = "open_clip_pytorch_model.bin"
TOKENIZER = ("vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
OWN, TOWER = "owner/tiny", biomedclip.TEXT_TOWER


@pytest.fixture(autouse=True)
def own_caches(tmp_path, monkeypatch):
    """No cache of ours or of Hugging Face's but those of the test, and no network but this machine's."""
    monkeypatch.setenv("XAICLIP_CACHE", str(tmp_path / "ours"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "theirs"))
    connect = socket.socket.connect

    def only_here(self, address):
        assert address[0] == "127.0.0.1", f"{address} was asked"
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


def network(config, text_config=None):
    """What open_clip itself builds from a configuration, on weights of its own."""
    config = copy.deepcopy(config)
    if text_config:
        config["text_cfg"] |= {"hf_model_name": str(text_config), "hf_model_pretrained": False}
    return open_clip.CustomTextCLIP(config["embed_dim"], config["vision_cfg"], config["text_cfg"]).eval()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The folder of a model in BiomedCLIP's layout, of a size that opens at once."""
    folder = tmp_path_factory.mktemp("tiny")
    words = biomedclip.vocabulary()
    biomedclip.write_tokenizer(folder, words)
    BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64,
    ).to_json_file(folder / "config.json", use_diff=False)  # fmt: skip
    config = copy.deepcopy(biomedclip.CONFIG)
    config["model_cfg"] |= {"embed_dim": 24}
    config["model_cfg"]["vision_cfg"] |= {"timm_model_name": "test_vit", "image_size": 160}
    config["model_cfg"]["text_cfg"] |= {"context_length": 24}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    torch.manual_seed(1)
    torch.save(network(config["model_cfg"], folder).state_dict(), folder / WEIGHTS)
    return folder


@pytest.fixture
def folder(tiny, tmp_path):
    """A copy of it that a test may spoil."""
    return Path(shutil.copytree(tiny, tmp_path / "folder"))


@pytest.fixture
def hub(tiny, monkeypatch):
    """A hub that has it as the real one has BiomedCLIP: the shape of the text tower is in another repository."""
    with running_hub() as found:
        found.serve(OWN, "v1", *(tiny / name for name in (WEIGHTS, "open_clip_config.json", *TOKENIZER)))
        found.serve(TOWER, "d673b8835373c6fa116d6d8006b33d48734e305d", tiny / "config.json")
        monkeypatch.setenv("HF_ENDPOINT", found.url)
        yield found


def edit(file, change):
    found = json.loads(file.read_text())
    change(found)
    file.write_text(json.dumps(found))


def same(first, second):
    assert torch.equal(first.text.embed_each(WORDS), second.text.embed_each(WORDS))
    for one, other in zip(first.model.visual.parameters(), second.model.visual.parameters(), strict=True):
        assert torch.equal(one, other)


# ---- BiomedCLIP


@pytest.fixture(scope="module")
def opened(biomedclip_folder, tmp_path_factory):
    """BiomedCLIP's architecture, opened as users open it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XAICLIP_CACHE", str(tmp_path_factory.mktemp("cache")))
        environment, offline = dict(os.environ), huggingface_hub.constants.HF_HUB_OFFLINE
        model = open_vision_language_model(f"local-dir:{biomedclip_folder}")
        assert dict(os.environ) == environment and huggingface_hub.constants.HF_HUB_OFFLINE == offline
        return model


def test_biomedclip_is_what_open_clip_builds(opened, biomedclip_folder):
    peer = biomedclip.peer(biomedclip_folder)
    state = torch.load(biomedclip_folder / WEIGHTS, weights_only=True)
    del state["text.transformer.embeddings.position_ids"]
    peer.load_state_dict({key: value.float() for key, value in state.items()})
    tokenizer = open_clip.tokenizer.HFTokenizer(str(biomedclip_folder), context_length=256)
    image = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.equal(opened.model.encode_image(image), peer.encode_image(image))
        expected = peer.encode_text(tokenizer(WORDS), normalize=True)
    assert torch.allclose(opened.text.embed_each(WORDS), expected, atol=1e-6)
    assert expected.shape == (2, 512) and opened.model.logit_scale == peer.logit_scale


def test_biomedclip_s_shape(opened, biomedclip_folder):
    visual, text = opened.model.visual, opened.model.text
    assert sum(p.numel() for p in visual.trunk.parameters()) == 85_798_656  # ViT-B/16
    assert [tuple(p.shape) for p in text.proj.parameters()] == [(640, 768), (512, 640)]
    assert (opened.size, opened.text.context_length, opened.strategies) == (224, 256, TRANSFORMER)
    assert opened.text.tokenize(WORDS).shape == (2, 256)
    assert not opened.model.training and not any(p.requires_grad for p in opened.model.parameters())
    assert opened.provenance["file"] == WEIGHTS and len(opened.provenance["sha256"]) == 64
    with pytest.raises(InputError, match="has 302 tokens and 256 fit"):
        opened.text.embed(["liver " * 300])


# ---- a folder


def test_a_folder(folder, tiny):
    model = open_vision_language_model(f"local-dir:{folder}")
    peer = network(json.loads((tiny / "open_clip_config.json").read_text())["model_cfg"], tiny)
    peer.load_state_dict(torch.load(tiny / WEIGHTS, weights_only=True))
    tokens = open_clip.tokenizer.HFTokenizer(str(tiny), context_length=24)(WORDS)
    with torch.no_grad():
        assert torch.allclose(model.text.embed_each(WORDS), peer.encode_text(tokens, normalize=True), atol=1e-6)


def test_the_keys_of_2023_and_a_file_of_another_time(folder, tiny):
    """Older revisions of BiomedCLIP say `proj` and `pooler_type`; transformers once saved `position_ids`."""

    def older(config):
        text = config["model_cfg"]["text_cfg"]
        text["proj"], text["pooler_type"] = text.pop("hf_proj_type"), text.pop("hf_pooler_type")
        text["hf_model_name"] = "microsoft/BiomedNLP-PubMedBERT-base-uncased-abstract"

    edit(folder / "open_clip_config.json", older)
    state = torch.load(folder / WEIGHTS, weights_only=True)
    state["text.transformer.embeddings.position_ids"] = torch.arange(64)[None]
    torch.save({"state_dict": {f"module.{key}": value for key, value in state.items()}}, folder / WEIGHTS)
    same(open_vision_language_model(f"local-dir:{folder}"), open_vision_language_model(f"local-dir:{tiny}"))


@pytest.mark.parametrize(
    "missing", ["tokenizer", "config.json", "config.json of another model", WEIGHTS, "open_clip_config.json"]
)
def test_a_file_of_a_folder_is_missing(folder, missing):
    gone = (
        [name for name in TOKENIZER if name.startswith(("vocab", "tokenizer.json"))] if missing == "tokenizer" else []
    )
    for name in gone or [missing.split()[0]]:
        (folder / name).unlink()
    says = {
        "tokenizer": "there is no tokenizer: .* holds none of tokenizer.json, vocab.txt.*--download",
        "config.json": f"config.json of its text tower {TOWER} is not on this machine.*--download",
        WEIGHTS: "there is no checkpoint in .*folder; put open_clip_model.safetensors",
        "open_clip_config.json": "has no open_clip_config.json",
    }
    if missing.endswith("another model"):  # such as that of timm, which is also called so
        (folder / "config.json").write_text(json.dumps({"architecture": "vit_base_patch16_224"}))
    with pytest.raises(WeightsError, match=says[missing.split()[0]]):
        open_vision_language_model(f"local-dir:{folder}")


def test_a_folder_is_spoilt(folder):
    def deeper(config):
        config["num_hidden_layers"] = 2

    edit(folder / "config.json", deeper)
    with pytest.raises(WeightsError, match=r"16 missing \(text.transformer.encoder.layer.1.attention"):
        open_vision_language_model(f"local-dir:{folder}")
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(WeightsError, match="the tokenizer in .* can't be read"):
        open_vision_language_model(f"local-dir:{folder}")
    (folder / "open_clip_config.json").write_text(json.dumps({"architecture": "vit"}))
    with pytest.raises(WeightsError, match="describes no model of open_clip"):
        open_vision_language_model(f"local-dir:{folder}")
    (folder / "open_clip_config.json").write_text("{")
    with pytest.raises(WeightsError, match="can't be read as JSON"):
        open_vision_language_model(f"local-dir:{folder}")


def test_a_folder_with_several_checkpoints(folder):
    (folder / "epoch_1.pt").write_bytes(b"not looked at, because the other has open_clip's name")
    open_vision_language_model(f"local-dir:{folder}")
    (folder / WEIGHTS).rename(folder / "epoch_2.pt")
    with pytest.raises(WeightsError, match=r"2 checkpoints \(epoch_1.pt, epoch_2.pt\)"):
        open_vision_language_model(f"local-dir:{folder}")
    (folder / "epoch_1.pt").unlink()
    open_vision_language_model(f"local-dir:{folder}")


def test_a_configuration_can_bring_no_code(folder):
    """Neither that of the text tower nor that of the tokenizer."""
    (folder / "evil.py").write_text("raise SystemExit('it ran')")
    for name in ("config.json", "tokenizer_config.json"):
        edit(
            folder / name,
            lambda config: config.update(auto_map={"AutoConfig": "evil.A", "AutoTokenizer": ["evil.A", None]}),
        )
    open_vision_language_model(f"local-dir:{folder}")


# ---- without transformers


def test_without_transformers_there_are_regions_for_words_that_are_known(tiny, monkeypatch):
    whole = open_vision_language_model(f"local-dir:{tiny}")
    known = whole.text.embed(["liver"])
    monkeypatch.setitem(sys.modules, "transformers", None)
    model = open_vision_language_model(f"local-dir:{tiny}")
    assert torch.equal(model.text.embed(["liver"]), known)
    picture = np.random.default_rng(0).random((160, 160)).astype(np.float32)
    frame = Frame(0, 0, 160, 160, (160, 160))
    (seen,), (expected,) = model.encode([picture], [frame]), whole.encode([picture], [frame])
    assert torch.equal(seen.patches, expected.patches)
    with pytest.raises(MissingPackage, match=r"'spleen'.*pip install \"transformers>="):
        model.text.embed(["spleen"])


# ---- a hub


def test_a_hub_is_asked_only_with_consent_and_only_once(hub, tiny, monkeypatch):
    spec = f"hf-hub:{OWN}@v1"
    with pytest.raises(NotDownloaded, match=f"is not on this machine.*from {hub.url}/{OWN}.*--download") as caught:
        open_vision_language_model(spec)
    assert not hub.asked and caught.value.source == f"{hub.url}/{OWN}"
    told = []
    first = open_vision_language_model(spec, download=True, progress=lambda *state: told.append(state))
    assert any(WEIGHTS in message for _, _, message in told)
    assert {Path(path).name for path in hub.asked} >= {"open_clip_config.json", WEIGHTS, "config.json", *TOKENIZER}
    assert first.provenance["repository"] == OWN and first.provenance["revision"] == "v1"
    hub.asked.clear()
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    same(open_vision_language_model(spec), first)
    same(open_vision_language_model(f"local-dir:{tiny}"), first)
    assert not hub.asked


@pytest.mark.parametrize("file", [WEIGHTS, "config.json", "vocab.txt", "open_clip_config.json"])
def test_a_hub_whose_file_is_not_what_it_announces(hub, file):
    hub.lies.add(file)
    with pytest.raises(WeightsError, match=f"{file} is not what it should be: its checksum is"):
        open_vision_language_model(f"hf-hub:{OWN}@v1", download=True)
    assert not list(downloads_folder().rglob(f"{file}*"))
    hub.lies.clear()
    open_vision_language_model(f"hf-hub:{OWN}@v1", download=True)  # what was right is kept, the rest comes now


def test_a_downloaded_file_that_was_damaged_since(hub):
    first = open_vision_language_model(f"hf-hub:{OWN}@v1", download=True)
    (file,) = downloads_folder().rglob(WEIGHTS)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(WeightsError, match=f"is damaged .the checksum of .*{WEIGHTS} is wrong.*--download"):
        open_vision_language_model(f"hf-hub:{OWN}@v1")
    same(open_vision_language_model(f"hf-hub:{OWN}@v1", download=True), first)


def test_stopping_a_download(hub):
    def stop(done, total, message):
        if WEIGHTS in message:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        open_vision_language_model(f"hf-hub:{OWN}@v1", download=True, progress=stop)
    assert not [file for file in downloads_folder().rglob("*") if WEIGHTS in file.name or "part" in file.name]


def test_what_is_no_model_or_not_there(hub, monkeypatch):
    with pytest.raises(WeightsError, match="is no model of open_clip's: .*404"):
        open_vision_language_model("hf-hub:owner/nothing", download=True)
    with pytest.raises(WeightsError, match="names no repository"):
        open_vision_language_model("hf-hub:../etc/passwd", download=True)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(WeightsError, match="can't be downloaded .*check the network"):
        open_vision_language_model(f"hf-hub:{OWN}@v1", download=True)


def test_biomedclip_s_weights_are_those_of_its_authors(hub, tiny):
    entry = KNOWN["biomedclip"]
    hub.serve(
        entry.repository.name, entry.repository.revision, *(tiny / name for name in (WEIGHTS, "open_clip_config.json"))
    )
    with pytest.raises(WeightsError, match=r"784 MB, MIT, from .*--download"):
        open_vision_language_model("biomedclip")
    with pytest.raises(WeightsError, match="is not what it should be: .* instead of 52cc993c5c5ff962…"):
        open_vision_language_model("biomedclip", download=True)


def test_the_user_s_own_cache_of_hugging_face_is_read_and_left_alone(tiny, tmp_path):
    def cached(repository, files, revision):
        place = tmp_path / "theirs" / f"models--{repository.replace('/', '--')}"
        (place / "refs").mkdir(parents=True)
        (place / "refs" / "main").write_text(revision)
        (place / "snapshots" / revision).mkdir(parents=True)
        for name in files:
            os.symlink(tiny / name, place / "snapshots" / revision / name)

    cached(OWN, (WEIGHTS, "open_clip_config.json", *TOKENIZER), "a" * 40)
    cached(TOWER, ("config.json",), "d673b8835373c6fa116d6d8006b33d48734e305d")
    before = sorted(tmp_path.joinpath("theirs").rglob("*"))
    for spec in (f"hf-hub:{OWN}", f"hf-hub:{OWN}@{'a' * 40}"):
        same(open_vision_language_model(spec), open_vision_language_model(f"local-dir:{tiny}"))
    with pytest.raises(WeightsError, match="is not on this machine"):
        open_vision_language_model(f"hf-hub:{OWN}@{'b' * 40}")
    assert sorted(tmp_path.joinpath("theirs").rglob("*")) == before and not downloads_folder().exists()


# ---- published weights of open_clip


@pytest.fixture
def published(hub, tmp_path, monkeypatch):
    """An architecture with the layout of OpenAI's ViT-B/16, its quick GELU, and a tag whose weights are on the hub."""
    config = {
        "embed_dim": 24,
        "vision_cfg": {"image_size": 64, "layers": 2, "width": 32, "head_width": 16, "patch_size": 16},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    }
    (tmp_path / "xaiclip-test-openai.json").write_text(json.dumps(config))
    open_clip.add_model_config(tmp_path / "xaiclip-test-openai.json")
    tag = {**open_clip.get_pretrained_cfg("ViT-B-16", "openai"), "hf_hub": "owner/openai/"}
    monkeypatch.setitem(open_clip.pretrained._PRETRAINED, "xaiclip-test-openai", {"openai": tag})
    torch.manual_seed(2)
    peer = open_clip.CLIP(**config, quick_gelu=True).eval()
    (tmp_path / "weights").mkdir()
    return hub, peer, tmp_path / "weights"


@pytest.mark.parametrize("name", ["open_clip_model.safetensors", WEIGHTS])
def test_a_tag_of_open_clip(published, name):
    hub, peer, folder = published
    if name == WEIGHTS:
        torch.save(peer.state_dict(), folder / name)
    else:
        save_file({key: value.contiguous() for key, value in peer.state_dict().items()}, folder / name)
    hub.serve("owner/openai", "main", folder / name)
    with pytest.raises(WeightsError, match="is not on this machine"):
        open_vision_language_model("xaiclip-test-openai:openai")
    model = open_vision_language_model("xaiclip-test-openai:openai", download=True)
    image = torch.randn(1, 3, 64, 64)
    with torch.no_grad():  # open_clip itself only warns that the activation is another one
        assert torch.equal(model.model.encode_image(image), peer.encode_image(image))
        expected = peer.encode_text(open_clip.SimpleTokenizer(context_length=16)(WORDS), normalize=True)
    assert torch.allclose(model.text.embed_each(WORDS), expected, atol=1e-6)
    assert (model.strategies, model.text.context_length) == (TRANSFORMER, 16)


def test_a_file_as_openai_wrote_it(published):
    """Half precision, and three numbers beside the weights."""
    _, peer, folder = published
    numbers = {"input_resolution": 64, "context_length": 16, "vocab_size": 49408}
    state = {key: value.half() for key, value in peer.state_dict().items()}
    torch.save({**state, **{key: torch.tensor(value) for key, value in numbers.items()}}, folder / "openai.pt")
    model = open_vision_language_model(f"xaiclip-test-openai:{folder / 'openai.pt'}")
    assert torch.equal(model.model.visual.conv1.weight, peer.visual.conv1.weight.half().float())


def test_openai_s_archive_of_a_program_is_told_from_weights(published, recwarn):
    """What OpenAI published is TorchScript, which no one should be told to unpickle."""
    _, _, folder = published
    torch.jit.script(torch.nn.Linear(2, 2)).save(folder / "ViT-B-16.pt")
    with pytest.raises(WeightsError, match="ViT-B-16.pt is a TorchScript program, .*such as ViT-B-16:openai"):
        open_vision_language_model(f"xaiclip-test-openai:{folder / 'ViT-B-16.pt'}")
    assert not [w for w in recwarn if "TorchScript" in str(w.message)]


@pytest.mark.parametrize(
    "spec, says",
    [
        ("ViT-B-61:openai", "no architecture 'ViT-B-61' .did you mean ViT-B-16"),
        ("biomedklip", "did you mean biomedclip"),
        ("ViT-B-16:openia", "did you mean openai.*ViT-B-16:laion2b_s34b_b88k"),
        ("ViT-B-16", "name its weights; give ViT-B-16:FILE"),
        ("ViT-L-14:openai", "1710 MB, Apache-2.0, from https://huggingface.co/timm/vit_large_patch14_clip_224.openai"),
        ("ViT-B-32:openai", "is not on this machine"),
    ],
)
def test_a_name_that_opens_nothing(spec, says):
    with pytest.raises(WeightsError, match=says):
        open_vision_language_model(spec)


def test_a_folder_that_is_given_as_it_is(folder):
    with pytest.raises(WeightsError, match=f"write local-dir:{folder}"):
        open_vision_language_model(str(folder))


# ---- the catalogue


def test_the_catalogue_agrees_with_open_clip_and_with_what_opens(opened, models):
    for name in ("ViT-B-16:openai", "ViT-L-14:openai"):
        tag = open_clip.get_pretrained_cfg(*name.split(":"))
        assert tag["hf_hub"] == f"{KNOWN[name].repository.name}/"
        text = open_clip.get_model_config(name.split(":")[0])["text_cfg"]
        assert text["context_length"] == KNOWN[name].context_length
    bundled = models.vision_language("bundled", torch.device("cpu"))
    for entry, model in ((KNOWN["bundled"], bundled), (KNOWN["biomedclip"], opened)):
        assert entry.strategies == model.strategies and entry.context_length == model.text.context_length
    assert KNOWN["bundled"].sha256 == bundled.provenance["sha256"]


def test_the_list_says_what_is_here(tiny, tmp_path):
    rows = {row["name"]: row for row in listed()}
    assert list(rows) == [entry.name for entry in CATALOGUE] and json.dumps(list(rows.values()))
    assert rows["bundled"]["present"] and Path(rows["bundled"]["path"]).is_file()
    assert not rows["biomedclip"]["present"] and rows["biomedclip"]["path"] is None
    entry = KNOWN["biomedclip"]
    snapshot = tmp_path / "theirs" / f"models--{entry.repository.name.replace('/', '--')}" / "snapshots"
    (snapshot / entry.repository.revision).mkdir(parents=True)
    shutil.copy(tiny / WEIGHTS, snapshot / entry.repository.revision)
    row = next(row for row in listed() if row["name"] == "biomedclip")
    assert row["present"] and row["path"] == str(snapshot / entry.repository.revision / WEIGHTS)


def test_listing_loads_nothing_heavy():
    program = (
        "import sys; from XAICLIPLib.vlm.catalogue import listed; from XAICLIPLib.models.families import FAMILIES; "
        "assert listed() and FAMILIES; print({'torch', 'open_clip', 'transformers', 'requests'} & set(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert found.stdout.strip() == "set()", found.stderr


# ---- the command line


def test_the_families_are_those_that_open():
    assert [family.name for family in FAMILIES] == list(dict.fromkeys(family.name for family in FAMILIES))
    for family in FAMILIES:
        assert callable(import_module(f"XAICLIPLib.models.{family.module}").open_model), family.name
    file = bundled_weights()
    assert digest(Path(file["path"])) == file["sha256"] and Path(file["path"]).stat().st_size == file["bytes"]


def test_xaiclip_models(capsys, monkeypatch):
    assert main(["models"]) == 0
    text = capsys.readouterr().out
    for row in listed():
        assert f"\n  {row['name']}\n" in text and row["licence"] in text and row["source"] in text
        assert row["sha256"] is None or f"sha256 {row['sha256']}" in text
    for family in FAMILIES:
        assert f"\n  {family.form}\n" in text
    assert "not on this machine: xaiclip models download biomedclip" in text
    assert f"on this machine: {bundled_weights()['path']}" in text
    assert "pip install" not in text
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setitem(sys.modules, "transformers", None)
    assert main(["models"]) == 0
    text = capsys.readouterr().out
    assert 'pip install "onnxruntime>=' in text and 'its text tower needs: pip install "transformers>=' in text


def test_xaiclip_models_download(hub, capsys):
    spec = f"hf-hub:{OWN}@v1"
    assert main(["models", "download", spec]) == 0
    path = Path(capsys.readouterr().out.split(": ")[1].strip())
    assert path.name == WEIGHTS and path.is_relative_to(downloads_folder())
    model = open_vision_language_model(spec)  # the files of the text tower came too
    assert model.text.embed(WORDS).shape == (24,)
    assert main(["models", "download", "hf-hub:owner/nothing"]) == 2
    assert "is no model of open_clip's" in capsys.readouterr().err


def test_a_command_that_may_download_shows_how_far_it_is(hub, phantom_file, tmp_path, capsys, monkeypatch):
    """--download is the consent; the bar counts megabytes, then slices; nothing is asked of the hub a second time."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    words = "axial slice of the abdomen"  # a whole prompt, because this model reads 24 tokens only
    command = ["locate", phantom_file, "--structure", words, "--slices", "4:6", "--no-pictures", "--device", "cpu"]
    command += ["--vlm", f"hf-hub:{OWN}@v1", "--probability", "minmax", "--out", str(tmp_path / "where")]
    assert main(command) == 2
    assert "--download" in capsys.readouterr().err and not hub.asked
    assert main([*command, "--download"]) == 0
    shown = capsys.readouterr().err
    size = (downloads_folder() / "hub" / OWN / "v1" / WEIGHTS).stat().st_size / 1e6
    assert f"{WEIGHTS} {size:.0f} of {size:.0f} MB" in shown and "slice 4" in shown
    hub.asked.clear()
    assert main(command) == 0 and not hub.asked


def test_control_c_stops_a_download(hub, capsys):
    hub.before = lambda path: os.kill(os.getpid(), signal.SIGINT) if WEIGHTS in path else None
    assert main(["models", "download", f"hf-hub:{OWN}@v1"]) == 130
    assert "stopped; nothing of the file is kept" in capsys.readouterr().err
    assert not [file for file in downloads_folder().rglob("*") if WEIGHTS in file.name]


@pytest.mark.parametrize(
    "part, key, value",
    [
        ("vision_cfg", "layers", 10**9), ("vision_cfg", "width", 1e12), ("vision_cfg", "image_size", [10**9, 10**9]),
        ("text_cfg", "vocab_size", 10**12), ("text_cfg", "heads", 5000), ("text_cfg", "layers", float("nan")),
        ("text_cfg", "context_length", -(10**9)),
    ],
)  # fmt: skip
def test_numbers_that_no_network_has_are_refused_before_it_is_built(part, key, value, tmp_path):
    config = json.loads((PACKAGED / "clip" / "open_clip_config.json").read_text())
    config["model_cfg"][part][key] = value
    (tmp_path / "open_clip_config.json").write_text(json.dumps(config))
    shutil.copy(PACKAGED / "clip" / "open_clip_model.safetensors", tmp_path)
    with pytest.raises(WeightsError, match=rf"{part}\.{key}(\.0|\.1)? is .* no network has more than"):
        open_vision_language_model(f"local-dir:{tmp_path}")


@pytest.mark.parametrize("file", ["/dev/zero", "FOLDER/weights.safetensors", "FOLDER/none.pt"])
def test_a_file_of_ones_own_is_not_downloaded(file, tmp_path, capsys):
    (tmp_path / "weights.safetensors").write_bytes(bytes(100))
    assert main(["models", "download", f"ViT-B-32:{file.replace('FOLDER', str(tmp_path))}"]) == 2
    said = capsys.readouterr()
    assert not said.out and said.err.count("\n") == 1 and said.err.startswith("xaiclip: ")
