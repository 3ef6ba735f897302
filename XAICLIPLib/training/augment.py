"""Draw augmented 160 x 160 slices from a few scans.

Spatial changes are one 3D ``grid_sample`` per scan and batch (rotation, tilt out of the plane, scale, shear, elastic);
then come contrast phases, SynthSeg-like random contrasts (Billot et al., Medical Image Analysis 2023), pseudo-CT made
of MR, absent organs, a procedural thorax, and the scanner's blur, noise and window. Images are never mirrored: sides
are anatomy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from XAICLIPLib.training import data
from XAICLIPLib.training.absence import remove_organs
from XAICLIPLib.training.magnetic import random_signals
from XAICLIPLib.training.nothing import picture_of_nothing
from XAICLIPLib.training.thorax import paint_thorax

SIZE = 160
WINDOW = (-160.0, 240.0)
AIR = -1000.0

# Mean HU of the classes in the portal phase, for images made of labels alone (pseudo-CT).
_TYPICAL_HU = np.array(
    [AIR, 60, 55, 45, 45, 30, 60, 200, -800, 50, -100, 50, 350, 20, 60, 30, -700, 10, 40], np.float32
)


@dataclass(frozen=True)
class Batch:
    """Images ``(B, 1, 160, 160)`` in [0, 1] and fine labels ``(B, 160, 160)`` int64, `data.IGNORE` where unknown."""

    images: Tensor
    labels: Tensor


def _smooth_noise(rng: np.random.Generator, n: int, cells: int, device: torch.device) -> Tensor:
    """Smooth random fields ``(n, SIZE, SIZE)`` of unit deviation at their ``cells x cells`` knots."""
    knots = torch.from_numpy(rng.standard_normal((n, 1, cells, cells)).astype(np.float32)).to(device)
    return functional.interpolate(knots, size=(SIZE, SIZE), mode="bicubic", align_corners=True)[:, 0]


def _tensor(values: np.ndarray, device: torch.device) -> Tensor:
    """Per-sample numbers ``(n, ...)`` as float32 ``(n, ..., 1, 1)``, to be broadcast over an image."""
    values = np.asarray(values, np.float32)
    return torch.from_numpy(values).to(device).reshape(*values.shape, 1, 1)


def _blur(image: Tensor, sigma: float = 0.8) -> Tensor:
    """3 x 3 Gaussian blur of ``(n, H, W)`` with replicated edges."""
    side = float(np.exp(-0.5 / sigma**2))
    line = torch.tensor([side, 1.0, side], device=image.device) / (1 + 2 * side)
    padded = functional.pad(image[:, None], (1, 1, 1, 1), mode="replicate")
    return functional.conv2d(padded, torch.outer(line, line)[None, None])[:, 0]


def sample_slices(scan: data.Scan, slices: np.ndarray, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Randomly deformed slices of one scan.

    Parameters
    ----------
    scan : Scan
    slices : ndarray (n,)
        Slice indices.
    rng : Generator

    Returns
    -------
    image, labels : Tensor (n, SIZE, SIZE)
        Values of the scan (AIR, or 0 for MR, outside) and fine labels.
    inside : Tensor (n, SIZE, SIZE) of bool
        False where a simulated narrow field of view cuts the body off.
    """
    n, device = len(slices), scan.image.device
    line = torch.linspace(-1 + 1 / SIZE, 1 - 1 / SIZE, SIZE, device=device)
    v, u = torch.meshgrid(line, line, indexing="ij")
    angle = np.deg2rad(rng.normal(0, 6, n))
    scale = np.exp(rng.normal(0, 0.08, n))
    aspect = np.exp(rng.normal(0, 0.07, n) / 2)
    shear = rng.normal(0, 0.05, n)
    shift = rng.normal(0, 0.07, (2, n))
    # A narrow field of view: the frame then hugs a part of the body, which fills it to the edge.
    narrow = rng.random(n) < 0.1
    scale = np.where(narrow, scale * rng.uniform(0.6, 0.9, n), scale)
    shift = np.where(narrow, rng.normal(0, 0.15, (2, n)), shift)
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    matrix = [_tensor(m, device) for m in (cos * aspect, -sin * aspect, sin / aspect, cos / aspect)]
    p = matrix[0] * v + (matrix[1] + _tensor(shear, device)) * u + _tensor(shift[0], device)
    q = matrix[2] * v + matrix[3] * u + _tensor(shift[1], device)
    for cells, sigma in ((4, 0.05), (7, 0.022), (14, 0.007)):
        p = p + sigma * _smooth_noise(rng, n, cells, device)
        q = q + sigma * _smooth_noise(rng, n, cells, device)
    frames = scan.frames[slices]
    half = _tensor(frames[:, 2] / 2, device)
    dz, dy, dx = scan.spacing
    planes, rows, columns = scan.image.shape
    # Thin slabs are tilted less: beyond their ends there is nothing but copies of the last slice.
    tilt = 6 if planes * dz > 100 else 2.5
    slopes = [_tensor(np.tan(np.deg2rad(rng.normal(0, tilt, n))), device) for _ in range(2)]
    depth = (slopes[0] * p + slopes[1] * q) * half + tilt * _smooth_noise(rng, n, 4, device)
    z = _tensor(slices + rng.uniform(-0.5, 0.5, n), device) + depth / dz
    y = (p * half + _tensor(frames[:, 0], device)) / dy
    x = (q * half + _tensor(frames[:, 1], device)) / dx
    grid = torch.stack(
        [2 * x / (columns - 1) - 1, 2 * y / (rows - 1) - 1, (2 * z / (planes - 1) - 1).clamp(-1, 1)], dim=-1
    )[None]
    outside = AIR if scan.modality == "CT" else 0.0
    image = functional.grid_sample((scan.image - outside)[None, None], grid, align_corners=True)[0, 0] + outside
    labels = functional.grid_sample(scan.labels[None, None], grid, mode="nearest", align_corners=True)[0, 0]
    edge = 1 / 1.06
    square = (v.abs() < edge) & (u.abs() < edge)
    disc = (v**2 + u**2) < edge**2
    shape = torch.where(torch.from_numpy(rng.random(n) < 0.5).to(device)[:, None, None], square, disc)
    inside = shape | ~torch.from_numpy(narrow).to(device)[:, None, None]
    return image, labels, inside


