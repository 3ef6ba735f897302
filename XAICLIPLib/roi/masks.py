"""Masks of a slice grown, filled and taken apart, and maps smoothed."""

from __future__ import annotations

import cv2
import numpy as np
from scipy import ndimage

from XAICLIPLib.roi.quality import crop_around


def smooth(probability: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian smoothing.

    Parameters
    ----------
    probability : ndarray, shape (H, W)
    sigma : float
        In pixels of a slice 512 pixels wide, so that it means as much on a coarse slice; 0 changes nothing.

    Returns
    -------
    ndarray, shape (H, W)
        float32 where it was smoothed.
    """
    pixels = sigma * max(probability.shape) / 512
    return probability if pixels <= 0 else cv2.GaussianBlur(probability.astype(np.float32), (0, 0), pixels)


def dilate(mask: np.ndarray, millimetres: float, spacing: tuple[float, float]) -> np.ndarray:
    """All pixels within a distance of a mask.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
    millimetres : float
        0 changes nothing.
    spacing : tuple of 2 floats
        Pixel edge along rows and columns, mm.

    Returns
    -------
    ndarray of bool, shape (H, W)
    """
    if millimetres <= 0 or not mask.any():
        return mask
    out, part = np.zeros(mask.shape, bool), crop_around(mask, millimetres, spacing)
    out[part] = ndimage.distance_transform_edt(~mask[part], sampling=spacing) <= millimetres
    return out


def box_around(mask: np.ndarray, millimetres: float, spacing: tuple[float, ...]) -> np.ndarray:
    """The bounding box of a mask, grown on every side.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W) or (Z, H, W)
        Not empty.
    millimetres : float
        By how much.
    spacing : tuple of float
        mm along the mask's axes.

    Returns
    -------
    ndarray of bool, shape (H, W) or (Z, H, W)
    """
    out = np.zeros(mask.shape, bool)
    out[crop_around(mask, millimetres, spacing)] = True
    return out


def largest_pieces(mask: np.ndarray, count: int | None) -> np.ndarray:
    """The largest connected pieces of a mask; pixels that touch at a corner are connected.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
    count : int, optional
        How many; all of them where it is None.

    Returns
    -------
    ndarray of bool, shape (H, W)
    """
    number, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count is None or number - 1 <= count:
        return mask
    largest = 1 + np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:count]
    return np.isin(labels, largest)


def filled(mask: np.ndarray) -> np.ndarray:
    """A mask with its holes: what is not connected with the slice's edge around it, over edges of pixels.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)

    Returns
    -------
    ndarray of bool, shape (H, W)
    """
    around = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    _, labels = cv2.connectedComponents(around, connectivity=4)
    return (labels != labels[0, 0])[1:-1, 1:-1]


def hull(mask: np.ndarray) -> np.ndarray:
    """The convex hull of a mask.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
        An empty one stays empty.

    Returns
    -------
    ndarray of bool, shape (H, W)
    """
    points = cv2.findNonZero(mask.astype(np.uint8))
    if points is None:
        return mask
    return cv2.fillConvexPoly(np.zeros(mask.shape, np.uint8), cv2.convexHull(points), 1).astype(bool)
