"""What `explain` is given in Python, in the ways people write it, as a request and what goes beside it in memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypedDict

import numpy as np

from XAICLIPLib.attribution.fieldtypes import short_repr
from XAICLIPLib.attribution.methods import METHODS, Method, as_method
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import SETTINGS, Request, make_method
from XAICLIPLib.case.settings import check_names
from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import Volume

HELD = ("reference", "device", "images")  # may be no plain settings


class Options(TypedDict, total=False):
    """What `explain` takes beside its parameters, by name; see `Request`, its groups, and the methods."""

    slices: str | int | slice | Iterable[int]
    reference: str | os.PathLike[str] | Volume | None
    device: Any
    seed: int
    series: str | None
    modality: str
    label: str | None
    keep_paths: bool
    preset: str
    score: str
    anyway: bool
    images: Any
    perturb: str | int
    region_image: str | int
    time_limit: float | None
    batch_size: int | None
    box: tuple[float, ...] | None
    cut: str
    threshold: float
    sigma: float
    dilation_mm: float
    components: str | int
    fill_holes: bool
    vlm: str
    strategy: str
    vlm_size: int | None
    vlm_windows: str
    negatives: tuple[str, ...]
    learned_prompts: str | None
    prompts: str | None
    probability: str
    prompt: Any
    prompt_box: tuple[float, ...] | None
    prompt_points: tuple[float, ...] | None
    evidence: str
    influence: bool
    cell_mm: float
    players: str | None
    part: str
    patch: Any
    stride: Any
    fill: str | float | np.ndarray | tuple[str | float, ...]
    unit: str | None
    budget: float
    masks: int
    grid: Any
    keep: float
    estimator: str
    tolerance: Any
    samples: int
    scale: float
    min_size: int
    min_overlap: float
    segments: np.ndarray | None
    alpha: float
    kernel_width: float | None


def request_of(
    scan: Any,
    structures: Any,
    method: Any,
    region: Any,
    model: Any,
    options: Mapping[str, Any],
) -> tuple[Request, dict[str, Any]]:
    """What `explain` was given, as a request and what goes beside it in memory.

    Parameters
    ----------
    scan, structures, method, region, model
        As `explain` takes them.
    options : mapping of str to value
        See `Options`.

    Returns
    -------
    request : Request
    held : dict of str to Volume or model
        What `pipeline.run` takes in memory; None where it is a path.

    Raises
    ------
    InputError
        If an argument is nothing that can be used, or an option's name is not known.
    """
    of_methods = {field.name for kind in METHODS.values() for field in fields(kind)}
    check_names(options, {*SETTINGS, *of_methods, "progress", "models"}, "explain")
    settings = {name: value for name, value in options.items() if name not in SETTINGS}
    scan, reference, region = (
        volume_of(given, what)
        for given, what in ((scan, "scan"), (options.get("reference"), "reference"), (region, "region"))
    )
    if scan is None or region is None:
        raise InputError(f"the {'scan' if scan is None else 'region'} is None; give a path or a Volume")
    model = model_of(model)
    images = images_of(options.get("images"))
    request = Request.of(
        _name(scan, "array"),
        names_of(structures),
        method=method_of(method, **settings),
        region=region if isinstance(region, str) else "segment",
        model=model if isinstance(model, str) else called(model),
        reference=reference if isinstance(reference, str) else None,
        images=tuple(_name(image, "array") for image in images),
        **{name: options[name] for name in options if name in SETTINGS and name not in HELD},
        device=str(options.get("device", "auto")),
    )
    held = {"scan": scan, "reference": reference, "region": region, "model": model}
    held = {name: None if isinstance(value, str) else value for name, value in held.items()}
    kept = tuple(None if isinstance(image, str) else image for image in images)
    return request, {**held, "images": kept if any(image is not None for image in kept) else None}


def images_of(given: Any) -> list[Volume | str]:
    """Images beside the scan as they are given.

    Parameters
    ----------
    given : one or several of path, Volume and SimpleITK image, or None

    Returns
    -------
    list of Volume or str

    Raises
    ------
    InputError
        If one is something else.
    """
    if given is None:
        return []
    several = given if isinstance(given, (list, tuple)) else [given]
    found = [volume_of(image, "image") for image in several]
    if any(image is None for image in found):
        raise InputError("an image is None; give a path or a Volume for each")
    return [image for image in found if image is not None]


def check_calls(progress: Callable | None, models: Models | None) -> None:
    """Refuse what can't be called, and what holds no models.

    Parameters
    ----------
    progress : callable, optional
    models : Models, optional

    Raises
    ------
    InputError
        If one is something else.
    """
    if progress is not None and not callable(progress):
        raise InputError(f"progress is {short_repr(progress)}; it must be a function of (done, total, message)")
    if models is not None and not isinstance(models, Models):
        raise InputError(f"models is {short_repr(models)}; it must be an xai.Models")


def volume_of(given: Any, what: str) -> Volume | str | None:
    """A volume in memory, a path as text, or None.

    Parameters
    ----------
    given : Volume, SimpleITK image, path or None
    what : str
        What it is of, for the error: "scan", "reference", "region".

    Returns
    -------
    Volume, str or None

    Raises
    ------
    InputError
        If it is something else, such as an array, which has no spacing.
    """
    if given is None or isinstance(given, (Volume, str)):
        return given
    if type(given).__module__.startswith("SimpleITK") and hasattr(given, "GetSpacing"):
        return Volume.from_sitk(given, name=what)
    if hasattr(given, "__array__") or isinstance(given, (list, tuple)):
        grid = "spacing" if what == "scan" else "scan.spacing, scan.origin, scan.direction"
        raise InputError(
            f"the {what} is {short_repr(given)}, which does not say how large a voxel is and where it lies: give "
            f"xai.Volume(array, {grid}), spacing being (x, y, z) in mm"
        )
    try:
        return os.fsdecode(given)
    except TypeError as error:
        raise InputError(f"the {what} is {short_repr(given)}; give a path, a Volume or a SimpleITK image") from error


def model_of(given: Any) -> Any:
    """A model in memory, or its name or path as text.

    Parameters
    ----------
    given : str, path, callable or Segmenter

    Returns
    -------
    str, callable or Segmenter

    Raises
    ------
    InputError
        If it is something else.
    """
    if isinstance(given, str) or callable(given) or hasattr(given, "predict"):
        return given
    try:
        return os.fsdecode(given)
    except TypeError as error:
        raise InputError(f"the model is {short_repr(given)}; give a name, a path or a function of a batch") from error


def names_of(structures: Any) -> tuple[str, ...]:
    """One name, or several, as a tuple.

    Parameters
    ----------
    structures : str or iterable of str
        A set is sorted.

    Returns
    -------
    tuple of str

    Raises
    ------
    InputError
        If it is something else.
    """
    if isinstance(structures, str):
        return (structures,)
    if not isinstance(structures, Iterable) or isinstance(structures, (bytes, Mapping)):
        raise InputError(f"structures is {short_repr(structures)}; name at least one structure, such as 'liver'")
    if isinstance(structures, (set, frozenset)):
        structures = sorted(structures, key=str)
    return tuple(str(s) if isinstance(s, np.str_) else s for s in structures)


def method_of(given: Any, **settings: Any) -> Method:
    """A method as it is given for a scan.

    Parameters
    ----------
    given : str, type or Method
        Its name, its class, or its settings.
    **settings
        Of a name or a class, those that differ from its defaults; sizes are pixels of a slice 512 pixels wide.

    Returns
    -------
    Method

    Raises
    ------
    InputError
        If there is no such method or setting, or settings are given beside settings.
    """
    if isinstance(given, str) or given in METHODS.values():
        return make_method(given if isinstance(given, str) else given.name, **settings)
    return as_method(given, **settings)


def _name(scan: Volume | str, otherwise: str) -> str:
    return scan if isinstance(scan, str) else scan.name or otherwise


def called(model: Any) -> str:
    """What a model in memory is called in a request.

    Parameters
    ----------
    model : callable or Segmenter

    Returns
    -------
    str
    """
    name = getattr(model, "name", None) or getattr(model, "__name__", None)
    return name if isinstance(name, str) else type(model).__name__
