"""Which DICOM images make up one volume: of a series, those of one orientation and size, each place once."""

from __future__ import annotations

import hashlib
import itertools
import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.dicom_frames import APART, Frame

SAME_DIRECTION = 2e-3  # difference of direction cosines
FEW = 4  # so many times fewer images of another orientation or size are left out as localizers


@dataclass(frozen=True, eq=False)
class Stack:
    """Images that make up one volume.

    Attributes
    ----------
    name : str
        The series instance UID, and behind a slash which stack of the series, where there are several.
    frames : tuple of Frame
        By their places along the normal, where they have one.
    what : str
        What tells it from the others of its series.
    notes : tuple of str
        What was left out.
    why : str
        Why the series is more than one volume.
    """

    name: str
    frames: tuple[Frame, ...]
    what: str = ""
    notes: tuple[str, ...] = ()
    why: str = ""

    @property
    def described(self) -> str:
        """For a list to choose from."""
        words = [
            self.frames[0].description or "no description",
            self.what,
            f"{len(self.frames)} image{'s' * (len(self.frames) != 1)}",
        ]
        return ", ".join(filter(None, words))


def stacks_of(frames: Sequence[Frame]) -> list[Stack]:
    """The volumes that DICOM images make up, series by series.

    Parameters
    ----------
    frames : sequence of Frame

    Returns
    -------
    list of Stack

    Raises
    ------
    InputError
        If two different images have one identity.
    """
    series: dict[str, list[Frame]] = defaultdict(list)
    folders: dict[str, int] = {}
    for frame in frames:
        # without a UID all that holds images of a series together is their folder, whose name may be the patient's
        number = folders.setdefault(str(frame.path.parent), len(folders) + 1)
        series[frame.series or f"without a UID, folder {number}"].append(frame)
    return [stack for uid, members in series.items() for stack in _of_series(uid, members)]


def _of_series(uid: str, frames: list[Frame]) -> list[Stack]:
    frames, notes = _once(frames)
    frames, left = _without_localizers(frames)
    lost = [f for f in frames if f.count > 1 and f.place is None]
    if lost and any(f.place is not None for f in frames if f.path == lost[0].path):
        raise InputError(
            f"{len(lost)} of the {lost[0].count} frames of {lost[0].path.name} do not say where they lie; export it "
            "again"
        )
    groups = _alike(frames)
    main = max(groups, key=len)
    others = [f for g in groups if g is not main for f in g]
    if others and len(main) >= FEW * len(others):
        groups, left = [main], left + len(others)
    if left:
        notes += (
            f"{left} image{'s' * (left > 1)} of another orientation or size {'are' if left > 1 else 'is'} left out (a "
            "localizer or a screenshot, as it seems)",
        )
    why = f"it holds images of {len(groups)} orientations or sizes" if len(groups) > 1 else ""
    parts = [(part, what, why or reason) for g in groups for part, what, reason in _places_once(g)]
    shapes = [_look(part) if len(groups) > 1 else "" for part, _, _ in parts]
    return [
        Stack(
            uid if len(parts) == 1 else f"{uid}/{n + 1}",
            tuple(part),
            ", ".join(filter(None, (shape, what))),
            notes,
            reason,
        )
        for n, ((part, what, reason), shape) in enumerate(zip(parts, shapes))
    ]


def _look(frames: Sequence[Frame]) -> str:
    """Orientation and size in words."""
    first = frames[0]
    size = f"{first.size[1]} x {first.size[0]} pixels" + (f" of {first.pixel[1]:.3g} mm" if first.pixel else "")
    if first.along is None:
        return f"without a place, {size}"
    return f"{('sagittal', 'coronal', 'axial')[int(np.abs(first.normal).argmax())]}, {size}"


def _once(frames: list[Frame]) -> tuple[list[Frame], tuple[str, ...]]:
    """Each image once, by its identity; copies of a file are left out."""
    kept: dict[tuple, Frame] = {}
    copies = 0
    for frame in frames:
        key = (frame.sop or frame.path, frame.index, frame.place, frame.along, frame.number)
        if key not in kept:
            kept[key] = frame
            continue
        if frame.index == 0 and _digest(frame) != _digest(kept[key]):
            raise InputError(
                f"{kept[key].path.name} and {frame.path.name} are different images with one identity (SOP instance "
                "UID): one of them was changed; give a folder that holds only one of the two versions"
            )
        copies += 1
    note = f"{copies} of {len(frames)} images are there twice (duplicate files): each is read once"
    return list(kept.values()), (note,) if copies else ()


