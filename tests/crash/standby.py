"""A streaming replica of an embedded server, on the settings that everybody gets."""

import fcntl
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

from infrastructure.postgres import cluster, postmaster
from infrastructure.postgres.account import Account, account
from infrastructure.postgres.embedded import Server
from infrastructure.postgres.sockets import PORT
from tests.crash.machine import children


@dataclass(frozen=True)
class Standby:
    """The replica, in a folder of its own."""

    server: Server
    """Its primary."""
    folder: Path
    programs: Path
    account: Account

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    def at(self, url: str) -> str:
        """The same database and role, here."""
        before, _, _ = url.partition("?")
        return f"{before}?{urlencode({'host': self.folder, 'port': PORT}, quote_via=quote)}"

    def copy(self) -> None:
        """Take the base from which it follows."""
        self.folder.mkdir(mode=0o700)
        self.account.own(self.folder)
        primary = self.server.database("postgres").superuser_url
        self._run("pg_basebackup", "--dbname", primary, "--checkpoint=fast", "--write-recovery-conf", "--no-sync")

    def start(self) -> None:
        options = {"unix_socket_directories": str(self.folder), "listen_addresses": "", "port": str(PORT)}
        given = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in options.items())
        self._run("pg_ctl", "--wait", "--log", str(self.folder / "log"), "--options", given, "start")

    def promote(self) -> None:
        self._run("pg_ctl", "--wait", "promote")

    def stop(self) -> None:
        """As a crash does it."""
        self._run("pg_ctl", "--wait", "--mode=immediate", "stop")

    @contextmanager
    def held(self) -> Generator[None]:
        """All its processes stand still, and connections to it stay open."""
        running = postmaster.running(self.cluster)
        assert running is not None
        found = [running.pid, *children(running.pid)]
        for pid in found:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in found:
                os.kill(pid, signal.SIGCONT)

    def _run(self, program: str, *words: str) -> None:
        done = cluster.run([self.programs / program, "--pgdata", self.cluster, *words], self.account)
        assert done.returncode == 0, done.stdout


@contextmanager
def standby(server: Server, folder: Path) -> Generator[Standby]:
    """A replica that follows, until this ends or its process does."""
    (program, *_) = shlex.split((server.cluster / "postmaster.opts").read_text())
    replica = Standby(server, folder / "standby", Path(program).parent, account(server.cluster))
    replica.copy()
    with (folder / "lease").open("wb") as lease:
        fcntl.flock(lease, fcntl.LOCK_SH)
        words = (lease.name, replica.cluster, str(replica.account.uid), str(replica.account.gid))
        with subprocess.Popen([sys.executable, "-I", "-S", postmaster.__file__, *words], start_new_session=True):
            try:
                replica.start()
                yield replica
            finally:
                fcntl.flock(lease, fcntl.LOCK_UN)  # at which the replica is stopped


def one(session: psycopg.Connection[tuple[object, ...]], query: bytes, *parameters: object) -> object:
    """The only value of the only row."""
    ((value,),) = session.execute(query, parameters).fetchall()
    return value
