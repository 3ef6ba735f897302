"""Whether a model repeats itself: found out once, and true of everything that is explained with it in the same run."""

from __future__ import annotations

from dataclasses import dataclass

TRIED = 2  # images in the batch in which it is looked whether a model repeats itself


@dataclass
class Repeats:
    """What `Scorer.try_repeats` found out about a model; the scorers of a run share one, and the first fills it in.

    Attributes
    ----------
    tried : bool
        Whether it was looked for on an image in which the model finds something: where it finds nothing, noise may
        not show.
    unrepeatable, neighbours : float
        By how much a score of the unperturbed image changed when it was run again, and when another image was in its
        batch; 0 where not by more than rounding, or not tried.
    notes : tuple of str
        What a reader must know of it.
    """

    tried: bool = False
    unrepeatable: float = 0.0
    neighbours: float = 0.0
    notes: tuple[str, ...] = ()
