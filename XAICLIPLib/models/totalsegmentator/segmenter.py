"""TotalSegmentator 2 (Wasserthal et al., Radiology: Artificial Intelligence 2023), from the weights that it has
downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from XAICLIPLib.errors import InputError, ModelError, WeightsError
from XAICLIPLib.models.base import Context, Prepared, Segmenter
from XAICLIPLib.models.nnunet.segmenter import NnunetSegmenter
from XAICLIPLib.models.totalsegmentator.grid import Zoomed
from XAICLIPLib.models.totalsegmentator.parts import how_to_get, is_whole, open_part, parts_here
from XAICLIPLib.models.totalsegmentator.postprocessing import cleaned, finished, near, said_of
from XAICLIPLib.models.totalsegmentator.rules import Rules, rules
from XAICLIPLib.models.totalsegmentator.run import Run
from XAICLIPLib.models.totalsegmentator.steps import Box, box_round, prepared_part, whole_box
from XAICLIPLib.models.totalsegmentator.tasks import OPEN, RESTRICTED, ROI_MARGIN, Crop, Task, find_task

RAS = "RAS"  # how TotalSegmentator's images lie


class TotalSegmentator(Segmenter):
    """One task of TotalSegmentator.

    A prediction is the program's own: its crop, orientation, spacing and whole numbers, each data set's normalisation,
    and a sliding window without mirroring. Of a task with several data sets those alone are run, and opened, that hold
    the structures that are asked for, as `--roi_subset` does it, and at 1.5 mm also cropped as there: to the organ as
    a coarse model finds it.

    Parameters
    ----------
    root : Path
        The folder of the data sets.
    task : Task
    device : torch.device
    whole : bool
        Never crop to the structures that are asked for; the crop that is part of a task stays.
    followed : Rules, optional
        The release that is followed; the one that is installed by default.

    Raises
    ------
    WeightsError
        If no data set of the task is there, or its crop's is not.
    """

    spatial_dims = 3
    selects_targets = True

    def __init__(
        self, root: Path, task: Task, device: torch.device, *, whole: bool = False, followed: Rules | None = None
    ) -> None:
        self._root, self._task, self._device, self._whole = root, task, device, whole
        self._rules = followed or rules()
        self._here = parts_here(root, task) or task.datasets[:1]
        self._parts: dict[int, NnunetSegmenter] = {}
        self._coarse: TotalSegmentator | None = None
        self._places = [(number, k) for number in self._here for k in range(len(task.parts[number]))]
        self.targets = tuple(task.parts[number][k] for number, k in self._places)
        self.name = " ".join(filter(None, ("TotalSegmentator", task.name, task.mode)))
        self.trained_on = task.modality
        if task.crop is not None:
            self._finder(task.crop)
        if len(self._here) == 1:
            self._part(self._here[0])
        self.provenance = {
            "family": "totalsegmentator",
            "licence": RESTRICTED if task.licensed else OPEN,
            "task": " ".join(filter(None, (task.name, task.mode))),
            "as_in_release": self._rules.release,
            "datasets": list(self._here),
            "spacing_mm": None if task.spacing is None else list(task.spacing),
            "tile_step": self._rules.step(task),
            "mirroring": "off",
        }
        self._tell()

    def _part(self, number: int) -> NnunetSegmenter:
        if number not in self._parts:
            self._parts[number] = open_part(self._root, self._task, number, self._device, self._rules.step(self._task))
            if hasattr(self, "provenance"):
                self._tell()
        return self._parts[number]

    def _tell(self) -> None:
        """What the opened data sets say of themselves, into the provenance."""
        about = [part.provenance for part in self._parts.values()]
        self.provenance |= {
            "file": ", ".join(one["dataset"] + "/" + one["file"] for one in about),
            "sha256": ", ".join(one["sha256"] for one in about),
            "trainer": self._task.trainer,
            "precision": "fp16 autocast" if self._device.type == "cuda" else "fp32",
        }
        if about:
            self.provenance |= {
                "parameters": sum(one["parameters"] for one in about),
                "patch_size": about[0]["patch_size"],
            }

    @property
    def network(self) -> nn.Module | None:
        """The networks of the data sets that were opened so far, by number."""
        if not self._parts:
            self._part(self._here[0])
        return nn.ModuleDict({str(number): part.network for number, part in self._parts.items()})

    def with_network(self, network: nn.Module) -> Segmenter:
        """See `Segmenter.with_network`; a `ModuleDict` as `network` gives it."""
        other = copy(self)
        other._parts = {n: part.with_network(network[str(n)]) for n, part in self._parts.items()}
        other.provenance = dict(self.provenance)
        return other

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """TotalSegmentator's way from a scan to its networks.

        Parameters
        ----------
        image : ndarray of float32, shape (Z, H, W)
            In the scan's own values, HU on CT.
        context : Context
            Its spacing, mm, and its `targets`: which structures are asked for.

        Returns
        -------
        Prepared
            Its image has the shape (P, d, h, w): the scan as each of P data sets normalises it.

        Raises
        ------
        InputError
            If what the scan is cropped to is not in it.
        WeightsError
            If a data set that is needed is not there.
        """
        asked = tuple(range(len(self.targets))) if context.targets is None else tuple(context.targets)
        numbers = tuple(dict.fromkeys(self._places[k][0] for k in asked))
        parts = [self._part(number) for number in numbers]
        box, notes = self._box(image, context, asked if context.targets is not None else ())
        part, spacing = prepared_part(image, box, context.spacing, self._task.spacing, self._rules.order)
        inner = Context(context.modality, spacing, orientation=RAS)
        cases = [opened.preprocess(part, inner) for opened in parts]
        if len({tuple(case.image.shape) for case in cases}) > 1:
            raise ModelError(f"the data sets {numbers} of {self.name} have not the same spacing; copy them again")
        grid = Zoomed(tuple(image.shape), box or whole_box(image.shape), part.shape, cases[0].grid)
        tensor = torch.cat([case.image for case in cases]).to(self._device)
        predict = Run(self._places, dict(zip(numbers, zip(parts, cases))), tensor)
        notes = (*self._notes(context, predict, numbers), *notes)
        tiling = predict if predict.count > 1 else None
        values = tuple(case.values[0] for case in cases)
        keep = None
        if self._task.cut and self._task.crop is not None:
            near_to = self._finder(self._task.crop).found(image, context, self._task.cut)
            keep = near(near_to, self._task.cut_mm, context.spacing)
        voxel = float(np.prod(self._task.spacing or context.spacing))
        draw = finished(grid.drawn, self._task, asked, voxel, keep)
        return Prepared(tensor, grid, values[0], predict, notes, tiling, values, draw)

    def _notes(self, context: Context, run: Run, numbers: Sequence[int]) -> tuple[str, ...]:
        task = self._task
        size = " x ".join(map(str, self.provenance["patch_size"]))
        notes = [
            f"prepared as TotalSegmentator {self._rules.release} does it; {run.count} tiles of {size} voxels for an "
            f"image, of data set {', '.join(map(str, numbers))} alone"
            if len(task.datasets) > 1
            else f"prepared as TotalSegmentator {self._rules.release} does it; {run.count} tiles of {size} voxels for "
            "an image",
            *(note for number in numbers for note in self._part(number).built),
            *said_of(task),
        ]
        if len(numbers) > 1:
            notes.append(
                "where structures of two data sets overlap, TotalSegmentator keeps the later one's; here each is the "
                "answer of its own data set"
            )
        if task.licensed:
            notes.append(f"the weights of the task {task.name}: {RESTRICTED}")
        if context.modality in ("CT", "MR") and context.modality != task.modality:
            notes.append(f"the model was trained on {task.modality}; this scan is {context.modality}")
        return tuple(notes)

    def _box(self, image: np.ndarray, context: Context, asked: Sequence[int]) -> tuple[Box | None, tuple[str, ...]]:
        """The part of a scan that is looked at, None for all of it uncropped, and what to know of it."""
        task = self._task
        crop = task.crop
        if crop is None:
            fine = task.spacing is not None and task.spacing[0] < 3.0
            if self._whole or not (task.is_total and fine and asked):
                return None, ()
            crop = self._roi(tuple(self.targets[k] for k in asked))
            if crop is None:
                absent = find_task(*task.roi_crop).datasets[0]
                return None, (
                    f"data set {absent}, which would find the organ roughly, is not here, so all of the scan is looked "
                    "at, which takes long",
                )
        mask = self._finder(crop).found(image, context, crop.organs)
        box = box_round(mask, crop.margin, context.spacing)
        if box is None:
            raise InputError(_nothing(self, crop, self._finder(crop).name))
        shown = " and ".join(crop.organs[:2]) + (", …" if len(crop.organs) > 2 else "")
        how = "as --roi_subset does" if task.crop is None else "as the task does"
        return box, (
            f"only the box {crop.margin:g} mm round the {shown} of {self._finder(crop).name} is looked at, {how}; "
            "what lies beyond can have no influence",
        )

    def _roi(self, structures: tuple[str, ...]) -> Crop | None:
        """The crop to structures that are asked for; None where nothing that finds them is here."""
        wanted = [self._task.roi_crop, (self._task.roi_crop[0], "fast")]
        for name, mode in wanted:
            finder = find_task(name, mode)
            known = set(finder.structures)
            if is_whole(self._root, finder) and known >= set(structures):
                return Crop(structures, name, mode, ROI_MARGIN)
        return None

    def _finder(self, crop: Crop) -> TotalSegmentator:
        """The task that finds what is cropped to."""
        task = find_task(crop.task, crop.mode)
        if not is_whole(self._root, task):
            raise WeightsError(
                f"TotalSegmentator's task {self._task.name} looks round the {' and '.join(crop.organs[:2])}, which its "
                f"task {task.name} {task.mode} finds, and data set {', '.join(map(str, task.datasets))} of that is not "
                f"whole in {self._root}; {how_to_get(self._task)}"
            )
        if self._coarse is None or self._coarse._task != task:
            self._coarse = TotalSegmentator(self._root, task, self._device, followed=self._rules)
        return self._coarse

    def found(self, image: np.ndarray, context: Context, structures: Sequence[str]) -> np.ndarray:
        """Where structures are, as TotalSegmentator itself draws them: each voxel is of the most probable one.

        Parameters
        ----------
        image : ndarray of float32, shape (Z, H, W)
        context : Context
        structures : sequence of str
            Of its targets.

        Returns
        -------
        ndarray of bool, shape (Z, H, W)
        """
        numbers = [self.targets.index(name) for name in structures]
        prepared = self.prepare(image, Context(context.modality, context.spacing))
        labels = self.labels(prepared)
        mask = np.isin(labels, [number + 1 for number in numbers])
        return prepared.masks(mask[None].astype(np.float32))[0]

    @torch.inference_mode()
    def labels(self, prepared: Prepared) -> np.ndarray:
        """The label map of a prepared scan, on the work grid.

        Parameters
        ----------
        prepared : Prepared
            With all structures asked for.

        Returns
        -------
        ndarray of int, shape (d, h, w)
            0, or one more than a number of `targets`; of several data sets the later one's counts.
        """
        shape = tuple(prepared.image.shape[1:])
        out = np.zeros(shape, np.int32)
        first = 0
        for number in self._here:
            count = len(self._task.parts[number])
            predict = prepared.predict or self.predict
            maps = predict(prepared.image[None], range(first, first + count))[0]
            best, which = maps.max(0)
            # the background is what is left over; label 0 wins a draw, as in nnU-Net
            there = best > 1 - maps.sum(0)
            found = torch.where(there, which + first + 1, 0).cpu().numpy()
            out = np.where(found > 0, found, out)
            first += count
        voxel = float(np.prod(self._task.spacing or (1.0,)))
        return cleaned(out, self._task, voxel)

    def predict(self, batch: Tensor, targets: Sequence[int] | None = None) -> Tensor:
        """See `Segments.predict`; what `prepare` gives knows the tiles of its own image, and this does not.

        Parameters
        ----------
        batch : Tensor, shape (B, P, *S), float32
        targets : sequence of int, optional

        Raises
        ------
        ModelError
            Always.
        """
        raise ModelError(f"{self.name} predicts what it has prepared; use the `predict` of what `prepare` gives")


def _nothing(model: TotalSegmentator, crop: Crop, finder: str) -> str:
    organs = " and ".join(crop.organs[:2]) + (" …" if len(crop.organs) > 2 else "")
    more = ":whole" if model._task.crop is None else ""
    advice = f", or open {model._task.spec}{more}, which looks at all of the scan" if more else ""
    return f"{finder} finds no {organs} in this scan, round which {model.name} looks; give a scan that shows it{advice}"
