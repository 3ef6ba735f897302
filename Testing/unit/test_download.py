"""Downloads from a real server on this machine: whole, cut, wrong, refused, cancelled, killed."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from XAICLIPLib.errors import Cancelled, ResourceError, WeightsError
from XAICLIPLib.weights.download import SCRATCH, NotThere, downloads_folder, fetch, kept
from XAICLIPLib.weights.hub import Repository

CONTENT = os.urandom(3 * 2**20 + 17)
RIGHT = hashlib.sha256(CONTENT).hexdigest()
GIT = hashlib.sha1(b"blob 6\0words\n").hexdigest()


class Shelf(BaseHTTPRequestHandler):
    """Serves files in good and bad ways, and notes what was asked for."""

    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        way = self.path.strip("/")
        if way == "gone":
            return self.send_error(404)
        if way == "gated":
            return self.send_error(401)
        if way in ("hub", "lying-hub"):  # as a Hugging Face hub: the checksum comes with a redirection to the content
            self.send_response(302)
            self.send_header("Location", "/content")
            self.send_header("X-Linked-ETag", f'"{RIGHT if way == "hub" else "0" * 64}"')
            return self.end_headers()
        content = b"words\n" if way == "small" else CONTENT
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        if way == "small":
            self.send_header("X-Repo-Commit", "1" * 40)
            self.send_header("ETag", f'"{GIT}"')
        self.end_headers()
        if way == "cut":
            self.wfile.write(content[: 2**20])
            return self.connection.shutdown(socket.SHUT_RDWR)
        if way == "slow":
            for start in range(0, len(content), 2**18):
                self.wfile.write(content[start : start + 2**18])
                time.sleep(0.2)
            return None
        return self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def server():
    shelf = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    thread = threading.Thread(target=shelf.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{shelf.server_address[1]}"
    shelf.shutdown()
    shelf.server_close()


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XAICLIP_CACHE", str(tmp_path / "cache"))
    Shelf.asked.clear()


def everything() -> list[str]:
    return sorted(str(path.relative_to(downloads_folder())) for path in downloads_folder().rglob("*"))


@pytest.mark.parametrize("sha256", [RIGHT, RIGHT[:8]], ids=["whole", "prefix"])
def test_a_file_is_fetched_once_and_then_needs_no_network(server, sha256):
    told = []
    file = fetch(f"{server}/good", "a/model.bin", sha256, consent=True, progress=lambda *state: told.append(state))
    assert file == downloads_folder() / "a" / "model.bin" and file.read_bytes() == CONTENT
    done, total, message = told[-1]
    assert done == total == pytest.approx(len(CONTENT) / 1e6) and "model.bin" in message
    assert len(told) > 3 and all(first[0] <= second[0] for first, second in zip(told, told[1:]))
    assert everything() == ["a", "a/model.bin", "a/model.bin.sha256"]  # no scratch, and a note that sha256sum -c reads
    assert fetch("http://127.0.0.1:9/nobody", "a/model.bin", sha256, consent=False) == file
    assert len(Shelf.asked) == 1


def test_without_consent_nothing_is_asked_and_the_message_says_how_to_agree(server):
    with pytest.raises(WeightsError, match=r"a/model.bin is not on this machine.*\(784 MB\).*--download") as caught:
        fetch(f"{server}/good", "a/model.bin", RIGHT, consent=False, megabytes=784)
    assert f"{server}/good" in str(caught.value)
    assert not Shelf.asked and not downloads_folder().exists()


@pytest.mark.parametrize(
    "way, says",
    [
        ("cut", "can't be downloaded"),
        ("wrong", r"its checksum is [0-9a-f]{16}… instead of 0{16}…"),
        ("gone", "does not exist .*404"),
        ("gated", "401.*its owner wants a login"),
        ("lying-hub", "instead of 0{16}…"),
        ("unknown", "no checksum of it is known"),
    ],
)
def test_a_download_that_fails_leaves_nothing(server, way, says):
    expected = {"wrong": "0" * 64, "lying-hub": None, "unknown": None}.get(way, RIGHT)
    with pytest.raises(WeightsError, match=says):
        fetch(f"{server}/{way}", "model.bin", expected, consent=True)
    assert everything() == []


def test_a_file_that_is_not_there_can_be_told_from_a_network_that_is_not(server):
    with pytest.raises(NotThere):
        fetch(f"{server}/gone", "model.bin", RIGHT, consent=True)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(WeightsError, match="connection refused.*check the network") as caught:
        fetch(f"http://127.0.0.1:{port}/model.bin", "model.bin", RIGHT, consent=True)
    assert not isinstance(caught.value, NotThere) and everything() == []


def test_cancelling_in_the_middle(server):
    def stop(done, total, message):
        if done > 1:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        fetch(f"{server}/good", "model.bin", RIGHT, consent=True, progress=stop)
    assert everything() == []


def test_a_hub_announces_its_own_checksums(server):
    large = fetch(f"{server}/hub", "large.bin", consent=True)
    small = fetch(f"{server}/small", "small.txt", consent=True)  # an object id of git, as hubs give for small files
    assert large.read_bytes() == CONTENT and small.read_text() == "words\n"
    # what was announced once is known from then on
    assert kept("large.bin") == large and kept("small.txt") == small
    large.write_bytes(CONTENT[:-1])
    assert kept("large.bin") is None
    with pytest.raises(WeightsError, match="is damaged"):
        fetch(f"{server}/hub", "large.bin", consent=False)
    assert fetch(f"{server}/hub", "large.bin", consent=True).read_bytes() == CONTENT


def test_a_file_that_was_put_there_by_hand_is_trusted_by_its_checksum_only():
    file = downloads_folder() / "model.bin"
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)
    assert kept("model.bin") is None
    assert kept("model.bin", RIGHT) == file


@pytest.mark.slow
def test_killed_in_the_middle(server):
    """A half file never has the file's name, and what is left of it is swept up a day later."""
    program = (
        "from XAICLIPLib.weights.download import fetch\n"
        f"fetch({server + '/slow'!r}, 'model.bin', {RIGHT!r}, consent=True, progress=lambda *s: print(s, flush=True))"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert child.stdout.readline()  # some of it is on disk
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    (scratch,) = downloads_folder().glob(f"{SCRATCH}*")
    assert kept("model.bin", RIGHT) is None and not (downloads_folder() / "model.bin").exists()
    fetch(f"{server}/good", "model.bin", RIGHT, consent=True)
    assert scratch.exists()  # it could be another process's
    for path in (*scratch.iterdir(), scratch):
        os.utime(path, (0, 0))
    fetch(f"{server}/good", "other.bin", RIGHT, consent=True)
    assert not scratch.exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_cant_be_written_to(server, tmp_path):
    (tmp_path / "cache").mkdir(mode=0o500)
    with pytest.raises(ResourceError, match="can't be written to.*XAICLIP_CACHE"):
        fetch(f"{server}/good", "model.bin", RIGHT, consent=True)


def test_a_cache_that_is_a_file(server, tmp_path):
    (tmp_path / "cache").write_text("not a folder")
    with pytest.raises(ResourceError, match="can't be written to.*XAICLIP_CACHE"):
        fetch(f"{server}/good", "model.bin", RIGHT, consent=True)


@pytest.mark.parametrize("name", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_a_user_who_forbids_to_ask_hubs_is_obeyed(server, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    with pytest.raises(WeightsError, match=f"is not on this machine, and {name} forbids to download it"):
        fetch(f"{server}/file.bin", "file.bin", consent=True)
    assert not Shelf.asked


@pytest.mark.parametrize("name", ["../../../../X", "/etc", "a/../b", "a\\b", "a/b/c", "", ".", "a b", "https://x/y", 5])
def test_what_is_no_repository_becomes_no_folder(name):
    with pytest.raises(WeightsError, match="names no repository"):
        Repository(name)
    with pytest.raises(WeightsError, match="names no repository"):
        Repository("owner/name", f"{name}/..")
