"""MR contrasts of label maps, by the signal equations of the usual sequences.

Of a label map and the relaxation times of tissues follows what a spin echo or a spoiled gradient echo would show:
which organ is brighter than which is physics, not chance. T1 and T2 at 1.5 T are rounded from de Bazelaire et al.,
Radiology 2004 (abdomen) and Stanisz et al., Magnetic Resonance in Medicine 2005 (muscle, blood, heart, spine); proton
densities are relative to water's, and everything varies between patients and scanners by far more than the rounding.
"""

from __future__ import annotations

import numpy as np

from XAICLIPLib.training import data

# Class: T1 in ms, T2 in ms, proton density.
TISSUES = {
    data.OUTSIDE: (1000, 50, 0.0),
    data.LIVER: (590, 46, 0.8),
    data.SPLEEN: (1060, 79, 0.85),
    data.KIDNEY_RIGHT: (1150, 86, 0.9),
    data.KIDNEY_LEFT: (1150, 86, 0.9),
    data.STOMACH: (2000, 300, 0.9),
    data.AORTA: (1440, 200, 0.9),
    data.SPINE: (550, 60, 0.6),
    data.LUNG: (1200, 30, 0.1),
    data.HEART: (1030, 45, 0.85),
    data.FAT: (300, 70, 0.9),
    data.MUSCLE: (880, 35, 0.85),
    data.BONE: (600, 30, 0.15),
    data.BOWEL: (1300, 120, 0.85),
    data.VEIN: (1440, 180, 0.9),
    data.OTHER: (900, 60, 0.85),
    data.GAS: (1000, 20, 0.02),
    data.GALLBLADDER: (2500, 400, 1.0),
    data.PANCREAS: (580, 46, 0.85),
}
MOVING = (data.AORTA, data.VEIN, data.HEART)
# How much of a contrast agent, which shortens T1, goes where; relative to the liver.
_TAKEN_UP = {
    data.LIVER: 1.0, data.SPLEEN: 1.3, data.KIDNEY_RIGHT: 2.0, data.KIDNEY_LEFT: 2.0, data.AORTA: 3.0, data.VEIN: 2.5,
    data.HEART: 1.5, data.PANCREAS: 1.3, data.BOWEL: 0.8, data.STOMACH: 0.2, data.MUSCLE: 0.3, data.OTHER: 0.5,
}  # fmt: skip
_ALIKE = ((data.KIDNEY_RIGHT, data.KIDNEY_LEFT), (data.AORTA, data.VEIN))


def tissues() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """T1 in ms, T2 in ms and proton density of every class, each ``(classes,)``."""
    t1, t2, density = np.array([TISSUES[c] for c in range(len(data.FINE))], float).T
    return t1, t2, density


def spin_echo(t1: np.ndarray, t2: np.ndarray, density: np.ndarray, repetition: float, echo: float) -> np.ndarray:
    """The signal of a spin echo; times in ms."""
    return density * (1 - np.exp(-repetition / t1)) * np.exp(-echo / t2)


def gradient_echo(
    t1: np.ndarray, t2: np.ndarray, density: np.ndarray, repetition: float, echo: float, angle: float
) -> np.ndarray:
    """The signal of a spoiled gradient echo; times in ms, the angle in degrees. T2* is taken as half of T2."""
    flip, decay = np.deg2rad(angle), np.exp(-repetition / t1)
    return density * np.sin(flip) * (1 - decay) / (1 - np.cos(flip) * decay) * np.exp(-echo / (0.5 * t2))


def with_agent(t1: np.ndarray, dose: float, rng: np.random.Generator | None = None) -> np.ndarray:
    """T1 after a contrast agent that raises the liver's relaxation rate by `dose` per s; with `rng` each class takes up
    more or less than usual."""
    after = t1.copy()
    for c, share in _TAKEN_UP.items():
        share *= rng.uniform(0.3, 1.3) if rng else 1.0
        after[c] = 1 / (1 / t1[c] + dose * share / 1000)
    return after


def random_signals(n: int, rng: np.random.Generator) -> np.ndarray:
    """The signal of every class in random sequences of random patients.

    Parameters
    ----------
    n : int
    rng : Generator

    Returns
    -------
    ndarray (n, classes)
        Not negative, on an arbitrary scale.
    """
    usual, rows = tissues(), []
    for _ in range(n):
        t1, t2, density = (v * np.exp(rng.normal(0, s, len(v))) for v, s in zip(usual, (0.15, 0.2, 0.08)))
        for one, other in _ALIKE:
            t1[other], t2[other] = t1[one], t2[one]
        if rng.random() < 0.2:  # iron
            t2[[data.LIVER, data.SPLEEN]] *= rng.uniform(0.3, 0.8, 2)
        if rng.random() < 0.6:
            if rng.random() < 0.3:
                repetition, echo = rng.uniform(350, 700), rng.uniform(8, 20)
            else:
                repetition, echo = rng.uniform(1500, 6000), np.exp(rng.uniform(np.log(20), np.log(130)))
            signal = spin_echo(t1, t2, density, repetition, echo)
            signal[list(MOVING)] *= rng.uniform(0.05, 1.0)  # flowing blood leaves the slice before its echo
        else:
            if rng.random() < 0.5:
                t1 = with_agent(t1, rng.uniform(0.3, 3.0), rng)
            repetition = np.exp(rng.uniform(np.log(4), np.log(200)))
            angle = rng.uniform(8, 30) if repetition < 20 else rng.uniform(40, 90)
            signal = gradient_echo(t1, t2, density, repetition, rng.uniform(1.2, 6), angle)
            signal[list(MOVING)] *= rng.uniform(1.0, 2.0)  # fresh spins flow in
        if rng.random() < 0.4:  # fat suppressed, and that of the marrow
            signal[[data.FAT, data.SPINE]] *= [rng.uniform(0.03, 0.4), rng.uniform(0.3, 0.7)]
        rows.append(signal)
    return np.reshape(rows, (n, len(data.FINE)))
