"""Damaged and odd inputs of every kind, with a fixed seed: each must work, or be refused in one line.

``python Testing/fuzz.py`` runs 3,000 of them in processes of their own and prints, per kind, how many worked, how many
were refused, and everything else: tracebacks, crashes of the process, hangs. Its exit status is 1 if there were any.

Each input is made from a small whole one by a random change that depends on the seed and its number alone, so that
``--kind models --number 17`` makes one of them again.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import json
import os
import random
import selectors
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from pathlib import Path

SHARES = {  # of 3,000
    "images": 1000, "models": 400, "options": 500, "requests": 300, "prompts": 150, "sidecars": 120, "words": 100,
    "bundles": 120, "plans": 100, "reports": 110, "language models": 100,
}  # fmt: skip
SECONDS = 60
ODD = (
    None, True, False, 0, 1, -1, 2, 3.5, -0.5, 1e9, 10**9, 1e30, 10**400, float("nan"), float("inf"), -float("inf"), "",
    " ", "0", "liver", "nan", "\0", "\ud800", "ä" * 300, "x" * 5000, "../../etc/passwd", "/dev/null", "$print(1)", "@a",
    "%a", [], {}, [[]], [1e9] * 3, [0, 0], ["a", 1, None], {"a": {"b": []}}, [[1, 2], [3]], {"_target_": "os.system"},
)  # fmt: skip


# ---- changes


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Bytes cut, doubled, overwritten or changed, more often near the beginning where the headers are."""
    found = bytearray(content)
    for _ in range(dice.choice((1, 1, 1, 2, 5, 20))):
        if not found:
            break
        at = dice.randrange(len(found)) if dice.random() < 0.4 else dice.randrange(min(len(found), 600))
        way = dice.randrange(6)
        if way == 0:
            del found[at:]
        elif way == 1:
            del found[at : at + dice.choice((1, 4, 100))]
        elif way == 2:
            found[at:at] = found[at : at + dice.choice((1, 8, 200))]
        elif way == 3:
            found[at] = dice.randrange(256)
        elif way == 4:
            found[at : at + 4] = struct.pack("<i", dice.choice((0, -1, 2**31 - 1, -(2**31), 10**9, 65536)))
        else:
            number = str(dice.choice((0, -1, 10**9, 1e30, "nan", "", "x"))).encode()
            digits = [i for i in range(min(len(found), 2000)) if chr(found[i]).isdigit()]
            if digits:
                at = dice.choice(digits)
                found[at : at + 1] = number
    return bytes(found)


def changed(node, dice: random.Random):
    """A copy of JSON in which one to three entries are left out, renamed, doubled, or something odd."""
    root = [json.loads(json.dumps(node))]
    for _ in range(dice.choice((1, 1, 2, 3))):
        places = list(_places(root))
        holder, key = dice.choice(places)
        way = dice.randrange(8)
        if way == 0 and holder is not root:
            del holder[key]
        elif way == 1 and isinstance(holder, dict):
            holder[dice.choice(("", "a", "\0", f"{key}x", "_target_"))] = holder.pop(key)
        elif way == 2 and isinstance(holder[key], list):
            holder[key] = holder[key] * dice.choice((0, 2, 1000))
        elif way == 3:
            nested = dice.choice(ODD)
            for _ in range(dice.choice((3, 2000))):
                nested = [nested]
            holder[key] = nested
        else:
            holder[key] = dice.choice(ODD)
    return root[0]


def _places(root: list):
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for key in range(len(node)) if isinstance(node, list) else list(node):
            yield node, key
            if isinstance(node[key], (list, dict)) and len(node[key]) < 500:
                waiting.append(node[key])


def text_of(node) -> str:
    """JSON, or what is left of it where it holds what JSON can't be."""
    try:
        return json.dumps(node)
    except (RecursionError, ValueError):
        return "[" * 20_000


