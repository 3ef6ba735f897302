"""One look at a model before it is explained: what it is, what it finds in one slice, and how fast it runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from XAICLIPLib import anatomy
from XAICLIPLib.attribution.scorer import Predict
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError
from XAICLIPLib.models.base import Prepared, Prompt, Segmenter
from XAICLIPLib.models.device import seconds_now
from XAICLIPLib.models.effort import least_memory
from XAICLIPLib.models.families import FAMILIES
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.memory import out_of_memory
from XAICLIPLib.phantom import PHANTOM_LABELS, make_phantom
from XAICLIPLib.pipeline.cost import Foretold, foretell_tiles
from XAICLIPLib.pipeline.model_orientation import Tried, try_orientations
from XAICLIPLib.pipeline.opened import open_image
from XAICLIPLib.pipeline.volumetric import FASTER
from XAICLIPLib.report.outlines import Outline, outlines
from XAICLIPLib.report.wording import duration
from XAICLIPLib.volume import Volume, read_volume

BATCHES = (1, 2, 4, 8, 16)
SLOW = 5.0  # seconds for a volume, from which on it is said what would help
PATIENCE = 20.0  # seconds for one batch, after which no larger one is tried
NAMED = 12  # structures of a slice that are listed
KNOWN = ("family", "file", "sha256", "licence", "license", "parameters", "precision", "megabytes", "input")


@dataclass(frozen=True, eq=False)
class Check:
    """What a look at a model showed.

    Attributes
    ----------
    segmenter : Segmenter
    prepared : Prepared
    case : Case
    z : int
        The slice that is shown.
    names : tuple of str
        The K structures that were looked at.
    masks : ndarray, shape (K, H, W), bool
        What the model finds of each in that slice.
    prompts : tuple of Prompt or None
    seconds : dict of int to float
        Per image, by the number of images at a time.
    shape : tuple of ints
        Of the model's output for one image, (K, *S).
    whole : float
        Seconds that the model took for the image as it is: of one that works in tiles, for all of them.
    foretold : Foretold or None
        What one tile said of that before all were run; None of a model that does not work in tiles.
    said : tuple of str
        What to know of the way it was run.
    orientation : Tried, optional
        Which way round its images lie best.
    """

    segmenter: Segmenter
    prepared: Prepared
    case: Case
    z: int
    names: tuple[str, ...]
    masks: np.ndarray
    prompts: tuple[Prompt | None, ...]
    seconds: dict[int, float]
    shape: tuple[int, ...]
    whole: float = 0.0
    foretold: Foretold | None = None
    said: tuple[str, ...] = ()
    orientation: Tried | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be assumed about the model, and what to know about this image and the way it was run."""
        return tuple(dict.fromkeys((*self.case.scan.notes, *self.case.images.notes, *self.prepared.notes, *self.said)))

    @property
    def best_batch(self) -> int:
        """Images at a time with which one takes least; the smaller where it makes no difference."""
        least = min(self.seconds.values())
        return next(n for n, seconds in self.seconds.items() if seconds <= 1.05 * least)

    @property
    def short_name(self) -> str:
        """The model's name as the name of a file."""
        return re.sub(r"[^\w.-]+", "-", self.segmenter.name).strip("-.") or "model"

    def areas(self) -> list[tuple[str, float]]:
        """What was found and its area in cm², the largest first."""
        pixel = self.case.scan.spacing[0] * self.case.scan.spacing[1] / 100
        areas = [(name, float(mask.sum()) * pixel) for name, mask in zip(self.names, self.masks) if mask.any()]
        return sorted(areas, key=lambda pair: -pair[1])

    def rows(self) -> list[tuple[str, str]]:
        """The report, line by line."""
        about, targets = self.segmenter.provenance, self.segmenter.targets
        found = [f"{name} {area:.1f} cm²" for name, area in self.areas()]
        more = f", and {len(found) - NAMED} more" if len(found) > NAMED else ""
        declared = about.get("input")
        channels = declared["channels"] if isinstance(declared, dict) else len(self.prepared.image)
        rows = [("model", f"{self.segmenter.name} ({about.get('family', 'a Segmenter')})")]
        if "file" in about:
            size = f", {about['megabytes']:g} MB" if "megabytes" in about else ""
            rows.append(("file", f"{about['file']}{size}, SHA-256 {about.get('sha256', 'not computed')}"))
        rows += [
            ("licence", _licence(about)),
            ("targets", f"{len(targets)}: {', '.join(targets)}"),
            ("input", f"{_size(self.prepared.image.shape)}, {channels} channel{'s' if channels > 1 else ''}"),
            ("output", _size(self.shape)),
            ("parameters", _parameters(self.segmenter)),
            ("precision", str(about.get("precision", "fp32"))),
            ("device", _device(self.prepared.image.device)),
        ]
        rows += [
            (key.replace("_", " "), str(value)) for key, value in about.items() if key not in KNOWN and _plain(value)
        ]
        if self.orientation is not None:
            rows.append(("orientation", self.orientation.said(self._where)))
        first = next(iter(self.seconds))
        timed = f"{duration(self.seconds[first])} per {self._unit}, one at a time"
        if self.best_batch != first:
            timed += f"; {duration(self.seconds[self.best_batch])} with --batch-size {self.best_batch}, the best"
        rows.append(("time", timed))
        if self.foretold is not None:
            rows.append(("tiles", f"{self.foretold}; it took {duration(self.whole)}; a perturbed copy costs those that "
                                  "it changes"))  # fmt: skip
        if self.segmenter.spatial_dims == 3:
            voxels = int(np.prod(self.prepared.image.shape[1:]))
            least = least_memory(self.segmenter, voxels)
            needs = "" if least is None else f"; an evaluation needs {least / 1e9:.1f} GB of memory at least"
            rows.append(("volume", f"{voxels / 1e6:.1f} million voxels{needs}"))
            if self.seconds[first] > SLOW:
                hundred = duration(100 * self.seconds[self.best_batch])
                rows.append(("a map", f"of 100 evaluations takes about {hundred}. {FASTER}"))
        rows += [
            (f"slice {self.z}", ", ".join(found[:NAMED]) + more if found else "nothing was found in it"),
        ]
        return rows

    @property
    def _unit(self) -> str:
        return "image" if self.segmenter.spatial_dims == 2 else "volume"

    @property
    def _where(self) -> str:
        """Where what is known of the model is written down."""
        about = self.segmenter.provenance
        if about.get("family") == "function":
            return "attributes of the function, such as predict.orientation"
        return f"its sidecar {about['file']}.json" if "file" in about else "its sidecar"

    def draw(self, path: Path) -> Path:
        """Write the picture of the slice with the outlines of what was found.

        Parameters
        ----------
        path : Path
            Ends in ".png".

        Returns
        -------
        Path
            The same.
        """
        areas = dict(self.areas())
        lines = [
            Outline(name, mask, anatomy_colour(name), f"{areas[name]:.1f} cm²")
            for name, mask in zip(self.names, self.masks)
            if mask.any()
        ]
        first = next(iter(self.seconds))
        return outlines(
            path,
            image=self.case.picture(self.z),
            structures=sorted(lines, key=lambda line: -areas[line.name]),
            boxes=[p.box for p in self.prompts if p and p.box],
            points=[point for p in self.prompts if p for point in p.points],
            spacing=self.case.scan.spacing,
            title=f"{self.segmenter.name} · slice {self.z}",
            caption=f"{Path(self.case.scan.volume.name).name or 'scan'} · {duration(self.seconds[first])} per "
            f"{self._unit} on {_device(self.prepared.image.device)}",
        )


