"""The phantom as a data set: one patient per seed, made on the spot."""

from __future__ import annotations

from fnmatch import fnmatchcase

from XAICLIPLib import anatomy
from XAICLIPLib.datasets.labelled import Labelled, LabelledCase
from XAICLIPLib.phantom import PHANTOM_LABELS, make_phantom

TITLE = "the phantom"
LAYOUT = "the cases phantom-0, phantom-1, …"
COUNT = 2  # without a wish: a few minutes on two cores
_MOST = 1000  # seeds that a pattern is tried on


def cases(count: int | None = None, only: str = "*") -> list[LabelledCase]:
    """The first patients whose name matches.

    Parameters
    ----------
    count : int, optional
        How many; `COUNT` by default.
    only : str
        A pattern for names, such as "phantom-1*".

    Returns
    -------
    list of LabelledCase
    """
    seeds = (seed for seed in range(_MOST) if fnmatchcase(f"phantom-{seed}", only))
    return [_case(seed) for seed, _ in zip(seeds, range(count or COUNT))]


def _case(seed: int) -> LabelledCase:
    numbers = {name: number for name, number in PHANTOM_LABELS.items() if anatomy.find(name)}

    def read() -> Labelled:
        scan, labels = make_phantom(seed)
        return Labelled(scan, labels, numbers)

    return LabelledCase(f"phantom-{seed}", tuple(numbers), read)
