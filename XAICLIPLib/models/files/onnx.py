"""ONNX files, run by onnxruntime: ``onnx:model.onnx``.

How a scan becomes the network's input is said by a small JSON file beside it, see `sidecar`; what the ONNX file itself
says of its input and in its metadata need not be repeated there.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import InputError, MissingPackage, ModelError, ResourceError, WeightsError
from XAICLIPLib.models.files.modelfile import existing, last_line
from XAICLIPLib.models.files.segmenter import FileSegmenter, Network
from XAICLIPLib.models.files.sidecar import EMBEDDED, Sidecar, beside, parse
from XAICLIPLib.models.memory import out_of_memory
from XAICLIPLib.weights import sha256

_TYPES = {
    "tensor(float)": (np.float32, "fp32"),
    "tensor(float16)": (np.float16, "fp16"),
    "tensor(double)": (np.float64, "fp64"),
}


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> FileSegmenter:
    """An ONNX file with one image as its input.

    Parameters
    ----------
    family : str
        "onnx".
    argument : str
        Path of the file, `~` allowed.
    device : torch.device
        Where onnxruntime can't use it, the network runs on the CPU and a note says so.
    targets : tuple of str
        The structures that were asked about, which name the output's channels where nothing else does.

    Returns
    -------
    FileSegmenter

    Raises
    ------
    MissingPackage
        Without onnxruntime.
    WeightsError
        If the file, or the file of its weights, is missing or damaged.
    ModelError
        If onnxruntime can't run it, or its sidecar does not fit.
    ResourceError
        If it does not fit in memory.
    """
    path = existing(argument, "an .onnx file")
    session, notes = _session(path, device)
    return FileSegmenter(family, path, _network(session, path, device, notes), device, targets)


def _session(path: Path, device: torch.device):
    """An onnxruntime session and what to know about it."""
    try:
        import onnxruntime as ort
    except ImportError as error:
        raise MissingPackage(path.name, "onnxruntime", "onnx") from error
    options = ort.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 4  # what is wrong is raised, and told below
    providers: list = ["CPUExecutionProvider"]
    if device.type == "cuda" and "CUDAExecutionProvider" in ort.get_available_providers():
        providers.insert(0, ("CUDAExecutionProvider", {"device_id": device.index or 0}))
    try:
        session = ort.InferenceSession(str(path), options, providers=providers)
    except Exception as error:
        raise _explained(error, path, ort.__version__) from error
    if device.type == "cpu" or session.get_providers()[0] != "CPUExecutionProvider":
        return session, ()
    install = "; install onnxruntime-gpu instead of onnxruntime" if device.type == "cuda" else ""
    return session, (f"{path.name} runs on the CPU: onnxruntime here can't use {device}{install}",)


def _explained(error: Exception, path: Path, version: str) -> Exception:
    """Why onnxruntime could not open a file, in words."""
    text = " ".join(str(error).split())
    if out_of_memory(error):
        return ResourceError(f"{path.name} does not fit in memory; use a machine with more, or a smaller model")
    if newer := re.search(r"Opset (\d+) is under development|(?:IR version: (\d+), max supported)", text):
        which = f"opset {newer[1]}" if newer[1] else f"IR version {newer[2]}"
        return ModelError(
            f"{path.name} was written for ONNX {which}, which onnxruntime {version} does not know; export it again "
            "with opset_version=17, or update onnxruntime"
        )
    if "xternal data" in text or "external_data" in text:
        if outside := re.search(r'escapes model directory.*?path: "([^"]+)"', text):
            return WeightsError(
                f"the weights of {path.name} lie in {outside[1]}, outside its own folder, where onnxruntime does not "
                "look; export it again with its weights beside it"
            )
        found = re.search(r'does not exist: "?([^"]+)"?', text)
        which = Path(found[1]).name if found else f"{path.name}.data"
        return WeightsError(
            f"the weights of {path.name} lie in another file, {which}, which is not beside it; copy both"
        )
    operator = re.search(r"No Op registered for (\w+)|implementation for (\w+)", text)
    domain = re.search(r"(?:No opset import for domain|not a registered function/op.*domain) '?([\w.]+)", text)
    if operator and operator[2]:
        return ModelError(
            f"onnxruntime {version} has the operator {operator[2]} of {path.name}, but not for its type of numbers, "
            "such "
            "as double precision (float64); export it in single precision, with model.float() first"
        )
    if operator or domain:
        what = f"the operator {operator[1] or operator[2]}" if operator else f"operators of {domain[1]}"
        return ModelError(
            f"{path.name} uses {what}, which onnxruntime {version} does not have; export it with ONNX's own operators, "
            "update onnxruntime, or export it as TorchScript"
        )
    reason = re.sub(r"^.*?failed: ?", "", re.sub(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ", "", text))
    return WeightsError(f"{path.name} can't be opened with onnxruntime {version} ({reason[:200]}); get the file again")


def _network(session, path: Path, device: torch.device, notes: tuple[str, ...]) -> Network:
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1:
        raise ModelError(
            f"{path.name} takes {len(inputs)} inputs ({', '.join(i.name for i in inputs)}); a model that can be "
            "explained takes one image"
        )
    image = inputs[0]
    shape = [n if isinstance(n, int) and n > 0 else None for n in image.shape]
    if len(shape) not in (4, 5) or image.type not in _TYPES:
        raise ModelError(
            f"{path.name} takes {image.type} of shape {image.shape}; a model that can be explained takes floats "
            "(B, C, H, W), or (B, C, D, H, W)"
        )
    if shape[-1] in (1, 3) and shape[1] not in (1, 3):
        raise ModelError(f"{path.name} takes channels last, {image.shape}; export it with channels first (B, C, H, W)")
    dtype, precision = _TYPES[image.type]
    own = Sidecar(
        spatial_dims=len(shape) - 2,
        channels=shape[1],
        size=None if None in shape[2:] else tuple(shape[2:]),
        batch=shape[0],
    )
    metadata = dict(session.get_modelmeta().custom_metadata_map)
    says = _metadata(metadata, path)
    first = outputs[0].shape
    alone = len(outputs) == 1 and len(first) == len(shape) and isinstance(first[1], int) and outputs[0].type in _TYPES
    count = first[1] if alone and first[1] > 0 else None
    details = {"precision": precision, "runs on": session.get_providers()[0].removesuffix("ExecutionProvider")}
    if (weights := path.with_name(path.name + ".data")).is_file():
        details["weights"] = f"{weights.name}, SHA-256 {sha256(weights)}"
        details["megabytes"] = round((path.stat().st_size + weights.stat().st_size) / 1e6, 1)
    return Network(
        _forward(session, image.name, [o.name for o in outputs], dtype, path, device),
        says,
        own,
        channels_out=count,
        details=details,
        notes=notes,
    )


def _metadata(found: dict[str, str], path: Path) -> Sidecar:
    """What an ONNX file's own metadata say: a whole sidecar, or the names and licence that training programs write."""
    if EMBEDDED in found:
        return parse(found[EMBEDDED], f"{path.name}/{EMBEDDED}")
    classes, licence = None, found.get("licence") or found.get("license")
    if "names" in found:
        try:
            names = ast.literal_eval(found["names"])  # {0: 'liver', 1: 'spleen'}, or a list
            listed = [names[i] for i in range(len(names))]
            classes = parse(json.dumps({"classes": listed}), f"{path.name}/names").classes
        except (
            AttributeError,
            InputError,
            LookupError,
            MemoryError,
            RecursionError,
            SyntaxError,
            TypeError,
            ValueError,
        ):
            classes = None  # another program's names, of something else
    return Sidecar(licence=licence or None, classes=classes)


def _forward(
    session, image: str, names: list[str], dtype: type, path: Path, device: torch.device
) -> Callable[[Tensor], dict[str, Tensor]]:
    def forward(batch: Tensor) -> dict[str, Tensor]:
        values = batch.cpu().numpy().astype(dtype, copy=False)
        try:
            found = session.run(None, {image: values})
        except Exception as error:
            if isinstance(error, MemoryError):
                raise
            if out_of_memory(error):
                raise MemoryError(last_line(error)) from error
            reason = re.sub(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ", "", " ".join(str(error).split()))
            raise ModelError(
                f"{path.name} failed on an input {tuple(batch.shape)}: {reason}; {beside(path).name} says channels, "
                "size, multiple and batch"
            ) from error
        return {
            name: torch.from_numpy(v).to(device) if isinstance(v, np.ndarray) else v for name, v in zip(names, found)
        }

    return forward
