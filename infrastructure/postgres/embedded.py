"""A PostgreSQL of our own, for whoever names none: started with the first who needs it, stopped with the last.

    <data>/postgres/cluster/      the data; belongs to the user that the server runs as
                    socket/       its only address. Nothing listens on a network
                    secrets/      a password for each role, each in a file of its own
                    programs/     a copy of the programs, where that user cannot reach the originals
                    server.log    what the server says
                    lock          held by who starts or stops using the server: one at a time
                    lease         held, shared, by each process that uses the server; alone, by who stops it

The kernel drops both locks with the process that holds them, so nothing here depends on an orderly end. All files are the
caller's, but for the cluster, the socket and the log.
"""

import fcntl
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self
from urllib.parse import quote, urlencode

import psycopg
from msgspec import Struct

from infrastructure.postgres import binaries, cluster, passwords, postmaster, roles, sockets
from infrastructure.postgres.account import account
from infrastructure.postgres.binaries import Binaries, Candidates
from infrastructure.postgres.errors import EmbeddedPostgresError
from infrastructure.postgres.progress import PATIENCE, Progress, Say

DATABASE: Final = "accord"
TICK: Final = 0.05
"""Seconds between two looks at a server that starts."""
LARGEST_LOG: Final = 16 << 20
"""Bytes above which a start puts the log of earlier runs aside, in place of the one put aside before."""
SETTINGS: Final = {
    "cluster_name": "accord",
    "listen_addresses": "",
    "log_startup_progress_interval": "1s",
    "log_timezone": "UTC",
    "max_wal_size": "1GB",
    "port": str(sockets.PORT),
    "timezone": "UTC",
    "unix_socket_permissions": "0700",
}
"""For the rest PostgreSQL's defaults hold: fsync, synchronous_commit and full_page_writes are on."""
UNSAFE: Final = re.compile(r"""["'$`\\\n]""")
"""pg_ctl puts the path between double quotes in a line for the shell, and escapes nothing."""
STILL_ENDING: Final = "pre-existing shared memory block"
"""What a start says while processes of a killed server still have the data open."""


class Database(Struct, frozen=True):
    """A database, and its address for each role."""

    name: str
    superuser_url: str
    owner_url: str
    app_url: str
    projector_url: str


