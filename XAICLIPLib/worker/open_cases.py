"""The scans that were used last, open with everything that was found out about them."""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError

if TYPE_CHECKING:
    from XAICLIPLib.case.case import Case
    from XAICLIPLib.case.models import Models

SCANS = 2  # that stay open
CACHE_BYTES = 256 * 2**20  # of each scan's similarities and predictions: a moved threshold asks no model


class OpenCases:
    """Requests opened, so that on a scan that is open already only what a request changes is done again.

    Parameters
    ----------
    models : Models
    """

    def __init__(self, models: Models) -> None:
        self._models = models
        self._cases: OrderedDict[tuple, Case] = OrderedDict()

    def open(
        self, request: dict[str, Any], scan: str, *, region: str | None = None, reference: str | None = None
    ) -> Case:
        """The case of a request.

        Parameters
        ----------
        request : dict
            As `Request.to_json` gives it; a scan in it does not count.
        scan : str
            Path of the scan; it is read again where the file changed.
        region, reference : str, optional
            Paths of masks, in the place of what the request names.

        Returns
        -------
        Case

        Raises
        ------
        InputError
            If the scan can't be read, or the request names a mask that is not there.
        """
        from XAICLIPLib.case.cache import Cache
        from XAICLIPLib.case.case import Case
        from XAICLIPLib.case.naming import scan_label
        from XAICLIPLib.volume import read_volume

        wanted = _wanted(request, scan, region, reference)
        try:
            state = os.stat(scan)
        except OSError as error:
            raise InputError(f"{scan[:200]} can't be read ({error.strerror}); check the path") from error
        key = (scan, wanted.series, wanted.modality, state.st_mtime_ns, state.st_size)
        if key in self._cases:
            case = self._cases[key].under(wanted)
        else:
            for old in [k for k in self._cases if k[:2] == key[:2] and k[3:] != key[3:]]:
                del self._cases[old]
            volume = read_volume(scan, wanted.series)
            volume = replace(volume, name=scan_label(wanted, wanted.scan))
            case = Case(wanted, self._models, scan=volume, cache=Cache(CACHE_BYTES))
        self._cases[key] = case
        self._cases.move_to_end(key)
        while len(self._cases) > SCANS:
            self._cases.popitem(last=False)
        return case


def _wanted(request: dict[str, Any], scan: str, region: str | None, reference: str | None) -> Request:
    wanted = Request.from_json({**request, "scan": scan})
    if region is not None:
        wanted = wanted.changed(region=region)
    elif wanted.region.is_given and not os.path.exists(wanted.region.source):
        raise InputError(f"the region {wanted.region.source!r} needs the file of a mask")
    return wanted if reference is None else replace(wanted, reference=reference)
