"""The programs that the benchmarks drive: Attune with its demo company, and the floor."""

import functools
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.request
from http.client import HTTPConnection, RemoteDisconnected
from urllib.parse import urlsplit

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
MIB = 1024 * 1024


@functools.cache
def binary(name):
    """The release build of a program: what its variable names, or what cargo builds."""
    if given := os.environ.get(name.upper()):
        return given
    build = ["cargo", "build", "--release", "--locked", "--quiet", "--package", name]
    subprocess.run(build, cwd=ROOT, check=True)
    return str(TARGET / "release" / name)


class Server:
    """The demo company on a folder of its own; killed at the end."""

    def __init__(self, data, database=None):
        self.data = pathlib.Path(data)
        self.database = database
        command = [binary("attune"), "demo", "--data", str(data), "--listen", "127.0.0.1:0"]
        began = time.monotonic()
        self.process = subprocess.Popen(
            command + (["--database", database.url] if database else []),
            stdout=subprocess.PIPE, text=True, env={**os.environ, "ATTUNE__LOG__LEVEL": "warn"},
        )
        self.url = self.process.stdout.readline().strip().removeprefix("listening on ")
        with urllib.request.urlopen(f"{self.url}/readyz") as answer:
            assert answer.status == 200
        self.ready_ms = round((time.monotonic() - began) * 1000)
        self.login = self._said("#token=")
        self.inbox = self._said("--inbox ")

    def _said(self, before):
        """The word after `before` in what it prints, whichever comes first."""
        return next(line.split(before)[1].split()[0] for line in self.process.stdout if before in line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end(signal.SIGKILL)

    def end(self, how):
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait()

    def simulate(self, *arguments):
        """Plays visitors and returns the report, whether or not it was clean."""
        command = [binary("attune"), "simulate", "--url", self.url, "--inbox", self.inbox,
                   "--server-pid", str(self.process.pid), *map(str, arguments)]
        before, began = self.database_cpu(), time.monotonic()
        report = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout)
        if self.database and "foreign_cores" in report:
            # To `simulate`, the database is somebody else.
            spent, seconds = self.database_cpu() - before, time.monotonic() - began
            report["database_cpu_seconds"] = round(spent, 2)
            report["foreign_cores"] = round(max(0, report["foreign_cores"] - spent / seconds), 3)
        return report

    def database_cpu(self):
        return self.database.cpu_seconds() if self.database else 0.0

    def resident(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1024


class Client:
    """One connection to the interface, as an agent or a visitor."""

    def __init__(self, server):
        self.wire = HTTPConnection(urlsplit(server.url).netloc, timeout=60)
        self.headers = {"Content-Type": "application/json", "X-Attune": "1"}

    @classmethod
    def owner(cls, server):
        client = cls(server)
        client.call("POST", "/auth/login-link", {"token": server.login})
        return client

    @classmethod
    def visitor(cls, server):
        client = cls(server)
        welcome = client.call("POST", "/visitor/welcome", {"inbox": server.inbox, "locale": "en"})
        client.headers["Authorization"] = f"Bearer {welcome['token']}"
        return client

    def call(self, method, path, body=None):
        """What the interface answers; anything but success ends the run."""
        try:
            answer, text = self.exchange(method, path, body)
        except RemoteDisconnected:
            # A connection that was idle for long is closed; the next request opens another.
            self.wire.close()
            answer, text = self.exchange(method, path, body)
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {text[:300]}")
        if cookie := answer.getheader("Set-Cookie"):
            self.headers["Cookie"] = cookie.split(";")[0]
        return json.loads(text) if text else None

    def exchange(self, method, path, body):
        self.wire.request(method, f"/api/v1{path}", body and json.dumps(body), self.headers)
        answer = self.wire.getresponse()
        return answer, answer.read()
