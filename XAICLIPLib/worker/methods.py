"""The engine as a process of its own: ``python -m XAICLIPLib.worker`` answers 3D Slicer, or anybody, on its pipes.

JSON-RPC 2.0, one message per line; arrays travel as uncompressed NRRD files in a folder that the caller owns. Models
and the scans last used stay loaded. The methods are those of `Worker`; see `jsonrpc` for `cancel`, `shutdown` and how
it ends.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import time
from collections import OrderedDict, deque
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from XAICLIPLib import __version__
from XAICLIPLib.attribution.fieldtypes import typed
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import Cancelled, InputError, ResourceError, XAICLIPError
from XAICLIPLib.report.provenance import plain
from XAICLIPLib.threads import wait_asleep
from XAICLIPLib.worker.jsonrpc import Job, Server, private_pipes

if TYPE_CHECKING:
    import numpy as np

    from XAICLIPLib.results.explanation import Explanation
    from XAICLIPLib.worker.cached_case import RememberingCase

PROTOCOL = 1
SCANS = 2
PREVIEWS = 8
PROGRESS_SECONDS = 0.05

logger = logging.getLogger("xaiclip.worker")


class Worker:
    """The methods, with what stays loaded between them. Paths are those of the machine that both sides run on."""

    def __init__(self) -> None:
        self._models = None
        self._cases: OrderedDict[tuple, RememberingCase] = OrderedDict()
        self._previews: deque[list[Path]] = deque()
        self._calls = 0
        self._partial: Path | None = None

    def methods(self) -> dict:
        """By name, for `Server`."""
        names = "hello language_models download learn models prepare locate plan explain draw dicom".split()
        return {name: typed(getattr(self, name)) for name in names}

    def hello(self, job: Job) -> dict:
        """Who answers, and where it computes."""
        from XAICLIPLib.models.device import available_devices

        devices = available_devices()
        return {
            "version": __version__, "protocol": PROTOCOL, "device": devices[0], "devices": devices, "pid": os.getpid()
        }  # fmt: skip

    def models(self, job: Job, model: str, structures: tuple[str, ...] | None = None, device: str = "auto") -> dict:
        """Open a model, and say what it segments. `structures` names the channels of a plain function."""
        from XAICLIPLib.models.device import choose_device

        opened = self._loaded().segmenter(model, choose_device(device), structures or ())
        promptable = getattr(opened, "promptable", False)
        # what it is pointed at, or what is asked for, names what it segments
        borrowed = promptable or (getattr(opened, "named_by_request", False) and not structures)
        return {
            "name": opened.name,
            "targets": [] if borrowed else list(opened.targets),
            "promptable": promptable,
            "spatial_dims": opened.spatial_dims,
            "provenance": plain(opened.provenance),
        }

    def language_models(self, job: Job) -> dict:
        """The vision-language models that are known by name, and which of them are on this machine."""
        from XAICLIPLib.vlm.catalogue import listed

        return {"models": plain(listed())}

    def download(self, job: Job, name: str) -> dict:
        """Download a vision-language model of that list; whoever calls this has the user's consent."""
        from XAICLIPLib.vlm.source import download

        def tell(done: float, total: float, message: str) -> None:
            job.check()
            job.progress(done, total, message)

        return {"path": str(download(name, tell))}

    def learn(self, job: Job, request: dict, scan: str, labels: str, out: str, shots: int = 8) -> dict:
        """Learn prompts for the request's structures from labelled slices, and write those that are better than words.

        Raises
        ------
        InputError
            If there is too little to learn from, or nothing was found better than by the words.
        """
        from XAICLIPLib.pipeline.learn_prompts import check_place, learn_prompts

        def tell(done: float, total: float, message: str) -> None:
            job.check()
            job.progress(done, total, message)

        if not os.path.isdir(Path(out).parent):
            raise InputError(f"{out} can't be written: there is no folder {Path(out).parent}; choose another place")
        check_place(out)
        wanted = replace(Request.from_json({**request, "scan": scan}), reference=labels)
        learning = learn_prompts(wanted, shots=shots, models=self._loaded(), progress=tell)
        if not learning.useful:
            raise InputError(
                "no structure is found better by learned prompts than by its words, so nothing was written; label more "
                "slices, or choose a larger language model"
            )
        path = learning.save(out)
        return plain(
            {
                "path": str(path),
                "rows": learning.rows,
                "kept": list(learning.useful),
                "warnings": list(learning.warnings),
            }
        )

    def prepare(self, job: Job, request: dict, scan: str) -> dict:
        """Open what a request needs, so that the first `locate` or `explain` need not."""
        start = time.perf_counter()
        case, warnings = self._case(request, scan, region=None), []
        middle = case.slices[len(case.slices) // 2]
        self._predicted(case, middle, warnings)
        job.check()
        if case.request.region.source == "clip":
            case.similarity(middle)
        return {"warnings": warnings, "milliseconds": 1000 * (time.perf_counter() - start)}

    def locate(
        self, job: Job, request: dict, scan: str, folder: str, region: str | None = None, slice: int | None = None
    ) -> dict:
        """Where the words are, in one axial slice or in all that the request names; what `explain` would perturb."""
        from XAICLIPLib.case.cautions import region_cautions, unsuitable
        from XAICLIPLib.case.regions import BATCH
        from XAICLIPLib.pipeline.assemble import best_similarity
        from XAICLIPLib.pipeline.rows import location_rows
        from XAICLIPLib.roi.region import region_recall
        from XAICLIPLib.worker.partial import write_slab

        start = time.perf_counter()
        case = self._case(request, scan, region=region)
        numbers = case.slices if slice is None else [slice]
        if not 0 <= numbers[0] <= numbers[-1] < len(case.axial.voxels):
            raise InputError(f"slice {slice} lies outside the scan, which has slices 0 to {len(case.axial.voxels) - 1}")
        grave = unsuitable(region_cautions(case))
        place, warnings, found = self._preview(folder), [*grave], []
        for done, z in enumerate(numbers):
            job.check()
            if slice is None:
                job.progress(done, len(numbers), f"slice {z}")
                if done % BATCH == 0:
                    case.regions(numbers[done : done + BATCH])  # seen at once; `region` below finds them remembered
            masks = self._predicted(case, z, warnings)
            region_found = case.region(z, masks)
            files, offset = {}, None
            maps = {"roi": region_found.mask.astype("uint8")}
            if region_found.similarity:
                maps["similarity"] = best_similarity(region_found)
            for kind, values in maps.items():
                files[kind], offset = write_slab(case, z, values, place(f"{z:04d}-{kind}"))
            recall = None
            if masks is not None:
                recall = region_recall(region_found.mask, _any(masks))
            warnings += region_found.warnings
            found.append(
                {
                    "z": z,
                    "roi": files["roi"],
                    "similarity": files.get("similarity"),
                    "offset": offset,
                    "rows": location_rows(case, z, region_found),
                    "prediction_recall": recall,
                }
            )
        spent = 1000 * (time.perf_counter() - start)
        return plain(
            {
                "slices": found,
                "warnings": list(dict.fromkeys(warnings)),
                "unsuitable": bool(grave),
                "milliseconds": spent,
            }
        )

    def plan(self, job: Job, request: dict, scan: str, region: str | None = None) -> dict:
        """What `explain` would cost."""
        from XAICLIPLib.pipeline.plan import plan

        case = self._case(request, scan, region=region)

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
        is looking at, and its neighbours come first; the result is the same.
        """
        from XAICLIPLib.pipeline.explain import run
        from XAICLIPLib.results.outputs import reserve_output, result_files
        from XAICLIPLib.worker.partial import write_partial

        case = self._case(request, scan, region=region, reference=reference)
        if first is not None:
            case.slices = sorted(case.slices, key=lambda z: abs(z - first))
        self._sweep_partial()
        partial = _new_folder(Path(folder) / "partial")
        state = {"done": 0.0, "total": float(len(case.slices)), "message": "", "told": 0.0}

        def tell(done: float, total: float, message: str) -> None:
            if done < total:  # the end is no place to stop: everything is computed
                job.check()
            now = time.monotonic()
            if message != state["message"] or now - state["told"] > PROGRESS_SECONDS:
                state["told"] = now
                job.progress(done, total, message)
            state.update(done=done, total=total, message=message)

        largest = [0.0] * len(case.structures)

        def show(result) -> None:
            files = write_partial(case, result, partial, largest)
            if result.attribution.is_complete:  # a coarse map may overshoot
                largest[:] = [max(before, float(drop.max())) for before, drop in zip(largest, result.drop)]
            job.progress(state["done"], state["total"], state["message"], files)

        wanted = case.request
        with reserve_output(folder, wanted, result_files(wanted.structures)):
            self._partial = partial
            explanation = run(wanted, case=case, progress=tell, on_slice=show, on_early=show)
            tell(len(case.slices), len(case.slices), "saving")
            explanation.save(folder, pictures=False, compress=False)
            if pictures and not job.cancelled:
                self._draw(job, explanation, folder)
        return plain(
            {
                "folder": folder,
                "structures": explanation.report["structures"],
                "files": _files(folder),
                "summary": explanation.summary,
                "warnings": list(explanation.warnings),
                "stopped": job.stopped,
            }
        )

    def draw(self, job: Job, folder: str, scan: str, colormap: str = "jet") -> dict:
        """Draw the pictures of an explanation that was saved to `folder` without them."""
        from XAICLIPLib.pipeline.assemble import picture_of
        from XAICLIPLib.results.explanation import Explanation

        explanation = Explanation.load(folder)
        # only the picture is made anew: where the run looked is in the folder, and its masks need not exist any more;
        # the report has the names of models and masks, not the paths that they could be opened by
        unneeded = {"region": "full", "reference": None, "model": "bundled", "vlm": "bundled"}
        case = self._case({**explanation.report["request"], **unneeded}, scan, region=None)
        self._draw(job, replace(explanation, picture=picture_of(case)), folder, colormap)
        return {"folder": folder, "files": _files(folder)}

    def dicom(self, job: Job, folder: str, series: str, out: str, uid: str | None = None) -> dict:
        """Write a saved run as DICOM objects that refer to the scan's own series."""
        from XAICLIPLib.results.explanation import Explanation

        export = Explanation.load(folder).export_dicom(out, series, uid, pictures=folder)
        return plain({"folder": out, "files": list(export.files), "copied": export.copied, "notes": list(export.notes)})

    @staticmethod
    def _draw(job: Job, explanation: Explanation, folder: str, colormap: str = "jet") -> None:
        """Draw all pictures, or none where the job is cancelled: the maps are complete without them."""

        def tell(done: int, total: int) -> None:
            if job.cancelled:
                raise Cancelled("the pictures were not drawn")
            job.progress(done, total, "drawing")

        try:
            explanation.save_pictures(folder, colormap, tell)
        except Cancelled as error:
            logger.info("%s", error)

    def _sweep_partial(self) -> None:
        """Remove the slices of the run before: they are in its result, and the client has read what it was told of."""
        if self._partial is not None:
            with suppress(OSError):
                for path in self._partial.iterdir():
                    if path.suffix == ".nrrd":
                        path.unlink()
                self._partial.rmdir()
        self._partial = None

    def close(self) -> None:
        """Remove what nobody will read any more."""
        self._sweep_partial()

    def _loaded(self):
        from XAICLIPLib.case.models import Models

        self._models = self._models or Models()
        return self._models

    def _case(self, request: dict, scan: str, *, region: str | None, reference: str | None = None) -> RememberingCase:
        """The request opened; on a scan that is open already, only what the request changes is done again."""
        from XAICLIPLib.case.naming import scan_label
        from XAICLIPLib.volume import read_volume
        from XAICLIPLib.worker.cached_case import RememberingCase

        wanted = Request.from_json({"scan": scan, **request})
        if region is not None:
            wanted = wanted.changed(region=region)
        elif wanted.region.is_given and not os.path.exists(wanted.region.source):
            raise InputError(f"the region {wanted.region.source!r} needs the file of a mask")
        if reference is not None:
            wanted = replace(wanted, reference=reference)
        try:
            state = os.stat(scan)
        except OSError as error:
            raise InputError(f"{scan[:200]} can't be read ({error.strerror}); check the path") from error
        key = (scan, wanted.series, wanted.modality, state.st_mtime_ns, state.st_size)
        if key in self._cases:
            case = self._cases[key].revise(wanted)
        else:
            for old in [k for k in self._cases if k[:2] == key[:2] and k[3:] != key[3:]]:
                del self._cases[old]
            volume = read_volume(scan, wanted.series)
            case = RememberingCase(wanted, self._loaded(), scan=replace(volume, name=scan_label(wanted, wanted.scan)))
        self._cases[key] = case
        self._cases.move_to_end(key)
        while len(self._cases) > SCANS:
            self._cases.popitem(last=False)
        return case

    @staticmethod
    def _predicted(case: RememberingCase, z: int, warnings: list[str]) -> dict[str, np.ndarray] | None:
        """The model's masks; None where there is no usable model, which does not keep words from being found."""
        try:
            return case.predicted(z)
        except XAICLIPError as error:
            if case.request.region.source == "prediction" or isinstance(error, (Cancelled, ResourceError)):
                raise
            warnings.append(f"not compared with a prediction: {error}")
            return None

    def _preview(self, folder: str):
        """Names for the files of one call. The client may still read those of the calls before, so the oldest go."""
        self._calls += 1
        call, made = self._calls, []
        self._previews.append(made)
        while len(self._previews) > PREVIEWS:
            for path in self._previews.popleft():
                with suppress(OSError, ValueError):  # it may never have been written, or be open still
                    path.unlink()

        def name(what: str) -> Path:
            made.append(Path(folder) / f"preview-{call}-{what}.nrrd")
            return made[-1]

        return name


def _files(folder: str) -> dict[str, str]:
    """What an explanation's folder holds: the volumes by name, the other files by file name."""
    listed = sorted(p for p in Path(folder).iterdir() if p.is_file())
    return {p.stem if p.suffix == ".nrrd" else p.name: str(p) for p in listed}


def _new_folder(path: Path) -> Path:
    """A folder of that name that is not there yet; it is made with its first file."""
    number, found = 1, path
    while os.path.lexists(found):
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found


def _any(masks: dict[str, np.ndarray]) -> np.ndarray:
    """The union of masks."""
    first, *others = masks.values()
    for mask in others:
        first = first | mask
    return first


def main() -> None:
    """Serve until stdin closes, the parent dies, or `shutdown`."""
    wait_asleep()
    source, sink = private_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in Slicer's terminal is Slicer's
    if hasattr(os, "nice"):
        os.nice(5)  # the window that waits for the result goes first where both want the processor
    faulthandler.enable()
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logger.setLevel(logging.INFO)
    worker = Worker()
    Server(worker.methods(), source, sink).serve()
    worker.close()
    sys.stderr.flush()
    os._exit(0)  # not through the interpreter's end, where threads of libraries may wait for each other
