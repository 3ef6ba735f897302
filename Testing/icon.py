"""Draw the module's icon: an axial slice, the organ that was asked about, and heat where the model looks.

python Testing/icon.py XAICLIP/Resources/Icons/XAICLIP.png
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

SIZE, OVERSAMPLING = 128, 8
BACKGROUND, BODY, RIM, SPINE = (27, 33, 44), (92, 101, 116), (226, 231, 238), (226, 231, 238)
HEAT = ((38, 92, 200), (38, 176, 214), (244, 214, 74), (240, 120, 40), (214, 40, 40))  # low to high


def draw(size: int = SIZE) -> Image.Image:
    """The icon with a transparent outside."""
    n = size * OVERSAMPLING
    y, x = np.mgrid[0:n, 0:n] / (n - 1) * 2 - 1

    def ellipse(cx: float, cy: float, rx: float, ry: float, power: float = 2.0) -> np.ndarray:
        return (np.abs((x - cx) / rx) ** power + np.abs((y - cy) / ry) ** power) ** (1 / power)

    picture = np.zeros((n, n, 4))

    def paint(mask: np.ndarray, colour) -> None:
        picture[mask, :3] = colour[mask] if isinstance(colour, np.ndarray) else colour
        picture[mask, 3] = 255

    paint(ellipse(0, 0, 0.98, 0.98, 6) < 1, BACKGROUND)
    body = ellipse(0, 0.02, 0.86, 0.68, 2.4)
    paint(body < 1, RIM)
    paint(body < 0.91, BODY)
    paint(ellipse(0, 0.44, 0.15, 0.14) < 1, SPINE)
    # the liver: large on the picture's left (the patient's right), tapering across the middle
    organ = np.minimum(ellipse(-0.36, -0.06, 0.40, 0.44, 2.3), ellipse(0.02, -0.24, 0.42, 0.20))
    organ = np.maximum(organ, 1 / np.maximum(ellipse(0.06, 0.20, 0.30, 0.34), 1e-6))
    paint((organ < 1.09) & (body < 0.91), RIM)
    heat = np.clip(1.12 - ellipse(-0.36, -0.10, 0.62, 0.60), 0, 1)
    anchors = np.linspace(0, 1, len(HEAT))
    colours = np.stack([np.interp(heat, anchors, channel) for channel in zip(*HEAT)], -1)
    paint((organ < 1) & (body < 0.91), colours)
    small = picture.reshape(size, OVERSAMPLING, size, OVERSAMPLING, 4)
    alpha = small[..., 3:].sum((1, 3))
    rgb = (small[..., :3] * small[..., 3:]).sum((1, 3)) / np.maximum(alpha, 1)
    return Image.fromarray(np.concatenate([rgb, alpha / OVERSAMPLING**2], -1).round().astype(np.uint8), "RGBA")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    draw().save(target, optimize=True)