def check_model(
    spec: str | Callable[[Tensor], Tensor] | Segmenter,
    *,
    scan: str | Volume | None = None,
    structures: tuple[str, ...] = (),
    z: int | None = None,
    device: str = "auto",
    accept_licence: bool = False,
    tell: Callable[[str], None] | None = None,
    **settings: Any,
) -> Check:
    """Open a model and run it on one slice, or on the whole scan if it is a model of volumes.

    Parameters
    ----------
    spec : str, callable, or Segmenter
        See `open_segmenter`.
    scan : path or Volume, optional
        The phantom by default.
    structures : tuple of str
        All that the model names by default. A promptable model is pointed at them; at the phantom's liver by default.
    z : int, optional
        The slice; the scan's middle by default.
    device : str
    accept_licence : bool
        See `open_segmenter`.
    tell : callable, optional
        Gets a sentence on how long the model will take, before it is run on all of the image, where that is known.
    **settings
        Further settings of `Request`: series, modality, and, for a promptable model, region, prompt_box and
        prompt_points, which say what it is pointed at.

    Returns
    -------
    Check

    Raises
    ------
    XAICLIPError
        If the model or the scan can't be opened, the model fails, or a promptable model is pointed at nothing.
    """
    segmenter = open_segmenter(spec, device, structures, accept_licence=accept_licence)
    volume, liver, labels = (scan, None, None) if isinstance(scan, Volume) else _scan(scan, settings.get("series"))
    promptable = segmenter.promptable
    if promptable and not structures:
        structures = _pointed_at(segmenter, liver, settings)
        segmenter = open_segmenter(spec, device, structures)
    if z is None:
        z = len(volume.axial().voxels) // 2 if liver is None else liver
    if not promptable:
        settings |= {"region": "full", "prompt_box": None, "prompt_points": None}
    request = Request.of(
        volume.name, structures or ("target",), model=segmenter.name, slices=str(z), device=device, **settings
    )
    case = Case(request, Models(), scan=volume, model=segmenter)
    prompts = case.prompts(z) if promptable else ()
    if promptable and not any(prompts):
        raise InputError(
            f"{' and '.join(structures)} was not found in slice {z}; give another --slice, --prompt-box or "
            "--prompt-point"
        )
    return _check(case, z, structures, prompts, labels, tell)