def write_json(path: Path, node, dice: random.Random) -> None:
    """JSON that is changed, or whose text is damaged."""
    if dice.random() < 0.8:
        path.write_text(text_of(changed(node, dice)), encoding="utf-8", errors="surrogatepass")
    else:
        path.write_bytes(damaged(json.dumps(node).encode(), dice))


# ---- whole inputs


def write_seeds(folder: Path) -> None:
    """One small whole input of every kind."""
    import numpy as np
    import SimpleITK as sitk
    import torch
    from safetensors.torch import save_file

    sys.path.insert(0, str(Path(__file__).parent / "unit"))
    from hostilefiles import Plain

    images = folder / "images"
    images.mkdir(parents=True)
    voxels = np.random.default_rng(0).integers(-900, 900, (4, 24, 32)).astype(np.int16)
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing((0.8, 0.8, 3.0))
    for ending in ("nii", "nii.gz", "nrrd", "nhdr", "mha", "mhd", "dcm"):
        written = image[:, :, 1] if ending == "dcm" else image
        sitk.WriteImage(written, str(images / f"ct.{ending}"))
    sitk.WriteImage(image, str(images / "packed.nrrd"), useCompression=True)
    sitk.WriteImage(image, str(images / "packed.mha"), useCompression=True)
    models = folder / "models"
    models.mkdir()
    torch.jit.save(torch.jit.script(Plain()), models / "scripted.pt")
    torch.jit.save(torch.jit.trace(Plain(), torch.rand(1, 1, 32, 32)), models / "traced.pt")
    torch.export.save(torch.export.export(Plain(), (torch.rand(1, 1, 32, 32),)), models / "exported.pt2")
    torch.save(Plain().state_dict() | {"conv.weight": torch.rand(1, 1, 3, 3)}, models / "weights.pth")
    save_file({"conv.weight": torch.rand(1, 1, 3, 3)}, models / "weights.safetensors")
    with contextlib.suppress(ImportError), contextlib.redirect_stderr(io.StringIO()):
        torch.onnx.export(Plain(), (torch.rand(1, 1, 32, 32),), models / "plain.onnx", dynamo=False)
    _write_language_files(folder)
    with contextlib.suppress(ImportError):
        from monaibundle import CHANNELS, inference, metadata, write_bundle

        write_bundle(folder / "bundle", inference(2, 2), metadata(2, CHANNELS["spleen_ct_segmentation"]))
    with contextlib.suppress(ImportError):
        from nnunetfolder import make_plans, write_model

        shutil.move(write_model(folder / "nnunet", make_plans((32, 32), (1.0, 1.0))), folder / "trained")


def _write_language_files(folder: Path) -> None:
    """Learned prompts and a folder of a vision-language model, both made from the bundled one, and a saved run."""
    import torch
    from safetensors.torch import save_file

    import XAICLIPLib as xai
    from XAICLIPLib.phantom import PHANTOM_LABELS
    from XAICLIPLib.pipeline.explain import run
    from XAICLIPLib.vlm.load import open_vision_language_model
    from XAICLIPLib.vlm.prompt_learning.learned_prompts import KEY, VERSION
    from XAICLIPLib.volume import write_volume
    from XAICLIPLib.weights import WEIGHTS

    model = open_vision_language_model()
    width = model.text.embed(["liver"]).shape[0]
    facts = {
        "version": VERSION, "model": model.name, "digest": model.text.digest, "structures": ["liver", "spleen"],
        "strategy": "patch", "size": 160, "context": 2, "modality": "CT", "windows": "one",
    }  # fmt: skip
    texts = torch.nn.functional.normalize(torch.rand(2, width), dim=1)
    tensors = {"texts": texts, "backgrounds": texts.flip(0), "scales": torch.ones(2), "offsets": torch.zeros(2),
               "contexts": torch.rand(2, 2, width)}  # fmt: skip
    save_file({k: v.contiguous() for k, v in tensors.items()}, folder / "prompts.safetensors", {KEY: json.dumps(facts)})
    language = folder / "language"
    language.mkdir()
    config = json.loads((WEIGHTS / "clip" / "open_clip_config.json").read_text())
    (language / "open_clip_config.json").write_text(json.dumps(config))
    save_file({"logit_scale": torch.ones(())}, language / "open_clip_model.safetensors")
    scan, labels = xai.make_phantom(0, shape=(10, 128, 128), spacing=(3.0, 3.0, 18.0))
    middle = int((labels.voxels == PHANTOM_LABELS["liver"]).sum((1, 2)).argmax())
    write_volume(scan, folder / "scan.nrrd")
    request = xai.Request(
        str(folder / "scan.nrrd"), ("liver",), xai.Occlusion(patch=64, stride=64, unit="px512"), slices=str(middle),
        region="prediction", evidence="none",
    )  # fmt: skip
    run(request).save(folder / "run", pictures=False)


