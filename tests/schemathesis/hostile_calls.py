"""Starts the real binary with the demo company and lets Schemathesis call everything that it documents.

Agents' calls and visitors' calls go in lanes that run side by side, each signed in on its own, because
an agent's and a visitor's credentials are different things and because one browser may only ask so often.
Every answer must be documented: its status, its type, its form; and none may be a 5xx. At the end every
lane must still be signed in, or its later cases would have proved nothing.
"""

import argparse
import base64
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / ".test" / "schemathesis"

CASES_MIN = 5_000
SAMPLE_CASES_MIN = 500
EXAMPLES_PER_OPERATION = 80
SAMPLE_EXAMPLES_PER_OPERATION = 6
# Schemathesis goes on until its time is spent.
LANE_S = 270
LAST_LANE_S = 50
SAMPLE_LANE_S = 75
SAMPLE_LAST_LANE_S = 15
START_S_MAX = 60
STOP_S_MAX = 10
REQUEST_S_MAX = 15
# A little less than a signed-in browser may ask in a minute, 1,200.
CALLS_PER_MINUTE = 1_150
SEED = 20_261_122

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "allow_header_conformance",
]
VISITOR = "^/api/v1/visitor/"
CONVERSATIONS = "^/api/v1/(conversations|contacts|search|ratings|attachments|events)"
# Calls that can end sessions, their own and those of others.
PEOPLE = "^/api/v1/(agents|auth)"
# What would sign its own lane out.
NEVER = "^/api/v1/(visitor|auth)/logout$"
PASSWORD = "correct horse battery staple 9"


class Failed(Exception):
    """Something that makes the run void; the message says what."""


@dataclass
class Lane:
    """Calls that one credential makes."""

    name: str
    headers: dict[str, str]
    paths: list[str]
    # A call that succeeds for as long as the lane is signed in.
    probe: str
    # Runs when the others are done: it may deactivate agents, itself among them.
    last: bool = False


class Server:
    """The binary, with the demo company in a folder that is thrown away."""

    def __init__(self, binary: Path):
        self.folder = Path(tempfile.mkdtemp(prefix="attune-schemathesis-"))
        self.lines: list[str] = []
        self.origin = ""
        self.login_token = ""
        self.process = subprocess.Popen(
            [binary, "demo", "--data", self.folder / "data", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )
        self.ready = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        if not self.ready.wait(START_S_MAX) or self.process.poll() is not None:
            self.stop()
            raise Failed("the server did not start:\n" + "".join(self.lines[-20:]))

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)
            del self.lines[:-500]
            if found := re.match(r"listening on (http://\S+)", line):
                self.origin = found[1].rstrip("/")
            if found := re.search(r"/console/\S*#token=(\S+)", line):
                self.login_token = found[1]
                self.ready.set()
        self.ready.set()

    def memory_mib(self) -> int:
        """What it holds in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) // 1024

    def stop(self) -> None:
        """Ends it politely, and says if it had to be killed."""
        try:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
                self.process.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            print(f"the server did not stop within {STOP_S_MAX} s", file=sys.stderr)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def main() -> int:
    """Runs every lane and judges the run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", action="store_true", help="a few hundred cases instead of thousands")
    sample = parser.parse_args().sample
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    began, memory = time.monotonic(), 0
    server = Server(binary())
    try:
        lanes = sign_in_all(server)
        failures, cases = run_all(server, lanes, sample)
        if server.process.poll() is not None:
            failures.append("the server has ended:\n" + "".join(server.lines[-20:]))
        else:
            memory = server.memory_mib()
    except Failed as failed:
        failures, cases = [str(failed)], 0
    finally:
        server.stop()

    least = SAMPLE_CASES_MIN if sample else CASES_MIN
    if cases < least:
        failures.append(f"{cases} cases are fewer than the {least} that were asked for")
    for failure in failures:
        print(f"\n{failure}", file=sys.stderr)
    figures = {
        "name": "hostile_calls",
        "cases": cases,
        "failures": len(failures),
        "seconds": round(time.monotonic() - began),
        "server_memory_mib": memory,
    }
    print(json.dumps(figures))
    return 1 if failures else 0


