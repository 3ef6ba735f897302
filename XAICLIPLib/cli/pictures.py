"""Pictures, which come last: where they can't be drawn the numbers stay, and it is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from XAICLIPLib.cli.options import BAD_INPUT, STOPPED
from XAICLIPLib.cli.output import Output
from XAICLIPLib.errors import Cancelled, InputError, ResourceError

KEPT = "the volumes, metrics.csv and report.json are in {out}, the pictures are missing"


def draw_last(draw: Callable[[], None], out: Path, output: Output) -> int:
    """Draw, and say where it was stopped or failed.

    Parameters
    ----------
    draw : callable
        Draws everything, without an argument.
    out : Path
        The folder that holds the numbers already.
    output : Output
        Where it is said.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.
    """
    try:
        draw()
    except (Cancelled, KeyboardInterrupt):
        output.note(f"stopped while drawing: {KEPT.format(out=out)}")
        return STOPPED
    except (InputError, ResourceError) as error:
        output.fault(f"{KEPT.format(out=out)} ({error})")
        return BAD_INPUT
    return 0
