"""The parts of `cohort.html` about all cases together: what depends on what, and the mean organ × organ matrix."""

from __future__ import annotations

from html import escape

import numpy as np

from XAICLIPLib.cohort.across import Across
from XAICLIPLib.cohort.dependence import ALPHA
from XAICLIPLib.report.markup import number_table

_MOST = 20  # effects that are told


def dependence_section(found: Across) -> str:
    """On which attributes the numbers depend, in sentences.

    Parameters
    ----------
    found : Across

    Returns
    -------
    str
        Empty where there was nothing to test.
    """
    if not found.effects:
        return ""
    held = [effect for effect in found.effects if effect.is_found]
    how = (
        f"{len(found.effects)} tests; found is what stays below {ALPHA:g} when all of them are counted (Holm). Shifts "
        "by ranks (Spearman, Mann-Whitney), shares of outliers by Fisher's exact test; intervals are 95 % bootstrap "
        "intervals. An association in these cases, not a cause. All tests: dependence.parquet."
    )
    items = "".join(f"<li>{escape(effect.sentence())}</li>" for effect in held[:_MOST])
    more = f"<p>{len(held) - _MOST} more are in dependence.parquet.</p>" if len(held) > _MOST else ""
    body = f"<ul>{items}</ul>{more}" if held else "<p>None was found.</p>"
    return f'<h2>What the numbers depend on</h2>{body}<p class="small">{escape(how)}</p>'


def matrix_section(found: Across) -> str:
    """What each structure loses when each segment is hidden, mean and spread over the cases.

    Parameters
    ----------
    found : Across

    Returns
    -------
    str
        Empty where no segments were hidden.
    """
    if not found.losses:
        return ""
    structures = sorted({structure for _, structure in found.losses})
    players = sorted({player for player, _ in found.losses})
    rows = []
    for player in players:
        cells = [player.replace("_", " ")]
        for structure in structures:
            losses = np.array(found.losses.get((player, structure), ()), float)
            spread = f" ± {losses.std(ddof=1):.3f}" if len(losses) > 1 else ""
            cells.append(f"{losses.mean().round(3) + 0.0:.3f}{spread} ({len(losses)})" if len(losses) else "–")
        rows.append(cells)
    table = number_table(["hidden", *(name.replace("_", " ") for name in structures)], rows)
    return (
        "<h2>Which structure needs which</h2>"
        '<p class="small">Mean loss of probability over what is drawn of each structure when a whole segment is '
        f"hidden, ± standard deviation over the cases (how many).</p>{table}"
    )