# ---- what is tried


def images(seeds: Path, place: Path, dice: random.Random) -> None:
    """An image of any format, read."""
    from XAICLIPLib.volume import read_volume

    source = dice.choice(sorted((seeds / "images").iterdir()))
    content = source.read_bytes()
    name = source.name
    if name.endswith((".nhdr", ".mhd")) or name in ("ct.raw", "ct.raw.gz", "ct.zraw"):
        for other in (seeds / "images").glob("ct.*raw*"):
            shutil.copy(other, place)
    if name.endswith(".gz") and dice.random() < 0.6:
        content = gzip.compress(damaged(gzip.decompress(content), dice))
    else:
        content = damaged(content, dice)
    (place / name).write_bytes(content)
    read_volume(place / ("ct.mhd" if "raw" in name else name))


def models(seeds: Path, place: Path, dice: random.Random) -> None:
    """A file of a model: bytes damaged, or one of an archive's own files."""
    from XAICLIPLib.models.load import open_segmenter

    source = dice.choice(sorted((seeds / "models").iterdir()))
    path = place / source.name
    if zipfile.is_zipfile(source) and dice.random() < 0.6:
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
            chosen = dice.choice(old.namelist())
            for name in old.namelist():
                content = old.read(name)
                if name == chosen and name.endswith(".json") and dice.random() < 0.8:
                    content = text_of(changed(json.loads(content), dice)).encode("utf-8", "surrogatepass")
                elif name == chosen:
                    content = damaged(content, dice)
                new.writestr(name, content)
    else:
        path.write_bytes(damaged(source.read_bytes(), dice))
    _ask(open_segmenter(str(path), "cpu", ("liver",)))


def _ask(model) -> None:
    """A model that opens is asked about a slice as well."""
    import numpy as np

    from XAICLIPLib.models.base import Context

    image = np.random.default_rng(0).normal(0, 300, (32, 32)).astype(np.float32)
    if model.spatial_dims == 2 and not getattr(model, "promptable", False):
        prepared = model.prepare(image, Context(modality="CT", spacing=(1.0, 1.0), window=(-160.0, 240.0)))
        (prepared.predict or model.predict)(prepared.image[None])


def sidecars(seeds: Path, place: Path, dice: random.Random) -> None:
    """The JSON beside a model."""
    from XAICLIPLib.models.load import open_segmenter

    path = Path(shutil.copy(seeds / "models" / "scripted.pt", place))
    sidecar = {
        "name": "a model", "licence": "MIT", "size": 32, "resize": "stretch", "channels": 1, "classes": ["liver"],
        "window": [-160, 240], "range": [0, 1], "activation": "none", "batch": 1, "mean": [0.5], "std": [0.2],
        "spatial_dims": 2, "multiple": 16, "background": 1, "output": 0,
    }  # fmt: skip
    for key in dice.sample(sorted(sidecar), dice.randrange(8)):
        del sidecar[key]
    write_json(place / "scripted.pt.json", sidecar, dice)
    _ask(open_segmenter(f"torchscript:{path}", "cpu", ("liver",)))


