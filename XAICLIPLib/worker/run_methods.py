"""The worker's methods about finished runs: their pictures, questions to them, two side by side, DICOM."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.colormap import COLORMAP, RUN
from XAICLIPLib.report.provenance import plain
from XAICLIPLib.worker.asked import question_of, write_answer
from XAICLIPLib.worker.files import result_paths
from XAICLIPLib.worker.jsonrpc import Job
from XAICLIPLib.worker.loaded import Loaded

if TYPE_CHECKING:
    from XAICLIPLib.pipeline.ask import Reply
    from XAICLIPLib.pipeline.ask_slice import SliceReply


class RunMethods(Loaded):
    """What a client asks of runs that are over."""

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

    def save(self, job: Job, run: str, folder: str) -> dict:
        """Write a finished run to another folder, with all that it can be asked by later; its pictures are `draw`'s.

        Parameters
        ----------
        job : Job
        run : str
            Folder of a finished run.
        folder : str
            See `Explanation.save`; volumes are compressed.

        Returns
        -------
        dict

        Raises
        ------
        InputError
            If the run is not there or damaged, or `folder` can't be written to.
        """
        from XAICLIPLib.results.explanation import Explanation

        Explanation.load(run).save(folder, pictures=False)
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
