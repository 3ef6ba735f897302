"""Several folds of a trained model, whose mean nnU-Net takes: ``nnunet:FOLDER:folds``, or ``:folds=0,2`` for some."""

from __future__ import annotations

import re
from pathlib import Path

from torch import Tensor, nn

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.nnunet.folder import ModelFolder, find_model


class MeanOfFolds(nn.Module):
    """Networks of several folds; the mean of what they give.

    Parameters
    ----------
    networks : list of torch.nn.Module
    """

    def __init__(self, networks: list[nn.Module]) -> None:
        super().__init__()
        self.folds = nn.ModuleList(networks)

    def forward(self, tiles: Tensor) -> Tensor:
        """The mean of the folds' outputs.

        Parameters
        ----------
        tiles : Tensor, shape (n, C, *tile)

        Returns
        -------
        Tensor, shape (n, heads, *tile)
        """
        total = self.folds[0](tiles)
        for network in self.folds[1:]:
            total = total + network(tiles)
        return total / len(self.folds)


def find_folds(argument: str) -> tuple[ModelFolder, ...]:
    """The folds that a string names.

    Parameters
    ----------
    argument : str
        As `find_model` takes it, and then one fold is meant; or with ":folds" at its end, for all that were trained in
        turn (0, 1, …), or ":folds=0,2" for some.

    Returns
    -------
    tuple of ModelFolder
        At least one.

    Raises
    ------
    MissingPackage, ModelError
        As of `find_model`.
    WeightsError
        If there is no such model, or it has not got such a fold.
    """
    found = re.fullmatch(r"(.+):folds(?:=([\w,]+))?", argument)
    if found is None or Path(argument).expanduser().exists():
        return (find_model(argument),)
    first = find_model(found[1])
    turns = tuple(fold for fold in first.folds if fold.isdigit()) or first.folds
    wanted = tuple(dict.fromkeys(found[2].split(","))) if found[2] else turns
    absent = [fold for fold in wanted if fold not in first.folds]
    if absent:
        raise WeightsError(
            f"{first.path.name} has no trained fold {', '.join(absent)}; it has {', '.join(first.folds)}: write "
            f"nnunet:{first.path}:folds={','.join(turns)}"
        )
    return tuple(find_model(str(first.path / f"fold_{fold}")) for fold in wanted)