def data_folder(given: Path | None = None) -> Path:
    """Where Accord keeps its data: the folder given, else ACCORD_DATA, else the user's own data folder.

    As root a folder of the system's: the server runs as another user, who cannot reach root's home.
    """
    if named := given or _named("ACCORD_DATA"):
        return named
    if os.geteuid() == 0:
        return Path("/var/lib/accord")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "accord"
    return (_named("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "accord"


def _named(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None


def _silent(_: str) -> None:
    """Nobody listens."""


class Server:
    """The embedded server of a data folder, as one of the processes that use it."""

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        *,
        say: Say = _silent,
        candidates: Candidates = binaries.candidates,
    ) -> None:
        self.folder = folder.resolve() / "postgres"
        self.cluster = self.folder / "cluster"
        self.log = self.folder / "server.log"
        self._settings = SETTINGS | dict(settings or {})
        self._say = say
        self._candidates = candidates
        self._account = account(self.cluster)
        self._lease: BinaryIO | None = None
        self._reaper: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> Self:
        """Start the server, or join those who use it already. When this returns, the roles and the database are there.

        Raises EmbeddedPostgresError.
        """
        assert self._lease is None, "a server is started once"
        self._lay_out()
        with self._alone():
            try:
                self._lease = self._hold()
                self._reaper = self._watch()
                if not self._joined():
                    self._launch()
                    self._furnish()
            except BaseException:
                self._release()
                raise
        return self

    def stop(self) -> None:
        """Give the server up. Where nobody else uses it, it is down when this returns."""
        if self._lease:
            with self._alone():
                self._release()

    def _release(self) -> None:
        """One at a time: of two that asked at once, each would find the other and leave the server to it."""
        lease, self._lease = self._lease, None
        if lease is None:
            return
        with lease:
            if _taken(lease, fcntl.LOCK_EX):
                postmaster.stop(self.cluster)
            else:
                # Another user has it: then this is had at once. Or a reaper at work: then once the server is down.
                fcntl.flock(lease, fcntl.LOCK_SH)
            self._dismiss()

    def database(self, name: str = DATABASE) -> Database:
        """The addresses of a database."""
        return Database(
            name=name,
            superuser_url=self._url(cluster.SUPERUSER, name),
            owner_url=self._url(roles.OWNER, name),
            app_url=self._url(roles.APP, name),
            projector_url=self._url(roles.PROJECTOR, name),
        )

    def _url(self, role: str, database: str) -> str:
        assert self._sockets, "it was started"
        where = urlencode({"host": self._sockets, "port": sockets.PORT}, quote_via=quote)
        return f"postgresql://{role}:{quote(self._password(role))}@/{quote(database)}?{where}"

    def _password(self, role: str) -> str:
        return passwords.read(self.folder / "secrets", role)

    # Before anything starts

    def _lay_out(self) -> None:
        if UNSAFE.search(str(self.folder)):
            raise EmbeddedPostgresError(f"{self.folder}: a path with quotes, $ or \\ cannot be handed to PostgreSQL.")
        mode = 0o700 if self._account.uid == os.geteuid() else 0o711  # the server's user goes through, and sees nothing
        try:
            for folder in (self.folder.parent, self.folder):
                if not folder.exists():
                    folder.mkdir(parents=True, exist_ok=True)
                    folder.chmod(mode)
        except PermissionError as error:
            raise EmbeddedPostgresError(
                f"{error.filename} cannot be made or read: name another folder, or run as its owner."
            ) from None
        self._check_reach()

    def _check_reach(self) -> None:
        name = self._account.name
        if not self._account.may("-x", self.folder):
            raise EmbeddedPostgresError(
                f"The user {name}, as whom PostgreSQL runs, cannot reach {self.folder}: name a folder outside a private home "
                "(--data or ACCORD_DATA)."
            )
        if self.cluster.exists() and self.cluster.stat().st_uid != self._account.uid:
            raise EmbeddedPostgresError(f"{self.cluster} does not belong to {name}, as whom PostgreSQL would run.")

    @contextmanager
    def _alone(self) -> Generator[None]:
        """One start or stop at a time: whoever comes second finds a server to join, or none."""
        with self._opened("lock") as lock:
            if not _taken(lock, fcntl.LOCK_EX):
                self._say("Waiting for another process that starts or stops PostgreSQL.")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _hold(self) -> BinaryIO:
        lease = self._opened("lease")
        try:
            if not _taken(lease, fcntl.LOCK_SH):
                self._say("Waiting for PostgreSQL to end after its last use.")
                fcntl.flock(lease, fcntl.LOCK_SH)
        except BaseException:
            lease.close()
            raise
        return lease

    def _opened(self, name: str) -> BinaryIO:
        try:
            return open(self.folder / name, "ab", opener=passwords.private)
        except PermissionError as error:
            raise EmbeddedPostgresError(
                f"{error.filename} belongs to another user: run as it, or name another folder."
            ) from None

    def _watch(self) -> "subprocess.Popen[bytes]":
        """Each user of the server has a reaper of its own, so that the end of one leaves no server without."""
        program = [sys.executable, "-I", "-S", postmaster.__file__]
        return subprocess.Popen(
            [*program, self.folder / "lease", self.cluster, str(self._account.uid), str(self._account.gid)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in a terminal is for us, not for it
        )

    def _dismiss(self) -> None:
        if self._reaper:
            self._reaper.terminate()
            self._reaper.wait()
            self._reaper = None

    # The start itself

    def _joined(self) -> bool:
        """Wait for a server that runs already; False where there is none, or it was about to end."""
        progress = Progress(self.log, self._say)
        while server := postmaster.running(self.cluster):
            if server.socket and sockets.accepts(server.socket.parent):
                self._sockets = server.socket.parent
                return True
            progress.look()
            time.sleep(TICK)
        return False

    def _launch(self) -> None:
        fresh = cluster.major(self.cluster) is None
        programs = self._programs()
        passwords.make(self.folder / "secrets", (*roles.ALL, cluster.SUPERUSER) if fresh else roles.ALL)
        if fresh:
            self._say("Making the database.")
            sync = self._settings.get("fsync") != "off"
            cluster.create(self.cluster, programs, self._account, self._password(cluster.SUPERUSER), sync=sync)
        postmaster.disown(self.cluster)
        self._turn_log()
        self._sockets = sockets.folder(self.folder, self._account)
        sockets.clear(self._sockets)
        self._run(programs)

    def _programs(self) -> Binaries:
        found = binaries.find(self._candidates, major=cluster.major(self.cluster))
        if self._account.may("-x", found.folder / "postgres"):
            return found
        if not found.bundled:
            raise EmbeddedPostgresError(f"The user {self._account.name}, as whom PostgreSQL runs, cannot reach {found}.")
        return binaries.within(found, self.folder / "programs")

    def _turn_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.before"))
        self.log.touch(mode=0o600)
        self._account.own(self.log)

    def _run(self, programs: Binaries) -> None:
        """Start it; again, while processes of a killed server are still ending."""
        deadline = time.monotonic() + PATIENCE
        while failure := self._failure(programs):
            if STILL_ENDING not in failure or time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"PostgreSQL did not start: {failure}")
            time.sleep(TICK)

    def _failure(self, programs: Binaries) -> str | None:
        """Start it and wait until it is ready, as long as it gets on; None, or what the log says of the failure."""
        command: list[str | Path] = [programs.folder / "pg_ctl", "-D", self.cluster, "-l", self.log, "-o", self._options()]
        progress = Progress(self.log, self._say)
        with subprocess.Popen(
            [*command, "-w", "-t", "1000000", "start"],
            cwd="/",
            env=cluster.environment(),
            umask=0o077,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **self._account.credentials,
        ) as start:
            try:
                while start.poll() is None:
                    progress.look()
                    time.sleep(TICK)
            except BaseException:
                start.send_signal(signal.SIGINT)  # at which pg_ctl ends the server, too
                raise
        return progress.said() if start.returncode else None

    def _options(self) -> str:
        settings = self._settings | {"unix_socket_directories": f'"{self._sockets}"'}  # a list, so each is quoted
        return " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())

    def _furnish(self) -> None:
        words = {role: self._password(role) for role in roles.ALL}
        with psycopg.connect(self.database("postgres").superuser_url, autocommit=True) as session:
            roles.install(session, words)
            roles.create_database(session, DATABASE)


def _taken(file: BinaryIO, lock: int) -> bool:
    """Whether the lock could be had at once. Where it could not, a lock that was held on the file is lost."""
    try:
        fcntl.flock(file, lock | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
