"""BiomedCLIP as users have it on disk, without its weights: exact architecture, published key names, few words."""

from __future__ import annotations

import json
from pathlib import Path

import open_clip
import torch
from transformers import BertConfig, BertTokenizerFast

from XAICLIPLib.anatomy import STRUCTURES

TEXT_TOWER = "microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract"
# open_clip_config.json of microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224
CONFIG = {
    "model_cfg": {
        "embed_dim": 512,
        "vision_cfg": {
            "timm_model_name": "vit_base_patch16_224",
            "timm_model_pretrained": False,
            "timm_pool": "",
            "timm_proj": "linear",
            "image_size": 224,
        },
        "text_cfg": {
            "hf_model_name": TEXT_TOWER,
            "hf_tokenizer_name": TEXT_TOWER,
            "hf_proj_type": "mlp",
            "hf_pooler_type": "cls_last_hidden_state_pooler",
            "context_length": 256,
        },
    },
    "preprocess_cfg": {"mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]},
}


def vocabulary() -> list[str]:
    """Some 150 word pieces: PubMedBERT's marks, every letter, and the words of the anatomy table."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    words = {word for s in STRUCTURES for word in s.label.lower().split() if word.isalpha() and len(word) > 1}
    words |= set("an ct mr axial image of scan showing the slice with abdomen chest".split())
    return [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *",.-:()%/",
        *letters,
        *(f"##{c}" for c in letters),
        *sorted(words),
    ]


def peer(folder: Path) -> torch.nn.Module:
    """The network, built by open_clip alone from the BERT configuration in the folder; random weights."""
    config = CONFIG["model_cfg"]
    text = {**config["text_cfg"], "hf_model_name": str(folder), "hf_model_pretrained": False}
    return open_clip.CustomTextCLIP(config["embed_dim"], config["vision_cfg"], text).eval()


def write_tokenizer(folder: Path, words: list[str]) -> None:
    """Write a BERT tokenizer: vocabulary, settings, and the fast form of both."""
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    marks = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "sep", "pad", "cls", "mask")}
    (folder / "special_tokens_map.json").write_text(json.dumps(marks))
    settings = {**marks, "do_lower_case": True, "tokenizer_class": "BertTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    BertTokenizerFast.from_pretrained(folder).backend_tokenizer.save(str(folder / "tokenizer.json"))


def write_biomedclip(folder: Path) -> Path:
    """Write the folder: configuration, float16 checkpoint, BERT's configuration, tokenizer."""
    words = vocabulary()
    write_tokenizer(folder, words)
    BertConfig(vocab_size=len(words)).to_json_file(folder / "config.json", use_diff=False)
    (folder / "open_clip_config.json").write_text(json.dumps(CONFIG, indent=4))
    torch.manual_seed(0)
    state = {key: value.half() for key, value in peer(folder).state_dict().items()}
    # the published file is from a time when transformers saved this buffer
    state["text.transformer.embeddings.position_ids"] = torch.arange(512)[None]
    torch.save(state, folder / "open_clip_pytorch_model.bin")
    return folder
