"""The server of the worker's protocol: every request is answered once, and a client that is gone ends it."""

import json
import subprocess
import sys
from collections import Counter

import pytest

# a server whose jobs say on stderr that they ran
PROGRAM = """
import sys, time
from XAICLIPLib.worker.jsonrpc import Server, private_pipes

def slow(job):
    print("ran", job.id, file=sys.stderr, flush=True)
    job.progress(0, 1, "begun")
    while not job.cancelled:
        time.sleep(0.01)
    job.check()

def quick(job):
    print("ran", job.id, file=sys.stderr, flush=True)
    return {"text": "x" * 1000}

Server({"slow": slow, "quick": quick}, *private_pipes()).serve()
"""


@pytest.fixture
def server():
    started = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    yield started
    started.kill()
    started.wait()


def send(server, number, method, **params):
    line = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    server.stdin.write(json.dumps(line).encode() + b"\n")
    server.stdin.flush()


def test_every_request_is_answered_once_whether_it_ran_waited_or_was_cancelled(server):
    send(server, 1, "slow")
    assert json.loads(server.stdout.readline())["method"] == "progress"  # it runs, and the others wait
    for id in (2, 3, 4):
        send(server, id, "quick")
    for id, wanted in ((5, 3), (6, 3), (7, 1), (8, 99)):
        send(server, id, "cancel", id=wanted)
    answers = [json.loads(server.stdout.readline()) for _ in range(8)]
    send(server, 9, "shutdown")
    rest, log = server.communicate(timeout=20)
    answers += [json.loads(line) for line in rest.splitlines()]
    assert Counter(answer["id"] for answer in answers) == Counter(range(1, 10))
    outcome = {a["id"]: a["error"]["code"] if "error" in a else a["result"].get("cancelled") for a in answers}
    assert outcome == {1: -32800, 2: None, 3: -32800, 4: None, 5: True, 6: True, 7: True, 8: False, 9: None}
    assert sorted(log.split()[1::2]) == [b"1", b"2", b"4"]


def test_a_client_that_stops_reading_and_closes_its_pipe_ends_the_server(server):
    for number in range(900):  # 60 kB of requests that its reader refuses in 180 kB; a pipe holds 64 kB
        send(server, number, "x")
    server.stdin.close()
    assert server.wait(timeout=15) == 0