def prompts(seeds: Path, place: Path, dice: random.Random) -> None:
    """Learned prompts, loaded for the bundled model."""
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    from XAICLIPLib.vlm.prompt_learning.learned_prompts import KEY, load_contexts

    source, path = seeds / "prompts.safetensors", place / "prompts.safetensors"
    if dice.random() < 0.3:
        path.write_bytes(damaged(source.read_bytes(), dice))
    else:
        tensors = load_file(source)
        with safe_open(source, framework="pt") as file:
            facts = json.loads(file.metadata()[KEY])
        if dice.random() < 0.5:
            name = dice.choice(sorted(tensors))
            way = dice.randrange(4)
            if way == 0:
                del tensors[name]
            elif way == 1:
                tensors[name] = tensors[name][..., :1].contiguous()
            elif way == 2:
                tensors[f"adapters.{dice.choice((0, 'x'))}"] = tensors.pop(name)
            else:
                tensors[name] = tensors[name] * float("nan")
        said = text_of(changed(facts, dice)).encode("utf-8", "replace").decode()
        save_file(tensors, path, {KEY: said})
    load_contexts(path, _language_model())


_OPENED: dict = {}


def _language_model():
    from XAICLIPLib.vlm.load import open_vision_language_model

    if not _OPENED:
        _OPENED["bundled"] = open_vision_language_model()
    return _OPENED["bundled"]


def language_models(seeds: Path, place: Path, dice: random.Random) -> None:
    """A folder of a vision-language model, or a name of one; nothing is ever downloaded."""
    from XAICLIPLib.vlm.load import open_vision_language_model

    if dice.random() < 0.2:
        odd = dice.choice(("hf-hub:", "local-dir:", "ViT-B-16:", "", "bundled:", "biomedclip")) + str(dice.choice(ODD))
        open_vision_language_model(odd)
        return
    folder = Path(shutil.copytree(seeds / "language", place / "language"))
    file = folder / "open_clip_config.json"
    config = json.loads(file.read_text())
    if dice.random() < 0.3:
        config["model_cfg"]["text_cfg"]["hf_model_name"] = dice.choice(("../../../../X", "/etc", "a/b", "bert", "a\\b"))
    write_json(file, config, dice)
    open_vision_language_model(f"local-dir:{folder}")


def bundles(seeds: Path, place: Path, dice: random.Random) -> None:
    """A MONAI bundle with its config or its metadata changed, as JSON or YAML."""
    from XAICLIPLib.models.load import open_segmenter

    folder = Path(shutil.copytree(seeds / "bundle", place / "bundle"))
    file = folder / "configs" / dice.choice(("inference.json", "inference.json", "metadata.json"))
    content = json.loads(file.read_text())
    if dice.random() < 0.15 and file.name == "inference.json":
        file.unlink()
        aliases = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12))
        merged = "\n".join(f"m{i}: &m{i} {{<<: [*m{i - 1}, *m{i - 1}]}}" for i in range(1, 30))
        text = dice.choice(
            (f"a0: &a0 [x]\n{aliases}\n", f"m0: &m0 {{x: 1}}\n{merged}\n", "a: &a [*a]\n", "!!python/x 1")
        )
        (file.parent / "inference.yaml").write_text(text + json.dumps(content, indent=1))
    else:
        write_json(file, content, dice)
    _ask(open_segmenter(f"monai:{folder}", "cpu", ("liver",)))


def plans(seeds: Path, place: Path, dice: random.Random) -> None:
    """A trained nnU-Net with plans or labels changed."""
    from XAICLIPLib.models.load import open_segmenter

    folder = Path(shutil.copytree(seeds / "trained", place / "trained"))
    file = folder / dice.choice(("plans.json", "plans.json", "dataset.json"))
    write_json(file, json.loads(file.read_text()), dice)
    _ask(open_segmenter(f"nnunet:{folder}", "cpu"))


def requests(seeds: Path, place: Path, dice: random.Random) -> None:
    """A request as JSON, checked as the worker does."""
    import XAICLIPLib as xai
    from XAICLIPLib.attribution.methods import METHODS
    from XAICLIPLib.case.request import make_method

    whole = xai.Request("scan.nrrd", ("liver",), make_method(dice.choice(sorted(METHODS)))).to_json()
    content = text_of(changed(whole, dice))
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:  # as the worker answers it
        raise Refused(f"this is no JSON ({type(error).__name__})") from error
    xai.Request.from_json(found)


