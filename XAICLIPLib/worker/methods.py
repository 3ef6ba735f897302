"""The engine as a process of its own: ``python -m XAICLIPLib.worker`` answers 3D Slicer, or anybody, on its pipes.

JSON-RPC 2.0, one message per line; arrays travel as uncompressed NRRD files in a folder that the caller owns. Models
and the scans last used stay loaded. The methods are those of `Worker`; see `jsonrpc` for `cancel`, `shutdown` and how
it ends.
"""

from __future__ import annotations

import logging
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from XAICLIPLib import __version__
from XAICLIPLib.attribution.fieldtypes import typed
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.report.colormap import COLORMAP, RUN
from XAICLIPLib.report.provenance import plain
from XAICLIPLib.worker.asked import OpenRun, question_of, write_answer
from XAICLIPLib.worker.files import Previews, new_folder, result_paths
from XAICLIPLib.worker.jsonrpc import Job
from XAICLIPLib.worker.open_cases import OpenCases

if TYPE_CHECKING:
    from XAICLIPLib.case.case import Case
    from XAICLIPLib.case.models import Models
    from XAICLIPLib.pipeline.ask import Reply
    from XAICLIPLib.pipeline.ask_slice import SliceReply
    from XAICLIPLib.pipeline.locate import LocatedSlice
    from XAICLIPLib.pipeline.opened import SliceResult
    from XAICLIPLib.results.explanation import Explanation
    from XAICLIPLib.worker.partial import PartialResults

PROTOCOL = 1
PROGRESS_SECONDS = 0.05

logger = logging.getLogger("xaiclip.worker")


