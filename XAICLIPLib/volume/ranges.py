"""Numbers of slices in few words."""

from __future__ import annotations

from collections.abc import Iterable


def ranges(numbers: Iterable[int], dash: str = "–") -> str:
    """Slices in few words.

    Parameters
    ----------
    numbers : iterable of int
    dash : str
        Between the first and the last of a run.

    Returns
    -------
    str
        Such as "3–7, 9".
    """
    numbers = sorted(numbers)
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}{dash}{b}" for a, b in runs)
