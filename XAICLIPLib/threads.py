"""How the threads of a process of ours wait for each other."""

from __future__ import annotations

import os


def wait_asleep() -> None:
    """Let threads that wait for each other sleep instead of spin; to be called before PyTorch is imported.

    OpenMP reads this once, when it is loaded. Spinning is as fast on an idle machine, but where other programs want
    the processor too, as Slicer's window does, threads spin while those they wait for are not running: a run took
    up to eight times as long.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
