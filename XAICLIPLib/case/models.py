"""Models that are opened once and stay loaded."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import numpy as np
import torch

from XAICLIPLib.models.base import Segmenter
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.vlm.load import open_vision_language_model
from XAICLIPLib.vlm.model import VisionLanguageModel
from XAICLIPLib.weights.download import Progress


@dataclass
class Models:
    """Models that stay loaded from one run to the next.

    Attributes
    ----------
    download : bool
        Whether the user agreed to download weights that are not on this machine.
    downloading : callable, optional
        Told (done, total, message) of such a download in MB; it may raise `Cancelled`.
    """

    download: bool = False
    downloading: Progress | None = None
    _segmenters: dict = field(default_factory=dict)
    _vision_language: dict = field(default_factory=dict)
    _located: dict = field(default_factory=dict)

    def segmenter(self, spec, device: torch.device, targets: tuple[str, ...] = ()) -> Segmenter:
        """The segmenter of that name, opened once per device.

        Parameters
        ----------
        spec : str, callable or Segmenter
            See `open_segmenter`.
        device : torch.device
        targets : tuple of str
            What the request explains; it names the targets of models that have no names of their own.

        Returns
        -------
        Segmenter
        """
        if not isinstance(spec, str):
            return open_segmenter(spec, device, targets)
        for names in (None, targets):
            if (spec, str(device), names) in self._segmenters:
                return self._segmenters[spec, str(device), names]
        opened = open_segmenter(spec, device, targets)
        # some have no names for what they segment but those that the request gives them
        borrowed = opened.promptable or opened.named_by_request
        self._segmenters[spec, str(device), targets if borrowed else None] = opened
        return opened

    def located(self, key: Hashable, make: Callable[[], np.ndarray]) -> np.ndarray:
        """Where a model of volumes found words in a scan: the last that was asked for is kept.

        Parameters
        ----------
        key : hashable
            Everything that it depends on.
        make : callable
            Gives the volume.

        Returns
        -------
        ndarray
        """
        if key not in self._located:
            self._located = {key: make()}
        return self._located[key]

    def vision_language(self, spec: str, device: torch.device) -> VisionLanguageModel:
        """The vision-language model of that name, opened once per device.

        Parameters
        ----------
        spec : str
            See `open_vision_language_model`.
        device : torch.device

        Returns
        -------
        VisionLanguageModel
        """
        key = (spec, str(device))
        if key not in self._vision_language:
            self._vision_language[key] = open_vision_language_model(
                spec, device, download=self.download, progress=self.downloading
            )
        return self._vision_language[key]