def contrast_targets(scan: data.Scan, n: int, rng: np.random.Generator) -> np.ndarray:
    """Offsets in HU ``(n, classes)`` that bring a CT to another contrast phase, patient and stomach filling."""
    offsets = rng.normal(0, 8, (n, len(data.FINE)))
    offsets[:, data.BONE] = rng.normal(0, 60, n)
    offsets[:, data.SPINE] = rng.normal(0, 50, n)
    offsets[:, data.LUNG] = rng.normal(0, 25, n)
    on = rng.random(n) < 0.75
    phase = rng.random(n)

    def aim(label: int, low: float, rise: float, spread: tuple[float, float], jitter: float) -> np.ndarray:
        goal = low + phase * rise * rng.uniform(*spread, n) + rng.normal(0, jitter, n)
        offsets[on, label] = (goal - scan.means[label])[on]
        return goal

    aim(data.LIVER, 52, 110, (0.1, 1.0), 12)
    aim(data.SPLEEN, 46, 125, (0.2, 1.0), 12)
    kidney = 32 + phase * 260 * rng.uniform(0.15, 1.0, n)
    for label in (data.KIDNEY_RIGHT, data.KIDNEY_LEFT):
        offsets[on, label] = (kidney + rng.normal(0, 8, n) - scan.means[label])[on]
    aorta = aim(data.AORTA, 42, 240, (0.1, 1.0), 8)
    offsets[on, data.VEIN] = (40 + (aorta - 42) * rng.uniform(0.3, 1.0, n) - scan.means[data.VEIN])[on]
    aim(data.HEART, 42, 130, (0.1, 1.0), 8)
    aim(data.PANCREAS, 35, 80, (0.1, 1.0), 10)
    aim(data.MUSCLE, 48, 25, (0.0, 1.0), 8)
    aim(data.OTHER, 35, 30, (0.0, 1.0), 10)
    offsets[:, data.STOMACH] = rng.uniform(-30, 60, n)
    offsets[:, data.BOWEL] = rng.uniform(-30, 60, n)
    oral = rng.random(n) < 0.1
    for label in (data.STOMACH, data.BOWEL):
        offsets[oral, label] = rng.uniform(60, 300, oral.sum())
    fatty = rng.random(n) < 0.07
    offsets[fatty, data.LIVER] = rng.uniform(-5, 35, fatty.sum()) - scan.means[data.LIVER]
    return offsets.astype(np.float32)


