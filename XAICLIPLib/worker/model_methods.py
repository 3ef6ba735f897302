"""The worker's methods about models: which there are, opening one, downloading one, learning prompts for one."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.provenance import plain
from XAICLIPLib.worker.jsonrpc import Job
from XAICLIPLib.worker.loaded import Loaded


class ModelMethods(Loaded):
    """What a client asks about models."""

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
