"""Rows of a long comparison, kept one by one as they are finished, so that it can be stopped and taken up again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from XAICLIPLib.errors import InputError, ResourceError
from XAICLIPLib.report.provenance import plain, write_json

ROWS, SETTINGS = "rows.jsonl", "settings.json"
METHODS = "methods"  # what may be added later: the rows of one method say nothing about those of another


class RowsFile:
    """A folder's finished rows, by what they are of.

    Each entry is one line, written in one piece and forced to the disk. A line that was cut off when the power or the
    process went is left out and written over.

    Parameters
    ----------
    folder : path
        Made where it is not there.
    settings : mapping
        What the rows depend on; those of one folder all have the same. Under "methods" there is a mapping of name to
        settings, of which only the names in both are compared.

    Raises
    ------
    InputError
        If the folder can't be written to, or holds rows that were made with other settings.
    """

    def __init__(self, folder: str | Path, settings: Mapping[str, Any]) -> None:
        self.folder = Path(folder)
        self._path = self.folder / ROWS
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            held = self._path.read_bytes() if self._path.exists() else b""
        except OSError as error:
            raise InputError(f"{folder} can't be used ({error.strerror}); choose another folder with --out") from error
        settings = plain(settings)
        before = self._settings_before(bool(held))
        if before is not None:
            self._compare(before, settings)
            settings = {**settings, METHODS: {**before.get(METHODS, {}), **settings.get(METHODS, {})}}
        self._entries: dict[tuple, list[dict]] = {}
        whole = held[: held.rfind(b"\n") + 1]
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                entry = json.loads(line)
                self._entries[tuple(entry["of"])] = entry["rows"]
            except (ValueError, LookupError, TypeError, RecursionError) as error:
                raise InputError(
                    f"line {number} of {self._path} is damaged; delete that line (its rows are then made anew)"
                ) from error
        write_json(self.folder / SETTINGS, settings)
        try:
            with self._path.open("r+b" if self._path.exists() else "wb") as file:
                file.truncate(len(whole))
        except OSError as error:
            raise InputError(f"{self._path} can't be written ({error.strerror}); choose another --out") from error

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, of: Sequence) -> list[dict] | None:
        """The rows of one thing.

        Parameters
        ----------
        of : sequence of str and int
            What they are of: case, structure, slice, method.

        Returns
        -------
        list of dict, or None
            As JSON keeps them; None where it is not finished.
        """
        return self._entries.get(tuple(of))

    def add(self, of: Sequence, rows: Sequence[Mapping]) -> list[dict]:
        """Keep the rows of one thing, and give them back as they will be read again.

        Parameters
        ----------
        of : sequence of str and int
            What they are of.
        rows : sequence of mappings
            By column.

        Returns
        -------
        list of dict

        Raises
        ------
        ResourceError
            If they can't be written.
        """
        line = json.dumps({"of": list(of), "rows": plain(list(rows))}, ensure_ascii=False) + "\n"
        try:
            with self._path.open("ab") as file:
                file.write(line.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise ResourceError(
                f"{self._path} can't be written ({error.strerror}); free some space and run the same command again: "
                f"the {len(self)} comparisons that are finished are kept"
            ) from error
        self._entries[tuple(of)] = json.loads(line)["rows"]
        return self._entries[tuple(of)]

    def _settings_before(self, rows: bool) -> dict | None:
        path = self.folder / SETTINGS
        try:
            if not (path.exists() or rows):
                return None
            settings = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(settings, dict) or not isinstance(settings.get(METHODS, {}), dict):
                raise ValueError("no settings")
            return settings
        except (OSError, ValueError, RecursionError) as error:
            raise InputError(
                f"{self.folder} holds rows, but {SETTINGS} can't be read, so that nobody knows how they were made; "
                f"choose another --out, or delete {self._path}"
            ) from error

    def _compare(self, before: Mapping, now: Mapping) -> None:
        old, new = _flat(before), _flat(now)
        shared = {f"{METHODS}.{name}." for name in before.get(METHODS, {}) if name in now.get(METHODS, {})}
        different = [
            f"{key} was {_word(old.get(key))}, now {_word(new.get(key))}"
            for key in dict.fromkeys((*old, *new))
            if old.get(key) != new.get(key)
            and (not key.startswith(f"{METHODS}.") or any(key.startswith(prefix) for prefix in shared))
        ]
        if different:
            raise InputError(
                f"{self.folder} holds a benchmark with other settings ({'; '.join(different)}); choose another --out, "
                "run it with those settings to go on, or delete the folder"
            )


def _word(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _flat(settings: Mapping, prefix: str = "") -> dict[str, Any]:
    """``{"a": {"b": 1}}`` as ``{"a.b": 1}``."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat
