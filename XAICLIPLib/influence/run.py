"""`influence`: one run of an explainer on an image, kept so that it can be asked about any place afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from torch import Tensor

from XAICLIPLib.attribution.attribute import attribute
from XAICLIPLib.attribution.inputs import as_image, as_region
from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.attribution.scorer import Predict, Scorer
from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.grid import ImageGrid
from XAICLIPLib.influence.players import Segments, label_players, players_of
from XAICLIPLib.influence.question import Influence
from XAICLIPLib.influence.recorder import Recorder

CELL = 6 / 512  # of the longest edge: about 4 mm of a body that fills the image


def influence(
    image: np.ndarray | Tensor,
    predict: Predict,
    region: np.ndarray | Tensor | None = None,
    method: Method | type[Method] | str | None = None,
    *,
    players: np.ndarray | Mapping[str, np.ndarray] | None = None,
    names: Sequence[str] | None = None,
    cell: float | None = None,
    **options: Any,
) -> Influence:
    """Run an explainer once and keep where the output changed, to be asked about any place afterwards.

    Parameters
    ----------
    image, predict, region, method
        As in `attribute`.
    players : array of int (*S), or mapping of str to bool array (*S), optional
        Segments that are hidden one at a time instead of the method's places: a label map in which 0 is background, or
        masks by name.
    names : sequence of str, optional
        Of the targets; "target 0", … by default.
    cell : float, optional
        Edge of the cells in which changes are kept, in pixels; by default six pixels of an image 512 wide.
    **options
        As in `attribute`: reference, score, seed, batch_size, …, and settings of the method.

    Returns
    -------
    Influence

    Raises
    ------
    InputError
        As `attribute`; or if a method and players are given.
    ModelError, ResourceError
        As `attribute`.

    Example
    -------
    >>> import numpy as np, torch
    >>> image = np.zeros((1, 32, 32), np.float32)
    >>> image[0, 8:24, 8:24] = 1.0
    >>> def needs_its_corner(batch):  # nothing is drawn without the organ's upper left corner
    ...     return torch.sigmoid(20 * (batch - 0.5)) * batch[:, :, 8:12, 8:12].mean((2, 3), keepdim=True)
    >>> known = influence(image, needs_its_corner, method="occlusion", patch=8, stride=4)
    >>> why = known.why("drawn")
    >>> [int(i) for i in np.unravel_index(why.argmax(), why.shape)]
    [8, 8]
    """
    if players is not None:
        if method is not None:
            raise InputError("players are hidden instead of a method's places; give either players or a method")
        method = players_of(dict(players)) if isinstance(players, Mapping) else label_players(np.asarray(players))
        if "fill" in options:
            method = replace(method, fill=options.pop("fill"))
    heard: list[Recorder] = []

    def listen(scorer: Scorer) -> Recorder:
        output = scorer.prediction.shape[1:]
        edge = max(output) * CELL if cell is None else float(cell) * max(output) / max(scorer.image.shape[1:])
        called = names or [f"target {k}" for k in range(scorer.targets)]
        if len(called) != scorer.targets:
            raise InputError(f"the model has {scorer.targets} targets and {len(called)} names are given")
        heard.append(Recorder(scorer.prediction, scorer.reference, (edge,) * len(output), called))
        return heard[-1]

    attribute(image, predict, region, method, listen=listen, **options)
    prepared = as_image(image, None)
    inside = (
        np.ones(tuple(prepared.shape[1:]), bool)
        if isinstance(method, Segments)
        else as_region(region, prepared)[0].cpu().numpy()
    )
    record = heard[-1].record
    if record is None:
        raise InputError("this method does not say what it hid, so that nothing could be recorded; choose another")
    return Influence(record, ImageGrid.same(inside))
