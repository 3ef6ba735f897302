"""What both trainings share: command line, batches, learning-rate schedule, averaged weights, progress lines."""

from __future__ import annotations

import argparse
import time
from contextlib import AbstractContextManager
from pathlib import Path

import torch
from torch import Tensor, nn

from XAICLIPLib.training import data
from XAICLIPLib.training.augment import Sampler
from XAICLIPLib.training.generated import generated_scans


def arguments(description: str | None, iterations: int) -> argparse.Namespace:
    """Parse the command line of a training; sets the number of threads and makes the output folder."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of scans, see XAICLIPLib/training/data.py")
    parser.add_argument("--holdout", help="name of a scan to leave out of training")
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--iterations", type=int, default=iterations, help="batches (default %(default)s)")
    parser.add_argument("--batch-size", type=int, default=16, help="images per batch (default %(default)s)")
    parser.add_argument("--patients", type=int, default=40, help="drawn patients beside them (default %(default)s)")
    parser.add_argument("--init", type=Path, help="checkpoint to go on from, at a third of the learning rate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1, help="CPU threads; two jobs of one beat one job of two")
    parser.add_argument("--device", type=torch.device, default=torch.device("cpu"), help="cpu or cuda")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    return options


def sampler_of(options: argparse.Namespace, seed: int) -> Sampler:
    """The batches of a training: of the folder's scans but the one that is left out, and of drawn patients."""
    scans, drawn = data.load_scans(options.data, options.holdout), generated_scans(options.patients)
    on_device = [[scan.to(options.device) for scan in each] for each in (scans, drawn)]
    return Sampler(on_device[0], seed, options.batch_size, on_device[1])


def autocast(device: torch.device) -> AbstractContextManager:
    """bfloat16 autocast where the processor has it: three times faster there, and twice as slow where it has not."""
    fast = device.type != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def one_cycle(optimiser: torch.optim.Optimizer, iterations: int) -> torch.optim.lr_scheduler.OneCycleLR:
    """One-cycle schedule with 10 % warm-up up to the optimiser's own learning rates."""
    rates = [group["lr"] for group in optimiser.param_groups]
    return torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rates, total_steps=iterations, pct_start=0.1, cycle_momentum=False
    )


def resume(network: nn.Module, checkpoint: Path | None, holdout: str | None) -> tuple[float, int]:
    """Load a checkpoint to go on from.

    Returns
    -------
    rate : float
        Factor for the learning rate.
    iterations : int
        Iterations that the checkpoint has seen.

    Raises
    ------
    ValueError
        Where the checkpoint was trained with another scan left out: it has seen what is to be held out; and where it is
        of another network.
    """
    if checkpoint is None:
        return 1.0, 0
    saved = torch.load(checkpoint, weights_only=True, map_location="cpu")
    if saved["holdout"] != holdout:
        raise ValueError(f"{checkpoint} was trained holding out {saved['holdout']!r}, not {holdout!r}")
    missing, unknown = network.load_state_dict(saved["model"], strict=False)
    # Older U-Nets were trained before they had that part; it begins anew.
    if unknown or any(not name.startswith("presence.") for name in missing):
        raise ValueError(f"{checkpoint} is of another network: {[*missing, *unknown][:3]}")
    return 1 / 3, saved["iteration"]


class Average:
    """Exponential moving average of a network's parameters *and* buffers.

    The batch-norm statistics must be averaged along: they belong to the averaged weights, not to the last ones.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay = decay
        self.values = {k: v.detach().clone() for k, v in network.state_dict().items()}
        self.steps = 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Take one step towards the network's present state; faster at first, so that the start is forgotten."""
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 10))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self.values[name].lerp_(value, 1 - decay)
            else:
                self.values[name].copy_(value)

    def state(self) -> dict[str, Tensor]:
        """A copy of the averaged state on the CPU."""
        return {k: v.detach().cpu().clone() for k, v in self.values.items()}


def say(iteration: int, iterations: int, started: float, **figures: float) -> None:
    """Print one line of progress."""
    seconds = time.perf_counter() - started
    numbers = "  ".join(f"{name} {value:.4f}" for name, value in figures.items())
    print(f"{iteration:5d}/{iterations}  {numbers}  {seconds / iteration:.2f} s/it", flush=True)
