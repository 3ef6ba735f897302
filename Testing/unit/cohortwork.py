"""What workers of the engine do in its tests: they sleep, die, and keep count of what they did in files."""

import os
import signal
import time
from pathlib import Path


class Work:
    """A task is (name, what it does): "die" kills its process the first times, "always" each time."""

    def __init__(self, folder: str, seconds: float = 0.0, refusal: str = "") -> None:
        self._folder, self._seconds, self._refusal = Path(folder), seconds, refusal

    def ready(self) -> str:
        (self._folder / f"worker-{os.getpid()}").touch()
        return self._refusal

    def __call__(self, task: tuple[str, str]) -> str:
        name, what = task
        tries = self._folder / f"tries-{name}"
        count = len(tries.read_text()) if tries.exists() else 0
        tries.write_text("x" * (count + 1))
        if what == "always" or (what == "die" and count < 2):
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "fault":
            raise RuntimeError("not expected")
        time.sleep(self._seconds)
        return name