def organ_texture(image: Tensor, labels: Tensor, rng: np.random.Generator) -> Tensor:
    """Vessels in liver and spleen, cortex and pelvis of the kidneys, and now and then a lesion in the liver; HU."""
    n, device = len(image), image.device
    vessels = (_smooth_noise(rng, n, 26, device) - 1.1).clamp(min=0) * _tensor(rng.uniform(-15, 60, n), device)
    solid = (labels == data.LIVER) | (labels == data.SPLEEN)
    kidney = (labels == data.KIDNEY_RIGHT) | (labels == data.KIDNEY_LEFT)
    pelvis = _smooth_noise(rng, n, 20, device) * 0.55 * (image - 20).clamp(min=0)
    image = image + solid * vessels + kidney * pelvis
    blob = (_smooth_noise(rng, n, int(rng.integers(5, 14)), device) - 1.3).clamp(min=0, max=0.5) * 2
    strength = np.where(rng.random(n) < 0.2, rng.choice([-1.0, 1.0], n, p=[0.75, 0.25]) * rng.uniform(15, 70, n), 0)
    return image + (labels == data.LIVER) * blob * _tensor(strength, device)


def random_contrast(texture: Tensor, labels: Tensor, rng: np.random.Generator) -> Tensor:
    """Images in [0, 1] with other contrasts than the scan's, and some of its own texture.

    Parameters
    ----------
    texture : Tensor (n, H, W)
        The scan in [0, 1].
    labels : Tensor (n, H, W)

    Notes
    -----
    Half of them are SynthSeg-like with a random mean per class, dark fat and bright bone as in CT; the others are MR:
    half of those by the signal equations (`magnetic`), half with random means again.
    """
    n = len(labels)
    means = rng.uniform(0.12, 0.87, (n, len(data.FINE)))
    means[:, [data.OUTSIDE, data.LUNG, data.GAS]] = rng.uniform(0, 0.06, (n, 3))
    means[:, data.FAT] = rng.uniform(0.02, 0.35, n)
    means[:, [data.BONE, data.SPINE]] = rng.uniform(0.75, 1.0, (n, 2))
    means[:, data.KIDNEY_LEFT] = means[:, data.KIDNEY_RIGHT] + rng.normal(0, 0.02, n)
    means[:, data.OTHER] = means[:, data.MUSCLE] + rng.normal(0, 0.06, n)
    magnetic = rng.random(n) < 0.5  # as MR shows a body: bone is dark, fat may be bright, brain is no muscle
    k = int(magnetic.sum())
    means[np.ix_(magnetic, [data.BONE, data.SPINE])] = rng.uniform(0.02, 0.5, (k, 2))
    means[magnetic, data.FAT] = rng.uniform(0.1, 1.0, k)
    means[magnetic, data.OTHER] = rng.uniform(0.12, 0.87, k)
    physical = magnetic & (rng.random(n) < 0.5)
    means[physical] = _scaled(random_signals(int(physical.sum()), rng), labels[torch.from_numpy(physical)], rng)
    flat = gather(means, labels)
    grain = texture - _blur(_blur(_blur(texture)))
    spread = _tensor(rng.uniform(0, 0.06, n), labels.device)
    image = _blur(flat) + 0.5 * grain + spread * _smooth_noise(rng, n, 40, labels.device)
    coil = _tensor(np.where(magnetic, rng.uniform(0, 0.3, n), 0), labels.device)  # near it everything is brighter
    return image * (1 + coil * _smooth_noise(rng, n, 3, labels.device))


def _scaled(signal: np.ndarray, labels: Tensor, rng: np.random.Generator) -> np.ndarray:
    """Signals ``(n, classes)`` on the scale that percentiles of a scan give them: the brightest tissue of some size in
    the slices ``(n, H, W)`` about 1."""
    result = signal.copy()
    for row, section in zip(result, labels.cpu().numpy()):
        section = section[(section != data.IGNORE) & (section != data.OUTSIDE)].astype(int)
        shown = np.flatnonzero(np.bincount(section, minlength=len(data.FINE)) > max(30, 0.02 * len(section)))
        row *= rng.uniform(0.75, 1.1) / max(row[shown].max() if len(shown) else row.max(), 1e-6)
    return result.clip(0, 1.3)


