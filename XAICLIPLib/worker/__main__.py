"""``python -m XAICLIPLib.worker``: the process."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys

from XAICLIPLib.threads import wait_asleep
from XAICLIPLib.worker.jsonrpc import Server, private_pipes
from XAICLIPLib.worker.loaded import logger
from XAICLIPLib.worker.methods import Worker


def main() -> None:
    """Serve until stdin closes, the parent dies, or `shutdown`."""
    wait_asleep()
    source, sink = private_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in Slicer's terminal is Slicer's
    if hasattr(os, "nice"):
        os.nice(5)  # the window that waits for the result goes first where both want the processor
    faulthandler.enable()
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logger.setLevel(logging.INFO)
    worker = Worker()
    Server(worker.methods(), source, sink).serve()
    worker.close()
    sys.stderr.flush()
    os._exit(0)  # not through the interpreter's end, where threads of libraries may wait for each other


if __name__ == "__main__":
    main()