class Worker:
    """The methods, with what stays loaded between them. Paths are those of the machine that both sides run on."""

    def __init__(self) -> None:
        self._models: Models | None = None
        self._cases: OpenCases | None = None
        self._previews = Previews()
        self._partial: PartialResults | None = None
        self._run = OpenRun()

    def methods(self) -> dict:
        """By name, for `Server`."""
        names = "hello installed language_models download learn models prepare agreement locate plan".split()
        names += "explain draw askable ask compare dicom".split()
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

    def models(
        self,
        job: Job,
        model: str,
        structures: tuple[str, ...] | None = None,
        device: str = "auto",
        accept_licence: bool = False,
    ) -> dict:
        """Open a model, and say what it segments. `structures` names the channels of a plain function.

        Parameters
        ----------
        job : Job
        model : str
            See `open_segmenter`.
        structures : tuple of str, optional
            Names of a plain function's channels.
        device : str
        accept_licence : bool
            Whether the user has just accepted a licence that forbids commercial use, see `open_segmenter`.

        Returns
        -------
        dict
        """
        from XAICLIPLib.models.device import choose_device

        place = choose_device(device)
        if accept_licence:
            from XAICLIPLib.models.load import open_segmenter

            open_segmenter(model, place, structures or (), accept_licence=True)
        opened = self._loaded().segmenter(model, place, structures or ())
        # what it is pointed at, or what is asked for, names what it segments
        borrowed = opened.promptable or (opened.named_by_request and not structures)
        return {
            "name": opened.name,
            "targets": [] if borrowed else list(opened.targets),
            "promptable": opened.promptable,
            "images": list(opened.images),
            "spatial_dims": opened.spatial_dims,
            "provenance": plain(opened.provenance),
        }

    def installed(self, job: Job) -> dict:
        """The models that other programs have left on this machine.

        Parameters
        ----------
        job : Job

        Returns
        -------
        dict
            "models": see `InstalledModel.to_json`.
        """
        from XAICLIPLib.models.installed.programs import found_models

        return {"models": [model.to_json() for model in found_models()]}

    def language_models(self, job: Job) -> dict:
        """The vision-language models that are known by name, and which of them are on this machine.

        Parameters
        ----------
        job : Job

        Returns
        -------
        dict
        """
        from XAICLIPLib.vlm.catalogue import listed

        return {"models": plain(listed())}

    def download(self, job: Job, name: str) -> dict:
        """Download a vision-language model of that list; whoever calls this has the user's consent.

        Parameters
        ----------
        job : Job
        name : str
            Of the catalogue.

        Returns
        -------
        dict
        """
        from XAICLIPLib.vlm.source import download

        def tell(done: float, total: float, message: str) -> None:
            job.check()
            job.progress(done, total, message)

        return {"path": str(download(name, tell))}

    def learn(self, job: Job, request: dict, scan: str, labels: str, out: str, shots: int = 8) -> dict:
        """Learn prompts for the request's structures from labelled slices, and write those that are better than words.

        Parameters
        ----------
        job : Job
        request : dict
            See `Request.to_json`, without the scan.
        scan, labels : str
            Paths.
        out : str
            Where the learned prompts are written.
        shots : int
            Labelled slices of each structure.

        Returns
        -------
        dict

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
            raise InputError(f"slice {slice} lies outside the scan, which has slices 0 to {depth - 1}")
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
        is looking at, and its neighbours come first; the result is the same.

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
            tell(len(case.slices), len(case.slices), "saving")
            explanation.save(folder, pictures=False, compress=False)
            if pictures and not job.cancelled:
                self._draw(job, explanation, folder)
        return plain(
            {
                "folder": folder,
                "structures": explanation.report["structures"],
                "files": result_paths(folder),
                "summary": explanation.summary,
                "warnings": list(explanation.warnings),
                "stopped": job.stopped,
            }
        )

    def draw(self, job: Job, folder: str, scan: str, colormap: str = COLORMAP, scale: str = RUN) -> dict:
        """Draw the pictures of an explanation that was saved to `folder` without them.

        Parameters
        ----------
        job : Job
        folder, scan : str
            Paths.
        colormap : str
            Any of matplotlib's.
        scale : str
            "run" for one in all slices, "slice" for one in each.

        Returns
        -------
        dict
        """
        from XAICLIPLib.pipeline.assemble import picture_of
        from XAICLIPLib.results.explanation import Explanation

        explanation = Explanation.load(folder)
        # only the picture is made anew: where the run looked is in the folder, and its masks need not exist any more;
        # the report has the names of models and masks, not the paths that they could be opened by
        unneeded: dict[str, Any]
        unneeded = {"region": "full", "reference": None, "model": "bundled", "vlm": "bundled", "images": []}
        case = self._open({**explanation.report["request"], **unneeded}, scan)
        self._draw(job, replace(explanation, picture=picture_of(case.scan, case.preset)), folder, colormap, scale)
        return {"folder": folder, "files": result_paths(folder)}

    def askable(self, job: Job, run: str) -> dict:
        """Open a finished run for questions, and say what it can be asked.

        Parameters
        ----------
        job : Job
        run : str
            Folder of a finished run.

        Returns
        -------
        dict
            Fields of `pipeline.ask_slice.Askable` by name.

        Raises
        ------
        InputError
            If the run kept no record or a damaged one.
        """
        from XAICLIPLib.pipeline.ask_slice import askable

        return plain(vars(askable(self._run.open(run))))

    def ask(
        self, job: Job, run: str, folder: str, question: dict, between: bool = False, in_slice: bool = False
    ) -> dict:
        """Answer a question from what a finished run recorded; no model is run.

        `run` is the folder that `explain` wrote, in this session or before; it stays open for the next question. The
        question has the fields of `pipeline.ask.Question` by name: `at` (LPS mm) with `radius_mm`, `mask` (a file),
        `island`, `part_of`; `structure`, `part`, `reach`. The answer is the `text`, whose `largest` value lies `at` a
        point in the axial `slice`, and the `map`: a file in `folder` with those voxels of the scan's own grid that are
        not 0, the first of them at `offset`. With `in_slice` the question is about a point, and the answer about its
        axial slice alone, soon enough to follow a mouse. With `between` the question is empty, and the answer the
        matrix `losses` of `structures` without each of the `players`.

        Parameters
        ----------
        job : Job
        run : str
            Folder of a finished run.
        folder : str
            Where the map is written.
        question : dict
        between, in_slice : bool

        Returns
        -------
        dict

        Raises
        ------
        InputError
            If the run kept no record or a damaged one, or does not hold what is asked about.
        """
        from XAICLIPLib.pipeline.ask import ask, ask_between
        from XAICLIPLib.pipeline.ask_slice import ask_in_slice

        start = time.perf_counter()
        wanted = question_of(question)
        explanation = self._run.open(run)
        job.check()
        if between:
            if question:
                raise InputError("what stands between structures is asked without a question; leave it empty")
            table = ask_between(explanation)
            answer: dict[str, Any] = {"text": table.text, "players": table.players, "structures": table.structures}
            answer["losses"] = table.losses.tolist()
        else:
            file = self._previews.begin(folder).path("answer")
            reply: Reply | SliceReply
            if in_slice:
                reply = ask_in_slice(explanation, wanted)
                path, offset = write_answer(reply.slab, file, reply.offset)
            else:
                reply = ask(explanation, wanted)
                path, offset = write_answer(reply.values, file)
            answer = {"text": reply.text, "structure": reply.structure, "largest": reply.largest}
            answer |= {"at": reply.at, "slice": reply.slice, "map": path, "offset": offset}
        return plain({**answer, "milliseconds": 1000 * (time.perf_counter() - start)})

    def compare(self, job: Job, first: str, second: str, folder: str, structure: str | None = None) -> dict:
        """Hold two finished runs of one scan against each other; no model is run.

        Parameters
        ----------
        job : Job
        first, second : str
            Folders of finished runs.
        folder : str
            Where the map of the difference is written.
        structure : str, optional

        Returns
        -------
        dict
            `text`, `settings` (each with its `name`, and the `first` and `second` value), `structure`, `unit`,
            `correlation`, `dice`, `largest`, `at`, `slice`, and the `map` of the second minus the first with its
            `offset`, as `ask` gives it.

        Raises
        ------
        InputError
            If a run is not there, or the two can't be compared.
        """
        from XAICLIPLib.pipeline.compare import compare
        from XAICLIPLib.results.explanation import Explanation

        before = Explanation.load(first)
        job.check()
        found = compare(before, Explanation.load(second), structure)
        path, offset = write_answer(found.difference, self._previews.begin(folder).path("difference"))
        names = ("text", "structure", "unit", "correlation", "dice", "largest", "at", "slice")
        answer = {name: getattr(found, name) for name in names}
        settings = [{"name": c.name, "first": c.before, "second": c.now} for c in found.settings]
        return plain({**answer, "settings": settings, "map": path, "offset": offset})

    def dicom(self, job: Job, folder: str, series: str, out: str, uid: str | None = None) -> dict:
        """Write a saved run as DICOM objects that refer to the scan's own series.

        Parameters
        ----------
        job : Job
        folder, series, out : str
            Paths of the run, of the scan's images, and of what is written.
        uid : str, optional
            Which series, where there are several.

        Returns
        -------
        dict
        """
        from XAICLIPLib.results.explanation import Explanation

        export = Explanation.load(folder).export_dicom(out, series, uid, pictures=folder)
        return plain({"folder": out, "files": list(export.files), "copied": export.copied, "notes": list(export.notes)})

    @staticmethod
    def _draw(job: Job, explanation: Explanation, folder: str, colormap: str = COLORMAP, scale: str = RUN) -> None:
        """Draw all pictures, or none where the job is cancelled: the maps are complete without them."""

        def tell(done: int, total: int) -> None:
            if job.cancelled:
                raise Cancelled("the pictures were not drawn")
            job.progress(done, total, "drawing")

        try:
            explanation.save_pictures(folder, colormap, tell, scale)
        except Cancelled as error:
            logger.info("%s", error)

    def close(self) -> None:
        """Remove what nobody will read any more: the slices of the last run."""
        if self._partial is not None:
            self._partial.remove()
        self._partial = None

    def _loaded(self) -> Models:
        from XAICLIPLib.case.models import Models

        self._models = self._models or Models()
        return self._models

    def _open(self, request: dict, scan: str, *, region: str | None = None, reference: str | None = None) -> Case:
        self._cases = self._cases or OpenCases(self._loaded())
        return self._cases.open(request, scan, region=region, reference=reference)
