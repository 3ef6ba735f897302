"""What a vision-language model says of a scan's slices: how probable each structure is at each pixel."""

from __future__ import annotations

import os
from collections.abc import Hashable, Sequence
from functools import cached_property

import numpy as np
import torch

from XAICLIPLib import anatomy
from XAICLIPLib.anatomy import Structure
from XAICLIPLib.case.cache import Cache
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.scan import Scan
from XAICLIPLib.case.settings import VlmSettings
from XAICLIPLib.errors import InputError
from XAICLIPLib.models.base import Context, Segmenter
from XAICLIPLib.preprocess import PRESETS, Preset, enhance
from XAICLIPLib.vlm.model import DenseClassifier, EncodedSlice, VisionLanguageModel

# What the three channels show where one window is not enough. CT of the abdomen: soft tissue; the narrow window in
# which parenchyma and vessels differ; and everything from air to bone. Where values have no unit: the whole range, and
# the darker and the brighter part of the tissue.
CT_WINDOWS = (PRESETS["ct-soft-tissue"], PRESETS["ct-liver"], Preset("ct-wide", -1000, 1000))
OTHER_WINDOWS = tuple(
    Preset(name, low, high, percentile=True)
    for name, low, high in (("whole", 1, 99), ("dark", 1, 75), ("bright", 25, 99.9))
)

VOLUMETRIC = "voxtell"  # the family of segmenters that finds words

Maps = dict[str, np.ndarray]


def file_state(path: str | None) -> tuple[int, int] | None:
    """What changes when a file is written anew.

    Parameters
    ----------
    path : str, optional

    Returns
    -------
    tuple of 2 ints, or None
        None where there is no such file, which is said by whoever reads it.
    """
    if path is None:
        return None
    try:
        state = os.stat(path)
    except (OSError, ValueError):
        return None
    return state.st_mtime_ns, state.st_size