def _digest(frame: Frame) -> str:
    """Of the stored pixels of a file, with what gives them their meaning."""
    from pydicom import dcmread

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            data = dcmread(frame.path, force=True)
            raw = data.get("PixelData") or b""
        except Exception as error:  # pydicom has no common base for what damaged files make it raise
            raise InputError(f"{frame.path.name} can't be read: it is damaged; copy or export it again") from error
    return hashlib.sha256(raw + repr((frame.slope, frame.intercept)).encode()).hexdigest()


def _without_localizers(frames: list[Frame]) -> tuple[list[Frame], int]:
    """Images that do not call themselves localizers, unless all do."""
    kept = [f for f in frames if "LOCALIZER" not in f.apart.get("ImageType", "").upper()]
    return (kept, len(frames) - len(kept)) if kept else (frames, 0)


def _alike(frames: list[Frame]) -> list[list[Frame]]:
    """Groups of one orientation, size and distance of pixels."""
    groups: list[list[Frame]] = []
    for frame in frames:
        for group in groups:
            if _same_grid(group[0], frame):
                group.append(frame)
                break
        else:
            groups.append([frame])
    return groups


def _same_grid(a: Frame, b: Frame) -> bool:
    def near(first, second, tolerance: float) -> bool:
        if first is None or second is None:
            return first is second
        return bool(np.allclose(first, second, rtol=tolerance, atol=tolerance))

    return a.size == b.size and near(a.along, b.along, SAME_DIRECTION) and near(a.pixel, b.pixel, 1e-3)


def _places_once(frames: list[Frame]) -> list[tuple[list[Frame], str, str]]:
    """The images by their places, apart where several lie in one place: (images, what they are, why they are apart)."""
    if frames[0].place is None:
        return [(sorted(frames, key=lambda f: (f.number, f.index)), "", "")]
    ordered = sorted(frames, key=lambda f: f.height)
    places = _by_place(ordered)
    most = max(map(len, places))
    if most == 1:
        return [(ordered, "", "")]
    if all(len({_digest(f) for f in place}) == 1 and place[0].count == 1 for place in places):
        copies = len(frames) - len(places)
        same = f"{copies} of {len(frames)} images are copies of another in the same place: each is read once"
        first = place_first = [replace(place[0]) for place in places]
        first[0] = replace(first[0], notes=(*first[0].notes, same))
        return [(place_first, "", "")]
    why = f"{sum(len(p) > 1 for p in places)} of its {len(places)} places hold up to {most} images in the same place"
    for names in itertools.chain(((n,) for n in APART), itertools.combinations(APART, 2)):
        parts: dict[tuple, list[Frame]] = defaultdict(list)
        for frame in ordered:
            parts[tuple(frame.apart.get(n, "") for n in names)].append(frame)
        if len(parts) == most and all(max(map(len, _by_place(part))) == 1 for part in parts.values()):
            return [
                (
                    part,
                    ", ".join(f"{APART[n]} {v}" for n, v in zip(names, values) if v),
                    f"{why} (phases or time points)",
                )
                for values, part in sorted(parts.items(), key=lambda item: [_by_number(v) for v in item[0]])
            ]
    counts = Counter(map(len, places))
    if len(counts) == 1:  # nothing but the order of the images tells them apart
        ranked = [sorted(place, key=lambda f: (f.number, f.index)) for place in places]
        return [
            ([place[n] for place in ranked], f"image number {min(p[n].number for p in ranked):g} and on",
             f"{why} (phases or time points)")
            for n in range(most)
        ]  # fmt: skip
    return [(ordered, "", f"{why}, and nothing tells which belong together")]


def _by_number(text: str) -> tuple[float, str]:
    try:
        return float(text), ""
    except ValueError:
        return float("inf"), text


def _by_place(ordered: Sequence[Frame]) -> list[list[Frame]]:
    """Images in the order of their heights, those of one place together."""
    near = max(1e-3, 0.02 * min((f.gap for f in ordered if f.gap), default=0.0))
    places = [[ordered[0]]]
    for frame in ordered[1:]:
        if frame.height - places[-1][0].height < near:
            places[-1].append(frame)
        else:
            places.append([frame])
    return places
