"""The JSON beside a model file, `FILE.json`, that says what a network's file can't: how a scan becomes its input, and
what its output channels mean.

Every key is optional; what is missing is read from the model file where that says it, else assumed and said.

==============  ======================================================================================================
key             meaning
==============  ======================================================================================================
name            what the model is called in reports; default: the file's name
licence         shown with the model ("license" is read too)
spatial_dims    2: slices (default), 3: volumes
channels        input channels; default: the file's, else 1. Where there are several, the grey image is in each of them;
                that is right for models of colour pictures, and wrong for one of several sequences, which is why a file
                with other than 1 or 3 channels is refused until this key says it, or `images`
images          names of registered images, one for each input channel, in order: ["T1", "T2"], for a model of several
                sequences; each is normalised by itself
orientation     where x, y and z lead to in the images that the model learned from, in DICOM's letters: "LPS" (default;
                what radiologists see), "RAS" (MONAI's and nibabel's habit), …; "file": as each file is stored
axes            the order of the input's axes: "zyx" (default; SimpleITK, nnU-Net) or "xyz" (MONAI, nibabel); "yx"
                (rows first) or "xy" for slices
resize          "stretch": the whole slice or volume is brought to `size` (default where there is a size);
                "body": the square round the body is (slices only, what the bundled model sees);
                "native": pixels stay as they are (default without a size), padded at the far ends to `size` or to a
                multiple of `multiple`
size            edge of the input in pixels, or one number per dimension in the order of `axes` (rows, columns; slices
                first for a volume)
multiple        "native": every edge is a multiple of this; default 32
spacing         "native": resampled to this pixel edge in mm first; one number, or one per dimension in that order
window          [low, high] in the scan's unit (HU on CT), clipped and mapped to `range`
percentiles     [low, high]: the same with percentiles of the slice or volume itself
range           what the window's ends become; default [0, 1]
mean, std       subtracted and divided by, after the window if there is one: a number, one per channel, or "image" for
                the image's own
activation      "softmax" (over classes that exclude each other), "sigmoid" (each by itself), or "none" for outputs
                that are probabilities already; default: what the first output looks like
classes         names of the output channels in order, background included where the model has that channel
background      index of the background channel; default: the class named "background", else the first of a softmax
                with one channel more than there are classes
output_range    [low, high]: the values that stand for probabilities 0 and 1, for outputs that are probabilities on
                another scale, such as [0, 255]; without an activation
output          name or index of the output, for a network with several ("2", "head.0" inside a list or dict); default:
                the first that is a map as fine as any
batch           images per evaluation, for a network that takes no other number
==============  ======================================================================================================

Resizing comes first, then the window, then mean and std. Without window, percentiles, mean and std, CT is windowed to
−160…240 HU and any other scan from its 1st to its 99th percentile, and that is said.

The same JSON may lie inside the model file, so that there is one file to pass on: as TorchScript's or torch.export's
extra file "xaiclip.json", or as ONNX metadata of that name. A file beside it wins.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path

from XAICLIPLib.errors import InputError
from XAICLIPLib.models.axes import FILE, Axes

EMBEDDED = "xaiclip.json"
RESIZES = ("stretch", "body", "native")
ACTIVATIONS = ("softmax", "sigmoid", "none")
Numbers = tuple[float, ...]
# beyond these nothing is allocated: an input of 2 GB, and more channels than any network's
LARGEST_EDGE, MOST_PIXELS, MOST_CHANNELS, MOST_CLASSES, LARGEST_NUMBER = 16384, 2**29, 1024, 10_000, 1e9


@dataclass(frozen=True)
class Sidecar:
    """What is known of a model file; None where nobody said. The keys are explained above."""

    name: str | None = None
    licence: str | None = None
    spatial_dims: int | None = None
    channels: int | None = None
    images: tuple[str, ...] | None = None
    orientation: str | None = None
    axes: str | None = None
    resize: str | None = None
    size: tuple[int, ...] | None = None
    multiple: int | None = None
    spacing: Numbers | None = None
    window: Numbers | None = None
    percentiles: Numbers | None = None
    range: Numbers | None = None
    mean: Numbers | str | None = None
    std: Numbers | str | None = None
    activation: str | None = None
    classes: tuple[str, ...] | None = None
    background: int | None = None
    output_range: Numbers | None = None
    output: str | int | None = None
    batch: int | None = None

    @property
    def dims(self) -> int:
        """`spatial_dims`, or its default."""
        return self.spatial_dims or 2

    def or_else(self, other: Sidecar) -> Sidecar:
        """This, with what it leaves open taken from another.

        Parameters
        ----------
        other : Sidecar

        Returns
        -------
        Sidecar
            A new one; what both say is as in this one.
        """
        missing = {f.name: getattr(other, f.name) for f in fields(self) if getattr(self, f.name) is None}
        return replace(self, **missing)


def beside(path: Path) -> Path:
    """Where the sidecar of a model file is looked for.

    Parameters
    ----------
    path : Path
        Of the model file.

    Returns
    -------
    Path
        That of the model file with ".json" added; it need not exist.
    """
    return path.with_name(path.name + ".json")


def read_sidecar(path: Path) -> Sidecar | None:
    """The sidecar of a model file; None where there is none.

    Parameters
    ----------
    path : Path
        Of the model file.

    Returns
    -------
    Sidecar or None

    Raises
    ------
    InputError
        If it can't be read, or holds something that `parse` refuses.
    """
    file = beside(path)
    if not file.is_file():
        return None
    try:
        return parse(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} can't be read ({error}); write it as UTF-8 JSON") from error


def parse(text: str, name: str) -> Sidecar:
    """A sidecar from JSON.

    Parameters
    ----------
    text : str
    name : str
        What an error calls the file it comes from.

    Returns
    -------
    Sidecar
        Every value of its kind and range, and those that hang together in agreement; None for keys that are not there.

    Raises
    ------
    InputError
        If it is no JSON object, has an unknown key (the nearest known one is named), a value of the wrong kind, or
        values that contradict each other.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is no JSON ({error})") from error
    if not isinstance(given, Mapping):
        raise InputError(f'{name} holds a {type(given).__name__}; write one JSON object, such as {{"size": 256}}')
    given = {"licence" if key == "license" else key: value for key, value in given.items()}
    known = [f.name for f in fields(Sidecar)]
    for key in given:
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"it knows {', '.join(known)}"
            raise InputError(f"{name} has an unknown key {key!r}; {hint}")
    return _checked(Sidecar(**{k: _value(k, v, name) for k, v in given.items() if v is not None}), name)