def pseudo_ct(image: Tensor, labels: Tensor, scan: data.Scan, rng: np.random.Generator) -> Tensor:
    """An MR slice in [0, 1] as if it were CT, in HU: typical values by class, and a quarter of the MR's texture."""
    base = np.tile(_TYPICAL_HU, (len(labels), 1))
    flat = gather(base + rng.normal(0, 8, base.shape), labels)
    grain = image - _blur(_blur(_blur(image)))
    return _blur(flat) + 0.25 * 400 * grain


def gather(table: np.ndarray, labels: Tensor) -> Tensor:
    """Look up ``table (n, classes)`` by ``labels (n, H, W)``; ignored voxels get the class 'gas'."""
    index = torch.where(labels == data.IGNORE, torch.full_like(labels, data.GAS), labels).long()
    values = torch.from_numpy(np.ascontiguousarray(table, np.float32)).to(labels.device)
    return values.gather(1, index.flatten(1)).reshape(labels.shape)


def scanner(hu: Tensor, rng: np.random.Generator) -> Tensor:
    """Sharpness, noise and window of a scanner: HU ``(n, H, W)`` -> [0, 1]."""
    n, device = len(hu), hu.device
    amount = _tensor(rng.uniform(-0.6, 0.9, n), device)
    hu = hu + amount * (hu - _blur(hu)).clamp(-150, 150)
    sigma = _tensor(rng.exponential(9, n), device)
    seed = int(rng.integers(2**31))
    white = torch.randn(hu.shape, generator=torch.Generator().manual_seed(seed)).to(device)
    grain = torch.where(torch.from_numpy(rng.random(n) < 0.5).to(device)[:, None, None], white, 1.8 * _blur(white))
    hu = hu + sigma * grain
    fixed = rng.random(n) < 0.4
    low = np.where(fixed, WINDOW[0], rng.uniform(-230, -110, n))
    high = np.where(fixed, WINDOW[1], rng.uniform(170, 330, n))
    return ((hu - _tensor(low, device)) / _tensor(high - low, device)).clamp(0, 1)


def finish(image: Tensor, rng: np.random.Generator, gamma: float = 0.18) -> Tensor:
    """Gamma and a smooth bias field on images in [0, 1]."""
    n, device = len(image), image.device
    image = image.clamp(0, 1) ** _tensor(np.exp(rng.normal(0, gamma, n)), device)
    return (image * (1 + 0.06 * _smooth_noise(rng, n, 3, device))).clamp(0, 1)


