"""A Hugging Face hub on this machine: files of repositories, with the headers that the real one announces."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Hub:
    """What is served, and what was asked for.

    Attributes
    ----------
    files : dict
        (repository, revision, path) to a file on disk.
    lies : set of str
        Paths whose announced checksum is wrong.
    asked : list of str
    before : callable
        Called with the path before it is answered.
    url : str
    """

    def __init__(self) -> None:
        self.files: dict[tuple[str, str, str], Path] = {}
        self.lies: set[str] = set()
        self.asked: list[str] = []
        self.before: Callable[[str], None] = lambda path: None
        self.url = ""

    def serve(self, repository: str, revision: str, *files: Path) -> None:
        """Add files to a repository under their own names."""
        self.files |= {(repository, revision, file.name): file for file in files}


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub that listens on a free port until the end of the block."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            hub.asked.append(self.path)
            hub.before(self.path)
            found = re.fullmatch(r"/(.+)/resolve/([^/]+)/(.+)", self.path)
            file = hub.files.get(found.groups()) if found else None
            if file is None:
                return self.send_error(404)
            content = file.read_bytes()
            large = file.suffix in (".bin", ".safetensors")  # in Git's large-file storage, checked by SHA-256
            checksum = hashlib.sha256(content) if large else hashlib.sha1(b"blob %d\0" % len(content) + content)
            announced = "0" * len(checksum.hexdigest()) if file.name in hub.lies else checksum.hexdigest()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("X-Repo-Commit", "1" * 40)
            self.send_header("X-Linked-ETag" if large else "ETag", f'"{announced}"')
            self.end_headers()
            return self.wfile.write(content)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
