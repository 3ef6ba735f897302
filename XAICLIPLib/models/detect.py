"""Which family a path belongs to, for whoever hands over a file or folder without saying."""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message
from XAICLIPLib.models.auto3dseg.folder import LABELS, WEIGHTS, is_training
from XAICLIPLib.models.files.modelfile import TO_EXPORT
from XAICLIPLib.models.lungmask.network import is_lungmask
from XAICLIPLib.models.packed import ARCHIVES, unpack_first
from XAICLIPLib.models.sam.checkpoint import TITLES, kinship, sam_weights
from XAICLIPLib.models.sam.sam2_checkpoint import is_sam2
from XAICLIPLib.models.totalsegmentator.place import is_totalsegmentators
from XAICLIPLib.models.voxtell.folder import is_voxtell
from XAICLIPLib.volume import FORMATS
from XAICLIPLib.weights.checkpoint import read_checkpoint, state_of

IMAGES = (*FORMATS, ".ima", ".mgz", ".mnc", ".vtk", ".vtm", ".stl", ".obj", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
PICKLES = (".pt", ".pth", ".ts", ".ckpt", ".bin", ".pkl", ".tar", ".torchscript", ".safetensors", ".jit")
MODELS = (".onnx", ".pt2", *PICKLES)
DEEPEST = 4  # folders below the one given, in which trained models are looked for


@dataclass(frozen=True)
class Found:
    """A model's string, and how it is known."""

    spec: str
    reason: str


def family_of(path: str | Path) -> str:
    """The string that opens a file or folder, see `load.open_segmenter`.

    Parameters
    ----------
    path : str or Path
        `~` allowed. A file of an nnU-Net or a MONAI bundle stands for its folder.

    Returns
    -------
    str
        "FAMILY:PATH", with the name of a callable behind a Python file.

    Raises
    ------
    InputError
        If it is no model, several, or weights without a network; the message says what to do.
    WeightsError
        If the file can't be read, or is refused.
    """
    return recognise(path).spec


def recognise(path: str | Path) -> Found:
    """`family_of`, with the reason.

    Parameters
    ----------
    path : str or Path
        As for `family_of`.

    Returns
    -------
    Found

    Raises
    ------
    InputError, WeightsError
        As of `family_of`.
    """
    path = Path(path).expanduser()
    if is_totalsegmentators(path):
        return Found(f"totalsegmentator:{path}", "its data sets are those of TotalSegmentator")
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise InputError(
            Message(
                "there is no file or folder {path}; give the path of a model on this machine",
                path=path,
            )
        )
    inside = _part_of_a_folder(path)
    if inside:
        return inside
    name = path.name.lower()
    if name.endswith(IMAGES):
        is_segmentation = ".seg." in name or "label" in name or "mask" in name
        kind = Message("a segmentation") if is_segmentation else Message("an image")
        raise InputError(
            Message(
                "{file} is {kind}, not a model: it can't be run on a perturbed scan. A segmentation can be the "
                "reference (--reference FILE) or the region (--region FILE); give a model to explain as --model",
                file=path.name,
                kind=kind,
            )  # fmt: skip
        )
    if name.endswith(".onnx"):
        return Found(f"onnx:{path}", "its name ends with .onnx")
    if name.endswith(".py"):
        return _python(path)
    names = _zipped(path)
    if name.endswith(".pt2") or any(n.endswith("models/model.json") for n in names):
        return Found(f"torchexport:{path}", "an archive of torch.export")
    if any("/code/" in n.casefold() for n in names):
        return Found(f"torchscript:{path}", "an archive with TorchScript code")
    torchs = any(n.endswith("data.pkl") for n in names)  # torch.save writes an archive too
    if name.endswith(ARCHIVES) and not name.endswith(PICKLES) and not torchs:
        raise InputError(
            Message(
                "{file} is an archive; unpack it, and give the folder or the file that comes out",
                file=path.name,
            )
        )
    if names or name.endswith(PICKLES):
        return _checkpoint(path)
    raise InputError(
        Message(
            "{file} is none of the files that models come as ({kinds}), and no nnU-Net folder or MONAI bundle "
            "either; say what it is with FAMILY:PATH (see `xaiclip models`)",
            file=path.name,
            kinds=", ".join(MODELS),
        )  # fmt: skip
    )


def _zipped(path: Path) -> list[str]:
    """What a zip archive holds; nothing if it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except Exception:  # no archive, or one that is damaged in one of many ways; its family says which
        return []


def _is_nnunet(folder: Path) -> bool:
    return (folder / "dataset.json").is_file() and (folder / "plans.json").is_file()


def _is_bundle(folder: Path) -> bool:
    return (folder / "configs" / "metadata.json").is_file()


def _is_auto3dseg(folder: Path) -> bool:
    """Of 3D Slicer's module, or of MONAI's own training."""
    return ((folder / LABELS).is_file() and (folder / WEIGHTS).is_file()) or is_training(folder)


def _part_of_a_folder(path: Path) -> Found | None:
    """A file of an nnU-Net or of a MONAI bundle stands for the whole: alone it lacks the preprocessing."""
    for folder in (path.parent, path.parent.parent):
        if is_voxtell(folder):
            return Found(f"voxtell:{folder}", f"{path.name} is part of a model of VoxTell")
        if _is_nnunet(folder) and (path.suffix in (".pth", ".json")):
            return Found(f"nnunet:{folder}", f"{path.name} is part of a trained nnU-Net")
        if _is_bundle(folder) and path.parent != folder:
            return Found(f"monai:{folder}", f"{path.name} is part of a MONAI bundle")
        if _is_auto3dseg(folder) and path.name in (WEIGHTS, LABELS):
            return Found(f"auto3dseg:{folder}", f"{path.name} is part of a model of Auto3DSeg")
    app = path.parent.parent
    if path.parent.name == "model" and path.suffix == ".pt" and (app / "lib" / "configs").is_dir():
        name = path.stem.removeprefix("pretrained_")
        return Found(f"monailabel:{app}/{name}", f"{path.name} is a model of an app of MONAI Label")
    return None


def _folder(folder: Path) -> Found:
    if is_voxtell(folder):
        return Found(f"voxtell:{folder}", "its name and its files are those of VoxTell")
    if _is_nnunet(folder):
        return Found(f"nnunet:{folder}", "it holds dataset.json and plans.json of nnU-Net")
    if _is_nnunet(folder.parent) and folder.name.startswith("fold_"):
        return Found(f"nnunet:{folder}", "a fold of a trained nnU-Net")
    if _is_bundle(folder):
        return Found(f"monai:{folder}", "it holds configs/metadata.json of a MONAI bundle")
    if _is_bundle(folder.parent):
        return Found(f"monai:{folder.parent}", f"{folder.name} is part of a MONAI bundle")
    if _is_auto3dseg(folder):
        return Found(f"auto3dseg:{folder}", "it holds model.pt of Auto3DSeg and what it belongs to")
    below = [
        *(f"nnunet:{f}" for f in _below(folder, _is_nnunet)),
        *(f"monai:{f}" for f in _below(folder, _is_bundle)),
        *(f"auto3dseg:{f}" for f in _below(folder, _is_auto3dseg)),
        *(f"voxtell:{f}" for f in _below(folder, is_voxtell)),
    ]
    if len(below) == 1:
        return Found(below[0], "the only trained model in the folder")
    if below:
        raise InputError(f"{folder} holds {len(below)} trained models; give one of them: {', '.join(below)}")
    files = sorted(str(f) for f in folder.iterdir() if f.name.lower().endswith(MODELS))
    if len(files) == 1:
        return recognise(files[0])
    if not files and (packed := unpack_first(folder)):
        raise InputError(packed)
    what = f"several model files; give one of them: {', '.join(files)}" if files else (
        "no trained nnU-Net (dataset.json and plans.json), no MONAI bundle (configs/metadata.json) and no model file; "
        "give the folder or the file of a model"
    )  # fmt: skip
    raise InputError(f"{folder} holds {what}")


def _below(folder: Path, wanted: Callable[[Path], bool], depth: int = DEEPEST) -> list[Path]:
    """The folders below one that are wanted, not looking inside those."""
    found = []
    if depth:
        for inner in sorted(f for f in folder.iterdir() if f.is_dir() and not f.name.startswith(".")):
            found += [inner] if wanted(inner) else _below(inner, wanted, depth - 1)
    return found


def _python(path: Path) -> Found:
    """A Python file with one public function or class; it is read, not run."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"{path.name} is no Python that can be read ({error})") from error
    names = [
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
    ]
    if len(names) == 1:
        return Found(f"function:{path}:{names[0]}", "the only function or class of a Python file")
    which = f"it has {', '.join(names)}" if names else "it has none"
    raise InputError(f"{path.name}: which function is the model? Write function:{path}:NAME; {which}")


def _checkpoint(path: Path) -> Found:
    """Weights, by their names."""
    content = read_checkpoint(path, instead=TO_EXPORT)
    config = content.get("config") if isinstance(content, Mapping) else None
    if isinstance(config, Mapping) and isinstance(config.get("network"), Mapping) and "state_dict" in content:
        raise InputError(
            f"{path.name} is a model of Auto3DSeg by its config, but its folder has no {LABELS} that names what it "
            f"segments: call it {WEIGHTS}, put {LABELS} beside it (columns LabelValue and Name) and write "
            f"auto3dseg:{path.parent}"
        )
    state = sam_weights(state_of(content, path.name))
    if is_sam2(state):
        named = any("medsam" in part.lower() for part in (path.name, path.parent.name))
        family = "medsam2" if named else "sam2"
        why = "its name says MedSAM2" if named else f"its name does not say MedSAM2; if it is, write medsam2:{path}"
        return Found(f"{family}:{path}", f"its weights are of SAM 2 or MedSAM2, which have the same; {why}")
    if is_lungmask(state):
        return Found(f"lungmask:{path}", "its weights are named as lungmask's")
    families = kinship(state)
    if any(key.startswith("vision_encoder.") for key in state) and any("mask_decoder" in key for key in state):
        families = ("medsam", "sam")
    if families == ("medsam", "sam"):
        # the same weights' names and shapes: only a name tells whose preprocessing they were trained with
        named = any("medsam" in part.lower() for part in (path.name, path.parent.name))
        family = "medsam" if named else "sam"
        why = "its name says MedSAM" if named else f"its name does not say MedSAM; if it is, write medsam:{path}"
        return Found(f"{family}:{path}", f"its weights are of MedSAM or SAM, which have the same; {why}")
    if families:
        return Found(f"{families[0]}:{path}", f"its weights are named as {TITLES[families[0]]}'s")
    shown = ", ".join(sorted(state)[:3])
    raise InputError(f"{path.name} holds weights ({shown}, …) without the network that they belong to. {TO_EXPORT}")
