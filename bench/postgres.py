"""A database of the PostgreSQL server that TEST_POSTGRES_URL names, and what that server costs."""

import os
import pathlib
import subprocess

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Postgres:
    """A database of its own, which is removed at the end."""

    def __init__(self, name):
        server = os.environ.get("TEST_POSTGRES_URL")
        if not server:
            raise SystemExit("TEST_POSTGRES_URL is not set; call scripts/with-postgres bench/run")
        self.name, self.url, self.admin = name, f"{server}/{name}", f"{server}/postgres"

    def __enter__(self):
        self.ask(f"CREATE DATABASE {self.name}", self.admin)
        folder = pathlib.Path(self.ask("SHOW data_directory"))
        self.postmaster = (folder / "postmaster.pid").read_text().split()[0]
        return self

    def __exit__(self, *_):
        self.ask(f"DROP DATABASE {self.name} WITH (FORCE)", self.admin)

    def ask(self, query, url=None):
        command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--command", query]
        return subprocess.run([*command, url or self.url], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    def size(self):
        """Bytes that the database holds, without what `VACUUM FULL` gives back."""
        self.ask("VACUUM FULL")
        return int(self.ask("SELECT pg_database_size(current_database())"))

    def cpu_seconds(self):
        """Processor time that the server has taken: its own, that of ended backends and that of living ones."""
        own = _times(self.postmaster)
        living = pathlib.Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text().split()
        return (sum(own) + sum(sum(_times(pid)[:2]) for pid in living)) / TICKS_PER_SECOND


def _times(pid):
    """utime, stime, cutime and cstime of a process; of one that has just ended, nothing."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return [0, 0, 0, 0]
    return [int(field) for field in stat.rsplit(")", 1)[1].split()[11:15]]