def _value(key: str, value, name: str):
    """A JSON value as the type of its field."""
    wants = {
        "name": "text", "licence": "text", "resize": "text", "activation": "text",
        "orientation": "text", "axes": "text", "output_range": "two numbers, the lower first",
        "classes": "a list of names", "images": "a list of names", "output": "a name or an index",
        "background": "an index",
        "spatial_dims": "2 or 3", "channels": "a whole number from 1", "multiple": "a whole number from 1",
        "batch": "a whole number from 1", "size": "pixels: 256, or one whole number per dimension",
        "spacing": "mm: one number, or one per dimension", "window": "two numbers, the lower first",
        "percentiles": "two numbers from 0 to 100, the lower first", "range": "two numbers, the lower first",
        "mean": 'a number, one per channel, or "image"', "std": 'a number above 0, one per channel, or "image"',
    }  # fmt: skip
    accepts = {
        "text": lambda: isinstance(value, str) and bool(value.strip()),
        "a list of names": lambda: (
            isinstance(value, list)
            and 0 < len(value) <= MOST_CLASSES
            and all(isinstance(v, str) and v.strip() for v in value)
        ),
        "a name or an index": lambda: isinstance(value, str) or _whole(value, 0),
        "an index": lambda: _whole(value, 0),
        "2 or 3": lambda: _whole(value, 2, 3),
        "a whole number from 1": lambda: _whole(value, 1, MOST_CHANNELS),
    }
    if key in ("size", "spacing", "mean", "std") and not isinstance(value, (list, str)):
        value = [value]
    if key in ("mean", "std") and value == "image":
        return value
    if wants[key] in accepts:
        fine = accepts[wants[key]]()
    elif key == "size":
        fine = isinstance(value, list) and len(value) in (1, 2, 3) and all(_whole(v, 1, LARGEST_EDGE) for v in value)
    else:
        fine = isinstance(value, list) and bool(value) and all(_number(v) for v in value)
        if key in ("window", "percentiles", "range", "output_range"):
            fine = fine and len(value) == 2 and value[0] < value[1]
        if key == "percentiles":
            fine = fine and 0 <= value[0] and value[1] <= 100
        if key in ("std", "spacing"):
            fine = fine and min(value) > 0 and len(value) <= MOST_CHANNELS
    if not fine:
        shown = json.dumps(value)
        shown = shown if len(shown) <= 200 else f"{shown[:200]}…"
        up_to = f" up to {MOST_CHANNELS}" if "from 1" in wants[key] else ""
        up_to = f", up to {LARGEST_EDGE}" if key == "size" else up_to
        raise InputError(f"{name}: {key} is {shown}; give {wants[key]}{up_to}")
    if key in ("orientation", "axes"):
        value = value.lower() if key == "axes" or value.lower() == FILE else value.upper()
    return tuple(value) if isinstance(value, list) else value