def options(seeds: Path, place: Path, dice: random.Random) -> None:
    """A command line with one to three odd values; what parses is planned or located, not explained."""
    values = (
        "0",
        "-1",
        "nan",
        "inf",
        "1e30",
        "1e9",
        "",
        "x",
        "auto",
        "liver",
        "3:1",
        "0:9999",
        "99999999999999999999",
        "40mm",
        "25px",
        "1e400mm",
        "\ud800",
        "a" * 300,
        "ä",
        "/dev/null",
        "..",
        "6",
        "none",
        "$x",
        "liver,spleen",
    )
    names = ("--slices", "--preset", "--series", "--region", "--not", "--prompts", "--threshold", "--sigma", "--dilate",
             "--components", "--vlm", "--strategy", "--vlm-size", "--vlm-windows", "--model", "--reference", "--device",
             "--batch-size", "--evidence", "--seed", "--method", "--score", "--fill", "--patch", "--stride", "--masks",
             "--grid", "--keep", "--tolerance", "--budget", "--samples", "--kernel-width", "--probability", "--cut",
             "--prompt-box", "--structure", "--colormap", "--modality", "--nonsense")  # fmt: skip
    arguments = ["plan", str(seeds / "scan.nrrd"), "--structure", "liver"]
    if not dice.randrange(10):
        arguments[1] = dice.choice(values)
    given = [part for name in dice.sample(names, dice.choice((1, 1, 2, 3))) for part in (name, dice.choice(values))]
    if "--slices" not in given:
        given += ["--slices", "6"]
    _run(arguments + given)


def _run(arguments: list[str]) -> None:
    """The command line in this process; the exit status 2 with one line is a refusal."""
    from XAICLIPLib.cli import main

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(arguments)
        except SystemExit as error:
            status = error.code
    said = [line for line in err.getvalue().splitlines() if line.startswith("xaiclip")]
    if status == 2 and len(said) == 1:
        raise Refused(said[0])
    if status:
        raise RuntimeError(f"exit status {status} of {arguments}: {err.getvalue()[-300:]}")


class Refused(Exception):
    """The command line said what is wrong, in one line."""


def words(seeds: Path, place: Path, dice: random.Random) -> None:
    """Names of structures and prompts of any characters."""
    from XAICLIPLib import anatomy

    pool = "liver spleen left kidney the of , = + ( ) * \\ [ \0 \n ä ß 肝 \u202e \ud800 0 9999 '' \"".split(" ")
    text = " ".join(dice.choice(pool) for _ in range(dice.choice((0, 1, 3, 50, 500))))
    structure = anatomy.describe(text)
    anatomy.find(text), anatomy.match(text, ("liver", text)), anatomy.nearest(text, ("liver", "spleen"))
    _language_model().text.embed([*anatomy.texts(structure)[:1], text])


def reports(seeds: Path, place: Path, dice: random.Random) -> None:
    """A saved run whose report was changed, loaded again."""
    from XAICLIPLib.results.explanation import Explanation

    folder = Path(shutil.copytree(seeds / "run", place / "run"))
    file = dice.choice([folder / "report.json"] * 3 + sorted(f for f in folder.iterdir() if f.is_file()))
    if file.name == "report.json":
        write_json(file, json.loads(file.read_text()), dice)
    else:
        file.write_bytes(damaged(file.read_bytes(), dice))
    Explanation.load(folder)


KINDS = {name: globals()[name.replace(" ", "_")] for name in SHARES}


# ---- running


