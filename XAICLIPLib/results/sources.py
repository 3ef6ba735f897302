"""Where the things that a saved run was made from are found again: given anew, kept with the result, or beside it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from XAICLIPLib.attribution.fieldtypes import short_repr
from XAICLIPLib.case.arguments import called, images_of, model_of, volume_of
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.names import IMAGES
from XAICLIPLib.results.inputs import in_memory, read_input

LOST = "which was given in memory, was not kept"
GIVEN = ("scan", "reference", "region", "model")  # what may be given anew, also in memory


class Sources:
    """Finds what a saved run was made from.

    Parameters
    ----------
    report : mapping
        Of the run.
    folder : path
        In which the report lies.
    search : path, optional
        A folder where files of the names in the report are looked for first. Then they are where the report says
        (after ``--keep-paths``), else beside the report, in the folder around it, or in the current one.
    """

    def __init__(self, report: Mapping[str, Any], folder: Path, search: str | Path | None = None) -> None:
        self._report, self._folder = report, folder
        self._kept = in_memory(report)
        self._places = [*([] if search is None else [Path(search)]), folder, folder.resolve().parent, Path()]
        self._missing: list[str] = []

    def find(self, **anew: Any) -> tuple[Request, dict[str, Any]]:
        """The request of the run, with paths at which its files are, and what goes beside it in memory.

        Parameters
        ----------
        **anew
            Scan, images, reference, region or model instead of the run's, as `explain` takes them; any other setting
            of a request by its own name.

        Returns
        -------
        request : Request
        held : dict of str to Volume or model
            What `run` takes in memory.

        Raises
        ------
        InputError
            If something is not found, or can't be used.
        """
        request = Request.from_json(self._report["request"])
        plain = {name: value for name, value in anew.items() if name not in (*GIVEN, "images")}
        request = request.changed(**plain)
        held: dict[str, Any] = {}
        request = self._images(request, anew.get("images"), held)
        for kind in GIVEN:
            value = anew.get(kind)
            if value is not None:
                request = _taken(request, kind, value, held)
            elif kind in self._kept and kind != "model":
                self._read(kind, held)
            else:
                request = request.changed(**self._found(kind, request, "learned_prompts" in anew, "vlm" in anew))
        if self._missing:
            raise InputError(f"the run can't be made again: {'; '.join(self._missing)}")
        return request, held

    def _read(self, kind: str, held: dict[str, Any]) -> None:
        try:
            held[kind] = read_input(self._folder, kind, self._kept[kind])
        except InputError as error:
            self._lack(kind, f"which was given in memory and kept with the run, can't be read ({error})")

    def _images(self, request: Request, anew: Any, held: dict[str, Any]) -> Request:
        """The request with paths at which its further images are; those of memory go to `held`."""
        given = images_of(anew) if anew is not None else self._run_images(request)
        names = (image if isinstance(image, str) else image.name or "array" for image in given)
        if any(not isinstance(image, str) for image in given):
            held["images"] = tuple(None if isinstance(image, str) else image for image in given)
        return request.changed(images=tuple(names)) if given else request

    def _run_images(self, request: Request) -> list[Any]:
        """The further images that the run itself had."""
        found: list[Any] = []
        for kind, path in zip(IMAGES, request.images.paths):
            try:
                own = read_input(self._folder, kind, self._kept[kind]) if kind in self._kept else self._within(path)
            except InputError as error:
                self._missing.append(f"{kind}, which was kept with the run, can't be read ({error}): give --channel")
                own = path
            if own is None:
                what = f"the image {short_repr(path)} is not here"
                self._missing.append(f"{what}: give --channel PATH for each (in Python images=)")
            found.append(path if own is None else own)
        return found

    def _found(self, kind: str, request: Request, has_prompts: bool, has_vlm: bool) -> dict[str, Any]:
        """The settings that name the files of one kind, with the paths at which these are."""
        if kind == "scan":
            path = self._path(request.scan)
            if path is None:
                self._lack(kind, f"{short_repr(request.scan)} is not here")
            return {"scan": path or request.scan}
        if kind == "reference":
            return {"reference": self._reference(request)}
        if kind == "region":
            return self._region(request) | self._words(request, has_prompts, has_vlm)
        if "model" in self._kept:
            self._lack(kind, f"{short_repr(request.model)} was given in memory and can't be stored")
        is_name = request.model == "bundled" or request.model.startswith("function:")
        return {} if is_name else {"model": self._within(request.model) or request.model}

    def _reference(self, request: Request) -> str | None:
        if request.reference is None:
            if self._report.get("reference_given"):  # in memory, by a version that did not keep it
                self._lack("reference", LOST)
            return None
        found = self._within(request.reference)
        if found is None:
            self._lack("reference", f"{short_repr(request.reference)} is not here")
        return found

    def _region(self, request: Request) -> dict[str, Any]:
        if not request.region.is_given:
            return {}
        source = request.region.source
        found = self._within(source)
        if found is None:
            why = (
                "which was given in memory, was not kept"
                if source == "segment"
                else f"{short_repr(source)} is not here"
            )
            self._lack("region", why)
        return {"region": found or source}

    def _words(self, request: Request, has_prompts: bool, has_vlm: bool) -> dict[str, Any]:
        """The files of the vision-language model and of the prompts that were learned for it."""
        found: dict[str, Any] = {}
        prompts = request.vlm.learned_prompts
        if prompts is not None and not has_prompts:
            found["learned_prompts"] = self._path(prompts)
            if found["learned_prompts"] is None:
                self._missing.append(
                    f"the learned prompts {short_repr(prompts)} are not here: give --prompts FILE (in Python "
                    "learned_prompts=)"
                )
        if ":" in request.vlm.model and not has_vlm:
            found["vlm"] = self._within(request.vlm.model) or request.vlm.model
        return found

    def _lack(self, kind: str, why: str) -> None:
        what = "SPEC" if kind == "model" else "PATH"
        self._missing.append(f"the {kind} {why}: give --{kind} {what} (in Python {kind}=)")

    def _path(self, name: str) -> str | None:
        """Where a file or folder of a name is."""
        return next((str(path) for path in self._candidates(name) if path.exists()), None)

    def _within(self, text: str) -> str | None:
        """A specification such as PATH:liver=5 or FAMILY:PATH, with the path at which its longest part is."""
        for part in _parts(text):
            found = self._path(part)
            if found is not None:
                return text.replace(part, found, 1)
        return None

    def _candidates(self, name: str) -> Iterator[Path]:
        with suppress(OSError, ValueError):
            if os.path.isabs(os.path.expanduser(name)):
                yield Path(os.path.expanduser(name))
            yield from (place / name for place in self._places)


def _parts(text: str) -> Iterable[str]:
    """A text and what stands between its colons, the longest first."""
    pieces = text.split(":")
    spans = [(a, b) for a in range(len(pieces)) for b in range(a + 1, len(pieces) + 1)]
    parts = [":".join(pieces[a:b]) for a, b in spans]
    return sorted({part for part in parts if part.strip(". /\\")}, key=len, reverse=True)


def _taken(request: Request, kind: str, value: Any, held: dict[str, Any]) -> Request:
    """A request with something that was given anew, which goes to `held` where it is no path."""
    value = model_of(value) if kind == "model" else volume_of(value, kind)
    if isinstance(value, str):
        return request.changed(**{kind: value})
    held[kind] = value
    if kind == "region":
        return request.changed(region="segment")
    if kind == "model":
        return request.changed(model=called(value))
    return request.changed(reference=None) if kind == "reference" else request