class Similarities:
    """The similarity of slices with words, by one vision-language model and the settings of one request.

    Parameters
    ----------
    scan : Scan
    structures : sequence of Structure
        What is looked for.
    settings : VlmSettings
        Which model is asked, in what size and windows, against which other words, or with which learned contexts.
    preset : Preset
        The scan's contrast, for models that have none of their own.
    models : Models
        Opens the model when it is first wanted.
    device : torch.device
    cache : Cache
        Keeps what was said of a slice; several objects may share one, their keys differ.
    learned : DenseClassifier, optional
        Learned contexts in memory, instead of those that the settings name.
    """

    def __init__(
        self,
        scan: Scan,
        structures: Sequence[Structure],
        settings: VlmSettings,
        preset: Preset,
        models: Models,
        device: torch.device,
        cache: Cache,
        learned: DenseClassifier | None = None,
    ) -> None:
        self._scan, self._structures, self._settings = scan, structures, settings
        self._models, self._device, self._cache = models, device, cache
        self._preset = preset
        self._given_contexts = learned

    @property
    def by_volume(self) -> bool:
        """Whether a segmenter of volumes finds the words (VoxTell), instead of a model of slices and texts."""
        return self._settings.model.partition(":")[0] == VOLUMETRIC

    @cached_property
    def model(self) -> VisionLanguageModel:
        """The model of slices and texts that is asked.

        Raises
        ------
        InputError
            If there is none, because a segmenter of volumes is asked instead.
        """
        if self.by_volume:
            raise InputError(
                "VoxTell finds words by itself: it has no prompts to be learned and no strategies; give --vlm bundled "
                "or another CLIP for those"
            )
        return self._models.vision_language(self._settings.model, self._device)

    @property
    def provenance(self) -> dict:
        """What the report says of the model that is asked."""
        if self.by_volume:
            return {"model": self._settings.model, **self._segmenter.provenance}
        return self.model.provenance

    @property
    def _segmenter(self) -> Segmenter:
        names = tuple(s.name for s in self._structures)
        return self._models.segmenter(self._settings.model, self._device, names)

    def _volume(self) -> np.ndarray:
        """How probable each structure is in the whole scan (K, Z, H, W), float16."""

        def found() -> np.ndarray:
            segmenter, axial = self._segmenter, self._scan.axial
            context = Context(self._scan.modality, axial.spacing[::-1], orientation=self._scan.volume.orientation)
            prepared = segmenter.prepare(axial.voxels.astype(np.float32, order="C"), context)
            predict = prepared.predict or segmenter.predict
            with torch.inference_mode():
                output = predict(prepared.image[None])[0].float().cpu().numpy()
            return prepared.grid.to_slice(output).astype(np.float16)

        names = tuple(s.name for s in self._structures)
        return self._models.located((self._scan.identity, names, self._settings.model, str(self._device)), found)

    @cached_property
    def learned(self) -> DenseClassifier | None:
        """The contexts that were learned for the model; None where there are none."""
        if self._given_contexts is not None or self._settings.learned_prompts is None:
            return self._given_contexts
        from XAICLIPLib.vlm.prompt_learning.learned_prompts import load_contexts

        return load_contexts(self._settings.learned_prompts, self.model)

    def with_learned(self, contexts: DenseClassifier) -> Similarities:
        """The same with contexts that were just learned.

        Parameters
        ----------
        contexts : DenseClassifier

        Returns
        -------
        Similarities
        """
        same = self._scan, self._structures, self._settings, self._preset, self._models, self._device, self._cache
        return Similarities(*same, contexts)

    def key(self, z: int) -> Hashable:
        """Everything that the similarity of a slice depends on.

        Parameters
        ----------
        z : int

        Returns
        -------
        hashable
        """
        contexts = file_state(self._settings.learned_prompts), self._given_contexts
        names = tuple((s.name, s.label) for s in self._structures)
        return ("similarity", self._scan.identity, z, names, str(self._device), self._settings, self._preset, contexts)

    def of(self, slices: Sequence[int]) -> list[Maps]:
        """How probable each structure is in some slices; those that are not kept are encoded at once.

        Parameters
        ----------
        slices : sequence of int
            Axial slices.

        Returns
        -------
        list of dict of structure to ndarray, shape (H, W), float32 in [0, 1]
            One per slice, in their order.

        Raises
        ------
        XAICLIPError
            If the model can't be opened, or can't take such images or words.
        """
        if self.by_volume:
            if self._settings.learned_prompts is not None or self._given_contexts is not None:
                _ = self.model  # which says why not
            volume = self._volume()
            return [{s.name: volume[k, z].astype(np.float32) for k, s in enumerate(self._structures)} for z in slices]
        maps: dict[int, Maps] = {z: kept for z in slices if (kept := self._cache.get(self.key(z))) is not None}
        missing = [z for z in dict.fromkeys(slices) if z not in maps]
        for z, encoded in zip(missing, self.encode(missing) if missing else ()):
            maps[z] = self._cache.put(self.key(z), self._locate(encoded))
        return [maps[z] for z in slices]

    def scores(self, slices: Sequence[int]) -> list[dict[str, float]]:
        """How well whole slices go with each structure, see `VisionLanguageModel.scores`.

        Parameters
        ----------
        slices : sequence of int

        Returns
        -------
        list of dict of structure to float
            Logits.
        """
        return self.model.scores(self.encode(slices), self._texts())

    def _texts(self) -> dict[str, tuple[str, ...]]:
        """What says each structure."""
        return {s.name: tuple(anatomy.texts(s, self._scan.modality)) for s in self._structures}

    def encode(self, slices: Sequence[int]) -> list[EncodedSlice]:
        """Some slices as the model gets them, encoded at once.

        Parameters
        ----------
        slices : sequence of int

        Returns
        -------
        list of EncodedSlice
        """
        size = self.model.size_for(self._settings.size)
        frames = [self._scan.frame(z, size) for z in slices]
        return self.model.encode([self.contrasted(z) for z in slices], frames, self._settings.strategy)

    def contrasted(self, z: int) -> np.ndarray:
        """A slice as the model gets it.

        Parameters
        ----------
        z : int

        Returns
        -------
        ndarray, shape (H, W), or (3, H, W) for three windows, in [0, 1]
        """
        image, values = self._scan.image(z), self._scan.body_values
        if self._settings.windows == "three":
            presets = CT_WINDOWS if self._scan.modality == "CT" else OTHER_WINDOWS
            return np.stack([enhance(image, preset, preset.grey_window(values)) for preset in presets])
        preset = self.model.preset_for(self._scan.modality, self._preset)
        return enhance(image, preset, preset.grey_window(values if preset is not PRESETS["paper"] else image))

    def _locate(self, encoded: EncodedSlice) -> Maps:
        return self.model.locate(
            encoded,
            self._texts(),
            {s.name: anatomy.background_texts(s) for s in self._structures},
            negatives=self._settings.negatives,
            probability=self._settings.probability,
            learned=self.learned,
        )