class Sampler:
    """Endless source of training batches.

    Parameters
    ----------
    scans : list of Scan
    seed : int
    batch : int
        Images per batch: where there is MR, four in sixteen come from it (two as pseudo-CT, two with their own
        contrast). Of the CT share, scans with kidneys get twice as much.
    generated : list of Scan
        Drawn patients of all parts of the body; where there are any, five in sixteen are of them, and three are
        pictures of nothing.
    """

    def __init__(
        self, scans: list[data.Scan], seed: int, batch: int = 16, generated: list[data.Scan] | None = None
    ) -> None:
        self.rng = np.random.default_rng(seed)
        self.generated = generated or []
        self.drawn = round(batch * 5 / 16) if self.generated else 0
        self.nothing = round(batch * 3 / 16) if self.generated else 0
        batch -= self.drawn + self.nothing
        self.plan: list[tuple[data.Scan, int]] = []
        ct = [s for s in scans if s.modality == "CT"]
        mr = [s for s in scans if s.modality == "MR"]
        n_mr = round(batch * (2 / 5 if self.generated else 5 / 16)) if mr else 0
        weights = np.array([1.0 + (s.labels == data.KIDNEY_RIGHT).any().item() for s in ct])
        shares = np.floor(weights / weights.sum() * (batch - n_mr)).astype(int)
        shares[int(np.argmax(weights))] += batch - n_mr - shares.sum()
        self.plan += list(zip(ct, shares.tolist()))
        for scan, part in zip(mr, np.array_split(np.arange(n_mr), len(mr)) if mr else []):
            self.plan.append((scan, len(part)))

    def _pick(self, scan: data.Scan, n: int) -> np.ndarray:
        """Slice indices: 85 % with organs, the others anywhere."""
        rng = self.rng
        anywhere = rng.integers(0, len(scan.frames), n)
        return np.where(rng.random(n) < 0.85, rng.choice(scan.organ_slices, n), anywhere)

    def _ct(self, scan: data.Scan, n: int) -> tuple[Tensor, Tensor]:
        rng = self.rng
        slices = self._pick(scan, n)
        chest = rng.random(n) < 0.26
        slices[chest] = len(scan.frames) - 1 - rng.integers(0, min(12, len(scan.frames)), chest.sum())
        image, labels, inside = sample_slices(scan, slices, rng)
        offsets = _blur(gather(contrast_targets(scan, n, rng), labels))
        # Gas keeps its value whatever organ it lies in.
        image = organ_texture(image + offsets * (image > -250), labels, rng)
        millimetres = scan.frames[slices, 2] / SIZE
        for i in np.flatnonzero(~chest):
            remove_organs(image[i], labels[i], rng)
        for i in np.flatnonzero(chest):
            paint_thorax(image[i], labels[i], float(millimetres[i]), rng)
        image = torch.where(inside, image, torch.full_like(image, AIR))
        labels = torch.where(inside, labels, torch.zeros_like(labels))
        result = scanner(image, rng)
        synthetic = torch.from_numpy(rng.random(n) < 0.35).to(image.device)
        if synthetic.any():
            result[synthetic] = random_contrast(result[synthetic], labels[synthetic], rng)
        return finish(result, rng), labels

    def _mr(self, scan: data.Scan, n: int) -> tuple[Tensor, Tensor]:
        rng = self.rng
        image, labels, inside = sample_slices(scan, self._pick(scan, n), rng)
        labels = torch.where(inside, labels, torch.zeros_like(labels))
        image = image * inside
        true = max(1, round(0.4 * n))
        # The ends of the window wander: how much air a scan holds moves its percentiles.
        low, high = rng.uniform(-0.02, 0.05, true), rng.uniform(0.75, 1.15, true)
        own = (image[:true] - _tensor(low, image.device)) / _tensor(high - low, image.device)
        own = finish(own + 0.02 * torch.randn_like(own), rng, gamma=0.3)
        made = pseudo_ct(image[true:], labels[true:], scan, rng)
        typical = data.Scan(**{**scan.__dict__, "means": _TYPICAL_HU})
        offsets = _blur(gather(contrast_targets(typical, n - true, rng), labels[true:]))
        made = organ_texture(made + offsets * (made > -250), labels[true:], rng)
        for section, classes in zip(made, labels[true:]):
            remove_organs(section, classes, rng)
        result = scanner(made, rng)
        synthetic = torch.from_numpy(rng.random(n - true) < 0.25).to(image.device)
        if synthetic.any():
            result[synthetic] = random_contrast(result[synthetic], labels[true:][synthetic], rng)
        return torch.cat([own, finish(result, rng)]), labels

    def _drawn(self, scan: data.Scan) -> tuple[Tensor, Tensor]:
        """One slice of a drawn patient, as often with random contrasts as in CT."""
        rng = self.rng
        image, labels, inside = sample_slices(scan, rng.integers(0, len(scan.frames), 1), rng)
        offsets = _blur(gather(contrast_targets(scan, 1, rng), labels))
        image = organ_texture(image + offsets * (image > -250), labels, rng)
        remove_organs(image[0], labels[0], rng)
        image = torch.where(inside, image, torch.full_like(image, AIR))
        labels = torch.where(inside, labels, torch.zeros_like(labels))
        result = scanner(image, rng)
        if rng.random() < 0.5:
            result = random_contrast(result, labels, rng)
        return finish(result, rng), labels

    def _nothing(self) -> tuple[Tensor, Tensor]:
        """A picture of nothing, all of it background."""
        picture = torch.from_numpy(picture_of_nothing(self.rng, SIZE))[None]
        return picture, torch.full_like(picture, data.OUTSIDE)

    def __call__(self) -> Batch:
        parts = [(self._ct if scan.modality == "CT" else self._mr)(scan, n) for scan, n in self.plan if n]
        picks = self.rng.integers(0, len(self.generated), self.drawn) if self.drawn else ()
        parts += [self._drawn(self.generated[int(i)]) for i in picks]
        device = parts[0][0].device
        parts += [tuple(t.to(device) for t in self._nothing()) for _ in range(self.nothing)]
        images = torch.cat([p[0] for p in parts])
        labels = torch.cat([p[1] for p in parts])
        return Batch(images[:, None].float(), labels.long())
