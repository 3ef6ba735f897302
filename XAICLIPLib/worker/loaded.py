"""What stays loaded between the worker's calls: models, the scans last used, the run that was asked last."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from XAICLIPLib.errors import Cancelled
from XAICLIPLib.message import Message
from XAICLIPLib.report.colormap import COLORMAP, RUN
from XAICLIPLib.worker.asked import OpenRun
from XAICLIPLib.worker.files import Previews
from XAICLIPLib.worker.jsonrpc import Job
from XAICLIPLib.worker.open_cases import OpenCases

if TYPE_CHECKING:
    from XAICLIPLib.case.case import Case
    from XAICLIPLib.case.models import Models
    from XAICLIPLib.results.explanation import Explanation

logger = logging.getLogger("xaiclip.worker")


class Loaded:
    """What the groups of methods share. Paths are those of the machine that both sides run on."""

    def __init__(self) -> None:
        self._models: Models | None = None
        self._cases: OpenCases | None = None
        self._previews = Previews()
        self._run = OpenRun()

    def _loaded(self) -> Models:
        from XAICLIPLib.case.models import Models

        self._models = self._models or Models()
        return self._models

    def _open(self, request: dict, scan: str, *, region: str | None = None, reference: str | None = None) -> Case:
        self._cases = self._cases or OpenCases(self._loaded())
        return self._cases.open(request, scan, region=region, reference=reference)

    @staticmethod
    def _draw(job: Job, explanation: Explanation, folder: str, colormap: str = COLORMAP, scale: str = RUN) -> None:
        """Draw all pictures, or none where the job is cancelled: the maps are complete without them."""

        def tell(done: int, total: int) -> None:
            if job.cancelled:
                raise Cancelled("the pictures were not drawn")
            job.progress(done, total, Message("drawing"))

        try:
            explanation.save_pictures(folder, colormap, tell, scale)
        except Cancelled as error:
            logger.info("%s", error)
