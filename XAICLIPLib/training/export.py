"""Turn checkpoints into the files that ship: fp16 safetensors with their JSON.

``python -m XAICLIPLib.training.export --unet unet.pt --clip clip.pt --bias-shift 0.62 --out XAICLIPLib/weights``
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from open_clip.tokenizer import default_bpe
from safetensors.torch import save_file
from torch import Tensor

from XAICLIPLib.training.augment import SIZE, WINDOW
from XAICLIPLib.training.bpe import cut_bpe
from XAICLIPLib.training.data import TARGETS
from XAICLIPLib.training.train_clip import MERGES, MODEL
from XAICLIPLib.weights import sha256

WIDTHS = (16, 32, 64, 96, 128)


def half(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Floating-point tensors as contiguous fp16; batch-norm's step counters go, nothing reads them at inference.

    Raises
    ------
    ValueError
        Where a value does not fit into fp16.
    """
    result = {}
    for name, value in state.items():
        if name.endswith("num_batches_tracked"):
            # open_clip loads strictly, so the key stays; a zero keeps the file free of what differs between runs.
            value = torch.zeros_like(value)
        elif value.is_floating_point():
            value = value.to(torch.float16)
            if not torch.isfinite(value).all():
                raise ValueError(f"{name} does not fit into fp16")
        result[name] = value.contiguous()
    return result


def _write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def export_unet(checkpoint: Path, folder: Path) -> None:
    """Write ``model.safetensors`` and ``config.json``.

    Parameters
    ----------
    checkpoint : Path
        ``unet.pt`` of `train_unet`.
    folder : Path
        Created where needed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    saved = torch.load(checkpoint, weights_only=True, map_location="cpu")
    target = folder / "model.safetensors"
    save_file(half(saved["model"]), target, metadata={"format": "pt"})
    config = {
        "architecture": "XAICLIPLib.models.unet.UNet",
        "channels": 1,
        "widths": WIDTHS,
        "presence": any(name.startswith("presence.") for name in saved["model"]),
        "targets": TARGETS,  # the background first, one per output channel
        "activation": "softmax",
        "size": SIZE,
        "margin": 1.06,
        "window": WINDOW,  # HU
        "mr_percentiles": (1, 99),
        "iterations": saved["iteration"],
        "seed": saved["seed"],
        "holdout": saved["holdout"],
        "sha256": sha256(target),
    }
    _write_json(folder / "config.json", config)


def export_clip(checkpoint: Path, folder: Path, bias_shift: float) -> None:
    """Write ``open_clip_model.safetensors``, ``open_clip_config.json`` and ``bpe_small.txt.gz``.

    Parameters
    ----------
    checkpoint : Path
        ``clip.pt`` of `train_clip`.
    folder : Path
    bias_shift : float
        Added to ``logit_bias``, so that the calibrated operating point lies at a probability of 0.5.
    """
    folder.mkdir(parents=True, exist_ok=True)
    saved = torch.load(checkpoint, weights_only=True, map_location="cpu")
    state = dict(saved["model"])
    state["logit_bias"] = state["logit_bias"] + bias_shift
    target = folder / "open_clip_model.safetensors"
    save_file(half(state), target, metadata={"format": "pt"})
    cut_bpe(Path(default_bpe()), folder / "bpe_small.txt.gz", MERGES)
    config = {
        "model_cfg": MODEL,
        "preprocess_cfg": {
            "size": SIZE, "mode": "RGB", "mean": [0.5] * 3, "std": [0.25] * 3, "interpolation": "bilinear",
            "resize_mode": "squash",
        },
        "xaiclip": {
            "margin": 1.06, "window": WINDOW, "mr_percentiles": (1, 99),
            "threshold": 0.5, "bias_shift": bias_shift, "iterations": saved["iteration"], "seed": saved["seed"],
            "holdout": saved["holdout"], "sha256": sha256(target),
        },
    }  # fmt: skip
    _write_json(folder / "open_clip_config.json", config)


def write_manifest(weights: Path) -> None:
    """Write ``manifest.json``: size and SHA-256 of every shipped file; make all of them readable by everyone."""
    names = ("unet/model.safetensors", "unet/config.json", "clip/open_clip_model.safetensors",
             "clip/open_clip_config.json", "clip/bpe_small.txt.gz")  # fmt: skip
    files = [weights / name for name in names if (weights / name).is_file()]
    for path in files:
        path.chmod(0o644)  # safetensors writes 0600, which a packaged install could not read
    entries = {p.relative_to(weights).as_posix(): {"bytes": p.stat().st_size, "sha256": sha256(p)} for p in files}
    _write_json(weights / "manifest.json", entries)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unet", type=Path, help="checkpoint of train_unet")
    parser.add_argument("--clip", type=Path, help="checkpoint of train_clip")
    parser.add_argument("--bias-shift", type=float, default=0.62, help="calibration, in logits (default %(default)s)")
    parser.add_argument("--out", type=Path, required=True, help="the weights folder")
    options = parser.parse_args()
    if options.unet:
        export_unet(options.unet, options.out / "unet")
    if options.clip:
        export_clip(options.clip, options.out / "clip", options.bias_shift)
    write_manifest(options.out)


if __name__ == "__main__":
    main()
