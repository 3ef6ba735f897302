"""The engine as a process of its own: ``python -m XAICLIPLib.worker`` answers 3D Slicer, or anybody, on its pipes.

JSON-RPC 2.0, one message per line; arrays travel as uncompressed NRRD files in a folder that the caller owns. Models
and the scans last used stay loaded. The methods are those of `Worker`; those about models are in `model_methods`, those
about finished runs in `run_methods`. See `jsonrpc` for `cancel`, `shutdown` and how it ends.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from XAICLIPLib import __version__
from XAICLIPLib.attribution.fieldtypes import typed
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message
from XAICLIPLib.report.provenance import plain
from XAICLIPLib.worker.files import new_folder, result_paths
from XAICLIPLib.worker.jsonrpc import Job
from XAICLIPLib.worker.model_methods import ModelMethods
from XAICLIPLib.worker.run_methods import RunMethods

if TYPE_CHECKING:
    from XAICLIPLib.pipeline.locate import LocatedSlice
    from XAICLIPLib.pipeline.opened import SliceResult
    from XAICLIPLib.worker.partial import PartialResults

PROTOCOL = 1
PROGRESS_SECONDS = 0.05


class Worker(ModelMethods, RunMethods):
    """All methods, with what stays loaded between them."""

    def __init__(self) -> None:
        super().__init__()
        self._partial: PartialResults | None = None

    def methods(self) -> dict:
        """By name, for `Server`."""
        names = "hello installed language_models download learn models prepare agreement locate plan".split()
        names += "explain draw save askable ask compare dicom".split()
        return {name: typed(getattr(self, name)) for name in names}

    def hello(self, job: Job) -> dict:
        """Who answers, and where it computes.

        Parameters
        ----------
        job : Job

        Returns
        -------
        dict
        """
        from XAICLIPLib.models.device import available_devices

        devices = available_devices()
        return {
            "version": __version__, "protocol": PROTOCOL, "device": devices[0], "devices": devices, "pid": os.getpid()
        }  # fmt: skip

    def prepare(self, job: Job, request: dict, scan: str) -> dict:
        """Open what a request needs, so that the first `locate` or `explain` need not.

        Parameters
        ----------
        job : Job
        request : dict
        scan : str
            Path.

        Returns
        -------
        dict
        """
        from XAICLIPLib.pipeline.locate import predicted_if_usable

        start = time.perf_counter()
        case = self._open(request, scan)
        middle = case.slices[len(case.slices) // 2]
        _, warnings = predicted_if_usable(case, middle)
        job.check()
        if case.request.region.source == "clip":
            case.similarities.of([middle])
        return {"warnings": list(warnings), "milliseconds": 1000 * (time.perf_counter() - start)}

    def agreement(self, job: Job, request: dict, scan: str, mask: str) -> dict:
        """The model's own prediction of the first structure against a mask that somebody has of it.

        Parameters
        ----------
        job : Job
        request : dict
        scan, mask : str
            Paths; the mask on the scan's grid.

        Returns
        -------
        dict
            "structure", "dice", "is_same", the "slices" that were compared and of how many ("total").
        """
        from XAICLIPLib.pipeline.agreement import agreement
        from XAICLIPLib.volume import read_volume

        def tell(done: float, total: float, message: str) -> None:
            job.check()
            job.progress(done, total, message)

        case = self._open(request, scan)
        found = agreement(case.request, read_volume(mask), case=case, progress=tell)
        return plain({**vars(found), "is_same": found.is_same})

    def locate(
        self, job: Job, request: dict, scan: str, folder: str, region: str | None = None, slice: int | None = None
    ) -> dict:
        """Where the words are, in one axial slice or in all that the request names; what `explain` would perturb.

        Parameters
        ----------
        job : Job
        request : dict
        scan : str
            Path.
        folder : str
            Where the regions are written.
        region : str, optional
            Path of a mask that takes the place of the words.
        slice : int, optional
            Axial slice; all that the request names by default.

        Returns
        -------
        dict

        Raises
        ------
        InputError
            If the slice does not lie in the scan.
        """
        from XAICLIPLib.case.cautions import region_cautions, unsuitable
        from XAICLIPLib.pipeline.locate import locate
        from XAICLIPLib.worker.located import write_located

        start = time.perf_counter()
        case = self._open(request, scan, region=region)
        depth = len(case.scan.axial.voxels)
        if slice is not None and not 0 <= slice < depth:
            raise InputError(Message(
                "slice {slice} lies outside the scan, which has slices 0 to {last}",
                slice=slice, last=depth - 1,
            ))  # fmt: skip
        grave = unsuitable(region_cautions(case))
        case = case if slice is None else case.vary(slices=slice)
        preview, warnings, slices = self._previews.begin(folder), [*grave], []

        def progress(done: float, total: float, message: str) -> None:
            job.check()
            if slice is None:
                job.progress(done, total, message)

        def show(located: LocatedSlice) -> None:
            warnings.extend([*located.warnings, *located.region.warnings])
            slices.append(write_located(case, located, preview))

        locate(case.request, case=case, fallback=True, progress=progress, on_slice=show)
        return plain(
            {
                "slices": slices,
                "warnings": list(dict.fromkeys(warnings)),
                "unsuitable": bool(grave),
                "milliseconds": 1000 * (time.perf_counter() - start),
            }
        )

    def plan(self, job: Job, request: dict, scan: str, region: str | None = None) -> dict:
        """What `explain` would cost.

        Parameters
        ----------
        job : Job
        request : dict
        scan : str
            Path.
        region : str, optional
            Path of a mask.

        Returns
        -------
        dict
        """
        from XAICLIPLib.pipeline.plan import plan

        case = self._open(request, scan, region=region)

        def tell(done: float, total: float, message: str) -> None:
            job.check()
            job.progress(done, total, message)

        cost = plan(case.request, case=case, progress=tell)
        return plain({**vars(cost), "text": str(cost)})

    def explain(
        self,
        job: Job,
        request: dict,
        scan: str,
        folder: str,
        reference: str | None = None,
        region: str | None = None,
        pictures: bool = True,
        first: int | None = None,
    ) -> dict:
        """Explain, write every finished slice to `folder`/partial and say so, and write the whole to `folder`.

        A slice that takes long is written and told of while it is still coarse, too. The slice `first`, which the user
        is looking at, and its neighbours come first; the result is the same. What the saliency shows is known only at
        the end: ``shown`` is that of each slice, as `PartialResults.write_saliency` wrote it.

        Parameters
        ----------
        job : Job
        request : dict
        scan, folder : str
            Paths of the scan, and of what is written.
        reference, region : str, optional
            Paths of masks.
        pictures : bool
            Whether to draw them.
        first : int, optional
            Axial slice.

        Returns
        -------
        dict
        """
        from XAICLIPLib.pipeline.explain import run
        from XAICLIPLib.results.outputs import reserve_output, result_files
        from XAICLIPLib.worker.partial import PartialResults

        case = self._open(request, scan, region=region, reference=reference)
        case = case.under(case.request, first=first)
        self.close()
        partial = PartialResults(case, new_folder(Path(folder) / "partial"))
        last, told = (0.0, float(len(case.slices)), ""), 0.0

        def tell(done: float, total: float, message: str) -> None:
            nonlocal last, told
            if done < total:  # the end is no place to stop: everything is computed
                job.check()
            now = time.monotonic()
            if message != last[2] or now - told > PROGRESS_SECONDS:
                told = now
                job.progress(done, total, message)
            last = done, total, message

        def show(result: SliceResult) -> None:
            job.progress(*last, partial.write(result))

        wanted = case.request
        with reserve_output(folder, wanted, result_files(wanted.structures)):
            self._partial = partial
            explanation = run(wanted, case=case, progress=tell, on_slice=show, on_early=show)
            tell(len(case.slices), len(case.slices), Message("saving"))
            explanation.save(folder, pictures=False, compress=False)
            shown = partial.write_saliency(explanation.saliency, explanation.report["slices"]["explained"])
            if pictures and not job.cancelled:
                self._draw(job, explanation, folder)
        return plain(
            {
                "folder": folder,
                "structures": explanation.report["structures"],
                "files": result_paths(folder),
                "shown": shown,
                "summary": explanation.summary,
                "warnings": list(explanation.warnings),
                "stopped": job.stopped,
            }
        )

    def close(self) -> None:
        """Remove what nobody will read any more: the slices of the last run."""
        if self._partial is not None:
            self._partial.remove()
        self._partial = None
