"""Settings by their own names, put into the groups of a request; and the JSON of version 1, which had no groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from XAICLIPLib.attribution.fieldtypes import short_repr
from XAICLIPLib.case.settings import (
    EvidenceSettings,
    Group,
    ImageSettings,
    InfluenceSettings,
    PromptSettings,
    RegionSettings,
    VlmSettings,
    check_names,
    flat_names,
)
from XAICLIPLib.errors import InputError

VERSION = 2
FLAT_VERSION = 1  # its settings lay beside each other, without groups
GROUPS: dict[str, type[Group]] = {
    "images": ImageSettings,
    "region": RegionSettings,
    "vlm": VlmSettings,
    "prompt": PromptSettings,
    "evidence": EvidenceSettings,
    "influence": InfluenceSettings,
}
# flat name -> group and field
FLAT = {flat: (group, name) for group, kind in GROUPS.items() for name, flat in flat_names(kind).items()}
FLAT["prompts"] = FLAT["learned_prompts"]  # the name in version 1


def grouped(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by their own names, put into their groups.

    Parameters
    ----------
    settings : mapping of str to value
        What belongs to no group, or lies in one already, is left where it is.

    Returns
    -------
    dict of str to value
        Those of a group as a dict of its own.
    """
    plain: dict[str, Any] = {}
    for name, value in settings.items():
        group, key = FLAT.get(name, (name, None))
        if group not in GROUPS:
            plain[name] = value
        elif name == group and isinstance(value, (Mapping, GROUPS[group])):
            plain[group] = {**plain_settings(value), **plain.get(group, {})}
        elif key is None:  # a group that no plain value stands for
            group_of(group, GROUPS[group], value)  # says so
        else:
            plain.setdefault(group, {})[key] = value
    return plain


def renewed(data: Any) -> dict[str, Any]:
    """The JSON of a request as this version writes it, made of that of any version that is understood.

    Parameters
    ----------
    data : dict

    Returns
    -------
    dict of str to value

    Raises
    ------
    InputError
        If it is of another version, or no object with names.
    """
    plain = keywords(data, "request")
    version = plain.pop("version", FLAT_VERSION)
    if isinstance(version, bool) or version not in (FLAT_VERSION, VERSION):
        raise InputError(
            f"the request has version {short_repr(version)}; this program reads version {FLAT_VERSION} and {VERSION}: "
            "use the XAICLIP that wrote it, or a newer one"
        )
    return {"version": VERSION, **(grouped(plain) if version == FLAT_VERSION else plain)}


def group_of(name: str, kind: type[Group], given: Any) -> Group:
    """What was given for a group of settings as that group.

    Parameters
    ----------
    name : str
        Of the group.
    kind : type of Group
    given : Group, mapping of field name to value, or value
        The group itself, its fields by name, or its main field alone.

    Returns
    -------
    Group

    Raises
    ------
    InputError
        If it is none of these, or a value can't be used.
    """
    if isinstance(given, kind):
        return given
    if isinstance(given, Mapping):
        check_names(map(str, given), flat_names(kind), name)
        return kind(**given)
    if kind.MAIN is None:
        raise InputError(f"{name} is {short_repr(given)}; give {kind.__name__}({', '.join(flat_names(kind))})")
    return kind(**{kind.MAIN: given})


def plain_settings(group: Group | Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a group by the names of its fields.

    Parameters
    ----------
    group : Group, or mapping

    Returns
    -------
    dict of str to value
    """
    if isinstance(group, Mapping):
        return dict(group)
    return {f.name: getattr(group, f.name) for f in fields(group)}


def keywords(data: Any, what: str) -> dict[str, Any]:
    """Plain data as a dictionary of its own.

    Parameters
    ----------
    data : dict
    what : str
        What it is of, for the error.

    Returns
    -------
    dict of str to value

    Raises
    ------
    InputError
        If it is no dictionary, or its keys are no names.
    """
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise InputError(f"the {what} is {short_repr(data)}; it must be an object with names and values")
    return dict(data)
