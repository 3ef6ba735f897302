"""A table in a text file, whichever program wrote it: its encoding and its separator are found, not asked for."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from XAICLIPLib.errors import InputError

SEPARATORS = ",;\t|"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LARGEST = 2**30  # bytes


def read_table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Read a table of text.

    Parameters
    ----------
    path : Path
        UTF-8 or UTF-16 with or without its mark, else Windows' western letters; separated by commas, semicolons,
        tabulators or bars; quoted or not.

    Returns
    -------
    header : list of str
    lines : list of (int, list of str)
        Number of the line in the file from 1, and as many cells as the header has; without empty lines.

    Raises
    ------
    InputError
        If the file can't be read, is no text, or a line has more cells than the header.
    """
    text = _text(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise InputError(f"{path.name} is empty; its first line names the columns, such as scan,id")
    separator = max(SEPARATORS, key=lambda sign: _outside_quotes(first, sign))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InputError(f"{path.name} is no table that can be read ({error}); save it as CSV in UTF-8") from error
    header = rows[0][1]
    while header and not header[-1].strip():  # some programs end every line with a separator
        header.pop()
    lines = []
    for number, cells in rows[1:]:
        if any(cell.strip() for cell in cells[len(header) :]):
            raise InputError(
                f"line {number} of {path.name} has {len(cells)} cells, and its header {len(header)}; put cells with "
                f"{separator!r} in them into quotation marks"
            )
        lines.append((number, [*cells, *[""] * len(header)][: len(header)]))
    return header, lines


def _outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path.name} is larger than any manifest; give a table with a line for each scan")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} can't be read ({error.strerror or error}); check the file") from error
    known = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    if known is None and data[1:2] == b"\0":
        known = "utf-16-le"
    if known is None and b"\0" in data[:4096]:
        raise InputError(f"{path.name} is no text; save the table as CSV (a spreadsheet's own format can't be read)")
    for encoding in (known,) if known else ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path.name} is in an encoding that is not known; save it as CSV in UTF-8")