def binary() -> Path:
    """The program under test."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    path = (ROOT / os.environ.get("ATTUNE", target / "debug" / "attune")).resolve()
    if not path.exists():
        sys.exit(f"{path} is missing; build it: cargo build -p attune")
    return path


def sign_in_all(server: Server) -> list[Lane]:
    """Gives each lane a credential of its own."""
    api = f"{server.origin}/api/v1"
    own_page = {"X-Attune": "1"}
    owner = requests.Session()
    owner.headers.update(own_page)
    expect(owner.post(f"{api}/auth/login-link", json={"token": server.login_token}), 200)
    inbox = expect(owner.get(f"{api}/inboxes"), 200).json()["items"][0]["key"]

    def agent(name: str, *paths: str, last: bool = False) -> Lane:
        email = f"{name}@example.com"
        new = {"name": name, "email": email, "role": "owner", "password": PASSWORD}
        expect(owner.post(f"{api}/agents", json=new), 201)
        login = expect(requests.post(f"{api}/auth/login", json={"email": email, "password": PASSWORD}), 200)
        headers = {"Cookie": f"attune_session={login.cookies['attune_session']}", **own_page}
        return Lane(name, headers, list(paths), "/auth/me", last)

    visitor = visitor_token(server.origin, inbox)
    return [
        agent("conversations", CONVERSATIONS),
        agent("settings", f"^(?!{VISITOR[1:]}|{CONVERSATIONS[1:]}|{PEOPLE[1:]}).*"),
        Lane("visitor", {"Authorization": f"Bearer {visitor}"}, [VISITOR], "/visitor/messages?after=0"),
        agent("people", PEOPLE, last=True),
    ]


def visitor_token(origin: str, inbox: str) -> str:
    """Says hello as a widget does, and returns the token of the welcome."""
    where = urlsplit(origin)
    with socket.create_connection((where.hostname, where.port), REQUEST_S_MAX) as wire:
        key = base64.b64encode(os.urandom(16)).decode()
        wire.sendall(
            f"GET /api/v1/visitor/live HTTP/1.1\r\nHost: {where.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        stream = wire.makefile("rb")
        if b" 101 " not in stream.readline():
            raise Failed("the visitors' WebSocket does not open")
        while stream.readline().strip():
            pass
        wire.sendall(masked(json.dumps({"type": "hello", "inbox": inbox, "after": 0, "locale": "zh"}).encode()))
        length = stream.read(2)[1]
        if length == 126:
            length = int.from_bytes(stream.read(2), "big")
        welcome = json.loads(stream.read(length))
    return welcome["token"]


def masked(text: bytes) -> bytes:
    """One WebSocket text frame, as a client must send it."""
    mask = os.urandom(4)
    body = bytes(byte ^ mask[index % 4] for index, byte in enumerate(text))
    length = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0x80 | 126]) + len(text).to_bytes(2, "big")
    return b"\x81" + length + mask + body


def run_all(server: Server, lanes: list[Lane], sample: bool) -> tuple[list[str], int]:
    """Runs the lanes side by side, then the last; returns what failed and how many cases there were."""
    failures: list[str] = []
    cases = 0
    for last in (False, True):
        running = [(lane, start(server, lane, sample)) for lane in lanes if lane.last == last]
        for lane, process in running:
            output, _ = process.communicate()
            (OUT / f"{lane.name}.txt").write_text(output)
            if process.returncode != 0:
                failures.append(f"Schemathesis found faults in the lane {lane.name}:\n{output[-12_000:]}")
            count = count_cases(output)
            print(f"{lane.name}: {count} cases", flush=True)
            cases += count
        if not last:
            admit_strangers(server, next(lane for lane, _ in running if lane.name == "settings"))
        failures += [
            f"{lane.name} was signed out: {lane.probe}"
            for lane, _ in running
            if not last and not probe(server, lane)
        ]
    return failures, cases


def start(server: Server, lane: Lane, sample: bool) -> subprocess.Popen:
    """Starts Schemathesis for a lane."""
    if lane.last:
        seconds = SAMPLE_LAST_LANE_S if sample else LAST_LANE_S
    else:
        seconds = SAMPLE_LANE_S if sample else LANE_S
    examples = SAMPLE_EXAMPLES_PER_OPERATION if sample else EXAMPLES_PER_OPERATION
    command = [Path(sys.executable).with_name("schemathesis"), "run", f"{server.origin}/openapi.json"]
    command += ["--checks", ",".join(CHECKS), "--max-examples", str(examples), "--max-time", str(seconds)]
    command += ["--seed", str(SEED), "--rate-limit", f"{CALLS_PER_MINUTE}/m", "--generation-database", "none"]
    command += ["--continue-on-failure", "--request-timeout", str(REQUEST_S_MAX), "--no-color", "--warnings", "off"]
    command += ["--exclude-path-regex", NEVER, "--suppress-health-check", "all"]
    for path in lane.paths:
        command += ["--include-path-regex", path]
    for name, value in lane.headers.items():
        command += ["--header", f"{name}:{value}"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=OUT)


def count_cases(output: str) -> int:
    """How many calls were made and judged, as Schemathesis says in its summary."""
    found = re.search(r"^\s*(\d+) generated", output, re.MULTILINE)
    return int(found[1]) if found else 0


def admit_strangers(server: Server, lane: Lane) -> None:
    """Lets visitors in whom no company vouches for: a call may have asked an inbox not to."""
    url = f"{server.origin}/api/v1/inboxes"
    for inbox in expect(requests.get(url, headers=lane.headers, timeout=REQUEST_S_MAX), 200).json()["items"]:
        change = {"enforce_identity": False}
        changed = requests.patch(f"{url}/{inbox['id']}", json=change, headers=lane.headers, timeout=REQUEST_S_MAX)
        expect(changed, 200)


def probe(server: Server, lane: Lane) -> bool:
    """Whether a lane is still signed in."""
    try:
        answer = requests.get(f"{server.origin}/api/v1{lane.probe}", headers=lane.headers, timeout=REQUEST_S_MAX)
    except requests.RequestException:
        return False
    return answer.status_code == 200


def expect(answer: requests.Response, status: int) -> requests.Response:
    """The answer, if it has the status."""
    if answer.status_code != status:
        raise Failed(f"{answer.request.method} {answer.url} answered {answer.status_code}: {answer.text[:500]}")
    return answer


if __name__ == "__main__":
    sys.exit(main())
