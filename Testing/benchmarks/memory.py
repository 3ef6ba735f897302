"""Peak memory of whole commands on a large CT: 300 slices of 512 x 512, 157 MB of int16.

Each command is a process of its own, and its peak is what the operating system saw. What Python, PyTorch and the
bundled models need by themselves is the first row: the command that lists the models, and a run on one slice of 64 x
64.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.volume import Volume, write_volume

THREE = ("--structure", "liver", "--structure", "spleen", "--structure", "right kidney")
COMMANDS = {
    "explain, one structure, 10 slices": ("explain", "--structure", "liver", "--slices", "150:160"),
    "explain, one structure, 120 slices": ("explain", "--structure", "liver", "--slices", "90:210"),
    "explain, three structures, 120 slices": ("explain", *THREE, "--slices", "90:210"),
    "locate, 300 slices": ("locate", "--structure", "liver"),
}


def large_ct() -> Volume:
    """The phantom, every voxel 10 x 2 x 2 times."""
    ct, _ = make_phantom(0, shape=(30, 256, 256), spacing=(1.5, 1.5, 7.5))
    voxels = ct.voxels.repeat(10, 0).repeat(2, 1).repeat(2, 2)
    return Volume(voxels.astype(np.int16), (0.75, 0.75, 0.75), name="large")


def peak_mb(arguments: list[str], folder: Path) -> float:
    """Run a command; the most memory that it held at once, MB."""
    program = (
        "import resource, sys\n"
        "from XAICLIPLib.cli import main\n"
        "status = main(sys.argv[1:])\n"
        "peak = next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(status, peak)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )
    status, peak = done.stdout.splitlines()[-1].split()
    if status != "0":
        raise SystemExit(f"{' '.join(arguments)} failed: {done.stderr}")
    return int(peak) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a part of the name of the commands to run")
    chosen = parser.parse_args().only
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_volume(large_ct(), folder / "large.nrrd")
        small = Volume(np.random.default_rng(0).integers(-1000, 500, (1, 64, 64)).astype(np.int16))
        write_volume(small, folder / "small.nrrd")
        bare = ("locate", "small.nrrd", "--structure", "liver", "--out", "bare", "--no-pictures")
        print(f"{peak_mb(list(bare), folder):6.0f} MB  the program and its models, on a slice of 64 x 64", flush=True)
        for number, (title, (command, *options)) in enumerate(COMMANDS.items()):
            if chosen in title:
                run = [command, "large.nrrd", *options, "--out", f"out{number}", "--patch", "128"]
                run = run[:-2] if command == "locate" else run
                print(f"{peak_mb(run, folder):6.0f} MB  {title}", flush=True)


if __name__ == "__main__":
    main()