def _pointed_at(segmenter: Segmenter, liver: int | None, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """What a promptable model is asked for where nothing is named: what is pointed at, or the phantom's liver."""
    pointed = settings.get("prompt_box") is not None or settings.get("prompt_points") is not None
    if liver is None and not pointed:
        raise InputError(
            f"{segmenter.name} segments what it is pointed at; give --structure TEXT, such as --structure liver, "
            "--prompt-box or --prompt-point"
        )
    return ("target",) if pointed else ("liver",)


def _check(
    case: Case,
    z: int,
    structures: tuple[str, ...],
    prompts: tuple[Prompt | None, ...],
    labels: dict[str, np.ndarray] | None,
    tell: Callable[[str], None] | None,
) -> Check:
    """Run the case's model once, time it, and try whether its images lie the right way round."""
    segmenter = case.segmenter
    ahead: Foretold | None = None

    def before_run(prepared: Prepared) -> None:
        nonlocal ahead
        ahead = foretell_tiles(prepared)
        if ahead is not None and tell is not None:
            tell(str(ahead))

    def predictor(prepared: Prepared) -> Predict:
        return case.predictor(prepared) if structures else prepared.predict or segmenter.predict

    # this also holds the output against what the program can explain
    where = None if segmenter.spatial_dims == 3 else z
    opened = open_image(case, where, predictor=predictor, before_run=before_run)
    prepared, scorer, whole = opened.prepared, opened.scorer, opened.scorer.model_seconds
    if scorer.model_seconds < PATIENCE:
        scorer.try_repeats(_blanked(prepared.image, 1)[0])
    seconds = _seconds(predictor(prepared), prepared.image)
    turned = try_orientations(segmenter, case, z, labels) if scorer.model_seconds < PATIENCE else None
    return Check(
        segmenter=segmenter,
        prepared=prepared,
        case=case,
        z=z,
        names=tuple(s.name for s in case.structures) if structures else segmenter.targets,
        masks=opened.prediction if opened.prediction.ndim == 3 else opened.prediction[:, z],
        prompts=prompts,
        seconds=seconds,
        shape=tuple(scorer.prediction.shape),
        whole=whole,
        foretold=ahead,
        said=scorer.notes,
        orientation=turned,
    )


def _scan(path: str | None, series: str | None) -> tuple[Volume, int | None, dict[str, np.ndarray] | None]:
    """The scan, or the phantom, the slice that holds most of its liver, and its structures' masks."""
    if path is not None:
        return read_volume(path, series), None, None
    phantom, labels = make_phantom()
    masks = {name: labels.axial().voxels == value for name, value in PHANTOM_LABELS.items()}
    return phantom, int(masks["liver"].sum((1, 2)).argmax()), masks


def _seconds(predict: Predict, image: Tensor) -> dict[int, float]:
    """Seconds per image by the number of images at a time, as far as memory and patience go."""
    found: dict[int, float] = {}
    for count in BATCHES:
        try:
            batch = _blanked(image, count)
            start = seconds_now(image.device)
            predict(batch)
            warm = seconds_now(image.device) - start
            if warm > PATIENCE:
                found.setdefault(count, warm / count)
                break
            start = seconds_now(image.device)
            predict(batch)
            found[count] = (seconds_now(image.device) - start) / count
        except (MemoryError, RuntimeError) as error:
            if count == 1 or not out_of_memory(error):
                raise
            break
    return found


def _blanked(image: Tensor, count: int) -> Tensor:
    """Copies of an image with a patch blanked, each elsewhere, as an explanation makes them."""
    batch = image[None].repeat(count, *[1] * image.dim())
    edges = [max(1, n // 8) for n in image.shape[1:]]
    for i, copy in enumerate(batch):
        starts = [(n - e) * (i + 1) // (count + 1) for n, e in zip(image.shape[1:], edges)]
        copy[(slice(None), *(slice(s, s + e) for s, e in zip(starts, edges)))] = 0
    return batch


def anatomy_colour(name: str) -> tuple[float, float, float]:
    """A structure's display colour in [0, 1].

    Parameters
    ----------
    name : str
        Of the structure.

    Returns
    -------
    tuple of float
        Red, green, blue.
    """
    structure = anatomy.find(name) or anatomy.describe(name)
    red, green, blue = structure.colour
    return red / 255, green / 255, blue / 255


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(str(n) for n in shape[1:])


def _plain(value) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _device(device: torch.device) -> str:
    return f"{device} ({torch.cuda.get_device_name(device)})" if device.type == "cuda" else str(device)


def _licence(about: Mapping) -> str:
    """What the model says of its licence, else that of the published weights of its family."""
    said = about.get("licence") or about.get("license")
    published = next((family.licence for family in FAMILIES if family.name == about.get("family")), "")
    return said or (f"{published} (the published weights)" if published else "not said")


def _parameters(segmenter: Segmenter) -> str:
    """How many numbers a model learned: as it says, as its network holds, or by its file's size in single precision."""
    about = segmenter.provenance
    count = about.get("parameters")
    if not isinstance(count, int):
        networks = [v for v in vars(segmenter).values() if isinstance(v, nn.Module)]
        own = {id(p): p.numel() for network in networks for p in network.parameters()}  # one may be held twice
        count = sum(own.values())
    if count:
        return f"{count / 1e6:.2f} million" if count < 1e8 else f"{count / 1e6:.0f} million"
    width = {"fp16": 2, "bf16": 2, "fp64": 8}.get(str(about.get("precision")), 4)
    return f"about {about['megabytes'] / width:.1f} million, by the file's size" if "megabytes" in about else "not said"
