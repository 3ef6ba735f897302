"""What kind of scan it is: said by the user, said by the file, or guessed from the values; and what that means."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message
from XAICLIPLib.volume.volume import Volume

MODALITIES = ("CT", "MR", "PT", "US", "NM", "CR", "DX", "MG", "XA", "OT")  # of DICOM; OT is "other"
OFFSET = 1024  # what is commonly added to HU so that they fit into numbers without a sign
_SAMPLE = 2_000_000  # voxels that a histogram is made of


@dataclass(frozen=True)
class Modality:
    """What a scan is taken for.

    Attributes
    ----------
    name : str
        "CT", "MR", …
    reason : str
        How that is known, in words.
    guessed : bool
        Neither the user nor the file said so.
    """

    name: str
    reason: str
    guessed: bool = False

    @property
    def words(self) -> str:
        """To be put after "this scan is": a guess is called one."""
        if not self.guessed:
            return self.name
        return Message("taken for {modality} from its values (--modality says otherwise)", modality=self.name)


def modality_of(volume: Volume) -> Modality:
    """What a volume is: as the file or the user said, else by the range of its values.

    Only Hounsfield units, with air at −1000, reach far below zero; everything else that does not say what it is counts
    as MR.

    Parameters
    ----------
    volume : Volume

    Returns
    -------
    Modality
    """
    if volume.modality:
        return Modality(volume.modality, "the file says so")
    low, high = float(volume.voxels.min()), float(volume.voxels.max())
    if low <= -500:
        return Modality(
            "CT", f"a guess: values from {low:.0f} to {high:.0f}, which only Hounsfield units reach", guessed=True
        )
    return Modality(
        "MR", f"a guess: no value is as low as air in Hounsfield units ({low:.0f} to {high:.0f})", guessed=True
    )


def is_offset_ct(voxels: np.ndarray) -> bool:
    """Whether the values are surely Hounsfield units to which 1024 was added.

    The rule: whole numbers from 0 up, at least 2 % of them in the range of air (−1024 to −900 HU), at least 5 % in
    that of fat, water and soft tissue (−150 to 200 HU), and fewer between the two (−850 to −500 HU) than in either. An
    MR has its values spread from dark to bright; a CT has a hole there, because nothing in a patient but lung lies
    between air and fat.

    Parameters
    ----------
    voxels : ndarray
        Of any shape.

    Returns
    -------
    bool
    """
    low, high = float(voxels.min()), float(voxels.max())
    if low < 0 or not 1000 < high <= 65535:
        return False
    sample = voxels.ravel()[:: max(1, voxels.size // _SAMPLE)]
    if sample.dtype.kind == "f" and not np.array_equal(sample, np.rint(sample)):
        return False
    units = sample.astype(np.float32) - OFFSET
    air, hole, soft = (
        float(np.mean((units >= a) & (units <= b))) for a, b in ((-1024, -900), (-850, -500), (-150, 200))
    )
    return air >= 0.02 and soft >= 0.05 and hole < min(air, soft)


def as_modality(volume: Volume, said: str = "auto") -> Volume:
    """The scan with the modality that the user said, and with notes on what is assumed.

    Parameters
    ----------
    volume : Volume
    said : str
        One of `MODALITIES`, or "auto": what the file says, else a guess.

    Returns
    -------
    Volume
        Its `modality` is empty where it is a guess. An offset of 1024 is taken off where the user says CT and
        `is_offset_ct` is sure.

    Raises
    ------
    InputError
        If it is said to be CT and its values can't be Hounsfield units.
    """
    if said == "auto":
        return replace(volume, notes=(*volume.notes, *_assumed(volume)))
    notes = volume.notes
    if volume.modality and volume.modality != said:
        notes += (Message(
            "the file says that the scan is {file}; it is taken for {modality}, as was asked for",
            file=volume.modality, modality=said,
        ),)  # fmt: skip
    if said != "CT":
        return replace(volume, modality=said, notes=notes)
    low, high = float(volume.voxels.min()), float(volume.voxels.max())
    voxels = volume.voxels
    if low >= 0:
        if not is_offset_ct(voxels):
            raise InputError(
                Message(
                    "{scan} is said to be a CT, but its values from {low:g} to {high:g} are no Hounsfield units, and "
                    "not surely such with {offset} added (air near 0, water near {offset}): convert it (stored value "
                    "x slope + intercept), or give --modality OT to take the values as they are",
                    scan=volume.name,
                    low=low,
                    high=high,
                    offset=OFFSET,
                )  # fmt: skip
            )
        wide = voxels.dtype if voxels.dtype.kind == "f" else np.int16 if high < 32768 else np.int32
        voxels = voxels.astype(wide)
        voxels -= OFFSET
        notes += (
            Message(
                "{offset} was taken off the scan's values to make Hounsfield units of them: they are whole numbers "
                "from {low:g} up, with air near 0, soft tissue near {offset} and hardly anything between",
                offset=OFFSET,
                low=low,
            ),  # fmt: skip
        )
    elif low > -500:
        notes += (
            Message(
                "the scan has no air (its lowest value is {low:g} HU): it may have been cut to a window",
                low=low,
            ),
        )
    return replace(volume, voxels=voxels, modality="CT", notes=notes)


def _assumed(volume: Volume) -> tuple[str, ...]:
    """What a reader must know where nobody said what the scan is, or where the file says CT and the values do not."""
    modality = modality_of(volume)
    if modality.name == "CT" and modality.guessed:
        return ()  # values that only Hounsfield units have; the preset's reason says so
    hint = f"it looks like a CT stored with {OFFSET} added (air near 0, water near {OFFSET})"
    if modality.guessed:
        low, high = float(volume.voxels.min()), float(volume.voxels.max())
        note = f"the scan is taken for {modality.name} from its values ({low:g} to {high:g}); --modality says otherwise"
        if is_offset_ct(volume.voxels):
            note += f": {hint}, and --modality CT takes that off"
        return (note,)
    if modality.name == "CT" and is_offset_ct(volume.voxels):
        return (f"{hint}; --modality CT takes that off",)
    return ()