def batch(inputs: list[tuple[str, int]], seed: int, seeds: Path) -> None:
    """Try some inputs, each a kind and a number; one line of JSON for each."""
    from XAICLIPLib.errors import XAICLIPError

    warnings.simplefilter("ignore")
    os.environ["HF_HUB_OFFLINE"] = "1"
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is none of the answers
    for kind, number in inputs:
        place = Path(tempfile.mkdtemp(prefix="fuzz-"))
        start, outcome, said = time.perf_counter(), "worked", ""
        try:
            KINDS[kind](seeds, place, random.Random(f"{seed} {kind} {number}"))
        except (XAICLIPError, Refused) as error:
            outcome, said = "refused", str(error)
            if "\n" in said or not said.strip():
                outcome = "several lines"
        except Exception as error:
            import traceback

            where = traceback.extract_tb(error.__traceback__)
            ours = [f"{Path(f.filename).name}:{f.lineno}" for f in where if "XAICLIPLib" in f.filename]
            outcome, said = "traceback", f"{type(error).__name__}: {str(error)[:300]} ({', '.join(ours[-3:])})"
        seconds = round(time.perf_counter() - start, 2)
        print(json.dumps([kind, number, outcome, said[:600], seconds]), file=answers, flush=True)
        shutil.rmtree(place, ignore_errors=True)


def run(inputs: list[tuple[str, int]], seed: int, seeds: Path) -> list[list]:
    """`batch` in a process of its own, and in another where that one died or hung.

    Returns
    -------
    list of [kind, number, outcome, what was said, seconds]
    """
    found: list[list] = []
    while len(found) < len(inputs):
        left = inputs[len(found) :]
        process = subprocess.Popen(
            [sys.executable, __file__, "--batch", json.dumps(left), "--seed", str(seed), "--seeds", str(seeds)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            buffer, first = b"", True
            while len(found) < len(inputs):
                # the first one waits for all the imports as well
                if not selector.select(SECONDS + 60 * first):
                    process.kill()
                    found.append([*inputs[len(found)], "hang", f"more than {SECONDS} s", SECONDS])
                    break
                piece = os.read(process.stdout.fileno(), 65536)
                if not piece:
                    status = process.wait()
                    found.append([*inputs[len(found)], "crash", f"the process ended with {status}", 0])
                    break
                *lines, buffer = (buffer + piece).split(b"\n")
                found += [json.loads(line) for line in lines]
                first = first and not lines
        process.kill()
        process.wait()
        process.stdout.close()
    return found


def main() -> int:
    """Run what the options say, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=3000, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", action="append", choices=sorted(SHARES), help="only this kind; may be repeated")
    parser.add_argument("--number", type=int, help="only this input of the kind, with its whole traceback")
    parser.add_argument("--seeds", type=Path, help="folder of the whole inputs (default: made anew)")
    parser.add_argument("--batch", type=json.loads, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.batch:
        batch(given.batch, given.seed, given.seeds)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        seeds = given.seeds or Path(scratch) / "seeds"
        if not seeds.is_dir():
            write_seeds(seeds)
        if given.number is not None:
            KINDS[given.kind[0]](seeds, Path(scratch), random.Random(f"{given.seed} {given.kind[0]} {given.number}"))
            return 0
        return report(given.kind or list(SHARES), given.inputs, given.seed, seeds)


def share(kind: str, inputs: int) -> list[tuple[str, int]]:
    """The first inputs of a kind, as many as its share is."""
    return [(kind, number) for number in range(max(1, round(inputs * SHARES[kind] / sum(SHARES.values()))))]


def report(kinds: list[str], inputs: int, seed: int, seeds: Path) -> int:
    """Run shares of all kinds and print them; 1 if anything but a success or a refusal came of one."""
    bad = 0
    for kind in kinds:
        found = run(share(kind, inputs), seed, seeds)
        outcomes = Counter(outcome for _, _, outcome, _, _ in found)
        slowest = max(seconds for *_, seconds in found)
        print(f"{kind}: {len(found)}, {dict(outcomes)}, slowest {slowest:.1f} s", flush=True)
        for _, number, outcome, said, _ in found:
            if outcome not in ("worked", "refused"):
                bad += 1
                print(f"  {outcome} of number {number}: {said}", flush=True)
    print(f"{bad} of {inputs} neither worked nor were refused in one line")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