def _whole(value, least: int, most: int = MOST_CLASSES) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER


def _checked(sidecar: Sidecar, name: str) -> Sidecar:
    """The sidecar, if its values agree with each other."""

    def refuse(what: str) -> None:
        raise InputError(f"{name}: {what}")

    for key, choices in (("resize", RESIZES), ("activation", ACTIVATIONS)):
        value = getattr(sidecar, key)
        if value is not None and value not in choices:
            refuse(f"{key} is {value!r}; choose {', '.join(choices)}")
    try:
        if sidecar.orientation or sidecar.axes:
            Axes.declared(sidecar.orientation, sidecar.axes, sidecar.dims)
    except InputError as error:
        refuse(str(error))
    if sidecar.output_range and sidecar.activation not in (None, "none"):
        refuse("output_range is for outputs that are probabilities already; leave out the activation")
    if sidecar.window and sidecar.percentiles:
        refuse("give a window or percentiles, not both")
    if sidecar.range and not (sidecar.window or sidecar.percentiles):
        refuse("range says what the ends of a window become; give window or percentiles too")
    if (sidecar.mean is None) != (sidecar.std is None) or (sidecar.mean == "image") != (sidecar.std == "image"):
        refuse('give mean and std together, both as numbers or both as "image"')
    for key in ("mean", "std"):
        value = getattr(sidecar, key)
        if isinstance(value, tuple) and len(value) not in (1, sidecar.channels or len(value)):
            refuse(f"{key} has {len(value)} numbers for {sidecar.channels} channels")
    for key in ("size", "spacing"):
        value = getattr(sidecar, key)
        if value is not None and len(value) not in (1, sidecar.dims):
            refuse(f"{key} has {len(value)} numbers, but spatial_dims is {sidecar.dims}")
    if (
        sidecar.size
        and math.prod(sidecar.size * sidecar.dims if len(sidecar.size) == 1 else sidecar.size) > MOST_PIXELS
    ):
        refuse(f"size {list(sidecar.size)} is an input of more than {4 * MOST_PIXELS / 1e9:.0f} GB; give a smaller one")
    if sidecar.resize in ("stretch", "body") and sidecar.spacing:
        refuse(f"spacing belongs to resize native, not to {sidecar.resize}")
    if sidecar.resize == "body":
        if sidecar.dims == 3:
            refuse("resize body is the square round the body in a slice; a volume has stretch or native")
        if sidecar.size and len(set(sidecar.size)) > 1:
            refuse(f"resize body is a square; its size is {list(sidecar.size)}")
    if sidecar.background is not None and sidecar.classes and sidecar.background > len(sidecar.classes):
        refuse(f"background is {sidecar.background}, but there are only {len(sidecar.classes)} classes, counted from 0")
    for key in ("classes", "images"):
        names = getattr(sidecar, key) or ()
        if len(set(names)) < len(names):
            refuse(f"two {key} have the same name")
    if sidecar.images is None:
        return sidecar
    if sidecar.channels not in (None, len(sidecar.images)):
        refuse(f"images names {len(sidecar.images)}, and channels is {sidecar.channels}; leave out channels")
    return replace(sidecar, channels=len(sidecar.images))
