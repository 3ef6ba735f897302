"""A small picture of each structure of a case, by which a reader of many cases finds the one to open."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from XAICLIPLib.cohort.store import thumbnail_file
from XAICLIPLib.report.colours import blend, colour_table, grey_picture
from XAICLIPLib.results.explained import Explained

SIDE = 240  # px of the longer edge


def write_thumbnails(explained: Explained, folder: Path, colormap: str) -> None:
    """Draw the slice of each structure that its map is largest in: the scan, the map, and the outline of what is drawn.

    Parameters
    ----------
    explained : Explained
        With its picture.
    folder : Path
        Where to.
    colormap : str
        As in the other pictures.
    """
    picture = explained.picture
    if picture is None:
        return
    colours = colour_table(colormap)
    across, down, _ = picture.axial().spacing
    labels = {entry["name"]: (label, entry) for label, entry in enumerate(explained.report["structures"], start=1)}
    for row in explained.summary:
        z, (label, entry) = row.largest_drop_slice, labels[row.structure]
        if z is None:
            continue
        plane = picture.slices[z]
        tall, wide = plane.shape[0] * down, plane.shape[1] * across
        size = (max(1, round(SIDE * wide / max(tall, wide))), max(1, round(SIDE * tall / max(tall, wide))))
        saliency = explained.saliencies.get(row.structure, explained.saliency)
        rgb = blend(grey_picture(plane, size), saliency.slices[z], colours)
        drawn = (explained.prediction.slices[z] == label).astype(np.uint8)
        drawn = cv2.resize(drawn, size, interpolation=cv2.INTER_NEAREST)
        pixels = np.ascontiguousarray(cv2.convertScaleAbs(rgb[..., ::-1], alpha=255))
        colour = tuple(int(value) for value in reversed(entry["colour"]))
        outlines, _ = cv2.findContours(drawn, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(pixels, outlines, -1, colour, 1)
        _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])
        (folder / thumbnail_file(row.structure)).write_bytes(data.tobytes())
